/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/film-strip.h"

#include <glib/gi18n.h>
#include <math.h>

#include "axis/axis-geometry.h"
#include "axis/thumbnail.h"

/* Frames are made by one continuous job, one after the other: the sinogram that it has filtered for the first serves
 * all. The frame in the middle follows every change of the document at once, the others a moment after the last one. */

#define N_FRAMES     9
#define FRAME_PIXELS 128
#define DELAY_MS     150

/* Whole slices are reduced as long as this many pixels are left. */
#define LEAST_WIDTH 192

/* Of the middle that is shown in detail. */
#define DETAIL_LEAST 128
#define DETAIL_MOST  384

#define STEP_LEAST 0.05
#define STEP_MOST  64.0

typedef struct
{
  GtkWidget  *button;
  GtkPicture *picture;
  GtkLabel   *label;
  GtkWidget  *star;  /* of the best */
  GtkLabel   *score_label;
  double      axis;
} Frame;

struct _ReconFilmStrip
{
  GtkWidget          parent_instance;

  GtkScrolledWindow *scroller;
  GtkBox            *box;
  GtkWidget         *bar;
  GtkLabel          *step_label;
  Frame              frames[N_FRAMES];

  ReconDocument     *document;
  ReconClient       *client;
  ReconAxisQuery    *search;
  GVariant          *resolved;
  double             step;
  gboolean           detail;
  guint              slice;
  ReconClientJob    *job;
  guint              next; /* of the order, the one that is being made */
  float              low, high; /* levels of all frames, chosen for the middle one */
  guint              delay_source;
};

G_DEFINE_FINAL_TYPE (ReconFilmStrip, recon_film_strip, GTK_TYPE_WIDGET)

enum
{
  PROP_STEP = 1,
  PROP_DETAIL,
  PROP_SLICE,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* From the middle outwards: 4, 3, 5, 2, 6, … */
static guint
get_frame (guint turn)
{
  guint distance = (turn + 1) / 2;

  return turn % 2 == 1 ? N_FRAMES / 2 - distance : N_FRAMES / 2 + distance;
}

static double
get_axis (ReconFilmStrip *self)
{
  return recon_axis_geometry_get_axis (recon_document_get_config (self->document), self->resolved);
}

/* The configuration of one frame. */
static ReconConfig *
make_config (ReconFilmStrip *self,
             double          axis)
{
  ReconConfig *config = recon_config_copy (recon_document_get_config (self->document));
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  guint width = 0;

  g_ascii_formatd (text, sizeof text, "%.3f", axis);
  recon_config_parse (config, RECON_PARAM_AXIS, text, NULL);

  g_variant_lookup (self->resolved, "width", "u", &width);
  if (self->detail && width > DETAIL_LEAST)
    {
      guint side = CLAMP (width / 4, DETAIL_LEAST, DETAIL_MOST);
      g_autofree char *box = NULL;

      side = MIN (side, width);
      box = g_strdup_printf ("%u,%u,%u,%u", (width - side) / 2, (width - side) / 2, side, side);
      recon_config_parse (config, recon_parameter ("reconstruction.roi"), box, NULL);
    }

  return config;
}

static guint
choose_reduction (ReconFilmStrip *self)
{
  guint width = 0;

  g_variant_lookup (self->resolved, "width", "u", &width);
  if (self->detail || width < 2 * LEAST_WIDTH)
    return 1;

  return width < 4 * LEAST_WIDTH ? 2 : 4;
}

/* The accessible name says all that is seen of a frame. */
static void
describe_frame (Frame      *frame,
                const char *score,
                gboolean    is_best)
{
  g_autofree char *name = NULL;

  if (score == NULL)
    name = g_strdup_printf (_ ("Slice with the axis at %.2f"), frame->axis);
  else
    name = g_strdup_printf (is_best ? _ ("Slice with the axis at %.2f, score %s, best of these") :
                                      _ ("Slice with the axis at %.2f, score %s"), frame->axis, score);
  gtk_accessible_update_property (GTK_ACCESSIBLE (frame->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* One of the curve's scores is the best, but only where there are lower ones on either side is it the best that these
 * axes can show. */
static guint
find_best (const double *scores)
{
  guint best = 0;

  for (guint i = 0; i < N_FRAMES; i++)
    if (isfinite (scores[i]) && (!isfinite (scores[best]) || scores[i] > scores[best]))
      best = i;
  if (best == 0 || best == N_FRAMES - 1 || !isfinite (scores[best - 1]) || !isfinite (scores[best + 1]))
    return N_FRAMES;

  return best;
}

/* What the search for the axis says of the slices, as in the curve; noise and doubled edges would make the small
 * pictures of wrong ones look sharp. */
static void
show_scores (ReconFilmStrip *self)
{
  double scores[N_FRAMES];
  guint best;

  if (self->resolved == NULL)
    return;

  for (guint i = 0; i < N_FRAMES; i++)
    scores[i] = recon_axis_query_get_score (self->search, self->frames[i].axis);
  best = find_best (scores);

  for (guint i = 0; i < N_FRAMES; i++)
    {
      Frame *frame = &self->frames[i];
      g_autofree char *text = isfinite (scores[i]) ? g_strdup_printf (_ ("%.0f %%"), 100 * scores[i]) : NULL;

      gtk_label_set_label (frame->score_label, text != NULL ? text : "");
      gtk_widget_set_visible (frame->star, i == best);
      describe_frame (frame, text, i == best);
    }
}

static void image_cb (ReconFilmStrip *self, ReconWorkerImage *image);

static void
ask (ReconFilmStrip *self)
{
  const Frame *frame = &self->frames[get_frame (self->next)];
  g_autoptr (ReconConfig) config = make_config (self, frame->axis);
  const ReconPreviewRequest request = {
    .view = RECON_VIEW_SLICE,
    .index = self->slice,
    .reduction = choose_reduction (self),
  };

  if (self->job != NULL && !recon_client_job_has_ended (self->job))
    {
      recon_client_job_update (self->job, config, &request);
      return;
    }

  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
  self->job = recon_client_preview (self->client, config, &request);
  g_signal_connect_object (self->job, "image", G_CALLBACK (image_cb), self, G_CONNECT_SWAPPED);
}

static void
image_cb (ReconFilmStrip   *self,
          ReconWorkerImage *image)
{
  Frame *frame;
  g_autoptr (GdkTexture) texture = NULL;

  if (self->next >= N_FRAMES || (self->next > 0 && self->delay_source != 0))
    return;
  /* Of a large slice a rougher image may come first. */
  if (image->reduction > choose_reduction (self))
    return;

  frame = &self->frames[get_frame (self->next)];
  if (self->next == 0)
    recon_thumbnail_choose_levels (image->image, &self->low, &self->high);
  texture = recon_thumbnail_new (image->image, self->low, self->high);
  gtk_picture_set_paintable (frame->picture, GDK_PAINTABLE (texture));

  self->next++;
  if (self->next < N_FRAMES && self->delay_source == 0)
    ask (self);
}

static void
label_frames (ReconFilmStrip *self)
{
  double axis = get_axis (self);
  g_autofree char *text = g_strdup_printf (_ ("Slice %u, axes %.4g px apart"), self->slice, self->step);

  for (guint i = 0; i < N_FRAMES; i++)
    {
      Frame *frame = &self->frames[i];
      g_autofree char *label = NULL;

      frame->axis = axis + ((double) i - N_FRAMES / 2) * self->step;
      label = g_strdup_printf ("%.2f", frame->axis);
      gtk_label_set_label (frame->label, label);
    }
  show_scores (self);
  gtk_label_set_label (self->step_label, text);
}

static gboolean
go_on_cb (gpointer user_data)
{
  ReconFilmStrip *self = user_data;

  self->delay_source = 0;
  if (self->next > 0 && self->next < N_FRAMES)
    ask (self);

  return G_SOURCE_REMOVE;
}

static void
restart (ReconFilmStrip *self)
{
  g_clear_handle_id (&self->delay_source, g_source_remove);
  if (self->resolved == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      recon_client_get_state (self->client) != RECON_CLIENT_READY)
    return;

  self->next = 0;
  label_frames (self);
  ask (self);
  self->delay_source = g_timeout_add (DELAY_MS, go_on_cb, self);
}

static void
frame_clicked_cb (ReconFilmStrip *self,
                  GtkWidget      *button)
{
  for (guint i = 0; i < N_FRAMES; i++)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];

      if (self->frames[i].button != button)
        continue;

      g_ascii_formatd (text, sizeof text, "%.3f", self->frames[i].axis);
      recon_document_end_visit (self->document);
      recon_document_set (self->document, RECON_PARAM_AXIS, text, NULL);
      recon_document_end_visit (self->document);
    }
}

static void
set_step (ReconFilmStrip *self,
          double          step)
{
  step = CLAMP (step, STEP_LEAST, STEP_MOST);
  if (step == self->step)
    return;

  self->step = step;
  restart (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
}

static void
change_step_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  ReconFilmStrip *self = RECON_FILM_STRIP (widget);

  set_step (self, g_str_equal (action_name, "strip.finer") ? self->step / 2 : self->step * 2);
}

static void
set_detail (ReconFilmStrip *self,
            gboolean        detail)
{
  if (detail == self->detail)
    return;

  self->detail = detail;
  restart (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
}

static void
set_slice (ReconFilmStrip *self,
           guint           slice)
{
  if (slice == self->slice)
    return;

  self->slice = slice;
  restart (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SLICE]);
}

static void
add_frame (ReconFilmStrip *self,
           guint           i)
{
  Frame *frame = &self->frames[i];
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *score = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);

  frame->button = gtk_button_new ();
  frame->picture = GTK_PICTURE (gtk_picture_new ());
  frame->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_size_request (GTK_WIDGET (frame->picture), FRAME_PIXELS, FRAME_PIXELS);
  gtk_widget_add_css_class (GTK_WIDGET (frame->label), "numeric");
  gtk_widget_add_css_class (frame->button, "flat");
  if (i == N_FRAMES / 2)
    gtk_widget_add_css_class (frame->button, "current");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (frame->picture));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (frame->label));
  frame->star = gtk_image_new_from_icon_name ("starred-symbolic");
  frame->score_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_visible (frame->star, FALSE);
  gtk_widget_set_halign (score, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (frame->score_label), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (frame->score_label), "caption");
  gtk_box_append (GTK_BOX (score), frame->star);
  gtk_box_append (GTK_BOX (score), GTK_WIDGET (frame->score_label));
  gtk_widget_set_tooltip_text (score, _ ("Score of the Slice, as in the Curve Below"));
  gtk_box_append (GTK_BOX (box), score);
  gtk_button_set_child (GTK_BUTTON (frame->button), box);
  g_signal_connect_object (frame->button, "clicked", G_CALLBACK (frame_clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->box, frame->button);
}

/* Where not all frames fit, those around the axis are seen first. */
static void
centre_cb (GtkAdjustment *adjustment)
{
  double hidden = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  gtk_adjustment_set_value (adjustment, hidden / 2);
}

static void
recon_film_strip_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (recon_film_strip_parent_class)->map (widget);

  restart (RECON_FILM_STRIP (widget));
}

static void
recon_film_strip_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  ReconFilmStrip *self = RECON_FILM_STRIP (object);

  switch (id)
    {
    case PROP_STEP:
      g_value_set_double (value, self->step);
      break;
    case PROP_DETAIL:
      g_value_set_boolean (value, self->detail);
      break;
    case PROP_SLICE:
      g_value_set_uint (value, self->slice);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_film_strip_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  ReconFilmStrip *self = RECON_FILM_STRIP (object);

  switch (id)
    {
    case PROP_STEP:
      set_step (self, g_value_get_double (value));
      break;
    case PROP_DETAIL:
      set_detail (self, g_value_get_boolean (value));
      break;
    case PROP_SLICE:
      set_slice (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_film_strip_dispose (GObject *object)
{
  ReconFilmStrip *self = RECON_FILM_STRIP (object);
  GtkWidget *child;

  g_clear_handle_id (&self->delay_source, g_source_remove);
  if (self->job != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->job, self);
      recon_client_job_cancel (self->job);
    }
  g_clear_object (&self->job);
  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_FILM_STRIP);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->resolved, g_variant_unref);
  g_clear_object (&self->document);
  g_clear_object (&self->client);
  g_clear_object (&self->search);

  G_OBJECT_CLASS (recon_film_strip_parent_class)->dispose (object);
}

/* Those of the picture: plus looks closer. */
static void
add_keys (GtkWidgetClass *widget_class)
{
  static const guint finer[] = { GDK_KEY_plus, GDK_KEY_equal, GDK_KEY_KP_Add, GDK_KEY_Up };
  static const guint coarser[] = { GDK_KEY_minus, GDK_KEY_KP_Subtract, GDK_KEY_Down };

  for (gsize i = 0; i < G_N_ELEMENTS (finer); i++)
    gtk_widget_class_add_binding_action (widget_class, finer[i], 0, "strip.finer", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_plus, GDK_SHIFT_MASK, "strip.finer", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (coarser); i++)
    gtk_widget_class_add_binding_action (widget_class, coarser[i], 0, "strip.coarser", NULL);
}

static void
recon_film_strip_class_init (ReconFilmStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = recon_film_strip_get_property;
  object_class->set_property = recon_film_strip_set_property;
  object_class->dispose = recon_film_strip_dispose;
  widget_class->map = recon_film_strip_map;

  properties[PROP_STEP] = g_param_spec_double ("step", NULL, NULL, STEP_LEAST, STEP_MOST, 1, flags);
  properties[PROP_DETAIL] = g_param_spec_boolean ("detail", NULL, NULL, FALSE, flags);
  properties[PROP_SLICE] = g_param_spec_uint ("slice", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/film-strip.ui");
  gtk_widget_class_set_css_name (widget_class, "filmstrip");
  gtk_widget_class_bind_template_child (widget_class, ReconFilmStrip, scroller);
  gtk_widget_class_bind_template_child (widget_class, ReconFilmStrip, box);
  gtk_widget_class_bind_template_child (widget_class, ReconFilmStrip, bar);
  gtk_widget_class_bind_template_child (widget_class, ReconFilmStrip, step_label);

  gtk_widget_class_install_property_action (widget_class, "strip.detail", "detail");
  gtk_widget_class_install_action (widget_class, "strip.finer", NULL, change_step_cb);
  gtk_widget_class_install_action (widget_class, "strip.coarser", NULL, change_step_cb);
  add_keys (widget_class);
}

static void
recon_film_strip_init (ReconFilmStrip *self)
{
  self->step = 1;
  self->next = N_FRAMES;
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Columns of an image grow to the right in every language, as in the curve below. */
  gtk_widget_set_direction (GTK_WIDGET (self->scroller), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (GTK_WIDGET (self->box), GTK_TEXT_DIR_LTR);
  g_signal_connect (gtk_scrolled_window_get_hadjustment (self->scroller), "changed", G_CALLBACK (centre_cb), NULL);
  for (guint i = 0; i < N_FRAMES; i++)
    add_frame (self, i);
}

/**
 * recon_film_strip_connect:
 * @self: a new strip
 * @document: whose axis is chosen
 * @client: the worker that makes slices
 * @search: whose scores are shown
 *
 * To be called once.
 */
void
recon_film_strip_connect (ReconFilmStrip *self,
                          ReconDocument  *document,
                          ReconClient    *client,
                          ReconAxisQuery *search)
{
  g_return_if_fail (RECON_IS_FILM_STRIP (self));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  self->client = g_object_ref (client);
  self->search = g_object_ref (search);
  g_signal_connect_object (document, "changed", G_CALLBACK (restart), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (restart), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (search, "changed", G_CALLBACK (show_scores), self, G_CONNECT_SWAPPED);
}

/**
 * recon_film_strip_set_resolved:
 * @self: a strip
 * @resolved: (nullable): what the worker says of the configuration
 */
void
recon_film_strip_set_resolved (ReconFilmStrip *self,
                               GVariant       *resolved)
{
  guint n_slices = 0, width = 0, old_n_slices = 0, old_width = 0;

  g_return_if_fail (RECON_IS_FILM_STRIP (self));

  if (resolved == NULL)
    return;

  if (self->resolved != NULL)
    {
      g_variant_lookup (self->resolved, "n-slices", "u", &old_n_slices);
      g_variant_lookup (self->resolved, "width", "u", &old_width);
    }
  g_variant_lookup (resolved, "n-slices", "u", &n_slices);
  g_variant_lookup (resolved, "width", "u", &width);
  g_variant_ref (resolved);
  g_clear_pointer (&self->resolved, g_variant_unref);
  self->resolved = resolved;

  /* Other changes were heard of from the document. */
  if (n_slices == old_n_slices && width == old_width)
    return;

  /* The middle of the scan, until somebody chooses. */
  set_slice (self, n_slices / 2);
  restart (self);
}

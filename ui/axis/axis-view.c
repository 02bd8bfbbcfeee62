/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "axis/axis-geometry.h"
#include "axis/film-strip.h"
#include "axis/score-curve.h"
#include "axis/thumbnail.h"
#include "form/message-words.h"

/* The two projections come one after the other from one continuous job. */
#define N_PROJECTIONS 2

/* What is moved without a longer pause is one step to undo. */
#define PAUSE_MS 1000

struct _ReconAxisView
{
  GtkWidget         parent_instance;

  GtkStack         *stack;
  AdwStatusPage    *message_page;
  ReconImageView   *view;
  ReconFilmStrip   *strip;
  ReconScoreCurve  *curve;

  ReconDocument    *document;
  ReconClient      *client;
  ReconAxisQuery   *search;
  GVariant         *resolved;
  ReconOverlay      overlay;
  ReconClientJob   *job;
  guint             numbers[N_PROJECTIONS]; /* of the projections */
  ReconImage       *images[N_PROJECTIONS];  /* those that have come */
  gboolean          stale; /* the images are not those of the configuration */
  char             *description; /* (nullable): of what the images were made from */
  guint             pause;
};

G_DEFINE_FINAL_TYPE (ReconAxisView, recon_axis_view, GTK_TYPE_WIDGET)

enum
{
  PROP_OVERLAY = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static const char *const overlay_words[] = { "none", "difference", "sum", "blink" };

static double
get_axis (ReconAxisView *self)
{
  return recon_axis_geometry_get_axis (recon_document_get_config (self->document), self->resolved);
}

static void
show_overlay (ReconAxisView *self)
{
  ReconAxisGeometry geometry;

  if (self->images[0] == NULL || self->images[1] == NULL || self->resolved == NULL)
    return;

  recon_axis_geometry_init (&geometry, recon_document_get_config (self->document),
                            recon_image_get_width (self->images[0]));
  recon_image_view_set_overlay (self->view, self->images[1], self->overlay,
                                recon_axis_geometry_to_shift (&geometry, get_axis (self)));
}

/* They stay while the image is moved: what matches fades. */
static void
choose_levels (ReconAxisView *self)
{
  float low, high;
  double least, most;

  if (self->images[0] == NULL)
    return;

  recon_thumbnail_choose_levels (self->images[0], &low, &high);
  least = (double) low;
  most = (double) high;
  if (self->overlay == RECON_OVERLAY_DIFFERENCE)
    {
      most = (most - least) / 4;
      least = -most;
    }
  else if (self->overlay == RECON_OVERLAY_SUM)
    {
      least *= 2;
      most *= 2;
    }
  g_object_set (self->view, "lock-levels", TRUE, "low", least, "high", most, NULL);
}

static void
show_message (ReconAxisView *self,
              const char    *title,
              const char    *text)
{
  g_autofree char *words = recon_message_words_reword (text);
  g_autofree char *markup = g_markup_escape_text (words, -1);

  adw_status_page_set_title (self->message_page, title);
  adw_status_page_set_description (self->message_page, markup);
  gtk_stack_set_visible_child_name (self->stack, "message");
}

static void
request (ReconAxisView *self,
         guint          which)
{
  ReconConfig *config = recon_document_get_config (self->document);
  const ReconPreviewRequest wanted = {
    .view = RECON_VIEW_CORRECTED,
    .index = self->numbers[which],
    .reduction = 1,
  };

  recon_client_job_update (self->job, config, &wanted);
}

static void
image_cb (ReconAxisView    *self,
          ReconWorkerImage *image)
{
  guint which = self->images[0] == NULL ? 0 : 1;

  if (image->index != self->numbers[which] || self->images[which] != NULL)
    return;

  self->images[which] = recon_image_ref (image->image);
  if (which == 0)
    {
      request (self, 1);
      return;
    }

  g_object_set (self->view, "description", _ ("Overlay of two projections half a turn apart"), NULL);
  choose_levels (self);
  recon_image_view_set_image (self->view, self->images[0], image->full_width, image->full_height);
  show_overlay (self);
  gtk_stack_set_visible_child_name (self->stack, "image");
}

static void
job_state_cb (ReconAxisView *self)
{
  const char *message = recon_client_job_get_message (self->job);

  if (message != NULL && *message != '\0' && !g_str_equal (recon_client_job_get_state (self->job), "running"))
    show_message (self, _ ("The Projections Cannot Be Shown"), message);
}

/* Asks for the images, if somebody looks. */
static void
load (ReconAxisView *self)
{
  ReconConfig *config;

  if (!self->stale || self->resolved == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      recon_client_get_state (self->client) != RECON_CLIENT_READY)
    return;

  self->stale = FALSE;
  g_clear_pointer (&self->images[0], recon_image_unref);
  g_clear_pointer (&self->images[1], recon_image_unref);

  config = recon_document_get_config (self->document);
  if (*recon_config_get_text (config, RECON_PARAM_PROJECTIONS) == '\0')
    {
      show_message (self, _ ("Sinograms Have No Projections"),
                    _ ("The overlay needs whole projections. Choose the axis by looking at the slice preview."));
      return;
    }
  if (!g_variant_lookup (self->resolved, "opposite", "(uu)", &self->numbers[0], &self->numbers[1]))
    {
      show_message (self, _ ("No Projections Half a Turn Apart"),
                    _ ("No two projections of this scan are within 5° of half a turn apart. Choose the axis by looking "
                       "at the slice preview."));
      return;
    }

  if (self->job == NULL || recon_client_job_has_ended (self->job))
    {
      const ReconPreviewRequest wanted = { .view = RECON_VIEW_CORRECTED, .index = self->numbers[0], .reduction = 1 };

      if (self->job != NULL)
        g_signal_handlers_disconnect_by_data (self->job, self);
      g_clear_object (&self->job);
      self->job = recon_client_preview (self->client, config, &wanted);
      g_signal_connect_object (self->job, "image", G_CALLBACK (image_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->job, "notify::message", G_CALLBACK (job_state_cb), self, G_CONNECT_SWAPPED);
    }
  else
    request (self, 0);
}

static void
show_mark (ReconAxisView *self)
{
  if (self->resolved != NULL)
    recon_score_curve_set_mark (self->curve, get_axis (self));
}

static void
config_changed_cb (ReconAxisView *self)
{
  show_overlay (self);
  show_mark (self);
}

static void
search_changed_cb (ReconAxisView *self)
{
  const ReconAxisResult *result = recon_axis_query_get_result (self->search);
  gboolean has_scores = result != NULL && result->n_candidates >= 2;

  gtk_widget_set_visible (GTK_WIDGET (self->curve), has_scores);
  if (!has_scores)
    return;

  recon_score_curve_set_scores (self->curve, result->candidates, result->scores, result->n_candidates);
  recon_score_curve_set_estimate (self->curve, result->axis, result->uncertainty);
  if (recon_axis_query_is_outdated (self->search) ||
      recon_axis_query_get_state (self->search) == RECON_AXIS_QUERY_UNDER_WAY)
    gtk_widget_add_css_class (GTK_WIDGET (self->curve), "outdated");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->curve), "outdated");
}

static void
client_state_cb (ReconAxisView *self)
{
  self->stale = TRUE;
  load (self);
}

static gboolean
pause_cb (gpointer user_data)
{
  ReconAxisView *self = user_data;

  self->pause = 0;
  recon_document_end_visit (self->document);

  return G_SOURCE_REMOVE;
}

static void
set_axis (ReconAxisView *self,
          double         axis)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.3f", axis);
  if (self->pause == 0)
    recon_document_end_visit (self->document);
  g_clear_handle_id (&self->pause, g_source_remove);
  self->pause = g_timeout_add (PAUSE_MS, pause_cb, self);
  recon_document_set (self->document, RECON_PARAM_AXIS, text, NULL);
}

static void
mark_moved_cb (ReconAxisView *self,
               double         axis)
{
  set_axis (self, axis);
}

static void
overlay_moved_cb (ReconAxisView *self,
                  double         shift)
{
  ReconAxisGeometry geometry;

  if (self->images[0] == NULL)
    return;

  recon_axis_geometry_init (&geometry, recon_document_get_config (self->document),
                            recon_image_get_width (self->images[0]));
  set_axis (self, recon_axis_geometry_from_shift (&geometry, shift));
}

static void
set_overlay (ReconAxisView *self,
             const char    *word)
{
  for (guint i = RECON_OVERLAY_DIFFERENCE; i < G_N_ELEMENTS (overlay_words); i++)
    {
      if (g_strcmp0 (word, overlay_words[i]) != 0 || self->overlay == (ReconOverlay) i)
        continue;

      self->overlay = i;
      choose_levels (self);
      show_overlay (self);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OVERLAY]);
      return;
    }
}

static void
recon_axis_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (recon_axis_view_parent_class)->map (widget);

  load (RECON_AXIS_VIEW (widget));
}

static void
recon_axis_view_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ReconAxisView *self = RECON_AXIS_VIEW (object);

  switch (id)
    {
    case PROP_OVERLAY:
      g_value_set_static_string (value, overlay_words[self->overlay]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_axis_view_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_OVERLAY:
      set_overlay (RECON_AXIS_VIEW (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_axis_view_dispose (GObject *object)
{
  ReconAxisView *self = RECON_AXIS_VIEW (object);
  GtkWidget *child;

  g_clear_handle_id (&self->pause, g_source_remove);
  if (self->job != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->job, self);
      recon_client_job_cancel (self->job);
    }
  g_clear_object (&self->job);
  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_AXIS_VIEW);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->images[0], recon_image_unref);
  g_clear_pointer (&self->images[1], recon_image_unref);
  g_clear_pointer (&self->resolved, g_variant_unref);
  g_clear_pointer (&self->description, g_free);
  g_clear_object (&self->document);
  g_clear_object (&self->client);
  g_clear_object (&self->search);

  G_OBJECT_CLASS (recon_axis_view_parent_class)->dispose (object);
}

static void
recon_axis_view_class_init (ReconAxisViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = recon_axis_view_get_property;
  object_class->set_property = recon_axis_view_set_property;
  object_class->dispose = recon_axis_view_dispose;
  widget_class->map = recon_axis_view_map;

  properties[PROP_OVERLAY] = g_param_spec_string ("overlay", NULL, NULL, "difference",
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (RECON_TYPE_IMAGE_VIEW);
  g_type_ensure (RECON_TYPE_FILM_STRIP);
  g_type_ensure (RECON_TYPE_SCORE_CURVE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/axis-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconAxisView, stack);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisView, message_page);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisView, view);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisView, strip);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisView, curve);
  gtk_widget_class_bind_template_callback (widget_class, overlay_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, mark_moved_cb);
}

static void
recon_axis_view_init (ReconAxisView *self)
{
  self->overlay = RECON_OVERLAY_DIFFERENCE;
  self->stale = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->view, "overlay-moved", G_CALLBACK (overlay_moved_cb), self, G_CONNECT_SWAPPED);
}

/**
 * recon_axis_view_connect:
 * @self: a new view
 * @document: whose axis is moved
 * @client: the worker that reads projections
 * @search: whose scores are shown
 *
 * To be called once.
 */
void
recon_axis_view_connect (ReconAxisView  *self,
                         ReconDocument  *document,
                         ReconClient    *client,
                         ReconAxisQuery *search)
{
  g_return_if_fail (RECON_IS_AXIS_VIEW (self));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  self->client = g_object_ref (client);
  self->search = g_object_ref (search);
  recon_film_strip_connect (self->strip, document, client, search);
  g_signal_connect_object (document, "changed", G_CALLBACK (config_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (client_state_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (search, "changed", G_CALLBACK (search_changed_cb), self, G_CONNECT_SWAPPED);
  search_changed_cb (self);
}

/**
 * recon_axis_view_set_resolved:
 * @self: a view
 * @resolved: (nullable): what the worker says of the configuration
 *
 * Tells which projections lie half a turn apart.
 */
void
recon_axis_view_set_resolved (ReconAxisView *self,
                              GVariant      *resolved)
{
  g_autofree char *description = NULL;
  double pixel_size = 0;

  g_return_if_fail (RECON_IS_AXIS_VIEW (self));

  recon_film_strip_set_resolved (self->strip, resolved);
  if (resolved == NULL)
    return;

  g_variant_lookup (resolved, "pixel-size", "d", &pixel_size);
  g_object_set (self->view, "pixel-size", pixel_size, NULL);

  description = recon_axis_describe_input (recon_document_get_config (self->document));
  if (g_strcmp0 (description, self->description) != 0)
    {
      self->stale = TRUE;
      g_free (self->description);
      self->description = g_steal_pointer (&description);
    }
  g_variant_ref (resolved);
  g_clear_pointer (&self->resolved, g_variant_unref);
  self->resolved = resolved;
  show_overlay (self);
  show_mark (self);
  load (self);
}

/**
 * recon_axis_view_show_row:
 * @self: a view
 * @row: of the detector, counted from 0
 *
 * Test slices are made from this row, or from the nearest one that is used.
 */
void
recon_axis_view_show_row (ReconAxisView *self,
                          double         row)
{
  ReconConfig *config;
  guint n_slices = 0;

  g_return_if_fail (RECON_IS_AXIS_VIEW (self));

  if (self->resolved == NULL || !g_variant_lookup (self->resolved, "n-slices", "u", &n_slices))
    return;

  config = recon_document_get_config (self->document);
  g_object_set (self->strip, "slice", recon_axis_geometry_row_to_slice (config, row, n_slices), NULL);
}

ReconImageView *
recon_axis_view_get_view (ReconAxisView *self)
{
  g_return_val_if_fail (RECON_IS_AXIS_VIEW (self), NULL);

  return self->view;
}

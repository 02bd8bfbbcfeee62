/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/viewer-pane.h"

#include <glib/gi18n.h>

#include "config/choices.h"
#include "window/image-bar.h"
#include "window/image-choice.h"
#include "window/image-loader.h"
#include "window/image-stage.h"
#include "window/run-bar.h"

struct _ReconViewerPane
{
  GtkWidget         parent_instance;

  ReconRunBar      *run_bar;
  ReconImageStage  *stage;
  ReconImageBar    *image_bar;

  ReconDocument    *document;
  ReconClient      *client;
  ReconImageLoader *loader;
  ReconClientJob   *run; /* (nullable): whose slices are the result */
  ReconImageChoice  choice;
  gboolean          live;
  gboolean          stale; /* the document has changed while nobody could look */
  gboolean          shows_result; /* of a run that has ended, wherever that lies */
  gboolean          lost;   /* the last run has ended with the worker */
  gboolean          awaits; /* the next worker has not said yet what that has left */
  gboolean          follow; /* the newest finished slice is shown while a run goes on */
  char             *scan;    /* (nullable): the paths of what is looked at */
  char             *trouble; /* (nullable): why a raw projection is asked for, or shown, instead */
  gboolean          shows_raw;
  gboolean          told; /* what is wrong with the configuration is said elsewhere */
};

G_DEFINE_FINAL_TYPE (ReconViewerPane, recon_viewer_pane, GTK_TYPE_WIDGET)

enum
{
  PROP_LIVE = 1,
  PROP_SOURCE,
  PROP_INDEX,
  PROP_BUSY,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static gboolean
has_input (ReconViewerPane *self)
{
  ReconConfig *config;

  if (self->document == NULL)
    return FALSE;

  config = recon_document_get_config (self->document);

  return *recon_config_get_text (config, RECON_PARAM_PROJECTIONS) != '\0' ||
         *recon_config_get_text (config, RECON_PARAM_SINOGRAMS) != '\0';
}

/* What lengths and values of the image mean. */
static void
update_scale (ReconViewerPane *self)
{
  ReconImageSource source = self->choice.source;
  gboolean of_slice = (source == RECON_SOURCE_SLICE || source == RECON_SOURCE_RESULT) && !self->shows_raw;
  const char *unit = NULL;
  double size = 0;

  if (self->choice.resolved != NULL)
    g_variant_lookup (self->choice.resolved, "pixel-size", "d", &size);

  /* Whole numbers of a result have a scale of their own. */
  if (of_slice && self->document != NULL &&
      (source == RECON_SOURCE_SLICE || recon_config_get_choice (recon_document_get_config (self->document),
                                                                RECON_PARAM_OUTPUT_TYPE) == RECON_OUTPUT_TYPE_FLOAT32))
    unit = size > 0 ? _ ("1/mm") : _ ("1/px");

  /* One of the directions of a sinogram is an angle. */
  g_object_set (recon_image_stage_get_view (self->stage), "value-unit", unit, "pixel-size",
                source == RECON_SOURCE_SINOGRAM ? 0.0 : size, NULL);
}

/* Nothing is guessed in silence, the axis neither. */
static void
update_offer (ReconViewerPane *self)
{
  g_autofree char *text = NULL;
  double axis;

  if (self->document == NULL || self->choice.source != RECON_SOURCE_SLICE || self->shows_raw ||
      !recon_config_has_word (recon_document_get_config (self->document), RECON_PARAM_AXIS, "middle"))
    {
      recon_image_stage_set_offer (self->stage, NULL);
      return;
    }

  if (self->choice.resolved != NULL && g_variant_lookup (self->choice.resolved, "axis", "d", &axis))
    text = g_strdup_printf (_ ("The axis is not set: the middle, %.1f px, is assumed"), axis);
  else
    text = g_strdup (_ ("The axis is not set: the middle is assumed"));
  recon_image_stage_set_offer (self->stage, text);
}

/* Shows what the state says, or asks for it. */
static void
refresh (ReconViewerPane *self)
{
  ReconImageChoice *choice = &self->choice;

  recon_image_bar_show (self->image_bar, choice);
  if (self->document == NULL || (choice->source == RECON_SOURCE_RESULT && self->awaits))
    return;

  if (choice->source != RECON_SOURCE_RESULT && !has_input (self))
    {
      recon_image_loader_drop (self->loader);
      recon_image_stage_show_empty (self->stage);
      return;
    }
  if (choice->source != RECON_SOURCE_RESULT)
    {
      recon_image_stage_show_waiting (self->stage);
      if (recon_client_get_state (self->client) != RECON_CLIENT_READY)
        return;
      recon_image_choice_clamp (choice);
    }
  g_clear_pointer (&self->trouble, g_free);
  recon_image_loader_ask (self->loader, choice->source, recon_image_choice_get_wanted (choice));
}

static gboolean
is_busy (ReconViewerPane *self)
{
  gboolean busy = FALSE;

  if (self->loader != NULL)
    g_object_get (self->loader, "busy", &busy, NULL);

  return busy;
}

/* What was asked for as the middle has come with its index. */
static void
take_index (ReconViewerPane  *self,
            ReconWorkerImage *image)
{
  self->choice.n_images[self->choice.source] = image->n_images;
  recon_image_choice_clamp (&self->choice);
  if (recon_image_choice_get_wanted (&self->choice) == RECON_PREVIEW_MIDDLE &&
      recon_image_choice_set_index (&self->choice, image->index))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INDEX]);
}

/* Why a raw projection is shown, unless that is read elsewhere. */
static void
show_why_raw (ReconViewerPane *self)
{
  g_autofree char *text = self->told ? g_strdup (_ ("A raw projection is shown until a slice can be made."))
                                     : g_strdup_printf (_ ("%s A raw projection is shown until then."), self->trouble);

  recon_image_stage_show_trouble (self->stage, text);
}

static void
loader_image_cb (ReconViewerPane  *self,
                 ReconWorkerImage *image)
{
  self->shows_raw = self->trouble != NULL;
  if (!self->shows_raw)
    take_index (self, image);
  update_scale (self);
  recon_image_stage_show_image (self->stage, image);
  update_offer (self);
  recon_image_bar_show (self->image_bar, &self->choice);
  if (self->shows_raw)
    show_why_raw (self);
}

/* A picture is better than none: what was measured can be shown without darks and flats. */
static void
loader_failed_cb (ReconViewerPane *self,
                  const char      *text)
{
  if (!recon_image_stage_has_image (self->stage) &&
      recon_image_loader_ask_raw (self->loader, self->choice.index[RECON_SOURCE_PROJECTION]))
    self->trouble = g_strdup (text);
  else
    recon_image_stage_show_trouble (self->stage, self->trouble != NULL ? self->trouble : text);
}

/* Another scan has images of its own. */
static void
notice_scan (ReconViewerPane *self)
{
  ReconConfig *config = recon_document_get_config (self->document);
  g_autofree char *scan = g_strdup_printf ("%s\n%s", recon_config_get_text (config, RECON_PARAM_PROJECTIONS),
                                           recon_config_get_text (config, RECON_PARAM_SINOGRAMS));

  if (g_strcmp0 (scan, self->scan) == 0)
    return;

  g_free (self->scan);
  self->scan = g_steal_pointer (&scan);
  self->shows_raw = FALSE;
  recon_image_choice_start (&self->choice);
  if (self->choice.source != RECON_SOURCE_RESULT)
    recon_image_stage_show_empty (self->stage);
}

static void
loader_busy_cb (ReconViewerPane *self)
{
  recon_image_stage_set_busy (self->stage, is_busy (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
config_changed_cb (ReconViewerPane *self)
{
  notice_scan (self);
  update_offer (self);

  /* What is made for nobody would keep what another page shows waiting. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->stale = TRUE;
      return;
    }

  if (self->choice.source == RECON_SOURCE_RESULT ||
      (self->choice.source == RECON_SOURCE_SLICE && !self->live && !self->shows_raw &&
       recon_image_stage_has_image (self->stage)))
    {
      recon_image_bar_show (self->image_bar, &self->choice);
      return;
    }

  refresh (self);
}

static void
recon_viewer_pane_map (GtkWidget *widget)
{
  ReconViewerPane *self = RECON_VIEWER_PANE (widget);

  GTK_WIDGET_CLASS (recon_viewer_pane_parent_class)->map (widget);

  if (self->stale && self->document != NULL)
    {
      self->stale = FALSE;
      config_changed_cb (self);
    }
}

static void
client_state_cb (ReconViewerPane *self)
{
  if (recon_client_get_state (self->client) == RECON_CLIENT_READY)
    refresh (self);
}

static void
index_changed (ReconViewerPane *self)
{
  refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INDEX]);
}

/* Who chooses an image doesn't want to be led away from it by a run. */
static void
choose_index (ReconViewerPane *self,
              guint            index)
{
  self->follow = FALSE;
  if (recon_image_choice_choose (&self->choice, index))
    index_changed (self);
}

static void
set_source (ReconViewerPane  *self,
            ReconImageSource  source)
{
  if (source == self->choice.source)
    return;

  self->choice.source = source;
  self->shows_raw = FALSE;
  recon_image_stage_set_source (self->stage, source);
  update_scale (self);
  update_offer (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.live", source == RECON_SOURCE_SLICE);
  refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOURCE]);
}

static void
set_live (ReconViewerPane *self,
          gboolean         live)
{
  if (live == self->live)
    return;

  self->live = live;
  if (live && self->choice.source == RECON_SOURCE_SLICE && self->document != NULL)
    refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIVE]);
}

/* There is something to see as a result: slices of the run, those of one that has ended, or what lies at the output's
 * place. */
static void
update_result (ReconViewerPane *self)
{
  GVariant *resolved = self->choice.resolved;
  const char *partial = NULL;
  guint n_done = 0, n_interrupted = 0;
  gboolean there = FALSE, had_result;

  if (resolved != NULL)
    {
      there = g_variant_lookup (resolved, "output-exists", "&s", NULL);
      g_variant_lookup (resolved, "interrupted", "(uu)", &n_interrupted, NULL);
    }
  /* What a run has left that has just ended with the worker is newer than an earlier result. */
  if ((!there || self->lost) && n_interrupted > 0 && !self->shows_result &&
      g_variant_lookup (resolved, "interrupted-path", "&s", &partial))
    recon_image_loader_set_result (self->loader, partial);
  if (self->run != NULL)
    n_done = recon_client_job_get_progress (self->run)->n_done;

  had_result = self->choice.has_result;
  self->choice.has_result = self->shows_result || n_done > 0 || n_interrupted > 0;
  self->choice.is_running = self->run != NULL && !recon_client_job_has_ended (self->run);
  recon_image_bar_show (self->image_bar, &self->choice);
  /* Who has chosen the result already waits for it. */
  if (!had_result && self->choice.has_result && self->choice.source == RECON_SOURCE_RESULT)
    refresh (self);
}

/* Known is now what a run has left that has ended with the worker: its slices, or an earlier result, or nothing. */
static void
show_what_is_left (ReconViewerPane *self)
{
  self->awaits = FALSE;
  if (self->choice.source != RECON_SOURCE_RESULT)
    return;

  if (recon_image_choice_get_refusal (&self->choice, RECON_SOURCE_RESULT) == NULL)
    refresh (self);
  else
    set_source (self, RECON_SOURCE_SLICE);
}

static void
run_block_cb (ReconViewerPane *self,
              guint            first,
              guint            n)
{
  if (self->follow && self->choice.source != RECON_SOURCE_RESULT)
    {
      self->choice.index[RECON_SOURCE_RESULT] = first + n - 1;
      set_source (self, RECON_SOURCE_RESULT);
    }
  else if (self->follow && recon_image_choice_set_index (&self->choice, first + n - 1))
    index_changed (self);
}

static void
step_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  ReconViewerPane *self = RECON_VIEWER_PANE (widget);
  gint64 index = (gint64) recon_image_choice_get_index (&self->choice) + g_variant_get_int32 (parameter);

  choose_index (self, (guint) CLAMP (index, 0, G_MAXINT32));
}

static void
go_to_end_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  choose_index (RECON_VIEWER_PANE (widget), g_str_equal (action_name, "viewer.first") ? 0 : G_MAXINT32);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           gpointer                  user_data)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_ALT_MASK) == 0 || (dx == 0 && dy == 0))
    return GDK_EVENT_PROPAGATE;

  gtk_widget_activate_action (user_data, "viewer.step", "i", dy + dx > 0 ? 1 : -1);

  return GDK_EVENT_STOP;
}

static void
recon_viewer_pane_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  ReconViewerPane *self = RECON_VIEWER_PANE (object);

  switch (id)
    {
    case PROP_LIVE:
      g_value_set_boolean (value, self->live);
      break;
    case PROP_SOURCE:
      g_value_set_string (value, recon_image_source_get_word (self->choice.source));
      break;
    case PROP_INDEX:
      g_value_set_uint (value, recon_image_choice_get_index (&self->choice));
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, is_busy (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_viewer_pane_set_property (GObject      *object,
                                guint         id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  ReconViewerPane *self = RECON_VIEWER_PANE (object);
  ReconImageSource source;

  switch (id)
    {
    case PROP_LIVE:
      set_live (self, g_value_get_boolean (value));
      break;
    case PROP_SOURCE:
      if (recon_image_source_from_word (g_value_get_string (value), &source))
        {
          self->follow = FALSE;
          set_source (self, source);
        }
      break;
    case PROP_INDEX:
      choose_index (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_viewer_pane_dispose (GObject *object)
{
  ReconViewerPane *self = RECON_VIEWER_PANE (object);
  GtkWidget *child;

  if (self->loader != NULL)
    g_object_run_dispose (G_OBJECT (self->loader));
  g_clear_object (&self->loader);
  g_clear_object (&self->run);
  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_VIEWER_PANE);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->document);
  g_clear_object (&self->client);
  g_clear_pointer (&self->scan, g_free);
  g_clear_pointer (&self->trouble, g_free);
  recon_image_choice_clear (&self->choice);

  G_OBJECT_CLASS (recon_viewer_pane_parent_class)->dispose (object);
}

static void
recon_viewer_pane_class_init (ReconViewerPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = recon_viewer_pane_get_property;
  object_class->set_property = recon_viewer_pane_set_property;
  object_class->dispose = recon_viewer_pane_dispose;
  widget_class->map = recon_viewer_pane_map;

  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, TRUE, flags);
  properties[PROP_SOURCE] = g_param_spec_string ("source", NULL, NULL, "slice", flags);
  properties[PROP_INDEX] = g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (RECON_TYPE_IMAGE_BAR);
  g_type_ensure (RECON_TYPE_IMAGE_STAGE);
  g_type_ensure (RECON_TYPE_RUN_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/viewer-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, run_bar);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, stage);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, image_bar);
  gtk_widget_class_bind_template_callback (widget_class, choose_index);

  gtk_widget_class_install_property_action (widget_class, "viewer.live", "live");
  gtk_widget_class_install_property_action (widget_class, "viewer.source", "source");
  gtk_widget_class_install_action (widget_class, "viewer.step", "i", step_cb);
  gtk_widget_class_install_action (widget_class, "viewer.first", NULL, go_to_end_cb);
  gtk_widget_class_install_action (widget_class, "viewer.last", NULL, go_to_end_cb);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, 0, "viewer.step", "i", -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, 0, "viewer.step", "i", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, GDK_SHIFT_MASK, "viewer.step", "i", -10);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, GDK_SHIFT_MASK, "viewer.step", "i", 10);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Home, 0, "viewer.first", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_End, 0, "viewer.last", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_l, 0, "viewer.live", NULL);
}

static void
recon_viewer_pane_init (ReconViewerPane *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES |
                                                                GTK_EVENT_CONTROLLER_SCROLL_DISCRETE);

  self->live = TRUE;
  self->choice.source = RECON_SOURCE_SLICE;
  gtk_widget_init_template (GTK_WIDGET (self));

  /* Before the view, which zooms. */
  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);

  recon_image_bar_show (self->image_bar, &self->choice);
  g_object_set (recon_image_stage_get_view (self->stage), "scale-bar", TRUE, NULL);
}

/**
 * recon_viewer_pane_connect:
 * @self: a new pane
 * @document: whose configuration is looked at
 * @client: the worker that makes images
 *
 * To be called once.
 */
void
recon_viewer_pane_connect (ReconViewerPane *self,
                           ReconDocument   *document,
                           ReconClient     *client)
{
  g_return_if_fail (RECON_IS_VIEWER_PANE (self));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  self->client = g_object_ref (client);
  self->loader = recon_image_loader_new (document, client);
  g_signal_connect_object (self->loader, "image", G_CALLBACK (loader_image_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->loader, "failed", G_CALLBACK (loader_failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->loader, "notify::busy", G_CALLBACK (loader_busy_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "changed", G_CALLBACK (config_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (client_state_cb), self, G_CONNECT_SWAPPED);
  refresh (self);
}

/**
 * recon_viewer_pane_set_resolved:
 * @self: a pane
 * @resolved: (nullable): what the worker says of the configuration
 *
 * Tells how many images there are.
 */
void
recon_viewer_pane_set_resolved (ReconViewerPane *self,
                                GVariant        *resolved)
{
  g_return_if_fail (RECON_IS_VIEWER_PANE (self));

  /* While that is not known, what was known before is the best guess. */
  if (resolved == NULL && has_input (self))
    return;

  recon_image_choice_set_resolved (&self->choice, resolved);
  update_scale (self);
  update_offer (self);
  update_result (self);
  if (self->awaits && resolved != NULL)
    show_what_is_left (self);
}

/**
 * recon_viewer_pane_set_run:
 * @self: a pane
 * @job: (nullable): a run
 *
 * Shows how a run goes on and the slices that it finishes.
 */
void
recon_viewer_pane_set_run (ReconViewerPane *self,
                           ReconClientJob  *job)
{
  g_return_if_fail (RECON_IS_VIEWER_PANE (self));

  if (job == self->run)
    return;

  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_set_object (&self->run, job);
  recon_image_loader_set_run (self->loader, job);
  recon_run_bar_set_run (self->run_bar, job);
  self->choice.n_images[RECON_SOURCE_RESULT] = 0;
  self->choice.has_run = job != NULL;
  self->follow = job != NULL;
  self->shows_result = self->lost = self->awaits = FALSE;
  if (job != NULL)
    {
      recon_image_loader_set_result (self->loader, NULL);
      g_signal_connect_object (job, "block-done", G_CALLBACK (run_block_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (job, "progress", G_CALLBACK (update_result), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (job, "notify::state", G_CALLBACK (update_result), self, G_CONNECT_SWAPPED);
    }
  update_result (self);
}

/**
 * recon_viewer_pane_set_told:
 * @self: a pane
 * @told: whether the window says what is wrong with the configuration
 *
 * It need not be said twice.
 */
void
recon_viewer_pane_set_told (ReconViewerPane *self,
                            gboolean         told)
{
  g_return_if_fail (RECON_IS_VIEWER_PANE (self));

  if (told == self->told)
    return;

  self->told = told;
  if (self->shows_raw && self->trouble != NULL)
    show_why_raw (self);
}

/**
 * recon_viewer_pane_lose_run:
 * @self: a pane
 *
 * The run that was shown has ended with its worker: what that had in memory is gone. What is on disk is shown as soon
 * as another worker tells of it.
 */
void
recon_viewer_pane_lose_run (ReconViewerPane *self)
{
  g_return_if_fail (RECON_IS_VIEWER_PANE (self));

  recon_viewer_pane_set_run (self, NULL);
  self->lost = self->awaits = TRUE;
}

/**
 * recon_viewer_pane_set_result:
 * @self: a pane
 * @path: slices of a run that has ended
 *
 * They are the result from now on, until there is another run.
 */
void
recon_viewer_pane_set_result (ReconViewerPane *self,
                              const char      *path)
{
  g_return_if_fail (RECON_IS_VIEWER_PANE (self));

  recon_viewer_pane_set_run (self, NULL);
  self->shows_result = TRUE;
  self->choice.n_images[RECON_SOURCE_RESULT] = 0;
  recon_image_loader_set_result (self->loader, path);
  update_result (self);
  if (self->choice.source == RECON_SOURCE_RESULT)
    refresh (self);
}

/**
 * recon_viewer_pane_set_waiting_for:
 * @self: a pane
 * @text: (nullable): what the first image waits for; %NULL for the scan
 */
void
recon_viewer_pane_set_waiting_for (ReconViewerPane *self,
                                   const char      *text)
{
  g_return_if_fail (RECON_IS_VIEWER_PANE (self));

  recon_image_stage_set_waiting_for (self->stage, text);
}

ReconImageView *
recon_viewer_pane_get_view (ReconViewerPane *self)
{
  g_return_val_if_fail (RECON_IS_VIEWER_PANE (self), NULL);

  return recon_image_stage_get_view (self->stage);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/viewer-pane.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "window/image-source.h"
#include "window/run-progress.h"

/* One image is asked for at a time; what was asked for meanwhile is asked for when it has come, newest only. Previews
 * are a continuous job of the worker, which drops older requests itself; they may be asked for at any time. */

/* Before this a spinner would only flicker. */
#define SPINNER_DELAY_MS 250

struct _ReconViewerPane
{
  GtkWidget         parent_instance;

  GtkRevealer      *progress_revealer;
  GtkLabel         *progress_label;
  GtkProgressBar   *progress_bar;
  GtkStack         *stack;
  AdwStatusPage    *message_page;
  GtkSpinner       *waiting_spinner;
  ReconImageView   *view;
  GtkSpinner       *spinner;
  GtkRevealer      *trouble_revealer;
  GtkLabel         *trouble_label;
  GtkMenuButton    *source_button;
  GtkLabel         *source_label;
  GtkAdjustment    *adjustment;
  GtkScale         *scale;
  GtkSpinButton    *spin;
  GtkLabel         *count_label;
  GtkToggleButton  *live_button;

  ReconDocument    *document;
  ReconClient      *client;
  ReconClientJob   *preview; /* (nullable): the continuous job */
  ReconClientJob   *run;     /* (nullable): whose slices are the result */
  GVariant         *resolved;
  ReconImageSource  source;
  guint             n_images[RECON_N_SOURCES]; /* 0 while unknown */
  guint             index[RECON_N_SOURCES];
  gboolean          live;
  gboolean          stale; /* the document has changed while nobody could look */
  gboolean          follow; /* the newest finished slice is shown while a run goes on */
  ReconClientImage *shown;
  ReconClientImage *previous; /* the image before, made with other parameters */
  GCancellable     *reading;  /* (nullable): of a result's image that is under way */
  gboolean          read_again;
  gboolean          busy;
  guint             spinner_source;
  gboolean          setting; /* the widgets are being set to a state, not used */
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

static void refresh (ReconViewerPane *self);

static guint
count_images (ReconViewerPane  *self,
              ReconImageSource  source)
{
  guint n = self->n_images[source];

  if (self->resolved == NULL || source == RECON_SOURCE_RESULT)
    return n;

  g_variant_lookup (self->resolved, recon_image_source_has_slices (source) ? "n-slices" : "n-angles", "u", &n);

  return n;
}

static void
update_bar (ReconViewerPane *self)
{
  guint n = count_images (self, self->source);
  guint index = self->index[self->source];
  g_autofree char *count = NULL;

  self->setting = TRUE;
  gtk_adjustment_set_upper (self->adjustment, n > 0 ? n - 1 : 0);
  gtk_adjustment_set_value (self->adjustment, index);
  self->setting = FALSE;

  gtk_widget_set_sensitive (GTK_WIDGET (self->scale), n > 1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->spin), n > 1);
  gtk_label_set_label (self->source_label, recon_image_source_get_title (self->source));

  if (n > 0)
    count = g_strdup_printf (_ ("of %u"), n);
  gtk_label_set_label (self->count_label, count != NULL ? count : "");
}

static gboolean
show_spinner_cb (gpointer user_data)
{
  ReconViewerPane *self = user_data;

  self->spinner_source = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), TRUE);
  gtk_spinner_set_spinning (self->spinner, TRUE);

  return G_SOURCE_REMOVE;
}

static void
set_busy (ReconViewerPane *self,
          gboolean         busy)
{
  if (busy == self->busy)
    return;

  self->busy = busy;
  if (busy)
    self->spinner_source = g_timeout_add (SPINNER_DELAY_MS, show_spinner_cb, self);
  else
    {
      g_clear_handle_id (&self->spinner_source, g_source_remove);
      gtk_spinner_set_spinning (self->spinner, FALSE);
      gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
show_page (ReconViewerPane *self,
           const char      *name)
{
  gtk_spinner_set_spinning (self->waiting_spinner, g_str_equal (name, "waiting"));
  gtk_stack_set_visible_child_name (self->stack, name);
}

/* Above an image that is no longer that of the configuration, or in its place. */
static void
show_trouble (ReconViewerPane *self,
              const char      *text)
{
  if (self->shown != NULL && recon_image_view_get_image (self->view) != NULL)
    {
      gtk_label_set_label (self->trouble_label, text);
      gtk_revealer_set_reveal_child (self->trouble_revealer, TRUE);
      show_page (self, "image");
      return;
    }

  adw_status_page_set_title (self->message_page, _ ("There Is No Image Yet"));
  adw_status_page_set_description (self->message_page, text);
  show_page (self, "message");
}

static void
present (ReconViewerPane  *self,
         ReconClientImage *image)
{
  g_autofree char *description = NULL;

  description = g_strdup_printf (_ ("%s %u of %u"), recon_image_source_get_item (self->source), image->number,
                                 image->n_images);
  g_object_set (self->view, "description", description, NULL);
  recon_image_view_set_image (self->view, image->image, image->full_width, image->full_height);
}

/* Takes the image. */
static void
show_image (ReconViewerPane  *self,
            ReconClientImage *image)
{
  gboolean was_full = self->shown != NULL && self->shown->reduction == 1;

  if (was_full && image->reduction == 1 && self->shown->view == image->view && self->shown->index == image->index)
    {
      g_clear_pointer (&self->previous, recon_client_image_free);
      self->previous = g_steal_pointer (&self->shown);
    }
  g_clear_pointer (&self->shown, recon_client_image_free);
  self->shown = image;
  self->n_images[self->source] = image->n_images;

  present (self, image);
  gtk_revealer_set_reveal_child (self->trouble_revealer, FALSE);
  show_page (self, "image");
  update_bar (self);
}

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

static void
preview_image_cb (ReconViewerPane  *self,
                  ReconClientImage *image)
{
  /* The user may have gone on to something else. */
  if ((guint) image->view != self->source || image->index != self->index[self->source])
    return;

  show_image (self, recon_client_image_copy (image));
}

static void
preview_busy_cb (ReconViewerPane *self)
{
  const char *message = recon_client_job_get_message (self->preview);
  gboolean busy;

  g_object_get (self->preview, "busy", &busy, NULL);
  if (self->source == RECON_SOURCE_RESULT)
    return;

  set_busy (self, busy);
  if (!busy && *message != '\0')
    show_trouble (self, message);
}

static void
ask_for_preview (ReconViewerPane *self)
{
  ReconConfig *config = recon_document_get_config (self->document);
  guint n = count_images (self, self->source);
  ReconPreviewRequest request = { .view = (ReconView) self->source, .reduction = 1 };

  if (n > 0 && self->index[self->source] >= n)
    self->index[self->source] = n - 1;
  request.index = self->index[self->source];

  if (self->preview != NULL && !recon_client_job_has_ended (self->preview))
    {
      recon_client_job_update (self->preview, config, &request);
      set_busy (self, TRUE);
      return;
    }

  if (self->preview != NULL)
    g_signal_handlers_disconnect_by_data (self->preview, self);
  g_clear_object (&self->preview);
  self->preview = recon_client_preview (self->client, config, &request);
  g_signal_connect_object (self->preview, "image", G_CALLBACK (preview_image_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->preview, "notify::busy", G_CALLBACK (preview_busy_cb), self, G_CONNECT_SWAPPED);
  set_busy (self, TRUE);
}

static void
take_result (ReconViewerPane  *self,
             ReconClientImage *image,
             GError           *error)
{
  g_clear_object (&self->reading);
  set_busy (self, FALSE);

  if (self->read_again)
    {
      self->read_again = FALSE;
      g_clear_pointer (&image, recon_client_image_free);
      refresh (self);
    }
  else if (self->source != RECON_SOURCE_RESULT)
    g_clear_pointer (&image, recon_client_image_free);
  else if (image != NULL)
    show_image (self, image);
  else
    show_trouble (self, error->message);
}

static void
run_image_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (ReconViewerPane) self = user_data;
  g_autoptr (GError) error = NULL;
  ReconClientImage *image = recon_client_job_get_image_finish (RECON_CLIENT_JOB (object), result, &error);

  take_result (self, image, error);
}

static void
file_image_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (ReconViewerPane) self = user_data;
  g_autoptr (GError) error = NULL;
  ReconClientImage *image = recon_client_read_image_finish (RECON_CLIENT (object), result, &error);

  take_result (self, image, error);
}

static void
ask_for_result (ReconViewerPane *self)
{
  guint index = self->index[RECON_SOURCE_RESULT];
  ReconConfig *config = recon_document_get_config (self->document);

  if (self->reading != NULL)
    {
      self->read_again = TRUE;
      return;
    }

  self->reading = g_cancellable_new ();
  set_busy (self, TRUE);
  if (self->run != NULL)
    recon_client_job_get_image_async (self->run, index, self->reading, run_image_cb, g_object_ref (self));
  else
    recon_client_read_image_async (self->client, recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH), index,
                                   self->reading, file_image_cb, g_object_ref (self));
}

/* Shows what the state says, or asks for it. */
static void
refresh (ReconViewerPane *self)
{
  update_bar (self);

  if (self->source == RECON_SOURCE_RESULT)
    {
      ask_for_result (self);
      return;
    }
  if (!has_input (self))
    {
      g_clear_pointer (&self->shown, recon_client_image_free);
      gtk_revealer_set_reveal_child (self->trouble_revealer, FALSE);
      show_page (self, "empty");
      return;
    }
  if (recon_client_get_state (self->client) != RECON_CLIENT_READY)
    return;
  if (self->shown == NULL)
    show_page (self, "waiting");
  ask_for_preview (self);
}

static void
config_changed_cb (ReconViewerPane *self)
{
  /* What is made for nobody would keep what another page shows waiting. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->stale = TRUE;
      return;
    }

  if (self->source == RECON_SOURCE_RESULT || (self->source == RECON_SOURCE_SLICE && !self->live && self->shown != NULL))
    {
      update_bar (self);
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
    {
      refresh (self);
      return;
    }

  set_busy (self, FALSE);
}

static void
set_index (ReconViewerPane *self,
           guint            index)
{
  guint n = count_images (self, self->source);

  if (n > 0)
    index = MIN (index, n - 1);
  if (index == self->index[self->source])
    return;

  /* Preview and result of a slice are looked at in turn: they stay at the same one. */
  for (guint i = 0; i < RECON_N_SOURCES; i++)
    {
      if (recon_image_source_has_slices (i) == recon_image_source_has_slices (self->source))
        self->index[i] = index;
    }
  refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INDEX]);
}

static void
index_changed_cb (ReconViewerPane *self)
{
  if (self->setting)
    return;

  self->follow = FALSE;
  set_index (self, (guint) gtk_adjustment_get_value (self->adjustment));
}

static void
set_source (ReconViewerPane  *self,
            ReconImageSource  source)
{
  if (source == self->source)
    return;

  self->source = source;
  g_clear_pointer (&self->previous, recon_client_image_free);
  gtk_revealer_set_reveal_child (self->trouble_revealer, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->live_button), source == RECON_SOURCE_SLICE);
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
  if (live && self->source == RECON_SOURCE_SLICE && self->document != NULL)
    refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIVE]);
}

/* The run. */

static void
update_progress (ReconViewerPane *self)
{
  gboolean ended = self->run == NULL || recon_client_job_has_ended (self->run);
  g_autofree char *text = NULL;

  gtk_revealer_set_reveal_child (self->progress_revealer, !ended);
  if (ended)
    return;

  text = recon_run_progress_describe (self->run);
  gtk_label_set_label (self->progress_label, text);
  recon_run_progress_show (self->run, self->progress_bar);
}

static void
run_block_cb (ReconViewerPane *self,
              guint            first,
              guint            n)
{
  if (self->follow && self->source != RECON_SOURCE_RESULT)
    {
      self->index[RECON_SOURCE_RESULT] = first + n - 1;
      set_source (self, RECON_SOURCE_RESULT);
    }
  else if (self->follow)
    set_index (self, first + n - 1);
}

/* The arrows of the slider are the user's as well. */
static void
step_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  ReconViewerPane *self = RECON_VIEWER_PANE (widget);
  gint64 index = (gint64) self->index[self->source] + g_variant_get_int32 (parameter);

  self->follow = FALSE;
  set_index (self, (guint) CLAMP (index, 0, G_MAXINT32));
}

static void
first_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  RECON_VIEWER_PANE (widget)->follow = FALSE;
  set_index (RECON_VIEWER_PANE (widget), 0);
}

static void
last_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  RECON_VIEWER_PANE (widget)->follow = FALSE;
  set_index (RECON_VIEWER_PANE (widget), G_MAXINT32);
}

/* As long as the key is held, the result of the parameters before is shown. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               user_data)
{
  ReconViewerPane *self = user_data;

  if (keyval != GDK_KEY_space)
    return GDK_EVENT_PROPAGATE;
  if (self->previous != NULL)
    present (self, self->previous);

  return GDK_EVENT_STOP;
}

static void
key_released_cb (GtkEventControllerKey *controller,
                 guint                  keyval,
                 guint                  keycode,
                 GdkModifierType        state,
                 gpointer               user_data)
{
  ReconViewerPane *self = user_data;

  if (keyval == GDK_KEY_space && self->shown != NULL)
    present (self, self->shown);
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
      g_value_set_string (value, recon_image_source_get_word (self->source));
      break;
    case PROP_INDEX:
      g_value_set_uint (value, self->index[self->source]);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
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
      self->follow = FALSE;
      set_index (self, g_value_get_uint (value));
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

  g_clear_handle_id (&self->spinner_source, g_source_remove);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  if (self->preview != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->preview, self);
      recon_client_job_cancel (self->preview);
    }
  g_clear_object (&self->preview);
  g_clear_object (&self->run);
  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_VIEWER_PANE);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->document);
  g_clear_object (&self->client);
  g_clear_pointer (&self->resolved, g_variant_unref);
  g_clear_pointer (&self->shown, recon_client_image_free);
  g_clear_pointer (&self->previous, recon_client_image_free);

  G_OBJECT_CLASS (recon_viewer_pane_parent_class)->dispose (object);
}

static void
recon_viewer_pane_finalize (GObject *object)
{
  ReconViewerPane *self = RECON_VIEWER_PANE (object);

  g_clear_object (&self->reading);

  G_OBJECT_CLASS (recon_viewer_pane_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/viewer-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, progress_revealer);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, progress_label);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, stack);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, message_page);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, waiting_spinner);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, view);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, spinner);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, trouble_revealer);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, source_button);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, source_label);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, adjustment);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, scale);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, spin);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, count_label);
  gtk_widget_class_bind_template_child (widget_class, ReconViewerPane, live_button);
  gtk_widget_class_bind_template_callback (widget_class, index_changed_cb);
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
  object_class->finalize = recon_viewer_pane_finalize;
  widget_class->map = recon_viewer_pane_map;

  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, TRUE, flags);
  properties[PROP_SOURCE] = g_param_spec_string ("source", NULL, NULL, "slice", flags);
  properties[PROP_INDEX] = g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (RECON_TYPE_IMAGE_VIEW);
  bind_template (widget_class);

  gtk_widget_class_install_property_action (widget_class, "viewer.live", "live");
  gtk_widget_class_install_property_action (widget_class, "viewer.source", "source");
  gtk_widget_class_install_action (widget_class, "viewer.step", "i", step_cb);
  gtk_widget_class_install_action (widget_class, "viewer.first", NULL, first_cb);
  gtk_widget_class_install_action (widget_class, "viewer.last", NULL, last_cb);

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
  GtkEventController *key = gtk_event_controller_key_new ();

  self->live = TRUE;
  self->source = RECON_SOURCE_SLICE;
  gtk_widget_init_template (GTK_WIDGET (self));

  /* Before the view, which zooms. */
  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect (key, "key-released", G_CALLBACK (key_released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), key);

  update_bar (self);
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

  if (resolved != NULL)
    g_variant_ref (resolved);
  g_clear_pointer (&self->resolved, g_variant_unref);
  self->resolved = resolved;
  update_bar (self);
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
  self->n_images[RECON_SOURCE_RESULT] = 0;
  self->follow = job != NULL;
  if (job != NULL)
    {
      g_signal_connect_object (job, "block-done", G_CALLBACK (run_block_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (job, "notify::n-done", G_CALLBACK (update_progress), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (job, "notify::state", G_CALLBACK (update_progress), self, G_CONNECT_SWAPPED);
    }
  update_progress (self);
}

ReconImageView *
recon_viewer_pane_get_view (ReconViewerPane *self)
{
  g_return_val_if_fail (RECON_IS_VIEWER_PANE (self), NULL);

  return self->view;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/window-private.h"

#include <glib/gi18n.h>

#include "window/menu-names.h"
#include "window/renderer.h"

G_DEFINE_FINAL_TYPE (ReconWindow, recon_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_SHOW_FORM = 1,
  PROP_SHOW_LOG,
  PROP_AXIS_OVERLAY,
  PROP_PAGE,
  PROP_SCALE_BAR,
  N_PROPERTIES
};

/* Pixels: what a window of 900 has room for. */
#define WIDEST_HEADER 880

static GParamSpec *properties[N_PROPERTIES];

void
recon_window_toast (ReconWindow *self,
                    const char  *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
recon_window_log (ReconWindow *self,
                  int          level,
                  const char  *text)
{
  recon_log_pane_append (self->log, level, g_get_real_time (), text);
}

/* The document. */

static void
update_title (ReconWindow *self)
{
  g_autofree char *title = NULL;
  g_autofree char *full = NULL;
  g_autofree char *label = NULL;
  gboolean modified;

  g_object_get (self->document, "title", &title, "modified", &modified, NULL);
  full = g_strdup_printf (_ ("%s%s – Reconstruct"), modified ? "• " : "", title);
  label = modified ? g_strdup_printf (_ ("%s • edited"), title) : g_strdup (title);
  gtk_window_set_title (GTK_WINDOW (self), full);
  gtk_label_set_label (self->file_label, label);
}

static void
document_notify_cb (ReconWindow *self)
{
  update_title (self);
  recon_window_update_actions (self);
}

static void
document_changed_cb (ReconWindow *self)
{
  recon_window_review_failure (self);
  recon_window_schedule_autosave (self);
}

static void
form_resolved_cb (ReconWindow *self,
                  GVariant    *resolved)
{
  recon_viewer_pane_set_resolved (self->viewer, resolved);
  recon_axis_panel_set_resolved (self->axis_panel, resolved);
  recon_axis_view_set_resolved (self->axis_view, resolved);

  /* What kept a run from starting does not any more. */
  if (resolved != NULL && self->failure != NULL && !self->failure_of_run &&
      !g_variant_lookup (resolved, "output-problem", "&s", NULL))
    recon_window_clear_failure (self);
  recon_window_review_lost_run (self, resolved);
  recon_window_log_warnings (self, resolved);
  recon_window_update_actions (self);
  recon_window_update_banner (self);
}

static void
find_axis_cb (ReconWindow *self)
{
  adw_view_stack_set_visible_child_name (self->pages, "axis");
}

/* Where the search is seen, and what comes of it. */
static void
start_find_axis_cb (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  ReconWindow *self = RECON_WINDOW (widget);

  find_axis_cb (self);
  recon_axis_panel_find (self->axis_panel);
}

static void
page_changed_cb (ReconWindow *self)
{
  const char *page = adw_view_stack_get_visible_child_name (self->pages);

  if (page == NULL || self->views == NULL)
    return;

  gtk_stack_set_visible_child_name (self->views, page);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAGE]);
}

/* Pages and panes. */

/**
 * recon_window_get_visible_view:
 * @self: a window
 *
 * Returns: (transfer none): that of the page which is shown
 */
ReconImageView *
recon_window_get_visible_view (ReconWindow *self)
{
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->views), "axis") == 0)
    return recon_axis_view_get_view (self->axis_view);

  return recon_viewer_pane_get_view (self->viewer);
}

/* With large letters the names of the pages stand below their icons, so that the window may stay small. */
static gboolean
fit_header_cb (gpointer user_data)
{
  ReconWindow *self = user_data;
  int width;

  self->header_source = 0;
  adw_view_switcher_set_policy (self->switcher, ADW_VIEW_SWITCHER_POLICY_WIDE);
  gtk_widget_measure (self->header, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  if (width > WIDEST_HEADER)
    adw_view_switcher_set_policy (self->switcher, ADW_VIEW_SWITCHER_POLICY_NARROW);

  return G_SOURCE_REMOVE;
}

/* Widgets hear of other letters later. */
static void
letters_changed_cb (ReconWindow *self)
{
  if (self->header_source == 0)
    self->header_source = g_idle_add (fit_header_cb, self);
}

static void
show_log_changed_cb (ReconWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_LOG]);
}

static void
unseen_changed_cb (ReconWindow *self)
{
  guint n;

  g_object_get (self->log, "n-unseen", &n, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->log_dot), n > 0);
}

/* Keys are those of the picture. The focus would stay in a menu that has been closed, where no key is heard. */
static void
focus_picture_cb (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  ReconImageView *view = recon_window_get_visible_view (RECON_WINDOW (widget));

  if (gtk_widget_get_mapped (GTK_WIDGET (view)))
    gtk_widget_grab_focus (GTK_WIDGET (view));
  else
    gtk_widget_grab_focus (GTK_WIDGET (RECON_WINDOW (widget)->menu_button));
}

static void
menu_closed_cb (ReconWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-picture", NULL);
}

static void
scale_bar_changed_cb (ReconWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCALE_BAR]);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               user_data)
{
  ReconWindow *self = user_data;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (keyval != GDK_KEY_Escape || !recon_window_is_running (self) || GTK_IS_EDITABLE (focus))
    return GDK_EVENT_PROPAGATE;

  gtk_widget_activate_action (GTK_WIDGET (self), "win.cancel", NULL);

  return GDK_EVENT_STOP;
}

static gboolean
recon_window_close_request (GtkWindow *window)
{
  ReconWindow *self = RECON_WINDOW (window);

  if (!self->closing && recon_window_ask_before_close (self))
    return GDK_EVENT_STOP;

  recon_document_drop_autosave (self->document);
  recon_window_cancel_runs (self);

  return GTK_WINDOW_CLASS (recon_window_parent_class)->close_request (window);
}

/* The actions of properties ask while the window is being made: children may still be missing. */
static void
recon_window_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ReconWindow *self = RECON_WINDOW (object);

  switch (id)
    {
    case PROP_SHOW_FORM:
      g_value_set_boolean (value, self->pages == NULL || gtk_widget_get_visible (GTK_WIDGET (self->pages)));
      break;
    case PROP_SHOW_LOG:
      g_value_set_boolean (value, self->log != NULL && gtk_widget_get_visible (GTK_WIDGET (self->log)));
      break;
    case PROP_AXIS_OVERLAY:
      if (self->axis_view != NULL)
        g_object_get_property (G_OBJECT (self->axis_view), "overlay", value);
      else
        g_param_value_set_default (pspec, value);
      break;
    case PROP_PAGE:
      if (self->pages != NULL && adw_view_stack_get_visible_child_name (self->pages) != NULL)
        g_value_set_string (value, adw_view_stack_get_visible_child_name (self->pages));
      else
        g_param_value_set_default (pspec, value);
      break;
    case PROP_SCALE_BAR:
      if (self->viewer != NULL)
        g_object_get_property (G_OBJECT (recon_viewer_pane_get_view (self->viewer)), "scale-bar", value);
      else
        g_param_value_set_default (pspec, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_window_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  ReconWindow *self = RECON_WINDOW (object);

  if (self->pages == NULL)
    return;

  switch (id)
    {
    case PROP_SHOW_FORM:
      gtk_widget_set_visible (GTK_WIDGET (self->pages), g_value_get_boolean (value));
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_SHOW_LOG:
      gtk_widget_set_visible (GTK_WIDGET (self->log), g_value_get_boolean (value));
      break;
    case PROP_AXIS_OVERLAY:
      g_object_set_property (G_OBJECT (self->axis_view), "overlay", value);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_PAGE:
      adw_view_stack_set_visible_child_name (self->pages, g_value_get_string (value));
      break;
    case PROP_SCALE_BAR:
      g_object_set_property (G_OBJECT (recon_viewer_pane_get_view (self->viewer)), "scale-bar", value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_window_dispose (GObject *object)
{
  ReconWindow *self = RECON_WINDOW (object);

  g_clear_handle_id (&self->autosave_source, g_source_remove);
  g_clear_handle_id (&self->header_source, g_source_remove);
  g_clear_handle_id (&self->restart_source, g_source_remove);
  recon_window_cancel_runs (self);
  self->form = NULL;
  self->views = NULL;
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_clear_pointer (&self->no_device, g_free);
  g_clear_pointer (&self->devices, g_free);
  g_clear_pointer (&self->failure, g_free);
  g_clear_pointer (&self->failure_log, g_free);
  g_clear_pointer (&self->failure_value, g_free);
  g_clear_pointer (&self->lost_message, g_free);
  g_clear_pointer (&self->lost_output, g_free);
  g_clear_pointer (&self->dismissed, g_free);
  g_clear_pointer (&self->said, g_hash_table_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_WINDOW);
  g_clear_object (&self->document);
  g_clear_object (&self->client);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (recon_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/window.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, content);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, header);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, run_button);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, paned);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, form_bin);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, axis_panel);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, views);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, viewer);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, axis_view);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, log_paned);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, log);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, log_button);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, log_dot);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, file_label);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, device_label);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, summary_label);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, jobs_list);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, undo_button);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, redo_button);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, recent_popover);
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, recent_list);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
}

static void
recon_window_class_init (ReconWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = recon_window_get_property;
  object_class->set_property = recon_window_set_property;
  object_class->dispose = recon_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = recon_window_close_request;

  properties[PROP_SHOW_FORM] = g_param_spec_boolean ("show-form", NULL, NULL, TRUE, flags);
  properties[PROP_SHOW_LOG] = g_param_spec_boolean ("show-log", NULL, NULL, FALSE, flags);
  properties[PROP_AXIS_OVERLAY] = g_param_spec_string ("axis-overlay", NULL, NULL, "difference", flags);
  properties[PROP_PAGE] = g_param_spec_string ("page", NULL, NULL, "reconstruction", flags);
  properties[PROP_SCALE_BAR] = g_param_spec_boolean ("scale-bar", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (RECON_TYPE_BANNER);
  g_type_ensure (RECON_TYPE_VIEWER_PANE);
  g_type_ensure (RECON_TYPE_AXIS_PANEL);
  g_type_ensure (RECON_TYPE_AXIS_VIEW);
  g_type_ensure (RECON_TYPE_LOG_PANE);
  bind_template (widget_class);

  gtk_widget_class_install_property_action (widget_class, "win.show-form", "show-form");
  gtk_widget_class_install_property_action (widget_class, "win.show-log", "show-log");
  gtk_widget_class_install_property_action (widget_class, "win.axis-overlay", "axis-overlay");
  gtk_widget_class_install_property_action (widget_class, "win.page", "page");
  gtk_widget_class_install_property_action (widget_class, "win.scale-bar", "scale-bar");
  gtk_widget_class_install_property_action (widget_class, "win.fullscreen", "fullscreened");
  gtk_widget_class_install_action (widget_class, "win.find-axis", NULL, start_find_axis_cb);
  gtk_widget_class_install_action (widget_class, "win.focus-picture", NULL, focus_picture_cb);
  recon_window_install_actions (widget_class);
  recon_window_install_banner (widget_class);
  recon_window_install_files (widget_class);
  recon_window_install_recent (widget_class);
  recon_window_install_run (widget_class);
  recon_window_install_runs (widget_class);
  recon_window_install_start (widget_class);
}

static void
recon_window_init (ReconWindow *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();

  recon_renderer_choose (gtk_widget_get_display (GTK_WIDGET (self)));
  gtk_widget_init_template (GTK_WIDGET (self));
  recon_window_init_run (self);

  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)), "notify::gtk-xft-dpi",
                           G_CALLBACK (letters_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)), "notify::gtk-font-name",
                           G_CALLBACK (letters_changed_cb), self, G_CONNECT_SWAPPED);
  fit_header_cb (self);

  g_signal_connect (key, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  g_signal_connect_object (gtk_menu_button_get_popover (self->menu_button), "closed", G_CALLBACK (menu_closed_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_bind_property (recon_viewer_pane_get_view (self->viewer), "scale-bar",
                          recon_axis_view_get_view (self->axis_view), "scale-bar",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_object (recon_viewer_pane_get_view (self->viewer), "notify::scale-bar",
                           G_CALLBACK (scale_bar_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->log, "notify::visible", G_CALLBACK (show_log_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->log, "notify::n-unseen", G_CALLBACK (unseen_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
bind_settings (ReconWindow *self)
{
  if (self->settings == NULL)
    return;

  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "pane-position", self->paned, "position", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "form-visible", self, "show-form", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "log-visible", self, "show-log", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "live-preview", self->viewer, "live", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "scale-bar", recon_viewer_pane_get_view (self->viewer), "scale-bar",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "colour-map", recon_viewer_pane_get_view (self->viewer), "colour-map",
                   G_SETTINGS_BIND_DEFAULT);
}

/**
 * recon_window_new:
 * @application: the program
 * @client: the worker
 * @settings: (nullable): where the window's state is kept
 *
 * Returns: (transfer none): a window with a configuration of default values
 */
ReconWindow *
recon_window_new (AdwApplication *application,
                  ReconClient    *client,
                  GSettings      *settings)
{
  ReconWindow *self = g_object_new (RECON_TYPE_WINDOW, "application", application, NULL);
  g_autoptr (ReconAxisQuery) search = NULL;

  self->client = g_object_ref (client);
  self->settings = settings != NULL ? g_object_ref (settings) : NULL;
  self->document = recon_document_new ();
  self->form = RECON_FORM (recon_form_new (self->document, client));
  adw_bin_set_child (self->form_bin, GTK_WIDGET (self->form));
  bind_settings (self);

  recon_viewer_pane_connect (self->viewer, self->document, client);
  search = recon_axis_query_new (self->document, client);
  recon_axis_panel_connect (self->axis_panel, self->document, search);
  recon_axis_view_connect (self->axis_view, self->document, client, search);
  g_signal_connect_object (self->axis_panel, "row-chosen", G_CALLBACK (recon_axis_view_show_row), self->axis_view,
                           G_CONNECT_SWAPPED);
  recon_window_init_drop (self);
  recon_window_init_recent (self);

  g_signal_connect_object (recon_viewer_pane_get_view (self->viewer), "message", G_CALLBACK (recon_window_toast), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (recon_axis_view_get_view (self->axis_view), "message", G_CALLBACK (recon_window_toast),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->document, "notify", G_CALLBACK (document_notify_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->document, "changed", G_CALLBACK (document_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->form, "resolved", G_CALLBACK (form_resolved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->form, "find-axis", G_CALLBACK (find_axis_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->form, "notify::n-problems", G_CALLBACK (recon_window_update_banner), self,
                           G_CONNECT_SWAPPED);
  g_object_bind_property (self->form, "summary", self->summary_label, "label", G_BINDING_SYNC_CREATE);
  recon_window_init_worker (self);
  recon_name_menu_buttons (GTK_WIDGET (self));
  update_title (self);

  return self;
}

ReconDocument *
recon_window_get_document (ReconWindow *self)
{
  g_return_val_if_fail (RECON_IS_WINDOW (self), NULL);

  return self->document;
}

/**
 * recon_window_is_untouched:
 * @self: a window
 *
 * Returns: whether it shows nothing yet, so that a file may be opened in it
 */
gboolean
recon_window_is_untouched (ReconWindow *self)
{
  g_return_val_if_fail (RECON_IS_WINDOW (self), FALSE);

  return recon_document_get_file (self->document) == NULL && !recon_document_get_modified (self->document);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/image-view-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "viewer/cairo-renderer.h"
#include "viewer/export.h"

typedef gboolean (*ExportFunc) (const ReconScene  *scene,
                                GFile             *file,
                                GError           **error);

/* A copy of what was seen when the file was chosen; the window goes on meanwhile. */
typedef struct
{
  ExportFunc    export;
  ReconScene    scene;
  ReconPicture *picture;
  GdkTexture   *view; /* (nullable): if that is what is saved, instead of the scene */
  GFile        *file;
} ExportJob;

static void
export_job_free (ExportJob *job)
{
  g_clear_pointer (&job->picture, recon_picture_unref);
  g_clear_object (&job->view);
  g_clear_object (&job->file);
  g_free (job);
}

static void
zoom_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  ReconImageView *self = RECON_IMAGE_VIEW (widget);
  ReconViewport *viewport = &recon_canvas_get_scene (self->canvas)->viewport;
  ReconViewport before = *viewport;

  if (g_str_equal (action_name, "view.fit"))
    recon_viewport_set_fit (viewport, TRUE);
  else if (g_str_equal (action_name, "view.one-to-one"))
    recon_viewport_set_zoom (viewport, 1.0);
  else
    recon_viewport_set_zoom (viewport,
                             recon_viewport_step_zoom (viewport, g_str_equal (action_name, "view.zoom-in") ? 1 : -1));
  _recon_image_view_view_changed (self, &before);
}

static void
levels_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  ReconImageView *self = RECON_IMAGE_VIEW (widget);

  if (gtk_widget_get_visible (GTK_WIDGET (self->levels_popover)))
    gtk_menu_button_popdown (self->levels_button);
  else
    gtk_menu_button_popup (self->levels_button);
}

static void
auto_levels_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  ReconImageView *self = RECON_IMAGE_VIEW (widget);

  self->auto_levels =
    g_str_equal (action_name, "view.full-range") ? RECON_AUTO_LEVELS_FULL : RECON_AUTO_LEVELS_PERCENTILES;
  if (self->picture != NULL)
    _recon_image_view_apply_auto (self, self->auto_levels);
}

static void
next_colour_map_cb (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  ReconImageView *self = RECON_IMAGE_VIEW (widget);
  ReconColourMap next = (self->colour_map + 1) % RECON_N_COLOUR_MAPS;

  g_object_set (self, "colour-map", recon_colour_map_get_id (next), NULL);
}

static void
copy_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  ReconImageView *self = RECON_IMAGE_VIEW (widget);
  g_autofree char *text = _recon_image_view_get_copy_text (self);

  if (text == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  _recon_image_view_say (self, _ ("Value copied"));
}

static void
copy_profile_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  ReconImageView *self = RECON_IMAGE_VIEW (widget);
  g_autofree char *text = recon_image_view_format_profile (self);

  if (text == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  _recon_image_view_say (self, _ ("Profile copied"));
}

/* Nobody may overlook that a file was not written. */
static void
show_error (ReconImageView *self,
            const char     *text)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog;

  /* The window was closed meanwhile. */
  if (!GTK_IS_WINDOW (root))
    return;

  dialog = adw_message_dialog_new (GTK_WINDOW (root), _ ("The File Could Not Be Saved"), text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
say_saved (ReconImageView *self,
           GFile          *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *text = g_strdup_printf (_ ("%s saved"), name);

  _recon_image_view_say (self, text);
}

static void
export_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  ExportJob *job = task_data;
  GError *error = NULL;

  if (job->view != NULL ? recon_export_texture (job->view, job->file, &error) :
      job->export (&job->scene, job->file, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The view is not the source object of the task: the thread may be the last to let that go. */
static void
exported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (ReconImageView) self = user_data;
  ExportJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    say_saved (self, job->file);
  else
    show_error (self, error->message);
}

/* Without a function what is seen is saved. */
static void
export_image (ReconImageView *self,
              GFile          *file,
              ExportFunc      export)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, exported_cb, g_object_ref (self));
  ExportJob *job = g_new0 (ExportJob, 1);

  _recon_image_view_prepare_now (self);
  job->export = export;
  job->scene = *recon_canvas_get_scene (self->canvas);
  job->picture = self->picture != NULL ? recon_picture_ref (self->picture) : NULL;
  job->scene.picture = job->picture;
  job->file = g_object_ref (file);
  if (export == NULL)
    job->view = recon_canvas_draw_view (self->canvas, &error);
  g_task_set_source_tag (task, export_image);
  g_task_set_task_data (task, job, (GDestroyNotify) export_job_free);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_run_in_thread (task, export_thread);
}

static void
export_profile (ReconImageView *self,
                GFile          *file)
{
  g_autofree char *text = recon_image_view_format_profile (self);
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return;

  if (recon_export_text (text, file, &error))
    say_saved (self, file);
  else
    show_error (self, error->message);
}

static void
chosen_cb (GtkNativeDialog *dialog,
           int              response,
           gpointer         user_data)
{
  ReconImageView *self = RECON_IMAGE_VIEW (user_data);
  const char *what = g_object_get_data (G_OBJECT (dialog), "recon-action");
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    {
      if (g_str_equal (what, "view.export-profile"))
        export_profile (self, file);
      else if (g_str_equal (what, "view.export-view"))
        export_image (self, file, NULL);
      else if (g_str_equal (what, "view.export-png"))
        export_image (self, file, recon_export_png);
      else
        export_image (self, file, recon_export_tiff);
    }
  g_object_unref (dialog);
}

static void
export_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  ReconImageView *self = RECON_IMAGE_VIEW (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  gboolean profile = g_str_equal (action_name, "view.export-profile");
  gboolean view = g_str_equal (action_name, "view.export-view");
  gboolean tiff = g_str_equal (action_name, "view.export-tiff");
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (profile ? _ ("Export Profile") : view ? _ ("Export View") : _ ("Export Image"),
                                 GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, GTK_FILE_CHOOSER_ACTION_SAVE, NULL,
                                 NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), profile ? "profile.csv" : view ? "view.png" :
                                     tiff ? "image.tif" : "image.png");
  g_object_set_data_full (G_OBJECT (dialog), "recon-action", g_strdup (action_name), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/**
 * _recon_image_view_add_actions:
 * @widget_class: the class of views
 *
 * Installs the actions view.….
 */
void
_recon_image_view_add_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "view.zoom-in", NULL, zoom_cb);
  gtk_widget_class_install_action (widget_class, "view.zoom-out", NULL, zoom_cb);
  gtk_widget_class_install_action (widget_class, "view.fit", NULL, zoom_cb);
  gtk_widget_class_install_action (widget_class, "view.one-to-one", NULL, zoom_cb);
  gtk_widget_class_install_action (widget_class, "view.levels", NULL, levels_cb);
  gtk_widget_class_install_action (widget_class, "view.full-range", NULL, auto_levels_cb);
  gtk_widget_class_install_action (widget_class, "view.percentiles", NULL, auto_levels_cb);
  gtk_widget_class_install_action (widget_class, "view.next-colour-map", NULL, next_colour_map_cb);
  gtk_widget_class_install_property_action (widget_class, "view.colour-map", "colour-map");
  gtk_widget_class_install_property_action (widget_class, "view.lock-levels", "lock-levels");
  gtk_widget_class_install_property_action (widget_class, "view.profile", "profiling");
  gtk_widget_class_install_property_action (widget_class, "view.scale-bar", "scale-bar");
  gtk_widget_class_install_action (widget_class, "view.copy", NULL, copy_cb);
  gtk_widget_class_install_action (widget_class, "view.copy-profile", NULL, copy_profile_cb);
  gtk_widget_class_install_action (widget_class, "view.export-profile", NULL, export_cb);
  gtk_widget_class_install_action (widget_class, "view.export-view", NULL, export_cb);
  gtk_widget_class_install_action (widget_class, "view.export-png", NULL, export_cb);
  gtk_widget_class_install_action (widget_class, "view.export-tiff", NULL, export_cb);
}

/**
 * _recon_image_view_enable_actions:
 * @self: a view
 *
 * The one place that decides which actions make sense.
 */
void
_recon_image_view_enable_actions (ReconImageView *self)
{
  static const char *const of_image[] = {
    "view.zoom-in", "view.zoom-out", "view.fit", "view.one-to-one", "view.levels", "view.full-range",
    "view.percentiles", "view.profile", "view.copy", "view.copy-profile", "view.export-profile", "view.export-view",
    "view.export-png", "view.export-tiff",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (of_image); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_image[i], self->picture != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->levels_button), self->picture != NULL);
}

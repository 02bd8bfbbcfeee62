/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/failure-window.h"
#include "window/run-progress.h"
#include "window/run-record.h"
#include "window/window-private.h"

/* The list of runs: those that go on or wait, and below them those that have ended, which can be looked at again. */

static GtkWidget *
add_button (GtkWidget  *row,
            const char *icon,
            const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return button;
}

static GtkWidget *
new_row (ReconWindow *self,
         const char  *title,
         const char  *tooltip)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_tooltip_text (row, tooltip);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_append (self->jobs_list, row);

  return row;
}

/* What a run waits for is the one before it, or one of another window. */
static char *
describe_run (ReconWindowRun *run)
{
  GPtrArray *runs = run->window->runs;
  guint index;

  if (!g_str_equal (recon_client_job_get_state (run->job), "queued") || !g_ptr_array_find (runs, run, &index) ||
      index == 0)
    return recon_run_progress_describe (run->job);
  else
    {
      const ReconWindowRun *before = g_ptr_array_index (runs, index - 1);
      g_autofree char *shown = recon_run_get_title (before->output);

      return g_strdup_printf (_ ("Waiting for %s"), shown);
    }
}

/**
 * recon_window_update_run_row:
 * @run: a run that has not ended
 *
 * Says in its row how it goes on.
 */
void
recon_window_update_run_row (ReconWindowRun *run)
{
  g_autofree char *text = describe_run (run);

  if (run->row != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (run->row), text);
}

static void
cancel_clicked_cb (ReconClientJob *job)
{
  recon_client_job_cancel (job);
}

static void
add_run (ReconWindow    *self,
         ReconWindowRun *run)
{
  g_autofree char *title = recon_run_get_title (run->output);
  GtkWidget *button;

  run->row = new_row (self, title, run->output);
  button = add_button (run->row, "process-stop-symbolic", _ ("Cancel This Run"));
  g_signal_connect_object (button, "clicked", G_CALLBACK (cancel_clicked_cb), run->job, G_CONNECT_SWAPPED);
  recon_window_update_run_row (run);
}

static const ReconRunRecord *
get_record (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW)), "record");
}

static void
show_clicked_cb (ReconWindow *self,
                 GtkWidget   *button)
{
  g_autofree char *place = recon_run_record_find_place (get_record (button));

  if (place == NULL)
    {
      recon_window_toast (self, _ ("The slices of this run are gone"));
      return;
    }

  adw_view_stack_set_visible_child_name (self->pages, "reconstruction");
  recon_viewer_pane_set_result (self->viewer, place);
  g_object_set (self->viewer, "source", "result", NULL);
  gtk_popover_popdown (self->jobs_popover);
}

static void
log_clicked_cb (ReconWindow *self,
                GtkWidget   *button)
{
  const ReconRunRecord *record = get_record (button);
  g_autofree char *summary = recon_run_record_describe (record);
  g_autofree char *message = g_strdup_printf ("%s\n%s", record->output, summary);
  GtkWidget *window = recon_failure_window_new (GTK_WINDOW (self), message, record->log);

  gtk_window_set_title (GTK_WINDOW (window), _ ("Log of the Run"));
  gtk_popover_popdown (self->jobs_popover);
  gtk_window_present (GTK_WINDOW (window));
}

static void
folder_clicked_cb (ReconWindow *self,
                   GtkWidget   *button)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-folder", "s", get_record (button)->output);
  gtk_popover_popdown (self->jobs_popover);
}

/* Takes the record. */
static void
add_record (ReconWindow    *self,
            ReconRunRecord *record)
{
  g_autofree char *title = recon_run_get_title (record->output);
  g_autofree char *text = recon_run_record_describe (record);
  g_autofree char *place = recon_run_record_find_place (record);
  GtkWidget *row = new_row (self, title, record->output);
  GtkWidget *show, *log, *folder;

  g_object_set_data_full (G_OBJECT (row), "record", record, (GDestroyNotify) recon_run_record_free);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), g_str_equal (record->state, "done") ? "object-select-symbolic"
                                                      : g_str_equal (record->state, "failed")
                                                          ? "dialog-error-symbolic"
                                                          : "process-stop-symbolic");

  show = add_button (row, "recon-slices-symbolic", _ ("Show the Result"));
  gtk_widget_set_sensitive (show, place != NULL);
  g_signal_connect_object (show, "clicked", G_CALLBACK (show_clicked_cb), self, G_CONNECT_SWAPPED);
  log = add_button (row, "text-x-generic-symbolic", _ ("Show the Log"));
  g_signal_connect_object (log, "clicked", G_CALLBACK (log_clicked_cb), self, G_CONNECT_SWAPPED);
  folder = add_button (row, "folder-open-symbolic", _ ("Open the Folder"));
  g_signal_connect_object (folder, "clicked", G_CALLBACK (folder_clicked_cb), self, G_CONNECT_SWAPPED);
}

/**
 * recon_window_update_runs:
 * @self: a window
 *
 * Runs have come or gone.
 */
void
recon_window_update_runs (ReconWindow *self)
{
  g_autoptr (GPtrArray) records = NULL;
  guint n = self->runs->len;
  g_autofree char *text = n > 0 ? g_strdup_printf (ngettext ("%u run", "%u runs", n), n) : g_strdup (_ ("Runs"));
  GtkListBoxRow *row;

  gtk_menu_button_set_label (self->jobs_button, text);
  while ((row = gtk_list_box_get_row_at_index (self->jobs_list, 0)) != NULL)
    gtk_list_box_remove (self->jobs_list, GTK_WIDGET (row));
  for (guint i = 0; i < n; i++)
    add_run (self, g_ptr_array_index (self->runs, i));

  if (!gtk_widget_get_visible (GTK_WIDGET (self->jobs_popover)))
    return;

  records = recon_run_history_load ();
  g_ptr_array_set_free_func (records, NULL);
  for (guint i = 0; i < records->len; i++)
    add_record (self, g_ptr_array_index (records, i));
}

static void
runs_shown_cb (ReconWindow *self)
{
  recon_window_update_runs (self);
}

void
recon_window_install_runs (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ReconWindow, jobs_popover);
  gtk_widget_class_bind_template_callback (widget_class, runs_shown_cb);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/window-private.h"

/* What can be done at the moment, and what is done to the document as a whole. */

static void
set_undo_tooltip (GtkButton  *button,
                  const char *verb,
                  const char *what)
{
  g_autofree char *text = what != NULL ? g_strdup_printf ("%s %s", verb, what) : g_strdup (verb);

  gtk_widget_set_tooltip_text (GTK_WIDGET (button), text);
}

/**
 * recon_window_update_actions:
 * @self: a window
 *
 * The one place that decides what can be done at the moment.
 */
void
recon_window_update_actions (ReconWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean ready = recon_client_get_state (self->client) == RECON_CLIENT_READY;
  gboolean running = recon_window_is_running (self);
  gboolean can_undo, can_redo, modified;
  g_autofree char *undo_label = NULL;
  g_autofree char *redo_label = NULL;

  g_object_get (self->document, "can-undo", &can_undo, "can-redo", &can_redo, "modified", &modified, "undo-label",
                &undo_label, "redo-label", &redo_label, NULL);
  gtk_widget_action_set_enabled (widget, "win.undo", can_undo);
  gtk_widget_action_set_enabled (widget, "win.redo", can_redo);
  set_undo_tooltip (self->undo_button, _ ("Undo"), undo_label);
  set_undo_tooltip (self->redo_button, _ ("Redo"), redo_label);
  gtk_widget_action_set_enabled (widget, "win.save", modified || recon_document_get_file (self->document) == NULL);
  gtk_widget_action_set_enabled (widget, "win.run", ready && !running);
  gtk_widget_action_set_enabled (widget, "win.resume",
                                 ready && !running && recon_window_can_resume (self, NULL, NULL));
  gtk_widget_action_set_enabled (widget, "win.queue", ready && running);
  gtk_widget_action_set_enabled (widget, "win.cancel", running);

  /* One button: what it does is what is sensible now. */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->run_button), running ? "win.cancel" : "win.run");
  gtk_button_set_label (self->run_button, running ? _ ("_Cancel") : _ ("_Reconstruct"));
  if (running)
    gtk_widget_remove_css_class (GTK_WIDGET (self->run_button), "suggested-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->run_button), "suggested-action");
}

static void
undo_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  recon_document_undo (RECON_WINDOW (widget)->document);
}

static void
redo_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  recon_document_redo (RECON_WINDOW (widget)->document);
}

static void
copy_command_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  ReconWindow *self = RECON_WINDOW (widget);
  g_autofree char *command = recon_document_to_command_line (self->document);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), command);
  recon_window_toast (self, _ ("Command line copied"));
}

void
recon_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_cb);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, redo_cb);
  gtk_widget_class_install_action (widget_class, "win.copy-command", NULL, copy_command_cb);

  /* Not accelerators of the application: an entry that has a text to undo takes them first. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.redo", NULL);
}

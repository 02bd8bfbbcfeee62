/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/failure-window.h"

struct _ReconFailureWindow
{
  AdwWindow    parent_instance;

  GtkLabel    *message_label;
  GtkTextView *details_view;
};

G_DEFINE_FINAL_TYPE (ReconFailureWindow, recon_failure_window, ADW_TYPE_WINDOW)

static void
copy_clicked_cb (ReconFailureWindow *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->details_view);
  GtkTextIter start, end;
  g_autofree char *details = NULL;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  details = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  text = g_strdup_printf ("%s\n\n%s", gtk_label_get_label (self->message_label), details);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
recon_failure_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RECON_TYPE_FAILURE_WINDOW);

  G_OBJECT_CLASS (recon_failure_window_parent_class)->dispose (object);
}

static void
recon_failure_window_class_init (ReconFailureWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = recon_failure_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/failure-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconFailureWindow, message_label);
  gtk_widget_class_bind_template_child (widget_class, ReconFailureWindow, details_view);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
}

static void
recon_failure_window_init (ReconFailureWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * recon_failure_window_new:
 * @parent: the window that it belongs to
 * @message: what went wrong
 * @details: versions, device, and the log of the run
 *
 * Returns: (transfer none): a window that is not shown yet
 */
GtkWidget *
recon_failure_window_new (GtkWindow  *parent,
                          const char *message,
                          const char *details)
{
  ReconFailureWindow *self = g_object_new (RECON_TYPE_FAILURE_WINDOW, "transient-for", parent, NULL);

  gtk_label_set_label (self->message_label, message);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->details_view), details, -1);

  return GTK_WIDGET (self);
}

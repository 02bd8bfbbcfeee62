/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/run-bar.h"

#include "window/run-progress.h"

struct _ReconRunBar
{
  GtkWidget       parent_instance;

  GtkRevealer    *revealer;
  GtkLabel       *label;
  GtkProgressBar *bar;

  ReconClientJob *run; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (ReconRunBar, recon_run_bar, GTK_TYPE_WIDGET)

/* The bar pulses while it is not known how much there is to do. */
static void
show_progress (ReconRunBar *self)
{
  const ReconClientProgress *progress = recon_client_job_get_progress (self->run);

  if (progress->n_slices == 0 || progress->work <= 0)
    gtk_progress_bar_pulse (self->bar);
  else
    gtk_progress_bar_set_fraction (self->bar, MIN (1.0, progress->work / progress->n_slices));
}

static void
update (ReconRunBar *self)
{
  gboolean ended = self->run == NULL || recon_client_job_has_ended (self->run);
  g_autofree char *text = NULL;

  gtk_revealer_set_reveal_child (self->revealer, !ended);
  if (ended)
    return;

  text = recon_run_progress_describe (self->run);
  gtk_label_set_label (self->label, text);
  show_progress (self);
}

static void
recon_run_bar_dispose (GObject *object)
{
  ReconRunBar *self = RECON_RUN_BAR (object);
  GtkWidget *child;

  g_clear_object (&self->run);
  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_RUN_BAR);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (recon_run_bar_parent_class)->dispose (object);
}

static void
recon_run_bar_class_init (ReconRunBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = recon_run_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/run-bar.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, ReconRunBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, ReconRunBar, label);
  gtk_widget_class_bind_template_child (widget_class, ReconRunBar, bar);
}

static void
recon_run_bar_init (ReconRunBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * recon_run_bar_set_run:
 * @self: a bar
 * @run: (nullable): a run
 */
void
recon_run_bar_set_run (ReconRunBar    *self,
                       ReconClientJob *run)
{
  g_return_if_fail (RECON_IS_RUN_BAR (self));

  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_set_object (&self->run, run);
  if (run != NULL)
    {
      g_signal_connect_object (run, "progress", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (run, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  update (self);
}

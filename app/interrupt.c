/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "interrupt.h"

#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "commands.h"

typedef struct
{
  ReconWorkFunc  work;
  gpointer       data;
  GMainLoop     *loop;
  GCancellable  *cancellable;
  guint          n_interrupts;
} Work;

/* The first Ctrl-C ends the work in good order, the second one ends the program. */
static gboolean
interrupt_cb (gpointer user_data)
{
  Work *self = user_data;

  if (self->n_interrupts++ > 0)
    _exit (RECON_EXIT_INTERRUPTED);

  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_CONTINUE;
}

static void
work_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Work *self = task_data;
  GError *error = NULL;

  if (self->work (self->data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
done_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Work *self = user_data;

  g_main_loop_quit (self->loop);
}

/**
 * recon_work_until_interrupted:
 * @work: what is to be done, in another thread
 * @data: (closure): for @work
 * @error: return location
 *
 * Waits until the work is done. Ctrl-C cancels it.
 *
 * Returns: what @work returns
 */
gboolean
recon_work_until_interrupted (ReconWorkFunc   work,
                              gpointer        data,
                              GError        **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Work self = { .work = work, .data = data, .loop = loop, .cancellable = cancellable };
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, done_cb, &self);
  guint interrupt = g_unix_signal_add (SIGINT, interrupt_cb, &self);
  guint terminate = g_unix_signal_add (SIGTERM, interrupt_cb, &self);

  g_task_set_source_tag (task, recon_work_until_interrupted);
  /* What is done in spite of a late Ctrl-C is done. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, &self, NULL);
  g_task_run_in_thread (task, work_thread);
  g_main_loop_run (loop);
  g_source_remove (interrupt);
  g_source_remove (terminate);

  return g_task_propagate_boolean (task, error);
}

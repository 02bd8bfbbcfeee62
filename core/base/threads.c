/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/threads.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"

/* Where the system gives no more threads, GLib ends the process, and OpenCL drivers do that or wait for ever. So it is
 * tried once, before any of them is asked, whether there can be as many as they want: drivers one for each processor,
 * GLib and we some more. */
#define OTHER_THREADS 12

typedef struct
{
  GMutex   mutex;
  GCond    cond;
  gboolean quit;
} Gate;

static gpointer
wait_thread (gpointer data)
{
  Gate *gate = data;

  g_mutex_lock (&gate->mutex);
  while (!gate->quit)
    g_cond_wait (&gate->cond, &gate->mutex);
  g_mutex_unlock (&gate->mutex);

  return NULL;
}

/**
 * recon_set_thread_error:
 * @error: return location
 * @cause: what g_thread_try_new() said
 *
 * Sets #RECON_ERROR_MEMORY, with the limits that may be in the way.
 */
void
recon_set_thread_error (GError       **error,
                        const GError  *cause)
{
  g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
               _ ("The system gives no more threads: %s. Raise the limits of processes (ulimit -u) and of memory "
                  "(ulimit -v), or end other programs."),
               cause->message);
}

/**
 * recon_threads_check:
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_MEMORY if the process cannot have the threads that it will need
 */
gboolean
recon_threads_check (GError **error)
{
  guint n = g_get_num_processors () + OTHER_THREADS;
  g_autofree GThread **threads = g_new0 (GThread *, n);
  g_autoptr (GError) cause = NULL;
  Gate gate = { .quit = FALSE };
  guint n_made = 0;

  g_mutex_init (&gate.mutex);
  g_cond_init (&gate.cond);
  while (n_made < n && (threads[n_made] = g_thread_try_new ("try", wait_thread, &gate, &cause)) != NULL)
    n_made++;

  g_mutex_lock (&gate.mutex);
  gate.quit = TRUE;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.mutex);
  for (guint i = 0; i < n_made; i++)
    g_thread_join (threads[i]);
  g_cond_clear (&gate.cond);
  g_mutex_clear (&gate.mutex);

  if (cause == NULL)
    return TRUE;

  recon_set_thread_error (error, cause);
  return FALSE;
}

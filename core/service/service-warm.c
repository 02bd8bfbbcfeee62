/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/resource.h>

#include "service/service-private.h"
#include "tomography/warm.h"

/* While the user is still choosing files the kernels are compiled. Whatever somebody waits for goes first: between two
 * kernels this one waits until no job works. */

/* What is compiled in less is not worth a word: it was taken from the disk. */
#define SILENCE_USEC (G_USEC_PER_SEC / 2)

/* A client that asks for something at once gets it first, and one that leaves at once costs nothing. */
#define DELAY_MS 1000

/* The lowest priority that threads have. */
#define NICE 19

#define PAUSE_USEC (G_USEC_PER_SEC / 10)

typedef struct
{
  ReconService *service;
  GCancellable *cancellable;
  gint64        start;
} Warming;

static void
warming_free (gpointer data)
{
  Warming *self = data;

  g_object_unref (self->service);
  g_object_unref (self->cancellable);
  g_free (self);
}

static void
post (Warming               *self,
      const ReconDeviceInfo *info,
      guint                  n_done,
      guint                  n_all)
{
  g_autofree char *device = g_utf8_make_valid (info->name, -1);

  if (g_get_monotonic_time () - self->start >= SILENCE_USEC)
    _recon_service_post_event (self->service, self->service->context, "Kernels",
                               g_variant_new ("(suu)", device, n_done, n_all));
}

static void
prepared_cb (const ReconDeviceInfo *info,
             guint                  n_prepared,
             guint                  n_all,
             gpointer               user_data)
{
  Warming *self = user_data;

  /* What somebody waits for now needs the same kernels, and counts them itself. */
  if (g_atomic_int_get (&self->service->n_working) > 0)
    {
      post (self, info, 0, 0);
      while (g_atomic_int_get (&self->service->n_working) > 0 && !g_cancellable_is_cancelled (self->cancellable))
        g_usleep (PAUSE_USEC);
    }
  post (self, info, n_prepared, n_all);
}

/* A thread of its own, as those of a pool would keep the priority, which on Linux is the thread's. */
static gpointer
warm_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  setpriority (PRIO_PROCESS, 0, NICE);
  if (recon_tomography_warm_up ("auto", prepared_cb, g_task_get_task_data (task), g_task_get_cancellable (task),
                                &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);

  return NULL;
}

/* What was not compiled will be when it is needed, and errors are reported then. */
static void
warmed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ReconService *self = RECON_SERVICE (object);

  g_task_propagate_boolean (G_TASK (result), NULL);
  _recon_service_emit (self, "Kernels", g_variant_new ("(suu)", "", 0, 0));
  g_clear_object (&self->warming);
  recon_service_release (self);
}

static gboolean
begin_cb (gpointer user_data)
{
  ReconService *self = user_data;
  g_autoptr (GTask) task = NULL;
  Warming *warming = g_new (Warming, 1);

  self->warm_source = 0;
  self->warming = g_cancellable_new ();
  *warming = (Warming) { g_object_ref (self), g_object_ref (self->warming),
                         g_get_monotonic_time () };
  task = g_task_new (self, self->warming, warmed_cb, NULL);
  g_task_set_source_tag (task, begin_cb);
  g_task_set_task_data (task, warming, warming_free);
  recon_service_hold (self);
  g_thread_unref (g_thread_new ("warm-up", warm_thread, g_steal_pointer (&task)));

  return G_SOURCE_REMOVE;
}

/* Begins soon, once. */
void
recon_service_warm_up (ReconService *self)
{
  self->warm_source = g_timeout_add (DELAY_MS, begin_cb, self);
}

void
_recon_service_end_warm_up (ReconService *self)
{
  g_clear_handle_id (&self->warm_source, g_source_remove);
  if (self->warming != NULL)
    g_cancellable_cancel (self->warming);
}

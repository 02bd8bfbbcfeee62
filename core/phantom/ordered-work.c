/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/ordered-work.h"

#include <glib/gi18n-lib.h>

#include "error.h"

#define MAX_THREADS 16

typedef struct
{
  gpointer  buffer;
  guint     index;
  gboolean  full; /* guarded by the mutex */
} Slot;

typedef struct
{
  GMutex            mutex;
  GCond             filled;
  Slot             *slots;
  guint             n_slots;
  ReconProduceFunc  produce;
  gpointer          user_data;
} Work;

static void
produce_cb (gpointer data,
            gpointer user_data)
{
  Slot *slot = data;
  Work *work = user_data;

  work->produce (slot->index, slot->buffer, work->user_data);

  g_mutex_lock (&work->mutex);
  slot->full = TRUE;
  g_cond_signal (&work->filled);
  g_mutex_unlock (&work->mutex);
}

static void
wait_until_full (Work *work,
                 Slot *slot)
{
  g_mutex_lock (&work->mutex);

  while (!slot->full)
    g_cond_wait (&work->filled, &work->mutex);

  slot->full = FALSE;
  g_mutex_unlock (&work->mutex);
}

static gboolean
run (Work              *work,
     GThreadPool       *pool,
     guint              n_items,
     ReconConsumeFunc   consume,
     GCancellable      *cancellable,
     GError           **error)
{
  for (guint i = 0; i < work->n_slots; i++)
    {
      work->slots[i].index = i;
      g_thread_pool_push (pool, &work->slots[i], NULL);
    }

  for (guint i = 0; i < n_items; i++)
    {
      Slot *slot = &work->slots[i % work->n_slots];

      wait_until_full (work, slot);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !consume (i, slot->buffer, work->user_data, error))
        return FALSE;

      if (n_items - i > work->n_slots)
        {
          slot->index = i + work->n_slots;
          g_thread_pool_push (pool, slot, NULL);
        }
    }

  return TRUE;
}

static gboolean
make_buffers (Work    *work,
              gsize    bytes,
              GError **error)
{
  for (guint i = 0; i < work->n_slots; i++)
    {
      work->slots[i].buffer = g_try_malloc (bytes);

      if (work->slots[i].buffer != NULL)
        continue;

      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                   _ ("There is no memory for %u images of %" G_GSIZE_FORMAT " bytes. Choose a smaller scan."),
                   work->n_slots, bytes);
      return FALSE;
    }

  return TRUE;
}

/**
 * recon_ordered_work:
 * @n_items: number of items
 * @bytes: size of an item
 * @produce: makes an item
 * @consume: uses an item
 * @user_data: for both
 * @cancellable: (nullable): looked at before each item is used
 * @error: return location
 *
 * Makes items on all processors and uses them one after the other, with a bounded number of them in memory.
 * No thread is left when it returns.
 *
 * Returns: %FALSE with the error of @consume, %G_IO_ERROR_CANCELLED or #RECON_ERROR_MEMORY
 */
gboolean
recon_ordered_work (guint              n_items,
                    gsize              bytes,
                    ReconProduceFunc   produce,
                    ReconConsumeFunc   consume,
                    gpointer           user_data,
                    GCancellable      *cancellable,
                    GError           **error)
{
  Work work = { .produce = produce, .user_data = user_data };
  guint n_threads = MIN (MIN (g_get_num_processors (), MAX_THREADS), n_items);
  GThreadPool *pool;
  gboolean done;

  if (n_items == 0)
    return TRUE;

  work.n_slots = MIN (n_items, n_threads + 2);
  work.slots = g_new0 (Slot, work.n_slots);
  g_mutex_init (&work.mutex);
  g_cond_init (&work.filled);

  done = make_buffers (&work, bytes, error);

  if (done)
    {
      /* An exclusive pool has its threads from the start: what is pushed is sure to run if there is one. */
      pool = g_thread_pool_new (produce_cb, &work, (int) n_threads, TRUE, NULL);

      if (g_thread_pool_get_num_threads (pool) > 0)
        done = run (&work, pool, n_items, consume, cancellable, error);
      else
        {
          g_set_error_literal (error, RECON_ERROR, RECON_ERROR_MEMORY,
                               _ ("The system refused to start a thread. End other programs and try again."));
          done = FALSE;
        }

      g_thread_pool_free (pool, TRUE, TRUE);
    }

  for (guint i = 0; i < work.n_slots; i++)
    g_free (work.slots[i].buffer);

  g_free (work.slots);
  g_cond_clear (&work.filled);
  g_mutex_clear (&work.mutex);

  return done;
}

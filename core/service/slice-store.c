/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/slice-store.h"

typedef struct
{
  guint       job;
  guint       slice;
  ReconImage *image;
} Entry;

struct _ReconSliceStore
{
  gatomicrefcount references;
  GMutex          mutex; /* guards what follows */
  GQueue          entries; /* oldest first; some hundreds */
  guint64         bytes;
  guint64         budget;
};

static gsize
entry_get_bytes (const Entry *entry)
{
  return g_bytes_get_size (recon_image_get_bytes (entry->image));
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  recon_image_unref (entry->image);
  g_free (entry);
}

ReconSliceStore *
recon_slice_store_new (void)
{
  ReconSliceStore *self = g_new0 (ReconSliceStore, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->entries);

  return self;
}

ReconSliceStore *
recon_slice_store_ref (ReconSliceStore *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}

void
recon_slice_store_unref (ReconSliceStore *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  g_queue_clear_full (&self->entries, entry_free);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
drop_link (ReconSliceStore *self,
           GList           *link)
{
  self->bytes -= entry_get_bytes (link->data);
  entry_free (link->data);
  g_queue_delete_link (&self->entries, link);
}

/**
 * recon_slice_store_set_budget:
 * @self: a store
 * @bytes: what all slices together may take; the block that was added last is kept in any case
 */
void
recon_slice_store_set_budget (ReconSliceStore *self,
                              guint64          bytes)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->budget = bytes;
}

/**
 * recon_slice_store_add:
 * @self: a store
 * @job: number of the job
 * @first: index of the first slice
 * @n: number of slices
 * @height: rows
 * @width: columns
 * @slices: n × height × width values, of which copies are kept
 */
void
recon_slice_store_add (ReconSliceStore *self,
                       guint            job,
                       guint            first,
                       guint            n,
                       guint            height,
                       guint            width,
                       const float     *slices)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GPtrArray) added = g_ptr_array_new ();
  gsize pixels = (gsize) height * width;
  guint64 budget;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (slices + i * pixels, pixels * sizeof (float));
      Entry *entry = g_new (Entry, 1);

      *entry = (Entry) { job, first + i, recon_image_new (width, height, bytes) };
      g_ptr_array_add (added, entry);
    }

  locker = g_mutex_locker_new (&self->mutex);
  budget = MAX (self->budget, n * pixels * sizeof (float));
  for (guint i = 0; i < added->len; i++)
    {
      self->bytes += entry_get_bytes (added->pdata[i]);
      g_queue_push_tail (&self->entries, added->pdata[i]);
    }
  while (self->bytes > budget)
    drop_link (self, self->entries.head);
}

/* Returns: (transfer full) (nullable): a slice of a job, or %NULL if it isn't kept */
ReconImage *
recon_slice_store_find (ReconSliceStore *self,
                        guint            job,
                        guint            slice)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (GList *link = self->entries.tail; link != NULL; link = link->prev)
    {
      const Entry *entry = link->data;

      if (entry->job == job && entry->slice == slice)
        return recon_image_ref (entry->image);
    }

  return NULL;
}

void
recon_slice_store_forget (ReconSliceStore *self,
                          guint            job)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (GList *link = self->entries.head, *next; link != NULL; link = next)
    {
      next = link->next;
      if (((const Entry *) link->data)->job == job)
        drop_link (self, link);
    }
}

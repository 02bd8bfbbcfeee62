/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/queue.h"

struct _ReconQueue
{
  GMutex   mutex;
  GCond    changed;
  GQueue   items;
  gboolean closed;
};

ReconQueue *
recon_queue_new (void)
{
  ReconQueue *self = g_new0 (ReconQueue, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  g_queue_init (&self->items);

  return self;
}

void
recon_queue_free (ReconQueue *self)
{
  g_queue_clear (&self->items);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Items are not owned. Pushing to a closed queue has no effect. */
void
recon_queue_push (ReconQueue *self,
                  gpointer    item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->closed)
    return;

  g_queue_push_tail (&self->items, item);
  g_cond_signal (&self->changed);
}

/* Waits for an item. Returns %NULL once the queue is closed and empty. */
gpointer
recon_queue_pop (ReconQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (g_queue_is_empty (&self->items) && !self->closed)
    g_cond_wait (&self->changed, &self->mutex);

  return g_queue_pop_head (&self->items);
}

/* Nothing more comes; what is there can still be popped. */
void
recon_queue_close (ReconQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->closed = TRUE;
  g_cond_broadcast (&self->changed);
}

/* Nothing more comes, and what is there is dropped. */
void
recon_queue_abort (ReconQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->closed = TRUE;
  g_queue_clear (&self->items);
  g_cond_broadcast (&self->changed);
}

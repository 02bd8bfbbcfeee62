/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/team.h"

/* Items are taken in their order. When one fails, those that were taken before it are finished and no other is begun,
 * so that the error is that of the first item that fails, whatever the number of threads. */

typedef struct
{
  ReconTeamFunc  func;
  gpointer       user_data;
  guint          n_free;  /* members that may still join */
  guint          joined;  /* members that have */
  guint          n_busy;  /* and are not done */
  guint          next;    /* item */
  guint          n_items; /* 0 once one has failed */
  guint          failed;  /* item that `error` belongs to */
  GError        *error;
} Work;

struct _ReconTeam
{
  GMutex     lock;    /* of all that follows, and of the work */
  GCond      begun;
  GCond      done;
  Work      *work;    /* (nullable): what members may join */
  gboolean   quit;
  GPtrArray *threads; /* (element-type GThread): used by the caller only */
  guint      n_members;
};

/* The lock is held. */
static void
note_failure (Work   *work,
              guint   item,
              GError *error)
{
  work->n_items = 0;

  if (work->error != NULL && work->failed < item)
    {
      g_error_free (error);
      return;
    }

  g_clear_error (&work->error);
  work->error = error;
  work->failed = item;
}

/* The lock is held, and dropped while working. */
static void
take_items (ReconTeam *self,
            Work      *work)
{
  guint member = work->joined++;

  work->n_busy++;
  while (work->next < work->n_items)
    {
      guint item = work->next++;
      GError *error = NULL;

      g_mutex_unlock (&self->lock);
      work->func (item, member, work->user_data, &error);
      g_mutex_lock (&self->lock);

      if (error != NULL)
        note_failure (work, item, error);
    }
  work->n_busy--;
}

static gpointer
member_thread (gpointer data)
{
  ReconTeam *self = data;

  g_mutex_lock (&self->lock);
  while (!self->quit)
    {
      Work *work = self->work;

      if (work != NULL && work->n_free > 0 && work->next < work->n_items)
        {
          work->n_free--;
          take_items (self, work);
          g_cond_signal (&self->done);
        }
      else
        {
          g_cond_wait (&self->begun, &self->lock);
        }
    }
  g_mutex_unlock (&self->lock);

  return NULL;
}

/**
 * recon_team_new:
 * @n_members: the most threads that work at once, the calling one included; at least 1
 *
 * Returns: (transfer full): a team. It is used by one thread at a time.
 */
ReconTeam *
recon_team_new (guint n_members)
{
  ReconTeam *self;

  g_return_val_if_fail (n_members > 0, NULL);

  self = g_new0 (ReconTeam, 1);
  g_mutex_init (&self->lock);
  g_cond_init (&self->begun);
  g_cond_init (&self->done);
  self->threads = g_ptr_array_new ();
  self->n_members = n_members;

  return self;
}

/**
 * recon_team_free:
 * @self: (transfer full): a team
 *
 * Waits for the end of its threads.
 */
void
recon_team_free (ReconTeam *self)
{
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_broadcast (&self->begun);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);

  g_ptr_array_unref (self->threads);
  g_cond_clear (&self->done);
  g_cond_clear (&self->begun);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * recon_team_get_n_members:
 * @self: a team
 *
 * Returns: the most threads that work at once
 */
guint
recon_team_get_n_members (ReconTeam *self)
{
  g_return_val_if_fail (self != NULL, 1);

  return self->n_members;
}

/* Where the system gives no more threads, fewer do the same. */
static void
add_threads (ReconTeam *self,
             guint      n)
{
  while (self->threads->len < n)
    {
      GThread *thread = g_thread_try_new ("team", member_thread, self, NULL);

      if (thread == NULL)
        break;

      g_ptr_array_add (self->threads, thread);
    }
}

/**
 * recon_team_run:
 * @self: a team
 * @n_members: the most members for this work, at least 1
 * @n_items: number of items
 * @func: (scope call): what to do with an item; the member counts from 0 and is below @n_members
 * @user_data: data for @func
 * @error: return location
 *
 * Calls @func for all items. Returns when no thread is in @func any more.
 *
 * Returns: %FALSE with the error of the first item that failed
 */
gboolean
recon_team_run (ReconTeam      *self,
                guint           n_members,
                guint           n_items,
                ReconTeamFunc   func,
                gpointer        user_data,
                GError        **error)
{
  Work work = { .func = func, .user_data = user_data, .n_items = n_items };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (n_members > 0, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  work.n_free = MIN (MIN (n_members, self->n_members), MAX (n_items, 1)) - 1;
  add_threads (self, work.n_free);

  g_mutex_lock (&self->lock);
  if (work.n_free > 0)
    {
      self->work = &work;
      g_cond_broadcast (&self->begun);
    }
  take_items (self, &work);
  self->work = NULL;
  while (work.n_busy > 0)
    g_cond_wait (&self->done, &self->lock);
  g_mutex_unlock (&self->lock);

  if (work.error == NULL)
    return TRUE;

  g_propagate_error (error, work.error);
  return FALSE;
}

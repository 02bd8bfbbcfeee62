/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "graph/job-private.h"
#include "graph/trace-private.h"

/* The rate is that of the last blocks, so that it follows a disk or a device that slows down. */
#define RATE_WINDOW_SECONDS 20

/* Between two of them at least. */
#define MARK_USEC (G_USEC_PER_SEC / 4)

/* With the mutex. */
void
_recon_job_mark_work (ReconJob *self)
{
  const double work = self->share * (self->n_worked + self->in_work);
  const ReconJobMark mark = { g_get_monotonic_time (), MAX (self->work, work) };
  guint old = 0;

  self->work = mark.work;
  if (self->marks->len > 1 &&
      g_array_index (self->marks, ReconJobMark, self->marks->len - 2).time > mark.time - MARK_USEC)
    g_array_set_size (self->marks, self->marks->len - 1);
  g_array_append_val (self->marks, mark);

  while (old + 2 < self->marks->len &&
         g_array_index (self->marks, ReconJobMark, old + 1).time < mark.time - RATE_WINDOW_SECONDS * G_USEC_PER_SEC)
    old++;
  if (old > 0)
    g_array_remove_range (self->marks, 0, old);
}

static void
progress_cb (double   slices,
             gpointer user_data)
{
  ReconJob *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->in_work += slices;
  if (slices > 0)
    _recon_job_mark_work (self);
}

static void
prepared_cb (const ReconDeviceInfo *info,
             guint                  n_prepared,
             guint                  n_steps,
             gpointer               user_data)
{
  ReconJob *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (n_prepared == 0)
    self->n_to_prepare += n_steps;
  else
    self->n_prepared++;
  self->preparing = self->n_prepared < self->n_to_prepare ? g_intern_string (info->name) : NULL;

  /* The time that this took says nothing about the rate. */
  if (self->preparing == NULL)
    {
      g_array_set_size (self->marks, 0);
      _recon_job_mark_work (self);
    }
}

static void
worked_cb (ReconStage  stage,
           const char *task,
           const char *where,
           guint       first,
           guint       n,
           gint64      start,
           gint64      end,
           gpointer    user_data)
{
  ReconJob *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const double seconds = (double) (end - start) / G_USEC_PER_SEC;

  /* Of computing, tasks say more. */
  if (self->trace != NULL && (task != NULL || stage != RECON_STAGE_COMPUTE))
    recon_trace_add (self->trace, task != NULL ? task : where, where, first, n, start, end);
  if (task != NULL)
    {
      recon_costs_add (self->costs, task, seconds);
      return;
    }

  self->stage_seconds[stage] += seconds;
  if (stage != RECON_STAGE_WRITE)
    return;

  self->n_worked += n;
  if (self->is_main)
    {
      self->n_done += n;
      memset (self->finished + first, 1, n);
    }
  _recon_job_mark_work (self);
}

static void
fed_cb (guint       node,
        ReconArray *array,
        gpointer    user_data)
{
  ReconJob *self = user_data;
  const ReconRegion *region = recon_array_get_region (array);
  const float *images;

  if (node != self->sink || recon_array_get_type_of (array) != RECON_ARRAY_FLOAT32)
    return;
  /* It has been read by the sink: nothing is fetched, and nothing can fail. */
  images = recon_array_read (array, NULL);
  if (images != NULL)
    self->tap ((guint) region->axes[0].first, recon_array_get_n (array, 0), recon_array_get_n (array, 1),
               recon_array_get_n (array, 2), images, self->tap_data);
}

/* What the executor calls. */
void
_recon_job_get_funcs (ReconJob           *self,
                      ReconExecutorFuncs *funcs)
{
  *funcs = (ReconExecutorFuncs) {
    .worked = worked_cb,
    .progress = progress_cb,
    .prepared = prepared_cb,
    .fed = self->tap != NULL ? fed_cb : NULL,
    .user_data = self,
  };
}

/**
 * recon_job_get_progress:
 * @self: a job
 * @progress: (out caller-allocates): where it stands
 *
 * May be called from any thread at any time.
 */
void
recon_job_get_progress (ReconJob         *self,
                        ReconJobProgress *progress)
{
  const guint n_slices = recon_job_get_n_slices (self);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 now = g_get_monotonic_time ();

  *progress = (ReconJobProgress) {
    .state = self->state,
    .n_slices = n_slices,
    .n_done = self->n_done,
    .n_kept = self->n_kept,
    .work = MIN (self->work, n_slices),
    .n_prepared = self->n_prepared,
    .n_to_prepare = self->n_to_prepare,
    .preparing = self->preparing,
    .remaining = -1,
    .read_seconds = self->stage_seconds[RECON_STAGE_READ],
    .compute_seconds = self->stage_seconds[RECON_STAGE_COMPUTE],
    .write_seconds = self->stage_seconds[RECON_STAGE_WRITE],
  };
  if (self->started != 0)
    progress->elapsed = (double) ((self->ended != 0 ? self->ended : now) - self->started) / G_USEC_PER_SEC;

  if (self->marks->len > 1)
    {
      const ReconJobMark *first = &g_array_index (self->marks, ReconJobMark, 0);
      const ReconJobMark *last = &g_array_index (self->marks, ReconJobMark, self->marks->len - 1);

      /* Of the first moments nothing can be said. */
      if (last->time - first->time > MARK_USEC || (self->n_done > 0 && last->time > first->time))
        progress->rate = (last->work - first->work) * (double) G_USEC_PER_SEC / (double) (last->time - first->time);
      if (progress->rate > 0)
        progress->remaining = MAX (0, (n_slices - self->work) / progress->rate -
                                          (double) (now - last->time) / G_USEC_PER_SEC);
    }
}

/**
 * recon_job_is_finished:
 * @self: a job
 * @slice: index of a slice
 *
 * May be called from any thread at any time.
 *
 * Returns: whether the slice stands on disk, made by this job or by the one that it resumes
 */
gboolean
recon_job_is_finished (ReconJob *self,
                       guint     slice)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (RECON_IS_JOB (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);

  return self->finished != NULL && slice < recon_job_get_n_slices (self) && self->finished[slice];
}

/**
 * recon_job_format_costs:
 * @self: a job
 *
 * Stages work at the same time: the job takes hardly longer than the slowest one. Computing is counted per worker.
 *
 * Returns: (transfer full): a line that says how long each stage was at work, and which was the slowest
 */
char *
recon_job_format_costs (ReconJob *self)
{
  const char *const names[] = { _ ("reading"), _ ("computing"), _ ("writing") };
  g_autoptr (GMutexLocker) locker = NULL;
  GString *text = g_string_new (NULL);
  double seconds[RECON_N_STAGES];
  guint slowest = 0, n_workers = 0;

  g_return_val_if_fail (RECON_IS_JOB (self), NULL);

  locker = g_mutex_locker_new (&self->mutex);
  for (guint i = 0; i < self->devices->len; i++)
    n_workers += recon_plan_get_n_workers (g_ptr_array_index (self->devices, i));
  /* A graph without work for devices has none. */
  n_workers = MAX (n_workers, 1);
  for (guint i = 0; i < RECON_N_STAGES; i++)
    {
      seconds[i] = self->stage_seconds[i] / (i == RECON_STAGE_COMPUTE ? n_workers : 1);
      if (seconds[i] > seconds[slowest])
        slowest = i;
    }

  for (guint i = 0; i < RECON_N_STAGES; i++)
    {
      g_string_append_printf (text, "%s%s %.2f s", i > 0 ? ", " : "", names[i], seconds[i]);
      for (guint k = 0; i == RECON_STAGE_COMPUTE && k < self->costs->len; k++)
        {
          const ReconCost *cost = &g_array_index (self->costs, ReconCost, k);

          g_string_append_printf (text, "%s%s %.2f%s", k == 0 ? " (" : ", ", cost->name,
                                  cost->seconds / n_workers, k + 1 == self->costs->len ? ")" : "");
        }
    }
  g_string_append_printf (text, _ ("; %s was the slowest"), names[slowest]);

  return g_string_free (text, FALSE);
}

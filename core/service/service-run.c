/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/service-job.h"

#include <glib/gi18n-lib.h>

#include "graph/memory.h"
#include "tomography/describe.h"

/* Progress is reported ten times a second while slices get done, and now and then so that the time left goes on. */
#define PROGRESS_MS      100
#define PROGRESS_AT_REST 5

/* Of the memory that is free when a job starts, for slices to look at. */
#define SLICES_SHARE 16

struct _ReconServiceRun
{
  ReconServiceJob parent_instance;

  ReconResume          resume;
  ReconSliceStore     *slices;
  GCancellable        *cancellable;
  ReconJob            *job;  /* (nullable): once it is made */
  ReconTomographyInfo *info; /* (nullable): likewise */
  guint                timer;
  double               reported; /* work done, in slices */
  guint                reported_prepared;
  guint                rests; /* times that there was nothing to report */
};

G_DEFINE_FINAL_TYPE (ReconServiceRun, recon_service_run, RECON_TYPE_SERVICE_JOB)

/* What the thread that makes the job comes up with. */
typedef struct
{
  ReconJob            *job;
  ReconTomographyInfo *info;
} Made;

static void
made_free (gpointer data)
{
  Made *made = data;

  g_clear_object (&made->job);
  g_clear_pointer (&made->info, recon_tomography_info_free);
  g_free (made);
}

/* A slice to be read from its file. */
typedef struct
{
  guint    index;
  gboolean done; /* the job is */
} Wanted;

/* In the thread that writes. */
static void
tap_cb (guint        first,
        guint        n,
        guint        height,
        guint        width,
        const float *slices,
        gpointer     user_data)
{
  ReconServiceRun *self = user_data;
  guint number = recon_service_job_get_number (RECON_SERVICE_JOB (self));

  recon_slice_store_add (self->slices, number, first, n, height, width, slices);
  recon_service_job_post_event (RECON_SERVICE_JOB (self), "BlockDone", g_variant_new ("(uuu)", number, first, n));
}

static void
follow_state (ReconServiceRun        *self,
              const ReconJobProgress *progress)
{
  if (progress->state == RECON_JOB_RUNNING || progress->state == RECON_JOB_DONE)
    recon_service_job_set_state (RECON_SERVICE_JOB (self), RECON_SERVICE_RUNNING, NULL);
}

static void
emit_progress (ReconServiceJob *job)
{
  g_auto (GVariantDict) progress = G_VARIANT_DICT_INIT (NULL);

  recon_service_job_describe (job, &progress);
  recon_service_job_emit (job, "Progress", g_variant_new ("(u@a{sv})", recon_service_job_get_number (job),
                                                          g_variant_dict_end (&progress)));
}

static gboolean
progress_cb (gpointer user_data)
{
  ReconServiceRun *self = user_data;
  ReconJobProgress progress;

  recon_job_get_progress (self->job, &progress);
  if (progress.work > self->reported || progress.n_prepared != self->reported_prepared ||
      ++self->rests >= PROGRESS_AT_REST)
    {
      self->reported = progress.work;
      self->reported_prepared = progress.n_prepared;
      self->rests = 0;
      emit_progress (RECON_SERVICE_JOB (self));
    }
  /* Clients learn how many slices an earlier run has made before they learn that it runs. */
  follow_state (self, &progress);

  return G_SOURCE_CONTINUE;
}

static void
ran_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (ReconServiceRun) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *costs = recon_job_format_costs (self->job);
  ReconJobProgress progress;

  recon_job_run_finish (self->job, result, &error);
  g_clear_handle_id (&self->timer, g_source_remove);

  recon_job_get_progress (self->job, &progress);
  emit_progress (RECON_SERVICE_JOB (self));
  follow_state (self, &progress);
  recon_log_info (recon_service_job_get_log (RECON_SERVICE_JOB (self)), _ ("At work: %s"), costs);
  /* From now on slices are read from the files. Of those that are not there to be read the newest are kept. */
  if (error == NULL)
    recon_slice_store_forget (self->slices, recon_service_job_get_number (RECON_SERVICE_JOB (self)));
  recon_service_job_end (RECON_SERVICE_JOB (self), error);
}

static void
make_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  ReconServiceRun *self = RECON_SERVICE_RUN (source_object);
  GError *error = NULL;
  Made *made = g_new0 (Made, 1);

  made->job = recon_tomography_new_described_job (task_data, self->resume,
                                                  recon_service_job_get_log (RECON_SERVICE_JOB (self)), &made->info,
                                                  &error);
  if (made->job != NULL)
    {
      g_task_return_pointer (task, made, made_free);
      return;
    }

  made_free (made);
  g_task_return_error (task, error);
}

static void
made_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  ReconServiceRun *self = RECON_SERVICE_RUN (object);
  g_autoptr (GError) error = NULL;
  Made *made = g_task_propagate_pointer (G_TASK (result), &error);

  if (made == NULL)
    {
      recon_service_job_end (RECON_SERVICE_JOB (self), error);
      return;
    }

  self->job = g_steal_pointer (&made->job);
  self->info = g_steal_pointer (&made->info);
  made_free (made);

  recon_slice_store_set_budget (self->slices, recon_memory_available () / SLICES_SHARE);
  recon_job_set_tap (self->job, tap_cb, self, NULL);
  self->timer = g_timeout_add (PROGRESS_MS, progress_cb, self);
  recon_job_run_async (self->job, self->cancellable, ran_cb, g_object_ref (self));
}

static void
recon_service_run_start (ReconServiceJob *job)
{
  ReconServiceRun *self = RECON_SERVICE_RUN (job);
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, made_cb, NULL);

  g_task_set_source_tag (task, recon_service_run_start);
  g_task_set_task_data (task, recon_config_copy (recon_service_job_get_config (job)), g_object_unref);
  recon_service_job_set_state (job, RECON_SERVICE_PREPARING, NULL);
  g_task_run_in_thread (task, make_thread);
}

static void
recon_service_run_cancel (ReconServiceJob *job)
{
  g_cancellable_cancel (RECON_SERVICE_RUN (job)->cancellable);
}

static void
recon_service_run_describe (ReconServiceJob *job,
                            GVariantDict    *description)
{
  ReconServiceRun *self = RECON_SERVICE_RUN (job);
  ReconJobProgress progress = { .remaining = -1 };

  if (self->job != NULL)
    recon_job_get_progress (self->job, &progress);

  g_variant_dict_insert (description, "n-slices", "u", progress.n_slices);
  g_variant_dict_insert (description, "n-done", "u", progress.n_done);
  g_variant_dict_insert (description, "work", "d", progress.work);
  g_variant_dict_insert (description, "preparing", "s", progress.preparing != NULL ? progress.preparing : "");
  g_variant_dict_insert (description, "n-prepared", "u", progress.n_prepared);
  g_variant_dict_insert (description, "n-to-prepare", "u", progress.n_to_prepare);
  g_variant_dict_insert (description, "rate", "d", progress.rate);
  g_variant_dict_insert (description, "remaining", "d", progress.remaining);
  g_variant_dict_insert (description, "elapsed", "d", progress.elapsed);
}

static ReconWorkerImage *
new_slice (ReconServiceRun *self,
           guint            index,
           ReconImage      *image)
{
  ReconWorkerImage *slice = g_new (ReconWorkerImage, 1);

  *slice = (ReconWorkerImage) {
    .image = image,
    .view = RECON_VIEW_SLICE,
    .index = index,
    .n_images = self->info->n_slices,
    .number = self->info->numbers[index],
    .reduction = 1,
    .full_width = recon_image_get_width (image),
    .full_height = recon_image_get_height (image),
  };

  return slice;
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  ReconServiceRun *self = RECON_SERVICE_RUN (source_object);
  const Wanted *wanted = task_data;
  GError *error = NULL;
  /* The configuration of a job that runs is not changed any more. */
  ReconImage *image = recon_slice_file_read (recon_service_job_get_config (RECON_SERVICE_JOB (self)), self->info,
                                             wanted->index, wanted->done, &error);

  if (image != NULL)
    g_task_return_pointer (task, new_slice (self, wanted->index, image), (GDestroyNotify) recon_worker_image_free);
  else
    g_task_return_error (task, error);
}

static void
recon_service_run_get_image (ReconServiceJob *job,
                             guint            index,
                             GTask           *task)
{
  ReconServiceRun *self = RECON_SERVICE_RUN (job);
  ReconImage *image;

  if (self->info != NULL && index >= self->info->n_slices)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                               _ ("There is no slice %u: the job makes %u, which count from 0."), index,
                               self->info->n_slices);
      return;
    }
  if (self->info == NULL || !recon_job_is_finished (self->job, index))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, _ ("Slice %u is not finished yet."), index);
      return;
    }

  image = recon_slice_store_find (self->slices, recon_service_job_get_number (job), index);
  if (image != NULL)
    g_task_return_pointer (task, new_slice (self, index, image), (GDestroyNotify) recon_worker_image_free);
  else if (recon_service_job_get_state (job) != RECON_SERVICE_DONE && !recon_slice_file_stands_alone (self->info))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                             _ ("Slice %u is finished, but its file can be read only when the job is done."), index);
  else
    {
      Wanted *wanted = g_new (Wanted, 1);

      *wanted = (Wanted) { index, recon_service_job_get_state (job) == RECON_SERVICE_DONE };
      g_task_set_task_data (task, wanted, g_free);
      g_task_run_in_thread (task, read_thread);
    }
}

static void
recon_service_run_finalize (GObject *object)
{
  ReconServiceRun *self = RECON_SERVICE_RUN (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->job);
  g_clear_pointer (&self->info, recon_tomography_info_free);
  recon_slice_store_forget (self->slices, recon_service_job_get_number (RECON_SERVICE_JOB (self)));
  recon_slice_store_unref (self->slices);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (recon_service_run_parent_class)->finalize (object);
}

static void
recon_service_run_class_init (ReconServiceRunClass *klass)
{
  ReconServiceJobClass *job_class = RECON_SERVICE_JOB_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = recon_service_run_finalize;
  job_class->start = recon_service_run_start;
  job_class->cancel = recon_service_run_cancel;
  job_class->describe = recon_service_run_describe;
  job_class->get_image = recon_service_run_get_image;
}

static void
recon_service_run_init (ReconServiceRun *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * recon_service_run_new:
 * @resume: whether to go on with what an earlier run has left
 * @slices: keeps the slices that can be looked at while the job runs
 *
 * Returns: (transfer full): a job
 */
ReconServiceJob *
recon_service_run_new (ReconResume      resume,
                       ReconSliceStore *slices)
{
  ReconServiceRun *self = g_object_new (RECON_TYPE_SERVICE_RUN, NULL);

  self->resume = resume;
  self->slices = recon_slice_store_ref (slices);

  return RECON_SERVICE_JOB (self);
}

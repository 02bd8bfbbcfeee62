/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/service-job.h"

#include <glib/gi18n-lib.h>

#include "preview/preview.h"
#include "wire/messages.h"

/* The job has a thread, which owns the ReconPreview and makes one image after the other. The main thread leaves the
 * newest order under the mutex, cancels what is under way for an older one, and gets images by posts: those with
 * a serial that is no longer the newest are dropped. */

/* A slice that takes longer is first made smaller, so that it comes within the second one. */
#define LONG_SECONDS  0.06
#define SHORT_SECONDS 0.05

/* Then it has the processors to itself on its way to the screen. */
#define GIVE_WAY_SECONDS 0.1

/* What is to be made. */
typedef struct
{
  guint                serial;
  ReconConfig         *config;
  ReconPreviewRequest  request;
  GCancellable        *cancellable;
} Order;

struct _ReconServicePreview
{
  ReconServiceJob parent_instance;

  ReconPreviewRequest  request;
  guint                serial; /* the newest */
  GCancellable        *cancellable; /* (nullable): of the newest order */
  gboolean             cancelled;
  ReconWorkerImage   *newest; /* (nullable) */

  GMutex               mutex; /* guards what follows */
  GCond                cond;
  Order               *order; /* (nullable): the newest, if the thread hasn't taken it */
  gboolean             stop;
};

G_DEFINE_FINAL_TYPE (ReconServicePreview, recon_service_preview, RECON_TYPE_SERVICE_JOB)

static void
order_free (Order *order)
{
  g_object_unref (order->config);
  g_object_unref (order->cancellable);
  g_free (order);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Order, order_free)

/* What the thread posts. */
typedef struct
{
  ReconServicePreview *self;
  guint                serial;
  ReconWorkerImage   *image;   /* (nullable) */
  char                *message; /* (nullable) */
  gboolean             last;    /* of this serial */
} Update;

static void
update_free (gpointer data)
{
  Update *update = data;

  g_object_unref (update->self);
  g_clear_pointer (&update->image, recon_worker_image_free);
  g_free (update->message);
  g_free (update);
}

static gboolean
take_update (gpointer data)
{
  Update *update = data;
  ReconServicePreview *self = update->self;

  if (update->serial != self->serial || self->cancelled)
    return G_SOURCE_REMOVE;

  if (update->image != NULL)
    {
      g_clear_pointer (&self->newest, recon_worker_image_free);
      self->newest = g_steal_pointer (&update->image);
      recon_service_job_emit (RECON_SERVICE_JOB (self), "ImageDone",
                              g_variant_new ("(uu)", recon_service_job_get_number (RECON_SERVICE_JOB (self)),
                                             update->serial));
    }
  if (update->last)
    recon_service_job_set_state (RECON_SERVICE_JOB (self), RECON_SERVICE_IDLE, update->message);

  return G_SOURCE_REMOVE;
}

static void
post_update (ReconServicePreview *self,
             Update              *update)
{
  update->self = g_object_ref (self);
  recon_service_job_post (RECON_SERVICE_JOB (self), take_update, update, update_free);
}

static gboolean
take_end (gpointer data)
{
  recon_service_job_set_state (data, RECON_SERVICE_CANCELLED, NULL);

  return G_SOURCE_REMOVE;
}

/* The reduction to begin with: 1 if the full slice won't take long. @seconds: what the last slice of each reduction
 * took, 0 where there was none. Half the angles and a quarter of the pixels come to somewhat more than an eighth; what
 * was measured counts only as long as it isn't out of date, for the first slice of its kind takes longest. */
static guint
choose_reduction (const double *seconds)
{
  double half = seconds[2] > 0 ? MIN (seconds[2], seconds[1] / 6) : seconds[1] / 6;

  if (seconds[1] <= LONG_SECONDS)
    return 1;

  return half < SHORT_SECONDS ? 2 : 4;
}

/* Makes one image and posts it. Returns: whether there is more to do for the order */
static gboolean
make_image (ReconServicePreview *self,
            ReconPreview        *preview,
            const Order         *order,
            guint                reduction,
            double              *seconds,
            gboolean             last)
{
  ReconPreviewRequest request = order->request;
  g_auto (ReconPreviewResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  Update *update = g_new0 (Update, 1);

  request.reduction = reduction;
  update->serial = order->serial;
  update->last = last;

  if (!recon_preview_make (preview, order->config, &request, &result, order->cancellable, &error))
    {
      update->last = TRUE;
      /* Cancelled means that it isn't wanted: a newer order or the end takes care of the state. */
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        update->message = g_strdup (error->message);
      post_update (self, update);
      return FALSE;
    }

  if (request.view == RECON_VIEW_SLICE && reduction <= 4)
    seconds[reduction] = result.seconds;
  update->image = g_new (ReconWorkerImage, 1);
  *update->image = (ReconWorkerImage) {
    .image = g_steal_pointer (&result.image),
    .view = request.view,
    .index = result.index,
    .n_images = result.n_images,
    .number = result.number,
    .reduction = result.reduction,
    .full_width = result.width,
    .full_height = result.height,
    .serial = order->serial,
    .seconds = result.seconds,
  };
  post_update (self, update);

  return !last;
}

static Order *
wait_for_order (ReconServicePreview *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (self->order == NULL && !self->stop)
    g_cond_wait (&self->cond, &self->mutex);

  return self->stop ? NULL : g_steal_pointer (&self->order);
}

/* Waits a little, unless there is something new to do. */
static void
give_way (ReconServicePreview *self)
{
  const gint64 until = g_get_monotonic_time () + (gint64) (GIVE_WAY_SECONDS * G_USEC_PER_SEC);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (self->order == NULL && !self->stop)
    if (!g_cond_wait_until (&self->cond, &self->mutex, until))
      return;
}

static gpointer
preview_thread (gpointer data)
{
  ReconServicePreview *self = data;
  ReconPreview *preview = recon_preview_new (recon_service_job_get_log (RECON_SERVICE_JOB (self)));
  double seconds[5] = { 0 };
  Order *order;

  while ((order = wait_for_order (self)) != NULL)
    {
      guint wanted = order->request.reduction;
      guint first = wanted;

      if (order->request.view == RECON_VIEW_SLICE && wanted == 1)
        first = choose_reduction (seconds);
      if (first != wanted && !make_image (self, preview, order, first, seconds, FALSE))
        {
          order_free (order);
          continue;
        }
      if (first != wanted)
        give_way (self);
      make_image (self, preview, order, wanted, seconds, TRUE);
      order_free (order);
    }

  /* What it keeps on the device goes before the job ends. */
  g_object_unref (preview);
  /* The thread's reference goes along: the last one must go in the main thread. */
  recon_service_job_post (RECON_SERVICE_JOB (self), take_end, self, g_object_unref);

  return NULL;
}

static void
place_order (ReconServicePreview *self)
{
  Order *order = g_new (Order, 1);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->serial++;

  *order = (Order) {
    .serial = self->serial,
    .config = recon_config_copy (recon_service_job_get_config (RECON_SERVICE_JOB (self))),
    .request = self->request,
    .cancellable = g_object_ref (self->cancellable),
  };

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->order, order_free);
  self->order = order;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);

  recon_service_job_set_state (RECON_SERVICE_JOB (self), RECON_SERVICE_RUNNING, NULL);
}

static void
recon_service_preview_start (ReconServiceJob *job)
{
  ReconServicePreview *self = RECON_SERVICE_PREVIEW (job);

  place_order (self);
  g_thread_unref (g_thread_new ("preview", preview_thread, g_object_ref (self)));
}

static void
recon_service_preview_cancel (ReconServiceJob *job)
{
  ReconServicePreview *self = RECON_SERVICE_PREVIEW (job);

  self->cancelled = TRUE;
  g_cancellable_cancel (self->cancellable);

  g_mutex_lock (&self->mutex);
  self->stop = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static void
recon_service_preview_describe (ReconServiceJob *job,
                                GVariantDict    *description)
{
  ReconServicePreview *self = RECON_SERVICE_PREVIEW (job);

  g_variant_dict_insert (description, "view", "s", recon_view_get_name (self->request.view));
  g_variant_dict_insert (description, "index", "u", self->request.index);
  g_variant_dict_insert (description, "reduction", "u", self->request.reduction);
  g_variant_dict_insert (description, "serial", "u", self->serial);
}

static void
recon_service_preview_get_image (ReconServiceJob *job,
                                 guint            index,
                                 GTask           *task)
{
  ReconServicePreview *self = RECON_SERVICE_PREVIEW (job);

  if (self->newest != NULL)
    g_task_return_pointer (task, recon_worker_image_copy (self->newest), (GDestroyNotify) recon_worker_image_free);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, _ ("There is no image yet."));
}

static void
recon_service_preview_finalize (GObject *object)
{
  ReconServicePreview *self = RECON_SERVICE_PREVIEW (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->newest, recon_worker_image_free);
  g_clear_pointer (&self->order, order_free);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (recon_service_preview_parent_class)->finalize (object);
}

static void
recon_service_preview_class_init (ReconServicePreviewClass *klass)
{
  ReconServiceJobClass *job_class = RECON_SERVICE_JOB_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = recon_service_preview_finalize;
  job_class->is_continuous = TRUE;
  job_class->start = recon_service_preview_start;
  job_class->cancel = recon_service_preview_cancel;
  job_class->describe = recon_service_preview_describe;
  job_class->get_image = recon_service_preview_get_image;
}

static void
recon_service_preview_init (ReconServicePreview *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
}

/**
 * recon_service_preview_new:
 * @request: what the first image shows
 *
 * Returns: (transfer full): a job
 */
ReconServiceJob *
recon_service_preview_new (const ReconPreviewRequest *request)
{
  ReconServicePreview *self = g_object_new (RECON_TYPE_SERVICE_PREVIEW, NULL);

  self->request = *request;

  return RECON_SERVICE_JOB (self);
}

void
recon_service_preview_get_request (ReconServicePreview *self,
                                   ReconPreviewRequest *request)
{
  *request = self->request;
}

/**
 * recon_service_preview_continue:
 * @self: a job that has been started and has not ended
 * @request: what the next image shows
 *
 * Makes an image with the job's configuration as it now is. What was under way is dropped.
 *
 * Returns: the serial of the image
 */
guint
recon_service_preview_continue (ReconServicePreview       *self,
                                const ReconPreviewRequest *request)
{
  self->request = *request;
  place_order (self);

  return self->serial;
}

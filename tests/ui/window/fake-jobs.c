/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-jobs.h"

struct _ReconClient
{
  GObject           parent_instance;

  ReconClientState  state;
  ReconClientJob   *preview;  /* (nullable): the newest */
  GPtrArray        *readings; /* (element-type GTask): of files */
};

struct _ReconClientJob
{
  GObject              parent_instance;

  ReconPreviewRequest  request;
  guint                n_requests;
  gboolean             busy;
  gboolean             ended;
  gboolean             cancelled;
  char                *message;
  GPtrArray           *readings; /* (element-type GTask): of slices of a run */
};

enum
{
  IMAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ReconClient, recon_client, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (ReconClientJob, recon_client_job, G_TYPE_OBJECT)

static void
recon_client_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  g_value_set_int (value, RECON_CLIENT (object)->state);
}

static void
recon_client_dispose (GObject *object)
{
  ReconClient *self = RECON_CLIENT (object);

  g_clear_object (&self->preview);
  g_clear_pointer (&self->readings, g_ptr_array_unref);

  G_OBJECT_CLASS (recon_client_parent_class)->dispose (object);
}

static void
recon_client_class_init (ReconClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = recon_client_get_property;
  object_class->dispose = recon_client_dispose;
  g_object_class_install_property (object_class, 1,
                                   g_param_spec_int ("state", NULL, NULL, 0, RECON_CLIENT_LOST, 0,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
recon_client_init (ReconClient *self)
{
  self->state = RECON_CLIENT_READY;
  self->readings = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
recon_client_job_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  g_value_set_boolean (value, RECON_CLIENT_JOB (object)->busy);
}

static void
recon_client_job_finalize (GObject *object)
{
  ReconClientJob *self = RECON_CLIENT_JOB (object);

  g_ptr_array_unref (self->readings);
  g_free (self->message);

  G_OBJECT_CLASS (recon_client_job_parent_class)->finalize (object);
}

static void
recon_client_job_class_init (ReconClientJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = recon_client_job_get_property;
  object_class->finalize = recon_client_job_finalize;
  g_object_class_install_property (object_class, 1,
                                   g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  signals[IMAGE] = g_signal_new ("image", RECON_TYPE_CLIENT_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, RECON_TYPE_WORKER_IMAGE | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
recon_client_job_init (ReconClientJob *self)
{
  self->message = g_strdup ("");
  self->readings = g_ptr_array_new_with_free_func (g_object_unref);
}

/* What the loader calls. */

ReconClientState
recon_client_get_state (ReconClient *self)
{
  return self->state;
}

void
recon_client_job_update (ReconClientJob            *self,
                         ReconConfig               *config,
                         const ReconPreviewRequest *request)
{
  self->request = *request;
  self->n_requests++;
  self->busy = TRUE;
}

ReconClientJob *
recon_client_preview (ReconClient               *self,
                      ReconConfig               *config,
                      const ReconPreviewRequest *request)
{
  g_clear_object (&self->preview);
  self->preview = fake_job_new ();
  recon_client_job_update (self->preview, config, request);

  return g_object_ref (self->preview);
}

const char *
recon_client_job_get_message (ReconClientJob *self)
{
  return self->message;
}

gboolean
recon_client_job_has_ended (ReconClientJob *self)
{
  return self->ended;
}

void
recon_client_job_cancel (ReconClientJob *self)
{
  self->cancelled = TRUE;
}

/* Which image is meant is kept beside the task. */
static void
read_image (GPtrArray *readings,
            GTask     *task,
            guint      index)
{
  g_task_set_task_data (task, GUINT_TO_POINTER (index), NULL);
  g_ptr_array_add (readings, task);
}

void
recon_client_read_image_async (ReconClient         *self,
                               const char          *path,
                               guint                index,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  read_image (self->readings, g_task_new (self, cancellable, callback, user_data), index);
}

ReconWorkerImage *
recon_client_image_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
recon_client_job_get_image_async (ReconClientJob      *self,
                                  guint                index,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  read_image (self->readings, g_task_new (self, cancellable, callback, user_data), index);
}

/* What tests call. */

static ReconWorkerImage *
new_image (ReconView view,
           guint     index)
{
  static const float pixels[4] = { 0, 1, 2, 3 };
  g_autoptr (GBytes) bytes = g_bytes_new_static (pixels, sizeof pixels);
  ReconWorkerImage *image = g_new0 (ReconWorkerImage, 1);

  image->image = recon_image_new (2, 2, bytes);
  image->view = view;
  image->index = index;
  image->n_images = 100;
  image->reduction = 1;

  return image;
}

static void
end_reading (GPtrArray  *readings,
             const char *message)
{
  g_autoptr (GTask) task = NULL;

  g_assert_cmpuint (readings->len, >, 0);
  task = g_ptr_array_steal_index (readings, 0);
  if (message != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", message);
  else
    g_task_return_pointer (task, new_image (RECON_VIEW_SLICE, GPOINTER_TO_UINT (g_task_get_task_data (task))),
                           (GDestroyNotify) recon_worker_image_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

ReconClient *
fake_client_new (void)
{
  return g_object_new (RECON_TYPE_CLIENT, NULL);
}

void
fake_client_set_state (ReconClient      *self,
                       ReconClientState  state)
{
  self->state = state;
  g_object_notify (G_OBJECT (self), "state");
}

ReconClientJob *
fake_client_get_preview (ReconClient *self)
{
  return self->preview;
}

guint
fake_client_get_n_readings (ReconClient *self)
{
  return self->readings->len;
}

/* Ends the oldest one: with an image, or with a message. */
void
fake_client_end_reading (ReconClient *self,
                         const char  *message)
{
  end_reading (self->readings, message);
}

ReconClientJob *
fake_job_new (void)
{
  return g_object_new (RECON_TYPE_CLIENT_JOB, NULL);
}

guint
fake_job_get_n_requests (ReconClientJob *self)
{
  return self->n_requests;
}

const ReconPreviewRequest *
fake_job_get_request (ReconClientJob *self)
{
  return &self->request;
}

gboolean
fake_job_is_cancelled (ReconClientJob *self)
{
  return self->cancelled;
}

void
fake_job_send (ReconClientJob *self,
               ReconView       view,
               guint           index)
{
  g_autoptr (ReconWorkerImage) image = new_image (view, index);

  g_signal_emit (self, signals[IMAGE], 0, image);
}

/* What was asked for last is done: it has come, or @message says why not. */
void
fake_job_rest (ReconClientJob *self,
               const char     *message)
{
  g_free (self->message);
  self->message = g_strdup (message);
  self->busy = FALSE;
  g_object_notify (G_OBJECT (self), "busy");
}

void
fake_job_end (ReconClientJob *self)
{
  self->ended = TRUE;
}

guint
fake_job_get_n_readings (ReconClientJob *self)
{
  return self->readings->len;
}

void
fake_job_end_reading (ReconClientJob *self)
{
  end_reading (self->readings, NULL);
}

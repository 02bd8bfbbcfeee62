/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "request/axis-result.h"
#include "base/image.h"
#include "base/log.h"
#include "base/resume.h"
#include "config/config.h"
#include "request/view.h"
#include "wire/worker-image.h"

G_BEGIN_DECLS

/* A worker process as its client sees it. Everything is asynchronous; callbacks and signals come in the main context
 * in which the client was made. A worker that ends, for whatever reason, ends all that was under way with
 * G_IO_ERROR_CLOSED; recon_client_start() then brings a new one. */

typedef enum
{
  RECON_CLIENT_STOPPED,
  RECON_CLIENT_STARTING,
  RECON_CLIENT_READY,
  RECON_CLIENT_LOST, /* the worker ended by itself */
} ReconClientState;

/* Properties, which notify: "state" (ReconClientState as an int); "kernels" (string), see recon_client_get_kernels().
 * Signals: "log" (guint job, int ReconLogLevel, gint64 µs since 1970, const char *text): all jobs and the worker. */
#define RECON_TYPE_CLIENT (recon_client_get_type ())
G_DECLARE_FINAL_TYPE (ReconClient, recon_client, RECON, CLIENT, GObject)

/* How far a run is. */
typedef struct
{
  guint   n_slices;     /* 0 while unknown */
  guint   n_done;
  double  work;         /* slices' worth of work done */
  char   *preparing;    /* the device that kernels are compiled for, "" while none */
  guint   n_prepared;
  guint   n_to_prepare;
  double  rate;         /* slices a second, 0 while unknown */
  double  remaining;    /* s, negative while unknown */
  double  elapsed;      /* s */
} ReconClientProgress;

/* One job of a worker.
 * Properties: "state" (string, notifies), "message" (string, notifies); "busy" (boolean, notifies): of a continuous
 * job: what was asked for last has not come yet.
 * Signals: "progress"; "log" (int level, gint64 time, const char *text); "block-done" (guint first, guint n); "image"
 * (ReconWorkerImage *): a continuous job's newest, to be copied by whoever keeps it. */
#define RECON_TYPE_CLIENT_JOB (recon_client_job_get_type ())
G_DECLARE_FINAL_TYPE (ReconClientJob, recon_client_job, RECON, CLIENT_JOB, GObject)

ReconClient      *recon_client_new             (const char *const    *argv);
void              recon_client_start           (ReconClient          *self);
void              recon_client_stop            (ReconClient          *self);
ReconClientState  recon_client_get_state       (ReconClient          *self);
const char       *recon_client_get_lost_reason (ReconClient          *self);
const char       *recon_client_get_kernels     (ReconClient          *self,
                                                guint                *n_done,
                                                guint                *n_all);
GPid              recon_client_get_pid         (ReconClient          *self);

/* Questions, of which the first four are answered by recon_client_answer_finish(). */
void              recon_client_inspect_async      (ReconClient              *self,
                                                   const char               *path,
                                                   GCancellable             *cancellable,
                                                   GAsyncReadyCallback       callback,
                                                   gpointer                  user_data);
void              recon_client_find_scan_async    (ReconClient              *self,
                                                   const char               *path,
                                                   GCancellable             *cancellable,
                                                   GAsyncReadyCallback       callback,
                                                   gpointer                  user_data);
void              recon_client_resolve_async      (ReconClient              *self,
                                                   ReconConfig              *config,
                                                   GCancellable             *cancellable,
                                                   GAsyncReadyCallback       callback,
                                                   gpointer                  user_data);
void              recon_client_list_devices_async (ReconClient              *self,
                                                   GCancellable             *cancellable,
                                                   GAsyncReadyCallback       callback,
                                                   gpointer                  user_data);
GVariant         *recon_client_answer_finish      (ReconClient              *self,
                                                   GAsyncResult             *result,
                                                   GError                  **error);
void              recon_client_find_axis_async    (ReconClient              *self,
                                                   ReconConfig              *config,
                                                   const ReconAxisSettings  *settings,
                                                   GCancellable             *cancellable,
                                                   GAsyncReadyCallback       callback,
                                                   gpointer                  user_data);
ReconAxisResult  *recon_client_find_axis_finish   (ReconClient              *self,
                                                   GAsyncResult             *result,
                                                   GError                  **error);
void              recon_client_read_image_async   (ReconClient              *self,
                                                   const char               *path,
                                                   guint                     index,
                                                   GCancellable             *cancellable,
                                                   GAsyncReadyCallback       callback,
                                                   gpointer                  user_data);
ReconWorkerImage *recon_client_image_finish       (GAsyncResult             *result,
                                                   GError                  **error);

/* Jobs. Submitting starts at once; until the worker has answered the state is "queued". Nothing fails here: a job that
 * the worker refuses becomes "failed" with its message. */
ReconClientJob   *recon_client_run             (ReconClient          *self,
                                                ReconConfig          *config,
                                                ReconResume           resume);
ReconClientJob   *recon_client_preview         (ReconClient          *self,
                                                ReconConfig          *config,
                                                const ReconPreviewRequest *request);

const char       *recon_client_job_get_state   (ReconClientJob       *self);
const char       *recon_client_job_get_message (ReconClientJob       *self);
const ReconClientProgress *recon_client_job_get_progress (ReconClientJob *self);
gboolean          recon_client_job_has_ended   (ReconClientJob       *self);
void              recon_client_job_update      (ReconClientJob       *self,
                                                ReconConfig          *config,
                                                const ReconPreviewRequest *request);
void              recon_client_job_cancel      (ReconClientJob       *self);
void              recon_client_job_get_image_async  (ReconClientJob       *self,
                                                     guint                 index,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);

G_END_DECLS

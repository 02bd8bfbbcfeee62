/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/log.h"
#include "base/resume.h"
#include "config/config.h"
#include "service/slices.h"
#include "wire/worker-image.h"

G_BEGIN_DECLS

typedef enum
{
  RECON_SERVICE_QUEUED,
  RECON_SERVICE_PREPARING,
  RECON_SERVICE_RUNNING,
  RECON_SERVICE_IDLE,
  RECON_SERVICE_DONE,
  RECON_SERVICE_FAILED,
  RECON_SERVICE_CANCELLED,
} ReconServiceState;

/* A job of a service, by which it is used in its main context. Signals, which come there too: "state-changed"; "event"
 * (const char *name, GVariant *arguments): a signal of Worker1.xml, other than that. */
#define RECON_TYPE_SERVICE_JOB (recon_service_job_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconServiceJob, recon_service_job, RECON, SERVICE_JOB, GObject)

struct _ReconServiceJobClass
{
  GObjectClass parent_class;

  gboolean  is_continuous;

  void     (*start)     (ReconServiceJob  *self);
  /* For a job that has been started: it ends soon, and its state then says so. */
  void     (*cancel)    (ReconServiceJob  *self);
  void     (*describe)  (ReconServiceJob  *self,
                         GVariantDict     *description);
  /* Returns a ReconWorkerImage by the task. */
  void     (*get_image) (ReconServiceJob  *self,
                         guint             index,
                         GTask            *task);
};

guint              recon_service_job_get_number    (ReconServiceJob      *self);
void               recon_service_job_set_number    (ReconServiceJob      *self,
                                                    guint                 number);
ReconConfig       *recon_service_job_get_config    (ReconServiceJob      *self);
ReconLog          *recon_service_job_get_log       (ReconServiceJob      *self);
ReconServiceState  recon_service_job_get_state     (ReconServiceJob      *self);
const char        *recon_service_job_get_state_name (ReconServiceJob     *self);
const char        *recon_service_job_get_message   (ReconServiceJob      *self);
gboolean           recon_service_job_is_continuous (ReconServiceJob      *self);
gboolean           recon_service_job_has_ended     (ReconServiceJob      *self);

/* Whether it has been started, and since then has not ended. */
gboolean           recon_service_job_is_alive      (ReconServiceJob      *self);
gboolean           recon_service_job_was_started   (ReconServiceJob      *self);
void               recon_service_job_mark_started  (ReconServiceJob      *self);

void               recon_service_job_start         (ReconServiceJob      *self);
void               recon_service_job_cancel        (ReconServiceJob      *self);
void               recon_service_job_describe      (ReconServiceJob      *self,
                                                    GVariantDict         *description);
void               recon_service_job_get_image     (ReconServiceJob      *self,
                                                    guint                 index,
                                                    GTask                *task);

/* For subclasses. */
void               recon_service_job_set_state     (ReconServiceJob      *self,
                                                    ReconServiceState     state,
                                                    const char           *message);
void               recon_service_job_end           (ReconServiceJob      *self,
                                                    const GError         *error);
void               recon_service_job_post          (ReconServiceJob      *self,
                                                    GSourceFunc           function,
                                                    gpointer              data,
                                                    GDestroyNotify        destroy);
void               recon_service_job_post_event    (ReconServiceJob      *self,
                                                    const char           *name,
                                                    GVariant             *arguments);
void               recon_service_job_emit          (ReconServiceJob      *self,
                                                    const char           *name,
                                                    GVariant             *arguments);

/* service-events.c: from any thread. */
void               _recon_service_post             (GMainContext         *context,
                                                    GSourceFunc           function,
                                                    gpointer              data,
                                                    GDestroyNotify        destroy);
void               _recon_service_post_event       (gpointer              object,
                                                    GMainContext         *context,
                                                    const char           *name,
                                                    GVariant             *arguments);
void               _recon_service_follow_log       (gpointer              object,
                                                    GMainContext         *context,
                                                    ReconLog             *log,
                                                    guint                 job);

/* service-run.c: a job that reconstructs all slices. */
#define RECON_TYPE_SERVICE_RUN (recon_service_run_get_type ())
G_DECLARE_FINAL_TYPE (ReconServiceRun, recon_service_run, RECON, SERVICE_RUN, ReconServiceJob)

ReconServiceJob *recon_service_run_new             (ReconResume                resume,
                                                    ReconSliceStore           *slices);

/* service-preview.c: a continuous job, single images, again and again while the configuration changes. */
#define RECON_TYPE_SERVICE_PREVIEW (recon_service_preview_get_type ())
G_DECLARE_FINAL_TYPE (ReconServicePreview, recon_service_preview, RECON, SERVICE_PREVIEW, ReconServiceJob)

ReconServiceJob *recon_service_preview_new         (const ReconPreviewRequest *request);
void             recon_service_preview_get_request (ReconServicePreview       *self,
                                                    ReconPreviewRequest       *request);
guint            recon_service_preview_continue    (ReconServicePreview       *self,
                                                    const ReconPreviewRequest *request);

G_END_DECLS

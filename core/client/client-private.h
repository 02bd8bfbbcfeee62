/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/client.h"
#include "wire/messages.h"

G_BEGIN_DECLS

/* A worker's process: its end, and what it prints on its standard error. Lives until the process has ended.
 *
 * Signals, in the main context in which it was made: "line" (const char *text): of standard error; "ended": it has, and
 * recon_client_process_describe_end() says how. */
#define RECON_TYPE_CLIENT_PROCESS (recon_client_process_get_type ())
G_DECLARE_FINAL_TYPE (ReconClientProcess, recon_client_process, RECON, CLIENT_PROCESS, GObject)

ReconClientProcess *recon_client_process_new     (const char *const   *argv,
                                                  GIOStream          **stream,
                                                  GError             **error);
GPid                recon_client_process_get_pid (ReconClientProcess  *self);
void                recon_client_process_kill    (ReconClientProcess  *self);
void                recon_client_process_leave   (ReconClientProcess  *self);
char               *recon_client_process_describe_end (ReconClientProcess *self);

struct _ReconClient
{
  GObject parent_instance;

  char               **argv;
  ReconClientState     state;
  char                *lost_reason;
  char                *kernels;    /* the device for which the worker compiles ahead; "" */
  guint                n_kernels_done;
  guint                n_kernels;
  char                *trouble;    /* (nullable): why the connection was given up */

  ReconClientProcess  *process;    /* (nullable) */
  GDBusConnection     *connection; /* (nullable) */
  GCancellable        *connecting; /* (nullable) */
  guint                subscription;
  gboolean             process_ended;
  gboolean             closed;
  guint                timer;

  GQueue               waiting;    /* GTasks of calls that were made while the worker starts */
  guint                generation; /* of workers, whose jobs count from 1 each */
  guint                n_searches; /* for the axis, which count from 1 */
  GPtrArray           *jobs;       /* those that have not ended; they hold no reference to the client */
};

struct _ReconClientJob
{
  GObject parent_instance;

  GWeakRef             client;
  guint                generation; /* of the worker that has it */
  guint                number;     /* 0 until the worker has given one */
  gboolean             continuous;
  gboolean             started;
  gboolean             cancelled;  /* is to be, as soon as it has a number */

  ReconConfig         *sent;       /* (nullable): the configuration that the worker has */
  ReconConfig         *next;       /* (nullable): one that it shall have */
  ReconPreviewRequest  request;
  gboolean             continuing; /* a change is under way */
  guint                serial;     /* of the newest image that was asked for */
  gboolean             fetching;
  gboolean             fetch_again;
  gboolean             busy;       /* see the property */

  char                *state;
  char                *message;
  ReconClientProgress  progress;
};

/* client-calls.c: one call of a method, after the worker has started if it is about to. */
GVariant       *_recon_client_new_text             (const char           *text);
GVariant       *_recon_client_new_text_and_options (const char           *text,
                                                    GVariant             *options);
void            _recon_client_call                 (ReconClient          *self,
                                                    const char           *method,
                                                    GVariant             *parameters,
                                                    const char           *reply_type,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
GVariant       *_recon_client_call_finish          (ReconClient          *self,
                                                    GAsyncResult         *result,
                                                    GUnixFDList         **fds,
                                                    GError              **error);
void            _recon_client_end_waiting          (ReconClient          *self);

/* client-image.c: a call that gives an image, however many messages that takes, for recon_client_image_finish(). */
void            _recon_client_fetch_image          (ReconClient          *self,
                                                    const char           *method,
                                                    GVariant             *parameters,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);

/* client.c */
void            _recon_client_notify               (ReconClient          *self);
void            _recon_client_log                  (ReconClient          *self,
                                                    guint                 job,
                                                    ReconLogLevel         level,
                                                    gint64                time,
                                                    const char           *text);
void            _recon_client_signal_cb            (GDBusConnection      *connection,
                                                    const char           *sender,
                                                    const char           *path,
                                                    const char           *interface,
                                                    const char           *signal,
                                                    GVariant             *parameters,
                                                    gpointer              user_data);

/* client-job.c */
void            _recon_client_job_emit_block       (ReconClientJob       *self,
                                                    guint                 first,
                                                    guint                 n);
void            _recon_client_job_emit_progress    (ReconClientJob       *self);
void            _recon_client_job_emit_image       (ReconClientJob       *self,
                                                    ReconWorkerImage     *image);
void            _recon_client_job_emit_log         (ReconClientJob       *self,
                                                    int                   level,
                                                    gint64                time,
                                                    const char           *text);
void            _recon_client_job_check_busy       (ReconClientJob       *self);

/* client-job-calls.c */
ReconClient    *_recon_client_job_get_client       (ReconClientJob       *self);
ReconClientJob *_recon_client_job_submit           (ReconClient          *client,
                                                    ReconClientJob       *self,
                                                    ReconResume           resume);
void            _recon_client_job_continue         (ReconClientJob       *self);
void            _recon_client_job_handle_signal    (ReconClientJob       *self,
                                                    const char           *signal,
                                                    GVariant             *parameters);
void            _recon_client_job_end              (ReconClientJob       *self,
                                                    const char           *state,
                                                    const char           *message);

G_END_DECLS

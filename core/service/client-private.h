/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "service/client-process.h"
#include "service/client.h"

G_BEGIN_DECLS

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

/* client-calls.c: one call of a method, after the worker has started if it is about to. */
void      _recon_client_call        (ReconClient          *self,
                                     const char           *method,
                                     GVariant             *parameters,
                                     const GVariantType   *reply_type,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
GVariant *_recon_client_call_finish (ReconClient          *self,
                                     GAsyncResult         *result,
                                     GUnixFDList         **fds,
                                     GError              **error);
void      _recon_client_end_waiting (ReconClient          *self);

/* client-image.c: a call that gives an image, however many messages that takes. */
void              _recon_client_fetch_image        (ReconClient          *self,
                                                    const char           *method,
                                                    GVariant             *parameters,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
ReconWorkerImage *_recon_client_fetch_image_finish (ReconClient          *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

/* client-job.c */
guint _recon_client_job_get_number (ReconClientJob  *self);
void  _recon_client_job_hear       (ReconClientJob  *self,
                                    const char      *signal,
                                    GVariant        *parameters);
void _recon_client_job_tell_log (ReconClientJob *self,
                                 int             level,
                                 gint64          time,
                                 const char     *text);
void  _recon_client_job_end        (ReconClientJob  *self,
                                    const char      *state,
                                    const char      *message);

/* client.c */
void  _recon_client_notify         (ReconClient     *self);
void  _recon_client_say            (ReconClient     *self,
                                    guint            job,
                                    ReconLogLevel    level,
                                    gint64           time,
                                    const char      *text);
void  _recon_client_signal_cb      (GDBusConnection *connection,
                                    const char      *sender,
                                    const char      *path,
                                    const char      *interface,
                                    const char      *signal,
                                    GVariant        *parameters,
                                    gpointer         user_data);
void  _recon_client_keep_job       (ReconClient     *self,
                                    ReconClientJob  *job);
void  _recon_client_drop_job       (ReconClient     *self,
                                    ReconClientJob  *job);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "service/client-private.h"

G_BEGIN_DECLS

struct _ReconClientJob
{
  GObject parent_instance;

  GWeakRef             client;
  guint                generation; /* of the worker that has it */
  guint                number;     /* 0 until the worker has given one */
  gboolean             continuous;
  gboolean             started;
  gboolean             cancelled;  /* is to be, as soon as it has a number */

  ReconConfig         *told;       /* (nullable): the configuration that the worker has */
  ReconConfig         *next;       /* (nullable): one that it shall have */
  ReconPreviewRequest  request;
  gboolean             continuing; /* a change is under way */
  guint                serial;     /* of the newest image that was asked for */
  gboolean             fetching;
  gboolean             fetch_again;
  gboolean             busy;       /* see the property */

  char                *state;
  char                *message;
  guint                n_slices;
  guint                n_done;
  double               work;
  char                *preparing;
  guint                n_prepared;
  guint                n_to_prepare;
  double               rate;
  double               remaining;
  double               elapsed;
};

/* client-job-talk.c */
ReconClient    *_recon_client_job_get_client (ReconClientJob   *self);
ReconClientJob *_recon_client_job_submit     (ReconClient      *client,
                                              ReconClientJob   *self,
                                              ReconResume       resume);
void            _recon_client_job_continue   (ReconClientJob   *self);

/* client-job.c */
void            _recon_client_job_tell_block (ReconClientJob   *self,
                                              guint             first,
                                              guint             n);
void            _recon_client_job_check_busy (ReconClientJob   *self);
void            _recon_client_job_tell_image (ReconClientJob   *self,
                                              ReconWorkerImage *image);

G_END_DECLS

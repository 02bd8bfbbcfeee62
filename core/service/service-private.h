/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "service/service-job.h"
#include "service/service.h"
#include "service/slices.h"
#include "wire/worker-image.h"

G_BEGIN_DECLS

struct _ReconService
{
  GObject parent_instance;

  GMainContext    *context;     /* in which it was made */
  gboolean         closing;     /* takes no more work, and closes when none is left */
  gboolean         closed;
  guint            n_held;      /* by calls that are not answered, and while kernels are compiled ahead */

  guint            n_made;      /* jobs, which are numbered from 1 */
  GHashTable      *jobs;        /* number → ReconServiceJob */
  GPtrArray       *leaving;     /* jobs that were removed while their thread still runs */
  GQueue           queue;       /* jobs that wait for their turn */
  ReconServiceJob *running;     /* (nullable): the one whose turn it is; owned by jobs */
  GQueue           waits;       /* calls of Wait */
  ReconSliceStore *slices;

  guint            warm_source; /* until kernels are compiled ahead */
  GCancellable    *warming;     /* (nullable): while kernels are compiled ahead */
  gint             n_working;   /* jobs that somebody waits for; atomic */
  GTask           *search;      /* (nullable): for the axis; owned by its thread */
};

/* What a thread does to answer a question: with a tuple or, for ReadImage, a ReconWorkerImage. */
typedef gpointer ReconServiceQuery (GVariant  *arguments,
                                    GError   **error);

/* A call of a method, until it is answered. */
typedef struct
{
  ReconService       *service;
  GVariant           *arguments;
  ReconServiceQuery  *query; /* (nullable): if it is a question */
  ReconServiceAnswer  callback;
  gpointer            user_data;
} ReconServiceCall;

/* service.c. Whoever answers takes neither a reference on the call nor looks at it again; what is given is taken. */
void             _recon_service_answer        (ReconServiceCall  *call,
                                               GVariant          *answer);
void             _recon_service_answer_image  (ReconServiceCall  *call,
                                               ReconWorkerImage *image);
void             _recon_service_fail          (ReconServiceCall  *call,
                                               GError            *error);
void             _recon_service_emit          (ReconService      *self,
                                               const char        *name,
                                               GVariant          *arguments);
void             _recon_service_close_if_idle (ReconService      *self);

/* service-warm.c, service-axis.c */
void             _recon_service_end_warm_up   (ReconService      *self);
void             _recon_service_cancel_search (ReconService      *self);

/* Methods, which see that their call is answered: service-jobs.c, service-axis.c. */
typedef void ReconServiceMethod (ReconService     *self,
                                 ReconServiceCall *call);

ReconServiceMethod _recon_service_submit, _recon_service_start, _recon_service_continue, _recon_service_cancel,
                   _recon_service_wait, _recon_service_list, _recon_service_describe, _recon_service_remove,
                   _recon_service_get_image, _recon_service_find_axis, _recon_service_cancel_find_axis;

/* Questions: service-inspect.c, service-queries.c. */
ReconServiceQuery _recon_service_inspect, _recon_service_find_scan, _recon_service_resolve,
                  _recon_service_list_devices, _recon_service_read_image;

/* service-queries.c: arguments, and dictionaries as answers. */
void             _recon_service_insert_text   (GVariantDict      *dict,
                                               const char        *key,
                                               const char        *text);
void             _recon_service_insert_texts  (GVariantDict      *dict,
                                               const char        *key,
                                               GPtrArray         *texts);
const char      *_recon_service_get_text      (GVariant          *arguments);
GVariant        *_recon_service_new_answer    (GVariantDict      *dict);

G_END_DECLS

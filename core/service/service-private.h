/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "service/service-image.h"
#include "service/service-job.h"
#include "service/service.h"
#include "service/slice-store.h"
#include "service/worker1.h"

G_BEGIN_DECLS

struct _ReconService
{
  GObject parent_instance;

  ReconDBusWorker1 *skeleton;
  GDBusConnection  *connection;  /* (nullable): while it serves */
  GTask            *serving;     /* (nullable): likewise */
  GSource          *cancel_source; /* (nullable): likewise */
  gboolean          closing;     /* takes no more work, and ends when none is left */
  GSource          *last_words;  /* (nullable): gives up on a client that doesn't read them */

  guint             n_made;      /* jobs, which are numbered from 1 */
  GHashTable       *jobs;        /* number → ReconServiceJob */
  GPtrArray        *leaving;     /* jobs that were removed while their thread still runs */
  GQueue            queue;       /* jobs that wait for their turn */
  ReconServiceJob  *running;     /* (nullable): the one whose turn it is; owned by jobs */
  GQueue            waits;       /* Wait calls to be answered */
  ReconSliceStore  *slices;

  guint             n_tokens;
  GHashTable       *pixels;      /* token → GBytes that are sent in parts */
  guint             n_calls;     /* that threads work on */
  guint             warm_source; /* until kernels are compiled ahead */
  GCancellable     *warming;     /* (nullable): while kernels are compiled ahead */
  gint              n_working;   /* jobs that somebody waits for; atomic */
  GTask            *search;      /* (nullable): for the axis; owned by its thread */
};

/* Methods: service-methods.c, service-inspect.c, service-find.c, service-looks.c, service-images.c, service-axis.c. */
void _recon_service_connect_methods (ReconService *self);
void _recon_service_connect_inspect (ReconService *self);
void _recon_service_connect_find    (ReconService *self);
void _recon_service_connect_looks   (ReconService *self);
void _recon_service_connect_images  (ReconService *self);
void _recon_service_connect_axis    (ReconService *self);

/* service-warm.c */
void _recon_service_warm_up_soon    (ReconService *self);
void _recon_service_end_warming     (ReconService *self);

/* service-axis.c */
void _recon_service_cancel_search   (ReconService *self);

/* The job of a call, or %NULL after the call was answered with an error. */
ReconServiceJob *_recon_service_find_job (ReconService          *self,
                                          GDBusMethodInvocation *invocation,
                                          guint                  number);

/* A call that a thread answers: @work gives the tuple that is returned, or an image to be sent. */
typedef gpointer (*ReconServiceWork) (gconstpointer   data,
                                      GError        **error);
typedef void (*ReconServiceAnswer) (ReconService          *self,
                                    GDBusMethodInvocation *invocation,
                                    gpointer               result);

void _recon_service_work (ReconService          *self,
                          GDBusMethodInvocation *invocation,
                          ReconServiceWork       work,
                          gpointer               data,
                          GDestroyNotify         data_destroy,
                          GDestroyNotify         result_destroy,
                          ReconServiceAnswer     answer);

/* service-looks.c: dictionaries as results. */
void      _recon_service_insert_text  (GVariantDict          *dict,
                                       const char            *key,
                                       const char            *text);
void      _recon_service_insert_texts (GVariantDict          *dict,
                                       const char            *key,
                                       GPtrArray             *texts);
GVariant *_recon_service_new_tuple    (GVariantDict          *dict);
void      _recon_service_return_tuple (ReconService          *self,
                                       GDBusMethodInvocation *invocation,
                                       gpointer               tuple);

void _recon_service_send_image (ReconService          *self,
                                GDBusMethodInvocation *invocation,
                                gpointer               image);

/* Errors go over the wire as UTF-8. Takes the error. */
void _recon_service_return_error (GDBusMethodInvocation *invocation,
                                  GError                *error);

void _recon_service_end_if_idle (ReconService *self);
void _recon_service_begin_next  (ReconService *self);

G_END_DECLS

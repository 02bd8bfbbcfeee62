/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "config/choices.h"
#include "config/config.h"
#include "graph/job.h"
#include "io/scan.h"
#include "io/writer.h"
#include "tasks/write-slices.h"
#include "tomography/describe.h"

G_BEGIN_DECLS

/* All that the standard job is made of. */
typedef struct
{
  ReconConfig       *config;   /* as given */
  ReconConfig       *resolved; /* with what automatic values came to */
  ReconResume        resume;
  ReconLog          *log;
  ReconScan         *scan;
  ReconGraph        *graph;
  guint              read;    /* nodes of it */
  guint              write;
  GPtrArray         *devices; /* those that are used */
  ReconOutputFormat  format;
  ReconWriter       *writer;  /* (nullable): that of the node that writes, once its place is known */
} ReconTomography;

/* The parameters that tell where the input is. */
#define RECON_N_INPUT_PATHS 6

extern const ReconParameter recon_tomography_input_paths[RECON_N_INPUT_PATHS];

ReconTomography     *recon_tomography_open             (ReconConfig      *config,
                                                        ReconLog         *log,
                                                        GError          **error);
gboolean             recon_tomography_choose_output    (ReconTomography  *self,
                                                        GError          **error);
char                *recon_tomography_find_earlier     (ReconTomography  *self);
void                 recon_tomography_check_space      (ReconTomography  *self);
gboolean             recon_tomography_check_settings   (ReconTomography  *self,
                                                        ReconLedger      *ledger,
                                                        GError          **error);
gboolean             recon_tomography_check_references (ReconTomography  *self,
                                                        GError          **error);
ReconTomographyInfo *recon_tomography_get_info         (ReconTomography  *self);

void     recon_tomography_free       (ReconTomography  *self);
gboolean recon_tomography_prepare    (ReconJob         *job,
                                      gpointer          user_data,
                                      GCancellable     *cancellable,
                                      GError          **error);
const ReconArrayInfo *recon_tomography_get_slices (ReconTomography *self);

/* The axis, if it has to be found: axis.c. */
gboolean     recon_tomography_wants_axis  (ReconTomography  *self);
double       recon_tomography_get_axis    (ReconTomography  *self);
gboolean     recon_tomography_find_axis   (ReconTomography  *self,
                                           ReconLedger      *earlier,
                                           GCancellable     *cancellable,
                                           GError          **error);
gboolean     recon_tomography_check_axis  (ReconTomography  *self,
                                           gboolean          describe,
                                           GCancellable     *cancellable,
                                           GError          **error);
void         recon_tomography_note_axis   (ReconTomography  *self,
                                           ReconConfig      *config,
                                           JsonObject       *header);

/* What the ledger says of the input: record.c. */
void         recon_tomography_note_inputs  (ReconScan        *scan,
                                            JsonObject       *header);
void         recon_tomography_note_source  (ReconTask        *task,
                                            const char       *node,
                                            JsonObject       *header);
gboolean     recon_tomography_check_record (ReconScan        *scan,
                                            ReconLedger      *ledger,
                                            const char       *path,
                                            ReconResume       resume,
                                            ReconLog         *log,
                                            GError          **error);
gboolean     recon_tomography_check_source (ReconTask        *task,
                                            const char       *node,
                                            ReconLedger      *ledger,
                                            const char       *path,
                                            ReconResume       resume,
                                            ReconLog         *log,
                                            GError          **error);

gboolean     recon_tomography_check_inputs (ReconTomography  *self,
                                            GError          **error);
gboolean     recon_tomography_check_sources (ReconGraph      *graph,
                                            ReconTask        *write,
                                            GError          **error);
ReconConfig *recon_tomography_resolve (ReconTomography *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTomography, recon_tomography_free)

G_END_DECLS

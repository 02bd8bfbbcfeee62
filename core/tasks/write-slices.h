/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/ledger.h"
#include "graph/sink.h"
#include "io/writer.h"

G_BEGIN_DECLS

#define RECON_TYPE_WRITE_SLICES (recon_write_slices_get_type ())
G_DECLARE_FINAL_TYPE (ReconWriteSlices, recon_write_slices, RECON, WRITE_SLICES, ReconSink)

ReconWriter *recon_write_slices_get_writer        (ReconWriteSlices  *self);
ReconOutputFormat recon_write_slices_get_format   (ReconWriteSlices  *self);
gboolean     recon_write_slices_open_writer       (ReconTask         *task,
                                                   GError           **error);
guint       *recon_write_slices_make_numbers      (ReconWriteSlices  *self,
                                                   guint             *n);
gboolean     recon_write_slices_check_free        (ReconWriteSlices  *self,
                                                   ReconResume        resume,
                                                   GError           **error);
JsonObject  *recon_write_slices_new_header        (ReconWriteSlices  *self);
void         recon_write_slices_set_record        (ReconWriteSlices  *self,
                                                   ReconConfig       *resolved,
                                                   JsonObject        *header,
                                                   ReconLedger       *earlier);

/* What an interrupted job has left at a place. */
ReconLedger *recon_write_slices_peek_interrupted  (ReconWriter       *writer,
                                                   guint             *n_finished,
                                                   guint             *n_slices);

G_END_DECLS

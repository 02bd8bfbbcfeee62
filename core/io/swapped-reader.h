/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/reader.h"

G_BEGIN_DECLS

/* A stack of images whose frames are the rows of another, and whose rows are its frames: projections of a scan that was
 * stored as sinograms. */
#define RECON_TYPE_SWAPPED_READER (recon_swapped_reader_get_type ())
G_DECLARE_FINAL_TYPE (ReconSwappedReader, recon_swapped_reader, RECON, SWAPPED_READER, ReconReader)

ReconReader *recon_swapped_reader_new       (ReconReader        *reader);
ReconReader *recon_swapped_reader_get_inner (ReconSwappedReader *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/choices.h"
#include "io/reader.h"

G_BEGIN_DECLS

/* The images of another stack, turned and then flipped. */
#define RECON_TYPE_TURNED_READER (recon_turned_reader_get_type ())
G_DECLARE_FINAL_TYPE (ReconTurnedReader, recon_turned_reader, RECON, TURNED_READER, ReconReader)

ReconReader *recon_turned_reader_new (ReconReader *reader,
                                      ReconRotate  rotate,
                                      ReconFlip    flip);

/* A stack of images whose frames are the rows of another, and whose rows are its frames: projections of a scan that was
 * stored as sinograms. */
#define RECON_TYPE_SWAPPED_READER (recon_swapped_reader_get_type ())
G_DECLARE_FINAL_TYPE (ReconSwappedReader, recon_swapped_reader, RECON, SWAPPED_READER, ReconReader)

ReconReader *recon_swapped_reader_new       (ReconReader        *reader);
ReconReader *recon_swapped_reader_get_inner (ReconSwappedReader *self);

G_END_DECLS

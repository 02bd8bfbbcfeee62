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

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/writer.h"
#include "steps/sink.h"

G_BEGIN_DECLS

#define RECON_TYPE_WRITE_SLICES (recon_write_slices_get_type ())
G_DECLARE_FINAL_TYPE (ReconWriteSlices, recon_write_slices, RECON, WRITE_SLICES, ReconSink)

ReconSink *recon_write_slices_new (ReconWriter *writer);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "io/scan.h"

G_BEGIN_DECLS

/* Columns that both sides of the axis see, of the detector's: with less, what reaches beyond an edge is half seen. */
#define RECON_ONE_SIDED_OVERLAP 0.7

gboolean recon_one_sided_check (ReconScan     *scan,
                                gboolean       go_on,
                                ReconLog      *log,
                                GCancellable  *cancellable,
                                GError       **error);

G_END_DECLS

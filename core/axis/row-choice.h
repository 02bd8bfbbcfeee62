/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"
#include "io/scan.h"

G_BEGIN_DECLS

/* Rows at equal distances: of projections as read the first of each, in steps of bins. */
typedef struct
{
  guint start;
  guint step;
  guint n;
} ReconRowChoice;

GArray *recon_row_choices_make (ReconConfig  *config,
                                ReconScan    *scan,
                                const char   *rows,
                                guint         most,
                                GError      **error);

G_END_DECLS

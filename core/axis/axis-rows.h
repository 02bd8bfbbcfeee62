/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "axis/sinogram.h"
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

/* Corrected sinograms of some detector rows, and where they lie in the projections as read. */
typedef struct
{
  ReconGeometry  *geometry;   /* its angles, and where columns lie */
  guint           width;
  guint           width_as_read;

  guint           n;
  double         *rows;       /* as read: middles */
  float         **sinograms;  /* n of angles × width: absorptivity; taken and cleared by who uses them up */
} ReconAxisRows;

ReconAxisRows *recon_axis_rows_read (ReconScan      *scan,
                                     ReconConfig    *config,
                                     const char     *rows,
                                     GCancellable   *cancellable,
                                     GError        **error);
void           recon_axis_rows_free (ReconAxisRows  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAxisRows, recon_axis_rows_free)

G_END_DECLS

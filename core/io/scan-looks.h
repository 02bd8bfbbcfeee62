/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/scan-private.h"

G_BEGIN_DECLS

/* A few rows of some projections, reduced, to be compared. */
typedef struct
{
  guint     n;
  guint     n_rows;
  guint     n_columns;
  gboolean  is_corrected; /* what flats would show is not in it */
  float    *values;       /* n × n_rows × n_columns */
} ReconLooks;

void     _recon_looks_clear              (ReconLooks *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconLooks, _recon_looks_clear)

gboolean _recon_looks_read               (ReconLooks       *self,
                                          ReconScan        *scan,
                                          const guint      *angles,
                                          guint             n,
                                          guint             most_rows,
                                          guint             most_columns,
                                          gboolean          correct);
float   *_recon_looks_get                (const ReconLooks *self,
                                          guint             image);
double   _recon_looks_measure_difference (const ReconLooks *self,
                                          guint             a,
                                          guint             b);
double   _recon_looks_measure_mirrored   (const ReconLooks *self,
                                          guint             a,
                                          guint             b,
                                          int               sum);
void     _recon_looks_subtract_common    (ReconLooks       *self,
                                          const guint      *images,
                                          guint             n);

G_END_DECLS

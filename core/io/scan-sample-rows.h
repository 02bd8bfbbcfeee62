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
} ReconSampleRows;

void     _recon_sample_rows_clear              (ReconSampleRows *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconSampleRows, _recon_sample_rows_clear)

gboolean _recon_sample_rows_read               (ReconSampleRows       *self,
                                                ReconScan             *scan,
                                                const guint           *angles,
                                                guint                  n,
                                                guint                  most_rows,
                                                guint                  most_columns,
                                                gboolean               correct);
float   *_recon_sample_rows_get                (const ReconSampleRows *self,
                                                guint                  image);
double   _recon_sample_rows_measure_difference (const ReconSampleRows *self,
                                                guint                  a,
                                                guint                  b);
double   _recon_sample_rows_measure_mirrored   (const ReconSampleRows *self,
                                                guint                  a,
                                                guint                  b,
                                                int                    sum);
void     _recon_sample_rows_subtract_common    (ReconSampleRows       *self,
                                                const guint           *images,
                                                guint                  n);

G_END_DECLS

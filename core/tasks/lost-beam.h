/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/scan.h"
#include "io/scan-survey.h"

G_BEGIN_DECLS

/* A row of all projections, with what corrects it. */
typedef struct
{
  guint        n_angles;
  guint        width;
  const float *values;     /* that of angle a and column c is values[a · pitch + c] */
  gsize        pitch;
  const float *dark;       /* (nullable): where nothing is corrected, as all that follows */
  const float *flat;       /* (nullable) */
  const float *flat_after; /* (nullable) */
  const float *positions;  /* (nullable): of each angle, the weight of the flat after */
  double       dark_scale;
  gboolean     is_integral; /* line integrals, of which nothing is 0 */
} ReconLostBeamRow;

gboolean  recon_lost_beam_find   (const ReconLostBeamRow *row,
                                  gboolean               *is_lost);
guint     recon_lost_beam_agree  (gboolean               *is_lost,
                                  const gboolean         *is_lost_here,
                                  guint                   n);
char     *recon_lost_beam_format (ReconScan              *scan,
                                  const gboolean         *is_lost);

G_END_DECLS

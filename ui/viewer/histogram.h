/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RECON_HISTOGRAM_BINS 256

/* How the values of an image are spread. Bins are equally wide from low to high; what lies outside is in the first and
 * the last one. That is the whole range, unless a few far outliers would leave no room for the rest. */
typedef struct
{
  guint64 bins[RECON_HISTOGRAM_BINS];
  double  low;
  double  high;
  guint64 n_values;   /* finite ones */
  guint64 n_nan;
  guint64 n_infinite;
  double  minimum;    /* of the finite ones; 0 where there are none, as the following */
  double  maximum;
  double  percentile_1;
  double  percentile_99;
} ReconHistogram;

gboolean recon_histogram_compute    (ReconHistogram       *self,
                                     const float          *values,
                                     gsize                 n_values);
guint    recon_histogram_find_bin   (const ReconHistogram *self,
                                     double                value);
double   recon_histogram_get_height (const ReconHistogram *self,
                                     guint                 bin,
                                     gboolean              logarithmic);

G_END_DECLS

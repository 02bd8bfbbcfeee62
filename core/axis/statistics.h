/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

double recon_axis_quantile  (float        *values,
                             gsize         n,
                             double        fraction);
double recon_axis_median    (double       *values,
                             gsize         n);
double recon_axis_deviation (const double *values,
                             gsize         n,
                             double        middle);
double recon_axis_pool      (const double *values,
                             const double *uncertainties,
                             gsize         n,
                             guint         n_parameters,
                             double       *mean,
                             double       *uncertainty);

typedef struct
{
  double   row;
  double   axis;        /* NaN: none */
  double   uncertainty;
  gboolean used;        /* (out): by the line */
} ReconAxisPoint;

/* The axis of a scan: one column for each row. */
typedef struct
{
  double row;         /* the middle of the rows that were used */
  double axis;        /* there */
  double uncertainty;
  double slope;       /* columns a row; NaN for fewer than three rows */
  double slope_uncertainty;
  guint  n_used;
} ReconAxisLine;

gboolean recon_axis_line_fit (ReconAxisPoint *points,
                              guint           n,
                              ReconAxisLine  *line);

G_END_DECLS

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

G_END_DECLS

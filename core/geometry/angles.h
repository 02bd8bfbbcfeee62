/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

double *recon_angles_weights (const double    *angles,
                              gsize            n_angles,
                              double          *covered);
GPtrArray *recon_angles_find_faults (const double *angles,
                                     guint         n_angles,
                                     const guint  *numbers);
gboolean recon_angles_find_opposite (const double *angles,
                                     guint         n_angles,
                                     double        tolerance,
                                     guint        *first,
                                     guint        *second);
double recon_angles_get_range (const double *angles,
                               guint         n_angles);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "config/choices.h"
#include "io/angle-keys.h"

G_BEGIN_DECLS

char   *recon_angles_split_path (const char   *path);
double *recon_angles_read    (const char      *path,
                              int              unit,
                              GPtrArray       *notes,
                              GPtrArray       *warnings,
                              ReconAngleUnit  *used,
                              gsize           *n_angles,
                              GError         **error);
double *recon_angles_read_keyed (const char      *path,
                                 int              unit,
                                 GPtrArray       *notes,
                                 GPtrArray       *warnings,
                                 ReconAngleUnit  *used,
                                 ReconAngleKeys **keys,
                                 gsize           *n_angles,
                                 GError         **error);
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


G_END_DECLS

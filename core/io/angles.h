/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "config/choices.h"
#include "geometry/angles.h"
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


G_END_DECLS

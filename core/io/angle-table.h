/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/angle-keys.h"

G_BEGIN_DECLS

double *recon_angle_table_read (const char  *path,
                                char        *text,
                                guint        column,
                                GPtrArray   *notes,
                                char       **unit,
                                ReconAngleKeys **keys,
                                gsize       *n_values,
                                GError     **error);

G_END_DECLS

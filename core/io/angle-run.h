/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean recon_angles_find_even_run (const double *angles,
                                     gsize         n_angles,
                                     gsize         n_wanted,
                                     gsize        *first);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void recon_sort_floats     (float         *values,
                            gsize          n);
int  recon_compare_doubles (gconstpointer  a,
                            gconstpointer  b);

G_END_DECLS

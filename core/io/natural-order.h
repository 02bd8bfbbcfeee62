/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int  recon_natural_compare (const char *a,
                            const char *b);
void recon_natural_sort    (GPtrArray  *names);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GArray *recon_series_counter_find_others (GPtrArray         *files,
                                          GArray            *numbers,
                                          const char *const *suffixes);

G_END_DECLS

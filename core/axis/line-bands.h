/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Parts of lines by their frequencies. */
guint  recon_axis_get_fine           (guint        width);
void   recon_axis_high_pass          (const float *line,
                                      guint        width,
                                      float       *flat);
void   recon_axis_pass_band          (const float *line,
                                      guint        width,
                                      float       *scratch,
                                      float       *band);
double recon_axis_pass_band_get_gain (guint        width);

G_END_DECLS

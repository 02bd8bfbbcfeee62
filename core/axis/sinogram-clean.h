/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean recon_axis_mend_line      (float  *line,
                                    guint   width);
void     recon_axis_remove_spots   (float  *data,
                                    guint   n,
                                    guint   width,
                                    double  noise);
void     recon_axis_remove_stripes (float  *data,
                                    guint   n,
                                    guint   width);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *recon_tiff_dimensions_read (const char *description,
                                  guint64    *n_images);

G_END_DECLS

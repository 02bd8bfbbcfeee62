/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/image.h"

G_BEGIN_DECLS

gboolean recon_tiff_store (const char  *path,
                           ReconImage  *image,
                           GError     **error);

G_END_DECLS

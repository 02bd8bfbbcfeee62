/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/contents.h"
#include "io/hdf5.h"

G_BEGIN_DECLS

gboolean recon_dxchange_is_in (hid_t           root,
                               const char     *group);
gboolean recon_dxchange_read  (hid_t           root,
                               const char     *file,
                               const char     *group,
                               ReconContents  *contents,
                               GError        **error);

G_END_DECLS

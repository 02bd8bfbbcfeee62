/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/contents.h"
#include "io/hdf5.h"

G_BEGIN_DECLS

gboolean recon_nxtomo_has_frames  (hid_t           root,
                                   const char     *entry);
char    *recon_nxtomo_find_frames (hid_t           root,
                                   const char     *file,
                                   const char     *entry,
                                   ReconContents  *contents,
                                   GError        **error);

G_END_DECLS

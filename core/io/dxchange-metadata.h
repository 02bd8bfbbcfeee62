/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/contents.h"
#include "io/hdf5.h"

G_BEGIN_DECLS

/* What a Data Exchange file says besides images. The lock is held around all of these; @group is the one that has the
 * group "exchange". */

gsize recon_dxchange_count_angles    (hid_t           root,
                                      const char     *group);
void  recon_dxchange_read_angles     (hid_t           root,
                                      const char     *file,
                                      const char     *group,
                                      ReconContents  *contents);
void  recon_dxchange_read_references (hid_t           root,
                                      const char     *file,
                                      const char     *group,
                                      ReconContents  *contents);
void  recon_dxchange_read_pixel_size (hid_t           root,
                                      const char     *group,
                                      ReconContents  *contents);

G_END_DECLS

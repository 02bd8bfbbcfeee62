/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/contents.h"
#include "io/hdf5.h"

G_BEGIN_DECLS

void recon_contents_convert_angles (ReconContents *self,
                                    hid_t          root,
                                    const char    *path,
                                    double        *angles,
                                    gsize          n_angles);

G_END_DECLS

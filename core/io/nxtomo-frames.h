/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/contents.h"

G_BEGIN_DECLS

gboolean recon_nxtomo_sort_frames (ReconReader    *reader,
                                   const double   *keys,
                                   const double   *control,
                                   ReconContents  *contents,
                                   GError        **error);

G_END_DECLS

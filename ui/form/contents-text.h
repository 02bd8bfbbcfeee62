/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* What Worker1.Inspect says, for people. */

const char *recon_contents_text_get_type (const char     *type);
char       *recon_contents_text_images   (guint           n,
                                          guint           rows,
                                          guint           columns,
                                          const char     *type);
char       *recon_contents_text_new      (GVariant       *contents,
                                          ReconParameter  parameter);
char       *recon_contents_text_mismatch (GVariant       *contents,
                                          GVariant       *projections,
                                          ReconParameter  parameter);
gboolean    recon_contents_text_get_size (GVariant       *contents,
                                          guint          *images,
                                          guint          *rows,
                                          guint          *columns);
gboolean    recon_contents_text_has      (GVariant       *contents,
                                          const char     *part);

G_END_DECLS

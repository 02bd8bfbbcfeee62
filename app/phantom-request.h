/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "phantom/raw-scan-writer.h"

G_BEGIN_DECLS

/* What a command line asks the phantom command for. */
typedef struct
{
  char                 *folder;
  ReconRawScanSettings  settings;
  double               *angles; /* what the settings point to */
  ReconScanFormat       format;
  gboolean              truth;
  gboolean              force;
} ReconPhantomRequest;

gboolean recon_phantom_request_parse (ReconPhantomRequest  *self,
                                      int                   argc,
                                      char                **argv,
                                      GError              **error);
void     recon_phantom_request_clear (ReconPhantomRequest  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconPhantomRequest, recon_phantom_request_clear)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/log.h"
#include "base/visibility.h"
#include "config/configuration.h"

RECON_BEGIN_DECLS

gboolean recon_config_load      (ReconConfig  *config,
                                 const char   *path,
                                 ReconLog     *log,
                                 GError      **error);
gboolean recon_config_load_data (ReconConfig  *config,
                                 const char   *data,
                                 gsize         length,
                                 const char   *name,
                                 ReconLog     *log,
                                 GError      **error);
gboolean recon_config_save      (ReconConfig  *config,
                                 const char   *path,
                                 GError      **error);
gboolean recon_config_save_like (ReconConfig  *config,
                                 const char   *path,
                                 const char   *model,
                                 GError      **error);
char    *recon_config_to_data   (ReconConfig  *config,
                                 gboolean      comments);

RECON_END_DECLS

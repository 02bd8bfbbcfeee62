/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/log.h"
#include "config/config.h"
#include "request/axis-result.h"

G_BEGIN_DECLS

ReconAxisResult *recon_axis_find (ReconConfig              *config,
                                  const ReconAxisSettings  *settings,
                                  ReconLog                 *log,
                                  GCancellable             *cancellable,
                                  GError                  **error);

G_END_DECLS

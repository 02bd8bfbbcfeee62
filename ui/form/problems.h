/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* From what the core says about a configuration to the parameter that can mend it. */

gboolean  recon_problems_find      (ReconConfig    *config,
                                    const GError   *error,
                                    ReconParameter *parameter);
gboolean  recon_problems_find_text (ReconConfig    *config,
                                    const char     *message,
                                    ReconParameter *parameter);

G_END_DECLS

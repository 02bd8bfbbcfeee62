/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* When a parameter has an effect. */
gboolean        recon_parameter_applies (ReconParameter             parameter,
                                         ReconConfig               *config);

/* For the table. */
ReconCondition *_recon_conditions_parse (const ReconParameterSpec  *spec);

G_END_DECLS

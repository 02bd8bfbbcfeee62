/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* When a parameter has an effect. */
typedef struct _ReconConditions ReconConditions;

gboolean               recon_parameter_applies         (ReconParameter             parameter,
                                                        ReconConfig               *config);

ReconConditions       *_recon_conditions_new           (const ReconParameterSpec  *spec);
const ReconConditions *_recon_parameter_get_conditions (ReconParameter             parameter);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/parameter.h"

G_BEGIN_DECLS

/* What tasks declare, each in its own file. */
extern const ReconParameterSection recon_flat_field_parameters;
extern const ReconParameterSection recon_filter_parameters;
extern const ReconParameterSection recon_backproject_parameters;

void recon_tasks_register (void);

G_END_DECLS

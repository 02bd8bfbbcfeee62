/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/axis.h"

G_BEGIN_DECLS

/* What the axis command says of a result. */

char *recon_axis_report_text (const ReconAxisResult *result);
char *recon_axis_report_json (const ReconAxisResult *result);
void  recon_axis_report_rows (const ReconAxisResult *result,
                              ReconLog              *log);

G_END_DECLS

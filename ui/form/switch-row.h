/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "form/field.h"

G_BEGIN_DECLS

/* Yes or no. */
#define RECON_TYPE_SWITCH_ROW (recon_switch_row_get_type ())
G_DECLARE_FINAL_TYPE (ReconSwitchRow, recon_switch_row, RECON, SWITCH_ROW, AdwActionRow)

G_END_DECLS

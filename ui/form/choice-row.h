/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "form/field.h"

G_BEGIN_DECLS

/* One of several words, which it shows in readable form; also yes, no and automatic. */
#define RECON_TYPE_CHOICE_ROW (recon_choice_row_get_type ())
G_DECLARE_FINAL_TYPE (ReconChoiceRow, recon_choice_row, RECON, CHOICE_ROW, AdwComboRow)

G_END_DECLS

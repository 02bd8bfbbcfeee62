/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "form/field.h"

G_BEGIN_DECLS

/* A text, with what is to say of it below. */
#define RECON_TYPE_TEXT_ROW (recon_text_row_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconTextRow, recon_text_row, RECON, TEXT_ROW, AdwPreferencesRow)

struct _ReconTextRowClass
{
  AdwPreferencesRowClass parent_class;
};

GtkEditable *recon_text_row_get_editable (ReconTextRow *self);

G_END_DECLS

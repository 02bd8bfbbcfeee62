/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/text-row.h"

G_BEGIN_DECLS

/* A path: typed, chosen in a dialog, or dropped. */
#define RECON_TYPE_PATH_ROW (recon_path_row_get_type ())
G_DECLARE_FINAL_TYPE (ReconPathRow, recon_path_row, RECON, PATH_ROW, ReconTextRow)

gboolean recon_path_row_take_files  (ReconPathRow *self,
                                     GSList       *files);
void     recon_path_row_set_answer  (ReconPathRow *self,
                                     GVariant     *answer,
                                     GVariant     *projections);
gboolean recon_path_row_has_choices (ReconPathRow *self);

G_END_DECLS

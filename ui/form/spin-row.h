/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "form/field.h"

G_BEGIN_DECLS

/* A number. Scrolling over it never changes it. */
#define RECON_TYPE_SPIN_ROW (recon_spin_row_get_type ())
G_DECLARE_FINAL_TYPE (ReconSpinRow, recon_spin_row, RECON, SPIN_ROW, AdwPreferencesRow)

GtkWidget *recon_spin_row_new           (ReconDocument  *document,
                                         ReconParameter  parameter);
void       recon_spin_row_add_suffix    (ReconSpinRow   *self,
                                         GtkWidget      *widget);
void       recon_spin_row_set_automatic (ReconSpinRow   *self,
                                         double          value);
void       recon_spin_row_set_maximum   (ReconSpinRow   *self,
                                         double          maximum);

G_END_DECLS

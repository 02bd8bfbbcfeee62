/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void recon_row_help_add      (GtkWidget  *row);
void recon_row_help_set_text (GtkWidget  *row,
                              const char *text);

G_END_DECLS

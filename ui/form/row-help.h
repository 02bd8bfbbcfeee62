/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void recon_row_help_add (GtkWidget  *row);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/field.h"

G_BEGIN_DECLS

gboolean   recon_words_button_is_needed (ReconParameter  parameter);
GtkWidget *recon_words_button_new       (ReconField     *field);

G_END_DECLS

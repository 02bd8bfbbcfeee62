/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *recon_printable_text (const char *text);
char *recon_printable_line (const char *text);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers as people write them, and as files have them. */

const char *recon_numbers_get_point   (void);
char       *recon_numbers_to_user     (const char *text,
                                       const char *point);
char       *recon_numbers_from_user   (const char *text,
                                       const char *point);
guint       recon_numbers_count_decimals (const char *text);
char       *recon_numbers_round       (double      value,
                                       guint       n_decimals);

G_END_DECLS

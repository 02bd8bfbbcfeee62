/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/parameter.h"

G_BEGIN_DECLS

/* The core names parameters as the command line and the file do; who looks at the window knows rows and buttons. */

char *recon_message_words_reword   (const char     *message);
char *recon_message_words_get_name (ReconParameter  parameter);

G_END_DECLS

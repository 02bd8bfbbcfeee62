/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What is declared between these two is the library's: programs that link it see it, and core/library/reconstruct.map
 * names it. All other functions are hidden. */
#define RECON_BEGIN_DECLS G_BEGIN_DECLS _Pragma ("GCC visibility push(default)")
#define RECON_END_DECLS   _Pragma ("GCC visibility pop") G_END_DECLS

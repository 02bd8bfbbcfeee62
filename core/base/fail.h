/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

G_BEGIN_DECLS

gboolean recon_fail (GError     **error,
                     ReconError   code,
                     const char  *format,
                     ...) G_GNUC_PRINTF (3, 4);

/* The same for functions that return a pointer, %NULL where they fail. */
#define recon_fail_null(...) (recon_fail (__VA_ARGS__), NULL)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean recon_threads_check     (GError      **error);
void     recon_set_thread_error  (GError      **error,
                                  const GError *cause);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "base/visibility.h"

RECON_BEGIN_DECLS

typedef enum
{
  RECON_LOG_WARNING, /* the user should look at it */
  RECON_LOG_INFO,    /* what was decided and why */
  RECON_LOG_DEBUG,   /* for --verbose */
} ReconLogLevel;

#define RECON_TYPE_LOG (recon_log_get_type ())
G_DECLARE_FINAL_TYPE (ReconLog, recon_log, RECON, LOG, GObject)

ReconLog *recon_log_new     (void);
ReconLog *recon_log_new_for (ReconLog   *listener);
gboolean  recon_log_check   (ReconLog   *self,
                             GError    **error);
void      recon_log_warning (ReconLog   *self,
                             const char *format,
                             ...) G_GNUC_PRINTF (2, 3);
void      recon_log_info    (ReconLog   *self,
                             const char *format,
                             ...) G_GNUC_PRINTF (2, 3);
void      recon_log_debug   (ReconLog   *self,
                             const char *format,
                             ...) G_GNUC_PRINTF (2, 3);

RECON_END_DECLS

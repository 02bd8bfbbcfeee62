/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/log.h"

G_BEGIN_DECLS

/* One line of the log. Immutable. */
#define RECON_TYPE_LOG_RECORD (recon_log_record_get_type ())
G_DECLARE_FINAL_TYPE (ReconLogRecord, recon_log_record, RECON, LOG_RECORD, GObject)

/* After the levels of #ReconLogLevel in gravity: before all of them. */
#define RECON_LOG_ERROR (-1)

ReconLogRecord *recon_log_record_new       (int              level,
                                            gint64           time,
                                            const char      *text);
int             recon_log_record_get_level (ReconLogRecord  *self);
const char     *recon_log_record_get_text  (ReconLogRecord  *self);
const char     *recon_log_record_get_clock (ReconLogRecord  *self);
const char     *recon_log_record_get_word  (ReconLogRecord  *self);
void            recon_log_record_append_to (ReconLogRecord  *self,
                                            GString         *text);

void            recon_log_record_set_heading (ReconLogRecord *self);
gboolean        recon_log_record_is_heading  (ReconLogRecord *self);

G_END_DECLS

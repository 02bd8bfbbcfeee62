/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "log.h"

struct _ReconLog
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (ReconLog, recon_log, G_TYPE_OBJECT)

enum
{
  RECORD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
recon_log_class_init (ReconLogClass *klass)
{
  /**
   * ReconLog::record:
   * @self: the log
   * @level: a #ReconLogLevel
   * @text: one or more lines without a final newline
   *
   * Something was said. Emitted in the thread that says it.
   */
  signals[RECORD] = g_signal_new ("record", RECON_TYPE_LOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);
}

static void
recon_log_init (ReconLog *self)
{
}

/**
 * recon_log_new:
 *
 * The core never prints: it says things to a log, and the program that made the log shows them.
 * All functions take a %NULL log, which hears nothing, and may be called from any thread.
 *
 * Returns: (transfer full): a new log
 */
ReconLog *
recon_log_new (void)
{
  return g_object_new (RECON_TYPE_LOG, NULL);
}

G_GNUC_PRINTF (3, 0)
static void
log_record (ReconLog      *self,
            ReconLogLevel  level,
            const char    *format,
            va_list        args)
{
  g_autofree char *text = NULL;

  if (self == NULL)
    return;

  text = g_strdup_vprintf (format, args);
  g_signal_emit (self, signals[RECORD], 0, (int) level, text);
}

void
recon_log_warning (ReconLog   *self,
                   const char *format,
                   ...)
{
  va_list args;

  va_start (args, format);
  log_record (self, RECON_LOG_WARNING, format, args);
  va_end (args);
}

void
recon_log_info (ReconLog   *self,
                const char *format,
                ...)
{
  va_list args;

  va_start (args, format);
  log_record (self, RECON_LOG_INFO, format, args);
  va_end (args);
}

void
recon_log_debug (ReconLog   *self,
                 const char *format,
                 ...)
{
  va_list args;

  va_start (args, format);
  log_record (self, RECON_LOG_DEBUG, format, args);
  va_end (args);
}

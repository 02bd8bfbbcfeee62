/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/log.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"

struct _ReconLog
{
  GObject parent_instance;

  ReconLog *listener; /* (nullable) */

  /* Of the warnings, under the lock. */
  GMutex    mutex;
  char     *first;
  guint     n_warnings;
};

G_DEFINE_FINAL_TYPE (ReconLog, recon_log, G_TYPE_OBJECT)

enum
{
  RECORD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
recon_log_finalize (GObject *object)
{
  ReconLog *self = RECON_LOG (object);

  g_clear_object (&self->listener);
  g_free (self->first);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (recon_log_parent_class)->finalize (object);
}

static void
recon_log_class_init (ReconLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = recon_log_finalize;

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
  g_mutex_init (&self->mutex);
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

/**
 * recon_log_new_for:
 * @listener: (nullable): hears everything that is said to the new log
 *
 * For who wants to know whether there were warnings about one thing: see recon_log_check().
 *
 * Returns: (transfer full): a new log
 */
ReconLog *
recon_log_new_for (ReconLog *listener)
{
  ReconLog *self = recon_log_new ();

  g_set_object (&self->listener, listener);

  return self;
}

/**
 * recon_log_check:
 * @self: a log
 * @error: return location
 *
 * Returns: %FALSE with %RECON_ERROR_INPUT, which repeats the first warning, if there was any
 */
gboolean
recon_log_check (ReconLog  *self,
                 GError   **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (RECON_IS_LOG (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  if (self->n_warnings == 0)
    return TRUE;

  if (self->n_warnings == 1)
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("%s. This is refused because of --strict (input.strict); without it, it is a warning."),
                 self->first);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 ngettext ("%s. This and %u more warning are refused because of --strict (input.strict).",
                           "%s. This and %u more warnings are refused because of --strict (input.strict).",
                           self->n_warnings - 1),
                 self->first, self->n_warnings - 1);

  return FALSE;
}

/* Sentences end with a full stop in an error, and may not in a log. */
static char *
dup_without_stop (const char *text)
{
  gsize length = strlen (text);

  return g_strndup (text, length > 0 && text[length - 1] == '.' ? length - 1 : length);
}

static void
count_warning (ReconLog   *self,
               const char *text)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->n_warnings++ == 0)
    self->first = dup_without_stop (text);
}

static void
say (ReconLog      *self,
     ReconLogLevel  level,
     const char    *text)
{
  if (level == RECON_LOG_WARNING)
    count_warning (self, text);
  g_signal_emit (self, signals[RECORD], 0, (int) level, text);
  if (self->listener != NULL)
    say (self->listener, level, text);
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
  say (self, level, text);
}

/**
 * recon_log_warning:
 * @self: (nullable): a log
 * @format: as of printf(), a line without its end
 * @...: its arguments
 *
 * Says what the user should look at.
 */
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

/**
 * recon_log_info:
 * @self: (nullable): a log
 * @format: as of printf(), a line without its end
 * @...: its arguments
 *
 * Says what was decided, and why.
 */
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

/**
 * recon_log_debug:
 * @self: (nullable): a log
 * @format: as of printf(), a line without its end
 * @...: its arguments
 *
 * Says what only helps to find faults.
 */
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

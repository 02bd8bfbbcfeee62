/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "log/log-record.h"

#include <glib/gi18n.h>

struct _ReconLogRecord
{
  GObject  parent_instance;

  int      level;
  gboolean heading;
  char    *clock;
  char    *text;
};

G_DEFINE_FINAL_TYPE (ReconLogRecord, recon_log_record, G_TYPE_OBJECT)

static void
recon_log_record_finalize (GObject *object)
{
  ReconLogRecord *self = RECON_LOG_RECORD (object);

  g_free (self->clock);
  g_free (self->text);

  G_OBJECT_CLASS (recon_log_record_parent_class)->finalize (object);
}

static void
recon_log_record_class_init (ReconLogRecordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_log_record_finalize;
}

static void
recon_log_record_init (ReconLogRecord *self)
{
}

/**
 * recon_log_record_new:
 * @level: a #ReconLogLevel or %RECON_LOG_ERROR
 * @time: µs since 1970
 * @text: what was said
 *
 * Returns: (transfer full): a record
 */
ReconLogRecord *
recon_log_record_new (int         level,
                      gint64      time,
                      const char *text)
{
  ReconLogRecord *self = g_object_new (RECON_TYPE_LOG_RECORD, NULL);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  self->level = level;
  self->text = g_strdup (text);
  self->clock = local != NULL ? g_date_time_format (local, "%H:%M:%S") : g_strdup ("");

  return self;
}

int
recon_log_record_get_level (ReconLogRecord *self)
{
  return self->level;
}

const char *
recon_log_record_get_text (ReconLogRecord *self)
{
  return self->text;
}

/**
 * recon_log_record_set_heading:
 * @self: a record
 *
 * It says what the records after it are of, such as a run.
 */
void
recon_log_record_set_heading (ReconLogRecord *self)
{
  self->heading = TRUE;
}

gboolean
recon_log_record_is_heading (ReconLogRecord *self)
{
  return self->heading;
}

/**
 * recon_log_record_get_clock:
 * @self: a record
 *
 * Returns: the time of day, as the user's clock has it
 */
const char *
recon_log_record_get_clock (ReconLogRecord *self)
{
  return self->clock;
}

/**
 * recon_log_record_get_word:
 * @self: a record
 *
 * Returns: the level as a word for users
 */
const char *
recon_log_record_get_word (ReconLogRecord *self)
{
  switch (self->level)
    {
    case RECON_LOG_ERROR:
      return _ ("Error");
    case RECON_LOG_WARNING:
      return _ ("Warning");
    case RECON_LOG_INFO:
      return _ ("Information");
    default:
      return _ ("Detail");
    }
}

/**
 * recon_log_record_append_to:
 * @self: a record
 * @text: gets a line
 *
 * As records are copied and saved.
 */
void
recon_log_record_append_to (ReconLogRecord *self,
                            GString        *text)
{
  if (self->heading)
    g_string_append_printf (text, "\n%s  %s\n", self->clock, self->text);
  else
    g_string_append_printf (text, "%s  %-11s  %s\n", self->clock, recon_log_record_get_word (self), self->text);
}

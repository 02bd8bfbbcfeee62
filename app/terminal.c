/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "terminal.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/printable.h"

#define TERMINAL_INTERVAL_MS 200   /* of the line on a terminal */
#define PLAIN_INTERVAL_MS    10000 /* of lines in a file or a pipe */

struct _ReconTerminal
{
  ReconLog *log;
  gboolean  quiet;
  gboolean  verbose;
  gboolean  is_terminal;

  GMutex    mutex; /* log records come from several threads */
  FILE     *file;
  gboolean  line_shown;
  GString  *early; /* log lines that were said before the log file was opened */

  ReconJob *job;
  guint     timeout;
  double    last_work;
};

static void
clear_line (ReconTerminal *self)
{
  if (self->line_shown)
    fputs ("\r\033[K", stderr);
  self->line_shown = FALSE;
}

static void
record_cb (ReconTerminal *self,
           ReconLogLevel  level,
           const char    *text)
{
  static const char *const prefixes[] = { "warning: ", "", "" };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%d %H:%M:%S");
  g_autofree char *shown = recon_printable_text (text);

  if (self->file != NULL)
    fprintf (self->file, "%s %s%s\n", time, prefixes[level], shown);
  else
    g_string_append_printf (self->early, "%s %s%s\n", time, prefixes[level], shown);

  if ((level == RECON_LOG_DEBUG && !self->verbose) || (level != RECON_LOG_WARNING && self->quiet))
    return;

  clear_line (self);
  fprintf (stderr, "%s%s\n", prefixes[level], shown);
}

/**
 * recon_terminal_new:
 * @quiet: whether to show warnings and errors only
 * @verbose: whether to show every detail
 *
 * Returns: (transfer full): a terminal with a log of its own
 */
ReconTerminal *
recon_terminal_new (gboolean quiet,
                    gboolean verbose)
{
  ReconTerminal *self = g_new0 (ReconTerminal, 1);

  g_mutex_init (&self->mutex);
  self->is_terminal = isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  self->early = g_string_new (NULL);
  self->quiet = quiet;
  self->verbose = verbose;
  self->log = recon_log_new ();
  g_signal_connect_swapped (self->log, "record", G_CALLBACK (record_cb), self);

  return self;
}

void
recon_terminal_free (ReconTerminal *self)
{
  gboolean failed;

  recon_terminal_stop (self);
  g_signal_handlers_disconnect_by_data (self->log, self);
  g_object_unref (self->log);
  failed = self->file != NULL && ferror (self->file);
  if ((self->file != NULL && fclose (self->file) != 0) || failed)
    fputs (_ ("warning: The log file could not be written in full\n"), stderr);
  g_string_free (self->early, TRUE);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * recon_terminal_open_file:
 * @self: a terminal
 * @path: a file that is appended to
 * @error: return location
 *
 * Everything that is said, details too, goes to the file from now on, with what was said before.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_terminal_open_file (ReconTerminal  *self,
                          const char     *path,
                          GError        **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->file = g_fopen (path, "a");
  if (self->file == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("The log file %s could not be opened: %s."), path,
                   g_strerror (errno));
      return FALSE;
    }
  setvbuf (self->file, NULL, _IOLBF, 0);
  fputs (self->early->str, self->file);
  g_string_truncate (self->early, 0);

  return TRUE;
}

ReconLog *
recon_terminal_get_log (ReconTerminal *self)
{
  return self->log;
}

/**
 * recon_terminal_note:
 * @self: a terminal
 * @text: a line
 *
 * Writes a line to the log file, if there is one, and shows nothing.
 */
void
recon_terminal_note (ReconTerminal *self,
                     const char    *text)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%d %H:%M:%S");
  g_autofree char *shown = recon_printable_text (text);

  if (self->file != NULL)
    fprintf (self->file, "%s %s\n", time, shown);
}

static char *
format_duration (double seconds)
{
  guint whole = (guint) (seconds + 0.5);

  if (whole >= 3600)
    return g_strdup_printf (_ ("%u h %02u min"), whole / 3600, whole / 60 % 60);
  if (whole >= 60)
    return g_strdup_printf (_ ("%u min %02u s"), whole / 60, whole % 60);

  return g_strdup_printf (_ ("%u s"), whole);
}

static char *
format_rate (double rate)
{
  if (rate >= 1)
    return g_strdup_printf (_ ("%.1f/s"), rate);

  return g_strdup_printf (_ ("%.1f s per slice"), 1 / rate);
}

static char *
format_progress (const ReconJobProgress *progress)
{
  GString *line = g_string_new (NULL);

  if (progress->preparing != NULL && progress->n_done == 0)
    {
      g_string_append_printf (line, _ ("Preparing kernels for %s, once: %u of %u"), progress->preparing,
                              progress->n_prepared, progress->n_to_prepare);
      return g_string_free (line, FALSE);
    }
  if (progress->state == RECON_JOB_PREPARING)
    return g_string_free (g_string_append (line, _ ("Preparing …")), FALSE);

  g_string_append_printf (line, _ ("Slice %u of %u"), progress->n_done, progress->n_slices);
  if (progress->n_slices > 0 && progress->n_done < progress->n_slices)
    g_string_append_printf (line, _ (" · %.0f %%"), floor (100 * progress->work / progress->n_slices));
  if (progress->rate > 0)
    {
      g_autofree char *rate = format_rate (progress->rate);

      g_string_append_printf (line, " · %s", rate);
    }
  if (progress->remaining >= 0 && progress->n_done < progress->n_slices)
    {
      g_autofree char *left = format_duration (progress->remaining);

      g_string_append_printf (line, _ (" · %s left"), left);
    }

  return g_string_free (line, FALSE);
}

/* A line that wraps couldn't be cleared: cuts it to what the terminal shows in one, where that is known. */
static void
fit_terminal (char *line)
{
  struct winsize size = { 0 };

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 && g_utf8_strlen (line, -1) >= size.ws_col)
    *g_utf8_offset_to_pointer (line, size.ws_col - 1) = '\0';
}

static gboolean
progress_cb (gpointer user_data)
{
  ReconTerminal *self = user_data;
  g_autoptr (GMutexLocker) locker = NULL;
  g_autofree char *text = NULL;
  ReconJobProgress progress;

  recon_job_get_progress (self->job, &progress);
  text = format_progress (&progress);
  locker = g_mutex_locker_new (&self->mutex);

  if (self->is_terminal)
    {
      fit_terminal (text);
      fprintf (stderr, "\r\033[K%s", text);
      fflush (stderr);
      self->line_shown = TRUE;
    }
  else if (progress.work > self->last_work || progress.preparing != NULL)
    {
      fprintf (stderr, "%s\n", text);
      self->last_work = progress.work;
    }

  return G_SOURCE_CONTINUE;
}

/**
 * recon_terminal_start:
 * @self: a terminal
 * @job: a job that is about to run
 *
 * Shows the job's progress from the main loop until recon_terminal_stop(), unless the terminal is quiet.
 */
void
recon_terminal_start (ReconTerminal *self,
                      ReconJob      *job)
{
  if (self->quiet)
    return;

  self->job = g_object_ref (job);
  self->timeout = g_timeout_add (self->is_terminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS, progress_cb, self);
}

void
recon_terminal_stop (ReconTerminal *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_object (&self->job);

  g_mutex_lock (&self->mutex);
  clear_line (self);
  g_mutex_unlock (&self->mutex);
}

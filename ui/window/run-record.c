/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/run-record.h"

#include <glib/gi18n.h>
#include <string.h>

#include "window/run-progress.h"

/* A key file with a group for each run. Programs that run at the same time add theirs to what is there; nothing of it
 * is needed to work, so one that can't be read or written is done without. */

#define MOST_RUNS 50

#define STARTED  "started"
#define SECONDS  "seconds"
#define OUTPUT   "output"
#define STATE    "state"
#define N_SLICES "slices"
#define N_DONE   "finished"
#define MESSAGE  "message"
#define LOG      "log"

void
recon_run_record_free (ReconRunRecord *self)
{
  g_free (self->output);
  g_free (self->state);
  g_free (self->message);
  g_free (self->log);
  g_free (self);
}

/**
 * recon_run_get_title:
 * @output: the absolute path of what a run makes
 *
 * Returns: (transfer full): its name with the folder that it is in, for people: many are called "slices"
 */
char *
recon_run_get_title (const char *output)
{
  g_autofree char *folder = g_path_get_dirname (output);
  g_autofree char *parent = g_path_get_basename (folder);
  g_autofree char *name = g_path_get_basename (output);
  g_autofree char *title = g_str_equal (parent, "/") ? g_strdup (output) : g_build_filename (parent, name, NULL);

  return g_filename_display_name (title);
}

/* "14:03" today, else with the day. */
static char *
format_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (time == NULL)
    return g_strdup ("");
  if (g_date_time_get_year (time) == g_date_time_get_year (now) &&
      g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (now))
    return g_date_time_format (time, _ ("%H:%M"));

  return g_date_time_format (time, _ ("%e %b %Y, %H:%M"));
}

/**
 * recon_run_record_describe:
 * @self: a run
 *
 * Returns: (transfer full): when, how it went and how long it took, such as "14:03 · 64 slices in 21 s"
 */
char *
recon_run_record_describe (const ReconRunRecord *self)
{
  g_autofree char *time = format_time (self->started);
  g_autofree char *duration = recon_format_seconds (self->seconds);

  if (g_str_equal (self->state, "done"))
    return g_strdup_printf (ngettext ("%s · %u slice in %s", "%s · %u slices in %s", self->n_slices), time,
                            self->n_slices, duration);
  if (g_str_equal (self->state, "cancelled"))
    return g_strdup_printf (_ ("%s · cancelled after %s, %u of %u slices finished"), time, duration, self->n_done,
                            self->n_slices);

  return g_strdup_printf (_ ("%s · failed after %s, %u of %u slices finished: %s"), time, duration, self->n_done,
                          self->n_slices, self->message);
}

/**
 * recon_run_record_find_place:
 * @self: a run
 *
 * Returns: (transfer full) (nullable): where its slices are now, complete or as far as it came; %NULL if there are
 *   none, or they are gone
 */
char *
recon_run_record_find_place (const ReconRunRecord *self)
{
  g_autofree char *partial = g_strconcat (self->output, ".partial", NULL);
  const gboolean done = g_str_equal (self->state, "done");
  const char *first = done ? self->output : partial;
  const char *second = done ? partial : self->output;

  if (!done && self->n_done == 0)
    return NULL;
  if (g_file_test (first, G_FILE_TEST_EXISTS))
    return g_strdup (first);

  return g_file_test (second, G_FILE_TEST_EXISTS) ? g_strdup (second) : NULL;
}

static char *
get_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "reconstruct", "runs.ini", NULL);
}

static char *
get_text (GKeyFile   *file,
          const char *group,
          const char *key)
{
  char *text = g_key_file_get_string (file, group, key, NULL);

  return text != NULL ? text : g_strdup ("");
}

static ReconRunRecord *
read_record (GKeyFile   *file,
             const char *group)
{
  g_autoptr (ReconRunRecord) record = g_new0 (ReconRunRecord, 1);

  record->started = g_key_file_get_int64 (file, group, STARTED, NULL);
  record->seconds = g_key_file_get_double (file, group, SECONDS, NULL);
  record->output = get_text (file, group, OUTPUT);
  record->state = get_text (file, group, STATE);
  record->n_slices = (guint) g_key_file_get_uint64 (file, group, N_SLICES, NULL);
  record->n_done = (guint) g_key_file_get_uint64 (file, group, N_DONE, NULL);
  record->message = get_text (file, group, MESSAGE);
  record->log = get_text (file, group, LOG);

  return *record->output != '\0' && *record->state != '\0' ? g_steal_pointer (&record) : NULL;
}

static void
write_record (GKeyFile             *file,
              const char           *group,
              const ReconRunRecord *record)
{
  g_key_file_set_int64 (file, group, STARTED, record->started);
  g_key_file_set_double (file, group, SECONDS, record->seconds);
  g_key_file_set_string (file, group, OUTPUT, record->output);
  g_key_file_set_string (file, group, STATE, record->state);
  g_key_file_set_uint64 (file, group, N_SLICES, record->n_slices);
  g_key_file_set_uint64 (file, group, N_DONE, record->n_done);
  g_key_file_set_string (file, group, MESSAGE, record->message);
  g_key_file_set_string (file, group, LOG, record->log);
}

/**
 * recon_run_history_load:
 *
 * Returns: (transfer container) (element-type ReconRunRecord): the runs that are remembered, newest first
 */
GPtrArray *
recon_run_history_load (void)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_run_record_free);
  g_autofree char *path = get_path ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL && records->len < MOST_RUNS; group++)
    {
      ReconRunRecord *record = read_record (file, *group);

      if (record != NULL)
        g_ptr_array_add (records, record);
    }

  return records;
}

/**
 * recon_run_history_add:
 * @record: a run that has ended
 *
 * Remembers it; the oldest goes where there are too many.
 */
void
recon_run_history_add (const ReconRunRecord *record)
{
  g_autoptr (GPtrArray) records = recon_run_history_load ();
  g_autofree char *path = get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  write_record (file, "run 1", record);
  for (guint i = 0; i < records->len && i + 1 < MOST_RUNS; i++)
    {
      g_autofree char *group = g_strdup_printf ("run %u", i + 2);

      write_record (file, group, g_ptr_array_index (records, i));
    }

  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (file, path, &error))
    g_debug ("The runs are not remembered: %s", error->message);
}

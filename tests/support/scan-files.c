/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "scan-files.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "support.h"
#include "test-tiff.h"

double
scan_value (ScanKind kind,
            guint    frame,
            guint    row,
            guint    column)
{
  static const double base[] = { 1000.0, 50.0, 9000.0, 9500.0 };

  /* The last term keeps lines, columns and frames from being multiples of each other. */
  return base[kind] + 100.0 * frame + 31.0 * row + 7.0 * column + (frame * frame + row * column * (frame + 3)) % 17;
}

double *
scan_frames (ScanKind kind,
             guint    n)
{
  double *values = g_new (double, n * SCAN_ROWS * SCAN_WIDTH);
  gsize i = 0;

  for (guint frame = 0; frame < n; frame++)
    for (guint row = 0; row < SCAN_ROWS; row++)
      for (guint column = 0; column < SCAN_WIDTH; column++)
        values[i++] = scan_value (kind, frame, row, column);

  return values;
}

static char *
write_series (ScanFiles  *self,
              const char *name,
              ScanKind    kind,
              guint       n)
{
  g_autofree double *values = scan_frames (kind, n);
  char *folder = g_build_filename (self->folder, name, NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s_%04u.tif", folder, name, i);

      test_tiff_write (path,
                       &(TestTiff){ .width = SCAN_WIDTH, .height = SCAN_ROWS, .type = RECON_SAMPLE_UINT16,
                                    .rows_per_strip = 4 },
                       values + (gsize) i * SCAN_ROWS * SCAN_WIDTH);
    }

  return folder;
}

static void
record_cb (ReconLog   *log,
           int         level,
           const char *text,
           ScanFiles  *self)
{
  g_string_append_printf (self->records, "%c %s\n", "WID"[level], text);
}

ScanFiles *
scan_files_new (void)
{
  ScanFiles *self = g_new0 (ScanFiles, 1);

  self->folder = test_folder_new ();
  self->projections = write_series (self, "projections", SCAN_PROJECTION, SCAN_PROJECTIONS);
  self->darks = write_series (self, "darks", SCAN_DARK, SCAN_DARKS);
  self->flats = write_series (self, "flats", SCAN_FLAT, SCAN_FLATS);
  self->flats_after = write_series (self, "after", SCAN_FLAT_AFTER, SCAN_FLATS_AFTER);
  self->records = g_string_new (NULL);
  self->log = recon_log_new ();
  g_signal_connect (self->log, "record", G_CALLBACK (record_cb), self);

  return self;
}

void
scan_files_free (ScanFiles *self)
{
  test_folder_remove (self->folder);
  g_free (self->projections);
  g_free (self->darks);
  g_free (self->flats);
  g_free (self->flats_after);
  g_object_unref (self->log);
  g_string_free (self->records, TRUE);
  g_free (self);
}

char *
scan_files_path (ScanFiles  *self,
                 const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

void
scan_files_write (ScanFiles  *self,
                  const char *name,
                  const char *text)
{
  g_autofree char *path = scan_files_path (self, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
set_value (ReconConfig *config,
           const char  *name,
           const char  *value)
{
  g_auto (GStrv) words = g_strsplit (name, ".", 2);
  g_autoptr (GError) error = NULL;
  ReconParameter parameter;

  g_assert_true (recon_parameter_find (words[0], words[1], &parameter));
  recon_config_parse (config, parameter, value, &error);
  g_assert_no_error (error);
}

static void
set_values (ReconConfig *config,
            va_list      args)
{
  const char *name;

  while ((name = va_arg (args, const char *)) != NULL)
    set_value (config, name, va_arg (args, const char *));
}

ReconScan *
scan_files_open (ScanFiles  *self,
                 GError    **error,
                 ...)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  va_list args;

  va_start (args, error);
  set_values (config, args);
  va_end (args);

  g_string_truncate (self->records, 0);

  return recon_scan_open (config, self->log, error);
}

ReconScan *
scan_files_open_all (ScanFiles *self,
                     ...)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;
  ReconScan *scan;
  va_list args;

  set_value (config, "input.projections", self->projections);
  set_value (config, "input.darks", self->darks);
  set_value (config, "input.flats", self->flats);
  set_value (config, "input.flats-after", self->flats_after);
  va_start (args, self);
  set_values (config, args);
  va_end (args);

  g_string_truncate (self->records, 0);
  scan = recon_scan_open (config, self->log, &error);
  g_assert_no_error (error);

  return scan;
}

void
scan_assert_error (GError *error,
                   int     code,
                   ...)
{
  const char *words;
  va_list args;

  g_assert_error (error, RECON_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_true (g_ascii_isupper (error->message[0]) || error->message[0] == '/');
  g_assert_true (g_str_has_suffix (error->message, "."));

  va_start (args, code);
  while ((words = va_arg (args, const char *)) != NULL)
    if (strstr (error->message, words) == NULL)
      g_error ("“%s” is not in: %s", words, error->message);
  va_end (args);
}

void
scan_assert_said (ScanFiles  *self,
                  const char *record)
{
  if (strstr (self->records->str, record) == NULL)
    g_error ("“%s” is not in:\n%s", record, self->records->str);
}

void
scan_assert_unsaid (ScanFiles  *self,
                    const char *record)
{
  if (strstr (self->records->str, record) != NULL)
    g_error ("“%s” is in:\n%s", record, self->records->str);
}

char *
scan_files_describe_geometry (const ReconGeometry *geometry)
{
  g_autoptr (ReconGeometry) copy = recon_geometry_copy (geometry);

  return g_strdup (recon_geometry_describe (copy));
}

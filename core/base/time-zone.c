/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/time-zone.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* A file with a time zone begins with this, and has at least so many bytes. */
#define MAGIC        "TZif"
#define HEADER_BYTES 44

static gboolean
is_zone (const char *path)
{
  char header[HEADER_BYTES];
  gboolean valid;
  FILE *file;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR) || (file = g_fopen (path, "rb")) == NULL)
    return FALSE;
  valid = fread (header, 1, sizeof header, file) == sizeof header && memcmp (header, MAGIC, strlen (MAGIC)) == 0;
  fclose (file);

  return valid;
}

/**
 * recon_time_zone_check:
 *
 * Takes UTC where $TZ names a file that holds no time zone, of which GLib complains as of an error in the program. To
 * be called before there are threads.
 */
void
recon_time_zone_check (void)
{
  const char *zone = g_getenv ("TZ");
  const char *folder = g_getenv ("TZDIR");
  g_autofree char *path = NULL;

  if (zone == NULL)
    return;
  zone += *zone == ':';
  if (*zone == '\0')
    return;

  /* An absolute path stays as it is. */
  path = g_canonicalize_filename (zone, folder != NULL ? folder : "/usr/share/zoneinfo");
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !is_zone (path))
    g_setenv ("TZ", "UTC", TRUE);
}

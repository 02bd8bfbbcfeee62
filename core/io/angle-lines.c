/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angle-lines.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "error.h"

/* Files of angles often hold those of dark and flat frames too: the stage stands still while these are taken. */

/* Steps between angles differ by less than this part of the mean step where they are evenly spaced. */
#define TOLERANCE 0.25

/* Fewer angles are evenly spaced by chance. */
#define FEWEST 3

/* What moves paths to another folder takes the brackets for a pattern's, and escapes those of the folder. */
static char *
unescape (char *path)
{
  char *to = path;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return path;

  for (const char *from = path; *from != '\0'; from++)
    {
      if (from[0] == '\\' && from[1] != '\0' && strchr ("*?[]\\", from[1]) != NULL)
        from++;
      *to++ = *from;
    }
  *to = '\0';

  return path;
}

/**
 * recon_angle_lines_split:
 * @path: a path, which may end in ":[FIRST:STOP]"
 * @first: (out): the first angle, counted from 0
 * @stop: (out): the one after the last
 *
 * A file whose name ends like this comes first.
 *
 * Returns: (transfer full) (nullable): the path without the selection; %NULL if it has none
 */
char *
recon_angle_lines_split (const char *path,
                         gsize      *first,
                         gsize      *stop)
{
  const char *open = strrchr (path, '[');
  guint64 low, high;
  char *end;

  if (open == NULL || open < path + 2 || open[-1] != ':' || g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  if (!g_ascii_isdigit (open[1]))
    return NULL;

  low = g_ascii_strtoull (open + 1, &end, 10);
  if (*end != ':' || !g_ascii_isdigit (end[1]))
    return NULL;
  high = g_ascii_strtoull (end + 1, &end, 10);
  if (strcmp (end, "]") != 0 || high > G_MAXUINT32)
    return NULL;

  *first = (gsize) MIN (low, G_MAXUINT32);
  *stop = (gsize) high;

  return unescape (g_strndup (path, open - 1 - path));
}

/**
 * recon_angle_lines_select:
 * @path: where the angles are from, for messages
 * @first: the first one that is wanted
 * @stop: the one after the last
 * @angles: (inout) (array length=n_angles): all angles; those that are wanted move to the front
 * @n_angles: (inout): number of angles
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where there are not as many
 */
gboolean
recon_angle_lines_select (const char  *path,
                          gsize        first,
                          gsize        stop,
                          double      *angles,
                          gsize       *n_angles,
                          GError     **error)
{
  if (first >= stop || stop > *n_angles)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s holds %" G_GSIZE_FORMAT " angles, counted from 0, so that [%" G_GSIZE_FORMAT
                      ":%" G_GSIZE_FORMAT "] is no part of them. Choose the first one and the one after the last."),
                   path, *n_angles, first, stop);
      return FALSE;
    }

  memmove (angles, angles + first, (stop - first) * sizeof (double));
  *n_angles = stop - first;

  return TRUE;
}

static gboolean
is_even (const double *angles,
         gsize         n)
{
  double step = (angles[n - 1] - angles[0]) / (double) (n - 1);

  if (step == 0 || !isfinite (step))
    return FALSE;

  for (gsize i = 1; i < n; i++)
    if (!(fabs (angles[i] - angles[i - 1] - step) < TOLERANCE * fabs (step)))
      return FALSE;

  return TRUE;
}

/**
 * recon_angle_lines_find:
 * @angles: (array length=n_angles): angles of a scan with all its frames
 * @n_angles: number of angles
 * @n_wanted: number of projections, fewer
 * @first: (out): where the projections' angles begin
 *
 * Looks for the angles that follow each other in even steps.
 *
 * Returns: whether there is exactly one place where they do
 */
gboolean
recon_angle_lines_find (const double *angles,
                        gsize         n_angles,
                        gsize         n_wanted,
                        gsize        *first)
{
  guint n_found = 0;

  if (n_wanted < FEWEST)
    return FALSE;

  for (gsize i = 0; i + n_wanted <= n_angles && n_found < 2; i++)
    if (is_even (angles + i, n_wanted))
      {
        *first = i;
        n_found++;
      }

  return n_found == 1;
}

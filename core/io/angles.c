/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angles.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "error.h"
#include "io/angle-lines.h"
#include "io/angle-unit.h"
#include "io/hdf5-list.h"
#include "io/hdf5-values.h"

/* No list of angles is longer, but a wrongly chosen file may be. */
#define MAX_BYTES (256 << 20)

/* Characters of a line that a message shows. */
#define SHOWN 40

#define SEPARATORS " \t\r\f\v,;#"

static char *
load_text (const char  *path,
           GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                            G_FILE_QUERY_INFO_NONE, NULL, &local_error);
  if (info == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("The angles %s cannot be read: %s."), path,
                   local_error->message);
      return NULL;
    }
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR || g_file_info_get_size (info) > MAX_BYTES)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s is not a file of angles; choose a text file with one angle per line, or an HDF5 "
                      "file:/dataset."),
                   path);
      return NULL;
    }

  if (!g_file_get_contents (path, &text, &length, &local_error))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_READ, _ ("The angles %s cannot be read: %s."), path,
                   local_error->message);
      return NULL;
    }
  if (memchr (text, '\0', length) != NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s is not a text file; give one angle per line, or an HDF5 file:/dataset."), path);
      return NULL;
    }

  return g_steal_pointer (&text);
}

/* "0,5" may be two columns or half a degree as it is written in many countries. */
static gboolean
has_decimal_comma (const char *line)
{
  gsize whole, decimals;

  line += strspn (line, "+-");
  whole = strspn (line, "0123456789");
  if (whole == 0 || line[whole] != ',')
    return FALSE;

  line += whole + 1;
  decimals = strspn (line, "0123456789");

  return decimals > 0 && line[decimals] != ',' && line[decimals] != '.';
}

/* The number in the first column of @line; @has_number is unset where the line is blank or a comment. */
static gboolean
parse_line (const char  *path,
            guint        number,
            const char  *line,
            double      *value,
            gboolean    *has_number,
            GError     **error)
{
  g_autofree char *shown = NULL;
  char *end;

  line += strspn (line, " \t\r\f\v");
  *has_number = *line != '\0' && *line != '#';
  if (!*has_number)
    return TRUE;

  if (has_decimal_comma (line))
    {
      shown = g_utf8_make_valid (line, (gssize) strnlen (line, SHOWN));
      g_strchomp (shown);
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s, line %u: “%s” may be one number or two. Write a decimal point instead of the comma, or put "
                      "a blank between columns."),
                   path, number, shown);
      return FALSE;
    }

  *value = g_ascii_strtod (line, &end);
  if (end != line && (*end == '\0' || strchr (SEPARATORS, *end) != NULL) && isfinite (*value))
    return TRUE;

  shown = g_utf8_make_valid (line, (gssize) strnlen (line, SHOWN));
  g_strchomp (shown);
  if (end != line && !isfinite (*value))
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("%s, line %u: the angle “%s” is not finite. Every projection needs an angle."), path, number,
                 shown);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("%s, line %u: “%s” is not a number. Each line begins with an angle; comments begin with #."), path,
                 number, shown);

  return FALSE;
}

static double *
read_text (const char  *path,
           gsize       *n_angles,
           GError     **error)
{
  g_autofree char *text = load_text (path, error);
  g_autoptr (GArray) angles = g_array_new (FALSE, FALSE, sizeof (double));
  char *next = text;
  guint number = 0;

  if (text == NULL)
    return NULL;

  /* What editors of another system put before the first character. */
  if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    next += 3;

  while (next != NULL)
    {
      char *line = next;
      char *end = strchr (line, '\n');
      double value = 0;
      gboolean has_number;

      next = NULL;
      if (end != NULL)
        {
          *end = '\0';
          next = end + 1;
        }

      if (!parse_line (path, ++number, line, &value, &has_number, error))
        return NULL;
      if (has_number)
        g_array_append_val (angles, value);
    }

  if (angles->len == 0)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("%s holds no angles; give one per line."), path);
      return NULL;
    }

  *n_angles = angles->len;

  return (double *) g_array_steal (angles, NULL);
}

static double *
read_dataset (const char      *file,
              const char      *dataset,
              int              unit,
              ReconAngleUnit  *used,
              gsize           *n_angles,
              GError         **error)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = recon_hdf5_file_open (file, error);
  g_autofree double *angles = NULL;

  if (root < 0)
    return NULL;

  angles = recon_hdf5_read_angles (root, file, dataset, unit, used, n_angles, error);
  for (gsize i = 0; angles != NULL && i < *n_angles; i++)
    if (!isfinite (angles[i]))
      {
        g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                     _ ("%s:%s: angle %" G_GSIZE_FORMAT " (counted from 0) is not finite. Every projection needs an "
                        "angle."),
                     file, dataset, i);
        return NULL;
      }

  return g_steal_pointer (&angles);
}

static void
set_which_dataset_error (const char  *file,
                         GError     **error)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = recon_hdf5_file_open (file, error);
  g_autofree char *datasets = NULL;

  if (root < 0)
    return;

  datasets = recon_hdf5_describe_datasets (root, "/");
  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("%s is an HDF5 file; say which dataset holds the angles as %s:/path. %s"), file, file, datasets);
}

/**
 * recon_angles_read:
 * @path: a text file, or an HDF5 file:/dataset
 * @unit: the #ReconAngleUnit of the file, or −1 to take a dataset's attribute "units", else degrees if any
 *   angle is beyond a full turn in radians, else radians
 * @used: (out) (optional): the unit that was taken
 * @n_angles: (out): number of angles
 * @error: return location
 *
 * Reads a list of angles. In a text file each line begins with an angle, with a decimal point; what follows after
 * blanks, a comma or a semicolon, blank lines, and comments from # on are skipped. A dataset has one dimension
 * and any type of number. After the path of either, ":[FIRST:STOP]" takes some of the angles, counted from 0.
 *
 * Returns: (transfer full) (array length=n_angles): the angles in radians, all finite; or %NULL with
 *   #RECON_ERROR_INPUT naming line and text or position, or #RECON_ERROR_READ
 */
double *
recon_angles_read (const char      *path,
                   int              unit,
                   ReconAngleUnit  *used,
                   gsize           *n_angles,
                   GError         **error)
{
  g_autofree char *file = NULL;
  g_autofree char *dataset = NULL;
  g_autofree char *whole = NULL;
  double *angles;
  gsize first, stop;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (n_angles != NULL, NULL);

  whole = recon_angle_lines_split (path, &first, &stop);
  if (whole != NULL)
    {
      angles = recon_angles_read (whole, unit, used, n_angles, error);
      if (angles != NULL && !recon_angle_lines_select (whole, first, stop, angles, n_angles, error))
        g_clear_pointer (&angles, g_free);
      return angles;
    }

  if (recon_hdf5_split_path (path, &file, &dataset))
    return read_dataset (file, dataset, unit, used, n_angles, error);

  if (recon_hdf5_is_file (path))
    {
      set_which_dataset_error (path, error);
      return NULL;
    }

  angles = read_text (path, n_angles, error);
  if (angles != NULL)
    recon_angle_unit_convert (unit, angles, *n_angles, used);

  return angles;
}

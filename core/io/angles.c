/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angles.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "io/angle-table.h"
#include "io/hdf5.h"

/* No list of angles is longer, but a wrongly chosen file may be. */
#define MAX_BYTES (64 << 20)

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
    return recon_fail_null (error, RECON_ERROR_INPUT, _ ("The angles %s cannot be read: %s."), path,
                            local_error->message);
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR || g_file_info_get_size (info) > MAX_BYTES)
    return recon_fail_null (error, RECON_ERROR_INPUT,
                            _ ("%s is not a file of angles; choose a text file with one angle per line, or an HDF5 "
                               "file:/dataset."),
                            path);

  if (!g_file_get_contents (path, &text, &length, &local_error))
    return recon_fail_null (error, RECON_ERROR_READ, _ ("The angles %s cannot be read: %s."), path,
                            local_error->message);
  if (memchr (text, '\0', length) != NULL)
    return recon_fail_null (error, RECON_ERROR_INPUT,
                            _ ("%s is not a text file; give one angle per line, or an HDF5 file:/dataset."), path);

  return g_steal_pointer (&text);
}

/* Which part of a text file is meant: "angles.txt:2[10:101]". */
typedef struct
{
  guint    column; /* from 1; 0 for the only one */
  gboolean has_range;
  gint64   start;  /* values from 0; negative ones from the end, as in Python */
  gint64   stop;
} Selection;

static gboolean
parse_bound (const char **text,
             const char  *ends,
             gint64      *bound)
{
  char *end;

  if (strchr (ends, **text) != NULL && **text != '\0')
    {
      (*text)++;
      return TRUE;
    }

  *bound = g_ascii_strtoll (*text, &end, 10);
  if (end == *text || g_ascii_isspace (**text) || *end == '\0' || strchr (ends, *end) == NULL)
    return FALSE;
  *text = end + 1;

  return TRUE;
}

/* "2", "[10:101]", "2[10:101]" and "2:[10:101]". */
static gboolean
parse_selection (const char *text,
                 Selection  *self)
{
  *self = (Selection){ .stop = G_MAXINT64 };

  if (g_ascii_isdigit (*text))
    {
      char *end;
      guint64 column = g_ascii_strtoull (text, &end, 10);

      if (column < 1 || column > RECON_ANGLE_LINE_COLUMNS)
        return FALSE;
      self->column = (guint) column;
      text = end;
      if (*text == '\0')
        return TRUE;
      text += *text == ':' ? 1 : 0;
    }

  if (*text++ != '[')
    return FALSE;
  self->has_range = TRUE;

  return parse_bound (&text, ":", &self->start) && parse_bound (&text, "]", &self->stop) && *text == '\0';
}

/* Whether @path is a text file, and a part of it. A file of that very name comes first. */
static char *
split_selection (const char *path,
                 Selection  *selection)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;

  for (const char *colon = strchr (path, ':'); colon != NULL; colon = strchr (colon + 1, ':'))
    {
      g_autofree char *file = g_strndup (path, (gsize) (colon - path));

      if (parse_selection (colon + 1, selection) && g_file_test (file, G_FILE_TEST_IS_REGULAR) &&
          !recon_hdf5_is_file (file))
        return g_steal_pointer (&file);
    }

  return NULL;
}

static gint64
resolve_bound (gint64 bound,
               gsize  n)
{
  if (bound < 0)
    bound += (gint64) n;

  return CLAMP (bound, 0, (gint64) n);
}

static gboolean
select_values (const char       *path,
               const Selection  *selection,
               double           *values,
               gsize            *n,
               GError          **error)
{
  gint64 start, stop;

  if (!selection->has_range)
    return TRUE;

  start = resolve_bound (selection->start, *n);
  stop = resolve_bound (selection->stop, *n);
  /* Python takes what there is; here a range that is not there is a mistake. */
  if (start >= stop || (selection->stop != G_MAXINT64 && selection->stop > (gint64) *n))
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("%s: there are %" G_GSIZE_FORMAT " values, counted from 0, and the range takes none of them "
                          "or ends beyond the last. Choose a start and a stop of at most %" G_GSIZE_FORMAT "."),
                       path, *n, *n);

  *n = (gsize) (stop - start);
  memmove (values, values + start, *n * sizeof (double));

  return TRUE;
}

static double *
read_text (const char       *path,
           const char       *file,
           const Selection  *selection,
           GPtrArray        *notes,
           char            **unit,
           ReconAngleKeys  **keys,
           gsize            *n_angles,
           GError          **error)
{
  g_autofree char *text = load_text (file, error);
  g_autofree double *angles = NULL;

  if (text == NULL)
    return NULL;

  angles = recon_angle_table_read (file, text, selection->column, notes, unit,
                                   selection->has_range ? NULL : keys, n_angles, error);
  if (angles == NULL || !select_values (path, selection, angles, n_angles, error))
    return NULL;

  return g_steal_pointer (&angles);
}

static double *
read_dataset (const char      *file,
              const char      *dataset,
              char           **unit,
              gsize           *n_angles,
              GError         **error)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = recon_hdf5_file_open (file, error);
  g_autofree double *angles = NULL;

  if (root < 0)
    return NULL;

  angles = recon_hdf5_read_numbers (root, file, dataset, n_angles, error);
  if (angles != NULL)
    *unit = recon_hdf5_read_attribute (root, dataset, "units");
  for (gsize i = 0; angles != NULL && i < *n_angles; i++)
    if (!isfinite (angles[i]))
      return recon_fail_null (error, RECON_ERROR_INPUT,
                              _ ("%s:%s: angle %" G_GSIZE_FORMAT " (counted from 0) is not finite. Every projection "
                                 "needs an angle."),
                              file, dataset, i);

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

/* Takes the unit that is @given, else the file's, else what the values look like. */
static gboolean
choose_unit (const char      *path,
             int              given,
             const char      *own,
             double          *angles,
             gsize            n_angles,
             GPtrArray       *notes,
             GPtrArray       *warnings,
             ReconAngleUnit  *used,
             GError         **error)
{
  int unit = given >= 0 ? given : recon_angle_unit_apply (own, angles, n_angles, NULL);
  gboolean judged = unit < 0;
  g_autofree char *values = NULL;

  if (judged)
    unit = recon_angle_unit_judge (angles, n_angles);
  if (given < 0 && own != NULL && *own != '\0' &&
      (unit < 0 || (judged ? !recon_angle_unit_is_turn ((ReconAngleUnit) unit, angles, n_angles)
                           : recon_angle_unit_contradicts ((ReconAngleUnit) unit, angles, n_angles))))
    return recon_angle_unit_set_contradiction (path, own, angles, n_angles, error);
  if (unit < 0)
    return recon_angle_unit_set_unclear (path, angles, n_angles, error);

  values = recon_angle_unit_describe (angles, n_angles);
  if (judged && notes != NULL)
    g_ptr_array_add (notes, g_strdup_printf (_ ("%s names no unit: %s are taken as %s"), path, values,
                                             recon_angle_unit_get_name ((ReconAngleUnit) unit)));
  if (!judged && warnings != NULL && recon_angle_unit_contradicts ((ReconAngleUnit) unit, angles, n_angles))
    g_ptr_array_add (warnings, g_strdup_printf (_ ("The angles of %s are said to be %s, but are %s."), path,
                                                recon_angle_unit_get_name ((ReconAngleUnit) unit), values));

  recon_angle_unit_convert ((ReconAngleUnit) unit, angles, n_angles);
  if (used != NULL)
    *used = (ReconAngleUnit) unit;

  return TRUE;
}

/**
 * recon_angles_split_path:
 * @path: what recon_angles_read() takes
 *
 * Returns: (transfer full): the file that is read
 */
char *
recon_angles_split_path (const char *path)
{
  g_autofree char *dataset = NULL;
  Selection selection;
  char *file = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (recon_hdf5_split_path (path, &file, &dataset))
    return file;

  file = split_selection (path, &selection);

  return file != NULL ? file : g_strdup (path);
}

/**
 * recon_angles_read:
 * @path: a text file, perhaps with a column and a range of values, or an HDF5 file:/dataset
 * @unit: the #ReconAngleUnit of the file, or −1 to take a dataset's attribute "units" or a title "angle [unit]", else
 *   what the values look like; see recon_angle_unit_judge()
 * @notes: (nullable) (element-type utf8): gets sentences about what was decided
 * @warnings: (nullable) (element-type utf8): gets sentences about what looks wrong
 * @used: (out) (optional): the unit that was taken
 * @keys: (out) (optional) (nullable): what another column says that each angle is of, of a text file without a range
 * @n_angles: (out): number of angles
 * @error: return location
 *
 * Reads a list of angles. A text file is read by recon_angle_table_read(). "angles.txt:2" is its second column,
 * "angles.txt:[10:101]" its values 10 to 100, counted from 0, as in Python, and "angles.txt:2[10:101]" is both. A
 * dataset has one dimension and any type of number.
 *
 * Returns: (transfer full) (array length=n_angles): the angles in radians, all finite; or %NULL with
 *   #RECON_ERROR_INPUT naming line and text or position, or #RECON_ERROR_READ
 */
double *
recon_angles_read (const char      *path,
                   int              unit,
                   GPtrArray       *notes,
                   GPtrArray       *warnings,
                   ReconAngleUnit  *used,
                   ReconAngleKeys **keys,
                   gsize           *n_angles,
                   GError         **error)
{
  g_autofree char *file = NULL;
  g_autofree char *dataset = NULL;
  g_autofree double *angles = NULL;
  Selection selection = { 0 };
  g_autofree char *own = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (n_angles != NULL, NULL);

  if (keys != NULL)
    *keys = NULL;
  if (recon_hdf5_split_path (path, &file, &dataset))
    {
      angles = read_dataset (file, dataset, &own, n_angles, error);
    }
  else if (recon_hdf5_is_file (path))
    {
      set_which_dataset_error (path, error);
    }
  else
    {
      file = split_selection (path, &selection);
      angles = read_text (path, file != NULL ? file : path, &selection, notes, &own, keys, n_angles, error);
    }

  if (angles == NULL ||
      !choose_unit (path, unit, own, angles, *n_angles, notes, warnings, used, error))
    return NULL;

  return g_steal_pointer (&angles);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"

/* Datasets of more dimensions than images have. Axes of length 1 are dropped, those before the others first, until
 * three are left. Where that is not enough, the path says which index is meant, counted from 0:
 *
 *   scan.h5:/data[:,0]     the first one on the second axis
 *   scan.h5:/data[2,:,:,1] the third on the first axis, the second on the last
 *
 * A colon takes all of an axis; axes at the end may be left out, and are taken as a whole. */

/* An axis that is taken as a whole. */
#define ALL G_MAXUINT64

/**
 * recon_hdf5_view_split_path:
 * @root: the file
 * @object: a path in it, that may end in a selection
 * @dataset: (out) (transfer full): the path without it
 * @selection: (out) (transfer full) (nullable): the selection with its brackets
 *
 * Takes "/data[:,0]" apart, unless something has that name as a whole. The lock is held.
 *
 * Returns: whether there is a selection
 */
gboolean
recon_hdf5_view_split_path (hid_t        root,
                            const char  *object,
                            char       **dataset,
                            char       **selection)
{
  const char *bracket = strrchr (object, '[');

  if (bracket == NULL || bracket == object || !g_str_has_suffix (object, "]") || recon_hdf5_link_exists (root, object))
    {
      *dataset = g_strdup (object);
      *selection = NULL;
      return FALSE;
    }

  *dataset = g_strndup (object, (gsize) (bracket - object));
  *selection = g_strdup (bracket);

  return TRUE;
}

/**
 * recon_hdf5_shape_count_axes:
 * @shape: shape of a dataset
 *
 * Returns: its number of dimensions, without those of length 1 that an image needs not
 */
guint
recon_hdf5_shape_count_axes (const ReconHdf5Shape *shape)
{
  guint n = 0;

  if (shape->rank <= 3)
    return (guint) MAX (shape->rank, 0);

  for (int i = 0; i < shape->rank; i++)
    n += shape->dims[i] != 1;

  return MAX (n, 3);
}

/**
 * recon_hdf5_shape_squeeze:
 * @shape: (inout): shape of a dataset
 *
 * Drops what recon_hdf5_shape_count_axes() does not count, as recon_hdf5_view_init() does.
 */
void
recon_hdf5_shape_squeeze (ReconHdf5Shape *shape)
{
  int n_spare = shape->rank - (int) recon_hdf5_shape_count_axes (shape);
  int n = 0;

  for (int i = 0; i < shape->rank; i++)
    if (n_spare > 0 && shape->dims[i] == 1)
      n_spare--;
    else
      shape->dims[n++] = shape->dims[i];

  if (shape->rank > 0)
    shape->rank = n;
}

/* Returns it for a message, such as "181 × 2 × 640 float32". */
static char *
format_shape (const ReconHdf5Shape *shape)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < shape->rank; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? " × " : "", (guint64) shape->dims[i]);
  if (shape->is_number)
    g_string_append_printf (text, " %s", recon_sample_type_get_name (shape->type));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * recon_hdf5_shape_find_choice:
 * @shape: shape of a dataset with too many dimensions
 *
 * Returns: the axis on which an index is most likely to be chosen: the shortest before the columns that is longer
 *   than 1
 */
int
recon_hdf5_shape_find_choice (const ReconHdf5Shape *shape)
{
  int best = -1;

  for (int i = 0; i < shape->rank - 1; i++)
    if (shape->dims[i] > 1 && (best < 0 || shape->dims[i] < shape->dims[best]))
      best = i;

  return MAX (best, 0);
}

/**
 * recon_hdf5_shape_select:
 * @shape: shape of a dataset
 * @axis: an axis
 * @index: an index on it
 * @selected: (out caller-allocates) (optional): the shape of what is left
 *
 * Returns: (transfer full): the selection of it, such as "[:,0]"
 */
char *
recon_hdf5_shape_select (const ReconHdf5Shape *shape,
                         int                   axis,
                         guint64               index,
                         ReconHdf5Shape       *selected)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (int i = 0; i < axis; i++)
    g_string_append (text, ":,");
  g_string_append_printf (text, "%" G_GUINT64_FORMAT "]", index);

  if (selected != NULL)
    {
      *selected = *shape;
      selected->rank--;
      for (int i = axis; i < selected->rank; i++)
        selected->dims[i] = shape->dims[i + 1];
      if (shape->n_elements != G_MAXUINT64)
        selected->n_elements = shape->n_elements / MAX (shape->dims[axis], 1);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* One index or %ALL for each axis. */
static gboolean
parse_selection (const ReconHdf5Shape  *shape,
                 const char            *selection,
                 const char            *path,
                 guint64               *wanted,
                 GError               **error)
{
  g_autofree char *inner = g_strndup (selection + 1, strlen (selection) - 2);
  g_auto (GStrv) parts = g_strsplit (inner, ",", -1);
  guint n = g_strv_length (parts);

  if (n == 0 || n > (guint) shape->rank)
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("The selection of %s has %u axes, but the dataset has %d. Write a colon or an index for "
                          "each, as in /data[:,0]."),
                       path, n, shape->rank);

  for (guint i = 0; i < n; i++)
    {
      const char *part = g_strstrip (parts[i]);

      if (g_str_equal (part, ":"))
        continue;

      if (!g_ascii_string_to_unsigned (part, 10, 0, G_MAXINT64, &wanted[i], NULL))
        return recon_fail (error, RECON_ERROR_INPUT,
                           _ ("The selection of %s has “%s” for axis %u (counted from 0). Write a colon for all of it, "
                              "or an index counted from 0, as in /data[:,0]."),
                           path, part, i);
      if (wanted[i] >= shape->dims[i])
        return recon_fail (error, RECON_ERROR_INPUT,
                           _ ("The selection of %s has index %" G_GUINT64_FORMAT " for axis %u, whose indexes are 0 to "
                              "%" G_GUINT64_FORMAT "."),
                           path, wanted[i], i, (guint64) shape->dims[i] - 1);
    }

  return TRUE;
}

static gboolean
check_number_of_axes (const ReconHdf5Shape  *shape,
                      guint                  n_axes,
                      const char            *path,
                      GError               **error)
{
  g_autofree char *text = format_shape (shape);
  g_autofree char *example = NULL;

  if (n_axes == 2 || n_axes == 3)
    return TRUE;

  if (n_axes < 2)
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("%s has %u dimensions (%s); images have 3 (frames, rows, columns), or 2 for a single one."),
                       path, n_axes, text);

  example = recon_hdf5_shape_select (shape, recon_hdf5_shape_find_choice (shape), 0, NULL);
  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s has %u dimensions (%s); images have 3 (frames, rows, columns), or 2 for a single one. "
                        "Choose an index on the axis that is none of these: put %s behind the dataset's path for the "
                        "first."),
                     path, n_axes, text, example);
}

static gboolean
check_sizes (const ReconHdf5View   *self,
             const ReconHdf5Shape  *shape,
             const char            *path,
             GError               **error)
{
  g_autofree char *text = format_shape (shape);

  for (int i = 0; i < shape->rank; i++)
    if (shape->dims[i] == 0 || shape->dims[i] > G_MAXINT32)
      return recon_fail (error, RECON_ERROR_INPUT,
                         shape->dims[i] == 0 ? _ ("%s is empty (%s).") : _ ("%s is too large (%s)."), path, text);

  if (self->n[0] <= RECON_HDF5_MOST && self->n[1] <= RECON_HDF5_MOST && self->n[2] <= RECON_HDF5_MOST)
    return TRUE;

  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s is said to hold %u images of %u rows and %u columns (%s); more than %d of any of these are "
                        "not read."),
                     path, self->n[0], self->n[1], self->n[2], text, RECON_HDF5_MOST);
}

/**
 * recon_hdf5_view_init:
 * @self: (out caller-allocates): a view
 * @shape: shape of a dataset of numbers
 * @selection: (nullable): of recon_hdf5_view_split_path()
 * @path: what the user calls the dataset, for messages
 * @error: return location
 *
 * Finds out which of the axes are frames, rows and columns.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where @shape or @selection are not those of images
 */
gboolean
recon_hdf5_view_init (ReconHdf5View         *self,
                      const ReconHdf5Shape  *shape,
                      const char            *selection,
                      const char            *path,
                      GError               **error)
{
  guint64 wanted[H5S_MAX_RANK];
  guint n_axes = 0;
  int axis = 2;

  *self = (ReconHdf5View) { .rank = shape->rank, .axes = { -1, -1, -1 }, .n = { 1, 1, 1 } };

  for (int i = 0; i < shape->rank; i++)
    wanted[i] = ALL;
  if (selection != NULL && !parse_selection (shape, selection, path, wanted, error))
    return FALSE;

  for (int i = 0; i < shape->rank; i++)
    n_axes += wanted[i] == ALL;
  for (int i = 0; i < shape->rank && n_axes > 3; i++)
    if (wanted[i] == ALL && shape->dims[i] == 1)
      {
        wanted[i] = 0;
        n_axes--;
      }

  if (!check_number_of_axes (shape, n_axes, path, error))
    return FALSE;

  for (int i = shape->rank - 1; i >= 0; i--)
    if (wanted[i] != ALL)
      self->index[i] = wanted[i];
    else
      {
        self->axes[axis] = i;
        self->n[axis--] = (guint) MIN (shape->dims[i], G_MAXUINT32);
      }

  return check_sizes (self, shape, path, error);
}

/**
 * recon_hdf5_view_get_offset:
 * @self: a view
 * @offset: a frame, row and column
 * @position: (out) (array): gets the index on each axis of the dataset
 */
void
recon_hdf5_view_get_offset (const ReconHdf5View *self,
                            const hsize_t        offset[3],
                            hsize_t             *position)
{
  memcpy (position, self->index, (gsize) self->rank * sizeof *position);
  for (int i = 0; i < 3; i++)
    if (self->axes[i] >= 0)
      position[self->axes[i]] = offset[i];
}

/**
 * recon_hdf5_view_get_other:
 * @self: a view
 * @axis: an axis
 *
 * Returns: the first axis from @axis on on which there is one index, or −1
 */
int
recon_hdf5_view_get_other (const ReconHdf5View *self,
                           int                  axis)
{
  for (int i = axis; i < self->rank; i++)
    if (i != self->axes[0] && i != self->axes[1] && i != self->axes[2])
      return i;

  return -1;
}

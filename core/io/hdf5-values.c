/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-values.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "io/hdf5-guard.h"
#include "io/hdf5-sources.h"
#include "io/hdf5-type.h"

/* Of a text or list that belongs to a scan; more is a damaged file. */
#define MAX_TEXT_BYTES (1 << 20)
#define MAX_NUMBERS    (1 << 26)
#define MAX_TEXTS      16

/* What H5Dread() and H5Aread() have in common. */
static herr_t
read_value (hid_t  object,
            hid_t  type,
            void  *value)
{
  if (H5Iget_type (object) == H5I_ATTR)
    return H5Aread (object, type, value);

  return H5Dread (object, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value);
}

/* The first string of a dataset or attribute that holds some. */
static char *
read_string (hid_t object)
{
  gboolean is_attribute = H5Iget_type (object) == H5I_ATTR;
  g_auto (ReconHdf5Id) type = is_attribute ? H5Aget_type (object) : H5Dget_type (object);
  g_auto (ReconHdf5Id) space = is_attribute ? H5Aget_space (object) : H5Dget_space (object);
  g_auto (ReconHdf5Id) memory = H5I_INVALID_HID;
  g_autofree char *text = NULL;
  hssize_t n = space >= 0 ? H5Sget_simple_extent_npoints (space) : 0;

  if (type < 0 || H5Tget_class (type) != H5T_STRING || n < 1 || n > MAX_TEXTS)
    return NULL;

  memory = H5Tcopy (H5T_C_S1);
  if (memory < 0 || H5Tset_cset (memory, H5Tget_cset (type)) < 0)
    return NULL;

  if (H5Tis_variable_str (type) > 0)
    {
      char *values[MAX_TEXTS] = { NULL };

      if (H5Tset_size (memory, H5T_VARIABLE) < 0 || read_value (object, memory, values) < 0)
        return NULL;

      if (values[0] != NULL)
        text = g_utf8_make_valid (values[0], -1);
      for (hssize_t i = 0; i < n; i++)
        H5free_memory (values[i]);
      if (text == NULL)
        return NULL;
    }
  else
    {
      gsize size = H5Tget_size (type);
      g_autofree char *value = NULL;

      /* A byte more, so that the end is marked whatever the padding in the file is. */
      if (size == 0 || size > MAX_TEXT_BYTES || H5Tset_size (memory, size + 1) < 0)
        return NULL;

      value = g_malloc0 ((size + 1) * (gsize) n);
      if (read_value (object, memory, value) < 0)
        return NULL;
      text = g_utf8_make_valid (value, -1);
    }

  return g_strdup (g_strstrip (text));
}

/**
 * recon_hdf5_read_string:
 * @root: the file
 * @path: path of a dataset
 *
 * The lock is held.
 *
 * Returns: (transfer full) (nullable): the text without blanks around it, or %NULL where there is none
 */
char *
recon_hdf5_read_string (hid_t       root,
                        const char *path)
{
  g_auto (ReconHdf5Id) object = recon_hdf5_open_guarded (root, path, H5P_DEFAULT);

  return object < 0 ? NULL : read_string (object);
}

/**
 * recon_hdf5_read_attribute:
 * @root: the file
 * @path: path of a group or dataset
 * @name: name of one of its attributes
 *
 * The lock is held.
 *
 * Returns: (transfer full) (nullable): the attribute's text, or %NULL where there is none
 */
char *
recon_hdf5_read_attribute (hid_t       root,
                           const char *path,
                           const char *name)
{
  g_auto (ReconHdf5Id) attribute = H5Aopen_by_name (root, path, name, H5P_DEFAULT, recon_hdf5_link_access ());

  return attribute < 0 ? NULL : read_string (attribute);
}

static gboolean
is_list (const ReconHdf5Shape *shape)
{
  guint long_dims = 0;

  for (int i = 0; i < shape->rank; i++)
    long_dims += shape->dims[i] != 1;

  return shape->rank >= 0 && shape->is_number && long_dims <= 1;
}

/**
 * recon_hdf5_read_numbers:
 * @root: the file
 * @file: its name, for messages
 * @path: path of a list of numbers of any type; dimensions of length 1 do not count
 * @n: (out): how many there are
 * @error: return location
 *
 * The lock is held.
 *
 * Returns: (transfer full): the numbers, or %NULL with #RECON_ERROR_INPUT where the dataset is missing or is no
 *   list, #RECON_ERROR_READ where it cannot be read
 */
double *
recon_hdf5_read_numbers (hid_t        root,
                         const char  *file,
                         const char  *path,
                         gsize       *n,
                         GError     **error)
{
  g_auto (ReconHdf5Id) dataset = recon_hdf5_dataset_open (root, file, path, error);
  g_autofree double *numbers = NULL;
  ReconHdf5Shape shape;

  if (dataset < 0)
    return NULL;

  if (!recon_hdf5_shape_get (dataset, &shape))
    {
      recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("%s in %s cannot be read"), path, file);
      return NULL;
    }
  if (!recon_hdf5_sources_check_all (dataset, path, error))
    return NULL;
  if (!is_list (&shape) || shape.n_elements == 0 || shape.n_elements > MAX_NUMBERS)
    {
      g_autofree char *text = recon_hdf5_shape_describe (dataset);

      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s in %s is %s; a list of 1 to %d numbers is needed."), path, file, text, MAX_NUMBERS);
      return NULL;
    }

  numbers = g_try_new (double, shape.n_elements);
  if (numbers == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("There is no memory for the numbers of %s in %s."), path,
                   file);
      return NULL;
    }
  if (H5Dread (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) < 0)
    {
      recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("%s in %s cannot be read"), path, file);
      return NULL;
    }

  *n = shape.n_elements;

  return g_steal_pointer (&numbers);
}

/**
 * recon_hdf5_count_numbers:
 * @root: the file
 * @path: a path
 *
 * The lock is held.
 *
 * Returns: how many numbers recon_hdf5_read_numbers() would read; 0 where there is no list of numbers
 */
gsize
recon_hdf5_count_numbers (hid_t       root,
                          const char *path)
{
  g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;
  ReconHdf5Shape shape;

  if (recon_hdf5_get_type (root, path) != H5O_TYPE_DATASET)
    return 0;

  dataset = recon_hdf5_open_guarded (root, path, H5P_DEFAULT);
  if (dataset < 0 || !recon_hdf5_shape_get (dataset, &shape) || !is_list (&shape) || shape.n_elements > MAX_NUMBERS)
    return 0;

  return shape.n_elements;
}

/**
 * recon_hdf5_read_number:
 * @root: the file
 * @path: path of a dataset
 *
 * The lock is held.
 *
 * Returns: the number at @path, or the first of a list; NaN where there is none
 */
double
recon_hdf5_read_number (hid_t       root,
                        const char *path)
{
  g_autofree double *numbers = NULL;
  gsize n;

  if (recon_hdf5_get_type (root, path) != H5O_TYPE_DATASET)
    return NAN;

  numbers = recon_hdf5_read_numbers (root, "", path, &n, NULL);

  return numbers == NULL ? (double) NAN : numbers[0];
}

/**
 * recon_hdf5_get_length_um:
 * @root: the file
 * @path: path of a length
 * @initial: µm in the unit of a dataset that has no attribute "units"; NaN to take none such
 *
 * The lock is held.
 *
 * Returns: the length in µm; NaN where there is none, its unit is unknown, or it is not positive
 */
double
recon_hdf5_get_length_um (hid_t       root,
                          const char *path,
                          double      initial)
{
  static const struct
  {
    const char *name;
    double      um;
  } units[] = {
    { "m", 1e6 },   { "meter", 1e6 },      { "metre", 1e6 },      { "meters", 1e6 },      { "metres", 1e6 },
    { "cm", 1e4 },  { "mm", 1e3 },         { "millimeter", 1e3 }, { "millimetre", 1e3 },  { "millimeters", 1e3 },
    { "um", 1 },    { "µm", 1 },           { "μm", 1 },           { "micron", 1 },        { "microns", 1 },
    { "micrometer", 1 }, { "micrometre", 1 }, { "micrometers", 1 }, { "micrometres", 1 }, { "nm", 1e-3 },
    { "nanometer", 1e-3 }, { "nanometre", 1e-3 },
  };
  double value = recon_hdf5_read_number (root, path);
  g_autofree char *name = NULL;
  double um = NAN;

  /* The attribute of what is not there is not asked for. */
  if (isnan (value))
    return NAN;

  name = recon_hdf5_read_attribute (root, path, "units");
  if (name == NULL || *name == '\0')
    um = initial;
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (name, units[i].name) == 0)
      um = units[i].um;

  value *= um;

  return isfinite (value) && value > 0 ? value : (double) NAN;
}

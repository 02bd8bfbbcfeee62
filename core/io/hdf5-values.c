/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Returns its name for a message. */
static const char *
get_class_name (H5T_class_t type_class)
{
  static const char *const names[] = {
    [H5T_INTEGER] = N_ ("integer"),     [H5T_FLOAT] = N_ ("float"),
    [H5T_TIME] = N_ ("time"),           [H5T_STRING] = N_ ("string"),
    [H5T_BITFIELD] = N_ ("bit field"),  [H5T_OPAQUE] = N_ ("opaque"),
    [H5T_COMPOUND] = N_ ("compound"),   [H5T_REFERENCE] = N_ ("reference"),
    [H5T_ENUM] = N_ ("enumeration"),    [H5T_VLEN] = N_ ("variable length"),
    [H5T_ARRAY] = N_ ("array"),
  };

  return type_class >= 0 && type_class < (int) G_N_ELEMENTS (names) ? _ (names[type_class]) : _ ("unknown");
}

/* The named type that holds it: a 12-bit camera's samples, say, may be integers of 3 bytes. */
static ReconSampleType
get_sample_type (hid_t       type,
                 H5T_class_t type_class,
                 gsize       size)
{
  gboolean is_signed;

  if (type_class == H5T_FLOAT)
    return size <= 2 ? RECON_SAMPLE_FLOAT16 : size <= 4 ? RECON_SAMPLE_FLOAT32 : RECON_SAMPLE_FLOAT64;

  is_signed = H5Tget_sign (type) != H5T_SGN_NONE;
  if (size <= 1)
    return is_signed ? RECON_SAMPLE_INT8 : RECON_SAMPLE_UINT8;
  if (size <= 2)
    return is_signed ? RECON_SAMPLE_INT16 : RECON_SAMPLE_UINT16;
  if (size <= 4)
    return is_signed ? RECON_SAMPLE_INT32 : RECON_SAMPLE_UINT32;

  return is_signed ? RECON_SAMPLE_INT64 : RECON_SAMPLE_UINT64;
}

/**
 * recon_hdf5_shape_get:
 * @dataset: a dataset
 * @shape: (out caller-allocates): its shape and type
 *
 * The lock is held.
 *
 * Returns: %FALSE if HDF5 doesn't know it
 */
gboolean
recon_hdf5_shape_get (hid_t           dataset,
                      ReconHdf5Shape *shape)
{
  g_auto (ReconHdf5Id) space = H5Dget_space (dataset);
  g_auto (ReconHdf5Id) type = H5Dget_type (dataset);
  H5T_class_t type_class;

  *shape = (ReconHdf5Shape) { .rank = -1, .n_elements = 1 };

  if (space < 0 || type < 0)
    return FALSE;

  type_class = H5Tget_class (type);
  shape->size = H5Tget_size (type);
  shape->is_number = type_class == H5T_INTEGER || type_class == H5T_FLOAT;
  if (type_class == H5T_NO_CLASS || shape->size == 0)
    return FALSE;
  if (shape->is_number)
    shape->type = get_sample_type (type, type_class, shape->size);

  if (H5Sget_simple_extent_type (space) == H5S_NULL)
    {
      shape->n_elements = 0;
      return TRUE;
    }

  shape->rank = H5Sget_simple_extent_dims (space, shape->dims, NULL);
  if (shape->rank < 0)
    return FALSE;

  for (int i = 0; i < shape->rank; i++)
    if (!g_uint64_checked_mul (&shape->n_elements, shape->n_elements, shape->dims[i]))
      {
        shape->n_elements = G_MAXUINT64;
        break;
      }

  return TRUE;
}

/**
 * recon_hdf5_shape_describe:
 * @dataset: a dataset
 *
 * The lock is held.
 *
 * Returns: (transfer full) (nullable): its shape and type for a message, such as "181 × 2 × 640 float32"
 */
char *
recon_hdf5_shape_describe (hid_t dataset)
{
  g_auto (ReconHdf5Id) type = H5Dget_type (dataset);
  g_autoptr (GString) text = g_string_new (NULL);
  ReconHdf5Shape shape;

  if (type < 0 || !recon_hdf5_shape_get (dataset, &shape))
    return NULL;

  for (int i = 0; i < shape.rank; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? " × " : "", (guint64) shape.dims[i]);
  if (shape.rank == 0)
    g_string_append (text, _ ("one"));
  if (shape.rank < 0)
    g_string_append (text, _ ("no"));

  g_string_append_c (text, ' ');
  g_string_append (text, shape.is_number ? recon_sample_type_get_name (shape.type)
                                         : get_class_name (H5Tget_class (type)));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * recon_hdf5_shape_check_type:
 * @dataset: a dataset
 * @path: what the user calls it, for messages
 * @shape: (out caller-allocates): its shape
 * @error: return location
 *
 * The lock is held.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where @dataset holds no numbers, or #RECON_ERROR_READ
 */
gboolean
recon_hdf5_shape_check_type (hid_t            dataset,
                             const char      *path,
                             ReconHdf5Shape  *shape,
                             GError         **error)
{
  g_autofree char *text = NULL;

  if (!recon_hdf5_shape_get (dataset, shape))
    return recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("Shape and type of %s cannot be read"), path);

  text = recon_hdf5_shape_describe (dataset);

  if (!shape->is_number)
    return recon_fail (error, RECON_ERROR_INPUT, _ ("%s holds %s; images must be integers or floats."), path, text);

  return TRUE;
}

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

      return recon_fail_null (error, RECON_ERROR_INPUT, _ ("%s in %s is %s; a list of 1 to %d numbers is needed."),
                              path, file, text, MAX_NUMBERS);
    }

  numbers = g_try_new (double, shape.n_elements);
  if (numbers == NULL)
    return recon_fail_null (error, RECON_ERROR_MEMORY, _ ("There is no memory for the numbers of %s in %s."), path,
                            file);
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

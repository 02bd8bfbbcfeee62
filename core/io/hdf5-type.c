/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-type.h"

#include <glib/gi18n-lib.h>

/* Returns its name for a message. */
static const char *
get_class_name (H5T_class_t type_class)
{
  switch (type_class)
    {
    case H5T_INTEGER:
      return _ ("integer");
    case H5T_FLOAT:
      return _ ("float");
    case H5T_TIME:
      return _ ("time");
    case H5T_STRING:
      return _ ("string");
    case H5T_BITFIELD:
      return _ ("bit field");
    case H5T_OPAQUE:
      return _ ("opaque");
    case H5T_COMPOUND:
      return _ ("compound");
    case H5T_REFERENCE:
      return _ ("reference");
    case H5T_ENUM:
      return _ ("enumeration");
    case H5T_VLEN:
      return _ ("variable length");
    case H5T_ARRAY:
      return _ ("array");
    default:
      return _ ("unknown");
    }
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
 * Returns: %FALSE if HDF5 cannot tell
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
    {
      recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("Shape and type of %s cannot be read"), path);
      return FALSE;
    }

  text = recon_hdf5_shape_describe (dataset);

  if (!shape->is_number)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s holds %s; images must be integers or floats."), path, text);
      return FALSE;
    }

  return TRUE;
}

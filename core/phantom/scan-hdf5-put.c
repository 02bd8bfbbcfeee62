/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/scan-hdf5-put.h"

#include <string.h>

void
recon_hdf_object_close (ReconHdfObject id)
{
  H5Idec_ref (id);
}

/**
 * recon_scan_hdf5_put_text:
 * @object: a file, group or dataset
 * @name: of an attribute
 * @value: its text
 *
 * Returns: %FALSE if HDF5 failed; its error stack says why
 */
gboolean
recon_scan_hdf5_put_text (hid_t       object,
                          const char *name,
                          const char *value)
{
  g_auto (ReconHdfObject) type = H5Tcopy (H5T_C_S1);
  g_auto (ReconHdfObject) space = H5Screate (H5S_SCALAR);
  g_auto (ReconHdfObject) attribute = H5I_INVALID_HID;

  if (type < 0 || space < 0 || H5Tset_size (type, strlen (value)) < 0 || H5Tset_strpad (type, H5T_STR_NULLPAD) < 0)
    return FALSE;

  attribute = H5Acreate2 (object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);

  return attribute >= 0 && H5Awrite (attribute, type, value) >= 0;
}

/**
 * recon_scan_hdf5_put_string:
 * @file: a file
 * @path: of a dataset
 * @value: its text
 *
 * Returns: %FALSE if HDF5 failed
 */
gboolean
recon_scan_hdf5_put_string (hid_t       file,
                            const char *path,
                            const char *value)
{
  g_auto (ReconHdfObject) type = H5Tcopy (H5T_C_S1);
  g_auto (ReconHdfObject) space = H5Screate (H5S_SCALAR);
  g_auto (ReconHdfObject) dataset = H5I_INVALID_HID;

  if (type < 0 || space < 0 || H5Tset_size (type, strlen (value)) < 0 || H5Tset_strpad (type, H5T_STR_NULLPAD) < 0)
    return FALSE;

  dataset = H5Dcreate2 (file, path, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  return dataset >= 0 && H5Dwrite (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0;
}

/**
 * recon_scan_hdf5_put_group:
 * @file: a file
 * @path: of a group
 * @class: (nullable): its NeXus class
 *
 * Returns: %FALSE if HDF5 failed
 */
gboolean
recon_scan_hdf5_put_group (hid_t       file,
                           const char *path,
                           const char *class)
{
  g_auto (ReconHdfObject) group = H5Gcreate2 (file, path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  return group >= 0 && (class == NULL || recon_scan_hdf5_put_text (group, "NX_class", class));
}

/**
 * recon_scan_hdf5_put_values:
 * @file: a file
 * @path: of a dataset with one dimension
 * @type: of the values, in the file too
 * @values: @n values
 * @n: at least 1
 * @units: (nullable): the text of its attribute units
 *
 * Returns: %FALSE if HDF5 failed
 */
gboolean
recon_scan_hdf5_put_values (hid_t         file,
                            const char   *path,
                            hid_t         type,
                            gconstpointer values,
                            hsize_t       n,
                            const char   *units)
{
  g_auto (ReconHdfObject) space = H5Screate_simple (1, &n, NULL);
  g_auto (ReconHdfObject) dataset = H5I_INVALID_HID;

  if (space < 0)
    return FALSE;

  dataset = H5Dcreate2 (file, path, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  return dataset >= 0 && H5Dwrite (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0 &&
         (units == NULL || recon_scan_hdf5_put_text (dataset, "units", units));
}

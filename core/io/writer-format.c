/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/writer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"

static gboolean
names_tiff_file (const char *path)
{
  const char *dot = strrchr (path, '.');

  return dot != NULL && (g_ascii_strcasecmp (dot, ".tif") == 0 || g_ascii_strcasecmp (dot, ".tiff") == 0);
}

static gboolean
names_hdf5_file (const char *path)
{
  return recon_hdf5_writer_split_path (path, NULL, NULL);
}

/* A name that means an HDF5 file and is not quite right. Nobody wants a folder vol.h5:a. */
static gboolean
almost_names_hdf5_file (const char *path)
{
  g_autofree char *meant = recon_hdf5_writer_find_bare (path);

  return meant != NULL;
}

/**
 * recon_writer_guess_format:
 * @path: what shall be written, as users write it
 * @format: (out): the format that @path means
 *
 * A file .h5, .hdf5, .hdf or .nxs, with or without :/dataset, means hdf5; a file .tif or .tiff without a number
 * (%05d) a tiff-stack; everything else a TIFF series. Where only the slash of :/dataset is missing, hdf5 is meant too;
 * recon_writer_new() refuses it.
 *
 * Returns: %FALSE if @path is empty
 */
gboolean
recon_writer_guess_format (const char        *path,
                           ReconOutputFormat *format)
{
  g_return_val_if_fail (path != NULL && format != NULL, FALSE);

  if (names_hdf5_file (path))
    *format = RECON_OUTPUT_FORMAT_HDF5;
  else if (names_tiff_file (path))
    *format = strchr (path, '%') == NULL ? RECON_OUTPUT_FORMAT_TIFF_STACK : RECON_OUTPUT_FORMAT_TIFF;
  else if (almost_names_hdf5_file (path))
    *format = RECON_OUTPUT_FORMAT_HDF5;
  else
    *format = RECON_OUTPUT_FORMAT_TIFF;

  return *path != '\0';
}

static gboolean
check_path (const char         *path,
            ReconOutputFormat   format,
            GError            **error)
{
  if (*path == '\0')
    return recon_fail (error, RECON_ERROR_CONFIG, _ ("output.path is empty. Name a folder or a file for the slices."));
  if (format == RECON_OUTPUT_FORMAT_TIFF && names_tiff_file (path) && strchr (path, '%') == NULL)
    return recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("%s is one file, but output.format tiff writes one per slice. Name a folder, put %%05d into "
                          "the name, or use output.format tiff-stack."),
                       path);
  if (format == RECON_OUTPUT_FORMAT_TIFF_STACK && (!names_tiff_file (path) || strchr (path, '%') != NULL))
    return recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("%s cannot be a tiff-stack: output.path must be a file .tif or .tiff without a %% in its "
                          "name."),
                       path);

  return TRUE;
}

/**
 * recon_writer_new:
 * @path: tiff: a folder for files slice_00000.tif …, or a file name with one %d, such as out/result-%05d.tif;
 *   tiff-stack: a file .tif; hdf5: a file .h5, optionally with the dataset's path as in file.h5:/entry/data/data
 * @format: how the slices are kept
 * @error: return location
 *
 * Touches nothing yet.
 *
 * Returns: (transfer full): a writer, or %NULL with #RECON_ERROR_CONFIG if @path does not fit @format
 */
ReconWriter *
recon_writer_new (const char         *path,
                  ReconOutputFormat   format,
                  GError            **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  if (!check_path (path, format, error))
    return NULL;

  switch (format)
    {
    case RECON_OUTPUT_FORMAT_TIFF:
      return recon_tiff_series_writer_new (path, error);
    case RECON_OUTPUT_FORMAT_TIFF_STACK:
      return recon_tiff_stack_writer_new (path, error);
    case RECON_OUTPUT_FORMAT_HDF5:
      return recon_hdf5_writer_new (path, error);
    default:
      g_return_val_if_reached (NULL);
    }
}

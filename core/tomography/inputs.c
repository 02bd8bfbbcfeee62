/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "io/angles.h"
#include "io/series.h"
#include "io/hdf5.h"
#include "io/slice-names.h"
#include "tomography/tomography-private.h"

/* Raw data can't be measured again: no output may take the place of an input, even with permission to overwrite, nor
 * lie where the next run would take it for part of the input. */

const ReconParameter recon_tomography_input_paths[RECON_N_INPUT_PATHS] = {
  RECON_PARAM_PROJECTIONS, RECON_PARAM_SINOGRAMS,   RECON_PARAM_DARKS,
  RECON_PARAM_FLATS,       RECON_PARAM_FLATS_AFTER, RECON_PARAM_ANGLES,
};

static const char *const tiff_suffixes[] = { ".tif", ".tiff", NULL };

/* Whether two names, which may be links, lead to the same file or folder. */
static gboolean
is_same (const char *a,
         const char *b)
{
  GStatBuf of_a, of_b;

  return g_stat (a, &of_a) == 0 && g_stat (b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

/* Whether the output replaces a file. @series: (nullable): where the output goes, if it is a series. */
static gboolean
replaces_file (ReconTomography        *self,
               const ReconSeriesPaths *series,
               const char             *file)
{
  g_autofree char *real = NULL;
  g_autofree char *name = NULL;
  g_autofree char *folder = NULL;

  if (series == NULL)
    return is_same (file, recon_writer_get_path (self->writer));

  real = realpath (file, NULL);
  if (real == NULL)
    return FALSE;

  name = g_path_get_basename (real);
  folder = g_path_get_dirname (real);

  return recon_slice_names_match (series->names, name) && is_same (folder, series->folder);
}

/* Whether images of the output would lie among those of a folder. */
static gboolean
mixes_with_folder (ReconTomography        *self,
                   const ReconSeriesPaths *series,
                   const char             *folder)
{
  g_autofree char *parent = NULL;

  if (series != NULL)
    return is_same (folder, series->folder);

  parent = g_path_get_dirname (recon_writer_get_path (self->writer));

  return self->format == RECON_OUTPUT_FORMAT_TIFF_STACK && is_same (folder, parent);
}

static gboolean
replaces_any (ReconTomography        *self,
              const ReconSeriesPaths *series,
              const char             *pattern)
{
  g_autoptr (GPtrArray) files = recon_file_series_find (pattern, "TIFF", tiff_suffixes, NULL);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      if (replaces_file (self, series, g_ptr_array_index (files, i)))
        return TRUE;
    }

  return FALSE;
}

/**
 * recon_tomography_check_inputs:
 * @self: a tomography with its writer
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if the output would replace an input or mix with it
 */
gboolean
recon_tomography_check_inputs (ReconTomography  *self,
                               GError          **error)
{
  const char *output = recon_config_get_text (self->config, RECON_PARAM_OUTPUT_PATH);
  g_autoptr (ReconSeriesPaths) series = NULL;

  if (self->format == RECON_OUTPUT_FORMAT_TIFF && (series = recon_series_paths_new (output, error)) == NULL)
    return FALSE;

  for (guint i = 0; i < RECON_N_INPUT_PATHS; i++)
    {
      ReconParameter parameter = recon_tomography_input_paths[i];
      const char *path = recon_config_get_text (self->config, parameter);
      const char *name = recon_parameter_get_spec (parameter)->name;
      g_autofree char *angles = NULL;
      g_autofree char *file = NULL;
      g_autofree char *dataset = NULL;

      if (path == NULL || *path == '\0')
        continue;

      /* Perhaps without the part of the file that is meant. */
      if (parameter == RECON_PARAM_ANGLES)
        path = angles = recon_angles_split_path (path);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          if (!mixes_with_folder (self, series, path))
            continue;

          g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                       _ ("The slices of output.path = %s would lie in the folder of %s (%s) and be taken for part of "
                          "it. Choose another --output."),
                       output, name, path);
          return FALSE;
        }

      if (recon_hdf5_split_path (path, &file, &dataset) ? replaces_file (self, series, file)
                                                        : replaces_any (self, series, path))
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                       _ ("output.path = %s would replace %s (%s). Choose another --output."), output, name, path);
          return FALSE;
        }
    }

  return TRUE;
}

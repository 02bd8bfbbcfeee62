/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
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

typedef struct
{
  ReconWriter       *writer;
  ReconOutputFormat  format;
  const char        *path;   /* as given */
  ReconSeriesPaths  *series; /* (nullable): where it goes, if it is a series */
} Output;

static void
output_clear (Output *self)
{
  g_clear_pointer (&self->series, recon_series_paths_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Output, output_clear)

static gboolean
replaces_file (const Output *self,
               const char   *file)
{
  g_autofree char *real = NULL;
  g_autofree char *name = NULL;
  g_autofree char *folder = NULL;

  if (self->series == NULL)
    return is_same (file, recon_writer_get_path (self->writer));

  real = realpath (file, NULL);
  if (real == NULL)
    return FALSE;

  name = g_path_get_basename (real);
  folder = g_path_get_dirname (real);

  return recon_slice_names_match (self->series->names, name) && is_same (folder, self->series->folder);
}

/* Whether images of the output would lie among those of a folder. */
static gboolean
mixes_with_folder (const Output *self,
                   const char   *folder)
{
  g_autofree char *parent = NULL;

  if (self->series != NULL)
    return is_same (folder, self->series->folder);

  parent = g_path_get_dirname (recon_writer_get_path (self->writer));

  return self->format == RECON_OUTPUT_FORMAT_TIFF_STACK && is_same (folder, parent);
}

static gboolean
replaces_any (const Output *self,
              const char   *pattern)
{
  g_autoptr (GPtrArray) files = recon_file_series_find (pattern, "TIFF", tiff_suffixes, NULL);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      if (replaces_file (self, g_ptr_array_index (files, i)))
        return TRUE;
    }

  return FALSE;
}

/* @name, @path: (nullable): of an input */
static gboolean
check_input (const Output *self,
             const char   *name,
             const char   *path,
             gboolean      is_angles,
             GError      **error)
{
  g_autofree char *angles = NULL;
  g_autofree char *file = NULL;
  g_autofree char *dataset = NULL;

  if (path == NULL || *path == '\0')
    return TRUE;

  /* Perhaps without the part of the file that is meant. */
  if (is_angles)
    path = angles = recon_angles_split_path (path);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return !mixes_with_folder (self, path) ||
           recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("The slices of output.path = %s would lie in the folder of %s (%s) and be taken for part of "
                          "it. Choose another --output."),
                       self->path, name, path);

  if (recon_hdf5_split_path (path, &file, &dataset) ? replaces_file (self, file) : replaces_any (self, path))
    return recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("output.path = %s would replace %s (%s). Choose another --output."), self->path, name, path);

  return TRUE;
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
  g_auto (Output) output = {
    self->writer, self->format, recon_config_get_text (self->config, RECON_PARAM_OUTPUT_PATH), NULL,
  };

  if (output.format == RECON_OUTPUT_FORMAT_TIFF &&
      (output.series = recon_series_paths_new (output.path, error)) == NULL)
    return FALSE;

  for (guint i = 0; i < RECON_N_INPUT_PATHS; i++)
    {
      const ReconParameter parameter = recon_tomography_input_paths[i];

      if (!check_input (&output, recon_parameter_get_spec (parameter)->name,
                        recon_config_get_text (self->config, parameter), parameter == RECON_PARAM_ANGLES, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * recon_tomography_check_sources:
 * @graph: a graph
 * @write: a #ReconWriteSlices of it, with its writer
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG likewise, for whatever the graph reads
 */
gboolean
recon_tomography_check_sources (ReconGraph  *graph,
                                ReconTask   *write,
                                GError     **error)
{
  const int path = recon_task_find_row (write, "path");
  g_auto (Output) output = {
    recon_write_slices_get_writer (RECON_WRITE_SLICES (write)),
    recon_write_slices_get_format (RECON_WRITE_SLICES (write)),
    recon_task_get_value (write, (guint) path)->text,
    NULL,
  };

  if (output.format == RECON_OUTPUT_FORMAT_TIFF &&
      (output.series = recon_series_paths_new (output.path, error)) == NULL)
    return FALSE;

  for (guint i = 0; i < recon_graph_get_n (graph); i++)
    {
      ReconTask *task = recon_graph_get_task (graph, i);

      for (guint row = 0; recon_task_get_n_inputs (task) == 0 && row < recon_task_get_n_rows (task); row++)
        {
          const ReconParameterSpec *spec = recon_task_get_row (task, row);
          g_autofree char *name = g_strdup_printf ("%s of %s", spec->key, recon_graph_get_name (graph, i));

          if (spec->type == RECON_PARAMETER_PATH &&
              !check_input (&output, name, recon_task_get_value (task, row)->text, strcmp (spec->key, "angles") == 0,
                            error))
            return FALSE;
        }
    }

  return TRUE;
}

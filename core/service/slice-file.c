/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/slice-file.h"

#include <glib/gi18n-lib.h>

#include "error.h"
#include "io/slice-names.h"

/**
 * recon_frames_read_image:
 * @frames: images of a file
 * @index: which of them
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the image
 */
ReconImage *
recon_frames_read_image (ReconFrames  *frames,
                         guint         index,
                         GError      **error)
{
  ReconReader *reader = recon_frames_get_reader (frames);
  guint width = recon_reader_get_width (reader);
  guint height = recon_reader_get_height (reader);
  g_autoptr (GBytes) bytes = NULL;
  float *pixels = NULL;
  gsize size;

  if (index >= recon_frames_get_n (frames))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("%s has %u images, which count from 0: there is no image %u."), recon_reader_get_path (reader),
                   recon_frames_get_n (frames), index);
      return NULL;
    }

  if (g_size_checked_mul (&size, width, height) && g_size_checked_mul (&size, size, sizeof (float)))
    pixels = g_try_malloc (size);
  if (pixels == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                   _ ("An image of %s, %u × %u pixels, does not fit the memory."), recon_reader_get_path (reader),
                   width, height);
      return NULL;
    }

  bytes = g_bytes_new_take (pixels, size);
  if (!recon_reader_read (reader, recon_frames_get_index (frames)[index], 1, 0, height, pixels, NULL, error))
    return NULL;

  return recon_image_new (width, height, bytes);
}

static ReconImage *
read_path (const char  *path,
           guint        index,
           GError     **error)
{
  g_autoptr (ReconContents) contents = recon_contents_open (path, error);

  return contents != NULL ? recon_frames_read_image (contents->projections, index, error) : NULL;
}

/* Whether each slice is a file, which can be read as soon as it is written. */
gboolean
recon_slice_file_stands_alone (const ReconTomographyInfo *info)
{
  return info->format == RECON_OUTPUT_FORMAT_TIFF;
}

/* A file of a job that runs lies at its temporary place; while we look, it may move to the final one. Of a job that
 * is done only the latter counts: at the former there may be slices of another. */
static ReconImage *
read_of_series (const char                *output,
                const ReconTomographyInfo *info,
                guint                      index,
                gboolean                   done,
                GError                   **error)
{
  g_autoptr (ReconSeriesPaths) paths = recon_series_paths_new (output, error);
  g_autofree char *name = NULL;
  ReconImage *image = NULL;

  if (paths == NULL)
    return NULL;

  name = recon_slice_names_format (paths->names, info->numbers[index]);
  if (!done)
    {
      g_autofree char *path = g_build_filename (paths->partial, name, NULL);

      image = read_path (path, 0, NULL);
    }
  if (image == NULL)
    {
      g_autofree char *path = g_build_filename (paths->folder, name, NULL);

      image = read_path (path, 0, error);
    }

  return image;
}

/**
 * recon_slice_file_read:
 * @config: the job's configuration
 * @info: what it comes to
 * @index: of a slice that stands on disk
 * @done: whether the job is done; it must be if recon_slice_file_stands_alone() is false
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the slice as it stands in the file
 */
ReconImage *
recon_slice_file_read (ReconConfig                *config,
                       const ReconTomographyInfo  *info,
                       guint                       index,
                       gboolean                    done,
                       GError                    **error)
{
  const char *output = recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH);

  return recon_slice_file_stands_alone (info) ? read_of_series (output, info, index, done, error)
                                              : read_path (output, index, error);
}

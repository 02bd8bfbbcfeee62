/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

#include "base/error.h"

static void
set_error (GError     **error,
           const char  *path,
           const char  *cause)
{
  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
               _ ("%s could not be saved: %s. Choose another folder, or make room there."), path, cause);
}

/* The writer's messages say how to resume a run, so only their cause is taken. */
static gboolean
write_file (const char  *temporary,
            const char  *path,
            ReconImage  *image,
            GError     **error)
{
  const ReconVolume volume = {
    .n_slices = 1,
    .height = recon_image_get_height (image),
    .width = recon_image_get_width (image),
    .pixel_size = NAN,
    .type = RECON_OUTPUT_TYPE_FLOAT32,
    .compression = RECON_COMPRESSION_NONE,
  };
  ReconTiffOutputMode mode = recon_tiff_page_needs_big (&volume) ? RECON_TIFF_OUTPUT_NEW_BIG : RECON_TIFF_OUTPUT_NEW;
  g_autoptr (ReconTiffOutput) output = recon_tiff_output_open (AT_FDCWD, temporary, mode, NULL);
  int code = errno;

  if (output == NULL)
    {
      set_error (error, path, g_strerror (code));
      return FALSE;
    }
  if (!recon_tiff_page_write (output, &volume, 0, recon_image_get_pixels (image), NULL))
    {
      const char *cause = recon_tiff_output_get_text (output);

      set_error (error, path, cause != NULL ? cause : _ ("unknown cause"));
      return FALSE;
    }

  errno = 0;
  if (recon_tiff_output_sync (output, NULL) && recon_tiff_output_close (g_steal_pointer (&output), NULL))
    return TRUE;

  code = errno;
  set_error (error, path, code != 0 ? g_strerror (code) : _ ("unknown cause"));

  return FALSE;
}

/**
 * recon_tiff_store:
 * @path: a file
 * @image: an image
 * @error: return location
 *
 * Saves one image as float32. A file there is replaced once the new one is complete and on the disk.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE; what was there before is untouched
 */
gboolean
recon_tiff_store (const char  *path,
                  ReconImage  *image,
                  GError     **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0666);

  if (fd < 0)
    {
      set_error (error, path, g_strerror (errno));
      return FALSE;
    }
  close (fd);

  if (!write_file (temporary, path, image, error))
    {
      g_unlink (temporary);
      return FALSE;
    }
  if (g_rename (temporary, path) == 0)
    return TRUE;

  set_error (error, path, g_strerror (errno));
  g_unlink (temporary);

  return FALSE;
}

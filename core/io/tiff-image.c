/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-image-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "io/plain-rows.h"

/* The file is read with read() rather than mapped into memory: a mapped file that becomes shorter, or whose
 * server goes away, ends the program with SIGBUS, where read() returns an error. libtiff presents a page of
 * one uncompressed strip as many strips of a few rows, so that such pages too are read in part. */

/* The first error is the cause, the following ones are its consequences. */
static int
error_cb (TIFF       *tiff,
          void       *user_data,
          const char *module,
          const char *format,
          va_list     arguments)
{
  ReconTiffImage *self = user_data;

  if (self->failure[0] == '\0')
    vsnprintf (self->failure, sizeof self->failure, format, arguments);

  return 1; /* the error is handled: libtiff prints otherwise */
}

/* Warnings are about tags that images here do without. */
static int
warning_cb (TIFF       *tiff,
            void       *user_data,
            const char *module,
            const char *format,
            va_list     arguments)
{
  return 1;
}

/**
 * recon_tiff_image_describe:
 * @self: an image
 *
 * Returns: (transfer full): the file and, if it has several, the page, for messages
 */
char *
recon_tiff_image_describe (ReconTiffImage *self)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  name = g_filename_display_name (self->file);

  return self->several ? g_strdup_printf (_ ("%s, page %u"), name, self->page) : g_steal_pointer (&name);
}

/* Sets an error with what libtiff said, or else with @otherwise. */
gboolean
_recon_tiff_image_set_failed (ReconTiffImage  *self,
                              const char      *otherwise,
                              GError         **error)
{
  g_autofree char *where = recon_tiff_image_describe (self);
  g_autofree char *failure = g_utf8_make_valid (self->failure[0] != '\0' ? self->failure : otherwise, -1);

  g_strchomp (failure);
  if (g_str_has_suffix (failure, "."))
    failure[strlen (failure) - 1] = '\0';

  return recon_fail (error, RECON_ERROR_READ,
                     _ ("%s could not be read: %s. The file is cut off or damaged; copy it again."), where, failure);
}

/* Classic TIFF and BigTIFF of both byte orders. */
static gboolean
has_magic (const char *file)
{
  guint8 start[4];
  FILE *stream = g_fopen (file, "rbe");
  gsize n;

  if (stream == NULL)
    return FALSE;

  n = fread (start, 1, sizeof start, stream);
  fclose (stream);

  return n == sizeof start &&
         (memcmp (start, "II*\0", 4) == 0 || memcmp (start, "II+\0", 4) == 0 || memcmp (start, "MM\0*", 4) == 0 ||
          memcmp (start, "MM\0+", 4) == 0);
}

/**
 * recon_tiff_image_is_tiff:
 * @file: a path
 *
 * Returns: whether @file is a regular file that begins as TIFF files do; only its first bytes are read
 */
gboolean
recon_tiff_image_is_tiff (const char *file)
{
  g_return_val_if_fail (file != NULL, FALSE);

  /* Reading from a FIFO might wait forever. */
  return g_file_test (file, G_FILE_TEST_IS_REGULAR) && has_magic (file);
}

static gboolean
check_file (ReconTiffImage  *self,
            GError         **error)
{
  g_autofree char *name = g_filename_display_name (self->file);
  GStatBuf info;

  if (g_stat (self->file, &info) != 0)
    {
      int code = errno;

      return recon_fail (error, RECON_ERROR_INPUT, _ ("%s cannot be opened: %s."), name, g_strerror (code));
    }

  /* Opening a FIFO might wait forever. */
  if (!S_ISREG (info.st_mode))
    return recon_fail (error, RECON_ERROR_INPUT, _ ("%s is not a file. Choose a TIFF file."), name);

  if (info.st_size == 0)
    return recon_fail (error, RECON_ERROR_READ, _ ("%s is empty. Copy the file again."), name);

  self->file_bytes = (guint64) info.st_size;

  return TRUE;
}

/* The file is looked at again only now, so that a series of thousands of sound files is opened once each. */
static void
set_open_failed (ReconTiffImage  *self,
                 GError         **error)
{
  g_autofree char *name = g_filename_display_name (self->file);

  if (g_access (self->file, R_OK) != 0)
    {
      int code = errno;

      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("%s cannot be opened: %s."), name, g_strerror (code));
    }
  else if (!has_magic (self->file))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s is not a TIFF file, whatever its name says. Leave it out, or convert it."), name);
    }
  else
    {
      _recon_tiff_image_set_failed (self, _ ("it has no first page"), error);
    }
}

/* Called at each page. */
static gboolean
read_layout (ReconTiffImage  *self,
             GError         **error)
{
  g_autofree char *where = NULL;

  self->chunk_rows = 0;
  self->several = self->several || !TIFFLastDirectory (self->tiff);
  where = recon_tiff_image_describe (self);

  return recon_tiff_layout_read (&self->layout, self->tiff, where, self->file_bytes, error);
}

/**
 * recon_tiff_image_open:
 * @file: a path
 * @error: return location
 *
 * Opens a file at its first page and checks that the page can be read.
 *
 * Returns: (transfer full): the image, or %NULL with #RECON_ERROR_INPUT if it is missing, not TIFF, or of a
 *   kind that is not read, #RECON_ERROR_READ if it is damaged or cut off
 */
ReconTiffImage *
recon_tiff_image_open (const char  *file,
                       GError     **error)
{
  g_autoptr (ReconTiffImage) self = NULL;
  TIFFOpenOptions *options;

  g_return_val_if_fail (file != NULL, NULL);

  self = g_new0 (ReconTiffImage, 1);
  self->file = g_strdup (file);
  if (!check_file (self, error))
    return NULL;

  options = TIFFOpenOptionsAlloc ();
  if (options == NULL)
    return recon_fail_null (error, RECON_ERROR_MEMORY, _ ("There is not enough memory to open %s."), file);

  TIFFOpenOptionsSetErrorHandlerExtR (options, error_cb, self);
  TIFFOpenOptionsSetWarningHandlerExtR (options, warning_cb, self);
  /* What libtiff allocates in one piece, tables of strips above all, is in proportion to the file; a header
   * that claims otherwise is damaged. */
  TIFFOpenOptionsSetMaxSingleMemAlloc (options, (tmsize_t) MIN (self->file_bytes, G_MAXSSIZE / 8) * 4 + (64 << 20));
  /* m: not mapped. O: of a table of strips, only the part that is needed is read. */
  self->tiff = TIFFOpenExt (file, "rmO", options);
  TIFFOpenOptionsFree (options);

  if (self->tiff == NULL)
    {
      set_open_failed (self, error);
      return NULL;
    }

  return read_layout (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * recon_tiff_image_free:
 * @self: (nullable) (transfer full): an image
 *
 * Closes the file.
 */
void
recon_tiff_image_free (ReconTiffImage *self)
{
  if (self == NULL)
    return;

  if (self->tiff != NULL)
    TIFFClose (self->tiff);
  g_free (self->chunk);
  g_free (self->file);
  g_free (self);
}

/**
 * recon_tiff_image_get_layout:
 * @self: an image
 *
 * Returns: (transfer none): how the page is stored; valid until another page is gone to
 */
const ReconTiffLayout *
recon_tiff_image_get_layout (ReconTiffImage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->layout;
}

/**
 * recon_tiff_image_get_directory:
 * @self: an image
 *
 * Returns: where the page is described in the file, with which recon_tiff_image_go_to() comes back to it
 */
guint64
recon_tiff_image_get_directory (ReconTiffImage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return TIFFCurrentDirOffset (self->tiff);
}

/**
 * recon_tiff_image_is_last:
 * @self: an image
 *
 * Returns: whether the page is the last one of the file
 */
gboolean
recon_tiff_image_is_last (ReconTiffImage *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return TIFFLastDirectory (self->tiff);
}

/**
 * recon_tiff_image_get_description:
 * @self: an image
 *
 * Returns: (transfer none) (nullable): what the page says of itself; valid until another page is gone to
 */
const char *
recon_tiff_image_get_description (ReconTiffImage *self)
{
  const char *text = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  return TIFFGetField (self->tiff, TIFFTAG_IMAGEDESCRIPTION, &text) ? text : NULL;
}

/**
 * recon_tiff_image_next:
 * @self: an image that is not at its last page
 * @error: return location
 *
 * Goes to the next page. After an error the image can only be freed.
 *
 * Returns: %FALSE with the errors of recon_tiff_image_open()
 */
gboolean
recon_tiff_image_next (ReconTiffImage  *self,
                       GError         **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  self->failure[0] = '\0';
  self->page++;
  if (!TIFFReadDirectory (self->tiff))
    return _recon_tiff_image_set_failed (self, _ ("its pages are chained in a circle"), error);

  return read_layout (self, error);
}

/**
 * recon_tiff_image_go_to:
 * @self: an image
 * @page: the page's number, for messages
 * @directory: what recon_tiff_image_get_directory() returned at that page
 * @error: return location
 *
 * Goes to a page without looking at those before it. After an error the image can only be freed.
 *
 * Returns: %FALSE with the errors of recon_tiff_image_open()
 */
gboolean
recon_tiff_image_go_to (ReconTiffImage  *self,
                        guint            page,
                        guint64          directory,
                        GError         **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  self->page = page;
  if (directory == TIFFCurrentDirOffset (self->tiff))
    return TRUE;

  self->failure[0] = '\0';
  if (!TIFFSetSubDirectory (self->tiff, directory))
    return _recon_tiff_image_set_failed (self, _ ("the page is gone"), error);

  return read_layout (self, error);
}

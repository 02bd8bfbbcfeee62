/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/output-files.h"

/* libtiff says little about why writing failed, and TIFFClose() nothing at all. So the system calls are ours:
 * they keep the first errno, and nothing counts as written while there is one. */
struct _ReconTiffOutput
{
  char     *path;
  TIFF     *tiff;
  char     *text; /* libtiff's first message */
  int       fd;
  int       code; /* the first errno */
  gboolean  dropped; /* TIFFClose() shall not complete what is given up */
};

static void
take_errno (ReconTiffOutput *self)
{
  if (self->code == 0)
    self->code = errno;
}

static tmsize_t
read_cb (thandle_t handle,
         void     *buffer,
         tmsize_t  size)
{
  ReconTiffOutput *self = handle;
  tmsize_t done = 0;

  while (done < size)
    {
      gssize n = read (self->fd, (char *) buffer + done, (gsize) (size - done));

      if (n == 0)
        break;
      if (n > 0)
        done += n;
      else if (errno != EINTR)
        {
          take_errno (self);
          return -1;
        }
    }

  return done;
}

static tmsize_t
write_cb (thandle_t handle,
          void     *buffer,
          tmsize_t  size)
{
  ReconTiffOutput *self = handle;
  tmsize_t done = 0;

  if (self->code != 0 || self->dropped)
    return -1;

  while (done < size)
    {
      gssize n = write (self->fd, (const char *) buffer + done, (gsize) (size - done));

      if (n >= 0)
        done += n;
      else if (errno != EINTR)
        {
          take_errno (self);
          return -1;
        }
    }

  return done;
}

static toff_t
seek_cb (thandle_t handle,
         toff_t    offset,
         int       whence)
{
  ReconTiffOutput *self = handle;
  off_t position = lseek (self->fd, (off_t) offset, whence);

  if (position < 0)
    take_errno (self);

  return (toff_t) position;
}

static toff_t
size_cb (thandle_t handle)
{
  ReconTiffOutput *self = handle;
  struct stat status;

  if (fstat (self->fd, &status) == 0)
    return (toff_t) status.st_size;

  take_errno (self);

  return 0;
}

/* The file is closed by recon_tiff_output_close(), which can report errors. */
static int
close_cb (thandle_t handle)
{
  return 0;
}

static int
map_cb (thandle_t  handle,
        void     **base,
        toff_t    *size)
{
  return 0;
}

static void
unmap_cb (thandle_t handle,
          void     *base,
          toff_t    size)
{
}

static int
error_cb (TIFF       *tiff,
          void       *user_data,
          const char *module,
          const char *format,
          va_list     args)
{
  ReconTiffOutput *self = user_data;

  if (self->text == NULL)
    self->text = g_strdup_vprintf (format, args);

  return 1;
}

static int
warning_cb (TIFF       *tiff,
            void       *user_data,
            const char *module,
            const char *format,
            va_list     args)
{
  return 1;
}

static void
start_tiff (ReconTiffOutput     *self,
            ReconTiffOutputMode  mode)
{
  /* "m" maps no file; "c" shows strips as they are, not cut into what libtiff would rather have. */
  static const char *const modes[] = { "wm", "w8m", "am", "rmc" };
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc ();

  if (options == NULL)
    {
      self->code = ENOMEM;
      return;
    }
  TIFFOpenOptionsSetErrorHandlerExtR (options, error_cb, self);
  TIFFOpenOptionsSetWarningHandlerExtR (options, warning_cb, self);
  self->tiff = TIFFClientOpenExt (self->path, modes[mode], self, read_cb, write_cb, seek_cb, close_cb, size_cb, map_cb,
                                  unmap_cb, options);
  TIFFOpenOptionsFree (options);
}

/**
 * recon_tiff_output_open:
 * @folder: a descriptor of the folder that @path lies in, or AT_FDCWD
 * @path: a file
 * @mode: how
 * @error: return location
 *
 * Returns: (transfer full): the open file, or %NULL with #RECON_ERROR_WRITE; for looking at it, #RECON_ERROR_READ
 */
ReconTiffOutput *
recon_tiff_output_open (int                   folder,
                        const char           *path,
                        ReconTiffOutputMode   mode,
                        GError              **error)
{
  g_autoptr (ReconTiffOutput) self = g_new0 (ReconTiffOutput, 1);
  gboolean is_new = mode == RECON_TIFF_OUTPUT_NEW || mode == RECON_TIFF_OUTPUT_NEW_BIG;

  self->path = g_strdup (path);
  self->fd = is_new ? recon_file_open_new (folder, path, error)
                    : recon_file_open_old (folder, path, mode == RECON_TIFF_OUTPUT_CHECK ? O_RDONLY : O_RDWR);
  if (is_new && self->fd < 0)
    return NULL;

  if (self->fd < 0)
    take_errno (self);
  else
    start_tiff (self, mode);

  if (self->tiff == NULL && recon_tiff_output_get_text (self) == NULL)
    self->text = g_strdup (_ ("unknown cause"));
  if (self->tiff == NULL && mode == RECON_TIFF_OUTPUT_CHECK)
    g_set_error (error, RECON_ERROR, RECON_ERROR_READ, _ ("%s could not be read: %s."),
                 path, recon_tiff_output_get_text (self));
  else if (self->tiff == NULL)
    recon_tiff_output_set_error (self, error);
  if (self->tiff == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * recon_tiff_output_sync:
 * @self: a file
 * @error: return location
 *
 * Waits until the pages written so far are on the disk.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_tiff_output_sync (ReconTiffOutput  *self,
                        GError          **error)
{
  return recon_file_sync (self->fd, self->path, error);
}

/**
 * recon_tiff_output_close:
 * @self: (transfer full): an open file
 * @error: return location
 *
 * Writes what libtiff has not written yet, and closes the file.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE if anything failed since it was opened
 */
gboolean
recon_tiff_output_close (ReconTiffOutput  *self,
                         GError          **error)
{
  g_autoptr (ReconTiffOutput) owned = self;
  gboolean flushed = TIFFFlush (self->tiff) != 0;

  TIFFClose (g_steal_pointer (&self->tiff));
  if (close (self->fd) != 0)
    take_errno (self);
  self->fd = -1;

  if (flushed && self->code == 0)
    return TRUE;

  return recon_tiff_output_set_error (self, error);
}

/**
 * recon_tiff_output_free:
 * @self: (transfer full): a file
 *
 * Drops a file after a failure, or one that was not finished. The pages written so far stay.
 */
void
recon_tiff_output_free (ReconTiffOutput *self)
{
  self->dropped = TRUE;
  if (self->tiff != NULL)
    TIFFClose (self->tiff);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self->text);
  g_free (self);
}

TIFF *
recon_tiff_output_get_tiff (ReconTiffOutput *self)
{
  return self->tiff;
}

/**
 * recon_tiff_output_get_text:
 * @self: a file
 *
 * Returns: (nullable): what failed first, as the system or libtiff puts it
 */
const char *
recon_tiff_output_get_text (ReconTiffOutput *self)
{
  return self->code != 0 ? g_strerror (self->code) : self->text;
}

/**
 * recon_tiff_output_get_size:
 * @self: a file
 *
 * Returns: the size of the file in bytes, now
 */
guint64
recon_tiff_output_get_size (ReconTiffOutput *self)
{
  return size_cb (self);
}

/**
 * recon_tiff_output_set_error:
 * @self: a file of which an operation failed
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE, the file, the first cause and the remedy
 */
gboolean
recon_tiff_output_set_error (ReconTiffOutput  *self,
                             GError          **error)
{
  return recon_set_write_error (error, self->path, self->code, self->text);
}

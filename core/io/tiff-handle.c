/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-image.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/**
 * recon_tiff_handle_new:
 *
 * Returns: (transfer full): a handle with nothing open
 */
ReconTiffHandle *
recon_tiff_handle_new (void)
{
  ReconTiffHandle *self = g_new0 (ReconTiffHandle, 1);

  self->fd = -1;

  return self;
}

static gboolean
get_stamp (int             fd,
           ReconFileStamp *stamp)
{
  struct stat info;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    return FALSE;

  *stamp = (ReconFileStamp) {
    .device = info.st_dev,
    .inode = info.st_ino,
    .bytes = (guint64) info.st_size,
    .seconds = info.st_mtim.tv_sec,
    .nanoseconds = info.st_mtim.tv_nsec,
  };

  return TRUE;
}

static void
close_file (ReconTiffHandle *self)
{
  g_clear_pointer (&self->image, recon_tiff_image_free);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/**
 * recon_tiff_handle_free:
 * @self: (transfer full): a handle
 *
 * Closes what is open.
 */
void
recon_tiff_handle_free (ReconTiffHandle *self)
{
  close_file (self);
  recon_scratch_clear (&self->scratch);
  g_free (self);
}

/**
 * recon_tiff_handle_open:
 * @self: a handle
 * @file: number of a file
 * @path: its path
 * @error: return location
 *
 * Opens the file, at its first page, as the handle's image.
 *
 * Returns: %FALSE with the error of recon_tiff_image_open()
 */
gboolean
recon_tiff_handle_open (ReconTiffHandle  *self,
                        guint             file,
                        const char       *path,
                        GError          **error)
{
  close_file (self);
  self->file = file;
  self->image = recon_tiff_image_open (path, error);
  if (self->image == NULL)
    return FALSE;

  self->has_stamp = get_stamp (recon_tiff_image_get_fd (self->image), &self->stamp);

  return TRUE;
}

/**
 * recon_tiff_handle_has_image:
 * @self: a handle
 * @file: number of a file
 *
 * Returns: whether the handle's image is of this file, and what is known of its pages still holds: the file hasn't
 *   changed since it was opened
 */
gboolean
recon_tiff_handle_has_image (ReconTiffHandle *self,
                             guint            file)
{
  ReconFileStamp stamp;

  return self->image != NULL && self->file == file && self->has_stamp &&
         get_stamp (recon_tiff_image_get_fd (self->image), &stamp) && recon_file_stamp_equal (&stamp, &self->stamp);
}

/**
 * recon_tiff_handle_get_fd:
 * @self: a handle
 * @file: number of a file
 * @path: its path
 * @stamp: (out caller-allocates): shows whether it has changed
 *
 * Returns: the file for pread() until the handle is used again, or −1 if it cannot be opened
 */
int
recon_tiff_handle_get_fd (ReconTiffHandle *self,
                          guint            file,
                          const char      *path,
                          ReconFileStamp  *stamp)
{
  int fd;

  if (self->file != file)
    close_file (self);
  self->file = file;

  /* Without O_NONBLOCK, a FIFO that has taken the place of the file might be waited for forever. */
  if (self->image == NULL && self->fd < 0)
    self->fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

  fd = self->image != NULL ? recon_tiff_image_get_fd (self->image) : self->fd;

  return fd >= 0 && get_stamp (fd, stamp) ? fd : -1;
}

/**
 * recon_file_stamp_equal:
 * @a: a stamp
 * @b: a stamp
 *
 * Returns: whether they are of one file that has not changed
 */
gboolean
recon_file_stamp_equal (const ReconFileStamp *a,
                        const ReconFileStamp *b)
{
  return a->device == b->device && a->inode == b->inode && a->bytes == b->bytes && a->seconds == b->seconds &&
         a->nanoseconds == b->nanoseconds;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/stack-ends.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io/output-files.h"

/* A number of 64 bits and a newline, always as long, so that the place of each line is known. */
#define LINE_BYTES 21

struct _ReconStackEnds
{
  char *path;
  int   fd;
};

/**
 * recon_stack_ends_new:
 * @path: the file; made anew
 * @error: return location
 *
 * Returns: (transfer full): the file, to which lines are appended; or %NULL with #RECON_ERROR_WRITE
 */
ReconStackEnds *
recon_stack_ends_new (const char  *path,
                      GError     **error)
{
  g_autoptr (ReconStackEnds) self = g_new0 (ReconStackEnds, 1);

  self->path = g_strdup (path);
  self->fd = recon_file_open_new (AT_FDCWD, path, error);

  return self->fd >= 0 ? g_steal_pointer (&self) : NULL;
}

/**
 * recon_stack_ends_open:
 * @path: the file that an earlier run has left
 * @n: number of lines to keep
 * @error: return location
 *
 * Returns: (transfer full): the file, to which further lines are appended; or %NULL with #RECON_ERROR_WRITE
 */
ReconStackEnds *
recon_stack_ends_open (const char  *path,
                       guint        n,
                       GError     **error)
{
  g_autoptr (ReconStackEnds) self = g_new0 (ReconStackEnds, 1);
  const off_t end = (off_t) n * LINE_BYTES;

  self->path = g_strdup (path);
  self->fd = recon_file_open_old (AT_FDCWD, path, O_WRONLY);
  if (self->fd >= 0 && ftruncate (self->fd, end) == 0 && lseek (self->fd, end, SEEK_SET) == end)
    return g_steal_pointer (&self);

  recon_set_write_error (error, path, errno, NULL);

  return NULL;
}

void
recon_stack_ends_free (ReconStackEnds *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self);
}

/**
 * recon_stack_ends_append:
 * @self: an open file
 * @end: size of the other file in bytes, with its newest page
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_stack_ends_append (ReconStackEnds  *self,
                         guint64          end,
                         GError         **error)
{
  g_autofree char *line = g_strdup_printf ("%20" G_GUINT64_FORMAT "\n", end);

  return recon_file_write (self->fd, self->path, line, LINE_BYTES, error);
}

/**
 * recon_stack_ends_sync:
 * @self: an open file
 * @error: return location
 *
 * Waits until the lines are on the disk.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_stack_ends_sync (ReconStackEnds  *self,
                       GError         **error)
{
  return recon_file_sync (self->fd, self->path, error);
}

/**
 * recon_stack_ends_find:
 * @path: such a file, closed
 * @page: a page, counted from 0
 * @end: (out): where that page ends, in bytes
 *
 * Returns: %FALSE if there is no such file, or not as much in it
 */
gboolean
recon_stack_ends_find (const char *path,
                       guint       page,
                       guint64    *end)
{
  char line[LINE_BYTES] = "";
  int fd = recon_file_open_old (AT_FDCWD, path, O_RDONLY);
  gssize n;

  if (fd < 0)
    return FALSE;

  n = pread (fd, line, LINE_BYTES, (off_t) page * LINE_BYTES);
  close (fd);
  if (n != LINE_BYTES || line[LINE_BYTES - 1] != '\n')
    return FALSE;

  line[LINE_BYTES - 1] = '\0';

  return g_ascii_string_to_unsigned (g_strchug (line), 10, 1, G_MAXINT64, end, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* SEEK_DATA, memfd_create */
#include "config.h"

#include "io/hdf5-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/output-files.h"
#include "io/hdf5-nexus.h"
#include "io/file-writer.h"

/* The file is opened by us, and HDF5 works on it through a descriptor of its own, which we exchange under it:
 *
 * - What holds the file together, and axes and texts, are made in memory and copied. HDF5 writes much of that only when
 *   something is closed, after which it can't say any more what went wrong.
 * - A file that is given up, because a write has failed or nobody wants it, gets another file to complete instead, as
 *   HDF5 insists on writing: what was flushed stays as it was.
 *
 * Without compression the file's structure never changes after that. With compression it changes with each slice, HDF5
 * writes it in many places at each flush(), and a process that is killed in between leaves a file that nobody can open.
 * All that the structure depends on are the sizes of the chunks, in the order of their writing, so these are kept in a
 * journal. To resume, the structure is made again: HDF5 writes chunks of these sizes, into /dev/null, and
 * then gets the file, where they stand already. */
struct _ReconHdf5Output
{
  char              *path;
  int                fd;      /* the file, ours */
  int                scratch; /* what HDF5 takes the file for that it resumes, or -1 */
  hid_t              file;
  hid_t              data;
  const ReconVolume *volume;  /* the writer's */
  ReconSliceJournal *journal; /* (nullable): without compression there is none */
};

/* From now on HDF5 writes to another file. */
static gboolean
exchange (ReconHdf5Output  *self,
          int               fd,
          GError          **error)
{
  if (recon_nexus_exchange (self->file, fd))
    return TRUE;

  return recon_set_write_error (error, self->path, errno, NULL);
}

/* Closes the file without writing anything more into it. */
static void
abandon (ReconHdf5Output *self)
{
  if (self->file < 0)
    return;

  recon_nexus_abandon (self->file);
  recon_hdf5_id_close (self->data);
  recon_hdf5_id_close (self->file);
  self->data = H5I_INVALID_HID;
  self->file = H5I_INVALID_HID;
}

void
recon_hdf5_output_free (ReconHdf5Output *self)
{
  abandon (self);
  g_clear_pointer (&self->journal, recon_slice_journal_free);
  if (self->fd >= 0)
    close (self->fd);
  if (self->scratch >= 0)
    close (self->scratch);
  g_free (self->path);
  g_free (self);
}

static ReconHdf5Output *
output_new (const char        *path,
            const ReconVolume *volume)
{
  ReconHdf5Output *self = g_new0 (ReconHdf5Output, 1);

  self->path = g_strdup (path);
  self->fd = -1;
  self->scratch = -1;
  self->file = H5I_INVALID_HID;
  self->data = H5I_INVALID_HID;
  self->volume = volume;

  return self;
}

/* Makes a file without slices in the memory @memory. HDF5 wants a file that has a name, to begin with: @start, which is
 * empty. */
static gboolean
create_in (ReconHdf5Output  *self,
           int               start,
           int               memory,
           const char       *dataset,
           const char       *configuration,
           GError          **error)
{
  g_auto (ReconHdf5Id) plist = recon_nexus_make_plist (H5P_FILE_CREATE);
  g_auto (ReconHdf5Id) access = recon_nexus_make_access ();
  g_autofree char *name = g_strdup_printf ("/proc/self/fd/%d", start);
  ReconVolume volume = *self->volume;

  volume.configuration = configuration;
  if (plist >= 0 && access >= 0)
    self->file = H5Fcreate (name, H5F_ACC_TRUNC, plist, access);
  if (!recon_nexus_check (self->file >= 0, self->path, error) || !exchange (self, memory, error))
    return FALSE;

  self->data = recon_hdf5_volume_create (self->file, dataset, &volume);

  return recon_nexus_check (self->data >= 0, self->path, error);
}

static int
create (ReconHdf5Output  *self,
        int               start,
        const char       *dataset,
        const char       *configuration,
        GError          **error)
{
  int memory = memfd_create ("reconstruct", MFD_CLOEXEC);

  if (memory < 0)
    recon_set_write_error (error, self->path, errno, NULL);
  else if (!create_in (self, start, memory, dataset, configuration, error))
    {
      close (memory);
      memory = -1;
    }

  return memory;
}

static gboolean
get_size (ReconHdf5Output  *self,
          guint64          *size,
          GError          **error)
{
  hsize_t bytes = 0;
  gboolean success = recon_nexus_check (H5Fget_filesize (self->file, &bytes) >= 0, self->path, error);

  *size = bytes;

  return success;
}

/* Copies [start, end) of the memory into the file. */
static gboolean
copy_piece (ReconHdf5Output  *self,
            int               memory,
            off_t             start,
            off_t             end,
            GError          **error)
{
  g_autofree char *buffer = g_malloc (64 * 1024);

  if (lseek (self->fd, start, SEEK_SET) < 0)
    return recon_set_write_error (error, self->path, errno, NULL);
  while (start < end)
    {
      gssize n = pread (memory, buffer, (gsize) MIN (end - start, 64 * 1024), start);

      if (n <= 0)
        return recon_set_write_error (error, self->path, n < 0 ? errno : EIO, NULL);
      if (!recon_file_write (self->fd, self->path, buffer, (gsize) n, error))
        return FALSE;
      start += n;
    }

  return TRUE;
}

/* The place of slices that aren't compressed takes no memory, and remains a hole until they come. */
static gboolean
copy (ReconHdf5Output  *self,
      int               memory,
      GError          **error)
{
  struct stat status;

  if (fstat (memory, &status) != 0 || ftruncate (self->fd, status.st_size) != 0)
    return recon_set_write_error (error, self->path, errno, NULL);

  for (off_t end, start = 0; (start = lseek (memory, start, SEEK_DATA)) >= 0; start = end)
    {
      end = lseek (memory, start, SEEK_HOLE);
      if (!copy_piece (self, memory, start, end, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
fill (ReconHdf5Output  *self,
      int               memory,
      const char       *journal,
      const char       *configuration,
      GError          **error)
{
  guint64 size;

  if (!recon_nexus_check (H5Fflush (self->file, H5F_SCOPE_LOCAL) >= 0, self->path, error) ||
      !get_size (self, &size, error) || !copy (self, memory, error) || !exchange (self, self->fd, error))
    return FALSE;

  if (self->volume->compression == RECON_COMPRESSION_NONE)
    return TRUE;

  self->journal = recon_slice_journal_new (journal, recon_hdf5_volume_count_chunks (self->volume), configuration, size,
                                           error);

  return self->journal != NULL;
}

/**
 * recon_hdf5_output_new:
 * @path: a file; made anew
 * @journal: a file beside it; made anew, if the slices are compressed
 * @dataset: path of the slices in the file
 * @volume: what they are; kept as long as the file is open
 * @error: return location
 *
 * Returns: (transfer full): a file without slices, or %NULL with #RECON_ERROR_WRITE
 */
ReconHdf5Output *
recon_hdf5_output_new (const char         *path,
                       const char         *journal,
                       const char         *dataset,
                       const ReconVolume  *volume,
                       GError            **error)
{
  g_autoptr (ReconHdf5Output) self = output_new (path, volume);
  const char *configuration = volume->configuration != NULL ? volume->configuration : "";
  gboolean success;
  int memory;

  self->fd = recon_file_open_new (AT_FDCWD, path, error);
  if (self->fd < 0)
    return NULL;

  memory = create (self, self->fd, dataset, configuration, error);
  if (memory < 0)
    return NULL;
  /* As HDF5 does with files that it opens, so that readers wait. */
  flock (self->fd, LOCK_EX | LOCK_NB);
  success = fill (self, memory, journal, configuration, error);
  close (memory);

  return success ? g_steal_pointer (&self) : NULL;
}

static gboolean
refuse (ReconHdf5Output  *self,
        const char       *why,
        GError          **error)
{
  return recon_fail (error, RECON_ERROR_RESUME, _ ("%s cannot be resumed: %s. Start again without --resume."),
                     self->path, why);
}

static gboolean
replay_entries (ReconHdf5Output  *self,
                GError          **error)
{
  const GPtrArray *entries = self->journal->entries;
  guint64 size;

  if (!get_size (self, &size, error))
    return FALSE;
  if (size != self->journal->start)
    return refuse (self, _ ("it was made by another version of the program or of HDF5"), error);

  for (guint i = 0; i < entries->len; i++)
    {
      const ReconSliceEntry *entry = entries->pdata[i];

      if (!recon_nexus_check (recon_hdf5_volume_replay (self->data, self->volume, entry->slice, entry->sizes),
                              self->path, error) ||
          !get_size (self, &size, error))
        return FALSE;
      if (size != entry->end)
        return refuse (self, _ ("its slices are not where they would be now"), error);
    }

  return TRUE;
}

/* Makes the structure of the file again, as it was after the last slice of the journal. */
static gboolean
replay (ReconHdf5Output  *self,
        const char       *dataset,
        GError          **error)
{
  g_autofree char *scratch = g_strconcat (self->path, RECON_HDF5_SCRATCH, NULL);
  int nowhere = g_open ("/dev/null", O_RDWR | O_CLOEXEC, 0);
  int memory = -1;
  gboolean success;

  /* It stays open: HDF5 knows files by their numbers, of which no other one may get this. */
  self->scratch = recon_file_open_new (AT_FDCWD, scratch, error);
  if (self->scratch >= 0)
    memory = create (self, self->scratch, dataset, self->journal->configuration, error);
  g_unlink (scratch);
  success = memory >= 0 && exchange (self, nowhere, error) && replay_entries (self, error);

  if (memory >= 0)
    close (memory);
  if (nowhere >= 0)
    close (nowhere);

  return success;
}

static gboolean
resume_compressed (ReconHdf5Output  *self,
                   const char       *journal,
                   const char       *dataset,
                   const guint8     *finished,
                   GError          **error)
{
  struct stat status;
  guint64 size;

  flock (self->fd, LOCK_EX | LOCK_NB);
  self->journal = recon_slice_journal_open (journal, recon_hdf5_volume_count_chunks (self->volume), finished,
                                            self->volume->n_slices, error);
  if (self->journal == NULL || !replay (self, dataset, error) || !get_size (self, &size, error))
    return FALSE;

  if (fstat (self->fd, &status) != 0 || (guint64) status.st_size < size)
    return refuse (self, _ ("it is truncated"), error);
  if (ftruncate (self->fd, (off_t) size) != 0)
    return recon_set_write_error (error, self->path, errno, NULL);

  return exchange (self, self->fd, error);
}

static gboolean
resume_plain (ReconHdf5Output  *self,
              const char       *dataset,
              GError          **error)
{
  g_auto (ReconHdf5Id) access = recon_nexus_make_access ();
  g_autofree char *name = g_strdup_printf ("/proc/self/fd/%d", self->fd);

  if (access >= 0)
    self->file = H5Fopen (name, H5F_ACC_RDWR, access);
  if (self->file < 0)
    {
      g_autofree char *text = recon_hdf5_error_text ();

      return refuse (self, text, error);
    }

  self->data = recon_hdf5_volume_open (self->file, self->path, dataset, self->volume, error);

  return self->data >= 0;
}

/**
 * recon_hdf5_output_resume:
 * @path: the file that an earlier run has left
 * @journal: the file beside it
 * @dataset: path of the slices in the file
 * @volume: what they are; kept as long as the file is open
 * @finished: (array): n_slices flags: which slices the earlier run has written and flushed
 * @error: return location
 *
 * Returns: (transfer full): the file, with these slices; or %NULL with #RECON_ERROR_RESUME or #RECON_ERROR_WRITE
 */
ReconHdf5Output *
recon_hdf5_output_resume (const char         *path,
                          const char         *journal,
                          const char         *dataset,
                          const ReconVolume  *volume,
                          const guint8       *finished,
                          GError            **error)
{
  g_autoptr (ReconHdf5Output) self = output_new (path, volume);

  self->fd = recon_file_open_old (AT_FDCWD, path, O_RDWR);
  if (self->fd < 0)
    {
      refuse (self, g_strerror (errno), error);
      return NULL;
    }
  if (volume->compression == RECON_COMPRESSION_NONE ? !resume_plain (self, dataset, error)
                                                    : !resume_compressed (self, journal, dataset, finished, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * recon_hdf5_output_write:
 * @self: a file
 * @slice: a slice, counted from 0
 * @pixels: height × width samples of the volume's type
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_hdf5_output_write (ReconHdf5Output  *self,
                         guint             slice,
                         gconstpointer     pixels,
                         GError          **error)
{
  g_autofree guint64 *sizes = NULL;
  guint64 end;

  if (!recon_nexus_check (recon_hdf5_volume_write (self->data, self->volume, slice, pixels), self->path, error))
    return FALSE;
  if (self->journal == NULL)
    return TRUE;

  sizes = g_new (guint64, recon_hdf5_volume_count_chunks (self->volume));

  return recon_nexus_check (recon_hdf5_volume_get_sizes (self->data, self->volume, slice, sizes), self->path, error) &&
         get_size (self, &end, error) && recon_slice_journal_append (self->journal, slice, end, sizes, error);
}

/**
 * recon_hdf5_output_flush:
 * @self: a file
 * @error: return location
 *
 * Waits until all is on the disk that the slices written so far need.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_hdf5_output_flush (ReconHdf5Output  *self,
                         GError          **error)
{
  return recon_nexus_check (H5Fflush (self->file, H5F_SCOPE_LOCAL) >= 0, self->path, error) &&
         recon_file_sync (self->fd, self->path, error) &&
         (self->journal == NULL || recon_slice_journal_sync (self->journal, error));
}

/**
 * recon_hdf5_output_close:
 * @self: (transfer full): a file, all slices of which are written
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_hdf5_output_close (ReconHdf5Output  *self,
                         GError          **error)
{
  g_autoptr (ReconHdf5Output) owned = self;
  hid_t data = self->data;
  hid_t file = self->file;
  int fd = self->fd;

  if (!recon_hdf5_output_flush (self, error))
    return FALSE;

  /* What HDF5 couldn't close it has freed nevertheless: such a handle must not be touched again. */
  self->data = H5I_INVALID_HID;
  self->file = H5I_INVALID_HID;
  if (!recon_nexus_check (H5Dclose (data) >= 0 && H5Fclose (file) >= 0, self->path, error) ||
      !recon_file_sync (self->fd, self->path, error))
    return FALSE;

  self->fd = -1;
  if (close (fd) == 0)
    return TRUE;

  return recon_set_write_error (error, self->path, errno, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* fallocate, memfd_create */
#include "config.h"

#include "io/hdf5-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "io/hdf5-nexus.h"
#include "io/hdf5-volume.h"
#include "io/output-files.h"

#define DEFAULT_DATASET "/entry/data/data"

/* The file on disk has to be readable at any time, in case that the process is killed or the disk fills up. What holds
 * the file together (HDF5's metadata) changes with each compressed slice. So HDF5 keeps all changes of it in memory
 * until flush(), which first makes sure that the disk has room for them. A writer that is dropped throws away what
 * it has not flushed, so that the file stays as it was then. */
struct _ReconHdf5Writer
{
  ReconWriter  parent_instance;

  char        *dataset; /* path of the slices in the file */
  hid_t        file;
  hid_t        data;
  hsize_t      reserved; /* bytes of the file, from the start, that have room on the disk */
};

G_DEFINE_FINAL_TYPE (ReconHdf5Writer, recon_hdf5_writer, RECON_TYPE_WRITER)

/* The descriptor is HDF5's own. */
static int
get_descriptor (ReconHdf5Writer *self)
{
  void *handle = NULL;

  if (H5Fget_vfd_handle (self->file, H5P_DEFAULT, &handle) < 0 || handle == NULL)
    return -1;

  return *(int *) handle;
}

/* Closes the file without writing anything more: HDF5, which insists on writing, is given another file for it. */
static void
abandon (ReconHdf5Writer *self)
{
  int fd, decoy;

  if (self->file < 0)
    return;

  fd = get_descriptor (self);
  decoy = memfd_create ("reconstruct", MFD_CLOEXEC);
  if (decoy < 0)
    decoy = g_open ("/dev/null", O_RDWR | O_CLOEXEC, 0);
  if (fd >= 0 && decoy >= 0)
    dup3 (decoy, fd, O_CLOEXEC);
  if (decoy >= 0)
    close (decoy);

  recon_hdf5_id_close (self->data);
  recon_hdf5_id_close (self->file);
  self->data = H5I_INVALID_HID;
  self->file = H5I_INVALID_HID;
}

static gboolean
set_metadata_cache (hid_t access)
{
  H5AC_cache_config_t config = { .version = H5AC__CURR_CACHE_CONFIG_VERSION };

  if (H5Pget_mdc_config (access, &config) < 0)
    return FALSE;

  /* Nothing goes to the disk until it is flushed; HDF5 demands the other three with it. */
  config.evictions_enabled = FALSE;
  config.incr_mode = H5C_incr__off;
  config.flash_incr_mode = H5C_flash_incr__off;
  config.decr_mode = H5C_decr__off;

  return H5Pset_mdc_config (access, &config) >= 0;
}

static ReconHdf5Id
make_access (void)
{
  hid_t access = H5Pcreate (H5P_FILE_ACCESS);

  /* Nothing is collected into larger blocks either: otherwise the place of everything would depend on when it was
   * flushed. */
  if (access < 0 || H5Pset_fclose_degree (access, H5F_CLOSE_STRONG) < 0 || H5Pset_meta_block_size (access, 0) < 0 ||
      H5Pset_small_data_block_size (access, 0) < 0 || !set_metadata_cache (access))
    return H5I_INVALID_HID;

  return access;
}

/* Gives the metadata that is about to be written its place on the disk, where the file system can: the slices around
 * it are written already. */
static gboolean
reserve (ReconHdf5Writer  *self,
         GError          **error)
{
  const char *partial = recon_writer_get_partial (RECON_WRITER (self));
  int fd = get_descriptor (self);
  hsize_t size = 0;

  if (!recon_nexus_check (fd >= 0 && H5Fget_filesize (self->file, &size) >= 0, partial, error))
    return FALSE;

  if (size <= self->reserved)
    return TRUE;
  if (fallocate (fd, 0, (off_t) self->reserved, (off_t) (size - self->reserved)) != 0 &&
      (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
    {
      recon_set_write_error (error, partial, errno, NULL);
      return FALSE;
    }
  self->reserved = size;

  return TRUE;
}

static gboolean
recon_hdf5_writer_flush (ReconWriter  *writer,
                         GError      **error)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (writer);
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

  /* Slices that are not compressed need no metadata, and would all be reserved at once. */
  if (recon_writer_get_volume (writer)->compression != RECON_COMPRESSION_NONE && !reserve (self, error))
    return FALSE;

  return recon_nexus_check (H5Fflush (self->file, H5F_SCOPE_LOCAL) >= 0, recon_writer_get_partial (writer), error) &&
         recon_file_sync (get_descriptor (self), recon_writer_get_partial (writer), error);
}

static gboolean
create (ReconHdf5Writer    *self,
        const ReconVolume  *volume,
        GError            **error)
{
  const char *partial = recon_writer_get_partial (RECON_WRITER (self));
  g_auto (ReconHdf5Id) plist = recon_nexus_make_plist (H5P_FILE_CREATE);
  g_auto (ReconHdf5Id) access = make_access ();

  if (plist >= 0 && access >= 0)
    self->file = H5Fcreate (partial, H5F_ACC_TRUNC, plist, access);
  if (!recon_nexus_check (self->file >= 0, partial, error))
    return FALSE;

  self->data = recon_hdf5_volume_create (self->file, partial, self->dataset, volume, error);

  return self->data >= 0 &&
         recon_nexus_check (H5Fflush (self->file, H5F_SCOPE_LOCAL) >= 0, partial, error);
}

static gboolean
start (ReconHdf5Writer    *self,
       const ReconVolume  *volume,
       GError            **error)
{
  ReconWriter *writer = RECON_WRITER (self);
  const char *partial = recon_writer_get_partial (writer);
  g_autofree char *folder = g_path_get_dirname (partial);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);

  if (recon_folder_make (folder, made, error) &&
      recon_file_remove (recon_writer_get_partial_ledger (writer), error) && recon_file_create (partial, error))
    {
      if (create (self, volume, error))
        return TRUE;

      abandon (self);
      g_unlink (partial);
    }
  recon_folder_unmake (made);

  return FALSE;
}

static gboolean
resume (ReconHdf5Writer    *self,
        const ReconVolume  *volume,
        GError            **error)
{
  const char *partial = recon_writer_get_partial (RECON_WRITER (self));
  g_auto (ReconHdf5Id) access = make_access ();

  if (!g_file_test (partial, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                   _ ("There is nothing to resume: %s does not exist. Start again without --resume."), partial);
      return FALSE;
    }

  if (access >= 0)
    self->file = H5Fopen (partial, H5F_ACC_RDWR, access);
  if (self->file < 0)
    {
      g_autofree char *text = recon_hdf5_error_text ();

      g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                   _ ("%s cannot be resumed: %s. Start again without --resume."), partial, text);
      return FALSE;
    }

  self->data = recon_hdf5_volume_open (self->file, partial, self->dataset, volume, error);
  if (self->data >= 0)
    return TRUE;

  abandon (self);

  return FALSE;
}

static gboolean
recon_hdf5_writer_open (ReconWriter        *writer,
                        const ReconVolume  *volume,
                        const guint8       *finished,
                        GError            **error)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (writer);
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

  if (volume->compression == RECON_COMPRESSION_LZW)
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                           _ ("HDF5 has no compression lzw. Use output.compression deflate."));
      return FALSE;
    }
  if (volume->compression == RECON_COMPRESSION_DEFLATE && H5Zfilter_avail (H5Z_FILTER_DEFLATE) <= 0)
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                           _ ("The HDF5 library here cannot compress. Use output.compression none."));
      return FALSE;
    }
  if (!recon_file_check_target (recon_writer_get_path (writer), error))
    return FALSE;

  return finished != NULL ? resume (self, volume, error) : start (self, volume, error);
}

static gboolean
recon_hdf5_writer_write (ReconWriter    *writer,
                         guint           slice,
                         gconstpointer   pixels,
                         GError        **error)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (writer);
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

  return recon_hdf5_volume_write (self->data, recon_writer_get_partial (writer), recon_writer_get_volume (writer),
                                  slice, pixels, error);
}

static gboolean
recon_hdf5_writer_finish (ReconWriter  *writer,
                          GError      **error)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (writer);
  const char *partial = recon_writer_get_partial (writer);
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

  if (!recon_hdf5_writer_flush (writer, error) ||
      !recon_nexus_check (H5Dclose (self->data) >= 0, partial, error))
    return FALSE;
  self->data = H5I_INVALID_HID;
  if (!recon_nexus_check (H5Fclose (self->file) >= 0, partial, error))
    return FALSE;
  self->file = H5I_INVALID_HID;

  return recon_file_move (partial, recon_writer_get_path (writer), error) &&
         recon_file_move_optional (recon_writer_get_partial_ledger (writer), recon_writer_get_ledger (writer), error);
}

static void
recon_hdf5_writer_finalize (GObject *object)
{
  ReconHdf5Writer *self = RECON_HDF5_WRITER (object);

  if (self->file >= 0)
    {
      g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();

      abandon (self);
    }
  g_free (self->dataset);

  G_OBJECT_CLASS (recon_hdf5_writer_parent_class)->finalize (object);
}

static void
recon_hdf5_writer_class_init (ReconHdf5WriterClass *klass)
{
  ReconWriterClass *writer_class = RECON_WRITER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = recon_hdf5_writer_finalize;
  writer_class->open = recon_hdf5_writer_open;
  writer_class->write = recon_hdf5_writer_write;
  writer_class->flush = recon_hdf5_writer_flush;
  writer_class->finish = recon_hdf5_writer_finish;
}

static void
recon_hdf5_writer_init (ReconHdf5Writer *self)
{
  self->file = H5I_INVALID_HID;
  self->data = H5I_INVALID_HID;
}

static gboolean
has_extension (const char *file)
{
  static const char *const extensions[] = { ".h5", ".hdf5", ".hdf", ".nxs" };
  const char *dot = strrchr (file, '.');

  for (guint i = 0; dot != NULL && i < G_N_ELEMENTS (extensions); i++)
    if (g_ascii_strcasecmp (dot, extensions[i]) == 0)
      return TRUE;

  return FALSE;
}

/**
 * recon_hdf5_writer_split_path:
 * @path: what users write
 * @file: (out) (transfer full) (optional): the file
 * @dataset: (out) (transfer full) (optional): the path of the dataset in it
 *
 * Takes "vol.h5:/a/b" apart. The first :/ behind the name of an HDF5 file counts.
 *
 * Returns: %FALSE if there is no name of an HDF5 file (.h5, .hdf5, .hdf or .nxs) in @path
 */
gboolean
recon_hdf5_writer_split_path (const char  *path,
                              char       **file,
                              char       **dataset)
{
  for (const char *end = strstr (path, ":/"); ; end = strstr (end + 1, ":/"))
    {
      g_autofree char *name = end != NULL ? g_strndup (path, (gsize) (end - path)) : g_strdup (path);

      if (has_extension (name))
        {
          if (file != NULL)
            *file = g_steal_pointer (&name);
          if (dataset != NULL)
            *dataset = g_strdup (end != NULL ? end + 1 : DEFAULT_DATASET);
          return TRUE;
        }
      if (end == NULL)
        return FALSE;
    }
}

/**
 * recon_hdf5_writer_find_bare:
 * @path: what users write
 *
 * Looks for the name of an HDF5 file with a colon behind it and no slash behind that, as in vol.h5:a: as little a name
 * of a folder as of a file.
 *
 * Returns: (transfer full) (nullable): what @path is likely to mean, such as vol.h5:/a, or %NULL
 */
char *
recon_hdf5_writer_find_bare (const char *path)
{
  if (recon_hdf5_writer_split_path (path, NULL, NULL))
    return NULL;

  for (const char *colon = strchr (path, ':'); colon != NULL; colon = strchr (colon + 1, ':'))
    {
      g_autofree char *file = g_strndup (path, (gsize) (colon - path));

      if (has_extension (file))
        return g_strconcat (file, ":", colon[1] != '\0' ? "/" : DEFAULT_DATASET, colon + 1, NULL);
    }

  return NULL;
}

/* Why @path is no HDF5 file. */
static void
set_path_error (const char  *path,
                GError     **error)
{
  g_autofree char *meant = recon_hdf5_writer_find_bare (path);

  if (meant != NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                 _ ("%s is neither an HDF5 file nor one with the path of a dataset, which begins with a slash. Write "
                    "%s."),
                 path, meant);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                 _ ("%s is no HDF5 file: output.path must be a file .h5, .hdf5, .hdf or .nxs, after which "
                    ":/group/dataset may stand."),
                 path);
}

/**
 * recon_hdf5_writer_new:
 * @path: a file, optionally with the path of the dataset in it: vol.h5:/entry/data/data
 * @error: return location
 *
 * The slices become one dataset (slice, row, column) of a NeXus file; what else is in there says hdf5-volume.c.
 *
 * Returns: (transfer full): a writer, or %NULL with #RECON_ERROR_CONFIG
 */
ReconWriter *
recon_hdf5_writer_new (const char  *path,
                       GError     **error)
{
  g_autofree char *file = NULL;
  g_autofree char *dataset = NULL;
  g_autofree char *partial = NULL;
  g_autofree char *ledger = NULL;
  g_autofree char *partial_ledger = NULL;
  ReconHdf5Writer *self;

  if (!recon_hdf5_writer_split_path (path, &file, &dataset))
    {
      set_path_error (path, error);
      return NULL;
    }
  if (!recon_hdf5_volume_check_path (dataset, error))
    return NULL;

  partial = g_strconcat (file, ".partial", NULL);
  ledger = g_strconcat (file, ".ledger.jsonl", NULL);
  partial_ledger = g_strconcat (partial, ".ledger.jsonl", NULL);

  self = g_object_new (RECON_TYPE_HDF5_WRITER, NULL);
  recon_writer_set_paths (RECON_WRITER (self), file, partial, ledger, partial_ledger);
  self->dataset = g_steal_pointer (&dataset);

  return RECON_WRITER (self);
}

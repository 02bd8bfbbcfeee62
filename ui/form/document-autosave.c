/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "config/config-file.h"
#include "form/document-private.h"

/* What a document has not saved lies in a file of its own in the state folder. The process that keeps it up to date
 * holds a lock on it, which ends with the process however that ends: a file without a lock is of a dead one. The file
 * is replaced in one step by one that is locked already. */

#define SUFFIX ".autosave"
/* What a file holds besides the configuration. */
#define ORIGIN_GROUP "autosave"
#define ORIGIN_KEY "file"

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "reconstruct", NULL);
}

/* The text of an autosave file. */
static char *
make_data (ReconDocument *self)
{
  g_autofree char *data = recon_config_to_data (self->config, FALSE);
  g_autoptr (GKeyFile) origin = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *more = NULL;

  if (self->file == NULL)
    return g_steal_pointer (&data);

  origin = g_key_file_new ();
  uri = g_file_get_uri (self->file);
  g_key_file_set_string (origin, ORIGIN_GROUP, ORIGIN_KEY, uri);
  more = g_key_file_to_data (origin, NULL, NULL);

  return g_strconcat (data, "\n", more, NULL);
}

/* Writes a new locked file into the folder. Returns its descriptor, or -1. No fsync: the system keeps what a dead
 * process has written, and the form must not wait for the disk. */
static int
write_locked (char        *path_template,
              const char  *data,
              GError     **error)
{
  g_autoptr (GOutputStream) stream = NULL;
  int fd = g_mkstemp_full (path_template, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return -1;
    }

  stream = g_unix_output_stream_new (fd, FALSE);
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    {
      if (g_output_stream_write_all (stream, data, strlen (data), NULL, NULL, error))
        return fd;
    }
  else
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));

  g_unlink (path_template);
  g_close (fd, NULL);

  return -1;
}

static gboolean
replace_autosave (ReconDocument  *self,
                  const char     *folder,
                  GError        **error)
{
  g_autofree char *temporary = g_build_filename (folder, ".XXXXXX", NULL);
  g_autofree char *path = NULL;
  g_autofree char *data = make_data (self);
  int fd = write_locked (temporary, data, error);

  if (fd < 0)
    return FALSE;

  if (self->autosave == NULL)
    {
      g_autofree char *uuid = g_uuid_string_random ();
      g_autofree char *name = g_strconcat (uuid, SUFFIX, NULL);

      path = g_build_filename (folder, name, NULL);
    }
  else
    path = g_strdup (self->autosave);

  if (g_rename (temporary, path) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      g_unlink (temporary);
      g_close (fd, NULL);
      return FALSE;
    }

  if (self->autosave_lock >= 0)
    g_close (self->autosave_lock, NULL);
  self->autosave_lock = fd;
  g_free (self->autosave);
  self->autosave = g_steal_pointer (&path);

  return TRUE;
}

/**
 * recon_document_autosave:
 * @self: a document
 * @error: return location
 *
 * Keeps what is not saved in a file, or drops that file where everything is saved. Cheap enough for the main loop.
 *
 * Returns: %FALSE with %RECON_ERROR_WRITE
 */
gboolean
recon_document_autosave (ReconDocument  *self,
                         GError        **error)
{
  g_autofree char *folder = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (RECON_IS_DOCUMENT (self), FALSE);

  if (!self->modified)
    {
      recon_document_drop_autosave (self);
      return TRUE;
    }

  folder = get_folder ();
  if (g_mkdir_with_parents (folder, 0700) != 0)
    g_set_error_literal (&local, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  else if (replace_autosave (self, folder, &local))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
               _ ("Changes that are not saved cannot be kept in %s: %s. Save the configuration."), folder,
               local->message);

  return FALSE;
}

/**
 * recon_document_drop_autosave:
 * @self: a document
 *
 * Forgets what recon_document_autosave() has kept: it was saved, or its user has said that it may go.
 */
void
recon_document_drop_autosave (ReconDocument *self)
{
  g_return_if_fail (RECON_IS_DOCUMENT (self));

  if (self->autosave == NULL)
    return;

  g_unlink (self->autosave);
  g_close (self->autosave_lock, NULL);
  self->autosave_lock = -1;
  g_clear_pointer (&self->autosave, g_free);
}

/* Takes the lock of a file that no living process holds. Returns its descriptor, or -1. */
static int
take_lock (const char *path)
{
  GStatBuf locked, present;
  int fd = g_open (path, O_RDWR | O_CLOEXEC, 0);

  if (fd < 0)
    return -1;

  /* Its owner may have put a new one in its place in the meantime, which is locked, as this one no more is. */
  if (flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &locked) == 0 && g_stat (path, &present) == 0 &&
      locked.st_ino == present.st_ino && locked.st_dev == present.st_dev)
    return fd;

  g_close (fd, NULL);

  return -1;
}

/**
 * recon_document_list_autosaves:
 *
 * Returns: (transfer container) (element-type GFile): what processes have left that ended without saving or dropping
 */
GPtrArray *
recon_document_list_autosaves (void)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      int fd;

      if (!g_str_has_suffix (name, SUFFIX) || (fd = take_lock (path)) < 0)
        continue;

      g_close (fd, NULL);
      g_ptr_array_add (files, g_file_new_for_path (path));
    }

  return files;
}

/**
 * recon_document_get_autosave_origin:
 * @autosave: one of recon_document_list_autosaves()
 *
 * Returns: (transfer full) (nullable): the configuration file that was being edited; %NULL if it had none yet
 */
GFile *
recon_document_get_autosave_origin (GFile *autosave)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = NULL;
  g_autofree char *uri = NULL;

  g_return_val_if_fail (G_IS_FILE (autosave), NULL);

  path = g_file_get_path (autosave);
  if (path == NULL || !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return NULL;

  uri = g_key_file_get_string (file, ORIGIN_GROUP, ORIGIN_KEY, NULL);

  return uri != NULL ? g_file_new_for_uri (uri) : NULL;
}

/* What the file holds now that the autosave was made from; the defaults if that is no more. */
static ReconConfig *
load_saved (GFile *origin)
{
  ReconConfig *saved = recon_config_new ();
  g_autofree char *path = origin != NULL ? g_file_get_path (origin) : NULL;

  if (path != NULL)
    recon_config_load (saved, path, NULL, NULL);

  return saved;
}

/* Its paths are those of the document, wherever the autosave lies. */
static gboolean
load_autosave (ReconConfig  *config,
               const char   *path,
               GError      **error)
{
  g_autofree char *data = NULL;
  g_autoptr (GError) local = NULL;
  gsize length;

  if (!g_file_get_contents (path, &data, &length, &local))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_READ, "%s.", local->message);
      return FALSE;
    }

  return recon_config_load_data (config, data, length, path, NULL, error);
}

/**
 * recon_document_restore:
 * @self: a document
 * @autosave: one of recon_document_list_autosaves()
 * @error: return location
 *
 * Replaces everything by what was not saved, as a change of the file that it belongs to. The autosave is then this
 * document's. On failure nothing changes.
 *
 * Returns: %FALSE with %RECON_ERROR_READ if another process has taken it, or with an error of recon_config_load()
 */
gboolean
recon_document_restore (ReconDocument  *self,
                        GFile          *autosave,
                        GError        **error)
{
  g_autoptr (ReconConfig) restored = recon_config_new ();
  g_autoptr (ReconConfig) saved = NULL;
  g_autoptr (GFile) origin = NULL;
  g_autofree char *path = NULL;
  int fd;

  g_return_val_if_fail (RECON_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (autosave), FALSE);

  path = g_file_get_path (autosave);
  fd = path != NULL ? take_lock (path) : -1;
  if (fd < 0)
    {
      g_autofree char *name = g_file_get_parse_name (autosave);

      g_set_error (error, RECON_ERROR, RECON_ERROR_READ,
                   _ ("The changes in %s are gone, or another window has them already."), name);
      return FALSE;
    }

  if (!load_autosave (restored, path, error))
    {
      g_close (fd, NULL);
      return FALSE;
    }

  origin = recon_document_get_autosave_origin (autosave);
  saved = load_saved (origin);

  recon_document_drop_autosave (self);
  self->autosave = g_steal_pointer (&path);
  self->autosave_lock = fd;
  _recon_document_replace (self, restored, origin, saved);

  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/raw-scan-writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/fail.h"

#define STAGING ".phantom.partial"

/* What a synthetic scan may consist of: folders, the prefix of the files in them, and files. Nothing else is ever
 * deleted. reco.conf describes the scan; whoever writes one does so after the scan is complete. */
static const struct
{
  const char *name;
  const char *prefix; /* (nullable): %NULL for a file */
} pieces[] = {
  { "projections", "proj_" },
  { "darks", "dark_" },
  { "flats", "flat_" },
  { "flats_after", "flat_" },
  { "truth", "slice_" },
  { "angles.txt", NULL },
  { "scan.h5", NULL },
  { "reco.conf", NULL },
};

static gboolean
fail (const char   *what,
      const char   *path,
      int           saved_errno,
      GError      **error)
{
  g_autofree char *name = g_filename_display_name (path);

  return recon_fail (error, RECON_ERROR_WRITE, "%s %s: %s.", what, name, g_strerror (saved_errno));
}

/* Whether a file is PREFIX, digits, ".tif". */
static gboolean
is_ours (const char *name,
         const char *prefix)
{
  gsize length = strlen (prefix);
  gsize digits;

  if (strncmp (name, prefix, length) != 0)
    return FALSE;

  digits = strspn (name + length, "0123456789");

  return digits > 0 && strcmp (name + length + digits, ".tif") == 0;
}

/* A folder with other files than ours would become part of the scan, or be lost with it. */
static gboolean
check_piece (const char  *path,
             const char  *prefix,
             GError     **error)
{
  g_autoptr (GDir) dir = NULL;
  g_autofree char *shown = g_filename_display_name (path);
  const char *name;

  if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    return recon_fail (error, RECON_ERROR_EXISTS,
                       _ ("%s is a link; a synthetic scan does not replace it. Choose another folder."), shown);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  dir = g_dir_open (path, 0, NULL);

  if (dir == NULL)
    return recon_fail (error, RECON_ERROR_EXISTS,
                       _ ("%s is in the way and cannot be looked into as a folder. Choose another folder for the "
                          "scan."),
                       shown);

  while ((name = g_dir_read_name (dir)) != NULL)
    if (!is_ours (name, prefix))
      {
        g_autofree char *foreign = g_build_filename (path, name, NULL);
        g_autofree char *foreign_shown = g_filename_display_name (foreign);

        return recon_fail (error, RECON_ERROR_EXISTS,
                           _ ("%s does not belong to a synthetic scan, so %s is not replaced. Choose another folder."),
                           foreign_shown, shown);
      }

  return TRUE;
}

static gboolean
remove_file (const char  *path,
             GError     **error)
{
  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;

  return fail (_ ("Cannot remove"), path, errno, error);
}

static gboolean
remove_piece (const char  *path,
              const char  *prefix,
              GError     **error)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  if (dir == NULL)
    return TRUE;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (is_ours (name, prefix) && !remove_file (file, error))
        return FALSE;
    }

  if (g_rmdir (path) != 0)
    return fail (_ ("Cannot remove"), path, errno, error);

  return TRUE;
}

/* Removes the scan that is in a folder. */
static gboolean
remove_scan (const char  *folder,
             GError     **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *path = g_build_filename (folder, pieces[i].name, NULL);

      if (!(pieces[i].prefix != NULL ? remove_piece (path, pieces[i].prefix, error) : remove_file (path, error)))
        return FALSE;
    }

  return TRUE;
}

/* The name of something in the folder besides what an interrupted attempt left. */
static char *
find_content (const char  *path,
              GError     **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &local);
  const char *name;

  if (dir == NULL)
    return recon_fail_null (error, RECON_ERROR_WRITE, _ ("Cannot use the folder: %s."), local->message);

  while ((name = g_dir_read_name (dir)) != NULL)
    if (strcmp (name, STAGING) != 0)
      return g_filename_display_name (name);

  return NULL;
}

static gboolean
check_folder (const char  *path,
              gboolean     overwrite,
              GError     **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *content = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return recon_fail (error, RECON_ERROR_EXISTS, _ ("%s is not a folder. Choose another name."), shown);

  content = find_content (path, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  if (content != NULL && !overwrite)
    return recon_fail (error, RECON_ERROR_EXISTS,
                       _ ("The folder %s is not empty (%s). Choose another one, or add --force to replace the scan in "
                          "it."),
                       shown, content);

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *piece = g_build_filename (path, pieces[i].name, NULL);

      if (pieces[i].prefix != NULL && !check_piece (piece, pieces[i].prefix, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * recon_scan_folder_open:
 * @path: a folder, made if it does not exist
 * @overwrite: whether the folder may hold something; a scan in it is replaced on recon_scan_folder_commit()
 * @error: return location
 *
 * Returns: (transfer full): a folder that is ready to receive a scan, or %NULL with #RECON_ERROR_EXISTS if that
 *   would destroy something, or #RECON_ERROR_WRITE
 */
ReconScanFolder *
recon_scan_folder_open (const char  *path,
                        gboolean     overwrite,
                        GError     **error)
{
  g_autoptr (ReconScanFolder) self = g_new0 (ReconScanFolder, 1);
  g_autofree char *staging = NULL;

  self->path = g_strdup (path);
  self->created = !g_file_test (path, G_FILE_TEST_EXISTS);

  if (self->created && g_mkdir_with_parents (path, 0777) != 0)
    {
      self->created = FALSE;
      fail (_ ("Cannot create the folder"), path, errno, error);
      return NULL;
    }

  if (!self->created && !check_folder (path, overwrite, error))
    return NULL;

  staging = g_build_filename (path, STAGING, NULL);

  /* What a killed attempt has left. */
  if (!remove_scan (staging, error))
    return NULL;

  if (g_rmdir (staging) != 0 && errno != ENOENT)
    {
      fail (_ ("Cannot remove"), staging, errno, error);
      return NULL;
    }

  if (g_mkdir (staging, 0777) != 0)
    {
      fail (_ ("Cannot create the folder"), staging, errno, error);
      return NULL;
    }

  self->staging = g_steal_pointer (&staging);

  return g_steal_pointer (&self);
}

/**
 * recon_scan_folder_commit:
 * @self: a folder
 * @error: return location
 *
 * Moves the scan to its place, instead of one that is there.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_scan_folder_commit (ReconScanFolder  *self,
                          GError          **error)
{
  if (!remove_scan (self->path, error))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *from = g_build_filename (self->staging, pieces[i].name, NULL);
      g_autofree char *to = g_build_filename (self->path, pieces[i].name, NULL);

      if (g_rename (from, to) != 0 && errno != ENOENT)
        return fail (_ ("Cannot put the finished scan in place as"), to, errno, error);
    }

  if (g_rmdir (self->staging) != 0)
    return fail (_ ("Cannot remove"), self->staging, errno, error);

  g_clear_pointer (&self->staging, g_free);
  self->created = FALSE;

  return TRUE;
}

/**
 * recon_scan_folder_free:
 * @self: a folder
 *
 * Without recon_scan_folder_commit() before, removes what was made, and the folder itself if it was not there.
 */
void
recon_scan_folder_free (ReconScanFolder *self)
{
  if (self->staging != NULL)
    {
      remove_scan (self->staging, NULL);
      g_rmdir (self->staging);
    }

  if (self->created)
    g_rmdir (self->path);

  g_free (self->path);
  g_free (self->staging);
  g_free (self);
}

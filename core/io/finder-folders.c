/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/finder-private.h"

#include <dirent.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "io/series.h"
#include "io/finder-words.h"

/* Folders within each other, and in all: a whole disk is refused rather than searched. */
#define MAX_DEPTH 4
#define MAX_FOLDERS 500

static const char *const tiff_suffixes[] = { ".tif", ".tiff", NULL };
static const char *const hdf5_suffixes[] = { ".h5", ".hdf5", ".hdf", ".nxs", ".nx", ".nx5", ".he5", NULL };
static const char *const text_suffixes[] = {
  ".txt", ".csv", ".log", ".dat", ".ang", ".angles", ".tlt", ".rawtlt", ".xtekct", ".info", NULL,
};

typedef struct
{
  ReconFinderScope  scope;
  GPtrArray        *folders;
  GHashTable       *seen; /* device and number of each: links may lead back */
} Walk;

static void
folder_free (ReconFinderFolder *self)
{
  g_free (self->path);
  g_free (self->relative);
  g_ptr_array_unref (self->tiffs);
  g_ptr_array_unref (self->hdf5s);
  g_ptr_array_unref (self->texts);
  g_hash_table_unref (self->others);
  g_free (self);
}

static ReconFinderFolder *
folder_new (const char *path,
            const char *relative)
{
  ReconFinderFolder *self = g_new0 (ReconFinderFolder, 1);

  self->path = g_strdup (path);
  self->relative = g_strdup (relative);
  self->tiffs = g_ptr_array_new_with_free_func (g_free);
  self->hdf5s = g_ptr_array_new_with_free_func (g_free);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  self->others = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

static void
add_file (ReconFinderFolder *self,
          const char        *name)
{
  const char *dot = strrchr (name, '.');
  char *kind;

  if (recon_file_series_has_suffix (name, tiff_suffixes))
    g_ptr_array_add (self->tiffs, g_strdup (name));
  else if (recon_file_series_has_suffix (name, hdf5_suffixes))
    g_ptr_array_add (self->hdf5s, g_strdup (name));
  else if (recon_file_series_has_suffix (name, text_suffixes))
    g_ptr_array_add (self->texts, g_strdup (name));
  else
    {
      kind = g_ascii_strdown (dot != NULL ? dot : "", -1);
      g_hash_table_insert (self->others, kind,
                           GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (self->others, kind)) + 1));
    }
}

/* Most file systems say what an entry is without another look at it. */
static gboolean
is_of_kind (const char          *folder,
            const struct dirent *entry,
            mode_t               kind)
{
  g_autofree char *path = NULL;
  struct stat info;

  if (entry->d_type == DT_DIR || entry->d_type == DT_REG)
    return (entry->d_type == DT_DIR) == S_ISDIR (kind);
  if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
    return FALSE;

  path = g_build_filename (folder, entry->d_name, NULL);

  return stat (path, &info) == 0 && (info.st_mode & S_IFMT) == kind;
}

static gboolean
wants_folder (const Walk *self,
              const char *name)
{
  g_auto (ReconNameMeaning) meaning = { 0 };

  if (self->scope == RECON_FINDER_EVERYTHING)
    return TRUE;

  recon_name_meaning_read (&meaning, name);

  return meaning.role == RECON_ROLE_DARKS || meaning.role == RECON_ROLE_FLATS ||
         (meaning.role == RECON_ROLE_PROJECTIONS && self->scope == RECON_FINDER_PARTS);
}

/* Lists one folder; returns the folders in it, in natural order. */
static GPtrArray *
list_folder (Walk        *self,
             const char  *path,
             const char  *relative,
             GError     **error)
{
  g_autoptr (GPtrArray) below = g_ptr_array_new_with_free_func (g_free);
  ReconFinderFolder *folder;
  struct dirent *entry;
  DIR *dir = opendir (path);

  if (dir == NULL)
    return recon_fail_null (error, RECON_ERROR_INPUT, _ ("The folder %s cannot be listed: %s."), path,
                            g_strerror (errno));

  folder = folder_new (path, relative);
  g_ptr_array_add (self->folders, folder);
  while ((entry = readdir (dir)) != NULL)
    {
      if (entry->d_name[0] == '.')
        continue;

      if (is_of_kind (path, entry, S_IFREG))
        add_file (folder, entry->d_name);
      else if (wants_folder (self, entry->d_name) && is_of_kind (path, entry, S_IFDIR))
        g_ptr_array_add (below, g_strdup (entry->d_name));
    }
  closedir (dir);

  recon_natural_sort (folder->tiffs);
  recon_natural_sort (folder->hdf5s);
  recon_natural_sort (folder->texts);
  recon_natural_sort (below);

  return g_steal_pointer (&below);
}

static gboolean
walk (Walk        *self,
      const char  *path,
      const char  *relative,
      guint        depth,
      GError     **error)
{
  g_autoptr (GPtrArray) below = NULL;
  struct stat info;

  if (stat (path, &info) == 0 &&
      !g_hash_table_add (self->seen, g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                                      (guint64) info.st_dev, (guint64) info.st_ino)))
    return TRUE;

  if (self->folders->len >= MAX_FOLDERS)
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("There are more than %d folders here, too many for one scan. Choose the folder of the scan."),
                       MAX_FOLDERS);

  below = list_folder (self, path, relative, error);
  if (below == NULL)
    return FALSE;

  /* The folders that are chosen hold folders before and after, whatever these are called. */
  for (guint i = 0; i < below->len && depth < MAX_DEPTH; i++)
    {
      Walk inner = { RECON_FINDER_EVERYTHING, self->folders, self->seen };
      const char *name = g_ptr_array_index (below, i);
      g_autofree char *inner_path = recon_finder_join (path, name);
      g_autofree char *inner_relative = *relative != '\0' ? g_build_filename (relative, name, NULL) : g_strdup (name);
      g_autoptr (GError) skipped = NULL;

      /* A folder that may not be listed is not the user's scan; that there are too many is. */
      if (!walk (&inner, inner_path, inner_relative, depth + 1, &skipped) && self->folders->len >= MAX_FOLDERS)
        {
          g_propagate_error (error, g_steal_pointer (&skipped));
          return FALSE;
        }
    }

  return TRUE;
}

/* Whether one of the folders in the first one is named after projections. */
static gboolean
has_projections (GPtrArray *folders)
{
  for (guint i = 1; i < folders->len; i++)
    {
      const ReconFinderFolder *folder = g_ptr_array_index (folders, i);
      g_auto (ReconNameMeaning) meaning = { 0 };

      recon_name_meaning_read (&meaning, folder->relative);
      if (meaning.role == RECON_ROLE_PROJECTIONS && folder->tiffs->len + folder->hdf5s->len > 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * recon_finder_list_folders:
 * @path: a folder
 * @scope: which folders in it are looked into
 * @error: return location
 *
 * Lists a folder and those below it, a few levels deep. Hidden ones are left out. Of too many, those that are named
 * after the parts of a scan are listed, if there are projections among them.
 *
 * Returns: (transfer full) (element-type ReconFinderFolder): the folders, @path first; or %NULL with
 *   #RECON_ERROR_INPUT if it cannot be listed or there are too many folders
 */
GPtrArray *
recon_finder_list_folders (const char        *path,
                           ReconFinderScope   scope,
                           GError           **error)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func ((GDestroyNotify) folder_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) failure = NULL;
  Walk self = { scope, folders, seen };
  gboolean too_many;

  if (walk (&self, path, "", 0, &failure))
    return g_steal_pointer (&folders);

  /* Among very many folders, the scan's own may still be plain by their names. */
  too_many = scope == RECON_FINDER_EVERYTHING && folders->len >= MAX_FOLDERS;
  self.scope = RECON_FINDER_PARTS;
  g_ptr_array_set_size (folders, 0);
  g_hash_table_remove_all (seen);
  if (!too_many || !walk (&self, path, "", 0, NULL) || !has_projections (folders))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  return g_steal_pointer (&folders);
}

/**
 * recon_finder_join:
 * @folder: a folder
 * @name: what is in it
 *
 * Returns: (transfer full): the path, without "./" before it
 */
char *
recon_finder_join (const char *folder,
                   const char *name)
{
  if (g_str_equal (folder, ".") || g_str_equal (folder, "./"))
    return g_strdup (name);

  return g_build_filename (folder, name, NULL);
}

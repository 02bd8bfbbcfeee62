/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <glib/gi18n-lib.h>

/* HDF5 reads what is missing of a virtual dataset as the fill value and says nothing. So each source is opened once, in
 * the way in which HDF5 would, before anything is read. */

/* Virtual datasets of virtual datasets; more are a circle, which HDF5 would follow to the end of the stack. */
#define MAX_DEPTH 8

/* Blocks of a pattern; more are a damaged file. */
#define MAX_BLOCKS (1 << 20)

/* Source files that are kept open while their datasets are looked at. */
#define MAX_OPEN 32

/* A file, and a dataset in one. Those that cannot be read have a reason, a sentence. */
typedef struct
{
  char        *path;
  char        *reason;
  ReconHdf5Id  id; /* invalid where it is not open now */
} File;

typedef struct
{
  char           *reason;
  char           *too_small; /* why it cannot be read to its end */
  gboolean        is_virtual;
  gboolean        is_open; /* its own sources are being looked at */
  GArray         *gaps;    /* (element-type ReconHdf5Gap) (nullable) */
  ReconHdf5Shape  shape;
} Source;

typedef struct
{
  GHashTable *files;   /* folder of the holder and name → File */
  GHashTable *sources; /* file and dataset → Source */
  GHashTable *paths;   /* those of files that were found */
  guint       n_open;
} Search;

static void
file_free (gpointer data)
{
  File *self = data;

  recon_hdf5_id_close (self->id);
  g_free (self->path);
  g_free (self->reason);
  g_free (self);
}

static void
source_free (gpointer data)
{
  Source *self = data;

  g_free (self->reason);
  g_free (self->too_small);
  g_clear_pointer (&self->gaps, g_array_unref);
  g_free (self);
}

static void
search_clear (Search *self)
{
  g_clear_pointer (&self->files, g_hash_table_unref);
  g_clear_pointer (&self->sources, g_hash_table_unref);
  g_clear_pointer (&self->paths, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

static void
close_files (Search *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      File *file = value;

      recon_hdf5_id_close (file->id);
      file->id = H5I_INVALID_HID;
    }
  self->n_open = 0;
}

/* The file that a dataset in @holder calls @name. */
static File *
find_file (Search     *self,
           const char *holder,
           const char *name)
{
  g_autofree char *folder = g_path_get_dirname (holder);
  g_autofree char *key = g_strconcat (folder, "\n", name, NULL);
  g_autoptr (GError) error = NULL;
  File *file = g_hash_table_lookup (self->files, key);

  if (file != NULL && (file->id >= 0 || file->reason != NULL))
    return file;

  if (self->n_open >= MAX_OPEN)
    close_files (self);

  if (file == NULL)
    {
      file = g_new0 (File, 1);
      file->id = recon_hdf5_open_source (holder, name, &file->path, &error);
      g_hash_table_insert (self->files, g_steal_pointer (&key), file);
      if (file->path != NULL)
        g_hash_table_add (self->paths, g_strdup (file->path));
    }
  else
    file->id = recon_hdf5_file_open (file->path, &error);

  if (error != NULL)
    file->reason = g_utf8_make_valid (error->message, -1);
  else
    self->n_open++;

  return file;
}

static gboolean survey (Search      *self,
                        hid_t        dataset,
                        const char  *path,
                        guint        depth,
                        GArray      *gaps,
                        double      *covered,
                        GError     **error);

/* Fills in what is known of a source that exists. */
static void
examine_source (Search     *self,
                Source     *source,
                hid_t       root,
                const char *file,
                const char *name,
                guint       depth)
{
  g_autofree char *absolute = *name == '/' ? g_strdup (name) : g_strconcat ("/", name, NULL);
  g_autofree char *path = g_strconcat (file, ":", absolute, NULL);
  g_auto (ReconHdf5Id) dataset = H5I_INVALID_HID;
  g_auto (ReconHdf5Id) creation = H5I_INVALID_HID;
  g_autoptr (GError) error = NULL;

  dataset = recon_hdf5_dataset_open (root, file, absolute, &error);
  if (dataset >= 0 && !recon_hdf5_shape_get (dataset, &source->shape))
    recon_hdf5_set_error (&error, RECON_ERROR_READ, _ ("Shape and type of %s cannot be read"), path);

  if (error == NULL)
    {
      creation = H5Dget_create_plist (dataset);
      source->is_virtual = creation >= 0 && H5Pget_layout (creation) == H5D_VIRTUAL;

      if (source->is_virtual)
        {
          source->gaps = g_array_new (FALSE, FALSE, sizeof (ReconHdf5Gap));
          survey (self, dataset, path, depth + 1, source->gaps, NULL, &error);
        }
      else
        recon_hdf5_storage_check (dataset, path, &error);
    }

  if (error != NULL)
    source->reason = g_utf8_make_valid (error->message, -1);
}

static Source *
find_source (Search     *self,
             hid_t       dataset,
             const char *holder,
             const char *file_name,
             const char *name,
             guint       depth)
{
  gboolean is_same = g_str_equal (file_name, ".");
  g_auto (ReconHdf5Id) own = is_same ? H5Iget_file_id (dataset) : H5I_INVALID_HID;
  File *file = is_same ? NULL : find_file (self, holder, file_name);
  const char *where = is_same ? holder : file->reason != NULL ? file_name : file->path;
  g_autofree char *key = g_strconcat (where, "\n", name, NULL);
  Source *source = g_hash_table_lookup (self->sources, key);
  g_autofree char *path = NULL;

  if (source != NULL && !source->is_open)
    return source;

  if (source != NULL || depth == MAX_DEPTH)
    {
      g_autofree char *again = g_strconcat (key, "\ncircle", NULL);

      source = g_hash_table_lookup (self->sources, again);
      if (source != NULL)
        return source;
      source = g_new0 (Source, 1);
      source->reason = g_strdup_printf (_ ("%s:%s is put together from itself."), where, name);
      g_hash_table_insert (self->sources, g_steal_pointer (&again), source);
      return source;
    }

  source = g_new0 (Source, 1);
  g_hash_table_insert (self->sources, g_steal_pointer (&key), source);
  if (file != NULL && file->reason != NULL)
    {
      source->reason = g_strdup (file->reason);
      return source;
    }

  /* More files may be opened for its own sources, and this one be closed for them. */
  path = g_strdup (where);
  if (file != NULL && H5Iinc_ref (file->id) > 0)
    own = file->id;
  source->is_open = TRUE;
  examine_source (self, source, own, path, name, depth);
  source->is_open = FALSE;

  return source;
}

static void
add_gap (GArray             *gaps,
         const char         *reason,
         const ReconHdf5Box *box)
{
  const ReconHdf5Gap gap = { reason, *box };

  g_array_append_val (gaps, gap);
}

static void
survey_block (Search           *self,
              hid_t             dataset,
              const char       *holder,
              ReconHdf5Mapping *mapping,
              guint64           block,
              guint             depth,
              GArray           *gaps)
{
  g_autofree char *file = recon_hdf5_mapping_expand (mapping->file, block);
  g_autofree char *name = recon_hdf5_mapping_expand (mapping->dataset, block);
  Source *source = find_source (self, dataset, holder, file, name, depth);
  ReconHdf5Box box, part;

  recon_hdf5_mapping_get_block (mapping, block, &box);

  if (source->reason != NULL)
    {
      add_gap (gaps, source->reason, &box);
      return;
    }

  /* HDF5 refuses to read beyond its end, late and without a name. */
  if (recon_hdf5_mapping_exceeds (mapping, &source->shape))
    {
      if (source->too_small == NULL)
        source->too_small = g_strdup_printf (_ ("%s:%s is smaller than what is to be taken from it; was its scan "
                                                "stopped early?"),
                                             file, name);
      add_gap (gaps, source->too_small, &box);
      return;
    }

  for (guint i = 0; source->gaps != NULL && i < source->gaps->len; i++)
    {
      const ReconHdf5Gap *gap = &g_array_index (source->gaps, ReconHdf5Gap, i);

      if (recon_hdf5_mapping_project (mapping, block, &source->shape, &gap->box, &part))
        add_gap (gaps, gap->reason, &part);
    }
}

/* Adds what is missing of @dataset to @gaps. @covered: (out) (optional): as in #ReconHdf5Sources. */
static gboolean
survey (Search      *self,
        hid_t        dataset,
        const char  *path,
        guint        depth,
        GArray      *gaps,
        double      *covered,
        GError     **error)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);
  g_autofree char *holder = recon_hdf5_get_file_name (dataset);
  ReconHdf5Shape shape;
  double n_elements = 0;
  gsize n = 0;

  if (creation < 0 || !recon_hdf5_shape_get (dataset, &shape) || H5Pget_virtual_count (creation, &n) < 0)
    return recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("The sources of %s cannot be read"), path);

  for (gsize i = 0; i < n; i++)
    {
      g_auto (ReconHdf5Mapping) mapping = { 0 };

      if (!recon_hdf5_mapping_read (&mapping, creation, i) || !recon_hdf5_mapping_limit (&mapping, &shape) ||
          mapping.n_blocks > MAX_BLOCKS)
        return recon_hdf5_set_error (error, RECON_ERROR_READ, _ ("The sources of %s cannot be read"), path);

      for (guint64 block = 0; block < mapping.n_blocks; block++)
        survey_block (self, dataset, holder, &mapping, block, depth, gaps);
      n_elements += (double) mapping.n_blocks * (double) H5Sget_select_npoints (mapping.space);
    }

  if (covered != NULL)
    *covered = shape.n_elements > 0 ? MIN (n_elements / (double) shape.n_elements, 1) : 1;

  return TRUE;
}

static void
count (ReconHdf5Sources *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->found);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Source *source = value;

      if (source->is_virtual && source->reason == NULL && source->too_small == NULL)
        continue;
      self->n_sources++;
      self->n_missing += source->reason != NULL || source->too_small != NULL;
    }
}

/**
 * recon_hdf5_sources_find:
 * @dataset: a virtual dataset
 * @path: what the user calls it, for messages
 * @error: return location
 *
 * Opens every source, and those of sources that are virtual themselves. The lock is held.
 *
 * Returns: (transfer full): what was found and what is missing, or %NULL with #RECON_ERROR_READ where the dataset does
 *   not say what its sources are
 */
ReconHdf5Sources *
recon_hdf5_sources_find (hid_t        dataset,
                         const char  *path,
                         GError     **error)
{
  g_auto (Search) search = {
    .files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, file_free),
    .sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, source_free),
    .paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
  };
  g_autoptr (ReconHdf5Sources) self = g_new0 (ReconHdf5Sources, 1);
  GHashTableIter iter;
  gpointer key;

  self->gaps = g_array_new (FALSE, FALSE, sizeof (ReconHdf5Gap));
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->found = g_hash_table_ref (search.sources);

  if (!survey (&search, dataset, path, 0, self->gaps, &self->covered, error))
    return NULL;

  g_hash_table_iter_init (&iter, search.paths);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (self->files, g_strdup (key));
  count (self);

  return g_steal_pointer (&self);
}

void
recon_hdf5_sources_free (ReconHdf5Sources *self)
{
  g_array_unref (self->gaps);
  g_ptr_array_unref (self->files);
  g_hash_table_unref (self->found);
  g_free (self);
}

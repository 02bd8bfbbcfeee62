/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-datasets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/hdf5.h"

/* The datasets of a file to choose from. */

/* Of each number of dimensions. People do not read more. */
#define MAX_OF_RANK 100

/* Stacks of images in a dataset of four dimensions that are listed one by one. */
#define MAX_CHOICES 16

static void
dataset_free (gpointer data)
{
  ReconHdf5Dataset *dataset = data;

  g_free (dataset->path);
  g_free (dataset->refusal);
  g_free (dataset);
}

void
recon_hdf5_datasets_free (ReconHdf5Datasets *self)
{
  g_free (self->file);
  g_free (self->object);
  g_ptr_array_unref (self->datasets);
  g_free (self);
}

/* A link that leads nowhere is listed: what is searched may be what is missing. */
static gboolean
examine_link (hid_t             root,
              ReconHdf5Dataset *dataset)
{
  g_autofree char *target = recon_hdf5_link_target (root, dataset->path);

  if (target == NULL)
    return FALSE;

  dataset->refusal = g_strdup_printf (_ ("It links to %s, which is not there."), target);

  return TRUE;
}

/* Whether it may serve as anything. */
static gboolean
examine_dataset (hid_t             root,
                 ReconHdf5Dataset *dataset)
{
  g_auto (ReconHdf5Id) id = recon_hdf5_open_guarded (root, dataset->path, H5P_DEFAULT);
  g_autoptr (GError) error = NULL;

  if (id < 0 || !recon_hdf5_shape_get (id, &dataset->shape) || !dataset->shape.is_number || dataset->shape.rank < 1)
    return FALSE;

  if (!recon_hdf5_storage_check (id, dataset->path, &error) ||
      !recon_hdf5_sources_check_some (id, dataset->path, &error))
    dataset->refusal = g_utf8_make_valid (error->message, -1);
  else if (!g_utf8_validate (dataset->path, -1, NULL))
    dataset->refusal = g_strdup (_ ("Its name is not UTF-8. Rename it."));

  return TRUE;
}

static void
add (ReconHdf5Datasets *self,
     ReconHdf5Dataset  *dataset,
     guint             *n_of_rank)
{
  int rank = MIN (dataset->shape.rank, RECON_HDF5_N_RANKS - 1);

  if (n_of_rank[rank]++ < MAX_OF_RANK)
    {
      g_ptr_array_add (self->datasets, dataset);
      return;
    }

  self->n_left_out[rank]++;
  dataset_free (dataset);
}

/* A dataset with one dimension too many is as many stacks of images as that is long, where these are few. */
static void
add_choices (ReconHdf5Datasets *self,
             ReconHdf5Dataset  *dataset,
             guint             *n_of_rank)
{
  int axis = recon_hdf5_shape_find_choice (&dataset->shape);
  guint64 n = dataset->shape.dims[axis];

  if (dataset->shape.rank != 4 || n == 0 || n > MAX_CHOICES)
    {
      add (self, dataset, n_of_rank);
      return;
    }

  for (guint64 i = 0; i < n; i++)
    {
      ReconHdf5Dataset *choice = g_new0 (ReconHdf5Dataset, 1);
      g_autofree char *selection = recon_hdf5_shape_select (&dataset->shape, axis, i, &choice->shape);

      choice->path = g_strconcat (dataset->path, selection, NULL);
      choice->refusal = g_strdup (dataset->refusal);
      add (self, choice, n_of_rank);
    }
  dataset_free (dataset);
}

static void
examine_object (ReconHdf5Datasets     *self,
                hid_t                  root,
                const ReconHdf5Object *object,
                guint                 *n_of_rank)
{
  ReconHdf5Dataset *dataset;

  if (object->type != H5O_TYPE_DATASET && object->type != H5O_TYPE_UNKNOWN)
    return;

  dataset = g_new0 (ReconHdf5Dataset, 1);
  dataset->path = g_strdup (object->path);

  if (object->type == H5O_TYPE_DATASET ? !examine_dataset (root, dataset) : !examine_link (root, dataset))
    {
      dataset_free (dataset);
      return;
    }

  recon_hdf5_shape_squeeze (&dataset->shape);
  if (dataset->shape.rank > 3)
    add_choices (self, dataset, n_of_rank);
  else
    add (self, dataset, n_of_rank);
}

static void
examine_all (ReconHdf5Datasets *self,
             hid_t              root,
             gint64             end)
{
  g_autoptr (GPtrArray) objects = recon_hdf5_list_until (root, "/", end, &self->complete);
  guint n_of_rank[RECON_HDF5_N_RANKS] = { 0 };

  for (guint i = 0; i < objects->len; i++)
    {
      if (g_get_monotonic_time () >= end)
        {
          self->complete = FALSE;
          return;
        }
      examine_object (self, root, g_ptr_array_index (objects, i), n_of_rank);
    }
}

static gboolean
is_same (hid_t       root,
         const char *a,
         const char *b)
{
  g_autofree char *name_a = NULL;
  g_autofree char *name_b = NULL;
  g_autofree char *selection_a = NULL;
  g_autofree char *selection_b = NULL;

  if (g_str_equal (a, b))
    return TRUE;

  recon_hdf5_view_split_path (root, a, &name_a, &selection_a);
  recon_hdf5_view_split_path (root, b, &name_b, &selection_b);

  return g_strcmp0 (selection_a, selection_b) == 0 && recon_hdf5_is_same (root, name_a, name_b);
}

/* (nullable): the dataset that @frames are read from, by whatever name it is listed. */
static ReconHdf5Dataset *
find (ReconHdf5Datasets *self,
      hid_t              root,
      ReconFrames       *frames)
{
  const char *path = frames != NULL ? recon_reader_get_path (recon_frames_get_reader (frames)) : "";
  gsize length = strlen (self->file);

  if (strncmp (path, self->file, length) != 0 || path[length] != ':')
    return NULL;

  for (guint i = 0; i < self->datasets->len; i++)
    {
      ReconHdf5Dataset *dataset = g_ptr_array_index (self->datasets, i);

      if (is_same (root, dataset->path, path + length + 1))
        return dataset;
    }

  return NULL;
}

static void
mark_use (ReconHdf5Datasets *self,
          hid_t              root,
          ReconFrames       *frames,
          ReconHdf5Uses      use)
{
  ReconHdf5Dataset *dataset = find (self, root, frames);

  if (dataset != NULL)
    dataset->uses |= use;
}

/* Says what is taken for the path itself, and for the file without a dataset. */
static void
mark (ReconHdf5Datasets *self,
      hid_t              root,
      ReconContents     *contents)
{
  g_autoptr (ReconContents) own = NULL;
  ReconContents *whole = contents;
  ReconHdf5Dataset *chosen = contents != NULL ? find (self, root, contents->projections) : NULL;

  if (chosen != NULL)
    chosen->chosen = TRUE;

  if (!g_str_equal (self->object, "/"))
    whole = own = recon_contents_open (self->file, NULL);
  if (whole == NULL)
    return;

  self->layout = whole->layout;
  mark_use (self, root, whole->projections, RECON_HDF5_USE_PROJECTIONS);
  mark_use (self, root, whole->darks, RECON_HDF5_USE_DARKS);
  mark_use (self, root, whole->flats, RECON_HDF5_USE_FLATS);
  mark_use (self, root, whole->flats_after, RECON_HDF5_USE_FLATS_AFTER);
}

/**
 * recon_hdf5_datasets_list:
 * @path: a path as recon_contents_open() takes it
 * @contents: (nullable): what that says of @path; %NULL where it fails
 * @patience: µs after which the list ends with what there is by then
 *
 * Lists the datasets of numbers in an HDF5 file, all of it, whatever object of it @path names; single numbers are left
 * out. Of each number of dimensions so many are listed as one can look through.
 *
 * Returns: (transfer full) (nullable): the datasets, or %NULL where @path is no HDF5 file that can be opened
 */
ReconHdf5Datasets *
recon_hdf5_datasets_list (const char    *path,
                          ReconContents *contents,
                          gint64         patience)
{
  gint64 end = g_get_monotonic_time () + patience;
  g_autoptr (GRecMutexLocker) lock = NULL;
  g_auto (ReconHdf5Id) root = H5I_INVALID_HID;
  g_autoptr (ReconHdf5Datasets) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (ReconHdf5Datasets, 1);
  self->datasets = g_ptr_array_new_with_free_func (dataset_free);

  if (!recon_hdf5_split_path (path, &self->file, &self->object))
    {
      if (!recon_hdf5_is_file (path))
        return NULL;
      self->file = g_strdup (path);
      self->object = g_strdup ("/");
    }

  lock = recon_hdf5_lock ();
  root = recon_hdf5_file_open (self->file, NULL);
  if (root < 0)
    return NULL;

  examine_all (self, root, end);
  mark (self, root, contents);

  return g_steal_pointer (&self);
}

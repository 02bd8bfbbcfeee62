/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/slices.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "io/slice-names.h"

typedef struct
{
  guint       job;
  guint       slice;
  ReconImage *image;
} Entry;

struct _ReconSliceStore
{
  gatomicrefcount references;
  GMutex          mutex; /* guards what follows */
  GQueue          entries; /* oldest first; some hundreds */
  guint64         bytes;
  guint64         budget;
};

static gsize
entry_get_bytes (const Entry *entry)
{
  return g_bytes_get_size (recon_image_get_bytes (entry->image));
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  recon_image_unref (entry->image);
  g_free (entry);
}

ReconSliceStore *
recon_slice_store_new (void)
{
  ReconSliceStore *self = g_new0 (ReconSliceStore, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->entries);

  return self;
}

ReconSliceStore *
recon_slice_store_ref (ReconSliceStore *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}

void
recon_slice_store_unref (ReconSliceStore *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  g_queue_clear_full (&self->entries, entry_free);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
drop_link (ReconSliceStore *self,
           GList           *link)
{
  self->bytes -= entry_get_bytes (link->data);
  entry_free (link->data);
  g_queue_delete_link (&self->entries, link);
}

/**
 * recon_slice_store_set_budget:
 * @self: a store
 * @bytes: what all slices together may take; the block that was added last is kept in any case
 */
void
recon_slice_store_set_budget (ReconSliceStore *self,
                              guint64          bytes)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->budget = bytes;
}

/**
 * recon_slice_store_add:
 * @self: a store
 * @job: number of the job
 * @first: index of the first slice
 * @n: number of slices
 * @height: rows
 * @width: columns
 * @slices: n × height × width values, of which copies are kept
 */
void
recon_slice_store_add (ReconSliceStore *self,
                       guint            job,
                       guint            first,
                       guint            n,
                       guint            height,
                       guint            width,
                       const float     *slices)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GPtrArray) added = g_ptr_array_new ();
  gsize pixels = (gsize) height * width;
  guint64 budget;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (slices + i * pixels, pixels * sizeof (float));
      Entry *entry = g_new (Entry, 1);

      *entry = (Entry) { job, first + i, recon_image_new (width, height, bytes) };
      g_ptr_array_add (added, entry);
    }

  locker = g_mutex_locker_new (&self->mutex);
  budget = MAX (self->budget, n * pixels * sizeof (float));
  for (guint i = 0; i < added->len; i++)
    {
      self->bytes += entry_get_bytes (added->pdata[i]);
      g_queue_push_tail (&self->entries, added->pdata[i]);
    }
  while (self->bytes > budget)
    drop_link (self, self->entries.head);
}

/* Returns: (transfer full) (nullable): a slice of a job, or %NULL if it isn't kept */
ReconImage *
recon_slice_store_find (ReconSliceStore *self,
                        guint            job,
                        guint            slice)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (GList *link = self->entries.tail; link != NULL; link = link->prev)
    {
      const Entry *entry = link->data;

      if (entry->job == job && entry->slice == slice)
        return recon_image_ref (entry->image);
    }

  return NULL;
}

void
recon_slice_store_forget (ReconSliceStore *self,
                          guint            job)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (GList *link = self->entries.head, *next; link != NULL; link = next)
    {
      next = link->next;
      if (((const Entry *) link->data)->job == job)
        drop_link (self, link);
    }
}

/**
 * recon_frames_read_image:
 * @frames: images of a file
 * @index: which of them
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the image
 */
ReconImage *
recon_frames_read_image (ReconFrames  *frames,
                         guint         index,
                         GError      **error)
{
  ReconReader *reader = recon_frames_get_reader (frames);
  guint width = recon_reader_get_width (reader);
  guint height = recon_reader_get_height (reader);
  g_autoptr (GBytes) bytes = NULL;
  float *pixels = NULL;
  gsize size;

  if (index >= recon_frames_get_n (frames))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("%s has %u images, which count from 0: there is no image %u."), recon_reader_get_path (reader),
                   recon_frames_get_n (frames), index);
      return NULL;
    }

  if (g_size_checked_mul (&size, width, height) && g_size_checked_mul (&size, size, sizeof (float)))
    pixels = g_try_malloc (size);
  if (pixels == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                   _ ("An image of %s, %u × %u pixels, does not fit the memory."), recon_reader_get_path (reader),
                   width, height);
      return NULL;
    }

  bytes = g_bytes_new_take (pixels, size);
  if (!recon_reader_read (reader, recon_frames_get_index (frames)[index], 1, 0, height, pixels, NULL, error))
    return NULL;

  return recon_image_new (width, height, bytes);
}

static ReconImage *
read_path (const char  *path,
           guint        index,
           GError     **error)
{
  g_autoptr (ReconContents) contents = recon_contents_open (path, error);

  return contents != NULL ? recon_frames_read_image (contents->projections, index, error) : NULL;
}

/* Whether each slice is a file, which can be read as soon as it is written. */
gboolean
recon_slice_file_stands_alone (const ReconTomographyInfo *info)
{
  return info->format == RECON_OUTPUT_FORMAT_TIFF;
}

/* A file of a job that runs lies at its temporary place; while we look, it may move to the final one. Of a job that
 * is done only the latter counts: at the former there may be slices of another. */
static ReconImage *
read_of_series (const char                 *output,
                const ReconTomographyInfo  *info,
                guint                       index,
                gboolean                    done,
                GError                    **error)
{
  g_autoptr (ReconSeriesPaths) paths = recon_series_paths_new (output, error);
  g_autofree char *name = NULL;
  ReconImage *image = NULL;

  if (paths == NULL)
    return NULL;

  name = recon_slice_names_format (paths->names, info->numbers[index]);
  if (!done)
    {
      g_autofree char *path = g_build_filename (paths->partial, name, NULL);

      image = read_path (path, 0, NULL);
    }
  if (image == NULL)
    {
      g_autofree char *path = g_build_filename (paths->folder, name, NULL);

      image = read_path (path, 0, error);
    }

  return image;
}

/**
 * recon_slice_file_read:
 * @config: the job's configuration
 * @info: what it comes to
 * @index: of a slice that stands on disk
 * @done: whether the job is done; it must be if recon_slice_file_stands_alone() is false
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the slice as it stands in the file
 */
ReconImage *
recon_slice_file_read (ReconConfig                *config,
                       const ReconTomographyInfo  *info,
                       guint                       index,
                       gboolean                    done,
                       GError                    **error)
{
  const char *output = recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH);

  return recon_slice_file_stands_alone (info) ? read_of_series (output, info, index, done, error)
                                              : read_path (output, index, error);
}

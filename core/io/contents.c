/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/contents.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/printable.h"
#include "io/hdf5-layouts.h"
#include "io/hdf5.h"
#include "io/hdf5-reader.h"
#include "io/turned-reader.h"
#include "io/tiff-reader.h"

/* Entries of a list in a message. */
#define MAX_LISTED 12

/* Files that are named one by one. */
#define MAX_FILES 3

/* Dimensions of a dataset that may hold images with others. */
#define MAX_RANK 6

static ReconContents *
recon_contents_new (const char *path)
{
  ReconContents *self = g_new0 (ReconContents, 1);

  self->path = g_strdup (path);
  self->angle_scale = 1;
  self->pixel_size = NAN;
  self->notes = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
recon_contents_free (ReconContents *self)
{
  g_free (self->path);
  g_clear_pointer (&self->projections, recon_frames_free);
  g_clear_pointer (&self->darks, recon_frames_free);
  g_clear_pointer (&self->flats, recon_frames_free);
  g_clear_pointer (&self->flats_after, recon_frames_free);
  g_free (self->angles);
  g_clear_error (&self->angles_error);
  g_clear_error (&self->unit_error);
  g_clear_pointer (&self->gaps, recon_series_gaps_free);
  g_ptr_array_unref (self->notes);
  g_free (self);
}

/**
 * recon_contents_take_angles_error:
 * @self: contents that are being read
 * @error: (transfer full): why the file's angles cannot be used
 *
 * Leaves the contents without angles. The error is for who needs them: angles may come from elsewhere.
 */
void
recon_contents_take_angles_error (ReconContents *self,
                                  GError        *error)
{
  g_clear_pointer (&self->angles, g_free);
  self->n_angles = 0;
  g_clear_error (&self->angles_error);
  self->angles_error = error;
}

/**
 * recon_contents_note:
 * @self: contents that are being read
 * @format: a sentence
 *
 * Adds to what a user should know.
 */
void
recon_contents_note (ReconContents *self,
                     const char    *format,
                     ...)
{
  g_autofree char *note = NULL;
  va_list args;

  va_start (args, format);
  note = g_strdup_vprintf (format, args);
  va_end (args);

  /* Names in files can be any bytes. */
  g_ptr_array_add (self->notes, recon_printable_line (note));
}

/**
 * recon_contents_warn:
 * @self: contents that are being read
 * @format: a sentence that says what was guessed and how to say it better
 *
 * Adds to what a user should know before the result is trusted.
 */
void
recon_contents_warn (ReconContents *self,
                     const char    *format,
                     ...)
{
  g_autofree char *warning = NULL;
  va_list args;

  va_start (args, format);
  warning = g_strdup_vprintf (format, args);
  va_end (args);

  g_ptr_array_insert (self->notes, (int) self->n_warnings++, recon_printable_line (warning));
}

/* Numbers that are missing say something about projections and slices. Of darks and flats there may be any. */
static void
warn_gaps (ReconContents   *contents,
           ReconSeriesKind  wanted)
{
  const ReconSeriesGaps *gaps = contents->gaps;

  if (gaps == NULL || gaps->n_missing == 0 ||
      (wanted != RECON_SERIES_UNKNOWN && wanted != RECON_SERIES_PROJECTIONS))
    return;

  recon_contents_warn (contents,
                       ngettext ("%u image of the series %s (%s) is missing: number %s, of %u.",
                                 "%u images of the series %s (%s) are missing: numbers %s, of %u.", gaps->n_missing),
                       gaps->n_missing, gaps->pattern, contents->path, gaps->missing, gaps->n_places);
}

static gboolean
read_tiff (const char       *path,
           ReconSeriesKind   wanted,
           ReconContents    *contents,
           GError          **error)
{
  g_autoptr (ReconReader) reader = recon_tiff_reader_open (path, wanted, error);
  GPtrArray *warnings;

  if (reader == NULL)
    return FALSE;

  contents->projections = recon_frames_new_all (reader);
  if (recon_tiff_reader_is_series (RECON_TIFF_READER (reader)))
    contents->layout = "TIFF series";
  else if (recon_reader_get_n_frames (reader) > 1)
    contents->layout = "multi-page TIFF";
  else
    contents->layout = "TIFF";

  warnings = recon_tiff_reader_get_warnings (RECON_TIFF_READER (reader));
  for (guint i = 0; i < warnings->len; i++)
    recon_contents_warn (contents, "%s", (const char *) warnings->pdata[i]);
  contents->gaps = recon_tiff_reader_find_gaps (RECON_TIFF_READER (reader));
  warn_gaps (contents, wanted);

  return TRUE;
}

/* A file of no known layout is still clear where only one dataset can be meant. */
static gboolean
read_only_dataset (hid_t           root,
                   const char     *file,
                   const char     *group,
                   GPtrArray      *objects,
                   ReconContents  *contents,
                   GError        **error)
{
  g_autoptr (GPtrArray) stacks = recon_hdf5_find_datasets (root, objects, 3);
  g_autofree char *before = g_strconcat (file, ":", NULL);
  g_autofree char *where = g_str_equal (group, "/") ? g_strdup (file) : g_strconcat (file, ":", group, NULL);
  g_autofree char *text = NULL;

  if (stacks->len == 1)
    {
      const char *dataset = g_ptr_array_index (stacks, 0);

      recon_contents_note (contents, _ ("%s is neither DXchange nor NXtomo; its only stack of images, %s, is taken."),
                           where, dataset);
      return recon_nxtomo_read_dataset (root, file, dataset, contents, error);
    }

  if (stacks->len > 1)
    {
      g_autofree char *signal = recon_hdf5_find_default (root, group);

      if (signal != NULL && g_ptr_array_find_with_equal_func (stacks, signal, g_str_equal, NULL))
        {
          recon_contents_warn (contents, _ ("%s is neither DXchange nor NXtomo and holds %u stacks of images; its "
                                            "default, %s, is taken."),
                               where, stacks->len, signal);
          return recon_nxtomo_read_dataset (root, file, signal, contents, error);
        }

      text = recon_hdf5_describe_paths (root, before, stacks);
      return recon_fail (error, RECON_ERROR_INPUT,
                         _ ("%s is neither DXchange nor NXtomo and holds several stacks of images. Choose one: %s."),
                         where, text);
    }

  /* One that needs a choice says which. */
  for (int rank = 4; rank <= MAX_RANK; rank++)
    {
      g_autoptr (GPtrArray) larger = recon_hdf5_find_datasets (root, objects, rank);

      if (larger->len == 1)
        return recon_nxtomo_read_dataset (root, file, g_ptr_array_index (larger, 0), contents, error);
      if (larger->len > 1)
        {
          text = recon_hdf5_describe_paths (root, before, larger);
          return recon_fail (error, RECON_ERROR_INPUT,
                             _ ("%s holds several datasets with more dimensions than images have. Choose one, and an "
                                "index on the axis that is neither frames, rows nor columns, such as "
                                "FILE:/DATASET[:,0]: %s."),
                             where, text);
        }
    }

  text = recon_hdf5_describe_datasets (root, group);
  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s holds no images (numbers in 3 dimensions: frames, rows, columns). %s"), where, text);
}

/* Which scan is meant may have been a guess, so that this is a warning. */
static void
note_other_entries (const char    *file,
                    const char    *entry,
                    gboolean       is_default,
                    GPtrArray     *others,
                    ReconContents *contents)
{
  g_autoptr (GString) list = g_string_new (NULL);

  if (others->len == 0)
    return;

  for (guint i = 0; i < others->len && i < MAX_LISTED; i++)
    g_string_append_printf (list, "%s%s:%s", i > 0 ? ", " : "", file, (const char *) g_ptr_array_index (others, i));
  if (others->len > MAX_LISTED)
    g_string_append (list, ", …");

  recon_contents_warn (contents,
                       is_default ? _ ("%s is taken, the default of the %u scans in the file. For another, give its "
                                       "path: %s.")
                                  : _ ("%s is taken, the first of %u scans in the file. For another, give its path: "
                                       "%s."),
                       entry, others->len + 1, list->str);
}

static gboolean
read_group (hid_t           root,
            const char     *file,
            const char     *group,
            ReconContents  *contents,
            GError        **error)
{
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *entry = NULL;
  g_autofree char *parent = NULL;
  gboolean is_default = FALSE;

  if (recon_dxchange_is_in (root, group))
    return recon_dxchange_read (root, file, group, contents, error);

  /* The group that the format prescribes means the scan, too. */
  parent = g_path_get_dirname (group);
  if (g_str_has_suffix (group, "/exchange") && recon_dxchange_is_in (root, parent))
    return recon_dxchange_read (root, file, parent, contents, error);

  objects = recon_hdf5_list (root, group);
  entry = recon_nxtomo_find (root, group, objects, others, &is_default);
  if (entry == NULL)
    return read_only_dataset (root, file, group, objects, contents, error);

  note_other_entries (file, entry, is_default, others, contents);

  return recon_nxtomo_read (root, file, entry, contents, error);
}

/* A scan that was stopped early has its full size, and zeros at the end. */
static void
note_unwritten (hid_t          root,
                const char    *file,
                ReconContents *contents)
{
  const char *path = recon_reader_get_path (recon_frames_get_reader (contents->projections));
  g_autofree char *dataset = NULL;
  g_autofree char *selection = NULL;
  g_auto (ReconHdf5Id) id = H5I_INVALID_HID;
  guint64 n_chunks, n_unwritten;

  recon_hdf5_view_split_path (root, path + strlen (file) + 1, &dataset, &selection);
  id = recon_hdf5_open_guarded (root, dataset, H5P_DEFAULT);
  n_unwritten = id < 0 ? 0 : recon_hdf5_count_unwritten (id, &n_chunks);
  if (n_unwritten > 0)
    recon_contents_note (contents, _ ("%" G_GUINT64_FORMAT " of the %" G_GUINT64_FORMAT " chunks of %s were never "
                                      "written and read as zeros; was the scan stopped early?"),
                         n_unwritten, n_chunks, dataset);
}

/* A source that is missing matters only where its images are used. */
static void
warn_missing (ReconContents *contents)
{
  ReconFrames *all[] = { contents->projections, contents->darks, contents->flats, contents->flats_after };
  ReconReader *last = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      ReconReader *reader = all[i] != NULL ? recon_frames_get_reader (all[i]) : NULL;
      g_autofree char *missing = NULL;

      /* The frames of one dataset may be of all kinds. */
      if (reader == NULL || reader == last)
        continue;

      last = reader;
      if (RECON_IS_SWAPPED_READER (reader))
        reader = recon_swapped_reader_get_inner (RECON_SWAPPED_READER (reader));
      if (RECON_IS_HDF5_READER (reader))
        missing = recon_hdf5_reader_describe_missing (RECON_HDF5_READER (reader));
      if (missing != NULL)
        recon_contents_warn (contents, "%s", missing);
    }
}

/* What a file points at is read as if it were in it: whoever runs this should know what that is. */
static void
note_other_files (const char    *file,
                  ReconContents *contents)
{
  ReconFrames *all[] = { contents->projections, contents->darks, contents->flats, contents->flats_after };
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) list = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i] != NULL)
      recon_reader_list_files (recon_frames_get_reader (all[i]), files);

  g_hash_table_add (seen, g_canonicalize_filename (file, NULL));
  for (guint i = 0; i < files->len; i++)
    {
      char *path = g_canonicalize_filename (g_ptr_array_index (files, i), NULL);

      if (g_hash_table_add (seen, path) && n++ < MAX_FILES)
        g_string_append_printf (list, "%s%s", n > 1 ? ", " : "", (const char *) g_ptr_array_index (files, i));
    }

  if (n > MAX_FILES)
    g_string_append_printf (list, _ (" and %u more"), n - MAX_FILES);
  if (n > 0)
    recon_contents_note (contents, ngettext ("Images are read from another file that %s points to: %s.",
                                             "Images are read from other files that %s points to: %s.", n),
                         file, list->str);
}

static gboolean
read_hdf5 (const char     *file,
           const char     *object,
           ReconContents  *contents,
           GError        **error)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = recon_hdf5_file_open (file, error);
  gboolean done;

  if (root < 0)
    return FALSE;

  if (recon_hdf5_get_type (root, object) == H5O_TYPE_GROUP)
    done = read_group (root, file, object, contents, error);
  else
    done = recon_nxtomo_read_dataset (root, file, object, contents, error);

  if (done)
    {
      note_unwritten (root, file, contents);
      warn_missing (contents);
      note_other_files (file, contents);
    }

  return done;
}

/* Why @path is nothing that can be read. */
static void
set_unknown_error (const char  *path,
                   GError     **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("%s is neither TIFF nor HDF5. Choose a folder, pattern or file of TIFF images, or an HDF5 file."),
                 path);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("%s does not exist. Choose a folder, pattern or file of TIFF images, or an HDF5 file[:/dataset]."),
                 path);
}

/**
 * recon_contents_open:
 * @path: as of recon_contents_open_as()
 * @error: return location
 *
 * Finds out what a path holds, of whatever it is wanted for.
 *
 * Returns: (transfer full): as recon_contents_open_as()
 */
ReconContents *
recon_contents_open (const char  *path,
                     GError     **error)
{
  return recon_contents_open_as (path, RECON_SERIES_UNKNOWN, error);
}

/**
 * recon_contents_open_as:
 * @path: a folder, glob or printf pattern of TIFF files, a TIFF file, an HDF5 file, or an HDF5 file:/path
 * @wanted: what the images are wanted for, where a folder has several series of them
 * @error: return location
 *
 * Finds out what a path holds. A path to an HDF5 dataset is that dataset and nothing else; a path to a group in an
 * HDF5 file, or the file alone, is looked through for a DXchange or NXtomo scan, whatever its name, else for a single
 * stack of images.
 *
 * Returns: (transfer full): the contents, or %NULL with #RECON_ERROR_INPUT where there is nothing of that name, it
 *   is of no known kind, it is ambiguous (the message lists what to choose from), or its pieces do not fit;
 *   #RECON_ERROR_READ where it is damaged
 */
ReconContents *
recon_contents_open_as (const char       *path,
                        ReconSeriesKind   wanted,
                        GError          **error)
{
  g_autoptr (ReconContents) self = NULL;
  g_autofree char *file = NULL;
  g_autofree char *object = NULL;
  GError *local_error = NULL;
  char *message;
  gboolean done;

  g_return_val_if_fail (path != NULL, NULL);

  self = recon_contents_new (path);

  if (recon_hdf5_split_path (path, &file, &object))
    done = read_hdf5 (file, object, self, &local_error);
  else if (recon_hdf5_is_file (path))
    done = read_hdf5 (path, "/", self, &local_error);
  else if (recon_tiff_reader_can_open (path) || g_file_test (path, G_FILE_TEST_IS_DIR))
    done = read_tiff (path, wanted, self, &local_error);
  else
    {
      set_unknown_error (path, &local_error);
      done = FALSE;
    }

  if (done)
    return g_steal_pointer (&self);

  /* Names in files can be any bytes, but messages are shown. */
  message = recon_printable_line (local_error->message);
  g_free (local_error->message);
  local_error->message = message;
  g_propagate_error (error, local_error);

  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/nxtomo.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "error.h"
#include "io/contents-angles.h"
#include "io/hdf5-guard.h"
#include "io/hdf5-list.h"
#include "io/hdf5-reader.h"
#include "io/hdf5-type.h"
#include "io/hdf5-values.h"
#include "io/nxtomo-frames.h"

/* NXtomo, the application definition of NeXus for raw tomography data:
 * https://manual.nexusformat.org/classes/applications/NXtomo.html
 *
 * All frames are in one dataset; image_key says what each is. Facilities put the pieces in somewhat different places,
 * and often as links, so that each is looked for by name in several. */

/* Groups this deep are looked at for an entry. */
#define MAX_DEPTH 4

static const char *const data_places[] = {
  "instrument/detector/data",
  "data/data",
  NULL,
};
static const char *const key_places[] = {
  "instrument/detector/image_key", "data/image_key", "instrument/image_key/image_key", "image_key", NULL,
};
static const char *const control_places[] = {
  "instrument/detector/image_key_control", "data/image_key_control", NULL,
};
static const char *const angle_places[] = {
  "sample/rotation_angle",
  "data/rotation_angle",
  "sample/transformations/rotation_angle",
  "rotation_angle",
  NULL,
};

static char *
join (const char *group,
      const char *name)
{
  return g_strconcat (g_str_equal (group, "/") ? "" : group, "/", name, NULL);
}

/* The first of the places below @entry where something is, also a link that leads nowhere, so that it is named. */
static char *
find_place (hid_t              root,
            const char        *entry,
            const char *const *places)
{
  for (guint i = 0; places[i] != NULL; i++)
    {
      g_autofree char *path = join (entry, places[i]);

      if (recon_hdf5_link_exists (root, path) && recon_hdf5_get_type (root, path) != H5O_TYPE_GROUP)
        return g_steal_pointer (&path);
    }

  return NULL;
}

static gboolean
has_rank (hid_t       root,
          const char *path,
          int         rank)
{
  g_auto (ReconHdf5Id) dataset = recon_hdf5_open_guarded (root, path, H5P_DEFAULT);
  ReconHdf5Shape shape;

  return dataset >= 0 && recon_hdf5_shape_get (dataset, &shape) && shape.rank == rank && shape.is_number;
}

static gboolean
has_text (const char *text,
          const char *expected)
{
  return text != NULL && g_ascii_strcasecmp (text, expected) == 0;
}

/* Whether the group says that it is one. */
static gboolean
is_defined_in (hid_t       root,
               const char *group)
{
  g_autofree char *nx_class = recon_hdf5_read_attribute (root, group, "NX_class");
  g_autofree char *path = join (group, "definition");
  g_autofree char *definition = NULL;

  if (has_text (nx_class, "NXtomo"))
    return TRUE;
  if (!recon_hdf5_link_exists (root, path))
    return FALSE;

  definition = recon_hdf5_read_string (root, path);

  return has_text (definition, "NXtomo");
}

/* Whether the group is a detector whose frames have keys: its entry then is two groups up. */
static gboolean
is_keyed_detector (hid_t       root,
                   const char *group)
{
  g_autofree char *data = join (group, "data");
  g_autofree char *key = join (group, "image_key");

  return recon_hdf5_link_exists (root, key) && recon_hdf5_link_exists (root, data) && has_rank (root, data, 3);
}

static char *
get_entry_of_detector (const char *detector)
{
  g_autofree char *instrument = g_path_get_dirname (detector);

  return g_path_get_dirname (instrument);
}

static gboolean
has_data (hid_t       root,
          const char *entry)
{
  g_autofree char *data = find_place (root, entry, data_places);

  return data != NULL;
}

static void
add_entry (GPtrArray *entries,
           char      *entry)
{
  if (g_ptr_array_find_with_equal_func (entries, entry, g_str_equal, NULL))
    g_free (entry);
  else
    g_ptr_array_add (entries, entry);
}

/* The attribute "default" of NeXus names a child of the group, which may be the entry or hold it. */
static gboolean
is_below (const char *entry,
          const char *group,
          const char *name)
{
  g_autofree char *path = *name == '/' ? g_strdup (name) : join (group, name);
  gsize length = strlen (path);

  return *name != '\0' && g_str_has_prefix (entry, path) && (entry[length] == '\0' || entry[length] == '/');
}

static guint
choose_entry (hid_t       root,
              const char *group,
              GPtrArray  *entries,
              gboolean   *is_default)
{
  g_autofree char *name = recon_hdf5_read_attribute (root, group, "default");
  guint first = entries->len;

  *is_default = FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      const char *entry = g_ptr_array_index (entries, i);

      if (!has_data (root, entry))
        continue;
      *is_default = name != NULL && is_below (entry, group, name);
      if (*is_default)
        return i;
      first = MIN (first, i);
    }

  return first < entries->len ? first : 0;
}

/**
 * recon_nxtomo_find:
 * @root: the file
 * @group: path of the group to look in, mostly "/"
 * @objects: recon_hdf5_list() of @group
 * @others: (element-type utf8): gets the paths of the entries that are not chosen
 * @is_default: (out): whether the file says which of several is meant
 *
 * Looks for an NXtomo scan: a group of that class or definition, else a detector whose frames have image keys. The
 * lock is held.
 *
 * Returns: (transfer full) (nullable): path of the entry that @group names as its default, else of the first, of those
 *   with data if there are such; %NULL if there is none
 */
char *
recon_nxtomo_find (hid_t       root,
                   const char *group,
                   GPtrArray  *objects,
                   GPtrArray  *others,
                   gboolean   *is_default)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
  guint chosen;

  if (is_defined_in (root, group))
    add_entry (entries, g_strdup (group));

  for (guint i = 0; i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);

      if (object->type == H5O_TYPE_GROUP && object->depth <= MAX_DEPTH && is_defined_in (root, object->path))
        add_entry (entries, g_strdup (object->path));
    }

  for (guint i = 0; entries->len == 0 && i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);

      if (object->type == H5O_TYPE_GROUP && object->depth <= MAX_DEPTH && is_keyed_detector (root, object->path))
        {
          add_entry (entries, get_entry_of_detector (object->path));
          break;
        }
    }

  if (entries->len == 0)
    return NULL;

  chosen = choose_entry (root, group, entries, is_default);
  for (guint i = 0; i < entries->len; i++)
    if (i != chosen)
      g_ptr_array_add (others, g_strdup (g_ptr_array_index (entries, i)));

  return g_strdup (g_ptr_array_index (entries, chosen));
}

/* A list with a number for each frame, where there is one. */
static gboolean
read_list (hid_t              root,
           const char        *file,
           const char        *entry,
           const char *const *places,
           guint              n_frames,
           double           **list,
           char             **path,
           GError           **error)
{
  gsize n;

  *path = find_place (root, entry, places);
  if (*path == NULL)
    return TRUE;

  *list = recon_hdf5_read_numbers (root, file, *path, &n, error);
  if (*list == NULL)
    return FALSE;

  if (n != n_frames)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("%s:%s has %" G_GSIZE_FORMAT " values, but there are %u frames. Each frame needs one; choose the "
                      "frames' dataset by itself, with darks, flats and angles of their own."),
                   file, *path, n, n_frames);
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_angles (hid_t           root,
             const char     *file,
             const char     *entry,
             guint           n_frames,
             ReconContents  *contents,
             GError        **error)
{
  g_autofree double *all = NULL;
  g_autofree char *path = NULL;
  const guint *index = recon_frames_get_index (contents->projections);
  guint n = recon_frames_get_n (contents->projections);

  if (!read_list (root, file, entry, angle_places, n_frames, &all, &path, error))
    return FALSE;
  if (all == NULL)
    {
      recon_contents_note (contents, _ ("There is no rotation_angle in %s: the file says nothing about the angles."),
                           entry);
      return TRUE;
    }

  contents->angles = g_new (double, n);
  contents->n_angles = n;

  for (guint i = 0; i < n; i++)
    {
      double angle = all[index[i]];

      if (!isfinite (angle))
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                       _ ("%s:%s: the angle of frame %u (counted from 0), a projection, is not finite. Give the angles "
                          "in a file of their own."),
                       file, path, index[i]);
          return FALSE;
        }
      contents->angles[i] = angle;
    }
  recon_contents_convert_angles (contents, root, path, contents->angles, n);

  return TRUE;
}

/* Only what is certainly a size at the sample: x_pixel_size of the sample; else that of the detector, which files
 * without a magnification mean so. With one, writers do not agree on whether it is applied. */
static void
read_pixel_size (hid_t          root,
                 const char    *entry,
                 ReconContents *contents)
{
  g_autofree char *at_sample = join (entry, "sample/x_pixel_size");
  g_autofree char *on_detector = join (entry, "instrument/detector/x_pixel_size");
  g_autofree char *optics = join (entry, "instrument/detector/magnification");
  double magnification = recon_hdf5_read_number (root, optics);
  double size = recon_hdf5_get_length_um (root, on_detector, 1e6);

  contents->pixel_size = recon_hdf5_get_length_um (root, at_sample, 1e6);
  if (!isnan (contents->pixel_size) || isnan (size))
    return;

  if (isnan (magnification) || magnification == 1)
    contents->pixel_size = size;
  else
    recon_contents_note (contents, _ ("The pixel size at the sample is not known: the file has x_pixel_size %g µm and "
                                      "magnification %g, but not whether the one includes the other."),
                         size, magnification);
}

/**
 * recon_nxtomo_read:
 * @root: the file
 * @file: its path
 * @entry: path of the entry, from recon_nxtomo_find()
 * @contents: to fill
 * @error: return location
 *
 * Reads what an NXtomo entry holds. The lock is held.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where the pieces do not fit or are missing, or a reader's error
 */
gboolean
recon_nxtomo_read (hid_t           root,
                   const char     *file,
                   const char     *entry,
                   ReconContents  *contents,
                   GError        **error)
{
  g_autofree char *data = find_place (root, entry, data_places);
  g_autofree char *key_path = NULL;
  g_autofree char *control_path = NULL;
  g_autofree double *keys = NULL;
  g_autofree double *control = NULL;
  g_autoptr (ReconReader) reader = NULL;
  g_autoptr (GError) angles_error = NULL;
  guint n;

  /* Nothing anywhere: the error says what is missing at the standard place. */
  if (data == NULL)
    data = join (entry, data_places[0]);

  reader = recon_hdf5_reader_open (file, data, error);
  if (reader == NULL)
    return FALSE;

  n = recon_reader_get_n_frames (reader);
  if (!read_list (root, file, entry, key_places, n, &keys, &key_path, error) ||
      !read_list (root, file, entry, control_places, n, &control, &control_path, error))
    return FALSE;

  if (!recon_nxtomo_sort_frames (reader, keys, control, contents, error))
    return FALSE;

  if (!read_angles (root, file, entry, n, contents, &angles_error))
    recon_contents_take_angles_error (contents, g_steal_pointer (&angles_error));
  read_pixel_size (root, entry, contents);
  contents->layout = "NXtomo";

  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-layouts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"
#include "io/hdf5.h"

/* Which dataset of an entry holds the frames. A detector is a group of that class, whatever its name, or one with image
 * keys. There may be others beside it: a camera that looks at the sample, a link to a file that was never copied. */

/* A group that may be the detector. */
typedef struct
{
  char     *group;
  char     *data;   /* (nullable): path of its frames */
  char     *reason; /* (nullable): why it cannot be */
  gboolean  has_keys;
} Detector;

static void
detector_free (gpointer data)
{
  Detector *self = data;

  g_free (self->group);
  g_free (self->data);
  g_free (self->reason);
  g_free (self);
}

/* Why a dataset holds no stack of images, or %NULL. */
static char *
refuse_data (hid_t       root,
             const char *path)
{
  g_auto (ReconHdf5Id) dataset = recon_hdf5_open_guarded (root, path, H5P_DEFAULT);
  g_autofree char *text = dataset < 0 ? recon_hdf5_error_text () : NULL;
  g_autofree char *target = dataset < 0 ? recon_hdf5_link_target (root, path) : NULL;
  ReconHdf5Shape shape;

  if (target != NULL)
    return g_strdup_printf (_ ("%s links to %s, which cannot be opened: %s"), path, target, text);
  if (dataset < 0 || !recon_hdf5_shape_get (dataset, &shape))
    return g_strdup_printf (_ ("%s cannot be opened: %s"), path, text != NULL ? text : _ ("damaged"));
  if (shape.is_number && recon_hdf5_shape_count_axes (&shape) >= 3)
    return NULL;

  text = recon_hdf5_shape_describe (dataset);

  return g_strdup_printf (_ ("%s holds no frames (%s)"), path, text);
}

static gboolean
has_keys (hid_t       root,
          const char *group)
{
  g_autofree char *key = recon_hdf5_join (group, "image_key");

  return recon_hdf5_is_no_group (root, key);
}

/* Its only stack of images, where it doesn't say which one counts. */
static char *
find_only_stack (hid_t       root,
                 const char *group)
{
  g_autoptr (GPtrArray) objects = recon_hdf5_list (root, group);
  g_autoptr (GPtrArray) stacks = recon_hdf5_find_datasets (root, objects, 3);

  return stacks->len == 1 ? g_strdup (g_ptr_array_index (stacks, 0)) : NULL;
}

static void
add_detector (GPtrArray  *detectors,
              hid_t       root,
              const char *group)
{
  Detector *detector = g_new0 (Detector, 1);

  detector->group = g_strdup (group);
  detector->data = recon_hdf5_find_signal (root, group);
  if (detector->data == NULL)
    detector->data = find_only_stack (root, group);
  detector->has_keys = has_keys (root, group);
  if (detector->data == NULL)
    detector->reason = g_strdup_printf (_ ("%s has no data"), group);
  else
    detector->reason = refuse_data (root, detector->data);
  g_ptr_array_add (detectors, detector);
}

/* Whether a link that leads nowhere is where a detector should be. */
static gboolean
is_lost_detector (hid_t                  root,
                  const ReconHdf5Object *object)
{
  g_autofree char *parent = g_path_get_dirname (object->path);

  return object->type == H5O_TYPE_UNKNOWN && (g_str_has_suffix (parent, "/instrument") ||
                                              recon_hdf5_has_class (root, parent, "NXinstrument"));
}

static void
add_lost_detector (GPtrArray  *detectors,
                   hid_t       root,
                   const char *group)
{
  Detector *detector = g_new0 (Detector, 1);

  detector->group = g_strdup (group);
  detector->data = recon_hdf5_join (group, "data");
  detector->reason = refuse_data (root, group);
  g_ptr_array_add (detectors, detector);
}

/* Detectors by class or keys, and the group that is called so. */
static GPtrArray *
list_detectors (hid_t       root,
                const char *entry)
{
  GPtrArray *detectors = g_ptr_array_new_with_free_func (detector_free);
  g_autoptr (GPtrArray) objects = recon_hdf5_list (root, entry);
  g_autofree char *standard = recon_hdf5_join (entry, "instrument/detector");
  gboolean has_standard = FALSE;

  for (guint i = 0; i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);
      gboolean is_standard = g_str_equal (object->path, standard);

      if (object->type == H5O_TYPE_GROUP && (is_standard || recon_hdf5_has_class (root, object->path, "NXdetector") ||
                                             (has_keys (root, object->path) &&
                                              !recon_hdf5_has_class (root, object->path, "NXdata"))))
        {
          add_detector (detectors, root, object->path);
          has_standard = has_standard || is_standard;
        }
      else if (is_lost_detector (root, object))
        {
          add_lost_detector (detectors, root, object->path);
          has_standard = has_standard || is_standard;
        }
    }

  /* A link to a group that is listed by another name. */
  if (!has_standard && recon_hdf5_link_exists (root, standard) && detectors->len == 0)
    add_detector (detectors, root, standard);

  return detectors;
}

/* The dataset that the entry is about, if it says so: by its default, else by its only NXdata that has frames. */
static char *
find_signal (hid_t       root,
             const char *entry)
{
  g_autoptr (GPtrArray) objects = recon_hdf5_list (root, entry);
  g_autofree char *signal = recon_hdf5_find_default (root, entry);
  g_autofree char *usual = recon_hdf5_join (entry, "data/data");
  guint n = 0;

  if (signal != NULL)
    return g_steal_pointer (&signal);
  if (recon_hdf5_is_no_group (root, usual))
    return g_steal_pointer (&usual);

  for (guint i = 0; i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);
      g_autofree char *candidate = NULL;
      g_autofree char *reason = NULL;

      if (object->type != H5O_TYPE_GROUP || !recon_hdf5_has_class (root, object->path, "NXdata"))
        continue;
      candidate = recon_hdf5_find_signal (root, object->path);
      reason = candidate != NULL ? refuse_data (root, candidate) : NULL;
      if (candidate == NULL || reason != NULL || n++ > 0)
        continue;
      g_free (signal);
      signal = g_steal_pointer (&candidate);
    }

  return n == 1 ? g_steal_pointer (&signal) : NULL;
}

/* Detectors with frames; with @keyed, only those that have keys too. */
static GPtrArray *
choose_good (GPtrArray *detectors,
             gboolean   keyed)
{
  GPtrArray *good = g_ptr_array_new ();

  for (guint i = 0; i < detectors->len; i++)
    {
      Detector *detector = g_ptr_array_index (detectors, i);

      if (detector->reason == NULL && (detector->has_keys || !keyed))
        g_ptr_array_add (good, detector);
    }

  return good;
}

static void
note_others (const Detector *chosen,
             GPtrArray      *detectors,
             ReconContents  *contents)
{
  for (guint i = 0; i < detectors->len; i++)
    {
      const Detector *detector = g_ptr_array_index (detectors, i);

      if (detector == chosen)
        continue;
      if (detector->reason != NULL)
        recon_contents_note (contents, _ ("The detector %s is passed over: %s."), detector->group, detector->reason);
      else
        recon_contents_note (contents, _ ("The detector %s is passed over for %s."), detector->group, chosen->group);
    }
}

static gpointer
set_ambiguous (const char  *file,
               GPtrArray   *good,
               GError     **error)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < good->len; i++)
    g_string_append_printf (list, "%s%s:%s", i > 0 ? ", " : "", file,
                            ((const Detector *) g_ptr_array_index (good, i))->data);
  return recon_fail_null (error, RECON_ERROR_INPUT, _ ("%s has several detectors with frames. Choose one: %s."), file,
                          list->str);
}

/* One of several, if the entry says which. */
static const Detector *
choose_by_signal (hid_t       root,
                  GPtrArray  *good,
                  const char *signal)
{
  for (guint i = 0; signal != NULL && i < good->len; i++)
    {
      const Detector *detector = g_ptr_array_index (good, i);

      if (recon_hdf5_is_same (root, detector->data, signal))
        return detector;
    }

  return NULL;
}

/* Without a detector that serves. */
static char *
find_other (hid_t           root,
            const char     *file,
            const char     *entry,
            const char     *signal,
            GPtrArray      *detectors,
            ReconContents  *contents,
            GError        **error)
{
  g_autofree char *reason = signal != NULL ? refuse_data (root, signal) : NULL;
  const Detector *first = detectors->len > 0 ? g_ptr_array_index (detectors, 0) : NULL;
  char *only;

  if (signal != NULL && reason == NULL)
    {
      for (guint i = 0; i < detectors->len; i++)
        recon_contents_note (contents, _ ("The detector %s is passed over: %s."),
                             ((const Detector *) g_ptr_array_index (detectors, i))->group,
                             ((const Detector *) g_ptr_array_index (detectors, i))->reason);
      return g_strdup (signal);
    }

  only = find_only_stack (root, entry);
  if (only != NULL)
    {
      recon_contents_warn (contents, _ ("%s has no detector with frames (NXdetector); its only stack of images, %s, is "
                                        "taken."),
                           entry, only);
      return only;
    }

  /* Opening it says what is wrong. */
  if (first != NULL)
    return first->data != NULL ? g_strdup (first->data) : recon_hdf5_join (first->group, "data");
  if (signal != NULL)
    return g_strdup (signal);

  return recon_fail_null (error, RECON_ERROR_INPUT,
                          _ ("%s in %s says that it is a tomography scan (NXtomo), but no group in it is a detector "
                             "(NXdetector, or image_key beside data), and there is no single stack of images. Name the "
                             "dataset of the frames: %s:/PATH/OF/DATASET."),
                          entry, file, file);
}

/**
 * recon_nxtomo_has_frames:
 * @root: the file
 * @entry: path of an entry
 *
 * The lock is held.
 *
 * Returns: whether it has frames, or a link that should lead to some
 */
gboolean
recon_nxtomo_has_frames (hid_t       root,
                         const char *entry)
{
  g_autoptr (GPtrArray) detectors = list_detectors (root, entry);
  g_autofree char *signal = NULL;

  for (guint i = 0; i < detectors->len; i++)
    if (((const Detector *) g_ptr_array_index (detectors, i))->data != NULL)
      return TRUE;

  signal = find_signal (root, entry);

  return signal != NULL;
}

/**
 * recon_nxtomo_find_frames:
 * @root: the file
 * @file: its path
 * @entry: path of an entry
 * @contents: gets notes of what is passed over
 * @error: return location
 *
 * Finds the frames of a scan: those of the detector that has image keys too, else of the only detector; of several, of
 * that which the entry's NXdata shows. The lock is held.
 *
 * Returns: (transfer full): path of a dataset, which need not be one of images; or %NULL with #RECON_ERROR_INPUT where
 *   there is nothing, or the user has to choose
 */
char *
recon_nxtomo_find_frames (hid_t           root,
                          const char     *file,
                          const char     *entry,
                          ReconContents  *contents,
                          GError        **error)
{
  g_autoptr (GPtrArray) detectors = list_detectors (root, entry);
  g_autoptr (GPtrArray) good = choose_good (detectors, TRUE);
  g_autofree char *signal = find_signal (root, entry);
  const Detector *chosen;

  if (good->len == 0)
    {
      g_ptr_array_unref (good);
      good = choose_good (detectors, FALSE);
    }
  if (good->len == 0)
    return find_other (root, file, entry, signal, detectors, contents, error);

  chosen = good->len == 1 ? g_ptr_array_index (good, 0) : choose_by_signal (root, good, signal);
  if (chosen == NULL)
    return set_ambiguous (file, good, error);

  note_others (chosen, detectors, contents);

  return g_strdup (chosen->data);
}

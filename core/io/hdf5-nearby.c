/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-layouts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/angles.h"
#include "io/hdf5.h"

/* Names of NeXus: https://manual.nexusformat.org. Groups say what they are by the attribute NX_class, and have any
 * name. What is looked for comes from where it should be to where it may be:
 *
 *   angles    rotation_angle of an NXsample; beside the frames; the first of the axes of an NXdata with the frames;
 *             an NXtransformations that rotates; last, whatever in the entry has such a name
 *   image keys beside the frames; in the entry
 */

/* Defaults of defaults; more are a circle. */
#define MAX_DEPTH 8

/* Names of angles beside frames. */
static const char *const angle_names[] = {
  "rotation_angle", "theta", "angles", "angle", "rotation", "rotation_angles",
};

char *
recon_hdf5_join (const char *group,
                 const char *name)
{
  return g_strconcat (g_str_equal (group, "/") ? "" : group, "/", name, NULL);
}

/**
 * recon_hdf5_has_class:
 * @root: the file
 * @group: path of a group
 * @nx_class: a class of NeXus
 *
 * Returns: whether @group says that it is one
 */
gboolean
recon_hdf5_has_class (hid_t       root,
                      const char *group,
                      const char *nx_class)
{
  g_autofree char *text = recon_hdf5_read_attribute (root, group, "NX_class");

  return text != NULL && g_ascii_strcasecmp (text, nx_class) == 0;
}

/**
 * recon_hdf5_is_no_group:
 * @root: the file
 * @path: a path
 *
 * Returns: whether there is a dataset, or a link that leads nowhere, so that a message can name it
 */
gboolean
recon_hdf5_is_no_group (hid_t       root,
                        const char *path)
{
  return recon_hdf5_link_exists (root, path) && recon_hdf5_get_type (root, path) != H5O_TYPE_GROUP;
}

/**
 * recon_hdf5_find_signal:
 * @root: the file
 * @group: an NXdata or NXdetector
 *
 * Returns: (transfer full) (nullable): path of the dataset that the group is about: that its attribute "signal" names,
 *   or that has such an attribute itself, as older files do, or "data"; also a link that leads nowhere
 */
char *
recon_hdf5_find_signal (hid_t       root,
                        const char *group)
{
  g_autofree char *name = recon_hdf5_read_attribute (root, group, "signal");
  g_autofree char *signal = name != NULL && *name != '\0' ? recon_hdf5_join (group, name) : NULL;
  g_autofree char *data = recon_hdf5_join (group, "data");

  if (signal != NULL && recon_hdf5_is_no_group (root, signal))
    return g_steal_pointer (&signal);
  if (recon_hdf5_is_no_group (root, data))
    return g_steal_pointer (&data);

  return NULL;
}

/**
 * recon_hdf5_find_default:
 * @root: the file
 * @group: where to begin, mostly "/"
 *
 * Follows the attributes "default" that name a child each, to the signal of the NXdata at their end.
 *
 * Returns: (transfer full) (nullable): path of the dataset that the file is about, if it says so
 */
char *
recon_hdf5_find_default (hid_t       root,
                         const char *group)
{
  g_autofree char *path = g_strdup (group);

  for (guint i = 0; i < MAX_DEPTH; i++)
    {
      g_autofree char *name = recon_hdf5_read_attribute (root, path, "default");
      char *next;

      if (name == NULL || *name == '\0')
        break;
      next = *name == '/' ? g_strdup (name) : recon_hdf5_join (path, name);
      g_free (path);
      path = next;
      if (!recon_hdf5_link_exists (root, path) || recon_hdf5_get_type (root, path) != H5O_TYPE_GROUP)
        return NULL;
    }

  return g_str_equal (path, group) ? NULL : recon_hdf5_find_signal (root, path);
}

/**
 * recon_hdf5_nearby_find_entry:
 * @root: the file
 * @dataset: path of a dataset of frames
 *
 * Returns: (transfer full): the innermost group around @dataset that holds a whole measurement, else the group that it
 *   is in
 */
char *
recon_hdf5_nearby_find_entry (hid_t       root,
                              const char *dataset)
{
  g_autofree char *group = g_path_get_dirname (dataset);

  while (!g_str_equal (group, "/"))
    {
      g_autofree char *definition = recon_hdf5_join (group, "definition");
      g_autofree char *sample = recon_hdf5_join (group, "sample");
      char *parent;

      if (recon_hdf5_has_class (root, group, "NXentry") || recon_hdf5_has_class (root, group, "NXsubentry") ||
          recon_hdf5_has_class (root, group, "NXtomo") || recon_hdf5_link_exists (root, definition) ||
          recon_hdf5_link_exists (root, sample))
        return g_steal_pointer (&group);

      parent = g_path_get_dirname (group);
      g_free (group);
      group = parent;
    }

  return g_path_get_dirname (dataset);
}

static void
add (GPtrArray  *paths,
     hid_t       root,
     char       *path)
{
  if (recon_hdf5_is_no_group (root, path) && !g_ptr_array_find_with_equal_func (paths, path, g_str_equal, NULL))
    g_ptr_array_add (paths, path);
  else
    g_free (path);
}

/**
 * recon_hdf5_nearby_keys:
 * @root: the file
 * @entry: the group with the measurement
 * @dataset: path of the frames
 * @name: "image_key" or "image_key_control"
 *
 * Returns: (transfer full) (element-type utf8): where such a list may be, the likely places first; links that lead
 *   nowhere included
 */
GPtrArray *
recon_hdf5_nearby_keys (hid_t       root,
                        const char *entry,
                        const char *dataset,
                        const char *name)
{
  static const char *const places[] = { "instrument/detector", "data", "instrument/image_key", "instrument", NULL };
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *group = g_path_get_dirname (dataset);
  g_autoptr (GPtrArray) objects = recon_hdf5_list (root, entry);
  gsize length = strlen (name);

  add (paths, root, recon_hdf5_join (group, name));
  add (paths, root, recon_hdf5_join (entry, name));
  for (guint i = 0; places[i] != NULL; i++)
    {
      g_autofree char *place = recon_hdf5_join (entry, places[i]);

      add (paths, root, recon_hdf5_join (place, name));
    }

  /* Elsewhere in the entry; other detectors' belong to those. */
  for (guint i = 0; i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);
      g_autofree char *parent = g_path_get_dirname (object->path);
      gsize whole = strlen (object->path);

      if (object->type == H5O_TYPE_DATASET && whole > length && object->path[whole - length - 1] == '/' &&
          g_str_has_suffix (object->path, name) && !recon_hdf5_has_class (root, parent, "NXdetector"))
        add (paths, root, g_strdup (object->path));
    }

  return paths;
}

/* The first of the names in an attribute, "rotation_angle:y:x" or a list of texts. */
static char *
get_first_axis (hid_t       root,
                const char *path)
{
  g_autofree char *axes = recon_hdf5_read_attribute (root, path, "axes");
  g_auto (GStrv) names = NULL;

  if (axes == NULL)
    return NULL;

  names = g_strsplit_set (axes, ":,", 2);

  return names[0] != NULL ? g_strdup (g_strstrip (names[0])) : NULL;
}

static void
add_axis (GPtrArray  *paths,
          hid_t       root,
          const char *group,
          const char *holder)
{
  g_autofree char *name = get_first_axis (root, holder);

  /* "." stands for no axis. */
  if (name != NULL && *name != '\0' && *name != '.')
    add (paths, root, recon_hdf5_join (group, name));
}

static gboolean
has_unit_of_angle (hid_t       root,
                   const char *path)
{
  g_autofree char *units = recon_hdf5_read_attribute (root, path, "units");

  return units != NULL && recon_angle_unit_parse (units, NULL) >= 0;
}

static gboolean
is_rotation (hid_t       root,
             const char *path)
{
  g_autofree char *type = recon_hdf5_read_attribute (root, path, "transformation_type");

  return type != NULL && g_ascii_strcasecmp (type, "rotation") == 0;
}

/* Whether the last part of a path, or with @up the one before it (motors are groups with a "value"), is what people
 * call a rotation. */
static gboolean
has_name_of_angle (const char *path)
{
  static const char *const words[] = { "rot", "theta", "angle" };
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  guint n = g_strv_length (parts);
  gboolean is_value = n > 1 && (g_str_equal (parts[n - 1], "value") || g_str_equal (parts[n - 1], "data"));
  g_autofree char *name = g_ascii_strdown (parts[is_value ? n - 2 : n - 1], -1);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (name, words[i]) != NULL)
      return TRUE;

  return FALSE;
}

static void
add_by_class (GPtrArray  *paths,
              hid_t       root,
              GPtrArray  *objects,
              const char *dataset)
{
  for (guint i = 0; i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);
      g_autofree char *signal = NULL;

      if (object->type != H5O_TYPE_GROUP || !recon_hdf5_has_class (root, object->path, "NXdata"))
        continue;

      signal = recon_hdf5_find_signal (root, object->path);
      if (signal != NULL && recon_hdf5_is_same (root, signal, dataset))
        {
          add_axis (paths, root, object->path, object->path);
          add_axis (paths, root, object->path, signal);
          add (paths, root, recon_hdf5_join (object->path, angle_names[0]));
        }
    }

  for (guint i = 0; i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);

      if (object->type == H5O_TYPE_DATASET && is_rotation (root, object->path))
        add (paths, root, g_strdup (object->path));
    }
}

static int
compare_lengths_cb (gconstpointer a,
                    gconstpointer b)
{
  const char *name_a = strrchr (*(const char *const *) a, '/');
  const char *name_b = strrchr (*(const char *const *) b, '/');

  return (int) strlen (name_a) - (int) strlen (name_b);
}

/* What has the name of an angle: those with its unit first, short names ("srot") before longer ones ("srot_delta"). */
static void
add_by_name (GPtrArray *paths,
             hid_t      root,
             GPtrArray *objects)
{
  g_autoptr (GPtrArray) named = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);

      if (object->type == H5O_TYPE_DATASET && has_name_of_angle (object->path))
        g_ptr_array_add (named, g_strdup (object->path));
    }

  g_ptr_array_sort (named, compare_lengths_cb);
  for (guint i = 0; i < named->len; i++)
    if (has_unit_of_angle (root, g_ptr_array_index (named, i)))
      add (paths, root, g_strdup (g_ptr_array_index (named, i)));
  for (guint i = 0; i < named->len; i++)
    add (paths, root, g_strdup (g_ptr_array_index (named, i)));
}

/**
 * recon_hdf5_nearby_angles:
 * @root: the file
 * @entry: the group with the measurement
 * @dataset: path of the frames
 * @n_certain: (out): how many of the first places are such by a standard, and not by name alone
 *
 * Returns: (transfer full) (element-type utf8): where the angles of the frames may be, the likely places first; links
 *   that lead nowhere included
 */
GPtrArray *
recon_hdf5_nearby_angles (hid_t       root,
                          const char *entry,
                          const char *dataset,
                          guint      *n_certain)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *group = g_path_get_dirname (dataset);
  g_autofree char *sample = recon_hdf5_join (entry, "sample");
  g_autoptr (GPtrArray) objects = recon_hdf5_list (root, entry);

  add (paths, root, recon_hdf5_join (sample, angle_names[0]));
  for (guint i = 0; i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);

      if (object->type == H5O_TYPE_GROUP && recon_hdf5_has_class (root, object->path, "NXsample"))
        add (paths, root, recon_hdf5_join (object->path, angle_names[0]));
    }

  for (guint i = 0; i < G_N_ELEMENTS (angle_names); i++)
    add (paths, root, recon_hdf5_join (group, angle_names[i]));
  add_axis (paths, root, group, dataset);
  add_axis (paths, root, group, group);
  add_by_class (paths, root, objects, dataset);
  add (paths, root, recon_hdf5_join (entry, angle_names[0]));

  *n_certain = paths->len;

  /* By name alone only where there is more than the group with the frames, which may be all of a file. */
  if (!g_str_equal (entry, group))
    add_by_name (paths, root, objects);

  return paths;
}

/**
 * recon_contents_convert_angles:
 * @self: contents that are being read
 * @root: the file
 * @path: path of the dataset that @angles are from
 * @angles: (array length=n_angles) (inout): angles as they stand in the file, in radians afterwards
 * @n_angles: number of angles
 *
 * Takes the unit that the dataset's attribute "units" names, and converts others than degrees and radians; where there
 * is none, or another, what the angles look like. If they look like neither, they are taken as degrees, which the
 * layouts mean, and the contents say that it is not clear. Whatever had to be judged is noted. The lock is held.
 */
void
recon_contents_convert_angles (ReconContents *self,
                               hid_t          root,
                               const char    *path,
                               double        *angles,
                               gsize          n_angles)
{
  g_autofree char *units = recon_hdf5_read_attribute (root, path, "units");
  g_autofree char *values = recon_angle_unit_describe (angles, n_angles);
  gboolean has_units = units != NULL && *units != '\0';
  int looks = recon_angle_unit_judge (angles, n_angles);
  double scale;
  int unit = recon_angle_unit_apply (units, angles, n_angles, &scale);

  g_clear_error (&self->unit_error);
  if (unit >= 0)
    {
      if (scale != 1)
        recon_contents_note (self, _ ("The unit of %s is “%s”: %g %s"), path, units, scale,
                             recon_angle_unit_get_name ((ReconAngleUnit) unit));
      if (recon_angle_unit_contradicts ((ReconAngleUnit) unit, angles, n_angles))
        {
          recon_angle_unit_set_contradiction (path, units, angles, n_angles, &self->unit_error);
          recon_contents_note (self, "%s", self->unit_error->message);
        }
    }
  else if (has_units && (looks < 0 || !recon_angle_unit_is_turn ((ReconAngleUnit) looks, angles, n_angles)))
    {
      unit = RECON_ANGLE_UNIT_DEGREE;
      recon_angle_unit_set_contradiction (path, units, angles, n_angles, &self->unit_error);
      recon_contents_note (self, "%s", self->unit_error->message);
    }
  else if (looks >= 0)
    {
      unit = looks;
      if (has_units)
        recon_contents_warn (self, _ ("The unit of %s is “%s”, neither degrees nor radians. Being %s, the angles are "
                                      "taken as %s. If that is wrong, say so with --angle-unit."),
                             path, units, values, recon_angle_unit_get_name ((ReconAngleUnit) unit));
      else if (unit == RECON_ANGLE_UNIT_DEGREE)
        recon_contents_note (self, _ ("The angles of %s name no unit. Being %s, they are taken as degrees."), path,
                             values);
      else
        recon_contents_warn (self, _ ("The angles of %s name no unit, which means degrees. But being %s, they are "
                                      "taken as radians. If that is wrong, say so with --angle-unit=degree."),
                             path, values);
    }
  else
    {
      unit = RECON_ANGLE_UNIT_DEGREE;
      recon_angle_unit_set_unclear (path, angles, n_angles, &self->unit_error);
      recon_contents_note (self, "%s", self->unit_error->message);
    }

  self->angle_unit = (ReconAngleUnit) unit;
  self->angle_scale = scale;
  recon_angle_unit_convert (self->angle_unit, angles, n_angles);
}

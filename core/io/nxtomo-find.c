/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"
#include "io/hdf5-layouts.h"

/* Which groups of a file are NXtomo scans, and which of them is meant. */

/* Groups this deep are looked at for an entry. */
#define MAX_DEPTH 4

static gboolean
is_stack (hid_t       root,
          const char *path)
{
  g_auto (ReconHdf5Id) dataset = recon_hdf5_open_guarded (root, path, H5P_DEFAULT);
  ReconHdf5Shape shape;

  return dataset >= 0 && recon_hdf5_shape_get (dataset, &shape) && shape.is_number &&
         recon_hdf5_shape_count_axes (&shape) == 3;
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
  g_autofree char *path = recon_hdf5_join (group, "definition");
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
  g_autofree char *data = recon_hdf5_join (group, "data");
  g_autofree char *key = recon_hdf5_join (group, "image_key");

  return recon_hdf5_link_exists (root, key) && recon_hdf5_link_exists (root, data) && is_stack (root, data);
}

static char *
get_entry_of_detector (const char *detector)
{
  g_autofree char *instrument = g_path_get_dirname (detector);

  return g_path_get_dirname (instrument);
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
  g_autofree char *path = *name == '/' ? g_strdup (name) : recon_hdf5_join (group, name);
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

      if (!recon_nxtomo_has_frames (root, entry))
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <glib/gi18n-lib.h>

/* Bounds of the walk: a damaged file can have any number of objects, at any depth. */
#define MAX_OBJECTS 10000
#define MAX_DEPTH   32

/* Entries of a list in a message. */
#define MAX_LISTED 12

typedef struct
{
  GPtrArray  *objects;
  GHashTable *seen; /* (file number, address) of groups and datasets, so that links in circles end */
  const char *group;
  guint       depth;
  gint64      end; /* of the time that it may take */
  gboolean    complete;
} Walk;

static void
recon_hdf5_object_free (gpointer data)
{
  ReconHdf5Object *object = data;

  g_free (object->path);
  g_free (object);
}

static herr_t
take_link_cb (hid_t             group,
              const char       *name,
              const H5L_info_t *link,
              void             *data)
{
  Walk *walk = data;
  ReconHdf5Object *object;
  H5O_info_t info = { 0 };
  H5O_type_t type = H5O_TYPE_UNKNOWN;

  if (walk->objects->len >= MAX_OBJECTS || g_get_monotonic_time () >= walk->end)
    {
      walk->complete = FALSE;
      return 1;
    }

  if (H5Oget_info_by_name2 (group, name, &info, H5O_INFO_BASIC, recon_hdf5_link_access ()) >= 0)
    {
      g_autofree char *key = g_strdup_printf ("%lu %" G_GUINT64_FORMAT, info.fileno, (guint64) info.addr);

      if (!g_hash_table_add (walk->seen, g_steal_pointer (&key)))
        return 0;
      type = info.type;
    }

  object = g_new0 (ReconHdf5Object, 1);
  object->path = g_strconcat (g_str_equal (walk->group, "/") ? "" : walk->group, "/", name, NULL);
  object->type = type;
  object->depth = walk->depth;
  g_ptr_array_add (walk->objects, object);

  return 0;
}

/* Failure leaves out what is in the group; opening that by name says why. */
static void
list_group (hid_t  root,
            Walk  *walk)
{
  g_auto (ReconHdf5Id) group = H5Oopen (root, walk->group, recon_hdf5_link_access ());

  if (group >= 0)
    H5Literate (group, H5_INDEX_NAME, H5_ITER_INC, NULL, take_link_cb, walk);
}

/**
 * recon_hdf5_list_until:
 * @root: a file
 * @group: path of a group in it, "/" for all
 * @end: when to stop, of g_get_monotonic_time(); %G_MAXINT64 for never
 * @complete: (out): whether that is all that there is
 *
 * As recon_hdf5_list(), for a disk that may be slow. The lock is held.
 *
 * Returns: (transfer full) (element-type ReconHdf5Object): the objects, with their full paths
 */
GPtrArray *
recon_hdf5_list_until (hid_t       root,
                       const char *group,
                       gint64      end,
                       gboolean   *complete)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (recon_hdf5_object_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Walk walk = { objects, seen, group, 1, end, TRUE };

  list_group (root, &walk);

  /* The array grows meanwhile. */
  for (guint i = 0; i < objects->len && walk.complete; i++)
    {
      ReconHdf5Object *object = g_ptr_array_index (objects, i);

      if (object->type != H5O_TYPE_GROUP || object->depth >= MAX_DEPTH)
        continue;

      walk.group = object->path;
      walk.depth = object->depth + 1;
      list_group (root, &walk);
    }

  *complete = walk.complete;

  return g_steal_pointer (&objects);
}

/**
 * recon_hdf5_list:
 * @root: a file
 * @group: path of a group in it, "/" for all
 *
 * Lists what is below @group, the shallow before the deep, in the order of names within a group. Soft and
 * external links are followed; an object that can be reached in several ways is listed once. The list ends after
 * some thousand objects. The lock is held.
 *
 * Returns: (transfer full) (element-type ReconHdf5Object): the objects, with their full paths
 */
GPtrArray *
recon_hdf5_list (hid_t       root,
                 const char *group)
{
  gboolean complete;

  return recon_hdf5_list_until (root, group, G_MAXINT64, &complete);
}

/**
 * recon_hdf5_find_datasets:
 * @root: the file
 * @objects: its recon_hdf5_list()
 * @rank: number of dimensions as recon_hdf5_shape_count_axes() counts them, or −1 for any
 *
 * Returns: (transfer full) (element-type utf8): the paths of the datasets of that rank; with a @rank, only
 *   of those that hold numbers. The lock is held.
 */
GPtrArray *
recon_hdf5_find_datasets (hid_t      root,
                          GPtrArray *objects,
                          int        rank)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);
      ReconHdf5Shape shape;

      if (object->type != H5O_TYPE_DATASET)
        continue;

      if (rank >= 0)
        {
          g_auto (ReconHdf5Id) dataset = recon_hdf5_open_guarded (root, object->path, H5P_DEFAULT);

          if (dataset < 0 || !recon_hdf5_shape_get (dataset, &shape) ||
              recon_hdf5_shape_count_axes (&shape) != (guint) rank || !shape.is_number)
            continue;
        }

      g_ptr_array_add (paths, g_strdup (object->path));
    }

  return g_steal_pointer (&paths);
}

static void
append_dataset (GString    *text,
                hid_t       root,
                const char *before,
                const char *path)
{
  g_auto (ReconHdf5Id) dataset = recon_hdf5_open_guarded (root, path, H5P_DEFAULT);
  g_autofree char *shape = dataset >= 0 ? recon_hdf5_shape_describe (dataset) : recon_hdf5_error_text ();
  g_autofree char *valid = g_utf8_make_valid (path, -1);

  g_string_append_printf (text, "%s%s%s (%s)", text->len > 0 ? ", " : "", before, valid, shape ? shape : _ ("damaged"));
}

/**
 * recon_hdf5_describe_paths:
 * @root: the file
 * @before: what to put before each path, such as the file's name and a colon
 * @paths: (element-type utf8): paths of datasets
 *
 * Returns: (transfer full): the paths with shapes and types for a message, and how many more there are
 */
char *
recon_hdf5_describe_paths (hid_t       root,
                           const char *before,
                           GPtrArray  *paths)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < paths->len && i < MAX_LISTED; i++)
    append_dataset (text, root, before, g_ptr_array_index (paths, i));

  if (paths->len > MAX_LISTED)
    g_string_append_printf (text, _ (" and %u more"), paths->len - MAX_LISTED);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The links that lead nowhere, as a sentence, or %NULL. */
static char *
describe_broken (hid_t      root,
                 GPtrArray *objects)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < objects->len; i++)
    {
      const ReconHdf5Object *object = g_ptr_array_index (objects, i);
      g_autofree char *target = NULL;
      g_autofree char *path = NULL;

      if (object->type != H5O_TYPE_UNKNOWN || n++ >= MAX_LISTED)
        continue;

      target = recon_hdf5_link_target (root, object->path);
      path = g_utf8_make_valid (object->path, -1);
      g_string_append_printf (text, "%s%s → %s", text->len > 0 ? ", " : "", path, target ? target : _ ("damaged"));
    }

  if (n == 0)
    return NULL;

  return g_strdup_printf (_ (" Links that lead nowhere: %s."), text->str);
}

/**
 * recon_hdf5_describe_datasets:
 * @root: the file
 * @group: path of a group in it, "/" for all
 *
 * Returns: (transfer full): a sentence that says which datasets, of what shape, exist, and which links lead
 *   nowhere. The lock is held.
 */
char *
recon_hdf5_describe_datasets (hid_t       root,
                              const char *group)
{
  g_autoptr (GPtrArray) objects = recon_hdf5_list (root, group);
  g_autoptr (GPtrArray) paths = recon_hdf5_find_datasets (root, objects, -1);
  g_autofree char *list = recon_hdf5_describe_paths (root, "", paths);
  g_autofree char *broken = describe_broken (root, objects);

  if (paths->len == 0)
    return g_strconcat (_ ("There are no datasets."), broken, NULL);

  return g_strdup_printf (_ ("The datasets are: %s.%s"), list, broken ? broken : "");
}

/* Links to links that a message shows; more are a circle. */
#define MAX_CHAIN 4

/* Where one link points to. @next gets the path that a soft link leads to. */
static char *
get_target (hid_t        root,
            const char  *path,
            char       **next)
{
  g_autofree char *value = NULL;
  g_autofree char *parent = NULL;
  g_autofree char *target = NULL;
  const char *file = NULL;
  const char *object = NULL;
  unsigned flags;
  H5L_info_t info;

  if (H5Lget_info (root, path, &info, recon_hdf5_link_access ()) < 0)
    return NULL;
  if ((info.type != H5L_TYPE_SOFT && info.type != H5L_TYPE_EXTERNAL) || info.u.val_size > G_MAXUINT16)
    return NULL;

  value = g_malloc0 (info.u.val_size + 1);
  if (H5Lget_val (root, path, value, info.u.val_size, recon_hdf5_link_access ()) < 0)
    return NULL;

  if (info.type == H5L_TYPE_SOFT)
    {
      parent = g_path_get_dirname (path);
      *next = *value == '/' ? g_strdup (value) : g_strconcat (parent, "/", value, NULL);
      return g_utf8_make_valid (value, -1);
    }

  if (H5Lunpack_elink_val (value, info.u.val_size, &flags, &file, &object) < 0)
    return NULL;
  target = g_strconcat (file, ":", object, NULL);

  return g_utf8_make_valid (target, -1);
}

/**
 * recon_hdf5_link_target:
 * @root: the file
 * @path: path of a link that leads nowhere
 *
 * The lock is held.
 *
 * Returns: (transfer full) (nullable): where a soft or external link points to, such as "raw.h5:/data"; if that is
 *   another link that leads nowhere, where that points to too: "/entry/data → raw.h5:/data"
 */
char *
recon_hdf5_link_target (hid_t       root,
                        const char *path)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *link = g_strdup (path);

  for (guint i = 0; i < MAX_CHAIN && link != NULL; i++)
    {
      g_autofree char *next = NULL;
      g_autofree char *target = get_target (root, link, &next);

      if (target == NULL)
        break;

      g_string_append_printf (text, "%s%s", i > 0 ? " → " : "", target);
      g_free (link);
      link = next != NULL ? recon_hdf5_find_broken_link (root, next) : NULL;
    }

  if (text->len == 0)
    return NULL;

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * recon_hdf5_find_broken_link:
 * @root: the file
 * @path: a path at which nothing can be opened
 *
 * The lock is held.
 *
 * Returns: (transfer full) (nullable): the first part of @path that is a link but leads nowhere; %NULL where a part
 *   simply does not exist
 */
char *
recon_hdf5_find_broken_link (hid_t       root,
                             const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autoptr (GString) prefix = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] == '\0')
        continue;

      g_string_append_printf (prefix, "/%s", parts[i]);
      if (!recon_hdf5_link_exists (root, prefix->str))
        return NULL;
      if (recon_hdf5_get_type (root, prefix->str) == H5O_TYPE_UNKNOWN)
        return g_string_free (g_steal_pointer (&prefix), FALSE);
    }

  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-links.h"

#include "io/hdf5-guard.h"

/* Links to links that are told of; more are a circle. */
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

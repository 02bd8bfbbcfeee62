/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "io/hdf5.h"

/* Whether what is missing of a virtual dataset is needed. */

static gboolean
set_error (const ReconHdf5Sources  *self,
           const char              *path,
           guint                    n_needed,
           const char              *reason,
           const char              *remedy,
           GError                 **error)
{
  return recon_fail (error, RECON_ERROR_INPUT,
                     ngettext ("%s is put together from other datasets. %u of its %u sources is needed but missing, "
                               "and would read as zeros. %s %s",
                               "%s is put together from other datasets. %u of its %u sources are needed but missing, "
                               "and would read as zeros. The first: %s %s",
                               n_needed),
                     path, n_needed, self->n_sources, reason, remedy);
}

/* Returns what is missing of the first source that is, in a sentence; %NULL where nothing is. */
static const char *
get_first (const ReconHdf5Sources *self)
{
  return self->gaps->len > 0 ? g_array_index (self->gaps, ReconHdf5Gap, 0).reason : NULL;
}

static gboolean
is_virtual (hid_t dataset)
{
  g_auto (ReconHdf5Id) creation = H5Dget_create_plist (dataset);

  return creation >= 0 && H5Pget_layout (creation) == H5D_VIRTUAL;
}

/**
 * recon_hdf5_sources_check_all:
 * @dataset: a dataset that will be read as a whole
 * @path: what the user calls it, for messages
 * @error: return location
 *
 * The lock is held.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT if @dataset is virtual and any of its sources is missing, or
 *   #RECON_ERROR_READ
 */
gboolean
recon_hdf5_sources_check_all (hid_t        dataset,
                              const char  *path,
                              GError     **error)
{
  g_autoptr (ReconHdf5Sources) self = NULL;

  if (!is_virtual (dataset))
    return TRUE;

  self = recon_hdf5_sources_find (dataset, path, error);
  if (self == NULL)
    return FALSE;
  if (self->gaps->len == 0)
    return recon_hdf5_allow_files (self->files->len, path, error);

  return set_error (self, path, self->n_missing, get_first (self), _ ("Put what is missing there."), error);
}

/**
 * recon_hdf5_sources_check_any:
 * @self: sources
 * @path: what the user calls the virtual dataset, for messages
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT if all sources are missing
 */
gboolean
recon_hdf5_sources_check_any (const ReconHdf5Sources  *self,
                              const char              *path,
                              GError                 **error)
{
  if (self->gaps->len == 0 || self->n_missing < self->n_sources)
    return TRUE;

  return set_error (self, path, self->n_missing, get_first (self), _ ("Put what is missing there."), error);
}

/**
 * recon_hdf5_sources_check_some:
 * @dataset: a dataset that may be read in part
 * @path: what the user calls it, for messages
 * @error: return location
 *
 * The lock is held.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT if @dataset is virtual and all of its sources are missing, or
 *   #RECON_ERROR_READ
 */
gboolean
recon_hdf5_sources_check_some (hid_t        dataset,
                               const char  *path,
                               GError     **error)
{
  g_autoptr (ReconHdf5Sources) self = NULL;

  if (!is_virtual (dataset))
    return TRUE;

  self = recon_hdf5_sources_find (dataset, path, error);

  return self != NULL && recon_hdf5_sources_check_any (self, path, error);
}

/* How many of the wanted frames come before each of the first @n ones. */
static guint *
count_before (const guint *frames,
              guint        n_frames,
              guint        n)
{
  guint *before = g_new0 (guint, n + 1);

  for (guint i = 0; i < n_frames; i++)
    before[frames[i] + 1]++;
  for (guint i = 0; i < n; i++)
    before[i + 1] += before[i];

  return before;
}

/* Whether the box holds the index that is meant on every other axis. */
static gboolean
is_in_view (const ReconHdf5View *view,
            const ReconHdf5Box  *box)
{
  for (int i = recon_hdf5_view_get_other (view, 0); i >= 0; i = recon_hdf5_view_get_other (view, i + 1))
    if (box->first[i] > view->index[i] || box->last[i] < view->index[i])
      return FALSE;

  return TRUE;
}

/**
 * recon_hdf5_sources_check_images:
 * @self: sources of a dataset of images
 * @path: what the user calls it, for messages
 * @view: which elements of it are images
 * @frames: (array length=n_frames): images that will be read
 * @n_frames: how many
 * @row: the first row that will be read of each
 * @n_rows: rows from there on, at least 1
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT if a source of any of them is missing
 */
gboolean
recon_hdf5_sources_check_images (const ReconHdf5Sources  *self,
                                 const char              *path,
                                 const ReconHdf5View     *view,
                                 const guint             *frames,
                                 guint                    n_frames,
                                 guint                    row,
                                 guint                    n_rows,
                                 GError                 **error)
{
  g_autoptr (GHashTable) needed = g_hash_table_new (NULL, NULL);
  g_autofree guint *before = NULL;
  const char *first = NULL;
  guint n = 0;

  if (self->gaps->len == 0)
    return TRUE;

  for (guint i = 0; i < n_frames; i++)
    n = MAX (n, frames[i] + 1);
  before = count_before (frames, n_frames, n);

  for (guint i = 0; i < self->gaps->len; i++)
    {
      const ReconHdf5Gap *gap = &g_array_index (self->gaps, ReconHdf5Gap, i);
      const ReconHdf5Box *box = &gap->box;
      int y = view->axes[1];
      int z = view->axes[0];
      hsize_t start = z >= 0 ? MIN (box->first[z], n) : 0;
      hsize_t end = z >= 0 ? MIN (box->last[z], n - 1) + 1 : n;

      if (!is_in_view (view, box) || box->last[y] < row || box->first[y] - MIN (box->first[y], row) >= n_rows ||
          start >= end ||
          before[end] == before[start])
        continue;

      first = first != NULL ? first : gap->reason;
      g_hash_table_add (needed, (gpointer) gap->reason);
    }

  if (first == NULL)
    return TRUE;

  return set_error (self, path, g_hash_table_size (needed), first,
                    _ ("Put what is missing there, or select only images that are complete (input.projection-stop, "
                       "y-stop)."),
                    error);
}

/**
 * recon_hdf5_sources_describe:
 * @self: sources
 * @path: what the user calls the virtual dataset
 *
 * Returns: (transfer full) (nullable): what is missing, in sentences; %NULL where nothing is
 */
char *
recon_hdf5_sources_describe (const ReconHdf5Sources *self,
                             const char             *path)
{
  if (self->gaps->len > 0)
    return g_strdup_printf (ngettext ("%u of the %u sources of the virtual dataset %s is missing; images that need it "
                                      "cannot be read. %s",
                                      "%u of the %u sources of the virtual dataset %s are missing; images that need "
                                      "them cannot be read. The first: %s",
                                      self->n_missing),
                            self->n_missing, self->n_sources, path, get_first (self));

  if (self->covered < 1)
    return g_strdup_printf (_ ("%.3g%% of the virtual dataset %s has no source and reads as zeros; was the scan "
                               "stopped early?"),
                            100 * (1 - self->covered), path);

  return NULL;
}

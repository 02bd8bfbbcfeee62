/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5.h"

#include <string.h>

/* What of a virtual dataset comes from where. Selections are HDF5's; what is said of them are their bounds, which are
 * exact for the layouts that detectors write (whole frames, or tiles of them) and too large for others, so that nothing
 * that is missing is overlooked. */

typedef struct
{
  hsize_t start[H5S_MAX_RANK];
  hsize_t stride[H5S_MAX_RANK];
  hsize_t count[H5S_MAX_RANK];
  hsize_t block[H5S_MAX_RANK];
} Hyperslab;

/* The dimension in which a selection has no end, or −1. */
static int
find_unlimited (hid_t      space,
                Hyperslab *slab)
{
  int rank = H5Sget_simple_extent_ndims (space);

  if (H5Sget_select_type (space) != H5S_SEL_HYPERSLABS || H5Sis_regular_hyperslab (space) <= 0 ||
      H5Sget_regular_hyperslab (space, slab->start, slab->stride, slab->count, slab->block) < 0)
    return -1;

  for (int i = 0; i < rank; i++)
    if (slab->count[i] == H5S_UNLIMITED || slab->block[i] == H5S_UNLIMITED)
      return i;

  return -1;
}

static char *
read_name (ssize_t (*get) (hid_t,
                           size_t,
                           char *,
                           size_t),
           hid_t     creation,
           gsize     i)
{
  ssize_t length = get (creation, i, NULL, 0);
  char *name;

  if (length < 0)
    return NULL;

  name = g_malloc0 ((gsize) length + 1);
  get (creation, i, name, (gsize) length + 1);

  return name;
}

/**
 * recon_hdf5_mapping_read:
 * @self: (out caller-allocates): the mapping
 * @creation: the property list that a virtual dataset was made with
 * @i: number of the mapping
 *
 * Opens no source. The lock is held.
 *
 * Returns: %FALSE where HDF5 cannot say; @self needs to be cleared in any case
 */
gboolean
recon_hdf5_mapping_read (ReconHdf5Mapping *self,
                         hid_t             creation,
                         gsize             i)
{
  Hyperslab slab;

  *self = (ReconHdf5Mapping) { .unlimited = -1, .n_blocks = 1 };
  self->file = read_name (H5Pget_virtual_filename, creation, i);
  self->dataset = read_name (H5Pget_virtual_dsetname, creation, i);
  self->space = H5Pget_virtual_vspace (creation, i);
  self->source = H5Pget_virtual_srcspace (creation, i);
  if (self->space >= 0)
    self->unlimited = find_unlimited (self->space, &slab);

  return self->file != NULL && self->dataset != NULL && self->space >= 0 && self->source >= 0;
}

void
recon_hdf5_mapping_clear (ReconHdf5Mapping *self)
{
  g_clear_pointer (&self->file, g_free);
  g_clear_pointer (&self->dataset, g_free);
  recon_hdf5_id_close (self->space);
  recon_hdf5_id_close (self->source);
}

static gboolean
has_number (const char *name)
{
  for (const char *percent = strchr (name, '%'); percent != NULL; percent = strchr (percent, '%'))
    {
      if (percent[1] == 'b')
        return TRUE;
      percent += percent[1] == '%' ? 2 : 1;
    }

  return FALSE;
}

/* Ends a selection where the virtual dataset does; of blocks that are each from another source it leaves the first. */
static gboolean
limit_space (ReconHdf5Mapping     *self,
             const ReconHdf5Shape *shape)
{
  int u = self->unlimited;
  Hyperslab slab;
  hsize_t length;

  if (find_unlimited (self->space, &slab) != u || (slab.count[u] == H5S_UNLIMITED && slab.stride[u] == 0))
    return FALSE;

  /* An empty dataset is so because its first source is missing. */
  length = MAX (shape->dims[u], slab.start[u] + 1) - slab.start[u];
  if (slab.block[u] == H5S_UNLIMITED)
    slab.block[u] = length;
  else
    slab.count[u] = (length - 1) / slab.stride[u] + 1;

  if (has_number (self->file) || has_number (self->dataset))
    {
      self->n_blocks = slab.count[u];
      self->stride = slab.stride[u];
      slab.count[u] = 1;
    }

  return H5Sselect_hyperslab (self->space, H5S_SELECT_SET, slab.start, slab.stride, slab.count, slab.block) >= 0;
}

/**
 * recon_hdf5_mapping_limit:
 * @self: a mapping
 * @shape: the virtual dataset's shape
 *
 * Ends what goes on without an end, and says of how much "all" is. The lock is held.
 *
 * Returns: %FALSE where the mapping does not fit the dataset, or is of nothing
 */
gboolean
recon_hdf5_mapping_limit (ReconHdf5Mapping     *self,
                          const ReconHdf5Shape *shape)
{
  ReconHdf5Box box;

  if (H5Sget_select_type (self->space) == H5S_SEL_ALL)
    {
      recon_hdf5_id_close (self->space);
      self->space = H5Screate_simple (shape->rank, shape->dims, NULL);
    }
  if (H5Sget_simple_extent_ndims (self->space) != shape->rank || (self->unlimited >= 0 && !limit_space (self, shape)))
    return FALSE;

  return shape->n_elements == 0 || shape->rank == 0 || H5Sget_select_bounds (self->space, box.first, box.last) >= 0;
}

/**
 * recon_hdf5_mapping_expand:
 * @name: name of a source's file or dataset
 * @block: number of a block
 *
 * Returns: (transfer full): the name for that block: it stands for %b, and %% for a per cent sign
 */
char *
recon_hdf5_mapping_expand (const char *name,
                           guint64     block)
{
  GString *text = g_string_new (NULL);

  for (const char *c = name; *c != '\0'; c++)
    {
      if (c[0] == '%' && c[1] == 'b')
        g_string_append_printf (text, "%" G_GUINT64_FORMAT, block);
      else
        g_string_append_c (text, *c);
      if (c[0] == '%' && (c[1] == 'b' || c[1] == '%'))
        c++;
    }

  return g_string_free (text, FALSE);
}

/* The bounds of a selection, as they are in a block. */
static gboolean
get_bounds (const ReconHdf5Mapping *self,
            hid_t                   space,
            guint64                 block,
            ReconHdf5Box           *box)
{
  *box = (ReconHdf5Box) { .rank = H5Sget_simple_extent_ndims (space) };
  if (box->rank > 0 && H5Sget_select_bounds (space, box->first, box->last) < 0)
    return FALSE;

  if (self->n_blocks > 1)
    {
      box->first[self->unlimited] += block * self->stride;
      box->last[self->unlimited] += block * self->stride;
    }

  return TRUE;
}

/**
 * recon_hdf5_mapping_get_block:
 * @self: a mapping
 * @block: one of its blocks
 * @box: (out caller-allocates): which part of the virtual dataset it is
 *
 * The lock is held.
 */
void
recon_hdf5_mapping_get_block (const ReconHdf5Mapping *self,
                              guint64                 block,
                              ReconHdf5Box           *box)
{
  get_bounds (self, self->space, block, box);
}

/**
 * recon_hdf5_mapping_exceeds:
 * @self: a mapping
 * @source: the shape of a source
 *
 * The lock is held.
 *
 * Returns: whether the source ends before what is to be taken from it; not where that has no end
 */
gboolean
recon_hdf5_mapping_exceeds (const ReconHdf5Mapping *self,
                            const ReconHdf5Shape   *source)
{
  hsize_t first[H5S_MAX_RANK], last[H5S_MAX_RANK];
  Hyperslab slab;

  if (H5Sget_select_type (self->source) == H5S_SEL_ALL || find_unlimited (self->source, &slab) >= 0)
    return FALSE;
  if (H5Sget_simple_extent_ndims (self->source) != source->rank ||
      (source->rank > 0 && H5Sget_select_bounds (self->source, first, last) < 0))
    return TRUE;

  for (int i = 0; i < source->rank; i++)
    if (last[i] >= source->dims[i])
      return TRUE;

  return FALSE;
}

static gboolean
is_regular (hid_t space)
{
  H5S_sel_type type = H5Sget_select_type (space);

  return type == H5S_SEL_ALL || type == H5S_SEL_HYPERSLABS;
}

/**
 * recon_hdf5_mapping_project:
 * @self: a mapping
 * @block: one of its blocks
 * @source: the shape of its source
 * @part: a part of the source
 * @box: (out caller-allocates): what of the block shows @part; all of it where that cannot be said
 *
 * The lock is held.
 *
 * Returns: whether the block shows anything of @part
 */
gboolean
recon_hdf5_mapping_project (const ReconHdf5Mapping *self,
                            guint64                 block,
                            const ReconHdf5Shape   *source,
                            const ReconHdf5Box     *part,
                            ReconHdf5Box           *box)
{
  g_auto (ReconHdf5Id) whole = H5Screate_simple (source->rank, source->dims, NULL);
  g_auto (ReconHdf5Id) missing = H5Screate_simple (source->rank, source->dims, NULL);
  g_auto (ReconHdf5Id) shown = H5I_INVALID_HID;
  hsize_t length[H5S_MAX_RANK];
  Hyperslab slab;

  recon_hdf5_mapping_get_block (self, block, box);
  if (whole < 0 || missing < 0 || part->rank != source->rank || find_unlimited (self->source, &slab) >= 0)
    return TRUE;

  for (int i = 0; i < part->rank; i++)
    length[i] = part->last[i] - part->first[i] + 1;
  if (H5Sselect_hyperslab (missing, H5S_SELECT_SET, part->first, NULL, length, NULL) < 0 ||
      (H5Sget_select_type (self->source) != H5S_SEL_ALL && H5Sselect_copy (whole, self->source) < 0) ||
      !is_regular (whole) || !is_regular (self->space) ||
      H5Sget_select_npoints (whole) != H5Sget_select_npoints (self->space))
    return TRUE;

  shown = H5Sselect_project_intersection (whole, self->space, missing);
  if (shown >= 0 && H5Sget_select_npoints (shown) == 0)
    return FALSE;
  if (shown < 0 || !get_bounds (self, shown, block, box))
    recon_hdf5_mapping_get_block (self, block, box);

  return TRUE;
}

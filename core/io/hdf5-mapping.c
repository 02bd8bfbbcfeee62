/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/hdf5-mapping.h"

#include <string.h>

/* What of a virtual dataset comes from where, in boxes: they are exact for the layouts that detectors write (whole
 * frames, or tiles of them) and too large for others, so that nothing that is missing is overlooked. */

static gboolean
is_unlimited (hsize_t count)
{
  return count == H5S_UNLIMITED;
}

/* A regular selection: in an unlimited dimension the box is the first block, and @unlimited tells that dimension. */
static gboolean
read_hyperslab (hid_t         space,
                ReconHdf5Box *box,
                gboolean     *is_solid,
                int          *unlimited,
                hsize_t      *unlimited_stride)
{
  hsize_t start[H5S_MAX_RANK], stride[H5S_MAX_RANK], count[H5S_MAX_RANK], block[H5S_MAX_RANK];

  if (H5Sget_regular_hyperslab (space, start, stride, count, block) < 0)
    return FALSE;

  *is_solid = TRUE;
  for (int i = 0; i < box->rank; i++)
    {
      gboolean is_open = is_unlimited (count[i]) || is_unlimited (block[i]);

      if (count[i] == 0 || block[i] == 0)
        return FALSE;

      if (is_open)
        {
          *unlimited = i;
          *unlimited_stride = is_unlimited (block[i]) ? 0 : stride[i];
        }
      box->first[i] = start[i];
      if (is_unlimited (block[i]))
        box->last[i] = H5S_UNLIMITED;
      else
        box->last[i] = start[i] + (is_open ? 0 : (count[i] - 1) * stride[i]) + block[i] - 1;
      if (!is_open && count[i] != 1 && stride[i] != block[i])
        *is_solid = FALSE;
    }

  return TRUE;
}

static void
take_shape (ReconHdf5Box         *box,
            const ReconHdf5Shape *shape)
{
  box->rank = shape->rank;
  for (int i = 0; i < shape->rank; i++)
    {
      box->first[i] = 0;
      box->last[i] = MAX (shape->dims[i], 1) - 1;
    }
}

/* Bounds of what is selected in @space, and the dimension without an end, or −1. Where all is selected, the file does
 * not say of how much. */
static gboolean
read_selection (hid_t         space,
                ReconHdf5Box *box,
                gboolean     *is_all,
                gboolean     *is_solid,
                int          *unlimited,
                hsize_t      *stride)
{
  *unlimited = -1;
  *stride = 0;
  *is_solid = FALSE;
  *is_all = FALSE;
  box->rank = H5Sget_simple_extent_ndims (space);

  switch (H5Sget_select_type (space))
    {
    case H5S_SEL_ALL:
      *is_all = TRUE;
      *is_solid = TRUE;
      return TRUE;

    case H5S_SEL_HYPERSLABS:
      if (H5Sis_regular_hyperslab (space) > 0)
        return read_hyperslab (space, box, is_solid, unlimited, stride);
      break;

    case H5S_SEL_POINTS:
      break;

    case H5S_SEL_NONE:
    case H5S_SEL_ERROR:
    case H5S_SEL_N:
    default:
      return FALSE;
    }

  return box->rank >= 0 && (box->rank == 0 || H5Sget_select_bounds (space, box->first, box->last) >= 0);
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

/* How far an unlimited selection goes in a dataset of the present size. */
static void
limit (ReconHdf5Mapping     *self,
       const ReconHdf5Shape *shape,
       int                   unlimited,
       hsize_t               stride)
{
  hsize_t size = shape->dims[unlimited];
  hsize_t first = self->box.first[unlimited];

  if (stride > 0 && (has_number (self->file) || has_number (self->dataset)))
    {
      self->pattern = unlimited;
      self->stride = stride;
      /* An empty dataset is so because its first source is missing. */
      self->n_blocks = size > first ? (size - first - 1) / stride + 1 : 1;
    }
  else
    {
      if (stride > 0 && stride != self->box.last[unlimited] - first + 1)
        self->is_solid = FALSE;
      self->box.last[unlimited] = MAX (size, first + 1) - 1;
    }
}

/* How many elements are meant; H5Sget_select_npoints() knows it only of what has an end. */
static guint64
count_elements (const ReconHdf5Mapping *self,
                hid_t                   space,
                gboolean                is_limited)
{
  guint64 n = self->n_blocks;

  if (is_limited && !self->is_solid)
    return (guint64) MAX (H5Sget_select_npoints (space), 0);
  if (!self->is_solid)
    return G_MAXUINT64;

  for (int i = 0; i < self->box.rank; i++)
    if (!g_uint64_checked_mul (&n, n, self->box.last[i] - self->box.first[i] + 1))
      return G_MAXUINT64;

  return n;
}

/**
 * recon_hdf5_mapping_read:
 * @self: (out caller-allocates): the mapping
 * @creation: the property list that a virtual dataset was made with
 * @i: number of the mapping
 * @shape: the dataset's shape
 *
 * The lock is held.
 *
 * Returns: %FALSE where HDF5 cannot say, or the mapping is of nothing; @self needs to be cleared in any case
 */
gboolean
recon_hdf5_mapping_read (ReconHdf5Mapping     *self,
                         hid_t                 creation,
                         gsize                 i,
                         const ReconHdf5Shape *shape)
{
  g_auto (ReconHdf5Id) space = H5Pget_virtual_vspace (creation, i);
  g_auto (ReconHdf5Id) source = H5Pget_virtual_srcspace (creation, i);
  hsize_t stride, source_stride;
  int unlimited, source_unlimited;
  gboolean is_all;

  *self = (ReconHdf5Mapping) { .pattern = -1, .n_blocks = 1 };
  self->file = read_name (H5Pget_virtual_filename, creation, i);
  self->dataset = read_name (H5Pget_virtual_dsetname, creation, i);
  if (self->file == NULL || self->dataset == NULL || space < 0 || source < 0 ||
      !read_selection (space, &self->box, &is_all, &self->is_solid, &unlimited, &stride) ||
      !read_selection (source, &self->source, &self->is_all, &self->source_is_solid, &source_unlimited,
                       &source_stride))
    return FALSE;

  if (is_all)
    take_shape (&self->box, shape);
  if (self->box.rank != shape->rank)
    return FALSE;

  if (unlimited >= 0)
    limit (self, shape, unlimited, stride);
  if (source_unlimited >= 0)
    self->source.rank = -1;
  self->n_elements = count_elements (self, space, unlimited < 0);

  return TRUE;
}

void
recon_hdf5_mapping_clear (ReconHdf5Mapping *self)
{
  g_clear_pointer (&self->file, g_free);
  g_clear_pointer (&self->dataset, g_free);
}

/**
 * recon_hdf5_mapping_set_source:
 * @self: a mapping
 * @source: the shape of the source for the block that is looked at
 */
void
recon_hdf5_mapping_set_source (ReconHdf5Mapping     *self,
                               const ReconHdf5Shape *source)
{
  if (self->is_all)
    take_shape (&self->source, source);
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

/**
 * recon_hdf5_mapping_get_block:
 * @self: a mapping
 * @block: one of its blocks
 * @box: (out caller-allocates): which part of the virtual dataset it is
 */
void
recon_hdf5_mapping_get_block (const ReconHdf5Mapping *self,
                              guint64                 block,
                              ReconHdf5Box           *box)
{
  *box = self->box;
  if (self->pattern < 0)
    return;

  box->first[self->pattern] += block * self->stride;
  box->last[self->pattern] += block * self->stride;
}

/* The dimension of @block that comes from dimension @dimension of the source: both have the same ones but for such of
 * length 1. −1 where that one has length 1, or −2 where the two do not fit. */
static int
find_dimension (const ReconHdf5Mapping *self,
                const ReconHdf5Box     *block,
                int                     dimension)
{
  int j = 0;

  for (int i = 0; i <= dimension; i++)
    {
      hsize_t length = self->source.last[i] - self->source.first[i];

      if (length == 0)
        {
          if (i == dimension)
            return -1;
          continue;
        }

      while (j < block->rank && block->first[j] == block->last[j])
        j++;
      if (j == block->rank || block->last[j] - block->first[j] != length)
        return -2;
      if (i == dimension)
        return j;
      j++;
    }

  return -2;
}

/**
 * recon_hdf5_mapping_translate:
 * @self: a mapping
 * @block: a part of the virtual dataset, from recon_hdf5_mapping_get_block()
 * @part: a part of its source
 * @box: (out caller-allocates): what of @block shows @part; all of it where that is not simple
 *
 * Returns: whether @block shows anything of @part
 */
gboolean
recon_hdf5_mapping_translate (const ReconHdf5Mapping *self,
                              const ReconHdf5Box     *block,
                              const ReconHdf5Box     *part,
                              ReconHdf5Box           *box)
{
  *box = *block;
  if (self->source.rank < 0 || self->source.rank != part->rank)
    return TRUE;

  for (int i = 0; i < part->rank; i++)
    if (part->first[i] > self->source.last[i] || part->last[i] < self->source.first[i])
      return FALSE;

  if (!self->is_solid || !self->source_is_solid)
    return TRUE;

  for (int i = 0; i < part->rank; i++)
    {
      hsize_t origin = self->source.first[i];
      int j = find_dimension (self, block, i);

      if (j == -1)
        continue;
      if (j < 0)
        {
          *box = *block;
          return TRUE;
        }

      box->first[j] = block->first[j] + MAX (part->first[i], origin) - origin;
      box->last[j] = block->first[j] + MIN (part->last[i], self->source.last[i]) - origin;
    }

  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "io/angles.h"
#include "preview/preview-private.h"
#include "tomography-steps.h"

/* From the corrected sinogram to the slice, by the steps of a job on a group of the fewest lanes, of which one is used.
 *
 * A slice that is reduced by r is made from a sinogram of means of r columns at every r-th angle, whose pixels have the
 * r-fold size. The slice's middle stays where it is. Where angles are few, fewer of them are left out, so that there
 * are as many as columns: then they cost little, and each is missed. */

#define LANES RECON_MIN_LANES

void
_recon_preview_slice_drop_backprojection (ReconPreviewSlice *self)
{
  g_clear_object (&self->backproject);
  g_clear_pointer (&self->image, recon_image_unref);
}

void
_recon_preview_slice_drop_data (ReconPreviewSlice *self)
{
  self->is_filtered = FALSE;
  g_clear_pointer (&self->image, recon_image_unref);
}

void
_recon_preview_slice_drop_filter (ReconPreviewSlice *self)
{
  _recon_preview_slice_drop_data (self);
  g_clear_object (&self->filter);
}

void
_recon_preview_slice_drop (ReconPreviewSlice *self)
{
  _recon_preview_slice_drop_filter (self);
  _recon_preview_slice_drop_backprojection (self);
  g_clear_pointer (&self->buffer, clReleaseMemObject);
}

static ReconBlock
get_block (ReconPreviewSlice *self,
           ReconData          kind)
{
  const ReconShape shape = { kind, self->shape.height, self->shape.width };
  ReconBlock block;

  recon_block_init (&block, 0, 1, LANES, &shape);

  return block;
}

static gboolean
prepare_filter (ReconPreviewSlice  *self,
                ReconPreview       *preview,
                GError            **error)
{
  g_autoptr (ReconStep) filter = NULL;
  ReconFilterSettings settings;

  if (self->filter != NULL)
    return TRUE;

  recon_tomography_get_filter (preview->config, &settings);
  filter = recon_filter_step_new (&settings);
  if (!recon_step_prepare (filter, preview->device, &self->shape, LANES, error))
    return FALSE;
  self->filter = g_steal_pointer (&filter);

  return TRUE;
}

static gboolean
allocate_buffer (ReconPreviewSlice  *self,
                 ReconPreview       *preview,
                 gsize               sinogram_bytes,
                 gsize               bytes,
                 GError            **error)
{
  if (self->buffer != NULL)
    return TRUE;

  if (!_recon_preview_check_memory (preview, 2 * sinogram_bytes, bytes, error))
    return FALSE;
  self->buffer = recon_device_new_buffer (preview->device, bytes, error);

  return self->buffer != NULL;
}

/* Brings the sinogram to the first lane of each angle; what the others hold means nothing. */
static void
reduce_sinogram (ReconPreviewSlice *self,
                 ReconImage        *sinogram,
                 float             *result)
{
  const float *pixels = recon_image_get_pixels (sinogram);
  const gsize columns = recon_image_get_width (sinogram);
  const guint r = self->reduction;

  for (guint angle = 0; angle < self->shape.height; angle++)
    {
      const float *row = pixels + (gsize) angle * self->stride * columns;
      float *line = result + (gsize) angle * LANES * self->shape.width;

      if (r == 1)
        {
          memcpy (line, row, columns * sizeof *line);
          continue;
        }

      for (guint c = 0; c < self->shape.width; c++)
        {
          float sum = 0;

          for (guint i = 0; i < r; i++)
            sum += row[(gsize) c * r + i];
          line[c] = sum / (float) r;
        }
    }
}

static gboolean
filter_sinogram (ReconPreviewSlice  *self,
                 ReconPreview       *preview,
                 ReconImage         *sinogram,
                 GCancellable       *cancellable,
                 GError            **error)
{
  const ReconBlock block = get_block (self, self->shape.kind);
  float *mapped;
  gsize bytes;

  if (self->is_filtered)
    return TRUE;

  if (!_recon_preview_get_bytes (&(ReconShape) { .height = self->shape.height, .width = self->shape.width * LANES },
                                 &bytes, error) ||
      !prepare_filter (self, preview, error) ||
      !allocate_buffer (self, preview, g_bytes_get_size (recon_image_get_bytes (sinogram)), bytes, error))
    return FALSE;

  mapped = recon_device_map (preview->device, self->buffer, CL_MAP_WRITE_INVALIDATE_REGION, bytes, error);
  if (mapped == NULL)
    return FALSE;
  reduce_sinogram (self, sinogram, mapped);

  self->is_filtered =
      recon_device_unmap (preview->device, self->buffer, mapped, error) &&
      recon_step_process (self->filter, &block, self->buffer, self->buffer, cancellable, error);

  return self->is_filtered;
}

/* The part of the reduced slice that comes next to the region: at least a pixel. */
static void
reduce_range (guint  reduction,
              guint  limit,
              guint *begin,
              guint *size)
{
  const guint end = (*begin + *size + reduction / 2) / reduction;

  *begin = MIN ((*begin + reduction / 2) / reduction, limit - 1);
  *size = CLAMP (end, *begin + 1, limit) - *begin;
}

static ReconStep *
new_backproject (ReconPreviewSlice  *self,
                 ReconPreview       *preview,
                 const ReconBox     *box)
{
  const guint r = self->reduction;
  const double *all = recon_scan_get_angles (preview->scan);
  g_autofree double *angles = g_new (double, self->shape.height);
  g_autofree double *weights = NULL;
  ReconBackprojectSettings settings;
  ReconFilterSettings filter;

  for (guint i = 0; i < self->shape.height; i++)
    angles[i] = all[(gsize) i * self->stride];
  weights = recon_angles_weights (angles, self->shape.height, NULL);

  recon_tomography_get_filter (preview->config, &filter);
  recon_tomography_get_backproject (preview->config, preview->scan, box, weights, &settings);
  self->full_width = settings.width;
  self->full_height = settings.height;
  if (r == 1)
    return recon_backproject_new (&settings);

  settings.angles = angles;
  settings.n_angles = self->shape.height;
  settings.axis = (settings.axis + 0.5) / r - 0.5;
  reduce_range (r, self->shape.width, &settings.x0, &settings.width);
  reduce_range (r, self->shape.width, &settings.y0, &settings.height);
  /* The ramp makes values per column, which are those of r columns. */
  if (filter.filter != RECON_FILTER_NONE)
    settings.scale /= r;

  return recon_backproject_new (&settings);
}

static gboolean
prepare_backproject (ReconPreviewSlice  *self,
                     ReconPreview       *preview,
                     GError            **error)
{
  const ReconShape input = { RECON_DATA_FILTERED, self->shape.height, self->shape.width };
  g_autoptr (ReconStep) backproject = NULL;
  ReconRequisition need;
  ReconBox box;

  if (self->backproject != NULL)
    return TRUE;

  if (!recon_tomography_get_box (preview->config, preview->scan, &box, error))
    return FALSE;

  backproject = new_backproject (self, preview, &box);
  if (!recon_step_requisition (backproject, recon_device_get_info (preview->device), &input, LANES, &need, error) ||
      !recon_step_prepare (backproject, preview->device, &input, LANES, error))
    return FALSE;
  self->output = need.output;
  self->backproject = g_steal_pointer (&backproject);

  return TRUE;
}

static gboolean
backproject (ReconPreviewSlice  *self,
             ReconPreview       *preview,
             float              *pixels,
             gsize               bytes,
             GCancellable       *cancellable,
             GError            **error)
{
  const ReconBlock block = get_block (self, RECON_DATA_FILTERED);
  g_auto (ReconClMem) output = recon_device_wrap (preview->device, pixels, bytes, FALSE, error);

  if (output == NULL)
    return FALSE;

  if (recon_step_process (self->backproject, &block, self->buffer, output, cancellable, error) &&
      recon_device_fetch (preview->device, output, pixels, bytes, error))
    return TRUE;

  /* The memory may still be in use. */
  recon_device_wait (preview->device, NULL);

  return FALSE;
}

static gboolean
make_image (ReconPreviewSlice  *self,
            ReconPreview       *preview,
            GCancellable       *cancellable,
            GError            **error)
{
  float *pixels;
  gsize bytes;

  if (!_recon_preview_get_bytes (&self->output, &bytes, error))
    return FALSE;

  pixels = recon_host_memory_new (bytes, error);
  if (pixels == NULL)
    return FALSE;
  if (!backproject (self, preview, pixels, bytes, cancellable, error))
    {
      recon_host_memory_free (pixels);
      return FALSE;
    }
  self->image = _recon_preview_take_image (pixels, self->output.width, self->output.height);

  return TRUE;
}

static ReconPreviewSlice *
choose_reduction (ReconPreview *self,
                  guint         reduction)
{
  const guint n_angles = recon_scan_get_n_angles (self->scan);
  const guint width = recon_scan_get_width (self->scan);
  ReconPreviewSlice *slice;
  guint level = 0;

  while (2u << level <= reduction && width >> (level + 1) >= 2)
    level++;

  slice = &self->slices[level];
  slice->reduction = slice->stride = 1u << level;
  while (slice->stride > 1 && n_angles / slice->stride < width / slice->reduction)
    slice->stride /= 2;
  slice->shape = (ReconShape) { RECON_DATA_SINOGRAMS, (n_angles - 1) / slice->stride + 1, width / slice->reduction };

  return slice;
}

/* A sinogram that is too narrow is reduced less.
 *
 * Returns: (transfer none): a slice with its image, or %NULL on error */
ReconPreviewSlice *
_recon_preview_get_slice (ReconPreview  *self,
                          guint          index,
                          guint          reduction,
                          GCancellable  *cancellable,
                          GError       **error)
{
  ReconPreviewSlice *slice = choose_reduction (self, reduction);
  ReconImage *sinogram;

  /* Wrong settings are told before anything is read. */
  if (!_recon_preview_open_device (self, error) || !prepare_backproject (slice, self, error))
    return NULL;

  sinogram = _recon_preview_get_sinogram (self, index, cancellable, error);
  if (sinogram == NULL)
    return NULL;

  if (slice->image == NULL &&
      (!filter_sinogram (slice, self, sinogram, cancellable, error) || !make_image (slice, self, cancellable, error)))
    return NULL;

  return slice;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "preview/preview.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "error.h"
#include "preview/preview-private.h"

/* Every call says what it wants to see by which configuration. What has changed since the last one is compared
 * parameter by parameter (preview-changes.c), and what depends on that is dropped; then the view asks for its stages
 * from the last to the first, and what isn't there any more is made again:
 *
 *   scan ─▶ rows of a slice ─▶ corrected sinogram ─▶ filtered ─▶ slice      the latter two for each reduction
 *      ├──▶ one projection ──▶ corrected
 *      └──▶ darks, flats
 *
 * The steps that make the stages are kept likewise: another slice needs no new tables. */

G_DEFINE_FINAL_TYPE (ReconPreview, recon_preview, G_TYPE_OBJECT)

static void
drop_correction (ReconPreview *self)
{
  _recon_preview_sinogram_drop_correction (&self->sinogram);
  _recon_preview_projection_drop_correction (&self->projection);
  for (guint i = 0; i < RECON_N_REDUCTIONS; i++)
    _recon_preview_slice_drop_data (&self->slices[i]);
}

static void
drop_device (ReconPreview *self)
{
  drop_correction (self);
  for (guint i = 0; i < RECON_N_REDUCTIONS; i++)
    _recon_preview_slice_drop (&self->slices[i]);
  g_clear_object (&self->device);
}

static void
drop_scan (ReconPreview *self)
{
  _recon_preview_sinogram_drop (&self->sinogram);
  _recon_preview_projection_drop (&self->projection);
  for (guint i = 0; i < RECON_N_REDUCTIONS; i++)
    _recon_preview_slice_drop (&self->slices[i]);
  _recon_preview_drop_axis (self);
  g_clear_object (&self->scan);
}

static void
recon_preview_finalize (GObject *object)
{
  ReconPreview *self = RECON_PREVIEW (object);

  drop_scan (self);
  drop_device (self);
  g_clear_object (&self->config);
  g_clear_object (&self->log);

  G_OBJECT_CLASS (recon_preview_parent_class)->finalize (object);
}

static void
recon_preview_class_init (ReconPreviewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_preview_finalize;
}

static void
recon_preview_init (ReconPreview *self)
{
  self->axis = NAN;
}

void
recon_preview_result_clear (ReconPreviewResult *self)
{
  g_clear_pointer (&self->image, recon_image_unref);
  *self = (ReconPreviewResult) { 0 };
}

/**
 * recon_preview_new:
 * @log: (nullable): hears what was decided when a scan is opened
 *
 * Returns: (transfer full): a preview of nothing yet
 */
ReconPreview *
recon_preview_new (ReconLog *log)
{
  ReconPreview *self = g_object_new (RECON_TYPE_PREVIEW, NULL);

  self->log = log != NULL ? g_object_ref (log) : NULL;

  return self;
}

/* Drops what doesn't hold any more. */
static void
take_config (ReconPreview *self,
             ReconConfig  *config)
{
  guint changes;

  if (self->config == NULL)
    {
      self->config = recon_config_copy (config);
      return;
    }

  changes = _recon_preview_compare (self->config, config);
  recon_config_assign (self->config, config);

  if ((changes & RECON_CHANGE_SCAN) != 0)
    drop_scan (self);
  if ((changes & RECON_CHANGE_GEOMETRY) != 0)
    self->has_geometry = FALSE;
  if ((changes & RECON_CHANGE_DEVICE) != 0)
    drop_device (self);
  if ((changes & RECON_CHANGE_CORRECTION) != 0)
    drop_correction (self);
  if ((changes & (RECON_CHANGE_CORRECTION | RECON_CHANGE_SEARCH)) != 0)
    _recon_preview_drop_axis (self);
  for (guint i = 0; i < RECON_N_REDUCTIONS; i++)
    {
      if ((changes & RECON_CHANGE_FILTER) != 0)
        _recon_preview_slice_drop_filter (&self->slices[i]);
      if ((changes & RECON_CHANGE_BACKPROJECTION) != 0)
        _recon_preview_slice_drop_backprojection (&self->slices[i]);
    }
}

static gboolean
open_scan (ReconPreview  *self,
           GError       **error)
{
  if (self->scan == NULL)
    self->scan = recon_scan_open (self->config, self->log, error);
  /* The log heard of the scan when it was opened; it isn't told of every move of the axis. */
  else if (!self->has_geometry && !recon_scan_update (self->scan, self->config, NULL, error))
    return FALSE;
  self->has_geometry = self->scan != NULL;

  return self->has_geometry;
}

static gboolean
is_projection (ReconView view)
{
  return view == RECON_VIEW_PROJECTION || view == RECON_VIEW_CORRECTED;
}

static gboolean
is_reference (ReconView view)
{
  return view >= RECON_VIEW_DARK;
}

static guint
count_images (ReconPreview *self,
              ReconView     view)
{
  if (is_reference (view))
    return 1;

  return is_projection (view) ? recon_scan_get_n_angles (self->scan) : recon_scan_get_n_slices (self->scan);
}

static gboolean
check_request (ReconPreview               *self,
               const ReconPreviewRequest  *request,
               guint                       n_images,
               GError                    **error)
{
  if (request->view >= RECON_N_VIEWS)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("There is no view %d. Choose a projection (0), a corrected projection (1), a sinogram (2), a "
                      "slice (3), the dark (4), the flat (5) or the last flat (6)."),
                   request->view);
      return FALSE;
    }
  if (request->reduction != 1 && request->reduction != 2 && request->reduction != 4)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("Images can't be reduced by %u. Choose 1, 2 or 4."),
                   request->reduction);
      return FALSE;
    }
  if (request->index >= n_images)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   is_reference (request->view)
                     ? _ ("Image %u of the darks or flats is beyond the %u that there is, counted from 0. Choose 0.")
                   : is_projection (request->view)
                     ? _ ("Projection %u is beyond the %u that are used, counted from 0. Choose a smaller number, or "
                          "more projections by input.projection-start, projection-stop and projection-step.")
                     : _ ("Slice %u is beyond the %u that are selected, counted from 0. Choose a smaller number, or "
                          "more rows by input.y-start, y-stop and y-step."),
                   request->index, n_images);
      return FALSE;
    }

  return TRUE;
}

static gboolean
make_slice (ReconPreview               *self,
            const ReconPreviewRequest  *request,
            ReconPreviewResult         *result,
            GCancellable               *cancellable,
            GError                    **error)
{
  ReconPreviewSlice *slice;

  if (!_recon_preview_settle_axis (self, cancellable, error))
    return FALSE;

  slice = _recon_preview_get_slice (self, request->index, request->reduction, cancellable, error);
  if (slice == NULL)
    return FALSE;

  result->image = recon_image_ref (slice->image);
  result->reduction = slice->reduction;
  result->width = slice->full_width;
  result->height = slice->full_height;

  return TRUE;
}

static gboolean
make_view (ReconPreview               *self,
           const ReconPreviewRequest  *request,
           ReconPreviewResult         *result,
           GCancellable               *cancellable,
           GError                    **error)
{
  g_autoptr (ReconImage) reference = NULL;
  ReconImage *image;

  if (request->view == RECON_VIEW_SLICE)
    return make_slice (self, request, result, cancellable, error);

  if (is_reference (request->view))
    image = reference = _recon_preview_make_reference (self, request->view, cancellable, error);
  else if (request->view == RECON_VIEW_SINOGRAM)
    image = _recon_preview_get_sinogram (self, request->index, cancellable, error);
  else
    image = _recon_preview_get_projection (self, request->index, request->view == RECON_VIEW_CORRECTED, cancellable,
                                           error);
  if (image == NULL)
    return FALSE;

  result->image = recon_image_ref (image);
  result->reduction = 1;
  result->width = recon_image_get_width (image);
  result->height = recon_image_get_height (image);

  return TRUE;
}

static gboolean
make (ReconPreview               *self,
      const ReconPreviewRequest  *request,
      ReconPreviewResult         *result,
      GCancellable               *cancellable,
      GError                    **error)
{
  ReconPreviewRequest wanted = *request;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !open_scan (self, error))
    return FALSE;

  result->n_images = count_images (self, request->view);
  if (request->index == RECON_PREVIEW_MIDDLE)
    wanted.index = result->n_images / 2;
  if (!check_request (self, &wanted, result->n_images, error) ||
      !make_view (self, &wanted, result, cancellable, error))
    return FALSE;

  result->index = wanted.index;
  if (!is_reference (request->view))
    result->number = is_projection (request->view) ? recon_scan_get_projection_number (self->scan, wanted.index)
                                                   : recon_scan_get_slice_number (self->scan, wanted.index);

  return TRUE;
}

/**
 * recon_preview_make:
 * @self: a preview
 * @config: of what and how; a copy is kept. Output parameters are not looked at
 * @request: what to show. A reduction other than 1 counts for slices only
 * @result: (out caller-allocates): the image, to be cleared with recon_preview_result_clear(); empty on error
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Makes an image. What earlier calls have made serves as far as the parameters that it depends on have the same values;
 * files are opened and read again only where the parameters of the input have changed, or another image is wanted. An
 * axis that has to be found is found for the first slice, which takes longer by that.
 *
 * A slice that is reduced by r = 2 or 4 is made of means of r columns at every r-th angle (at more of them where that
 * would be fewer than columns): an approximation on the same scale, with about 1/r of the pixels in width and height.
 * Columns that don't fill a mean are left out, and a region comes as it is next to whole pixels of that size. Scans of
 * very few columns are reduced less.
 *
 * Returns: %FALSE with the errors of recon_scan_open(), #RECON_ERROR_CONFIG, #RECON_ERROR_INPUT, #RECON_ERROR_READ,
 *   #RECON_ERROR_DEVICE, #RECON_ERROR_MEMORY, #RECON_ERROR_AXIS or %G_IO_ERROR_CANCELLED; further calls may follow
 */
gboolean
recon_preview_make (ReconPreview               *self,
                    ReconConfig                *config,
                    const ReconPreviewRequest  *request,
                    ReconPreviewResult         *result,
                    GCancellable               *cancellable,
                    GError                    **error)
{
  const gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) failure = NULL;

  g_return_val_if_fail (RECON_IS_PREVIEW (self), FALSE);
  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);
  g_return_val_if_fail (request != NULL && result != NULL, FALSE);

  *result = (ReconPreviewResult) { 0 };
  take_config (self, config);

  if (make (self, request, result, cancellable, &failure))
    {
      result->seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
      return TRUE;
    }

  /* Files that can't be read may have been replaced, and a device that failed may stay so: neither is kept. */
  if (g_error_matches (failure, RECON_ERROR, RECON_ERROR_READ))
    drop_scan (self);
  else if (g_error_matches (failure, RECON_ERROR, RECON_ERROR_DEVICE))
    drop_device (self);
  recon_preview_result_clear (result);
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

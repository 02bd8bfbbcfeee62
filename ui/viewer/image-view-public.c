/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/image-view-private.h"

#include "viewer/export.h"

/**
 * recon_image_view_set_image:
 * @self: a view
 * @image: (nullable): an image
 * @full_width: its columns if it were not reduced: those are what one zooms and reads by
 * @full_height: its rows if it were not reduced
 *
 * A large image is shown as soon as it has been made ready in the background. What part is seen stays, and so do
 * levels that are locked.
 */
void
recon_image_view_set_image (ReconImageView *self,
                            ReconImage     *image,
                            guint           full_width,
                            guint           full_height)
{
  gboolean is_new;

  g_return_if_fail (RECON_IS_IMAGE_VIEW (self));

  /* Nothing can be seen of an image without pixels. */
  if (image != NULL && (recon_image_get_width (image) == 0 || recon_image_get_height (image) == 0))
    image = NULL;
  if (image != NULL && (full_width == 0 || full_height == 0))
    {
      full_width = recon_image_get_width (image);
      full_height = recon_image_get_height (image);
    }

  is_new = self->wanted.first != image;
  if (image != NULL)
    recon_image_ref (image);
  g_clear_pointer (&self->wanted.first, recon_image_unref);
  self->wanted.first = image;
  self->wanted.full_width = full_width;
  self->wanted.full_height = full_height;
  if (is_new)
    self->levels_wanted = TRUE;
  if (is_new || !_recon_image_view_is_ready (self))
    _recon_image_view_queue_prepare (self);
  if (is_new)
    _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_IMAGE);
}

/**
 * recon_image_view_get_image:
 * @self: a view
 *
 * Returns: (transfer none) (nullable): the image that was set last
 */
ReconImage *
recon_image_view_get_image (ReconImageView *self)
{
  g_return_val_if_fail (RECON_IS_IMAGE_VIEW (self), NULL);

  return self->wanted.first;
}

/**
 * recon_image_view_set_overlay:
 * @self: a view
 * @second: (nullable): an image that is laid upon the first, mirrored left to right about its middle
 * @overlay: how
 * @shift: how far the second image lies to the right, in pixels
 *
 * Where only one of the images is, nothing is shown. While there is an overlay, dragging and the arrow keys move it.
 */
void
recon_image_view_set_overlay (ReconImageView *self,
                              ReconImage     *second,
                              ReconOverlay    overlay,
                              double          shift)
{
  ReconScene *scene;

  g_return_if_fail (RECON_IS_IMAGE_VIEW (self));

  if (second == NULL || overlay == RECON_OVERLAY_NONE)
    {
      second = NULL;
      overlay = RECON_OVERLAY_NONE;
      shift = 0;
    }

  if (self->wanted.second != second || self->wanted.overlay != overlay)
    {
      if (second != NULL)
        recon_image_ref (second);
      g_clear_pointer (&self->wanted.second, recon_image_unref);
      self->wanted.second = second;
      self->wanted.overlay = overlay;
      self->wanted.shift = shift;
      self->levels_wanted = TRUE;
      if (self->wanted.first != NULL)
        _recon_image_view_queue_prepare (self);
      return;
    }

  if (self->wanted.shift == shift)
    return;

  /* Only this is looked up while drawing. */
  self->wanted.shift = shift;
  scene = recon_canvas_get_scene (self->canvas);
  scene->shift = shift;
  self->histogram_stale = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self->levels_popover)) && self->wanted.first != NULL)
    _recon_image_view_queue_prepare (self);
  recon_canvas_redraw (self->canvas);
  _recon_image_view_update_readout (self);
  _recon_image_view_update_profile (self);
}

/**
 * recon_image_view_export_view:
 * @self: a view on the screen
 * @file: where to; replaced only once the new one is complete
 * @error: return location
 *
 * Saves what is seen of the image as it is seen, with zoom, levels, colours and all that lies upon it, in pixels of the
 * screen. The ground beside the image is left out.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE, #RECON_ERROR_MEMORY, or #RECON_ERROR_INPUT if nothing is seen
 */
gboolean
recon_image_view_export_view (ReconImageView  *self,
                              GFile           *file,
                              GError         **error)
{
  g_autoptr (GdkTexture) texture = NULL;

  g_return_val_if_fail (RECON_IS_IMAGE_VIEW (self), FALSE);

  _recon_image_view_prepare_now (self);
  texture = recon_canvas_draw_view (self->canvas, error);

  return texture != NULL && recon_export_texture (texture, file, error);
}

/**
 * recon_image_view_export_png:
 * @self: a view
 * @file: where to; replaced only once the new one is complete
 * @error: return location
 *
 * Saves the whole image with the levels and colours that it is seen in, one pixel for each of its own.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE, or #RECON_ERROR_INPUT without an image
 */
gboolean
recon_image_view_export_png (ReconImageView  *self,
                             GFile           *file,
                             GError         **error)
{
  g_return_val_if_fail (RECON_IS_IMAGE_VIEW (self), FALSE);

  _recon_image_view_prepare_now (self);

  return recon_export_png (recon_canvas_get_scene (self->canvas), file, error);
}

/**
 * recon_image_view_export_tiff:
 * @self: a view
 * @file: where to; replaced only once the new one is complete
 * @error: return location
 *
 * Saves the values as float32, those of the overlay if there is one.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE, or #RECON_ERROR_INPUT without an image
 */
gboolean
recon_image_view_export_tiff (ReconImageView  *self,
                              GFile           *file,
                              GError         **error)
{
  g_return_val_if_fail (RECON_IS_IMAGE_VIEW (self), FALSE);

  _recon_image_view_prepare_now (self);

  return recon_export_tiff (recon_canvas_get_scene (self->canvas), file, error);
}

/**
 * recon_image_view_format_profile:
 * @self: a view
 *
 * Returns: (transfer full) (nullable): the line profile as a table in CSV, or %NULL where there is no line
 */
char *
recon_image_view_format_profile (ReconImageView *self)
{
  g_autoptr (ReconProfile) profile = NULL;

  g_return_val_if_fail (RECON_IS_IMAGE_VIEW (self), NULL);

  _recon_image_view_prepare_now (self);
  profile = _recon_image_view_make_profile (self);

  return profile != NULL ? recon_profile_to_csv (profile) : NULL;
}

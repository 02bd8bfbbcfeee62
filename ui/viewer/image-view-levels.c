/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/image-view-private.h"

/**
 * _recon_image_view_set_levels:
 * @self: a view
 * @low: the lower level
 * @high: the higher one
 *
 * Sets both at once.
 */
void
_recon_image_view_set_levels (ReconImageView *self,
                              double          low,
                              double          high)
{
  ReconScene *scene = recon_canvas_get_scene (self->canvas);
  ReconLevels before = scene->levels;

  self->levels_known = TRUE;
  recon_levels_set (&scene->levels, low, high);
  if (recon_levels_equal (&before, &scene->levels))
    return;

  recon_levels_popover_set_levels (self->levels_popover, &scene->levels);
  recon_canvas_redraw (self->canvas);
  if (before.low != scene->levels.low)
    _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_LOW);
  if (before.high != scene->levels.high)
    _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_HIGH);
}

/**
 * _recon_image_view_hand_levels:
 * @self: a view
 * @low: the lower level
 * @high: the higher one
 *
 * Sets levels that the user has chosen. They are locked, so that they are not lost with the next image.
 */
void
_recon_image_view_hand_levels (ReconImageView *self,
                               double          low,
                               double          high)
{
  self->levels_wanted = FALSE;
  _recon_image_view_set_levels (self, low, high);
  g_object_set (self, "lock-levels", TRUE, NULL);
}

/**
 * _recon_image_view_set_level:
 * @self: a view
 * @property: which one
 * @value: what it becomes
 *
 * Sets one of the levels alone; the other makes room.
 */
void
_recon_image_view_set_level (ReconImageView *self,
                             guint           property,
                             double          value)
{
  const ReconLevels *levels = &recon_canvas_get_scene (self->canvas)->levels;
  double width = levels->high - levels->low;

  self->levels_wanted = FALSE;
  if (property == RECON_IMAGE_VIEW_PROP_LOW)
    _recon_image_view_set_levels (self, value, value < levels->high ? levels->high : value + width);
  else
    _recon_image_view_set_levels (self, value > levels->low ? levels->low : value - width, value);
}

/**
 * _recon_image_view_apply_auto:
 * @self: a view with a picture
 * @mode: which levels
 *
 * Sets levels after the values of the picture; those of a difference lie about 0.
 */
void
_recon_image_view_apply_auto (ReconImageView  *self,
                              ReconAutoLevels  mode)
{
  const ReconHistogram *histogram = recon_picture_get_histogram (self->picture);
  double low = histogram->percentile_1, high = histogram->percentile_99;

  if (mode == RECON_AUTO_LEVELS_FULL || low == high)
    {
      low = histogram->minimum;
      high = histogram->maximum;
    }
  if (recon_picture_get_request (self->picture)->overlay == RECON_OVERLAY_DIFFERENCE)
    {
      high = MAX (ABS (low), ABS (high));
      low = -high;
    }
  if (histogram->n_values == 0)
    high = low + 1.0;

  _recon_image_view_set_levels (self, low, high);
}

/**
 * _recon_image_view_update_colours:
 * @self: a view
 *
 * A difference has a middle, and is always shown by colours that have one.
 */
void
_recon_image_view_update_colours (ReconImageView *self)
{
  ReconScene *scene = recon_canvas_get_scene (self->canvas);

  scene->colour_map = scene->overlay == RECON_OVERLAY_DIFFERENCE ? RECON_COLOUR_MAP_DIVERGING : self->colour_map;
  recon_levels_popover_set_colour_map (self->levels_popover, scene->colour_map);
  recon_canvas_redraw (self->canvas);
}

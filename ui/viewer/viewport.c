/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/viewport.h"

#include <math.h>

#define LARGEST_ZOOM 128.0

/* Where zooming by buttons and keys stops. */
static const double steps_of_zoom[] = {
  1.0 / 64, 1.0 / 48, 1.0 / 32, 1.0 / 24, 1.0 / 16, 1.0 / 12, 1.0 / 8, 1.0 / 6, 1.0 / 4, 1.0 / 3, 1.0 / 2, 2.0 / 3,
  1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128,
};

static gboolean
has_sizes (const ReconViewport *self)
{
  return self->view_width > 0 && self->view_height > 0 && self->image_width > 0 && self->image_height > 0;
}

/* Keeps the middle of the view over the image, and puts the image on the grid of the screen's pixels: at whole-numbered
 * zooms each of its pixels then covers the same number of theirs. */
static void
constrain (ReconViewport *self)
{
  double half_width, half_height;

  if (!has_sizes (self))
    return;

  half_width = self->view_width / (2.0 * self->zoom);
  half_height = self->view_height / (2.0 * self->zoom);
  self->x = CLAMP (self->x, -half_width, self->image_width - half_width);
  self->y = CLAMP (self->y, -half_height, self->image_height - half_height);
  self->x = round (self->x * self->zoom) / self->zoom;
  self->y = round (self->y * self->zoom) / self->zoom;
}

static void
apply_fit (ReconViewport *self)
{
  if (!has_sizes (self))
    return;

  self->zoom = recon_viewport_get_fit_zoom (self);
  self->x = (self->image_width - self->view_width / self->zoom) / 2.0;
  self->y = (self->image_height - self->view_height / self->zoom) / 2.0;
  constrain (self);
}

/**
 * recon_viewport_init:
 * @self: (out caller-allocates): a viewport
 *
 * Makes a view of no size upon an image of no size, which fits.
 */
void
recon_viewport_init (ReconViewport *self)
{
  *self = (ReconViewport) { .zoom = 1.0, .fit = TRUE };
}

/**
 * recon_viewport_set_view_size:
 * @self: a viewport
 * @width: pixels of the screen
 * @height: pixels of the screen
 *
 * What was in the middle of the view stays there.
 */
void
recon_viewport_set_view_size (ReconViewport *self,
                              double         width,
                              double         height)
{
  self->x += (self->view_width - width) / (2.0 * self->zoom);
  self->y += (self->view_height - height) / (2.0 * self->zoom);
  self->view_width = width;
  self->view_height = height;

  if (self->fit)
    apply_fit (self);
  else
    constrain (self);
}

/**
 * recon_viewport_set_image_size:
 * @self: a viewport
 * @width: pixels
 * @height: pixels
 *
 * Zoom and position stay as they are where the viewport does not fit the image, so that images of one size can be
 * compared.
 */
void
recon_viewport_set_image_size (ReconViewport *self,
                               double         width,
                               double         height)
{
  if (self->image_width == width && self->image_height == height)
    return;

  self->image_width = width;
  self->image_height = height;
  if (self->fit)
    apply_fit (self);
  else
    recon_viewport_set_zoom (self, self->zoom);
}

/**
 * recon_viewport_set_fit:
 * @self: a viewport
 * @fit: whether the whole image shall be seen
 *
 * Zooming and panning end this state, changes of size do not.
 */
void
recon_viewport_set_fit (ReconViewport *self,
                        gboolean       fit)
{
  self->fit = fit;
  if (fit)
    apply_fit (self);
}

/**
 * recon_viewport_get_fit_zoom:
 * @self: a viewport
 *
 * Returns: the zoom at which the whole image is just seen; small images are not made larger than the limit
 */
double
recon_viewport_get_fit_zoom (const ReconViewport *self)
{
  if (!has_sizes (self))
    return 1.0;

  return MIN (MIN (self->view_width / self->image_width, self->view_height / self->image_height), LARGEST_ZOOM);
}

/**
 * recon_viewport_get_limits:
 * @self: a viewport
 * @smallest: (out): smallest zoom, half of what fits and at most 1
 * @largest: (out): largest zoom
 */
void
recon_viewport_get_limits (const ReconViewport *self,
                           double              *smallest,
                           double              *largest)
{
  *smallest = MIN (recon_viewport_get_fit_zoom (self) / 2.0, 1.0);
  *largest = LARGEST_ZOOM;
}

/**
 * recon_viewport_zoom_about:
 * @self: a viewport
 * @zoom: pixels of the screen per pixel of the image
 * @view_x: position in the view of the point that stays where it is
 * @view_y: the same
 */
void
recon_viewport_zoom_about (ReconViewport *self,
                           double         zoom,
                           double         view_x,
                           double         view_y)
{
  double image_x, image_y, smallest, largest;

  if (!(zoom > 0))
    return;

  recon_viewport_to_image (self, view_x, view_y, &image_x, &image_y);
  recon_viewport_get_limits (self, &smallest, &largest);
  self->zoom = CLAMP (zoom, smallest, largest);
  self->x = image_x - view_x / self->zoom;
  self->y = image_y - view_y / self->zoom;
  self->fit = FALSE;
  constrain (self);
}

/**
 * recon_viewport_set_zoom:
 * @self: a viewport
 * @zoom: pixels of the screen per pixel of the image
 *
 * Zooms about the middle of the view.
 */
void
recon_viewport_set_zoom (ReconViewport *self,
                         double         zoom)
{
  recon_viewport_zoom_about (self, zoom, self->view_width / 2.0, self->view_height / 2.0);
}

/**
 * recon_viewport_step_zoom:
 * @self: a viewport
 * @steps: 1 to come nearer, -1 to go away
 *
 * Returns: the next round zoom in that direction
 */
double
recon_viewport_step_zoom (const ReconViewport *self,
                          int                  steps)
{
  const double tolerance = 1e-6;

  if (steps > 0)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (steps_of_zoom); i++)
        if (steps_of_zoom[i] > self->zoom * (1.0 + tolerance))
          return steps_of_zoom[i];
      return LARGEST_ZOOM;
    }

  for (gsize i = G_N_ELEMENTS (steps_of_zoom); i > 0; i--)
    if (steps_of_zoom[i - 1] < self->zoom * (1.0 - tolerance))
      return steps_of_zoom[i - 1];

  return steps_of_zoom[0];
}

/**
 * recon_viewport_scale_zoom:
 * @self: a viewport
 * @factor: how much nearer
 *
 * Returns: the zoom times @factor, but 1 where that lies between: nobody shall have to hunt for it with a wheel
 */
double
recon_viewport_scale_zoom (const ReconViewport *self,
                           double               factor)
{
  double zoom = self->zoom * factor;

  if ((self->zoom < 0.999 && zoom > 1.0) || (self->zoom > 1.001 && zoom < 1.0))
    return 1.0;

  return zoom;
}

/**
 * recon_viewport_pan:
 * @self: a viewport
 * @dx: how far the image moves to the right, in pixels of the screen
 * @dy: how far the image moves down
 */
void
recon_viewport_pan (ReconViewport *self,
                    double         dx,
                    double         dy)
{
  self->x -= dx / self->zoom;
  self->y -= dy / self->zoom;
  self->fit = FALSE;
  constrain (self);
}

/**
 * recon_viewport_to_image:
 * @self: a viewport
 * @view_x: position in the view
 * @view_y: the same
 * @image_x: (out): position in the image
 * @image_y: (out): the same
 */
void
recon_viewport_to_image (const ReconViewport *self,
                         double               view_x,
                         double               view_y,
                         double              *image_x,
                         double              *image_y)
{
  *image_x = self->x + view_x / self->zoom;
  *image_y = self->y + view_y / self->zoom;
}

/**
 * recon_viewport_to_view:
 * @self: a viewport
 * @image_x: position in the image
 * @image_y: the same
 * @view_x: (out): position in the view
 * @view_y: (out): the same
 */
void
recon_viewport_to_view (const ReconViewport *self,
                        double               image_x,
                        double               image_y,
                        double              *view_x,
                        double              *view_y)
{
  *view_x = (image_x - self->x) * self->zoom;
  *view_y = (image_y - self->y) * self->zoom;
}

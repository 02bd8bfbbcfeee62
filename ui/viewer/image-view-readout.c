/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/image-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* Where a pixel is, from the middle of the first one, where that is known. Its digits tell tenths of pixels apart.
 *
 * Returns: (transfer full): what follows the value */
static char *
format_length (ReconImageView *self,
               int             x,
               int             y)
{
  double size = self->pixel_size / 1000;
  int digits;

  if (!(size > 0))
    return g_strdup ("");

  digits = (int) CLAMP (1 - floor (log10 (size)), 0, 6);

  return g_strdup_printf (_ ("  (%.*f, %.*f mm)"), digits, x * size, digits, y * size);
}

/* Numbers of pixels come left, so that the value stays where it is while the pointer moves. */
static char *
format_pixel (ReconImageView *self,
              int             x,
              int             y)
{
  const ReconScene *scene = recon_canvas_get_scene (self->canvas);
  const ReconPictureRequest *request;
  g_autofree char *length = NULL;
  ReconLayer layer;
  ReconTexel texel;
  float value;
  int column, row;

  if (self->picture == NULL)
    return NULL;

  request = recon_picture_get_request (self->picture);
  if (x < 0 || y < 0 || x >= (int) request->full_width || y >= (int) request->full_height)
    return NULL;

  recon_layer_init (&layer, self->picture, 0, scene->overlay, scene->shift, scene->blink);
  column = (int) ((gint64) x * layer.width / request->full_width);
  row = (int) ((gint64) y * layer.height / request->full_height);
  texel = recon_layer_get (&layer, column, row, &value);
  length = format_length (self, x, y);
  if (texel == RECON_TEXEL_EMPTY)
    return g_strdup_printf (_ ("x %d  y %d  no overlap%s"), x, y, length);
  if (texel == RECON_TEXEL_NAN)
    return g_strdup_printf (_ ("x %d  y %d  NaN%s"), x, y, length);
  if (isinf (value))
    return g_strdup_printf (_ ("x %d  y %d  %s%s"), x, y, value > 0 ? "+Inf" : "−Inf", length);
  if (self->value_unit != NULL && *self->value_unit != '\0')
    return g_strdup_printf (_ ("x %d  y %d  %.6g %s%s"), x, y, (double) value, self->value_unit, length);

  return g_strdup_printf (_ ("x %d  y %d  %.6g%s"), x, y, (double) value, length);
}

static char *
format_pointer (ReconImageView *self)
{
  double x, y;

  if (!self->has_pointer)
    return NULL;

  recon_canvas_get_position (self->canvas, self->pointer_x, self->pointer_y, &x, &y);

  return format_pixel (self, (int) floor (x), (int) floor (y));
}

static char *
format_pin (ReconImageView *self)
{
  const ReconMarks *marks = recon_canvas_get_marks (self->canvas);

  return marks->has_pin ? format_pixel (self, marks->pin_x, marks->pin_y) : NULL;
}

/**
 * _recon_image_view_update_readout:
 * @self: a view
 *
 * Reads the pixel under the pointer and the one that is pinned.
 */
void
_recon_image_view_update_readout (ReconImageView *self)
{
  g_autofree char *pointer = format_pointer (self);
  g_autofree char *pin = format_pin (self);
  g_autofree char *both = NULL;

  if (pointer != NULL && pin != NULL)
    both = g_strdup_printf (_ ("%s\nPinned: %s"), pointer, pin);
  else if (pin != NULL)
    both = g_strdup_printf (_ ("Pinned: %s"), pin);
  else
    both = g_strdup (pointer);

  gtk_label_set_label (self->readout_label, both != NULL ? both : "");
  gtk_widget_set_visible (GTK_WIDGET (self->readout_label), both != NULL);

  if (pointer == NULL)
    pointer = g_steal_pointer (&pin);
  if (g_strcmp0 (pointer, self->readout) == 0)
    return;

  g_free (self->readout);
  self->readout = g_steal_pointer (&pointer);
  _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_READOUT);
}

/**
 * _recon_image_view_set_value_unit:
 * @self: a view
 * @unit: (nullable): that of the values, such as "1/mm"
 */
void
_recon_image_view_set_value_unit (ReconImageView *self,
                                  const char     *unit)
{
  if (g_strcmp0 (self->value_unit, unit) == 0)
    return;

  g_free (self->value_unit);
  self->value_unit = g_strdup (unit);
  _recon_image_view_update_readout (self);
  _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_VALUE_UNIT);
}

/**
 * _recon_image_view_set_scale:
 * @self: a view
 * @property: that is set
 * @scale_bar: whether there is one; the readout then stands above it
 * @pixel_size: of the image, in µm; 0 if it isn't known
 */
void
_recon_image_view_set_scale (ReconImageView *self,
                             guint           property,
                             gboolean        scale_bar,
                             double          pixel_size)
{
  if (scale_bar == self->scale_bar && pixel_size == self->pixel_size)
    return;

  self->scale_bar = scale_bar;
  self->pixel_size = pixel_size;
  recon_canvas_set_scale (self->canvas, scale_bar, pixel_size);
  if (scale_bar)
    gtk_widget_add_css_class (GTK_WIDGET (self->readout_label), "above-scale");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->readout_label), "above-scale");
  _recon_image_view_update_readout (self);
  _recon_image_view_notify (self, property);
}

/**
 * _recon_image_view_get_copy_text:
 * @self: a view
 *
 * Returns: (transfer full) (nullable): the pinned readout, else that of the pointer
 */
char *
_recon_image_view_get_copy_text (ReconImageView *self)
{
  char *pin = format_pin (self);

  return pin != NULL ? pin : format_pointer (self);
}

/**
 * _recon_image_view_toggle_pin:
 * @self: a view
 * @x: position in the canvas
 * @y: the same
 *
 * Pins the pixel there, or lets it loose if it is pinned, or if there is none.
 */
void
_recon_image_view_toggle_pin (ReconImageView *self,
                              double          x,
                              double          y)
{
  ReconMarks *marks = recon_canvas_get_marks (self->canvas);
  const ReconViewport *viewport = &recon_canvas_get_scene (self->canvas)->viewport;
  double image_x, image_y;
  int pin_x, pin_y;
  gboolean inside;

  if (self->picture == NULL)
    return;

  recon_canvas_get_position (self->canvas, x, y, &image_x, &image_y);
  pin_x = (int) floor (image_x);
  pin_y = (int) floor (image_y);
  inside = pin_x >= 0 && pin_y >= 0 && pin_x < viewport->image_width && pin_y < viewport->image_height;
  marks->has_pin = inside && !(marks->has_pin && marks->pin_x == pin_x && marks->pin_y == pin_y);
  marks->pin_x = pin_x;
  marks->pin_y = pin_y;
  recon_canvas_redraw (self->canvas);
  _recon_image_view_update_readout (self);
}

/**
 * _recon_image_view_move_pin:
 * @self: a view
 * @dx: pixels to the right
 * @dy: pixels down
 *
 * Moves the pin; where there is none, it comes to the middle of the view.
 */
void
_recon_image_view_move_pin (ReconImageView *self,
                            int             dx,
                            int             dy)
{
  ReconMarks *marks = recon_canvas_get_marks (self->canvas);
  const ReconViewport *viewport = &recon_canvas_get_scene (self->canvas)->viewport;

  if (self->picture == NULL)
    return;

  if (!marks->has_pin)
    {
      double x, y;

      recon_viewport_to_image (viewport, viewport->view_width / 2.0, viewport->view_height / 2.0, &x, &y);
      marks->has_pin = TRUE;
      marks->pin_x = (int) floor (x);
      marks->pin_y = (int) floor (y);
      dx = 0;
      dy = 0;
    }
  marks->pin_x = CLAMP (marks->pin_x + dx, 0, (int) viewport->image_width - 1);
  marks->pin_y = CLAMP (marks->pin_y + dy, 0, (int) viewport->image_height - 1);
  recon_canvas_redraw (self->canvas);
  _recon_image_view_update_readout (self);
}

/**
 * _recon_image_view_place_line:
 * @self: a view
 *
 * Shows or hides the line of the profile. A new one lies across the middle half of what is seen; one that reaches out
 * of the image is cut.
 */
void
_recon_image_view_place_line (ReconImageView *self)
{
  ReconMarks *marks = recon_canvas_get_marks (self->canvas);
  const ReconViewport *viewport = &recon_canvas_get_scene (self->canvas)->viewport;

  if (!self->profiling || self->picture == NULL)
    marks->has_line = FALSE;
  else if (!marks->has_line)
    {
      double left, right, top, bottom;

      recon_viewport_to_image (viewport, 0, 0, &left, &top);
      recon_viewport_to_image (viewport, viewport->view_width, viewport->view_height, &right, &bottom);
      left = MAX (left, 0);
      top = MAX (top, 0);
      right = MIN (right, viewport->image_width);
      bottom = MIN (bottom, viewport->image_height);
      marks->line[0] = floor (left + (right - left) * 0.25) + 0.5;
      marks->line[2] = floor (left + (right - left) * 0.75) + 0.5;
      marks->line[1] = marks->line[3] = floor ((top + bottom) / 2.0) + 0.5;
      marks->has_line = TRUE;
    }

  for (guint i = 0; i < 4; i++)
    {
      double size = i % 2 == 0 ? viewport->image_width : viewport->image_height;

      marks->line[i] = CLAMP (marks->line[i], 0.5, MAX (size - 0.5, 0.5));
    }
  recon_canvas_redraw (self->canvas);
}

/**
 * _recon_image_view_make_profile:
 * @self: a view
 *
 * Returns: (transfer full) (nullable): the values along the line, if there is one
 */
ReconProfile *
_recon_image_view_make_profile (ReconImageView *self)
{
  const ReconScene *scene = recon_canvas_get_scene (self->canvas);
  const ReconMarks *marks = recon_canvas_get_marks (self->canvas);

  if (self->picture == NULL || !marks->has_line)
    return NULL;

  return recon_profile_new (self->picture, scene->overlay, scene->shift, marks->line[0] - 0.5, marks->line[1] - 0.5,
                            marks->line[2] - 0.5, marks->line[3] - 0.5);
}

/**
 * _recon_image_view_update_profile:
 * @self: a view
 *
 * Draws the profile anew.
 */
void
_recon_image_view_update_profile (ReconImageView *self)
{
  ReconProfile *profile = _recon_image_view_make_profile (self);

  if (profile != NULL)
    {
      g_autofree char *text =
        g_strdup_printf (_ ("(%.1f, %.1f) to (%.1f, %.1f), %.1f px"), profile->x0, profile->y0, profile->x1,
                         profile->y1, recon_profile_get_length (profile));

      gtk_label_set_label (self->profile_label, text);
    }
  recon_profile_plot_set_profile (self->profile_plot, profile);
  gtk_revealer_set_reveal_child (self->profile_revealer, profile != NULL);
}

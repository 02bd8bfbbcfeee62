/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/profile.h"

#include <math.h>

/* No line in an image is longer; a caller's mistake shall not take all memory. */
#define MOST_VALUES 1000000u

static void
measure (ReconProfile *self)
{
  self->minimum = NAN;
  self->maximum = NAN;

  for (guint i = 0; i < self->n; i++)
    {
      if (!isfinite (self->values[i]))
        continue;

      self->minimum = fmin (self->minimum, self->values[i]);
      self->maximum = fmax (self->maximum, self->values[i]);
    }
}

/* The value at a position of the full image, whose first pixel's centre is (0, 0). */
static double
look_up (const ReconLayer          *layer,
         const ReconPictureRequest *request,
         double                     x,
         double                     y)
{
  double column = (x + 0.5) * layer->width / request->full_width;
  double row = (y + 0.5) * layer->height / request->full_height;
  float value;

  if (column < 0 || row < 0 || column > layer->width || row > layer->height)
    return NAN;
  if (recon_layer_interpolate (layer, (float) column, (float) row, &value) != RECON_TEXEL_VALUE)
    return NAN;

  return (double) value;
}

/**
 * recon_profile_new:
 * @picture: a picture
 * @overlay: how its second image is laid upon the first
 * @shift: how far that lies to the right
 * @x0: start of the line, in pixels from the centre of the first one
 * @y0: the same
 * @x1: end of the line
 * @y1: the same
 *
 * Values are interpolated, from the start to the end, at most one pixel apart.
 *
 * Returns: (transfer full): the profile
 */
ReconProfile *
recon_profile_new (const ReconPicture *picture,
                   ReconOverlay        overlay,
                   double              shift,
                   double              x0,
                   double              y0,
                   double              x1,
                   double              y1)
{
  const ReconPictureRequest *request = recon_picture_get_request (picture);
  ReconProfile *self = g_new0 (ReconProfile, 1);
  ReconLayer layer;

  recon_layer_init (&layer, picture, 0, overlay, shift, FALSE);
  self->x0 = x0;
  self->y0 = y0;
  self->x1 = x1;
  self->y1 = y1;
  self->n = (guint) CLAMP (ceil (recon_profile_get_length (self) - 1e-9) + 1.0, 2.0, (double) MOST_VALUES);
  self->values = g_new (double, self->n);

  for (guint i = 0; i < self->n; i++)
    {
      double x, y;

      recon_profile_get_position (self, i, &x, &y);
      self->values[i] = look_up (&layer, request, x, y);
    }
  measure (self);

  return self;
}

void
recon_profile_free (ReconProfile *self)
{
  g_free (self->values);
  g_free (self);
}

/**
 * recon_profile_get_length:
 * @self: a profile
 *
 * Returns: the length of the line in pixels
 */
double
recon_profile_get_length (const ReconProfile *self)
{
  return hypot (self->x1 - self->x0, self->y1 - self->y0);
}

/**
 * recon_profile_get_distance:
 * @self: a profile
 * @i: a value
 *
 * Returns: how far it lies from the start, in pixels
 */
double
recon_profile_get_distance (const ReconProfile *self,
                            guint               i)
{
  return recon_profile_get_length (self) * i / (self->n - 1);
}

/**
 * recon_profile_get_position:
 * @self: a profile
 * @i: a value
 * @x: (out): where it lies, in pixels from the centre of the first one
 * @y: (out): the same
 */
void
recon_profile_get_position (const ReconProfile *self,
                            guint               i,
                            double             *x,
                            double             *y)
{
  double part = i / (double) (self->n - 1);

  *x = self->x0 + (self->x1 - self->x0) * part;
  *y = self->y0 + (self->y1 - self->y0) * part;
}

static void
append_number (GString *text,
               double   number,
               char     end)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, isnan (number) ? "nan" : g_ascii_formatd (buffer, sizeof buffer, "%.9g", number));
  g_string_append_c (text, end);
}

/**
 * recon_profile_to_csv:
 * @self: a profile
 *
 * Returns: (transfer full): a table with distance, position and value, in the C locale
 */
char *
recon_profile_to_csv (const ReconProfile *self)
{
  GString *text = g_string_new ("distance_px,x_px,y_px,value\n");

  for (guint i = 0; i < self->n; i++)
    {
      double x, y;

      recon_profile_get_position (self, i, &x, &y);
      append_number (text, recon_profile_get_distance (self, i), ',');
      append_number (text, x, ',');
      append_number (text, y, ',');
      append_number (text, self->values[i], '\n');
    }

  return g_string_free (text, FALSE);
}

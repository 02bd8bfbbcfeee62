/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/marks.h"

#include <math.h>

/* Marks are white on a dark edge, so that they are seen upon every colour. */
static const GdkRGBA light = { 1.0f, 1.0f, 1.0f, 1.0f };
static const GdkRGBA dark = { 0.0f, 0.0f, 0.0f, 0.7f };

/* From this size a pixel is framed; a smaller one has a cross about it. */
#define FRAME_SIZE 8.0

#define ARM_START 4.0
#define ARM_END 11.0

/* Grows a rectangle by an edge on every side. */
static void
append_rectangle (GtkSnapshot   *snapshot,
                  const GdkRGBA *colour,
                  double         x,
                  double         y,
                  double         width,
                  double         height,
                  double         edge)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) (x - edge), (float) (y - edge), (float) (width + 2.0 * edge),
                                               (float) (height + 2.0 * edge));

  gtk_snapshot_append_color (snapshot, colour, &bounds);
}

static void
snapshot_cross (GtkSnapshot *snapshot,
                double       x,
                double       y)
{
  const double arms[][4] = {
    { x - ARM_END, y - 0.5, ARM_END - ARM_START, 1.0 },
    { x + ARM_START, y - 0.5, ARM_END - ARM_START, 1.0 },
    { x - 0.5, y - ARM_END, 1.0, ARM_END - ARM_START },
    { x - 0.5, y + ARM_START, 1.0, ARM_END - ARM_START },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (arms); i++)
    append_rectangle (snapshot, &dark, arms[i][0], arms[i][1], arms[i][2], arms[i][3], 1.0);
  for (gsize i = 0; i < G_N_ELEMENTS (arms); i++)
    append_rectangle (snapshot, &light, arms[i][0], arms[i][1], arms[i][2], arms[i][3], 0.0);
}

static void
snapshot_frame (GtkSnapshot *snapshot,
                double       x,
                double       y,
                double       size)
{
  for (int i = 1; i >= 0; i--)
    {
      const GdkRGBA *colour = i == 1 ? &dark : &light;
      float edge = (float) (i + 1);
      GskRoundedRect outline;
      graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) x - edge, (float) y - edge, (float) size + 2 * edge,
                                                   (float) size + 2 * edge);

      gsk_rounded_rect_init_from_rect (&outline, &bounds, 0);
      gtk_snapshot_append_border (snapshot, &outline, (float[4]) { 1, 1, 1, 1 },
                                  (GdkRGBA[4]) { *colour, *colour, *colour, *colour });
    }
}

static void
snapshot_line (const ReconMarks    *self,
               const ReconViewport *viewport,
               int                  scale,
               GtkSnapshot         *snapshot,
               const graphene_rect_t *visible)
{
  double x0, y0, x1, y1;
  graphene_rect_t bounds;
  cairo_t *cr;

  recon_viewport_to_view (viewport, self->line[0], self->line[1], &x0, &y0);
  recon_viewport_to_view (viewport, self->line[2], self->line[3], &x1, &y1);
  x0 /= scale;
  y0 /= scale;
  x1 /= scale;
  y1 /= scale;

  graphene_rect_init (&bounds, (float) MIN (x0, x1), (float) MIN (y0, y1), (float) fabs (x1 - x0),
                      (float) fabs (y1 - y0));
  graphene_rect_inset (&bounds, -3, -3);
  if (!graphene_rect_intersection (&bounds, visible, &bounds))
    return;

  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
  gdk_cairo_set_source_rgba (cr, &dark);
  cairo_set_line_width (cr, 3.5);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &light);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/**
 * recon_marks_snapshot:
 * @self: marks
 * @viewport: where the image is seen
 * @scale: pixels of the screen per pixel of the widget
 * @snapshot: where they are drawn
 * @width: of the widget
 * @height: of the widget
 *
 * Draws the marks upon the image.
 */
void
recon_marks_snapshot (const ReconMarks    *self,
                      const ReconViewport *viewport,
                      int                  scale,
                      GtkSnapshot         *snapshot,
                      int                  width,
                      int                  height)
{
  const graphene_rect_t visible = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  double x, y;

  if (self->has_line)
    snapshot_line (self, viewport, scale, snapshot, &visible);

  if (!self->has_pin)
    return;

  recon_viewport_to_view (viewport, self->pin_x, self->pin_y, &x, &y);
  if (viewport->zoom / scale >= FRAME_SIZE)
    snapshot_frame (snapshot, x / scale, y / scale, viewport->zoom / scale);
  else
    snapshot_cross (snapshot, floor ((x + viewport->zoom / 2.0) / scale) + 0.5,
                    floor ((y + viewport->zoom / 2.0) / scale) + 0.5);
}

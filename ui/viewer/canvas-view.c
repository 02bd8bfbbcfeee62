/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/canvas-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "base/error.h"
#include "viewer/cairo-renderer.h"
#include "viewer/plot.h"
#include "viewer/scale-bar.h"

/* What lies upon the picture, whoever draws that, and both together as a picture of its own. Lengths are in pixels of
 * the widget. */

/* The scale bar takes this part of the width, but no more than so much. */
#define BAR_PART 0.25
#define BAR_MOST 160.0

#define BAR_MARGIN  12.0 /* as that of the readout, which stands above it */
#define BAR_PADDING 8.0
#define BAR_HEIGHT  4.0
#define BAR_RADIUS  6.0

static void
snapshot_scale_bar (ReconCanvas           *self,
                    GtkSnapshot           *snapshot,
                    const graphene_rect_t *area)
{
  const GdkRGBA light = { 1.0f, 1.0f, 1.0f, 1.0f }, dark = { 0.0f, 0.0f, 0.0f, 0.65f };
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  double zoom = self->scene.viewport.zoom / scale;
  double room = MIN ((double) area->size.width * BAR_PART, BAR_MOST);
  double left = (double) area->origin.x + BAR_MARGIN;
  double bottom = (double) area->origin.y + (double) area->size.height - BAR_MARGIN;
  ReconScaleBar bar;
  GskRoundedRect box;
  int text_width, text_height;
  double length, width, height;

  if (!(zoom > 0) || !recon_scale_bar_choose (&bar, self->pixel_size, room / zoom))
    return;

  recon_plot_measure_text (GTK_WIDGET (self), bar.text, &text_width, &text_height);
  length = bar.pixels * zoom;
  width = MAX (length, text_width) + 2 * BAR_PADDING;
  height = text_height + 2 + BAR_HEIGHT + 1.5 * BAR_PADDING;
  if (width + 2 * BAR_MARGIN > (double) area->size.width || height + 2 * BAR_MARGIN > (double) area->size.height)
    return;

  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT ((float) left, (float) (bottom - height), (float) width,
                                                              (float) height), (float) BAR_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, &dark, &box.bounds);
  gtk_snapshot_pop (snapshot);
  recon_plot_append_text (GTK_WIDGET (self), snapshot, bar.text, &light, left + width / 2,
                          bottom - height + BAR_PADDING / 2, 0.5, 0);
  recon_plot_append_box (snapshot, &light, left + (width - length) / 2, bottom - BAR_PADDING - BAR_HEIGHT, length,
                         BAR_HEIGHT);
}

/**
 * _recon_canvas_snapshot_marks:
 * @self: a canvas with a picture
 * @snapshot: where they are drawn
 * @area: what of the widget is seen
 *
 * Draws what lies upon the picture.
 */
void
_recon_canvas_snapshot_marks (ReconCanvas           *self,
                              GtkSnapshot           *snapshot,
                              const graphene_rect_t *area)
{
  GtkWidget *widget = GTK_WIDGET (self);

  recon_marks_snapshot (&self->marks, &self->scene.viewport, gtk_widget_get_scale_factor (widget), snapshot,
                        gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  if (self->has_scale_bar)
    snapshot_scale_bar (self, snapshot, area);
}

/* What of the view shows the image, in pixels of the screen. */
static void
get_seen (ReconCanvas *self,
          int          seen[4])
{
  const ReconViewport *viewport = &self->scene.viewport;
  double left, top, right, bottom;

  recon_viewport_to_view (viewport, 0, 0, &left, &top);
  recon_viewport_to_view (viewport, viewport->image_width, viewport->image_height, &right, &bottom);
  seen[0] = (int) floor (CLAMP (left, 0, viewport->view_width) + 0.5);
  seen[1] = (int) floor (CLAMP (top, 0, viewport->view_height) + 0.5);
  seen[2] = (int) floor (CLAMP (right, 0, viewport->view_width) + 0.5) - seen[0];
  seen[3] = (int) floor (CLAMP (bottom, 0, viewport->view_height) + 0.5) - seen[1];
}

static GskRenderNode *
make_node (ReconCanvas           *self,
           GdkTexture            *texture,
           const graphene_rect_t *area)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));

  gtk_snapshot_append_texture (snapshot, texture, &GRAPHENE_RECT_INIT (0, 0, width, height));
  _recon_canvas_snapshot_marks (self, snapshot, area);

  return gtk_snapshot_free_to_node (snapshot);
}

/**
 * recon_canvas_draw_view:
 * @self: a canvas with a picture, on the screen
 * @error: return location
 *
 * Returns: (transfer full): what is seen of the image, with all that lies upon it, in pixels of the screen; %NULL with
 *   #RECON_ERROR_INPUT if nothing is, or #RECON_ERROR_MEMORY
 */
GdkTexture *
recon_canvas_draw_view (ReconCanvas  *self,
                        GError      **error)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GBytes) bytes = NULL;
  graphene_rect_t area;
  cairo_surface_t *surface;
  cairo_t *cr;
  int seen[4], stride;

  get_seen (self, seen);
  if (seen[2] <= 0 || seen[3] <= 0)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("Nothing of the image is seen. Fit it to the window first."));
      return NULL;
    }

  texture = recon_cairo_renderer_draw (&self->scene);
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, seen[2], seen[3]);
  if (texture == NULL || cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                   _ ("There is not enough memory for a picture of %d × %d pixels. Close other programs."), seen[2],
                   seen[3]);
      return NULL;
    }

  graphene_rect_init (&area, (float) seen[0] / (float) scale, (float) seen[1] / (float) scale,
                      (float) seen[2] / (float) scale, (float) seen[3] / (float) scale);
  node = make_node (self, texture, &area);
  cr = cairo_create (surface);
  cairo_translate (cr, -seen[0], -seen[1]);
  cairo_scale (cr, scale, scale);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  stride = cairo_image_surface_get_stride (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), (gsize) stride * (gsize) seen[3],
                                      (GDestroyNotify) cairo_surface_destroy, surface);

  return gdk_memory_texture_new (seen[2], seen[3], GDK_MEMORY_DEFAULT, bytes, (gsize) stride);
}

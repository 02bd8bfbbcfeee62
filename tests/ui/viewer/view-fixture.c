/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "view-fixture.h"

#include <stdlib.h>
#include <string.h>

#include "viewer/cairo-renderer.h"

gboolean
view_fixture_is_no_gl (void)
{
  const char *debug = g_getenv ("GDK_DEBUG");

  return debug != NULL && strstr (debug, "gl-disable") != NULL;
}

/* Until everything is prepared, allocated and drawn. */
void
view_fixture_wait (ViewFixture *self)
{
  while (!_recon_image_view_is_ready (self->view) || self->view->preparing || self->view->prepare_source != 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < 2; i++)
    {
      gtk_widget_queue_draw (GTK_WIDGET (self->canvas));
      gtk_test_widget_wait_for_draw (GTK_WIDGET (self->canvas));
    }
}

void
view_fixture_init (ViewFixture *self,
                   int          width,
                   int          height,
                   gboolean     use_es,
                   guint        largest_texture)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  self->window = GTK_WINDOW (gtk_window_new ());
  self->view = RECON_IMAGE_VIEW (recon_image_view_new ());
  self->canvas = self->view->canvas;
  recon_canvas_limit_gl (self->canvas, use_es, largest_texture);
  gtk_window_set_decorated (self->window, FALSE);
  gtk_window_set_default_size (self->window, width, height);
  gtk_window_set_child (self->window, GTK_WIDGET (self->view));
  gtk_window_present (self->window);
  view_fixture_wait (self);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (self->canvas)), ==, width);
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (self->canvas)), ==, height);
}

void
view_fixture_clear (ViewFixture *self)
{
  g_object_add_weak_pointer (G_OBJECT (self->view), (gpointer *) &self->view);
  gtk_window_destroy (self->window);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (self->view);
}

void
view_fixture_set (ViewFixture *self,
                  ReconImage  *image)
{
  recon_image_view_set_image (self->view, image, recon_image_get_width (image), recon_image_get_height (image));
  view_fixture_wait (self);
}

static guint32 *
download (GdkTexture *texture)
{
  gsize width = (gsize) gdk_texture_get_width (texture), height = (gsize) gdk_texture_get_height (texture);
  guint32 *pixels = g_new (guint32, width * height);

  gdk_texture_download (texture, (guchar *) pixels, width * 4);

  return pixels;
}

/* What stands on the screen, 0xAARRGGBB. */
guint32 *
view_fixture_grab (ViewFixture *self,
                   int         *width,
                   int         *height)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (self->canvas));
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  graphene_rect_t bounds;

  view_fixture_wait (self);
  *width = gtk_widget_get_width (GTK_WIDGET (self->canvas));
  *height = gtk_widget_get_height (GTK_WIDGET (self->canvas));
  gdk_paintable_snapshot (paintable, snapshot, *width, *height);
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  graphene_rect_init (&bounds, 0, 0, (float) *width, (float) *height);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (self->window)), node, &bounds);

  return download (texture);
}

/* What the renderer without OpenGL makes of the same scene. */
guint32 *
view_fixture_paint (ViewFixture *self)
{
  g_autoptr (GdkTexture) texture = recon_cairo_renderer_draw (recon_canvas_get_scene (self->canvas));

  return download (texture);
}

void
assert_pixels_near (const guint32 *a,
                    const guint32 *b,
                    gsize          n,
                    int            tolerance)
{
  int worst = 0;
  gsize where = 0;

  for (gsize i = 0; i < n; i++)
    for (guint shift = 0; shift < 32; shift += 8)
      {
        int difference = abs ((int) (a[i] >> shift & 0xff) - (int) (b[i] >> shift & 0xff));

        if (difference > worst)
          {
            worst = difference;
            where = i;
          }
      }

  if (worst > tolerance)
    g_test_message ("pixel %" G_GSIZE_FORMAT ": %08x and %08x", where, a[where], b[where]);
  g_assert_cmpint (worst, <=, tolerance);
}

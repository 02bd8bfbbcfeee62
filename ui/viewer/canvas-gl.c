/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/canvas-private.h"

#include "viewer/gl-program.h"

static void
give_up_gl (ReconCanvas  *self,
            const GError *error)
{
  g_info ("Images are drawn without OpenGL: %s", error->message);
  self->gl_failed = TRUE;
  self->without_gl = TRUE;
  _recon_canvas_set_has_gl (self, FALSE);
  recon_canvas_redraw (self);
}

static void
area_realize_cb (ReconCanvas *self)
{
  GtkGLArea *area = GTK_GL_AREA (self->area);
  g_autoptr (GError) error = NULL;

  if (self->gl_failed)
    return;

  gtk_gl_area_make_current (area);
  if (gtk_gl_area_get_error (area) != NULL)
    {
      give_up_gl (self, gtk_gl_area_get_error (area));
      return;
    }

  /* What only pretends to be a graphics card takes several times as long as our own renderer. */
  if (!self->force_gl && recon_gl_is_software ())
    {
      self->without_gl = TRUE;
      _recon_canvas_set_has_gl (self, TRUE);
      recon_canvas_redraw (self);
      return;
    }

  self->renderer = recon_gl_renderer_new (gtk_gl_area_get_context (area), self->largest_texture, &error);
  if (self->renderer == NULL)
    give_up_gl (self, error);
  else
    _recon_canvas_set_has_gl (self, TRUE);
}

static void
area_unrealize_cb (ReconCanvas *self)
{
  if (self->renderer != NULL)
    {
      gtk_gl_area_make_current (GTK_GL_AREA (self->area));
      g_clear_pointer (&self->renderer, recon_gl_renderer_free);
    }
  _recon_canvas_set_has_gl (self, FALSE);
}

static gboolean
redraw_cb (gpointer user_data)
{
  recon_canvas_redraw (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
give_up_cb (gpointer user_data)
{
  ReconCanvas *self = user_data;

  self->gl_failed = TRUE;
  self->without_gl = TRUE;
  _recon_canvas_set_has_gl (self, FALSE);
  recon_canvas_redraw (self);

  return G_SOURCE_REMOVE;
}

static gboolean
area_render_cb (ReconCanvas *self)
{
  g_autoptr (GError) error = NULL;
  gboolean complete = TRUE;

  if (self->renderer == NULL)
    return FALSE;

  if (!recon_gl_renderer_draw (self->renderer, &self->scene, &complete, &error))
    {
      /* This is in the middle of drawing; the widget may be drawn anew only after it. */
      g_clear_pointer (&self->renderer, recon_gl_renderer_free);
      g_idle_add_full (G_PRIORITY_HIGH_IDLE, give_up_cb, g_object_ref (self), g_object_unref);
      g_info ("Images are drawn without OpenGL: %s", error->message);
    }
  else if (!complete)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, redraw_cb, g_object_ref (self), g_object_unref);

  return TRUE;
}

/**
 * _recon_canvas_add_area:
 * @self: a new canvas
 *
 * Gives it what OpenGL draws on.
 */
void
_recon_canvas_add_area (ReconCanvas *self)
{
  self->area = gtk_gl_area_new ();
  gtk_gl_area_set_auto_render (GTK_GL_AREA (self->area), FALSE);
  gtk_widget_set_can_target (self->area, FALSE);
  g_signal_connect_swapped (self->area, "realize", G_CALLBACK (area_realize_cb), self);
  g_signal_connect_swapped (self->area, "unrealize", G_CALLBACK (area_unrealize_cb), self);
  g_signal_connect_swapped (self->area, "render", G_CALLBACK (area_render_cb), self);
  gtk_widget_set_parent (self->area, GTK_WIDGET (self));
}

/**
 * recon_canvas_limit_gl:
 * @self: a canvas that is not realized
 * @use_es: whether OpenGL ES shall be used
 * @largest_texture: columns and rows that a texture may have, or 0 for what the driver allows
 *
 * Does as if the card could do less, and takes it even where the processor would be faster, for tests.
 */
void
recon_canvas_limit_gl (ReconCanvas *self,
                       gboolean     use_es,
                       guint        largest_texture)
{
  g_return_if_fail (!gtk_widget_get_realized (GTK_WIDGET (self)));

  self->force_gl = TRUE;
  gtk_gl_area_set_use_es (GTK_GL_AREA (self->area), use_es);
  self->largest_texture = largest_texture;
}

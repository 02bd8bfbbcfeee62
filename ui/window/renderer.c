/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/renderer.h"

#include "viewer/gl-program.h"

/* GTK draws all of a window by OpenGL whenever anything in it changes. Without a graphics card, as on most remote
 * desktops, that takes the processors some 40 ms a frame, which the reconstruction needs too; cairo draws only what has
 * changed, in a few. */

/* What GTK looks at for a display before it decides. */
#define KEY "gsk-renderer"

static gboolean
has_software_gl (GdkDisplay *display)
{
  g_autoptr (GdkGLContext) context = gdk_display_create_gl_context (display, NULL);
  gboolean is_software;

  /* Without any OpenGL GTK decides rightly. */
  if (context == NULL || !gdk_gl_context_realize (context, NULL))
    return FALSE;

  gdk_gl_context_make_current (context);
  is_software = recon_gl_is_software ();
  gdk_gl_context_clear_current ();

  return is_software;
}

/**
 * recon_renderer_choose:
 * @display: where windows are going to be shown
 *
 * Lets GTK draw by cairo where OpenGL is software, unless the user has chosen (GSK_RENDERER). To be called before a
 * window is shown; again does nothing.
 */
void
recon_renderer_choose (GdkDisplay *display)
{
  g_return_if_fail (GDK_IS_DISPLAY (display));

  if (g_getenv ("GSK_RENDERER") == NULL && g_object_get_data (G_OBJECT (display), KEY) == NULL &&
      has_software_gl (display))
    g_object_set_data (G_OBJECT (display), KEY, (gpointer) "cairo");
}

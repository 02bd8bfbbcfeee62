/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/export.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "io/tiff-output.h"
#include "viewer/cairo-renderer.h"

static gboolean
check_picture (const ReconScene  *scene,
               GError           **error)
{
  if (scene->picture != NULL)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("There is no image to save. Open a scan, or reconstruct a slice, first."));
  return FALSE;
}

/* GIO writes to a temporary name and renames. */
static gboolean
replace (GFile       *file,
         const char  *contents,
         gsize        length,
         GError     **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *name = g_file_get_parse_name (file);

  if (g_file_replace_contents (file, contents, length, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, &cause))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
               _ ("%s could not be saved: %s. Choose another folder, or make room there."), name, cause->message);
  return FALSE;
}

/**
 * recon_export_texture:
 * @texture: a picture
 * @file: where to
 * @error: return location
 *
 * Saves a picture as PNG. May be called in a thread.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_export_texture (GdkTexture  *texture,
                      GFile       *file,
                      GError     **error)
{
  g_autoptr (GBytes) bytes = gdk_texture_save_to_png_bytes (texture);

  return replace (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

/**
 * recon_export_png:
 * @scene: what is seen
 * @file: where to
 * @error: return location
 *
 * Saves the whole image with the levels and colours that it is seen in, one pixel for each of its own. May be called
 * in a thread.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE, #RECON_ERROR_MEMORY or #RECON_ERROR_INPUT
 */
gboolean
recon_export_png (const ReconScene  *scene,
                  GFile             *file,
                  GError           **error)
{
  g_autoptr (GdkTexture) texture = NULL;

  if (!check_picture (scene, error))
    return FALSE;

  texture = recon_cairo_renderer_draw_picture (scene, error);

  return texture != NULL && recon_export_texture (texture, file, error);
}

/**
 * recon_export_tiff:
 * @scene: what is seen
 * @file: where to
 * @error: return location
 *
 * Saves the values as float32, NaN where an overlay covers nothing. May be called in a thread.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE or #RECON_ERROR_INPUT
 */
gboolean
recon_export_tiff (const ReconScene  *scene,
                   GFile             *file,
                   GError           **error)
{
  g_autoptr (ReconImage) image = NULL;
  g_autofree char *name = g_file_get_parse_name (file);
  g_autofree char *path = g_file_get_path (file);
  ReconLayer layer;

  if (!check_picture (scene, error))
    return FALSE;
  if (path == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
                   _ ("%s could not be saved: it is not in a folder of this computer. Choose another folder."), name);
      return FALSE;
    }

  recon_layer_init (&layer, scene->picture, 0, scene->overlay, scene->shift, scene->blink);
  if (layer.overlay == RECON_OVERLAY_NONE)
    image = recon_image_ref (recon_picture_get_request (scene->picture)->first);
  else
    image = recon_layer_flatten (&layer);

  return recon_tiff_store (path, image, error);
}

/**
 * recon_export_text:
 * @text: a text
 * @file: where to
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_export_text (const char  *text,
                   GFile       *file,
                   GError     **error)
{
  return replace (file, text, strlen (text), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/gl-renderer.h"

#include <epoxy/gl.h>
#include <glib/gi18n.h>

#include "base/error.h"
#include "viewer/gl-program.h"
#include "viewer/gl-tiles.h"

/* What may be transferred to the card for one frame. A larger image is seen coarsely until all of it is there. */
#define MOST_BYTES_PER_FRAME (64 * 1024 * 1024)

/* The first context's version in which the shaders are understood. */
#define DESKTOP_VERSION 33
#define ES_VERSION 30

typedef enum
{
  UNIFORM_FIRST_TILES,
  UNIFORM_SECOND_TILES,
  UNIFORM_COLOURS,
  UNIFORM_SIZE,
  UNIFORM_SECOND_SIZE,
  UNIFORM_TILING,
  UNIFORM_SECOND_TILING,
  UNIFORM_OVERLAY,
  UNIFORM_MIRROR,
  UNIFORM_MIRROR_PART,
  UNIFORM_FILTER,
  UNIFORM_BASE,
  UNIFORM_PART,
  UNIFORM_STEP,
  UNIFORM_VIEW_HEIGHT,
  UNIFORM_LOW,
  UNIFORM_SCALE,
  UNIFORM_NAN_COLOUR,
  UNIFORM_GROUND_COLOUR,
  N_UNIFORMS
} Uniform;

static const char *const uniform_names[N_UNIFORMS] = {
  "first_tiles", "second_tiles", "colours", "size", "second_size", "tiling", "second_tiling", "overlay", "mirror",
  "mirror_part", "filter_kind", "base", "part", "step_size", "view_height", "low", "scale", "nan_colour",
  "ground_colour",
};

/* The same numbers stand in the shader. */
enum
{
  SHADER_OVERLAY_NONE,
  SHADER_OVERLAY_DIFFERENCE,
  SHADER_OVERLAY_SUM,
  SHADER_OVERLAY_SECOND,
};

struct _ReconGlRenderer
{
  guint         program;
  guint         vertices; /* an empty array, which a core profile wants nevertheless */
  guint         colours;  /* texture of 256 × 1 */
  int           colours_of; /* the map that it holds, or -1 */
  guint         largest_texture;
  GLint         uniforms[N_UNIFORMS];
  ReconGlTiles *tiles[2][RECON_PICTURE_MAX_LEVELS];
};

/* Returns the first error since the last call. */
static GLenum
take_errors (void)
{
  GLenum first = glGetError ();

  /* A lost context gives errors for ever. */
  for (guint i = 0; first != GL_NO_ERROR && i < 100 && glGetError () != GL_NO_ERROR; i++)
    ;

  return first;
}

static gboolean
check (GError **error)
{
  GLenum first = take_errors ();

  if (first == GL_NO_ERROR)
    return TRUE;

  if (first == GL_OUT_OF_MEMORY)
    g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                 _ ("The image does not fit into the memory of the graphics card. It is drawn without the card."));
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_DEVICE,
                 _ ("The graphics driver reports the error 0x%04x. Images are drawn without it."), first);
  return FALSE;
}

static gboolean
check_version (GdkGLContext  *context,
               GError       **error)
{
  gboolean use_es = gdk_gl_context_get_use_es (context);
  int major, minor;

  gdk_gl_context_get_version (context, &major, &minor);
  if (10 * major + minor >= (use_es ? ES_VERSION : DESKTOP_VERSION))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_DEVICE,
               _ ("The graphics driver offers OpenGL%s %d.%d, but 3.3 (or ES 3.0) is needed. Images are drawn without "
                  "it."),
               use_es ? " ES" : "", major, minor);
  return FALSE;
}

/**
 * recon_gl_renderer_new:
 * @context: the current context
 * @largest_texture: columns and rows that a texture may have, or 0 for what the driver allows
 * @error: return location
 *
 * Returns: (transfer full): a renderer, or %NULL with #RECON_ERROR_DEVICE
 */
ReconGlRenderer *
recon_gl_renderer_new (GdkGLContext  *context,
                       guint          largest_texture,
                       GError       **error)
{
  g_autoptr (ReconGlRenderer) self = NULL;
  GLint limit = 0;

  if (!check_version (context, error))
    return NULL;

  self = g_new0 (ReconGlRenderer, 1);
  self->colours_of = -1;
  self->program = recon_gl_program_build (gdk_gl_context_get_use_es (context), error);
  if (self->program == 0)
    return NULL;

  for (guint i = 0; i < N_UNIFORMS; i++)
    self->uniforms[i] = glGetUniformLocation (self->program, uniform_names[i]);
  glGenVertexArrays (1, &self->vertices);
  glGenTextures (1, &self->colours);
  glGetIntegerv (GL_MAX_TEXTURE_SIZE, &limit);
  self->largest_texture = (guint) MAX (limit, 1);
  if (largest_texture > 0)
    self->largest_texture = MIN (self->largest_texture, largest_texture);

  if (!check (error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * recon_gl_renderer_free:
 * @self: (transfer full): a renderer
 */
void
recon_gl_renderer_free (ReconGlRenderer *self)
{
  for (guint which = 0; which < 2; which++)
    for (guint i = 0; i < RECON_PICTURE_MAX_LEVELS; i++)
      g_clear_pointer (&self->tiles[which][i], recon_gl_tiles_free);
  glDeleteTextures (1, &self->colours);
  glDeleteVertexArrays (1, &self->vertices);
  if (self->program != 0)
    glDeleteProgram (self->program);
  g_free (self);
}

static void
drop_others (ReconGlRenderer    *self,
             const ReconPicture *picture)
{
  for (guint which = 0; which < 2; which++)
    for (guint i = 0; i < RECON_PICTURE_MAX_LEVELS; i++)
      {
        gboolean exists = picture != NULL && i < recon_picture_get_n_levels (picture);
        ReconImage *image = exists ? recon_picture_get_level (picture, which, i) : NULL;

        if (self->tiles[which][i] != NULL && recon_gl_tiles_get_image (self->tiles[which][i]) != image)
          g_clear_pointer (&self->tiles[which][i], recon_gl_tiles_free);
      }
}

/* Transfers a level, as far as that may be done now. */
static gboolean
upload (ReconGlRenderer    *self,
        const ReconPicture *picture,
        gboolean            both,
        guint               level,
        gsize               most_bytes)
{
  gboolean complete = TRUE;

  for (guint which = 0; which < (both ? 2u : 1u); which++)
    {
      ReconGlTiles **tiles = &self->tiles[which][level];

      if (*tiles == NULL)
        *tiles = recon_gl_tiles_new (recon_picture_get_level (picture, which, level), self->largest_texture);
      if (most_bytes > 0)
        {
          gsize bytes = recon_gl_tiles_upload (*tiles, most_bytes);

          most_bytes -= MIN (most_bytes, bytes);
        }
      complete = complete && recon_gl_tiles_are_complete (*tiles);
    }

  return complete;
}

static gboolean
is_there (ReconGlRenderer *self,
          gboolean         both,
          guint            level)
{
  for (guint which = 0; which < (both ? 2u : 1u); which++)
    if (self->tiles[which][level] == NULL || !recon_gl_tiles_are_complete (self->tiles[which][level]))
      return FALSE;

  return TRUE;
}

/* The level to draw: the one wanted, or while that is on its way a coarser one. */
static guint
choose_level (ReconGlRenderer  *self,
              const ReconScene *scene,
              gboolean          both,
              gboolean         *complete)
{
  guint level = recon_sampling_choose_level (scene);
  guint last = recon_picture_get_n_levels (scene->picture) - 1;

  *complete = upload (self, scene->picture, both, level, MOST_BYTES_PER_FRAME);
  if (*complete)
    return level;

  for (level++; level < last; level++)
    if (is_there (self, both, level))
      return level;

  upload (self, scene->picture, both, last, G_MAXSIZE);

  return last;
}

static void
set_colour (GLint   location,
            guint32 colour)
{
  glUniform3f (location, (float) (colour >> 16 & 0xff) / 255.0f, (float) (colour >> 8 & 0xff) / 255.0f,
               (float) (colour & 0xff) / 255.0f);
}

static void
bind_colours (ReconGlRenderer *self,
              ReconColourMap   map)
{
  glActiveTexture (GL_TEXTURE2);
  glBindTexture (GL_TEXTURE_2D, self->colours);

  if (self->colours_of != (int) map)
    {
      const guint32 *table = recon_colour_map_get_table (map);
      guint8 bytes[RECON_COLOUR_MAP_SIZE * 4];

      for (guint i = 0; i < RECON_COLOUR_MAP_SIZE; i++)
        {
          bytes[4 * i] = table[i] >> 16 & 0xff;
          bytes[4 * i + 1] = table[i] >> 8 & 0xff;
          bytes[4 * i + 2] = table[i] & 0xff;
          bytes[4 * i + 3] = 0xff;
        }
      glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
      glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
      glTexImage2D (GL_TEXTURE_2D, 0, GL_RGBA8, RECON_COLOUR_MAP_SIZE, 1, 0, GL_RGBA, GL_UNSIGNED_BYTE, bytes);
      self->colours_of = (int) map;
    }
}

static void
bind_tiles (ReconGlRenderer    *self,
            const ReconGlTiles *tiles,
            guint               unit,
            Uniform             size,
            Uniform             tiling)
{
  ReconImage *image = recon_gl_tiles_get_image (tiles);
  int layout[3];

  recon_gl_tiles_get_layout (tiles, layout);
  glActiveTexture (GL_TEXTURE0 + unit);
  glBindTexture (GL_TEXTURE_2D_ARRAY, recon_gl_tiles_get_texture (tiles));
  glUniform2i (self->uniforms[size], (int) recon_image_get_width (image), (int) recon_image_get_height (image));
  glUniform3iv (self->uniforms[tiling], 1, layout);
}

static void
set_sampling (ReconGlRenderer  *self,
              const ReconScene *scene,
              guint             level)
{
  const GLint *uniforms = self->uniforms;
  ReconSampling sampling;

  recon_sampling_init (&sampling, scene, level);
  glUniform1i (uniforms[UNIFORM_FILTER], (int) sampling.filter);
  glUniform2iv (uniforms[UNIFORM_BASE], 1, sampling.base);
  glUniform2fv (uniforms[UNIFORM_PART], 1, sampling.part);
  glUniform2fv (uniforms[UNIFORM_STEP], 1, sampling.step);
  glUniform1f (uniforms[UNIFORM_VIEW_HEIGHT], (float) scene->viewport.view_height);
}

static void
set_overlay (ReconGlRenderer  *self,
             const ReconScene *scene,
             guint             level)
{
  const GLint *uniforms = self->uniforms;
  ReconLayer layer;
  int overlay = SHADER_OVERLAY_NONE;

  recon_layer_init (&layer, scene->picture, level, scene->overlay, scene->shift, scene->blink);
  if (layer.overlay == RECON_OVERLAY_DIFFERENCE)
    overlay = SHADER_OVERLAY_DIFFERENCE;
  else if (layer.overlay == RECON_OVERLAY_SUM)
    overlay = SHADER_OVERLAY_SUM;
  else if (layer.overlay == RECON_OVERLAY_BLINK && layer.blink)
    overlay = SHADER_OVERLAY_SECOND;

  glUniform1i (uniforms[UNIFORM_OVERLAY], overlay);
  glUniform1i (uniforms[UNIFORM_MIRROR], layer.mirror);
  glUniform1f (uniforms[UNIFORM_MIRROR_PART], layer.part);
}

static void
draw (ReconGlRenderer  *self,
      const ReconScene *scene,
      gboolean          both,
      guint             level)
{
  const GLint *uniforms = self->uniforms;
  float low, scale;

  glUseProgram (self->program);
  bind_tiles (self, self->tiles[0][level], 0, UNIFORM_SIZE, UNIFORM_TILING);
  bind_tiles (self, self->tiles[both ? 1 : 0][level], 1, UNIFORM_SECOND_SIZE, UNIFORM_SECOND_TILING);
  bind_colours (self, scene->colour_map);
  glUniform1i (uniforms[UNIFORM_FIRST_TILES], 0);
  glUniform1i (uniforms[UNIFORM_SECOND_TILES], 1);
  glUniform1i (uniforms[UNIFORM_COLOURS], 2);

  set_sampling (self, scene, level);
  set_overlay (self, scene, level);
  recon_levels_to_floats (&scene->levels, &low, &scale);
  glUniform1f (uniforms[UNIFORM_LOW], low);
  glUniform1f (uniforms[UNIFORM_SCALE], scale);
  set_colour (uniforms[UNIFORM_NAN_COLOUR], RECON_COLOUR_NAN);
  set_colour (uniforms[UNIFORM_GROUND_COLOUR], RECON_COLOUR_GROUND);

  glBindVertexArray (self->vertices);
  glDrawArrays (GL_TRIANGLES, 0, 3);
  glBindVertexArray (0);
  glUseProgram (0);
}

/**
 * recon_gl_renderer_draw:
 * @self: a renderer
 * @scene: what is seen
 * @complete: (out): whether that is all; otherwise the next frame shows more
 * @error: return location
 *
 * Draws upon the bound framebuffer.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE or #RECON_ERROR_MEMORY
 */
gboolean
recon_gl_renderer_draw (ReconGlRenderer   *self,
                        const ReconScene  *scene,
                        gboolean          *complete,
                        GError           **error)
{
  gboolean both;
  guint level;

  *complete = TRUE;
  /* Whoever drew before may have left anything. */
  take_errors ();
  glDisable (GL_BLEND);
  glDisable (GL_DEPTH_TEST);
  glDisable (GL_SCISSOR_TEST);
  glActiveTexture (GL_TEXTURE0);
  glClearColor ((RECON_COLOUR_GROUND >> 16 & 0xff) / 255.0f, (RECON_COLOUR_GROUND >> 8 & 0xff) / 255.0f,
                (RECON_COLOUR_GROUND & 0xff) / 255.0f, 1.0f);
  glClear (GL_COLOR_BUFFER_BIT);

  drop_others (self, scene->picture);
  if (scene->picture == NULL)
    return check (error);

  both = recon_picture_get_level (scene->picture, 1, 0) != NULL &&
         (scene->overlay == RECON_OVERLAY_DIFFERENCE || scene->overlay == RECON_OVERLAY_SUM ||
          (scene->overlay == RECON_OVERLAY_BLINK && scene->blink));
  level = choose_level (self, scene, both, complete);
  draw (self, scene, both, level);

  return check (error);
}

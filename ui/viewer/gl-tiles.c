/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/gl-tiles.h"

#include <epoxy/gl.h>

struct _ReconGlTiles
{
  ReconImage *image;
  guint       texture;
  guint       tile_width;
  guint       tile_height;
  guint       n_columns; /* of tiles */
  guint       n_rows;
  guint       next_row;  /* of the image, the first that is not there yet */
};

static guint
divide_up (guint a,
           guint b)
{
  return a / b + (a % b != 0);
}

/**
 * recon_gl_tiles_new:
 * @image: an image
 * @largest_texture: columns and rows that a texture may have
 *
 * Reserves the memory; errors of OpenGL are left for the caller to find.
 *
 * Returns: (transfer full): tiles without content
 */
ReconGlTiles *
recon_gl_tiles_new (ReconImage *image,
                    guint       largest_texture)
{
  ReconGlTiles *self = g_new0 (ReconGlTiles, 1);
  guint width = recon_image_get_width (image), height = recon_image_get_height (image);

  self->image = recon_image_ref (image);
  self->n_columns = divide_up (width, largest_texture);
  self->n_rows = divide_up (height, largest_texture);
  self->tile_width = divide_up (width, self->n_columns);
  self->tile_height = divide_up (height, self->n_rows);

  glGenTextures (1, &self->texture);
  glBindTexture (GL_TEXTURE_2D_ARRAY, self->texture);
  glTexParameteri (GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri (GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri (GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri (GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexParameteri (GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAX_LEVEL, 0);
  glTexImage3D (GL_TEXTURE_2D_ARRAY, 0, GL_R32F, (GLsizei) self->tile_width, (GLsizei) self->tile_height,
                (GLsizei) (self->n_columns * self->n_rows), 0, GL_RED, GL_FLOAT, NULL);

  return self;
}

/**
 * recon_gl_tiles_free:
 * @self: (transfer full): tiles
 */
void
recon_gl_tiles_free (ReconGlTiles *self)
{
  glDeleteTextures (1, &self->texture);
  recon_image_unref (self->image);
  g_free (self);
}

/* Rows of the image that lie in one row of tiles. */
static void
upload_rows (ReconGlTiles *self,
             guint         row,
             guint         n_rows)
{
  guint width = recon_image_get_width (self->image);
  const float *pixels = recon_image_get_pixels (self->image) + (gsize) row * width;
  guint tile_row = row / self->tile_height;

  for (guint column = 0; column < self->n_columns; column++)
    {
      guint x = column * self->tile_width;

      glTexSubImage3D (GL_TEXTURE_2D_ARRAY, 0, 0, (GLint) (row % self->tile_height),
                       (GLint) (tile_row * self->n_columns + column), (GLsizei) MIN (self->tile_width, width - x),
                       (GLsizei) n_rows, 1, GL_RED, GL_FLOAT, pixels + x);
    }
}

/**
 * recon_gl_tiles_upload:
 * @self: tiles
 * @most_bytes: how much may be transferred now; at least one row is
 *
 * Returns: how much was transferred
 */
gsize
recon_gl_tiles_upload (ReconGlTiles *self,
                       gsize         most_bytes)
{
  guint width = recon_image_get_width (self->image), height = recon_image_get_height (self->image);
  gsize row_bytes = (gsize) width * sizeof (float);
  gsize done = 0;

  if (recon_gl_tiles_are_complete (self))
    return 0;

  glBindTexture (GL_TEXTURE_2D_ARRAY, self->texture);
  glPixelStorei (GL_UNPACK_ALIGNMENT, 4);
  glPixelStorei (GL_UNPACK_ROW_LENGTH, (GLint) width);

  do
    {
      guint in_tile = self->tile_height - self->next_row % self->tile_height;
      gsize affordable = MAX ((most_bytes - MIN (done, most_bytes)) / row_bytes, 1);
      guint n_rows = (guint) MIN (affordable, MIN (in_tile, height - self->next_row));

      upload_rows (self, self->next_row, n_rows);
      self->next_row += n_rows;
      done += n_rows * row_bytes;
    }
  while (self->next_row < height && done + row_bytes <= most_bytes);

  glPixelStorei (GL_UNPACK_ROW_LENGTH, 0);

  return done;
}

gboolean
recon_gl_tiles_are_complete (const ReconGlTiles *self)
{
  return self->next_row == recon_image_get_height (self->image);
}

ReconImage *
recon_gl_tiles_get_image (const ReconGlTiles *self)
{
  return self->image;
}

guint
recon_gl_tiles_get_texture (const ReconGlTiles *self)
{
  return self->texture;
}

/**
 * recon_gl_tiles_get_layout:
 * @self: tiles
 * @layout: (out): width and height of a tile, and how many stand in a row
 */
void
recon_gl_tiles_get_layout (const ReconGlTiles *self,
                           int                 layout[3])
{
  layout[0] = (int) self->tile_width;
  layout[1] = (int) self->tile_height;
  layout[2] = (int) self->n_columns;
}

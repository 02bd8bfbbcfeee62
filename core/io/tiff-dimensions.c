/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-dimensions.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The pages of a TIFF file are one behind the other, whatever they are: programs that write hyperstacks, two channels
 * of 150 frames, say in the description of the first page how the pages count. */

/* More than any file holds. */
#define MAX_IMAGES (G_GUINT64_CONSTANT (1) << 40)

typedef struct
{
  GString *text;
  guint    n_several; /* dimensions of more than one */
  guint64  n_images;
} Dimensions;

/* @name: (nullable): of what there are @n */
static void
add (Dimensions *self,
     guint64     n,
     const char *name)
{
  if (n == 0 || n > MAX_IMAGES / self->n_images)
    return;

  self->n_images *= n;
  if (n == 1)
    return;

  g_string_append_printf (self->text, "%s%" G_GUINT64_FORMAT, self->n_several++ > 0 ? " × " : "", n);
  if (name != NULL)
    g_string_append_printf (self->text, " %s", name);
}

/* The number behind a key; 0 if there is none before @end. */
static guint64
find_number (const char *text,
             const char *end,
             const char *key)
{
  const char *found = strstr (text, key);

  return found != NULL && found < end ? g_ascii_strtoull (found + strlen (key), NULL, 10) : 0;
}

static void
read_imagej (Dimensions *self,
             const char *text)
{
  const char *end = text + strlen (text);
  guint64 n_images = find_number (text, end, "\nimages=");

  add (self, find_number (text, end, "\nchannels="), _ ("channels"));
  add (self, find_number (text, end, "\nslices="), _ ("slices"));
  add (self, find_number (text, end, "\nframes="), _ ("frames"));
  self->n_images = MAX (self->n_images, MIN (n_images, MAX_IMAGES));
}

static void
read_ome (Dimensions *self,
          const char *text)
{
  const char *pixels = strstr (text, "<Pixels");
  const char *end = pixels != NULL ? strchr (pixels, '>') : NULL;

  if (end == NULL)
    return;

  add (self, find_number (pixels, end, " SizeC=\""), _ ("channels"));
  add (self, find_number (pixels, end, " SizeZ=\""), _ ("slices"));
  add (self, find_number (pixels, end, " SizeT=\""), _ ("frames"));
}

/* {"shape": [150, 2, 512, 512]}: the last two are those of an image. */
static void
read_shape (Dimensions *self,
            const char *text)
{
  guint64 sizes[8];
  gsize n = 0;

  text = strchr (text, '[');
  while (text != NULL && (*text == '[' || *text == ',') && n < G_N_ELEMENTS (sizes))
    {
      char *end = NULL;

      sizes[n++] = g_ascii_strtoull (text + 1, &end, 10);
      text = end;
    }

  for (gsize i = 0; i + 2 < n; i++)
    add (self, sizes[i], NULL);
}

/**
 * recon_tiff_dimensions_read:
 * @description: (nullable): the description of a file's first page
 * @n_images: (out): how many images there are, as the description says, in all files of a set; 0 if it doesn't
 *
 * Understands what ImageJ, OME (Micro-Manager) and tifffile write.
 *
 * Returns: (transfer full) (nullable): where the images are not one series, how they count, such as
 *   "2 channels × 150 frames"
 */
char *
recon_tiff_dimensions_read (const char *description,
                            guint64    *n_images)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Dimensions self = { .text = text, .n_images = 1 };

  if (description == NULL)
    description = "";
  if (g_str_has_prefix (description, "ImageJ="))
    read_imagej (&self, description);
  else if (g_str_has_prefix (description, "{\"shape\": ["))
    read_shape (&self, description);
  else if (strstr (description, "<OME") != NULL)
    read_ome (&self, description);

  *n_images = self.n_images > 1 ? self.n_images : 0;

  return self.n_several > 1 ? g_strdup (text->str) : NULL;
}

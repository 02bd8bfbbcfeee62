/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-sizes.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"

/* One file in so many may be of another size and is left out; more are a mistake of another kind. */
#define STRAYS 20

/* Fewer files than this say nothing about which size is the right one. */
#define ENOUGH 4

static void
clear_size (gpointer data)
{
  g_free (((ReconTiffSize *) data)->where);
}

static void
set_differs (const ReconTiffLayout  *layout,
             const char             *where,
             const ReconTiffSize    *first,
             GError                **error)
{
  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("%s is %u × %u pixels (width × height) of %s, but %s is %u × %u pixels of %s. All images must be of "
                  "one size and type: leave out what does not belong to them."),
               where, layout->width, layout->height, recon_sample_type_get_name (layout->type), first->where,
               first->layout.width, first->layout.height, recon_sample_type_get_name (first->layout.type));
}

/**
 * recon_tiff_sizes_new:
 *
 * Returns: (transfer full) (element-type ReconTiffSize): a list of sizes, empty
 */
GArray *
recon_tiff_sizes_new (void)
{
  GArray *sizes = g_array_new (FALSE, FALSE, sizeof (ReconTiffSize));

  g_array_set_clear_func (sizes, clear_size);

  return sizes;
}

/**
 * recon_tiff_sizes_count:
 * @sizes: the sizes of the files so far
 * @image: the first page of a further file
 *
 * Returns: the size of @image, by its place in @sizes
 */
guint
recon_tiff_sizes_count (GArray         *sizes,
                        ReconTiffImage *image)
{
  const ReconTiffLayout *layout = recon_tiff_image_get_layout (image);
  ReconTiffSize size;

  for (guint i = 0; i < sizes->len; i++)
    if (recon_tiff_layout_is_alike (&g_array_index (sizes, ReconTiffSize, i).layout, layout))
      {
        g_array_index (sizes, ReconTiffSize, i).n_files++;
        return i;
      }

  size = (ReconTiffSize){ *layout, recon_tiff_image_describe (image), 1 };
  g_array_append_val (sizes, size);

  return sizes->len - 1;
}

/**
 * recon_tiff_sizes_check:
 * @sizes: sizes
 * @size: which of them the first page of the file has
 * @image: a further page
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT if the page is of another size
 */
gboolean
recon_tiff_sizes_check (GArray          *sizes,
                        guint            size,
                        ReconTiffImage  *image,
                        GError         **error)
{
  const ReconTiffSize *first = &g_array_index (sizes, ReconTiffSize, size);
  g_autofree char *where = NULL;

  if (recon_tiff_layout_is_alike (&first->layout, recon_tiff_image_get_layout (image)))
    return TRUE;

  where = recon_tiff_image_describe (image);
  set_differs (recon_tiff_image_get_layout (image), where, first, error);

  return FALSE;
}

/**
 * recon_tiff_sizes_find_main:
 * @sizes: at least one size
 *
 * Returns: the size that most files have; of several, the first one
 */
guint
recon_tiff_sizes_find_main (GArray *sizes)
{
  guint found = 0;

  for (guint i = 1; i < sizes->len; i++)
    if (g_array_index (sizes, ReconTiffSize, i).n_files > g_array_index (sizes, ReconTiffSize, found).n_files)
      found = i;

  return found;
}

/**
 * recon_tiff_sizes_settle:
 * @sizes: the sizes of all files
 * @path: what the files were given as
 * @main_size: the size that most of them have
 * @warnings: (element-type utf8): gets a sentence for each other size
 * @error: return location
 *
 * Decides whether the files of other sizes are few enough to be left out.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT if they aren't
 */
gboolean
recon_tiff_sizes_settle (GArray      *sizes,
                         const char  *path,
                         guint        main_size,
                         GPtrArray   *warnings,
                         GError     **error)
{
  const ReconTiffSize *most = &g_array_index (sizes, ReconTiffSize, main_size);
  const ReconTiffSize *first = &g_array_index (sizes, ReconTiffSize, 0);
  guint n_others = 0;

  for (guint i = 0; i < sizes->len; i++)
    if (i != main_size)
      n_others += g_array_index (sizes, ReconTiffSize, i).n_files;

  if (n_others > MAX (1, most->n_files / STRAYS) || (n_others > 0 && most->n_files < ENOUGH))
    {
      const ReconTiffSize *second = first + 1;

      set_differs (&second->layout, second->where, first, error);
      return FALSE;
    }

  for (guint i = 0; i < sizes->len; i++)
    {
      const ReconTiffSize *other = &g_array_index (sizes, ReconTiffSize, i);

      if (i != main_size)
        g_ptr_array_add (warnings,
                         g_strdup_printf (ngettext ("%s: %u file, %s, is left out: it is %u × %u pixels of %s, and the "
                                                    "other %u are %u × %u pixels of %s.",
                                                    "%s: %u files, the first %s, are left out: they are %u × %u pixels "
                                                    "of %s, and the other %u are %u × %u pixels of %s.",
                                                    other->n_files),
                                          path, other->n_files, other->where, other->layout.width,
                                          other->layout.height, recon_sample_type_get_name (other->layout.type),
                                          most->n_files, most->layout.width, most->layout.height,
                                          recon_sample_type_get_name (most->layout.type)));
    }

  return TRUE;
}

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

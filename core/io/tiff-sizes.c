/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-sizes.h"

#include <glib/gi18n-lib.h>

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

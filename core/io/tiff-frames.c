/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/tiff-image.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"

/* All files are opened once when the reader is, each page's header is read and compared with the first one's:
 * a frame of another size is found before hours of work rather than after, and files may hold different
 * numbers of pages. That is a handful of small reads a page: about a second for ten thousand files on a local
 * disk, and bound by the round trips on a network, where the same would be paid for on first reading. Where
 * each page begins is remembered, so that any page is found at once afterwards. */

/* A size and type of images, and how many files have it. */
typedef struct
{
  ReconTiffLayout  layout; /* of the first page of the first file */
  char            *where;  /* that page, for messages */
  guint            n_files;
} Size;

/* One file in so many may be of another size and is left out; more are a mistake of another kind. */
#define STRAYS 20

/* Fewer files than this say nothing about which size is the right one. */
#define ENOUGH 4

static void
clear_size (gpointer data)
{
  g_free (((Size *) data)->where);
}

static gboolean
set_differs (const ReconTiffLayout  *layout,
             const char             *where,
             const Size             *first,
             GError                **error)
{
  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s is %u × %u pixels (width × height) of %s, but %s is %u × %u pixels of %s. All images must "
                        "be of one size and type: leave out what does not belong to them."),
                     where, layout->width, layout->height, recon_sample_type_get_name (layout->type), first->where,
                     first->layout.width, first->layout.height, recon_sample_type_get_name (first->layout.type));
}

/* Returns a list of sizes, empty. */
static GArray *
new_sizes (void)
{
  GArray *sizes = g_array_new (FALSE, FALSE, sizeof (Size));

  g_array_set_clear_func (sizes, clear_size);

  return sizes;
}

/* Returns the size of @image, by its place in @sizes. */
static guint
count_size (GArray         *sizes,
            ReconTiffImage *image)
{
  const ReconTiffLayout *layout = recon_tiff_image_get_layout (image);
  Size size;

  for (guint i = 0; i < sizes->len; i++)
    if (recon_tiff_layout_is_alike (&g_array_index (sizes, Size, i).layout, layout))
      {
        g_array_index (sizes, Size, i).n_files++;
        return i;
      }

  size = (Size){ *layout, recon_tiff_image_describe (image), 1 };
  g_array_append_val (sizes, size);

  return sizes->len - 1;
}

/* Returns %FALSE with #RECON_ERROR_INPUT if the page is of another size. */
static gboolean
check_size (GArray          *sizes,
            guint            size,
            ReconTiffImage  *image,
            GError         **error)
{
  const Size *first = &g_array_index (sizes, Size, size);
  g_autofree char *where = NULL;

  if (recon_tiff_layout_is_alike (&first->layout, recon_tiff_image_get_layout (image)))
    return TRUE;

  where = recon_tiff_image_describe (image);
  return set_differs (recon_tiff_image_get_layout (image), where, first, error);
}

/* Returns the size that most files have; of several, the first one. */
static guint
find_main_size (GArray *sizes)
{
  guint found = 0;

  for (guint i = 1; i < sizes->len; i++)
    if (g_array_index (sizes, Size, i).n_files > g_array_index (sizes, Size, found).n_files)
      found = i;

  return found;
}

/* Decides whether the files of other sizes are few enough to be left out. Returns %FALSE with #RECON_ERROR_INPUT if
 * they aren't. */
static gboolean
check_strays (GArray      *sizes,
              const char  *path,
              guint        main_size,
              GPtrArray   *warnings,
              GError     **error)
{
  const Size *most = &g_array_index (sizes, Size, main_size);
  const Size *first = &g_array_index (sizes, Size, 0);
  guint n_others = 0;

  for (guint i = 0; i < sizes->len; i++)
    if (i != main_size)
      n_others += g_array_index (sizes, Size, i).n_files;

  if (n_others > MAX (1, most->n_files / STRAYS) || (n_others > 0 && most->n_files < ENOUGH))
    {
      const Size *second = first + 1;

      return set_differs (&second->layout, second->where, first, error);
    }

  for (guint i = 0; i < sizes->len; i++)
    {
      const Size *other = &g_array_index (sizes, Size, i);

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

typedef struct
{
  ReconTiffFrames *frames;
  ReconSeries     *series;
  GArray          *sizes;    /* (element-type Size) */
  GPtrArray       *warnings; /* (element-type utf8) */
} Search;

/* What reading takes goes by the largest piece. */
static void
note_chunk (Search         *self,
            ReconTiffImage *image)
{
  const ReconTiffLayout *layout = recon_tiff_image_get_layout (image);
  gsize chunk_bytes;

  if (g_size_checked_mul (&chunk_bytes, layout->row_bytes, layout->chunk_height))
    self->frames->chunk_bytes = MAX (self->frames->chunk_bytes, chunk_bytes);
}

/* Lists the images of a file that has a page for the first only. If the last ones are cut off, the others keep their
 * places. */
static void
add_hidden (Search                 *self,
            ReconTiffImage         *image,
            guint                   file,
            const ReconTiffHidden  *hidden)
{
  g_autofree char *where = recon_tiff_image_describe (image);
  ReconTiffFrame frame = { .file = file, .hidden = hidden->swapped ? 2 : 1 };

  note_chunk (self, image);
  frame.size = count_size (self->sizes, image);
  for (guint i = 0; i < hidden->n_present; i++)
    {
      frame.page = i;
      frame.plain = hidden->offset + i * hidden->image_bytes;
      g_array_append_val (self->frames->list, frame);
    }

  if (hidden->n_present < hidden->n_claimed)
    {
      g_ptr_array_add (self->warnings,
                       g_strdup_printf (_ ("%s is an ImageJ stack of %u images, of which only the first %u are there: "
                                           "the file is cut off. Copy it again."),
                                        where, hidden->n_claimed, hidden->n_present));
      self->frames->n_claimed = hidden->n_claimed;
    }
}

/* Images that count in two ways, as channels and frames, are not projections one after the other. What other programs
 * have copied to a file of fewer or more images says nothing. */
static gboolean
check_dimensions (const char  *dimensions,
                  guint64      n_claimed,
                  const char  *where,
                  guint        n_images,
                  GError     **error)
{
  if (dimensions == NULL || n_images < 2 || n_images > n_claimed)
    return TRUE;

  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s holds %u images, which are no single series: %s, as the file says. Save those that are "
                        "meant as a stack of their own (in ImageJ: Image › Color › Split Channels, or Image › "
                        "Hyperstacks › Reduce Dimensionality) and give that."),
                     where, n_images, dimensions);
}

/* Checks the pages of a file and lists them. Those of one file are of one size; files may not be. */
static gboolean
add_pages (Search          *self,
           ReconTiffImage  *image,
           guint            file,
           GError         **error)
{
  g_autofree char *where = g_filename_display_name (g_ptr_array_index (self->series->files, file));
  guint64 n_claimed;
  g_autofree char *dimensions = recon_tiff_dimensions_read (recon_tiff_image_get_description (image), &n_claimed);
  ReconTiffFrame frame = { .file = file };
  ReconTiffHidden hidden;

  if (recon_tiff_image_find_hidden (image, &hidden))
    {
      add_hidden (self, image, file, &hidden);
      return check_dimensions (dimensions, n_claimed, where, hidden.n_claimed, error);
    }

  while (TRUE)
    {
      note_chunk (self, image);
      if (frame.page == 0)
        frame.size = count_size (self->sizes, image);
      else if (!check_size (self->sizes, frame.size, image, error))
        return FALSE;

      frame.directory = recon_tiff_image_get_directory (image);
      g_array_append_val (self->frames->list, frame);

      if (recon_tiff_image_is_last (image))
        return check_dimensions (dimensions, n_claimed, where, frame.page + 1, error);
      if (!recon_tiff_image_next (image, error))
        return FALSE;
      frame.page++;
    }
}

/* Leaves the few files out that are of another size than the others. */
static gboolean
leave_out_strays (Search      *self,
                  const char  *path,
                  GError     **error)
{
  ReconTiffFrames *frames = self->frames;
  guint main_size = find_main_size (self->sizes);
  g_autofree guint *kept = g_new (guint, self->series->files->len);
  guint n_files = 0, n_frames = 0, n_left_out = 0;

  if (!check_strays (self->sizes, path, main_size, self->warnings, error))
    return FALSE;

  frames->layout = g_array_index (self->sizes, Size, main_size).layout;
  if (self->sizes->len == 1)
    return TRUE;

  for (guint i = 0; i < frames->list->len; i++)
    {
      ReconTiffFrame *frame = &g_array_index (frames->list, ReconTiffFrame, i);

      if (frame->page == 0)
        kept[frame->file] = frame->size == main_size ? n_files++ : G_MAXUINT;
      if (kept[frame->file] == G_MAXUINT)
        {
          if (frame->page == 0)
            recon_series_remove (self->series, frame->file - n_left_out++);
          continue;
        }

      frame->file = kept[frame->file];
      g_array_index (frames->list, ReconTiffFrame, n_frames++) = *frame;
    }
  g_array_set_size (frames->list, n_frames);

  return TRUE;
}

/**
 * recon_tiff_frames_find:
 * @self: (out caller-allocates): the images
 * @series: files; those that are left out are removed
 * @path: what the user calls them, for messages
 * @warnings: (element-type utf8): gets what a user should know
 * @error: return location
 *
 * Opens every file once.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT or #RECON_ERROR_READ; @self needs to be cleared in any case
 */
gboolean
recon_tiff_frames_find (ReconTiffFrames  *self,
                        ReconSeries      *series,
                        const char       *path,
                        GPtrArray        *warnings,
                        GError          **error)
{
  g_autoptr (GArray) sizes = new_sizes ();
  Search search = { self, series, sizes, warnings };

  *self = (ReconTiffFrames) { .list = g_array_new (FALSE, FALSE, sizeof (ReconTiffFrame)) };
  for (guint i = 0; i < series->files->len; i++)
    {
      g_autoptr (ReconTiffImage) image = recon_tiff_image_open (series->files->pdata[i], error);

      if (image == NULL || !add_pages (&search, image, i, error))
        return FALSE;
    }

  return leave_out_strays (&search, path, error);
}

void
recon_tiff_frames_clear (ReconTiffFrames *self)
{
  g_clear_pointer (&self->list, g_array_unref);
}

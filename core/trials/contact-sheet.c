/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "trials/contact-sheet.h"

#include <cairo.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"
#include "io/grey.h"

/* What is kept of an image is its thumbnail only, so that the sheet of many large slices takes little memory. */

#define THUMBNAIL 256 /* pixels at most */
#define LEAST     120 /* columns that a label takes */
#define MARGIN    12
#define LINE      18  /* pixels */
#define LETTERS   13

/* A few pixels that are out of all bounds, such as those of a wrong axis, must not make all others grey. */
#define PERCENTILE_LOW  0.5
#define PERCENTILE_HIGH 99.5

typedef struct
{
  float    *pixels;
  guint     width;
  guint     height;
  char     *label;
  char     *note;
  gboolean  marked;
} Thumbnail;

struct _ReconContactSheet
{
  GPtrArray *thumbnails;
};

static void
thumbnail_free (gpointer data)
{
  Thumbnail *self = data;

  g_free (self->pixels);
  g_free (self->label);
  g_free (self->note);
  g_free (self);
}

/**
 * recon_contact_sheet_new:
 *
 * Returns: (transfer full): an empty sheet
 */
ReconContactSheet *
recon_contact_sheet_new (void)
{
  ReconContactSheet *self = g_new0 (ReconContactSheet, 1);

  self->thumbnails = g_ptr_array_new_with_free_func (thumbnail_free);

  return self;
}

void
recon_contact_sheet_free (ReconContactSheet *self)
{
  g_ptr_array_unref (self->thumbnails);
  g_free (self);
}

/* The mean of what of the image makes a pixel of the thumbnail: up to factor × factor pixels. */
static float
average (ReconImage *image,
         guint       x0,
         guint       y0,
         guint       factor)
{
  const guint width = recon_image_get_width (image), height = recon_image_get_height (image);
  const guint x1 = MIN (x0 + factor, width), y1 = MIN (y0 + factor, height);
  const float *pixels = recon_image_get_pixels (image);
  double sum = 0;

  for (guint y = y0; y < y1; y++)
    for (guint x = x0; x < x1; x++)
      sum += (double) pixels[(gsize) y * width + x];

  return (float) (sum / ((double) (x1 - x0) * (y1 - y0)));
}

/**
 * recon_contact_sheet_add:
 * @self: a sheet
 * @image: an image
 * @label: what stands below it
 * @note: what stands below that
 * @marked: whether to draw attention to it
 *
 * Appends a thumbnail of the image.
 */
void
recon_contact_sheet_add (ReconContactSheet *self,
                         ReconImage        *image,
                         const char        *label,
                         const char        *note,
                         gboolean           marked)
{
  const guint width = recon_image_get_width (image), height = recon_image_get_height (image);
  const guint factor = (MAX (width, height) + THUMBNAIL - 1) / THUMBNAIL;
  Thumbnail *thumbnail = g_new0 (Thumbnail, 1);

  thumbnail->width = (width + factor - 1) / factor;
  thumbnail->height = (height + factor - 1) / factor;
  thumbnail->pixels = g_new (float, (gsize) thumbnail->width * thumbnail->height);
  thumbnail->label = g_strdup (label);
  thumbnail->note = g_strdup (note);
  thumbnail->marked = marked;
  for (guint y = 0; y < thumbnail->height; y++)
    for (guint x = 0; x < thumbnail->width; x++)
      thumbnail->pixels[(gsize) y * thumbnail->width + x] = average (image, x * factor, y * factor, factor);

  g_ptr_array_add (self->thumbnails, thumbnail);
}

/* The grey scale that all of them have. */
static void
choose_window (ReconContactSheet *self,
               double            *minimum,
               double            *maximum)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (float));

  for (guint i = 0; i < self->thumbnails->len; i++)
    {
      const Thumbnail *thumbnail = g_ptr_array_index (self->thumbnails, i);

      g_array_append_vals (values, thumbnail->pixels, thumbnail->width * thumbnail->height);
    }

  *minimum = 0;
  *maximum = 1;
  recon_grey_percentiles ((float *) values->data, values->len, PERCENTILE_LOW, PERCENTILE_HIGH, minimum, maximum);
  if (!(*maximum > *minimum))
    *maximum = *minimum + 1;
}

static void
draw_text (cairo_t    *cr,
           const char *text,
           double      x,
           double      y,
           double      width)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  cairo_move_to (cr, round (x + (width - extents.x_advance) / 2), y);
  cairo_show_text (cr, text);
}

static void
draw_picture (cairo_t         *cr,
              const Thumbnail *self,
              double           minimum,
              double           maximum,
              double           x,
              double           y)
{
  const gsize n = (gsize) self->width * self->height;
  g_autofree guint8 *grey = g_new (guint8, n);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) self->width, (int) self->height);

  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    {
      guint8 *data = cairo_image_surface_get_data (surface);
      const gsize stride = (gsize) cairo_image_surface_get_stride (surface);

      recon_grey_to_uint8 (self->pixels, n, minimum, maximum, grey);
      for (guint row = 0; row < self->height; row++)
        for (guint column = 0; column < self->width; column++)
          ((guint32 *) (gpointer) (data + row * stride))[column] = 0x010101u * grey[(gsize) row * self->width + column];
      cairo_surface_mark_dirty (surface);
      cairo_set_source_surface (cr, surface, x, y);
      cairo_paint (cr);
    }
  cairo_surface_destroy (surface);
}

static void
draw_cell (cairo_t         *cr,
           const Thumbnail *self,
           double           minimum,
           double           maximum,
           double           x,
           double           y,
           double           width)
{
  const double left = x + floor ((width - self->width) / 2);

  draw_picture (cr, self, minimum, maximum, left, y);
  if (self->marked)
    {
      cairo_set_source_rgb (cr, 1.0, 0.64, 0.2);
      cairo_set_line_width (cr, 4);
      cairo_rectangle (cr, left - 3, y - 3, self->width + 6, self->height + 6);
      cairo_stroke (cr);
    }
  else
    cairo_set_source_rgb (cr, 1, 1, 1);

  draw_text (cr, self->label, x, y + self->height + LINE, width);
  if (!self->marked)
    cairo_set_source_rgb (cr, 0.7, 0.7, 0.7);
  draw_text (cr, self->note, x, y + self->height + 2 * LINE, width);
}

/* Returns: (transfer full): the picture, or one with a status that says what is wrong */
static cairo_surface_t *
draw (ReconContactSheet *self,
      const char        *title)
{
  const Thumbnail *first = g_ptr_array_index (self->thumbnails, 0);
  const guint n = self->thumbnails->len;
  const guint columns = (guint) ceil (sqrt (n));
  const guint rows = (n + columns - 1) / columns;
  const guint width = MAX (first->width, LEAST);
  const guint height = first->height + 2 * LINE + MARGIN;
  const int sheet_width = (int) MAX (columns * (width + MARGIN) + MARGIN, 480);
  const int sheet_height = (int) (rows * (height + MARGIN) + 2 * MARGIN + LINE);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, sheet_width, sheet_height);
  cairo_t *cr = cairo_create (surface);
  double minimum, maximum;

  choose_window (self, &minimum, &maximum);
  cairo_set_source_rgb (cr, 0.14, 0.14, 0.14);
  cairo_paint (cr);
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, LETTERS);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_move_to (cr, MARGIN, MARGIN + LETTERS);
  cairo_show_text (cr, title);

  for (guint i = 0; i < n; i++)
    draw_cell (cr, g_ptr_array_index (self->thumbnails, i), minimum, maximum,
               MARGIN + (i % columns) * (width + MARGIN), 2 * MARGIN + LINE + (i / columns) * (height + MARGIN), width);

  cairo_destroy (cr);

  return surface;
}

static cairo_status_t
append_cb (void                *closure,
           const unsigned char *data,
           unsigned int         length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

/**
 * recon_contact_sheet_save:
 * @self: a sheet that is not empty
 * @title: what stands above all
 * @path: where the PNG file goes; a file there is replaced
 * @error: return location
 *
 * Draws the thumbnails side by side, in the order in which they came.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_contact_sheet_save (ReconContactSheet  *self,
                          const char         *title,
                          const char         *path,
                          GError            **error)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GError) cause = NULL;
  g_autofree char *name = g_filename_display_name (path);
  cairo_surface_t *surface;
  cairo_status_t status;

  g_return_val_if_fail (self->thumbnails->len > 0, FALSE);

  surface = draw (self, title);
  status = cairo_surface_status (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_cb, data);
  cairo_surface_destroy (surface);

  if (status == CAIRO_STATUS_SUCCESS &&
      g_file_set_contents_full (path, (const char *) data->data, data->len, G_FILE_SET_CONTENTS_CONSISTENT, 0666,
                                &cause))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("The contact sheet %s could not be written: %s."), name,
               cause != NULL ? cause->message : cairo_status_to_string (status));

  return FALSE;
}

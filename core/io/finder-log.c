/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/finder-log.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* What the logs of scanners say of a scan. Only what is certain is taken: SkyScan (Bruker) writes a file of lines
 * "Key=value" beside the images, with the step of the rotation and the size of a pixel at the sample. TOMCAT (Swiss
 * Light Source) writes darks, flats and projections into one series, and "Number of darks : 20" and so on into its
 * log. */

#define MAX_BYTES (4 << 20)

/* The value of a line "key=value" or "key : value", or NaN. */
static double
read_value (const char *text,
            const char *key)
{
  gsize length = strlen (key);

  for (const char *line = text; line != NULL; line = strchr (line, '\n'))
    {
      const char *sign;
      char *end;
      double value;

      line += strspn (line, "\r\n \t");
      sign = line + length;
      if (g_ascii_strncasecmp (line, key, length) != 0)
        continue;
      sign += strspn (sign, " \t");
      if (*sign != '=' && *sign != ':')
        continue;

      value = g_ascii_strtod (sign + 1, &end);

      return end != sign + 1 ? value : (double) NAN;
    }

  return NAN;
}

static char *
load (const char *path)
{
  char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  if (length > MAX_BYTES || memchr (text, '\0', length) != NULL)
    g_clear_pointer (&text, g_free);

  return text;
}

static gboolean
read_skyscan (ReconFinder *self,
              const char  *path,
              const char  *text)
{
  double step = read_value (text, "Rotation Step (deg)");
  double size = read_value (text, "Image Pixel Size (um)");
  double source = read_value (text, "Object to Source (mm)");
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (step) || step <= 0 || step > 180)
    return FALSE;

  g_ascii_formatd (number, sizeof number, "%.10g", step * G_PI / 180);
  _recon_found_take (self->found, RECON_PARAM_ANGLE_STEP, number,
                     g_strdup_printf (_ ("%s says that the rotation step is %g°"), path, step));
  if (isfinite (size) && size > 0)
    {
      g_ascii_formatd (number, sizeof number, "%.10g", size);
      _recon_found_take (self->found, RECON_PARAM_PIXEL_SIZE, number,
                         g_strdup_printf (_ ("%s says that a pixel is %g µm"), path, size));
    }
  if (isfinite (source) && source > 0 && source < 10000)
    _recon_found_warn (self->found,
                       _ ("%s says that the source is %g mm from the object, which is a cone beam; the scan is "
                          "reconstructed as of a parallel beam, which holds near the middle row only"),
                       path, source);

  return TRUE;
}

/* Images of all kinds in one series can't be told apart by their names. */
static gboolean
read_tomcat (ReconFinder *self,
             const char  *path,
             const char  *text)
{
  double projections = read_value (text, "Number of projections");
  double darks = read_value (text, "Number of darks");
  double flats = read_value (text, "Number of flats");

  if (self->sinograms || !(projections > 0) || !(darks >= 0) || !(flats >= 0) || darks + flats == 0 ||
      self->images->n_frames < projections + darks + flats)
    return FALSE;

  _recon_found_ask (self->found, RECON_PARAM_PROJECTIONS,
                    g_strdup_printf (_ ("Which of the %u images of %s are the projections? %s says that there are %g "
                                        "darks, %g flats and %g projections in one series. Put each into a folder."),
                                     self->images->n_frames, self->images->value, path, darks, flats, projections),
                    g_ptr_array_new_with_free_func (g_free));

  return TRUE;
}

/**
 * recon_finder_read_log:
 * @self: a search with images
 * @folder: where a log may be
 *
 * Returns: whether a log was found that says the angles, or that there is a question
 */
gboolean
recon_finder_read_log (ReconFinder             *self,
                       const ReconFinderFolder *folder)
{
  for (guint i = 0; i < folder->texts->len; i++)
    {
      const char *name = g_ptr_array_index (folder->texts, i);
      g_autofree char *path = recon_finder_join (folder->path, name);
      g_autofree char *text = g_str_has_suffix (name, ".log") ? load (path) : NULL;

      if (text != NULL && (read_skyscan (self, path, text) || read_tomcat (self, path, text)))
        return TRUE;
    }

  return FALSE;
}

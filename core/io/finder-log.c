/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/finder-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "io/angles.h"

/* What the logs of scanners say of a scan. Only what is certain is taken: a step of the rotation, or a range of so many
 * steps, that is named by its key. SkyScan (Bruker) writes a file of lines "Key=value" beside the images, with the step
 * and the size of a pixel at the sample. TOMCAT (Swiss Light Source) writes darks, flats and projections into one
 * series, and "Number of darks : 20" and so on into its log. */

#define MAX_BYTES (4 << 20)

/* The unit of an angle behind a key, "[deg]" or "(deg)", which degrees are meant without. Returns what makes radians
 * of it, or NaN where it is another. */
static double
read_unit (const char **text)
{
  g_autofree char *name = NULL;
  double scale = 1;
  int unit;

  if (**text != '[' && **text != '(')
    return G_PI / 180;

  name = g_strndup (*text + 1, strcspn (*text + 1, "])\r\n"));
  *text += strlen (name) + 1;
  *text += **text == ']' || **text == ')';
  *text += strspn (*text, " \t");
  unit = recon_angle_unit_parse (g_strstrip (name), &scale);
  if (unit < 0)
    return NAN;

  return unit == RECON_ANGLE_UNIT_DEGREE ? scale * G_PI / 180 : scale;
}

/* The value of a line "key=value" or "key : value", or NaN; of an @angle, in radians. */
static double
read_quantity (const char *text,
               const char *key,
               gboolean    angle)
{
  gsize length = strlen (key);

  for (const char *line = text; line != NULL; line = strchr (line, '\n'))
    {
      const char *sign;
      char *end;
      double value, unit = 1;

      line += strspn (line, "\r\n \t");
      sign = line + length;
      if (g_ascii_strncasecmp (line, key, length) != 0)
        continue;
      sign += strspn (sign, " \t");
      if (angle)
        unit = read_unit (&sign);
      if (*sign != '=' && *sign != ':')
        continue;

      value = g_ascii_strtod (sign + 1, &end);

      return end != sign + 1 ? value * unit : (double) NAN;
    }

  return NAN;
}

static double
read_value (const char *text,
            const char *key)
{
  return read_quantity (text, key, FALSE);
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

static void
warn_of_source (ReconFinder *self,
                const char  *path,
                double       source)
{
  if (isfinite (source) && source > 0 && source < 10000)
    _recon_found_warn (self->found,
                       _ ("%s says that the source is %g mm from the object, which is a cone beam; the scan is "
                          "reconstructed as of a parallel beam, which holds near the middle row only"),
                       path, source);
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
  warn_of_source (self, path, source);

  return TRUE;
}

/* The first of some keys that has a value. */
static double
read_first (const char        *text,
            const char *const *keys,
            gboolean           angle)
{
  double value = NAN;

  for (guint i = 0; keys[i] != NULL && !isfinite (value); i++)
    value = read_quantity (text, keys[i], angle);

  return value;
}

/* A step that is named by its key, or a range (ESRF) with the number of steps in it; Nikon's, for one, are in degrees.
 * It holds for as many projections as the log says; an image more may be the end of the last step. */
static gboolean
read_step (ReconFinder *self,
           const char  *path,
           const char  *text)
{
  static const char *const steps[] = { "Angular step", "AngularStep", "Rotation step", "Angle step", "Step angle",
                                       NULL };
  static const char *const ranges[] = { "ScanRange", NULL };
  static const char *const counts[] = { "Number of projections", "Projections", "TOMO_N", NULL };
  double step = read_first (text, steps, TRUE);
  double range = read_first (text, ranges, TRUE);
  double n = read_first (text, counts, FALSE);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (step) && n > 0)
    step = range / n;
  if (!isfinite (step) || step <= 0 || step > G_PI)
    return FALSE;
  if (isfinite (n) && n != self->n_projections && n != self->n_numbers && n + 1 != self->n_projections)
    {
      _recon_found_warn (self->found,
                         _ ("%s says that %g projections are %g° apart, but there are %u; this step is not taken"),
                         path, n, step * 180 / G_PI, self->n_projections);
      return FALSE;
    }

  g_ascii_formatd (number, sizeof number, "%.10g", step);
  _recon_found_take (self->found, RECON_PARAM_ANGLE_STEP, number,
                     g_strdup_printf (_ ("%s says that the step of the rotation is %g°"), path, step * 180 / G_PI));
  warn_of_source (self, path, read_value (text, "SrcToObject"));

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
      g_autofree char *text = load (path);
      gboolean is_log = g_str_has_suffix (name, ".log");

      if (text != NULL && ((is_log && (read_skyscan (self, path, text) || read_tomcat (self, path, text))) ||
                           read_step (self, path, text)))
        return TRUE;
    }

  return FALSE;
}

/**
 * recon_finder_log_has_angles:
 * @path: a text file
 *
 * Returns: whether it speaks of angles
 */
gboolean
recon_finder_log_has_angles (const char *path)
{
  static const char *const words[] = { "angle", "angular", "theta", "rotation", NULL };
  g_autofree char *text = load (path);
  g_autofree char *small = text != NULL ? g_ascii_strdown (text, -1) : NULL;

  for (guint i = 0; small != NULL && words[i] != NULL; i++)
    if (strstr (small, words[i]) != NULL)
      return TRUE;

  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "trials/candidates.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "config/text.h"

/* A hundred is what a sheet shows and a person compares. */
#define MOST 100

/* Parts of a pixel in names of files. */
#define MOST_DECIMALS 6

static gboolean
refuse (const char  *text,
        GError     **error)
{
  g_autofree char *shown = recon_text_abridge (text);

  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("'%s' are no axes to try. Give the first column, the last one, and the step from one to the next, "
                  "such as 290:300:0.5."),
               shown);

  return FALSE;
}

static gboolean
parse_three (const char *text,
             double      numbers[3])
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 4);

  if (g_strv_length (parts) != 3)
    return FALSE;

  for (guint i = 0; i < 3; i++)
    if (!recon_number_from_text (g_strstrip (parts[i]), &numbers[i]))
      return FALSE;

  return TRUE;
}

/**
 * recon_axis_candidates_parse:
 * @self: (out caller-allocates): the candidates
 * @text: first, last and step, such as "290:300:0.5"; columns as read
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if these are no axes, or too many
 */
gboolean
recon_axis_candidates_parse (ReconAxisCandidates  *self,
                             const char           *text,
                             GError              **error)
{
  double numbers[3], steps;

  if (!parse_three (text, numbers))
    return refuse (text, error);

  if (numbers[1] <= numbers[0] || numbers[2] <= 0)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   numbers[2] <= 0 ? _ ("The step of the axes to try, %s, is not above 0.")
                                   : _ ("The axes to try, %s, end where they begin or before: the first column must be "
                                        "less than the last one."),
                   text);
      return FALSE;
    }

  /* The last one counts although no decimal fraction is exact. */
  steps = floor ((numbers[1] - numbers[0]) / numbers[2] + 1e-6);
  if (steps + 1 > MOST)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("%s are %.0f axes to try, more than %d. Choose a larger step, or columns that are closer."), text,
                   steps + 1, MOST);
      return FALSE;
    }

  *self = (ReconAxisCandidates) { .low = numbers[0], .step = numbers[2], .n = (guint) steps + 1 };

  return TRUE;
}

/**
 * recon_axis_candidates_get:
 * @self: candidates
 * @candidate: one of them
 *
 * Returns: its axis, the number that recon_axis_candidates_format() writes
 */
double
recon_axis_candidates_get (const ReconAxisCandidates *self,
                           guint                      candidate)
{
  g_autofree char *text = recon_axis_candidates_format (self, candidate, FALSE);

  return g_ascii_strtod (text, NULL);
}

/* As many as the numbers that were given need. */
static guint
count_decimals (const ReconAxisCandidates *self)
{
  double scale = 1;
  guint n = 0;

  while (n < MOST_DECIMALS && (fabs (self->low * scale - round (self->low * scale)) > 1e-7 ||
                               fabs (self->step * scale - round (self->step * scale)) > 1e-7))
    {
      scale *= 10;
      n++;
    }

  return n;
}

/**
 * recon_axis_candidates_format:
 * @self: candidates
 * @candidate: one of them
 * @pad: whether to fill up with zeros, so that names sort like numbers
 *
 * Returns: (transfer full): its axis in the C locale, all of them with as many decimals
 */
char *
recon_axis_candidates_format (const ReconAxisCandidates *self,
                              guint                      candidate,
                              gboolean                   pad)
{
  const double value = self->low + candidate * self->step;
  const guint decimals = count_decimals (self);
  const double highest = MAX (fabs (self->low), fabs (self->low + (self->n - 1) * self->step));
  g_autofree char *widest = g_strdup_printf ("%.0f", floor (highest));
  const gsize width = strlen (widest) + (decimals > 0 ? decimals + 1 : 0) + (self->low < 0 ? 1 : 0);
  g_autofree char *format = pad ? g_strdup_printf ("%%0%" G_GSIZE_FORMAT ".%uf", width, decimals)
                                : g_strdup_printf ("%%.%uf", decimals);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, format, value));
}

/**
 * recon_axis_candidates_nearest:
 * @self: candidates
 * @axis: a column
 *
 * Returns: the candidate next to the axis; their number if it is NaN or more than half a step away from all of them
 */
guint
recon_axis_candidates_nearest (const ReconAxisCandidates *self,
                               double                     axis)
{
  const double place = round ((axis - self->low) / self->step);

  return place >= 0 && place < self->n ? (guint) place : self->n;
}

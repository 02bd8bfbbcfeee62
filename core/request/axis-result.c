/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "request/axis-result.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"

#define CERTAIN 3.0     /* standard deviations of a drift that there is */
#define LEAST_DRIFT 0.1 /* pixels: less is not worth a word */
#define PARTS 1000.0    /* of a pixel: far finer than any search is sure, and short to read and to type */

static const char *const methods[RECON_AXIS_N_METHODS] = {
  [RECON_AXIS_AUTO] = "auto",           [RECON_AXIS_PAIR] = "pair",
  [RECON_AXIS_WEDGE] = "wedge",         [RECON_AXIS_FULL_TURN] = "full-turn",
  [RECON_AXIS_CENTROID] = "centroid",   [RECON_AXIS_ENTROPY] = "entropy",
  [RECON_AXIS_NEGATIVITY] = "negativity", [RECON_AXIS_SHARPNESS] = "sharpness",
};

static const char *const confidences[] = {
  [RECON_AXIS_CONFIDENCE_NONE] = "none",
  [RECON_AXIS_CONFIDENCE_LOW] = "low",
  [RECON_AXIS_CONFIDENCE_MEDIUM] = "medium",
  [RECON_AXIS_CONFIDENCE_HIGH] = "high",
};

/**
 * recon_axis_method_get_name:
 * @method: a method
 *
 * Returns: the word for it on the command line and between processes, not translated
 */
const char *
recon_axis_method_get_name (ReconAxisMethod method)
{
  g_return_val_if_fail (method < RECON_AXIS_N_METHODS, NULL);

  return methods[method];
}

/**
 * recon_axis_method_find:
 * @name: a word
 * @method: (out): the method of this name
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if there is none
 */
gboolean
recon_axis_method_find (const char       *name,
                        ReconAxisMethod  *method,
                        GError          **error)
{
  g_autofree char *known = NULL;

  for (guint i = 0; i < RECON_AXIS_N_METHODS; i++)
    if (g_str_equal (methods[i], name))
      {
        *method = (ReconAxisMethod) i;
        return TRUE;
      }

  known = g_strjoin (", ", methods[0], methods[1], methods[2], methods[3], methods[4], methods[5], methods[6],
                     methods[7], NULL);
  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("There is no method '%s' to find the axis. Choose one of %s."), name, known);

  return FALSE;
}

/**
 * recon_axis_confidence_get_name:
 * @confidence: a confidence
 *
 * Returns: "none", "low", "medium" or "high", not translated
 */
const char *
recon_axis_confidence_get_name (ReconAxisConfidence confidence)
{
  g_return_val_if_fail (confidence <= RECON_AXIS_CONFIDENCE_HIGH, NULL);

  return confidences[confidence];
}

/**
 * recon_axis_result_copy:
 * @self: a result
 *
 * Returns: (transfer full): another one like it
 */
ReconAxisResult *
recon_axis_result_copy (const ReconAxisResult *self)
{
  ReconAxisResult *copy = g_memdup2 (self, sizeof *self);

  copy->reason = g_strdup (self->reason);
  copy->rows = g_memdup2 (self->rows, self->n_rows * sizeof *self->rows);
  copy->candidates = g_memdup2 (self->candidates, self->n_candidates * sizeof *self->candidates);
  copy->scores = g_memdup2 (self->scores, self->n_candidates * sizeof *self->scores);

  return copy;
}

void
recon_axis_result_free (ReconAxisResult *self)
{
  g_free (self->reason);
  g_free (self->rows);
  g_free (self->candidates);
  g_free (self->scores);
  g_free (self);
}

/**
 * recon_axis_result_drifts:
 * @self: a result
 *
 * Returns: whether the axis is known to move during the scan, by so much that it is worth a word
 */
gboolean
recon_axis_result_drifts (const ReconAxisResult *self)
{
  return self->confidence != RECON_AXIS_CONFIDENCE_NONE && isfinite (self->drift) &&
         fabs (self->drift) > MAX (CERTAIN * self->drift_uncertainty, LEAST_DRIFT);
}

static void
append_agreement (const ReconAxisResult *self,
                  GString               *text)
{
  guint n_used = 0;

  for (guint i = 0; i < self->n_rows; i++)
    n_used += self->rows[i].used;

  if (self->n_rows == 1)
    g_string_append (text, _ (", 1 row"));
  else if (n_used == self->n_rows)
    g_string_append_printf (text, _ (", %u rows agree"), n_used);
  else
    g_string_append_printf (text, _ (", %u of %u rows agree"), n_used, self->n_rows);

  if (isfinite (self->tilt))
    g_string_append_printf (text, _ (", tilt %.2f ± %.2f°"), self->tilt, self->tilt_uncertainty);
  if (recon_axis_result_drifts (self))
    g_string_append_printf (text, _ (", drift %s%.2f ± %.2f px during the scan"), self->drift < 0 ? "−" : "+",
                            fabs (self->drift), self->drift_uncertainty);
  if (self->half)
    g_string_append_printf (text, _ (", half acquisition with %.0f columns of overlap"), self->overlap);
}

/**
 * recon_axis_result_say:
 * @self: a result
 *
 * Returns: (transfer full): a line without its end, translated: "axis 295.84 ± 0.08 px (offset −23.66 from the
 *   middle), confidence high, 5 rows agree, tilt 0.02°", or that there is none, with the reason
 */
char *
recon_axis_result_say (const ReconAxisResult *self)
{
  GString *text;
  double offset;

  if (self->confidence == RECON_AXIS_CONFIDENCE_NONE)
    return g_strdup_printf (_ ("axis not found, confidence none: %s"), self->reason);

  text = g_string_new (NULL);
  offset = self->axis - self->middle;
  g_string_append_printf (text, _ ("axis %.2f ± %.2f px (offset %s%.2f from the middle), confidence %s"), self->axis,
                          MAX (self->uncertainty, 0.01), offset < 0 ? "−" : "+", fabs (offset),
                          recon_axis_confidence_get_name (self->confidence));
  append_agreement (self, text);

  return g_string_free (text, FALSE);
}

/**
 * recon_axis_result_get_column:
 * @self: a result
 *
 * Returns: the axis as configurations hold it, to a thousandth of a pixel; NaN if there is none
 */
double
recon_axis_result_get_column (const ReconAxisResult *self)
{
  return self->confidence == RECON_AXIS_CONFIDENCE_NONE ? (double) NAN : round (self->axis * PARTS) / PARTS;
}

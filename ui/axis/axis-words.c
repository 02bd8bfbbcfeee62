/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-words.h"

#include <glib/gi18n.h>
#include <math.h>

/* Nobody trusts more decimals than are shown. */
#define LEAST_UNCERTAINTY 0.01

static const struct
{
  const char *title;
  const char *explanation;
} methods[RECON_AXIS_N_METHODS] = {
  [RECON_AXIS_AUTO] = { N_ ("Automatic"), N_ ("All that suit the scan, compared with each other") },
  [RECON_AXIS_PAIR] = { N_ ("Opposite Projections"), N_ ("Two that are half a turn apart, laid upon each other") },
  [RECON_AXIS_WEDGE] = { N_ ("Sinogram Spectrum"),
                         N_ ("Good for half a turn, also where the object leaves the view (Vo)") },
  [RECON_AXIS_FULL_TURN] = { N_ ("Full Turn"),
                             N_ ("Every projection with its opposite, also in half acquisition") },
  [RECON_AXIS_CENTROID] = { N_ ("Centre of Mass"), N_ ("Fast; for objects that are wholly in view") },
  [RECON_AXIS_ENTROPY] = { N_ ("Slice with the Least Entropy"), N_ ("Tries slices; good for strong contrast") },
  [RECON_AXIS_NEGATIVITY] = { N_ ("Slice with the Fewest Negative Values"),
                              N_ ("Tries slices; for objects that are wholly in view") },
  [RECON_AXIS_SHARPNESS] = { N_ ("Sharpest Slice"), N_ ("Tries slices; good for edges and little noise") },
};

static const struct
{
  const char *word;
  const char *icon;
  const char *css_class;
} confidences[] = {
  [RECON_AXIS_CONFIDENCE_NONE] = { N_ ("Not found"), "dialog-error-symbolic", "error" },
  [RECON_AXIS_CONFIDENCE_LOW] = { N_ ("Low confidence"), "dialog-error-symbolic", "error" },
  [RECON_AXIS_CONFIDENCE_MEDIUM] = { N_ ("Medium confidence"), "dialog-warning-symbolic", "warning" },
  [RECON_AXIS_CONFIDENCE_HIGH] = { N_ ("High confidence"), "object-select-symbolic", "success" },
};

const char *
recon_axis_words_get_method (ReconAxisMethod method)
{
  g_return_val_if_fail (method < RECON_AXIS_N_METHODS, NULL);

  return _ (methods[method].title);
}

/**
 * recon_axis_words_get_explanation:
 * @method: a method
 *
 * Returns: what it does or is good for, in one line
 */
const char *
recon_axis_words_get_explanation (ReconAxisMethod method)
{
  g_return_val_if_fail (method < RECON_AXIS_N_METHODS, NULL);

  return _ (methods[method].explanation);
}

const char *
recon_axis_words_get_confidence (ReconAxisConfidence confidence)
{
  g_return_val_if_fail (confidence < G_N_ELEMENTS (confidences), NULL);

  return _ (confidences[confidence].word);
}

const char *
recon_axis_words_get_icon (ReconAxisConfidence confidence)
{
  g_return_val_if_fail (confidence < G_N_ELEMENTS (confidences), NULL);

  return confidences[confidence].icon;
}

/**
 * recon_axis_words_get_class:
 * @confidence: a confidence
 *
 * Returns: a style class, which never stands without the word
 */
const char *
recon_axis_words_get_class (ReconAxisConfidence confidence)
{
  g_return_val_if_fail (confidence < G_N_ELEMENTS (confidences), NULL);

  return confidences[confidence].css_class;
}

/**
 * recon_axis_words_format_axis:
 * @result: of a search
 *
 * Returns: (transfer full): "295.84 ± 0.08 px", or that there is none
 */
char *
recon_axis_words_format_axis (const ReconAxisResult *result)
{
  if (result->confidence == RECON_AXIS_CONFIDENCE_NONE)
    return g_strdup (_ ("No axis found"));

  return g_strdup_printf (_ ("%.2f ± %.2f px"), result->axis, MAX (result->uncertainty, LEAST_UNCERTAINTY));
}

/**
 * recon_axis_words_format_rows:
 * @result: of a search
 *
 * Returns: (transfer full): how its rows agree, the tilt, the drift, and the overlap of a half acquisition
 */
char *
recon_axis_words_format_rows (const ReconAxisResult *result)
{
  GString *text = g_string_new (NULL);
  guint n_used = 0;

  for (guint i = 0; i < result->n_rows; i++)
    n_used += result->rows[i].used;
  g_string_append_printf (text, ngettext ("%u of %u row agrees", "%u of %u rows agree", result->n_rows), n_used,
                          result->n_rows);

  if (isfinite (result->tilt) && result->n_rows > 1)
    {
      double first = result->rows[0].row, last = result->rows[result->n_rows - 1].row;

      g_string_append_printf (text, _ (", tilt %.2f ± %.2f° (%+.2f px from the first to the last)"), result->tilt,
                              result->tilt_uncertainty, (last - first) * tan (result->tilt * G_PI / 180));
    }
  if (recon_axis_result_drifts (result))
    g_string_append_printf (text, _ (", drift %s%.2f ± %.2f px during the scan"), result->drift < 0 ? "−" : "+",
                            fabs (result->drift), result->drift_uncertainty);
  if (result->half)
    g_string_append_printf (text, _ (", half acquisition with %.0f columns of overlap"), result->overlap);

  return g_string_free (text, FALSE);
}

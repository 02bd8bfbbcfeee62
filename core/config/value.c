/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/value.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "config/text.h"

/* What the text must be, without the closing full stop. */
static char *
describe_demand (const ReconParameterSpec *spec)
{
  g_autofree char *range = recon_parameter_spec_describe_range (spec);
  const char *in = spec->unit != NULL ? _ (" in ") : "";
  const char *unit = spec->unit != NULL ? spec->unit : "";

  switch (spec->type)
    {
    case RECON_PARAMETER_INTEGER:
      return g_strdup_printf (_ ("a whole number%s%s: %s"), in, unit, range);
    case RECON_PARAMETER_NUMBER:
      return g_strdup_printf (_ ("a number%s%s: %s"), in, unit, range);
    case RECON_PARAMETER_SIZE:
      return g_strdup_printf (_ ("a size in bytes, with a suffix K, M, G or T if you like: %s"), range);
    case RECON_PARAMETER_BOX:
      return g_strdup_printf (_ ("whole numbers%s%s: %s; from 0, width and height from 1, to 2147483647"), in,
                              unit, range);
    case RECON_PARAMETER_BOOLEAN:
    case RECON_PARAMETER_CHOICE:
      return g_strdup_printf (strchr (range, ',') != NULL ? _ ("one of %s") : "%s", range);
    case RECON_PARAMETER_TEXT:
    case RECON_PARAMETER_PATH:
    default:
      return g_strdup (_ ("one line of UTF-8 text"));
    }
}

static gboolean
refuse (const ReconParameterSpec  *spec,
        const char                *text,
        GError                   **error)
{
  const char *name = spec->name != NULL ? spec->name : spec->key;
  g_autofree char *shown = recon_text_abridge (text);
  g_autofree char *demand = describe_demand (spec);
  g_autofree const char **words = recon_parameter_spec_get_words (spec);
  const char *nearest = recon_nearest_word (text, words);

  if (nearest != NULL)
    return recon_fail (error, RECON_ERROR_CONFIG, _ ("%s is '%s'. It must be %s; did you mean '%s'?"), name, shown,
                       demand, nearest);
  if (spec->type == RECON_PARAMETER_NUMBER && strchr (text, ',') != NULL)
    return recon_fail (error, RECON_ERROR_CONFIG,
                       _ ("%s is '%s'. It must be %s. Decimals follow a point, not a comma."), name, shown, demand);

  return recon_fail (error, RECON_ERROR_CONFIG, _ ("%s is '%s'. It must be %s."), name, shown, demand);
}

static gboolean
parse_boolean (const char *text,
               gboolean   *boolean)
{
  static const char *const words[] = { "no", "yes", "false", "true", "off", "on", "0", "1" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0)
      {
        *boolean = i % 2;
        return TRUE;
      }

  return FALSE;
}

static gboolean
parse_choice (const ReconParameterSpec *spec,
              const char               *text,
              guint                    *choice)
{
  for (guint i = 0; spec->choices[i] != NULL; i++)
    if (g_ascii_strcasecmp (text, spec->choices[i]) == 0)
      {
        *choice = i;
        return TRUE;
      }

  return FALSE;
}

static gboolean
parse_box (const ReconParameterSpec *spec,
           const char               *text,
           ReconBox                 *box)
{
  gint64 *fields[] = { &box->x0, &box->y0, &box->width, &box->height };
  g_auto (GStrv) parts = g_strsplit (text, ",", G_N_ELEMENTS (fields) + 1);

  if (g_strv_length (parts) != G_N_ELEMENTS (fields))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      gint64 minimum = i < 2 ? (gint64) spec->minimum : MAX ((gint64) spec->minimum, 1);

      if (!g_ascii_string_to_signed (g_strstrip (parts[i]), 10, minimum, (gint64) spec->maximum, fields[i], NULL))
        return FALSE;
    }

  return TRUE;
}

/* Fills in all but `word` from a text that is not a word that leaves the value to the program. */
static gboolean
parse_given (ReconValue               *value,
             const ReconParameterSpec *spec,
             const char               *text)
{
  switch (spec->type)
    {
    case RECON_PARAMETER_BOOLEAN:
      if (!parse_boolean (text, &value->boolean))
        return FALSE;
      value->text = g_strdup (value->boolean ? "yes" : "no");
      return TRUE;

    case RECON_PARAMETER_INTEGER:
      if (!g_ascii_string_to_signed (text, 10, (gint64) spec->minimum, (gint64) spec->maximum, &value->integer, NULL))
        return FALSE;
      value->text = g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
      return TRUE;

    case RECON_PARAMETER_NUMBER:
      if (!recon_number_from_text (text, &value->number) || value->number < spec->minimum ||
          value->number > spec->maximum)
        return FALSE;
      value->text = recon_number_to_text (value->number);
      return TRUE;

    case RECON_PARAMETER_CHOICE:
      if (!parse_choice (spec, text, &value->choice))
        return FALSE;
      value->text = g_strdup (spec->choices[value->choice]);
      return TRUE;

    case RECON_PARAMETER_SIZE:
      if (!recon_size_from_text (text, &value->size) || (double) value->size < spec->minimum ||
          (double) value->size > spec->maximum)
        return FALSE;
      value->text = recon_size_to_text (value->size);
      return TRUE;

    case RECON_PARAMETER_BOX:
      if (!parse_box (spec, text, &value->box))
        return FALSE;
      value->text = g_strdup_printf ("%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT
                                     ",%" G_GINT64_FORMAT,
                                     value->box.x0, value->box.y0, value->box.width, value->box.height);
      return TRUE;

    case RECON_PARAMETER_TEXT:
    case RECON_PARAMETER_PATH:
      if (strpbrk (text, "\n\r") != NULL)
        return FALSE;
      value->text = g_strdup (text);
      return TRUE;

    default:
      g_assert_not_reached ();
    }
}

/* Returns: whether the text is a word that leaves the value to the program */
static gboolean
parse_word (ReconValue               *value,
            const ReconParameterSpec *spec,
            const char               *text)
{
  for (guint i = 0; spec->words != NULL && spec->words[i] != NULL; i++)
    if (g_ascii_strcasecmp (text, spec->words[i]) == 0)
      value->word = spec->words[i];

  if (value->word == NULL)
    return FALSE;

  value->text = g_strdup (value->word);
  if (spec->type == RECON_PARAMETER_NUMBER)
    value->number = NAN;
  else if (spec->type == RECON_PARAMETER_INTEGER)
    value->integer = -1;

  return TRUE;
}

/**
 * recon_value_parse:
 * @value: (out caller-allocates): the value; untouched on failure
 * @spec: the parameter that it is a value of
 * @text: the text of a file, an option or a form
 * @error: return location
 *
 * The one place that knows what texts a parameter takes. White space around a text counts only where the
 * value is the text.
 *
 * Returns: %FALSE with %RECON_ERROR_CONFIG, naming parameter, text and range
 */
gboolean
recon_value_parse (ReconValue                *value,
                   const ReconParameterSpec  *spec,
                   const char                *text,
                   GError                   **error)
{
  ReconValue parsed = { 0 };
  g_autofree char *stripped = NULL;

  g_return_val_if_fail (spec != NULL && text != NULL, FALSE);

  if (!g_utf8_validate (text, -1, NULL))
    return refuse (spec, text, error);

  stripped = g_strdup (text);
  if (spec->type != RECON_PARAMETER_TEXT && spec->type != RECON_PARAMETER_PATH)
    g_strstrip (stripped);

  if (!parse_word (&parsed, spec, stripped) && !parse_given (&parsed, spec, stripped))
    return refuse (spec, stripped, error);

  *value = parsed;
  value->text = g_ref_string_new (parsed.text);
  g_free (parsed.text);

  return TRUE;
}

void
recon_value_copy (ReconValue       *value,
                  const ReconValue *source)
{
  *value = *source;
  if (source->text != NULL)
    g_ref_string_acquire (source->text);
}

void
recon_value_clear (ReconValue *value)
{
  g_clear_pointer (&value->text, g_ref_string_release);
}

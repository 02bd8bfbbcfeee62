/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/parameter.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "config/conditions.h"
#include "config/config.h"
#include "config/text.h"

/**
 * recon_parameter_spec_get_words:
 * @spec: a parameter
 *
 * Returns: (transfer container) (array zero-terminated=1): the words that it takes: yes and no, the choices,
 *   and last those that leave the value to the program
 */
const char **
recon_parameter_spec_get_words (const ReconParameterSpec *spec)
{
  GPtrArray *words = g_ptr_array_new ();

  g_return_val_if_fail (spec != NULL, NULL);

  if (spec->type == RECON_PARAMETER_BOOLEAN)
    {
      g_ptr_array_add (words, (char *) "yes");
      g_ptr_array_add (words, (char *) "no");
    }
  for (gsize i = 0; spec->choices != NULL && spec->choices[i] != NULL; i++)
    g_ptr_array_add (words, (char *) spec->choices[i]);
  for (gsize i = 0; spec->words != NULL && spec->words[i] != NULL; i++)
    g_ptr_array_add (words, (char *) spec->words[i]);
  g_ptr_array_add (words, NULL);

  return (const char **) g_ptr_array_free (words, FALSE);
}

static char *
describe_numbers (const ReconParameterSpec *spec)
{
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;

  if (spec->minimum == -G_MAXDOUBLE && spec->maximum == G_MAXDOUBLE)
    return g_strdup (_ ("any number"));

  if (spec->type == RECON_PARAMETER_SIZE)
    {
      low = recon_size_to_text ((guint64) spec->minimum);
      high = recon_size_to_text ((guint64) spec->maximum);
    }
  else
    {
      low = recon_number_to_text (spec->minimum);
      high = recon_number_to_text (spec->maximum);
    }

  return g_strconcat (low, "…", high, NULL);
}

static char *
describe_values (const ReconParameterSpec *spec)
{
  switch (spec->type)
    {
    case RECON_PARAMETER_INTEGER:
    case RECON_PARAMETER_NUMBER:
    case RECON_PARAMETER_SIZE:
      return describe_numbers (spec);
    case RECON_PARAMETER_BOOLEAN:
      return g_strdup ("yes, no");
    case RECON_PARAMETER_CHOICE:
      return g_strjoinv (", ", (char **) spec->choices);
    case RECON_PARAMETER_BOX:
      return g_strdup ("x0,y0,width,height");
    case RECON_PARAMETER_TEXT:
      return g_strdup (_ ("text"));
    case RECON_PARAMETER_PATH:
      return g_strdup (_ ("path"));
    default:
      g_assert_not_reached ();
    }
}

/**
 * recon_parameter_spec_describe_range:
 * @spec: a parameter
 *
 * Returns: (transfer full): the values that it takes, such as "1…64", "0…2147483647 or end",
 *   "zero, edge, mirror"
 */
char *
recon_parameter_spec_describe_range (const ReconParameterSpec *spec)
{
  g_autofree char *values = NULL;
  g_autofree char *words = NULL;
  const char *last;

  g_return_val_if_fail (spec != NULL, NULL);

  values = describe_values (spec);
  if (spec->words == NULL)
    return g_steal_pointer (&values);

  words = g_strjoinv (", ", (char **) spec->words);
  if (spec->type == RECON_PARAMETER_BOOLEAN || spec->type == RECON_PARAMETER_CHOICE)
    return g_strconcat (values, ", ", words, NULL);
  if (spec->words[1] == NULL)
    return g_strdup_printf (_ ("%s or %s"), values, words);

  /* The last one after "or". */
  last = strrchr (words, ' ') + 1;
  words[last - words - 2] = '\0';

  return g_strdup_printf (_ ("%s, %s or %s"), values, words, last);
}

/**
 * recon_parameter_spec_describe:
 * @spec: a parameter
 *
 * Returns: (transfer full): its unit, range and default in one line, such as
 *   "unit px, range 0…2147483647, default 0"
 */
char *
recon_parameter_spec_describe (const ReconParameterSpec *spec)
{
  g_autofree char *range = recon_parameter_spec_describe_range (spec);
  const char *initial;

  g_return_val_if_fail (spec != NULL, NULL);

  initial = spec->initial[0] != '\0' ? spec->initial : _ ("empty");

  switch (spec->type)
    {
    case RECON_PARAMETER_INTEGER:
    case RECON_PARAMETER_NUMBER:
      if (spec->unit == NULL)
        return g_strdup_printf (_ ("range %s, default %s"), range, initial);
      return g_strdup_printf (_ ("unit %s, range %s, default %s"), spec->unit, range, initial);
    case RECON_PARAMETER_SIZE:
      return g_strdup_printf (_ ("bytes with suffix K, M, G or T, range %s, default %s"), range, initial);
    case RECON_PARAMETER_BOX:
      return g_strdup_printf (_ ("unit %s, %s, default %s"), spec->unit, range, initial);
    case RECON_PARAMETER_BOOLEAN:
    case RECON_PARAMETER_CHOICE:
      return g_strdup_printf (_ ("one of %s; default %s"), range, initial);
    case RECON_PARAMETER_TEXT:
    case RECON_PARAMETER_PATH:
    default:
      return g_strdup_printf (_ ("%s, default %s"), range, initial);
    }
}

/* The same for a parameter of the configuration. */
const char **
recon_parameter_get_words (ReconParameter parameter)
{
  return recon_parameter_spec_get_words (recon_parameter_get_spec (parameter));
}

/**
 * recon_parameter_get_title:
 * @parameter: a parameter
 *
 * Returns: what forms call it, translated
 */
const char *
recon_parameter_get_title (ReconParameter parameter)
{
  return _ (recon_parameter_get_spec (parameter)->title);
}

/**
 * recon_parameter_get_word_title:
 * @parameter: a parameter
 * @word: one of the words that it takes
 *
 * Returns: the word for people, translated
 */
const char *
recon_parameter_get_word_title (ReconParameter  parameter,
                                const char     *word)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  const char *const *lists[] = { spec->choices, spec->words };
  const char *const *title = spec->titles;

  if (spec->type == RECON_PARAMETER_BOOLEAN && g_str_equal (word, "yes"))
    return _ ("On");
  if (spec->type == RECON_PARAMETER_BOOLEAN && g_str_equal (word, "no"))
    return _ ("Off");

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    for (gsize k = 0; lists[i] != NULL && lists[i][k] != NULL && title != NULL && *title != NULL; k++, title++)
      if (g_str_equal (lists[i][k], word))
        return _ (*title);

  return recon_parameter_means_automatic (parameter, word) ? _ ("Automatic") : word;
}

/**
 * recon_parameter_means_automatic:
 * @parameter: a parameter
 * @text: a text that it takes
 *
 * Returns: whether forms show the text as automatic
 */
gboolean
recon_parameter_means_automatic (ReconParameter  parameter,
                                 const char     *text)
{
  const char *automatic = recon_parameter_get_spec (parameter)->automatic;

  return automatic != NULL && g_ascii_strcasecmp (automatic, text) == 0;
}

/* One term, such as "type != float32"; a list of them ends with %RECON_NO_PARAMETER. */
struct _ReconCondition
{
  ReconParameter  parameter;
  const char     *word; /* (nullable): what it is compared with; %NULL if it is enough that it is given, or on */
  gboolean        negated;
  gboolean        ends; /* the last of those joined by "or" */
};

static ReconCondition
parse_term (const ReconParameterSpec *spec,
            const char               *text)
{
  g_auto (GStrv) parts = g_strsplit (text, strstr (text, " != ") != NULL ? " != " : " = ", 2);
  g_autofree char *name = strchr (parts[0], '.') != NULL ? g_strdup (parts[0])
                                                         : g_strconcat (spec->section, ".", parts[0], NULL);
  g_autoptr (ReconConfig) config = NULL;
  g_autofree char *canonical = NULL;
  ReconCondition term = { 0 };

  if (!recon_parameter_find_name (name, &term.parameter))
    g_error ("%s applies if '%s': there is no parameter %s", spec->name, text, name);
  if (parts[1] == NULL)
    return term;

  config = recon_config_new ();
  if (recon_config_parse (config, term.parameter, parts[1], NULL))
    canonical = recon_config_format (config, term.parameter);
  if (g_strcmp0 (canonical, parts[1]) != 0)
    g_error ("%s applies if '%s': %s is never '%s'", spec->name, text, name, parts[1]);
  term.word = g_intern_string (parts[1]);
  term.negated = strstr (text, " != ") != NULL;

  return term;
}

/* Reads what a row declares; what it can't mean is an error in the program. */
ReconCondition *
_recon_conditions_parse (const ReconParameterSpec *spec)
{
  const ReconCondition end = { .parameter = RECON_NO_PARAMETER };
  GArray *terms = g_array_new (FALSE, FALSE, sizeof (ReconCondition));
  g_auto (GStrv) clauses = g_strsplit (spec->applies, ", ", -1);

  for (gsize i = 0; clauses[i] != NULL; i++)
    {
      g_auto (GStrv) texts = g_strsplit (clauses[i], " or ", -1);

      for (gsize k = 0; texts[k] != NULL; k++)
        {
          ReconCondition term = parse_term (spec, texts[k]);

          term.ends = texts[k + 1] == NULL;
          g_array_append_val (terms, term);
        }
    }
  g_array_append_val (terms, end);

  return (ReconCondition *) (void *) g_array_free (terms, FALSE);
}

static gboolean
term_holds (const ReconCondition *term,
            ReconConfig          *config)
{
  g_autofree char *text = recon_config_format (config, term->parameter);

  if (term->word == NULL)
    return *text != '\0' && !g_str_equal (text, "no");

  return g_str_equal (text, term->word) != term->negated;
}

/**
 * recon_parameter_applies:
 * @parameter: a parameter
 * @config: a configuration
 *
 * Looks at what the row of the parameter declares: conditions between commas, each of terms that are joined by "or".
 * A term is "KEY = WORD", "KEY != WORD", or the key alone, for a text that is given or a switch that is not off.
 * Without a section a key is of the row's own: "filter = butterworth", "input.flats or input.darks".
 *
 * Returns: whether the parameter has an effect, as far as the others decide
 */
gboolean
recon_parameter_applies (ReconParameter  parameter,
                         ReconConfig    *config)
{
  const ReconCondition *term = recon_parameter_get_spec (parameter)->conditions;
  gboolean holds = FALSE;

  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);

  for (; term != NULL && term->parameter != RECON_NO_PARAMETER; term++)
    {
      holds = holds || term_holds (term, config);
      if (!term->ends)
        continue;
      if (!holds)
        return FALSE;
      holds = FALSE;
    }

  return TRUE;
}

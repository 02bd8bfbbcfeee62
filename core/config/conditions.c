/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/conditions.h"

#include <string.h>

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

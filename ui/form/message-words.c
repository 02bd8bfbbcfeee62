/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/message-words.h"

#include <glib/gi18n.h>
#include <string.h>


/* Sayings of the command line that have no counterpart word by word. The first that fits is taken. */
static const struct
{
  const char *said;
  const char *means; /* to be translated */
} sayings[] = {
  { "add --trust-inputs to --resume; otherwise start again without --resume",
    N_ ("choose Continue Anyway; otherwise start anew") },
  { "start again without --resume", N_ ("start anew") },
  { "Start again without --resume", N_ ("Start anew") },
  { "Start without --resume", N_ ("Start anew") },
  { "go on with --resume", N_ ("choose Continue") },
  { "Go on with --resume", N_ ("Choose Continue") },
  { "not made again with --resume", N_ ("not made again if you choose Continue") },
  { "--trust-inputs", N_ ("Continue Anyway") },
  { "--resume", N_ ("Continue") },
  { "; `reconstruct devices` lists them", "" },
};

/* What a name in a text stands for. */
typedef struct
{
  ReconParameter  parameter;
  gsize           length; /* of the name in the text */
  gboolean        negated; /* "--no-correct" */
} Match;

static gboolean
is_part_of_name (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_';
}

/* Whether a name may begin here: not in the middle of a word or of a path. */
static gboolean
may_begin (const char *text,
           const char *at)
{
  return at == text || (!is_part_of_name (at[-1]) && at[-1] != '/' && at[-1] != '.');
}

/* How far the name reaches if the text begins with it as a whole; else 0. A full stop may end a sentence. */
static gsize
measure (const char *at,
         const char *name)
{
  gsize length = strlen (name);

  if (!g_str_has_prefix (at, name) || is_part_of_name (at[length]) || at[length] == '/' ||
      (at[length] == '.' && g_ascii_isalnum (at[length + 1])))
    return 0;

  return length;
}

/* Whether messages call a parameter by its key alone, which must not be an ordinary word then. */
static gboolean
has_telling_key (const ReconParameterSpec *spec)
{
  return strchr (spec->key, '-') != NULL;
}

static gsize
measure_option (const char               *at,
                const ReconParameterSpec *spec,
                const char               *dashes)
{
  gsize start = strlen (dashes);
  gsize length;

  if (!g_str_has_prefix (at, dashes))
    return 0;

  length = measure (at + start, spec->name);
  if (length == 0)
    length = measure (at + start, spec->option);
  for (gsize i = 0; length == 0 && spec->aliases != NULL && spec->aliases[i] != NULL; i++)
    length = measure (at + start, spec->aliases[i]);

  return length > 0 ? start + length : 0;
}

static gboolean
match_parameter (const char     *at,
                 ReconParameter  parameter,
                 Match          *match)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);

  match->parameter = parameter;
  match->negated = FALSE;
  match->length = measure_option (at, spec, "--");
  if (match->length == 0)
    match->length = measure (at, spec->name);
  if (match->length == 0 && has_telling_key (spec))
    match->length = measure (at, spec->key);
  if (match->length == 0 && spec->type == RECON_PARAMETER_BOOLEAN)
    {
      match->length = measure_option (at, spec, "--no-");
      match->negated = match->length > 0;
    }

  return match->length > 0;
}

/* Of two sections that know the same key the one that was spoken of last is meant. */
static gboolean
match_name (const char *at,
            const char *section,
            Match      *match)
{
  gboolean found = FALSE;

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      Match candidate;

      if (match_parameter (at, i, &candidate) &&
          (!found || candidate.length > match->length ||
           (candidate.length == match->length && recon_parameter_get_spec (i)->section == section)))
        {
          *match = candidate;
          found = TRUE;
        }
    }

  return found;
}

/* Whether the value is only a word for one, such as PATH or COLUMN. */
static gsize
measure_placeholder (const char *value)
{
  gsize n = 0;

  while (g_ascii_isupper (value[n]))
    n++;

  return n > 1 && !is_part_of_name (value[n]) && value[n] != ':' && value[n] != '/' ? n : 0;
}

static gsize
measure_word (const char *value)
{
  gsize n = 0;

  while (is_part_of_name (value[n]))
    n++;

  return n;
}

/* Appends what is said of the value, and returns how much of the text that was. */
static gsize
append_value (GString        *out,
              ReconParameter  parameter,
              const char     *text)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  const gsize sign = g_str_has_prefix (text, " = ") ? 3 : *text == '=' ? 1 : 0;
  const char *value = text + sign;
  g_autofree char *word = NULL;
  gsize n;

  if (sign == 0 || *value == '\0')
    return 0;

  n = measure_placeholder (value);
  if (n > 0)
    return sign + n;

  g_string_append (out, " = ");
  n = measure_word (value);
  word = g_strndup (value, n);
  if (spec->type != RECON_PARAMETER_BOOLEAN && (spec->choices == NULL || !g_strv_contains (spec->choices, word)) &&
      (spec->words == NULL || !g_strv_contains (spec->words, word)))
    return sign;

  g_string_append (out, recon_parameter_get_word_title (parameter, word));

  return sign + n;
}

/* "--projections=PATH (input.projections)" says the same twice. */
static gsize
measure_repetition (const char     *text,
                    ReconParameter  parameter)
{
  g_autofree char *again = g_strdup_printf (" (%s)", recon_parameter_get_spec (parameter)->name);

  return g_str_has_prefix (text, again) ? strlen (again) : 0;
}

static gboolean
is_told_apart (ReconParameter parameter)
{
  const char *title = recon_parameter_get_title (parameter);

  for (guint i = 0; i < recon_parameter_count (); i++)
    if (i != parameter && g_str_equal (recon_parameter_get_title (i), title))
      return FALSE;

  return parameter != RECON_PARAM_OUTPUT_PATH;
}

/**
 * recon_message_words_get_name:
 * @parameter: a parameter
 *
 * Returns: (transfer full): its row's title in quotes, after the group where that alone would not tell which
 */
char *
recon_message_words_get_name (ReconParameter parameter)
{
  const char *title = recon_parameter_get_title (parameter);

  if (is_told_apart (parameter))
    return g_strdup_printf (_ ("“%s”"), title);

  return g_strdup_printf (_ ("“%s: %s”"), _ (recon_section_find (recon_parameter_get_spec (parameter)->section)->title),
                          title);
}

static gsize
append_saying (GString    *out,
               const char *at)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sayings); i++)
    if (g_str_has_prefix (at, sayings[i].said))
      {
        if (*sayings[i].means != '\0')
          g_string_append (out, _ (sayings[i].means));
        return strlen (sayings[i].said);
      }

  return 0;
}

/**
 * recon_message_words_reword:
 * @message: what the core says
 *
 * Returns: (transfer full): the same with parameters and choices called as they are in the window
 */
char *
recon_message_words_reword (const char *message)
{
  GString *out = g_string_new (NULL);
  const char *section = NULL;

  for (const char *at = message; *at != '\0';)
    {
      gsize said = append_saying (out, at);
      Match match = { 0 };

      if (said > 0)
        {
          at += said;
          continue;
        }
      if (may_begin (message, at) && match_name (at, section, &match))
        {
          g_autofree char *name = recon_message_words_get_name (match.parameter);

          section = recon_parameter_get_spec (match.parameter)->section;
          g_string_append (out, name);
          at += match.length;
          if (match.negated)
            g_string_append_printf (out, " = %s", recon_parameter_get_word_title (match.parameter, "no"));
          else
            at += append_value (out, match.parameter, at);
          at += measure_repetition (at, match.parameter);
          continue;
        }
      g_string_append_c (out, *at++);
    }

  return g_string_free (out, FALSE);
}

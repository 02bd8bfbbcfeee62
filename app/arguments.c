/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "arguments.h"

#include <glib/gi18n.h>
#include <string.h>

#include "config/text.h"
#include "options.h"

/* The parameters are options too: --GROUP.KEY=VALUE, or --KEY=VALUE where the key is reserved for that, and
 * --no-KEY for those that are yes or no. GOptionContext knows neither the dotted names nor the --no- forms, and
 * does not say what an unknown option may have meant. So a first pass takes what concerns the configuration out
 * of the arguments, and GOptionContext gets the rest: the command's own options, --help, and what is no option. */

/* A parameter on the command line. */
typedef struct
{
  ReconParameter  parameter;
  char           *option; /* as it was typed */
  char           *value;
} Given;

typedef struct
{
  const GOptionEntry  *extra; /* (nullable) */
  int                  argc;
  char               **argv;
  int                  next; /* the first argument that has not been looked at */
  int                  kept; /* the arguments before are left to GOptionContext */
  ReconArguments      *taken;
} Pass;

static void
given_clear (Given *given)
{
  g_free (given->option);
  g_free (given->value);
}

static const GOptionEntry common_entries[] = {
  { "config", 'c', 0, G_OPTION_ARG_FILENAME, NULL,
    N_ ("Configuration file; otherwise " RECON_DEFAULT_CONFIG ", if it is here"), N_ ("FILE") },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Where the slices go: --output.path"), N_ ("PATH") },
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry *
find_entry (const GOptionEntry *entries,
            const char         *long_name,
            char                short_name)
{
  for (const GOptionEntry *entry = entries; entry != NULL && entry->long_name != NULL; entry++)
    {
      if (long_name != NULL && entry->long_name[0] != '\0' && strcmp (entry->long_name, long_name) == 0)
        return entry;
      if (short_name != '\0' && entry->short_name == short_name)
        return entry;
    }

  return NULL;
}

static gboolean
entry_takes_value (const GOptionEntry *entry)
{
  if (entry->arg == G_OPTION_ARG_NONE)
    return FALSE;
  if (entry->arg == G_OPTION_ARG_CALLBACK)
    return (entry->flags & (G_OPTION_FLAG_NO_ARG | G_OPTION_FLAG_OPTIONAL_ARG)) == 0;

  return TRUE;
}

static void
pass_keep (Pass *pass)
{
  pass->argv[pass->kept++] = pass->argv[pass->next++];
}

/* Leaves an option of the command to GOptionContext, with its value. */
static void
pass_keep_entry (Pass               *pass,
                 const GOptionEntry *entry,
                 gboolean            has_value)
{
  pass_keep (pass);
  if (entry_takes_value (entry) && !has_value && pass->next < pass->argc)
    pass_keep (pass);
}

static void
pass_add (Pass           *pass,
          ReconParameter  parameter,
          const char     *option,
          const char     *value)
{
  Given given = { parameter, g_strdup (option), g_strdup (value) };

  g_array_append_val (pass->taken->given, given);
}

static gboolean
is_boolean (ReconParameter parameter)
{
  return recon_parameter_get_spec (parameter)->type == RECON_PARAMETER_BOOLEAN;
}

/* "correct" for "no-correct" and "flat-field.correct" for "no-flat-field.correct". An unknown name is no error. */
static gboolean
find_negated (const char      *name,
              ReconParameter  *parameter,
              GError         **error)
{
  g_autofree char *description = NULL;

  if (!g_str_has_prefix (name, "no-") || !recon_parameter_find_option (name + strlen ("no-"), parameter))
    return FALSE;

  if (is_boolean (*parameter))
    return TRUE;

  description = recon_parameter_spec_describe (recon_parameter_get_spec (*parameter));
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION,
               _ ("Option --%s does not exist: %s is not yes or no (%s)."), name,
               recon_parameter_get_spec (*parameter)->name, description);

  return FALSE;
}

static void
refuse_unknown (const GOptionEntry  *extra,
                const char          *name,
                GError             **error)
{
  const GOptionEntry *const tables[] = { common_entries, extra };
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  const char *dot = strchr (name, '.');
  ReconParameter same_key;
  const char *nearest;

  g_ptr_array_add (words, g_strdup ("help"));
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const GOptionEntry *entry = tables[i]; entry != NULL && entry->long_name != NULL; entry++)
      if (entry->long_name[0] != '\0')
        g_ptr_array_add (words, g_strdup (entry->long_name));

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);

      g_ptr_array_add (words, g_strdup (spec->option));
      if (spec->option != spec->name)
        g_ptr_array_add (words, g_strdup (spec->name));
      if (is_boolean (i))
        g_ptr_array_add (words, g_strconcat ("no-", spec->option, NULL));
    }
  g_ptr_array_add (words, NULL);

  /* A key in the wrong group is nearer than any other word. */
  if (dot != NULL && recon_parameter_find_option (dot + 1, &same_key))
    nearest = recon_parameter_get_spec (same_key)->name;
  else
    nearest = recon_nearest_word (name, (const char *const *) words->pdata);
  if (nearest == NULL && dot == NULL)
    nearest = recon_parameter_nearest (NULL, name);
  if (nearest != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION,
                 _ ("Unknown option --%s; did you mean --%s?"), name, nearest);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION,
                 _ ("Unknown option --%s; --help lists the options."), name);
}

/* The value of the option at hand: what follows its "=", else the next argument. */
static const char *
pass_take_value (Pass        *pass,
                 const char  *option,
                 const char  *attached,
                 GError     **error)
{
  if (attached != NULL)
    return attached;

  /* "-0.5" is a value, "--axis" has forgotten its own. */
  if (pass->next < pass->argc && !g_str_has_prefix (pass->argv[pass->next], "--"))
    return pass->argv[pass->next++];

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Option %s needs a value."), option);

  return NULL;
}

static gboolean
pass_take_parameter (Pass            *pass,
                     ReconParameter   parameter,
                     const char      *option,
                     const char      *attached,
                     GError         **error)
{
  g_autoptr (ReconConfig) scratch = recon_config_new ();
  g_autoptr (GError) local = NULL;
  const char *value = attached;

  if (value == NULL && is_boolean (parameter))
    {
      if (pass->next < pass->argc && recon_config_parse (scratch, parameter, pass->argv[pass->next], NULL))
        value = pass->argv[pass->next++];
      else
        value = "yes";
    }
  else
    value = pass_take_value (pass, option, attached, &local);

  if (value == NULL)
    {
      g_autofree char *description = recon_parameter_spec_describe (recon_parameter_get_spec (parameter));

      g_set_error (error, local->domain, local->code, "%s (%s)", local->message, description);
      return FALSE;
    }

  pass_add (pass, parameter, option, value);

  return TRUE;
}

/* GOptionContext would take "--resume=no" for "--resume". */
static gboolean
refuse_value (const char  *option,
              GError     **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Option %s takes no value."), option);

  return FALSE;
}

static gboolean
pass_take_long (Pass    *pass,
                GError **error)
{
  const char *argument = pass->argv[pass->next];
  gsize length = strcspn (argument, "=");
  const char *attached = argument[length] == '=' ? argument + length + 1 : NULL;
  g_autofree char *option = g_strndup (argument, length);
  const char *name = option + strlen ("--");
  const GOptionEntry *entry = find_entry (pass->extra, name, '\0');
  ReconParameter parameter;
  g_autoptr (GError) local = NULL;

  if (entry != NULL && attached != NULL && !entry_takes_value (entry))
    return refuse_value (option, error);

  if (entry != NULL)
    {
      pass_keep_entry (pass, entry, attached != NULL);
      return TRUE;
    }

  if (g_str_equal (name, "help"))
    {
      pass_keep (pass);
      return TRUE;
    }

  pass->next++;

  if (g_str_equal (name, "config"))
    {
      const char *value = pass_take_value (pass, option, attached, error);

      g_free (pass->taken->config_path);
      pass->taken->config_path = g_strdup (value);
      return value != NULL;
    }

  if (recon_parameter_find_option (name, &parameter))
    return pass_take_parameter (pass, parameter, option, attached, error);

  if (find_negated (name, &parameter, &local))
    {
      if (attached != NULL)
        return refuse_value (option, error);

      pass_add (pass, parameter, option, "no");
      return TRUE;
    }

  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    refuse_unknown (pass->extra, name, error);

  return FALSE;
}

static gboolean
pass_take_short (Pass    *pass,
                 GError **error)
{
  const char *argument = pass->argv[pass->next];
  const char *attached = argument[2] != '\0' ? argument + 2 : NULL;
  const GOptionEntry *entry = find_entry (pass->extra, NULL, argument[1]);
  char option[] = { '-', argument[1], '\0' };
  const char *value;

  if (entry != NULL || (argument[1] != 'c' && argument[1] != 'o'))
    {
      if (entry != NULL && attached == NULL)
        pass_keep_entry (pass, entry, FALSE);
      else
        pass_keep (pass);
      return TRUE;
    }

  pass->next++;
  if (argument[1] == 'o')
    return pass_take_parameter (pass, RECON_PARAM_OUTPUT_PATH, option, attached, error);

  value = pass_take_value (pass, option, attached, error);
  g_free (pass->taken->config_path);
  pass->taken->config_path = g_strdup (value);

  return value != NULL;
}

/**
 * recon_arguments_take:
 * @self: (out caller-allocates): what was taken; clear with recon_arguments_clear(), also after a failure
 * @argc: (inout): number of arguments
 * @argv: (inout): the arguments, from the command's own name on; those that are left move up
 * @extra: (nullable) (array zero-terminated=1): options of the command itself, which are left
 * @error: return location
 *
 * Takes the options that concern the configuration out of the arguments. Values are not looked at yet.
 *
 * Returns: %FALSE with a #GOptionError
 */
gboolean
recon_arguments_take (ReconArguments      *self,
                      int                 *argc,
                      char               **argv,
                      const GOptionEntry  *extra,
                      GError             **error)
{
  Pass pass = { .extra = extra, .argc = *argc, .argv = argv, .next = 1, .kept = 1, .taken = self };

  *self = (ReconArguments) { .given = g_array_new (FALSE, FALSE, sizeof (Given)) };
  g_array_set_clear_func (self->given, (GDestroyNotify) given_clear);

  while (pass.next < pass.argc)
    {
      const char *argument = argv[pass.next];

      if (g_str_equal (argument, "--"))
        break;
      else if (g_str_has_prefix (argument, "--"))
        {
          if (!pass_take_long (&pass, error))
            return FALSE;
        }
      else if (argument[0] == '-' && argument[1] != '\0')
        {
          if (!pass_take_short (&pass, error))
            return FALSE;
        }
      else
        pass_keep (&pass);
    }

  while (pass.next < pass.argc)
    pass_keep (&pass);
  argv[pass.kept] = NULL;
  *argc = pass.kept;

  return TRUE;
}

/**
 * recon_arguments_apply:
 * @self: what was taken
 * @config: a configuration
 * @error: return location
 *
 * Sets the parameters in the order in which they were given.
 *
 * Returns: %FALSE with an error of recon_config_parse(), naming the option
 */
gboolean
recon_arguments_apply (const ReconArguments  *self,
                       ReconConfig           *config,
                       GError               **error)
{
  for (guint i = 0; i < self->given->len; i++)
    {
      const Given *given = &g_array_index (self->given, Given, i);

      if (!recon_config_parse (config, given->parameter, given->value, error))
        {
          g_prefix_error (error, _ ("Option %s: "), given->option);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * recon_arguments_note_given:
 * @self: what was taken
 * @given: (inout): by parameter; becomes %TRUE for those that the command line gives
 */
void
recon_arguments_note_given (const ReconArguments *self,
                            gboolean             *given)
{
  for (guint i = 0; i < self->given->len; i++)
    given[g_array_index (self->given, Given, i).parameter] = TRUE;
}

/**
 * recon_arguments_get_entries:
 *
 * Returns: (transfer none): the options that are taken besides those of the parameters, for --help
 */
const GOptionEntry *
recon_arguments_get_entries (void)
{
  return common_entries;
}

void
recon_arguments_clear (ReconArguments *self)
{
  g_clear_pointer (&self->given, g_array_unref);
  g_clear_pointer (&self->config_path, g_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/parameter.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "config/nearest.h"
#include "config/text.h"

static const struct
{
  const char *name;
  const char *title;
} groups[] = {
#define RECON_GROUP(ID, n, t) { n, t },
#define RECON_PARAMETER(ID, G, k, t, i, w, lo, hi, u, c, f, h)
#include "config/parameters.def"
#undef RECON_GROUP
#undef RECON_PARAMETER
};

#define CHOICES(...) ((const char *const[]) { __VA_ARGS__, NULL })
#define WORDS(...) ((const char *const[]) { __VA_ARGS__, NULL })

/* The joined names and the first words are filled in by the first call of specs_get(); constant from then on. */
static ReconParameterSpec specs[] = {
#define RECON_GROUP(ID, n, t)
#define RECON_PARAMETER(ID, G, k, t, i, w, lo, hi, u, c, f, h) \
  {                                                            \
    .group = RECON_GROUP_##G,                                  \
    .key = k,                                                  \
    .type = RECON_PARAMETER_##t,                               \
    .initial = i,                                              \
    .words = w,                                                \
    .minimum = lo,                                             \
    .maximum = hi,                                             \
    .unit = u,                                                 \
    .choices = c,                                              \
    .flags = RECON_PARAMETER_##f,                              \
    .help = h,                                                 \
  },
#include "config/parameters.def"
#undef RECON_GROUP
#undef RECON_PARAMETER
};

G_STATIC_ASSERT (G_N_ELEMENTS (groups) == RECON_N_GROUPS);
G_STATIC_ASSERT (G_N_ELEMENTS (specs) == RECON_N_PARAMETERS);

static const ReconParameterSpec *
specs_get (void)
{
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < RECON_N_PARAMETERS; i++)
        {
          const char *group = groups[specs[i].group].name;
          g_autofree char *name = g_strconcat (group, ".", specs[i].key, NULL);
          g_autofree char *property = g_strconcat (group, "-", specs[i].key, NULL);

          specs[i].group_name = group;
          specs[i].name = g_intern_string (name);
          specs[i].property = g_intern_string (property);
          specs[i].automatic = specs[i].words != NULL ? specs[i].words[0] : NULL;
        }
      g_once_init_leave (&ready, 1);
    }

  return specs;
}

/**
 * recon_parameter_get_spec:
 * @parameter: a parameter
 *
 * Returns: (transfer none): its record, which stands for the whole run of the program
 */
const ReconParameterSpec *
recon_parameter_get_spec (ReconParameter parameter)
{
  g_return_val_if_fail (parameter < RECON_N_PARAMETERS, NULL);

  return &specs_get ()[parameter];
}

/**
 * recon_group_get_name:
 * @group: a group of parameters
 *
 * Returns: its name in files and options, such as "flat-field"
 */
const char *
recon_group_get_name (ReconGroup group)
{
  g_return_val_if_fail (group < RECON_N_GROUPS, NULL);

  return groups[group].name;
}

/**
 * recon_group_get_title:
 * @group: a group of parameters
 *
 * Returns: its title for users, translated
 */
const char *
recon_group_get_title (ReconGroup group)
{
  g_return_val_if_fail (group < RECON_N_GROUPS, NULL);

  return _ (groups[group].title);
}

/**
 * recon_parameter_find:
 * @group: (nullable): name of the group; %NULL finds a key that one group only has
 * @key: key within the group
 * @parameter: (out) (optional): the parameter
 *
 * Returns: whether there is such a parameter, and only one
 */
gboolean
recon_parameter_find (const char     *group,
                      const char     *key,
                      ReconParameter *parameter)
{
  guint n_found = 0;

  g_return_val_if_fail (key != NULL, FALSE);

  for (guint i = 0; i < RECON_N_PARAMETERS; i++)
    {
      const ReconParameterSpec *spec = &specs_get ()[i];

      if (strcmp (spec->key, key) != 0 || (group != NULL && strcmp (spec->group_name, group) != 0))
        continue;

      if (parameter != NULL)
        *parameter = i;
      n_found++;
    }

  return n_found == 1;
}

/**
 * recon_parameter_find_name:
 * @name: a whole name, such as "input.projections"
 * @parameter: (out) (optional): the parameter
 *
 * Returns: whether there is such a parameter
 */
gboolean
recon_parameter_find_name (const char     *name,
                           ReconParameter *parameter)
{
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  parts = g_strsplit (name, ".", 2);

  return g_strv_length (parts) == 2 && recon_parameter_find (parts[0], parts[1], parameter);
}

/**
 * recon_parameter_is_unique:
 * @parameter: a parameter
 *
 * Returns: whether no other group has its key, so that the key alone names it
 */
gboolean
recon_parameter_is_unique (ReconParameter parameter)
{
  g_return_val_if_fail (parameter < RECON_N_PARAMETERS, FALSE);

  return recon_parameter_find (NULL, specs_get ()[parameter].key, NULL);
}

/**
 * recon_parameter_nearest:
 * @group: (nullable): the group that was given
 * @key: the key that was given
 *
 * Looks for the parameter that was meant by an unknown name. The key decides, the group among equal keys.
 *
 * Returns: (nullable) (transfer none): its name, such as "reconstruction.axis"
 */
const char *
recon_parameter_nearest (const char *group,
                         const char *key)
{
  const char *nearest = NULL;
  guint best = G_MAXUINT;

  g_return_val_if_fail (key != NULL, NULL);

  for (guint i = 0; i < RECON_N_PARAMETERS; i++)
    {
      const ReconParameterSpec *spec = &specs_get ()[i];
      guint distance;

      if (!recon_names_similar (key, spec->key))
        continue;

      distance = 128 * recon_edit_distance (key, spec->key);
      if (group != NULL)
        distance += MIN (recon_edit_distance (group, spec->group_name), 127);

      if (distance < best)
        {
          best = distance;
          nearest = spec->name;
        }
    }

  return nearest;
}

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
      if (strcmp (spec->unit, "1") == 0)
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

/* The same for parameters of the configuration. */

const char **
recon_parameter_get_words (ReconParameter parameter)
{
  return recon_parameter_spec_get_words (recon_parameter_get_spec (parameter));
}

char *
recon_parameter_describe_range (ReconParameter parameter)
{
  return recon_parameter_spec_describe_range (recon_parameter_get_spec (parameter));
}

char *
recon_parameter_describe (ReconParameter parameter)
{
  return recon_parameter_spec_describe (recon_parameter_get_spec (parameter));
}

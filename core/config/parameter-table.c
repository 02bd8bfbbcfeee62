/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/parameter.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "config/conditions.h"
#include "config/text.h"
#include "config/value.h"

/* The table of all parameters: the rows of parameters.def and those of the tasks. It is made once, before the first
 * configuration, and is constant from then on. */

#define MANY G_MAXINT32
#define ANY  G_MAXDOUBLE

static const ReconParameterSection fixed_sections[] = {
#define RECON_SECTION(...) { __VA_ARGS__ },
#define RECON_PARAMETER(...)
#include "config/parameters.def"
#undef RECON_SECTION
#undef RECON_PARAMETER
};

static const ReconParameterSpec fixed_rows[] = {
#define RECON_SECTION(...)
#define RECON_PARAMETER(SECTION, ID, KEY, TYPE, INITIAL, ...) \
  { .section = SECTION, .key = KEY, .type = RECON_PARAMETER_##TYPE, .initial = INITIAL, __VA_ARGS__ },
#include "config/parameters.def"
#undef RECON_SECTION
#undef RECON_PARAMETER
};

G_STATIC_ASSERT (G_N_ELEMENTS (fixed_rows) == RECON_N_FIXED_PARAMETERS);

typedef struct
{
  GArray      *sections; /* of ReconParameterSection, as users see them */
  GArray      *specs;    /* of ReconParameterSpec, by number */
  GArray      *order;    /* of ReconParameter, as users see them */
  GHashTable  *names;    /* names, options and aliases → number + 1 */
} Table;

static Table *the_table;

static const Table *
get_table (void)
{
  const Table *table = g_atomic_pointer_get (&the_table);

  if (G_UNLIKELY (table == NULL))
    g_error ("Parameters are used before recon_tasks_register() was called");

  return table;
}

static const ReconParameterSection *
table_find_section (const Table *table,
                    const char  *name)
{
  for (guint i = 0; i < table->sections->len; i++)
    {
      const ReconParameterSection *section = &g_array_index (table->sections, ReconParameterSection, i);

      if (g_str_equal (section->name, name))
        return section;
    }

  return NULL;
}

static void
table_add_section (Table                       *table,
                   const ReconParameterSection *section)
{
  if (table_find_section (table, section->name) != NULL)
    g_error ("Two sections are called %s", section->name);

  g_array_append_vals (table->sections, section, 1);
}

/* The input comes first; then the sections of tasks, in the order of the work. */
static void
table_add_sections (Table                              *table,
                    const ReconParameterSection *const *sections)
{
  table_add_section (table, &fixed_sections[0]);
  for (gsize i = 0; sections[i] != NULL; i++)
    if (sections[i]->title != NULL)
      table_add_section (table, sections[i]);
  for (gsize i = 1; i < G_N_ELEMENTS (fixed_sections); i++)
    table_add_section (table, &fixed_sections[i]);

  for (gsize i = 0; sections[i] != NULL; i++)
    if (sections[i]->within != NULL && table_find_section (table, sections[i]->within) == NULL)
      g_error ("Section %s is shown in %s, which there is not", sections[i]->name, sections[i]->within);
}

static void
table_add_name (Table          *table,
                const char     *name,
                ReconParameter  parameter)
{
  if (!g_hash_table_insert (table->names, (char *) name, GUINT_TO_POINTER (parameter + 1)))
    g_error ("Two parameters are called %s", name);
}

static void
table_add_row (Table                    *table,
               const ReconParameterSpec *row,
               const char               *section,
               const char               *task)
{
  const ReconParameter parameter = table->specs->len;
  g_autofree char *name = g_strconcat (section, ".", row->key, NULL);
  g_autofree char *property = g_strconcat (section, "-", row->key, NULL);
  ReconParameterSpec spec = *row;

  if (table_find_section (table, section) == NULL)
    g_error ("%s is in no section that there is", name);

  spec.section = table_find_section (table, section)->name;
  spec.task = task;
  spec.name = g_intern_string (name);
  spec.property = g_intern_string (property);
  spec.option = spec.flags & RECON_PARAMETER_SHORT ? spec.key : spec.name;
  if (spec.automatic == NULL && spec.words != NULL)
    spec.automatic = spec.words[0];
  g_array_append_val (table->specs, spec);

  table_add_name (table, spec.name, parameter);
  if (spec.option != spec.name)
    table_add_name (table, spec.option, parameter);
  for (gsize i = 0; spec.aliases != NULL && spec.aliases[i] != NULL; i++)
    table_add_name (table, spec.aliases[i], parameter);
}

/* Section by section; in each the fixed rows, those of tasks, and the fixed ones that are to be last. */
static void
table_sort (Table *table)
{
  for (guint s = 0; s < table->sections->len; s++)
    for (guint part = 0; part < 3; part++)
      for (ReconParameter i = 0; i < table->specs->len; i++)
        {
          const ReconParameterSpec *spec = &g_array_index (table->specs, ReconParameterSpec, i);
          guint its_part = i >= RECON_N_FIXED_PARAMETERS ? 1 : spec->flags & RECON_PARAMETER_LAST ? 2 : 0;

          if (its_part == part && spec->section == g_array_index (table->sections, ReconParameterSection, s).name)
            g_array_append_val (table->order, i);
        }
}

/* What compilers can't see of a row. */
static void
check_row (const ReconParameterSpec *spec)
{
  g_auto (ReconValue) initial = { 0 };
  g_autoptr (GError) error = NULL;

  if (!recon_value_parse (&initial, spec, spec->initial, &error))
    g_error ("Default of a parameter: %s", error->message);
  if (!g_str_equal (initial.text, spec->initial))
    g_error ("Default of %s: write %s", spec->name, initial.text);
  if ((spec->choices != NULL) != (spec->type == RECON_PARAMETER_CHOICE))
    g_error ("%s: a choice has choices, and nothing else has", spec->name);
  if (spec->choices != NULL && (spec->titles == NULL || g_strv_length ((char **) spec->titles) <
                                                            g_strv_length ((char **) spec->choices)))
    g_error ("%s: every choice has a title", spec->name);
  if (spec->title == NULL || spec->help == NULL)
    g_error ("%s has no title, or no help", spec->name);
  if (spec->after != NULL && !recon_parameter_find_name (spec->after, NULL))
    g_error ("%s comes after %s, which there is not", spec->name, spec->after);
}

/**
 * recon_parameters_register:
 * @sections: (array zero-terminated=1): the sections and rows of tasks, in the order of the work; they stay
 *
 * Makes the table of all parameters. Call it once, before the first #ReconConfig; recon_tasks_register() does. A row
 * that contradicts itself or another one is an error in the program, and ends it.
 */
void
recon_parameters_register (const ReconParameterSection *const *sections)
{
  Table *table = g_new0 (Table, 1);

  g_return_if_fail (sections != NULL);

  table->sections = g_array_new (FALSE, FALSE, sizeof (ReconParameterSection));
  table->specs = g_array_new (FALSE, FALSE, sizeof (ReconParameterSpec));
  table->order = g_array_new (FALSE, FALSE, sizeof (ReconParameter));
  table->names = g_hash_table_new (g_str_hash, g_str_equal);

  table_add_sections (table, sections);
  for (gsize i = 0; i < G_N_ELEMENTS (fixed_rows); i++)
    {
      ReconParameterSpec row = fixed_rows[i];

      row.flags |= RECON_PARAMETER_SHORT;
      table_add_row (table, &row, row.section, NULL);
    }
  for (gsize i = 0; sections[i] != NULL; i++)
    for (guint k = 0; k < sections[i]->n_rows; k++)
      {
        const ReconParameterSpec *row = &sections[i]->rows[k];

        table_add_row (table, row, row->section != NULL ? row->section : sections[i]->name, sections[i]->task);
      }
  table_sort (table);

  if (!g_atomic_pointer_compare_and_exchange (&the_table, NULL, table))
    g_error ("Parameters are registered twice");

  for (ReconParameter i = 0; i < table->specs->len; i++)
    check_row (&g_array_index (table->specs, ReconParameterSpec, i));
  for (ReconParameter i = 0; i < table->specs->len; i++)
    {
      ReconParameterSpec *spec = &g_array_index (table->specs, ReconParameterSpec, i);

      if (spec->applies != NULL)
        spec->conditions = _recon_conditions_parse (spec);
    }
}

/**
 * recon_parameter_count:
 *
 * Returns: how many parameters there are; their numbers are less
 */
guint
recon_parameter_count (void)
{
  return get_table ()->specs->len;
}

/**
 * recon_parameter_nth:
 * @n: a place, from 0
 *
 * Returns: the parameter that users see there, in files, help and forms
 */
ReconParameter
recon_parameter_nth (guint n)
{
  const Table *table = get_table ();

  g_return_val_if_fail (n < table->order->len, 0);

  return g_array_index (table->order, ReconParameter, n);
}

/**
 * recon_parameter_get_spec:
 * @parameter: a parameter
 *
 * Returns: (transfer none): its row, which stands for the whole run of the program
 */
const ReconParameterSpec *
recon_parameter_get_spec (ReconParameter parameter)
{
  const Table *table = get_table ();

  g_return_val_if_fail (parameter < table->specs->len, NULL);

  return &g_array_index (table->specs, ReconParameterSpec, parameter);
}

static gboolean
look_up (const char     *name,
         ReconParameter *parameter)
{
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (get_table ()->names, name));

  if (found > 0 && parameter != NULL)
    *parameter = found - 1;

  return found > 0;
}

/**
 * recon_parameter:
 * @name: the whole name of a parameter that there is, such as "flat-field.correct"
 *
 * Returns: its number
 */
ReconParameter
recon_parameter (const char *name)
{
  ReconParameter parameter = RECON_NO_PARAMETER;

  if (!look_up (name, &parameter))
    g_error ("There is no parameter %s", name);

  return parameter;
}

/**
 * recon_parameter_find_name:
 * @name: a whole name, such as "input.projections", or an earlier one
 * @parameter: (out) (optional): the parameter
 *
 * Returns: whether there is such a parameter
 */
gboolean
recon_parameter_find_name (const char     *name,
                           ReconParameter *parameter)
{
  g_return_val_if_fail (name != NULL, FALSE);

  return strchr (name, '.') != NULL && look_up (name, parameter);
}

/**
 * recon_parameter_find:
 * @section: name of the section
 * @key: key within it
 * @parameter: (out) (optional): the parameter
 *
 * Returns: whether there is such a parameter
 */
gboolean
recon_parameter_find (const char     *section,
                      const char     *key,
                      ReconParameter *parameter)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (section != NULL && key != NULL, FALSE);

  name = g_strconcat (section, ".", key, NULL);

  return look_up (name, parameter);
}

/**
 * recon_parameter_find_option:
 * @name: the name of an option, without its dashes
 * @parameter: (out) (optional): the parameter
 *
 * Returns: whether a parameter has that whole name, that short one, or had it earlier
 */
gboolean
recon_parameter_find_option (const char     *name,
                             ReconParameter *parameter)
{
  g_return_val_if_fail (name != NULL, FALSE);

  return look_up (name, parameter);
}

/**
 * recon_parameter_nearest:
 * @section: (nullable): the section that was given
 * @key: the key that was given
 *
 * Looks for the parameter that was meant by an unknown name. The key decides, the section among equal keys.
 *
 * Returns: (nullable) (transfer none): its name, such as "reconstruction.axis"
 */
const char *
recon_parameter_nearest (const char *section,
                         const char *key)
{
  const Table *table = get_table ();
  const char *nearest = NULL;
  guint best = G_MAXUINT;

  g_return_val_if_fail (key != NULL, NULL);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = &g_array_index (table->specs, ReconParameterSpec, recon_parameter_nth (i));
      guint distance;

      if (!recon_names_similar (key, spec->key))
        continue;

      distance = 128 * recon_edit_distance (key, spec->key);
      if (section != NULL)
        distance += MIN (recon_edit_distance (section, spec->section), 127);

      if (distance < best)
        {
          best = distance;
          nearest = spec->name;
        }
    }

  return nearest;
}

guint
recon_section_count (void)
{
  return get_table ()->sections->len;
}

/**
 * recon_section_get:
 * @n: a place, from 0
 *
 * Returns: (transfer none): the section that users see there
 */
const ReconParameterSection *
recon_section_get (guint n)
{
  const Table *table = get_table ();

  g_return_val_if_fail (n < table->sections->len, NULL);

  return &g_array_index (table->sections, ReconParameterSection, n);
}

/**
 * recon_section_find:
 * @name: the name of a section, such as "flat-field"
 *
 * Returns: (nullable) (transfer none): the section
 */
const ReconParameterSection *
recon_section_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return table_find_section (get_table (), name);
}

/**
 * recon_section_get_names:
 *
 * Returns: (transfer container) (array zero-terminated=1): the names of all sections
 */
const char **
recon_section_get_names (void)
{
  const Table *table = get_table ();
  const char **names = g_new0 (const char *, recon_section_count () + 1);

  for (guint i = 0; i < recon_section_count (); i++)
    names[i] = g_array_index (table->sections, ReconParameterSection, i).name;

  return names;
}

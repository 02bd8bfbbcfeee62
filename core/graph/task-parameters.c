/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "config/text.h"
#include "graph/task-private.h"

/* The parameters of tasks: rows of a table, values, and properties of the object. */

static gboolean
set_row (ReconTask   *self,
         guint        row,
         const char  *text,
         GError     **error)
{
  const ReconTaskClass *klass = RECON_TASK_GET_CLASS (self);
  ReconValue value = { 0 };

  if (!recon_value_parse (&value, klass->rows[row], text, error))
    return FALSE;
  recon_value_clear (&_recon_task_get_values (self)[row]);
  _recon_task_get_values (self)[row] = value;

  return TRUE;
}

void
_recon_task_set_initial (ReconTask *self)
{
  const ReconTaskClass *klass = RECON_TASK_GET_CLASS (self);

  for (guint i = 0; i < klass->n_rows; i++)
    {
      gboolean parsed = set_row (self, i, klass->rows[i]->initial, NULL);

      g_assert (parsed);
    }
}

/* Numbers and yes or no are properties of their own types where no word can stand for them; all else is text. */
static GParamSpec *
make_property (const ReconParameterSpec *row)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  if (row->words == NULL && row->type == RECON_PARAMETER_BOOLEAN)
    return g_param_spec_boolean (row->key, NULL, row->help, strcmp (row->initial, "yes") == 0, flags);
  if (row->words == NULL && row->type == RECON_PARAMETER_INTEGER)
    return g_param_spec_int64 (row->key, NULL, row->help, (gint64) row->minimum, (gint64) row->maximum,
                               g_ascii_strtoll (row->initial, NULL, 10), flags);
  if (row->words == NULL && row->type == RECON_PARAMETER_NUMBER)
    return g_param_spec_double (row->key, NULL, row->help, row->minimum, row->maximum,
                                g_ascii_strtod (row->initial, NULL), flags);

  return g_param_spec_string (row->key, NULL, row->help, row->initial, flags);
}

static void
recon_task_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  const ReconValue *own = &_recon_task_get_values (RECON_TASK (object))[id - 1];

  if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, own->boolean);
  else if (G_VALUE_HOLDS_INT64 (value))
    g_value_set_int64 (value, own->integer);
  else if (G_VALUE_HOLDS_DOUBLE (value))
    g_value_set_double (value, own->number);
  else
    g_value_set_string (value, own->text);
}

static void
recon_task_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  ReconTask *self = RECON_TASK (object);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *integer = NULL;
  g_autoptr (GError) error = NULL;
  const char *text;

  if (G_VALUE_HOLDS_BOOLEAN (value))
    text = g_value_get_boolean (value) ? "yes" : "no";
  else if (G_VALUE_HOLDS_INT64 (value))
    text = integer = g_strdup_printf ("%" G_GINT64_FORMAT, g_value_get_int64 (value));
  else if (G_VALUE_HOLDS_DOUBLE (value))
    text = g_ascii_dtostr (number, sizeof number, g_value_get_double (value));
  else
    text = g_value_get_string (value);

  /* A property can't explain itself: recon_task_set() is for texts of users. */
  if (!set_row (self, id - 1, text != NULL ? text : RECON_TASK_GET_CLASS (self)->rows[id - 1]->initial, &error))
    g_critical ("%s", error->message);
}

/* Rows know their names from where they stand. */
static void
set_rows (ReconTaskClass *klass)
{
  const ReconParameterSection *section = klass->info->section;
  const ReconParameterSpec *rows = section != NULL ? section->rows : klass->info->rows;
  ReconParameterSpec *own;

  klass->n_rows = section != NULL ? section->n_rows : klass->info->n_rows;
  klass->rows = g_new (const ReconParameterSpec *, klass->n_rows + 1);
  own = g_memdup2 (rows, klass->n_rows * sizeof *rows);
  for (guint i = 0; i < klass->n_rows; i++)
    {
      const char *place = rows[i].section != NULL ? rows[i].section
                          : section != NULL       ? section->name
                                                  : klass->info->name;
      g_autofree char *name = g_strconcat (place, ".", rows[i].key, NULL);

      own[i].name = g_intern_string (name);
      klass->rows[i] = &own[i];
    }
}

/**
 * recon_task_class_set_info:
 * @klass: the class of a task that is being initialised
 * @info: what the task declares
 *
 * Makes a property of every parameter.
 */
void
recon_task_class_set_info (ReconTaskClass      *klass,
                           const ReconTaskInfo *info)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  klass->info = info;
  if (klass->rows == NULL)
    set_rows (klass);

  /* Properties are those of the class that installs them. */
  object_class->get_property = recon_task_get_property;
  object_class->set_property = recon_task_set_property;
  for (guint i = 0; i < klass->n_rows; i++)
    g_object_class_install_property (object_class, i + 1, make_property (klass->rows[i]));
}

/**
 * recon_task_class_set_parameters:
 * @klass: the class of a task that is being initialised, before recon_task_class_set_info()
 * @names: (array zero-terminated=1): whole names of parameters of the program, such as "input.projections"
 *
 * For tasks whose parameters are declared elsewhere. Their keys have to differ.
 */
void
recon_task_class_set_parameters (ReconTaskClass     *klass,
                                 const char *const  *names)
{
  klass->n_rows = g_strv_length ((char **) names);
  klass->rows = g_new (const ReconParameterSpec *, klass->n_rows + 1);
  for (guint i = 0; i < klass->n_rows; i++)
    {
      ReconParameter parameter;

      if (!recon_parameter_find_name (names[i], &parameter))
        g_error ("There is no parameter %s", names[i]);
      klass->rows[i] = recon_parameter_get_spec (parameter);
    }
}

guint
recon_task_get_n_rows (ReconTask *self)
{
  return RECON_TASK_GET_CLASS (self)->n_rows;
}

const ReconParameterSpec *
recon_task_get_row (ReconTask *self,
                    guint      row)
{
  g_return_val_if_fail (row < recon_task_get_n_rows (self), NULL);

  return RECON_TASK_GET_CLASS (self)->rows[row];
}

int
recon_task_find_row (ReconTask  *self,
                     const char *key)
{
  const char *const *aliases = recon_task_get_info (self)->aliases;
  const gsize length = strlen (key);

  for (guint i = 0; i < recon_task_get_n_rows (self); i++)
    if (strcmp (recon_task_get_row (self, i)->key, key) == 0)
      return (int) i;

  for (; aliases != NULL && *aliases != NULL; aliases++)
    if (strncmp (*aliases, key, length) == 0 && (*aliases)[length] == '=')
      return recon_task_find_row (self, *aliases + length + 1);

  return -1;
}

/* Returns: (transfer none): the value of a parameter, until it is set again; see the getters of #ReconConfig for what
 * it is where it is left to the program */
const ReconValue *
recon_task_get_value (ReconTask *self,
                      guint      row)
{
  g_return_val_if_fail (row < recon_task_get_n_rows (self), NULL);

  return &_recon_task_get_values (self)[row];
}

/**
 * recon_task_set:
 * @self: a task
 * @key: name of a parameter
 * @text: its value as text
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if there is no such parameter, with the nearest name, or if it does not take
 *   the value
 */
gboolean
recon_task_set (ReconTask   *self,
                const char  *key,
                const char  *text,
                GError     **error)
{
  g_autofree const char **keys = NULL;
  int row = recon_task_find_row (self, key);
  const char *nearest;

  if (row >= 0)
    return set_row (self, (guint) row, text, error);

  keys = g_new0 (const char *, recon_task_get_n_rows (self) + 1);
  for (guint i = 0; i < recon_task_get_n_rows (self); i++)
    keys[i] = recon_task_get_row (self, i)->key;
  nearest = recon_nearest_word (key, keys);
  if (nearest != NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("%s has no parameter '%s'. Did you mean '%s'?"),
                 recon_task_get_name (self), key, nearest);
  else
    {
      g_autofree char *all = g_strjoinv (", ", (char **) keys);

      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("%s has no parameter '%s', but these: %s."),
                   recon_task_get_name (self), key, *all != '\0' ? all : _ ("none"));
    }

  return FALSE;
}

/**
 * recon_task_set_from_config:
 * @self: a task
 * @config: a configuration
 * @error: return location
 *
 * Gives every parameter that is one of the configuration's too the value that it has there.
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG
 */
gboolean
recon_task_set_from_config (ReconTask    *self,
                            ReconConfig  *config,
                            GError      **error)
{
  for (guint i = 0; i < recon_task_get_n_rows (self); i++)
    {
      const char *name = recon_task_get_row (self, i)->name;
      g_autofree char *text = NULL;
      ReconParameter parameter;

      if (name == NULL || !recon_parameter_find_name (name, &parameter))
        continue;
      text = recon_config_format (config, parameter);
      if (!set_row (self, i, text, error))
        return FALSE;
    }

  return TRUE;
}

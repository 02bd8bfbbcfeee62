/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/config.h"

#include "config/text.h"
#include "config/value.h"

/**
 * ReconConfig:
 *
 * The value of every parameter. Each one is a string property too, named after group and key
 * ("reconstruction-axis"), which holds the canonical text and notifies when it changes. A configuration
 * belongs to one thread; a job works on a copy.
 *
 * A property cannot refuse a text with an explanation: check texts of users with recon_config_parse().
 */
struct _ReconConfig
{
  GObject     parent_instance;

  ReconValue *values; /* by parameter */
};

G_DEFINE_FINAL_TYPE (ReconConfig, recon_config, G_TYPE_OBJECT)

/* The property of a parameter has the parameter's number plus one; 0 is no property. */
static GParamSpec **properties;
static ReconValue *defaults; /* by parameter */
static guint n_parameters;

static void
recon_config_take (ReconConfig    *self,
                   ReconParameter  parameter,
                   ReconValue     *value)
{
  gboolean changed = self->values[parameter].text != value->text &&
                     g_strcmp0 (self->values[parameter].text, value->text) != 0;

  recon_value_clear (&self->values[parameter]);
  self->values[parameter] = *value;
  value->text = NULL;

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[parameter + 1]);
}

static void
recon_config_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ReconConfig *self = RECON_CONFIG (object);

  g_value_set_string (value, self->values[id - 1].text);
}

static void
recon_config_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  ReconConfig *self = RECON_CONFIG (object);
  const char *text = g_value_get_string (value);
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    recon_config_reset (self, id - 1);
  else if (!recon_config_parse (self, id - 1, text, &error))
    g_critical ("%s", error->message);
}

static void
recon_config_finalize (GObject *object)
{
  ReconConfig *self = RECON_CONFIG (object);

  for (guint i = 0; i < n_parameters; i++)
    recon_value_clear (&self->values[i]);
  g_free (self->values);

  G_OBJECT_CLASS (recon_config_parent_class)->finalize (object);
}

static void
recon_config_class_init (ReconConfigClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = recon_config_get_property;
  object_class->set_property = recon_config_set_property;
  object_class->finalize = recon_config_finalize;

  n_parameters = recon_parameter_count ();
  properties = g_new0 (GParamSpec *, n_parameters + 1);
  defaults = g_new0 (ReconValue, n_parameters);
  for (guint i = 0; i < n_parameters; i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      gboolean parsed = recon_value_parse (&defaults[i], spec, spec->initial, NULL);

      g_assert (parsed);
      properties[i + 1] = g_param_spec_string (spec->property, spec->key, spec->help, spec->initial,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
    }

  g_object_class_install_properties (object_class, n_parameters + 1, properties);
}

static void
recon_config_init (ReconConfig *self)
{
  self->values = g_new (ReconValue, n_parameters);
  for (guint i = 0; i < n_parameters; i++)
    recon_value_copy (&self->values[i], &defaults[i]);
}

/**
 * recon_config_new:
 *
 * Returns: (transfer full): a configuration of default values
 */
ReconConfig *
recon_config_new (void)
{
  return g_object_new (RECON_TYPE_CONFIG, NULL);
}

/**
 * recon_config_copy:
 * @self: a configuration
 *
 * Returns: (transfer full): another one with the same values, which later changes of @self do not touch
 */
ReconConfig *
recon_config_copy (ReconConfig *self)
{
  ReconConfig *copy;

  g_return_val_if_fail (RECON_IS_CONFIG (self), NULL);

  copy = recon_config_new ();
  recon_config_assign (copy, self);

  return copy;
}

/**
 * recon_config_assign:
 * @self: a configuration
 * @source: another one
 *
 * Gives every parameter of @self the value that it has in @source.
 */
void
recon_config_assign (ReconConfig *self,
                     ReconConfig *source)
{
  g_return_if_fail (RECON_IS_CONFIG (self));
  g_return_if_fail (RECON_IS_CONFIG (source));

  for (guint i = 0; i < n_parameters; i++)
    {
      g_auto (ReconValue) value = { 0 };

      recon_value_copy (&value, &source->values[i]);
      recon_config_take (self, i, &value);
    }
}

static gboolean
has_type (ReconParameter     parameter,
          ReconParameterType type)
{
  return parameter < n_parameters && recon_parameter_get_spec (parameter)->type == type;
}

/**
 * recon_config_is_automatic:
 * @self: a configuration
 * @parameter: any parameter
 *
 * Returns: whether the value is left to the program, which only parameters with a word for that can be.
 *   The getters then return no valid value; ask here before them.
 */
gboolean
recon_config_is_automatic (ReconConfig    *self,
                           ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (parameter < n_parameters, FALSE);

  return self->values[parameter].word != NULL;
}

/**
 * recon_config_get_word:
 * @self: a configuration
 * @parameter: any parameter
 *
 * Returns: (nullable) (transfer none): the word by which the value is left to the program, such as "middle" or "auto"
 *   of the axis; %NULL if there is a value. It stands for the whole run of the program
 */
const char *
recon_config_get_word (ReconConfig    *self,
                       ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_CONFIG (self), NULL);
  g_return_val_if_fail (parameter < n_parameters, NULL);

  return self->values[parameter].word;
}

/**
 * recon_config_has_word:
 * @self: a configuration
 * @parameter: any parameter
 * @word: one of the words of the parameter, as the table has it
 *
 * Returns: whether the value is left to the program by that word
 */
gboolean
recon_config_has_word (ReconConfig    *self,
                       ReconParameter  parameter,
                       const char     *word)
{
  return g_strcmp0 (recon_config_get_word (self, parameter), word) == 0;
}

/**
 * recon_config_get_boolean:
 * @self: a configuration
 * @parameter: a parameter of type %RECON_PARAMETER_BOOLEAN
 *
 * Returns: the value; %FALSE if it is automatic
 */
gboolean
recon_config_get_boolean (ReconConfig    *self,
                          ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (has_type (parameter, RECON_PARAMETER_BOOLEAN), FALSE);

  return self->values[parameter].boolean;
}

/**
 * recon_config_get_integer:
 * @self: a configuration
 * @parameter: a parameter of type %RECON_PARAMETER_INTEGER
 *
 * Returns: the value in the parameter's unit; -1 if it is automatic
 */
gint64
recon_config_get_integer (ReconConfig    *self,
                          ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_CONFIG (self), -1);
  g_return_val_if_fail (has_type (parameter, RECON_PARAMETER_INTEGER), -1);

  return self->values[parameter].integer;
}

/**
 * recon_config_get_size:
 * @self: a configuration
 * @parameter: a parameter of type %RECON_PARAMETER_SIZE
 *
 * Returns: the value in bytes; 0 if it is automatic
 */
guint64
recon_config_get_size (ReconConfig    *self,
                       ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_CONFIG (self), 0);
  g_return_val_if_fail (has_type (parameter, RECON_PARAMETER_SIZE), 0);

  return self->values[parameter].size;
}

/**
 * recon_config_get_number:
 * @self: a configuration
 * @parameter: a parameter of type %RECON_PARAMETER_NUMBER
 *
 * Returns: the value in the parameter's unit, finite; NaN if it is automatic
 */
double
recon_config_get_number (ReconConfig    *self,
                         ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_CONFIG (self), 0.0);
  g_return_val_if_fail (has_type (parameter, RECON_PARAMETER_NUMBER), 0.0);

  return self->values[parameter].number;
}

/**
 * recon_config_get_choice:
 * @self: a configuration
 * @parameter: a parameter of type %RECON_PARAMETER_CHOICE
 *
 * Returns: the value, one of the parameter's enumeration in choices.h; 0 if it is automatic
 */
guint
recon_config_get_choice (ReconConfig    *self,
                         ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_CONFIG (self), 0);
  g_return_val_if_fail (has_type (parameter, RECON_PARAMETER_CHOICE), 0);

  return self->values[parameter].choice;
}

/**
 * recon_config_get_text:
 * @self: a configuration
 * @parameter: a parameter of type %RECON_PARAMETER_TEXT or %RECON_PARAMETER_PATH
 *
 * Relative paths start from the working directory; recon_config_load() sees to that.
 *
 * Returns: (transfer none): the value until it is set again; "" if nothing is given
 */
const char *
recon_config_get_text (ReconConfig    *self,
                       ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_CONFIG (self), NULL);
  g_return_val_if_fail (has_type (parameter, RECON_PARAMETER_TEXT) || has_type (parameter, RECON_PARAMETER_PATH),
                        NULL);

  return self->values[parameter].text;
}

/**
 * recon_config_get_box:
 * @self: a configuration
 * @parameter: a parameter of type %RECON_PARAMETER_BOX
 *
 * Returns: the value in pixels, counted from 0; all zero if it is automatic
 */
ReconBox
recon_config_get_box (ReconConfig    *self,
                      ReconParameter  parameter)
{
  ReconBox none = { 0 };

  g_return_val_if_fail (RECON_IS_CONFIG (self), none);
  g_return_val_if_fail (has_type (parameter, RECON_PARAMETER_BOX), none);

  return self->values[parameter].box;
}

/**
 * recon_config_format:
 * @self: a configuration
 * @parameter: any parameter
 *
 * Returns: (transfer full): the canonical text of the value: equal values have equal texts, and
 *   recon_config_parse() reads the same value from it. In the C locale.
 */
char *
recon_config_format (ReconConfig    *self,
                     ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_CONFIG (self), NULL);
  g_return_val_if_fail (parameter < n_parameters, NULL);

  return g_strdup (self->values[parameter].text);
}

/**
 * recon_config_parse:
 * @self: a configuration
 * @parameter: any parameter
 * @text: the text of a file, an option or a form, in the C locale
 * @error: return location
 *
 * Sets a parameter; on failure it keeps its value.
 *
 * Returns: %FALSE with %RECON_ERROR_CONFIG, naming parameter, text and range
 */
gboolean
recon_config_parse (ReconConfig     *self,
                    ReconParameter   parameter,
                    const char      *text,
                    GError         **error)
{
  g_auto (ReconValue) value = { 0 };

  g_return_val_if_fail (RECON_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (parameter < n_parameters, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (!recon_value_parse (&value, recon_parameter_get_spec (parameter), text, error))
    return FALSE;

  recon_config_take (self, parameter, &value);

  return TRUE;
}

/**
 * recon_config_set_number:
 * @self: a configuration
 * @parameter: a parameter of type %RECON_PARAMETER_NUMBER
 * @number: a value in the parameter's unit
 *
 * Returns: %FALSE, and nothing is set, if the parameter doesn't take it
 */
gboolean
recon_config_set_number (ReconConfig    *self,
                         ReconParameter  parameter,
                         double          number)
{
  g_autofree char *text = recon_number_to_text (number);

  return recon_config_parse (self, parameter, text, NULL);
}

/**
 * recon_config_set_integer:
 * @self: a configuration
 * @parameter: a parameter of type %RECON_PARAMETER_INTEGER
 * @integer: a value in the parameter's unit
 *
 * Returns: %FALSE, and nothing is set, if the parameter doesn't take it
 */
gboolean
recon_config_set_integer (ReconConfig    *self,
                          ReconParameter  parameter,
                          gint64          integer)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, integer);

  return recon_config_parse (self, parameter, text, NULL);
}

/**
 * recon_config_set_boolean:
 * @self: a configuration
 * @parameter: a parameter of type %RECON_PARAMETER_BOOLEAN
 * @boolean: the value
 */
void
recon_config_set_boolean (ReconConfig    *self,
                          ReconParameter  parameter,
                          gboolean        boolean)
{
  recon_config_parse (self, parameter, boolean ? "yes" : "no", NULL);
}

/**
 * recon_config_reset:
 * @self: a configuration
 * @parameter: any parameter
 *
 * Gives a parameter its default value.
 */
void
recon_config_reset (ReconConfig    *self,
                    ReconParameter  parameter)
{
  g_auto (ReconValue) value = { 0 };

  g_return_if_fail (RECON_IS_CONFIG (self));
  g_return_if_fail (parameter < n_parameters);

  recon_value_copy (&value, &defaults[parameter]);
  recon_config_take (self, parameter, &value);
}

/**
 * recon_config_is_default:
 * @self: a configuration
 * @parameter: any parameter
 *
 * Returns: whether a parameter has its default value
 */
gboolean
recon_config_is_default (ReconConfig    *self,
                         ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (parameter < n_parameters, FALSE);

  /* Defaults are declared in canonical form; a test holds the table to that. */
  return g_str_equal (self->values[parameter].text, recon_parameter_get_spec (parameter)->initial);
}

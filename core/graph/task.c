/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/task-private.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <string.h>

#include "base/error.h"
#include "config/text.h"

typedef struct
{
  ReconValue     *values; /* one per row */
  ReconArrayInfo  inputs[RECON_MAX_PORTS];
  ReconArrayInfo  outputs[RECON_MAX_PORTS];
  ReconDevice    *device; /* (nullable): that it is prepared for */
  guint           lanes;
} ReconTaskPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ReconTask, recon_task, G_TYPE_OBJECT)

static ReconTaskPrivate *
get_private (ReconTask *self)
{
  return recon_task_get_instance_private (self);
}

/* One for each row. */
ReconValue *
_recon_task_get_values (ReconTask *self)
{
  return get_private (self)->values;
}

static void
recon_task_constructed (GObject *object)
{
  ReconTask *self = RECON_TASK (object);

  get_private (self)->values = g_new0 (ReconValue, RECON_TASK_GET_CLASS (self)->n_rows);
  _recon_task_set_initial (self);

  G_OBJECT_CLASS (recon_task_parent_class)->constructed (object);
}

static void
recon_task_finalize (GObject *object)
{
  ReconTask *self = RECON_TASK (object);
  ReconTaskPrivate *priv = get_private (self);

  if (RECON_TASK_GET_CLASS (self)->clear != NULL)
    RECON_TASK_GET_CLASS (self)->clear (self);
  for (guint i = 0; i < RECON_TASK_GET_CLASS (self)->n_rows; i++)
    recon_value_clear (&priv->values[i]);
  g_free (priv->values);
  for (guint i = 0; i < RECON_MAX_PORTS; i++)
    {
      recon_array_info_clear (&priv->inputs[i]);
      recon_array_info_clear (&priv->outputs[i]);
    }
  g_clear_object (&priv->device);

  G_OBJECT_CLASS (recon_task_parent_class)->finalize (object);
}

static void
recon_task_class_init (ReconTaskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = recon_task_constructed;
  object_class->finalize = recon_task_finalize;
}

static void
recon_task_init (ReconTask *self)
{
}

const ReconTaskInfo *
recon_task_get_info (ReconTask *self)
{
  return RECON_TASK_GET_CLASS (self)->info;
}

gboolean
recon_task_has_flag (ReconTask      *self,
                     ReconTaskFlags  flag)
{
  return (recon_task_get_info (self)->flags & flag) != 0;
}

/**
 * recon_task_get_name:
 * @self: a task
 *
 * Returns: (transfer none): the name of what it does, such as "flat-field"
 */
const char *
recon_task_get_name (ReconTask *self)
{
  return RECON_TASK_GET_CLASS (self)->info->name;
}

static guint
count_ports (const ReconPort *ports)
{
  guint n = 0;

  while (ports != NULL && ports[n].name != NULL)
    n++;

  return n;
}

guint
recon_task_get_n_inputs (ReconTask *self)
{
  return count_ports (recon_task_get_info (self)->inputs);
}

guint
recon_task_get_n_outputs (ReconTask *self)
{
  return count_ports (recon_task_get_info (self)->outputs);
}

/**
 * recon_task_find_port:
 * @ports: (nullable): a task's inputs or outputs
 * @name: name of a port
 *
 * Returns: which one that is; -1 if there is none of the name
 */
int
recon_task_find_port (const ReconPort *ports,
                      const char      *name)
{
  for (guint i = 0; ports != NULL && ports[i].name != NULL; i++)
    if (strcmp (ports[i].name, name) == 0)
      return (int) i;

  return -1;
}

/**
 * recon_task_copy:
 * @self: a task
 *
 * Returns: (transfer full): another one of the same class, parameters and shapes, not prepared for any device
 */
ReconTask *
recon_task_copy (ReconTask *self)
{
  ReconTask *copy = g_object_new (G_OBJECT_TYPE (self), NULL);
  const ReconTaskClass *klass = RECON_TASK_GET_CLASS (self);
  ReconTaskPrivate *to = get_private (copy), *from = get_private (self);

  for (guint i = 0; i < klass->n_rows; i++)
    {
      recon_value_clear (&to->values[i]);
      recon_value_copy (&to->values[i], &from->values[i]);
    }
  for (guint i = 0; i < RECON_MAX_PORTS; i++)
    {
      recon_array_info_copy (&to->inputs[i], &from->inputs[i]);
      recon_array_info_copy (&to->outputs[i], &from->outputs[i]);
    }
  if (klass->copy != NULL)
    klass->copy (copy, self);

  return copy;
}

static void
take_shapes (ReconArrayInfo        *own,
             const ReconArrayInfo **given,
             guint                  n)
{
  for (guint i = 0; i < n; i++)
    {
      ReconArrayInfo copy = { 0 };

      if (given[i] != NULL)
        recon_array_info_copy (&copy, given[i]);
      recon_array_info_clear (&own[i]);
      own[i] = copy;
    }
}

/**
 * recon_task_shape:
 * @self: a task
 * @inputs: what comes in, one for each input, %NULL where nothing is connected
 * @log: (nullable): to say what is decided
 * @error: return location
 *
 * Checks what goes in and decides what comes out, before anything is computed. Sources open their files.
 *
 * Returns: %FALSE with an error that says what to change
 */
gboolean
recon_task_shape (ReconTask              *self,
                  const ReconArrayInfo  **inputs,
                  ReconLog               *log,
                  GError                **error)
{
  ReconTaskPrivate *priv = get_private (self);

  take_shapes (priv->inputs, inputs, recon_task_get_n_inputs (self));
  for (guint i = 0; i < RECON_MAX_PORTS; i++)
    recon_array_info_clear (&priv->outputs[i]);

  return RECON_TASK_GET_CLASS (self)->shape (self, inputs, priv->outputs, log, error);
}

/**
 * recon_task_get_input:
 * @self: a task that knows its shapes
 * @input: which input
 *
 * Returns: (transfer none) (nullable): what comes in; %NULL where nothing is connected
 */
const ReconArrayInfo *
recon_task_get_input (ReconTask *self,
                      guint      input)
{
  const ReconArrayInfo *info = &get_private (self)->inputs[input];

  return info->n_axes > 0 ? info : NULL;
}

/**
 * recon_task_get_output:
 * @self: a task that knows its shapes
 * @output: which output
 *
 * Returns: (transfer none) (nullable): what comes out; %NULL if nothing does, as darks of a scan that has none
 */
const ReconArrayInfo *
recon_task_get_output (ReconTask *self,
                       guint      output)
{
  const ReconArrayInfo *info = &get_private (self)->outputs[output];

  return info->n_axes > 0 ? info : NULL;
}

/**
 * recon_task_check_input:
 * @self: a task whose shapes are being decided
 * @input: an input to which something is connected
 * @type: the type that it takes
 * @error: return location
 * @...: names of the axes that it takes, slowest first, and %NULL
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if something else comes, or nothing at all
 */
gboolean
recon_task_check_input (ReconTask    *self,
                        guint         input,
                        ReconArrayType   type,
                        GError      **error,
                        ...)
{
  const ReconArrayInfo *info = &get_private (self)->inputs[input];
  g_autoptr (GString) wanted = g_string_new (recon_array_type_get_name (type));
  g_autofree char *given = recon_array_info_describe (info);
  gboolean equal = info->type == type;
  const char *name;
  va_list axes;
  guint n = 0;

  va_start (axes, error);
  while ((name = va_arg (axes, const char *)) != NULL)
    {
      equal = equal && n < info->n_axes && strcmp (info->axes[n].name, name) == 0;
      g_string_append_printf (wanted, "%s%s", n++ == 0 ? ", " : " × ", name);
    }
  va_end (axes);
  for (guint i = 0; i < info->n_axes; i++)
    equal = equal && info->axes[i].size > 0;
  if (equal && n == info->n_axes)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("The input '%s' takes %s, but gets %s. Connect another output to it."),
               recon_task_get_info (self)->inputs[input].name, wanted->str, given);
  return FALSE;
}

/* Enlarges a region of an output to what is made in one go. */
void
recon_task_round (ReconTask   *self,
                  guint        output,
                  ReconRegion *region)
{
  const guint whole = recon_task_get_info (self)->outputs[output].whole;

  for (guint i = 0; i < region->n_axes; i++)
    if ((whole & RECON_AXIS (i)) != 0)
      {
        region->axes[i].first = 0;
        region->axes[i].n = get_private (self)->outputs[output].axes[i].size;
      }
}

/**
 * recon_task_demand:
 * @self: a task that knows its shapes
 * @output: which output
 * @wanted: a region of it
 * @input: which input
 * @needed: (out caller-allocates): the region of that which it is made of
 */
void
recon_task_demand (ReconTask         *self,
                   guint              output,
                   const ReconRegion *wanted,
                   guint              input,
                   ReconRegion       *needed)
{
  const ReconTaskClass *klass = RECON_TASK_GET_CLASS (self);
  const ReconArrayInfo *info = recon_task_get_input (self, input);

  if ((klass->info->flags & RECON_TASK_REDUCES) != 0)
    recon_region_init_whole (needed, info);
  else if (klass->demand != NULL)
    klass->demand (self, output, wanted, input, needed);
  else if (wanted->n_axes == info->n_axes)
    *needed = *wanted;
  else
    recon_region_init_whole (needed, info);
}

gboolean
recon_task_need (ReconTask              *self,
                 const ReconDeviceInfo  *device,
                 guint                   lanes,
                 ReconTaskNeed          *need,
                 GError                **error)
{
  const ReconTaskClass *klass = RECON_TASK_GET_CLASS (self);

  *need = (ReconTaskNeed) { 0 };

  return klass->need == NULL || klass->need (self, device, lanes, need, error);
}

/**
 * recon_task_prepare:
 * @self: a task that knows its shapes
 * @device: (nullable): where it will work; %NULL for those on the host
 * @lanes: rows of a group
 * @error: return location
 *
 * Makes tables and programs, in the place of earlier ones.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE or #RECON_ERROR_MEMORY
 */
gboolean
recon_task_prepare (ReconTask    *self,
                    ReconDevice  *device,
                    guint         lanes,
                    GError      **error)
{
  const ReconTaskClass *klass = RECON_TASK_GET_CLASS (self);
  ReconTaskPrivate *priv = get_private (self);

  g_set_object (&priv->device, device);
  priv->lanes = lanes;

  return klass->prepare == NULL || klass->prepare (self, device, lanes, error);
}

ReconDevice *
recon_task_get_device (ReconTask *self)
{
  return get_private (self)->device;
}

guint
recon_task_get_lanes (ReconTask *self)
{
  return get_private (self)->lanes;
}

/**
 * recon_task_process:
 * @self: a prepared task
 * @inputs: one for each input, %NULL where nothing is connected
 * @outputs: one for each output, %NULL where nobody wants it; the first may be the first input
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Makes one region. What it has put into the device's queue may still be under way.
 *
 * Returns: %FALSE with an error that begins with the task's name
 */
gboolean
recon_task_process (ReconTask     *self,
                    ReconArray   **inputs,
                    ReconArray   **outputs,
                    GCancellable  *cancellable,
                    GError       **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  return RECON_TASK_GET_CLASS (self)->process (self, inputs, outputs, cancellable, error);
}

gboolean
recon_task_finish (ReconTask     *self,
                   ReconArray   **outputs,
                   GCancellable  *cancellable,
                   GError       **error)
{
  const ReconTaskClass *klass = RECON_TASK_GET_CLASS (self);

  return klass->finish == NULL || klass->finish (self, outputs, cancellable, error);
}

gboolean
recon_task_report (ReconTask  *self,
                   ReconLog   *log,
                   GError    **error)
{
  const ReconTaskClass *klass = RECON_TASK_GET_CLASS (self);

  return klass->report == NULL || klass->report (self, log, error);
}

/**
 * recon_task_describe:
 * @self: a task
 *
 * Returns: (transfer full): name, version and the parameters that its numbers depend on: what is equal gives the same
 *   from the same inputs. Parameters of the geometry are not among them: that travels by itself
 */
char *
recon_task_describe (ReconTask *self)
{
  const ReconTaskClass *klass = RECON_TASK_GET_CLASS (self);
  const ReconTaskInfo *info = klass->info;
  GString *text = g_string_new (info->name);

  g_string_append_printf (text, " %u", info->version);
  for (guint i = 0; i < klass->n_rows; i++)
    {
      const ReconParameterSpec *row = klass->rows[i];

      if (klass->matters != NULL ? klass->matters (self, row)
                                 : (row->flags & (RECON_PARAMETER_NO_RESULT | RECON_PARAMETER_GEOMETRY)) == 0)
        g_string_append_printf (text, " %s=%s", row->key, get_private (self)->values[i].text);
    }

  return g_string_free (text, FALSE);
}

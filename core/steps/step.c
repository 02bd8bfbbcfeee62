/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/step.h"

#include <glib/gi18n-lib.h>

#include "error.h"

typedef struct
{
  ReconDevice *device;
  ReconShape   input; /* what the step is prepared for */
  guint        lanes;
  gboolean     prepared;
} ReconStepPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ReconStep, recon_step, G_TYPE_OBJECT)

/**
 * recon_variant_choose:
 * @variant: a #ReconVariant, or %RECON_CHOICE_AUTO
 * @device: a device
 *
 * Returns: the shape of the kernels for the device: %RECON_VARIANT_GPU has many small work items, %RECON_VARIANT_CPU
 * one
 *   for each of the processor's cores
 */
ReconVariant
recon_variant_choose (int                    variant,
                      const ReconDeviceInfo *device)
{
  if (variant != RECON_CHOICE_AUTO)
    return (ReconVariant) variant;

  return (device->type & CL_DEVICE_TYPE_CPU) != 0 ? RECON_VARIANT_CPU : RECON_VARIANT_GPU;
}

/**
 * recon_shape_get_bytes:
 * @self: the shape of an item
 * @bytes: (out): size of one item in bytes
 *
 * Returns: %FALSE if the size does not fit #gsize
 */
gboolean
recon_shape_get_bytes (const ReconShape *self,
                       gsize            *bytes)
{
  gsize samples;

  return g_size_checked_mul (&samples, self->height, self->width) &&
         g_size_checked_mul (bytes, samples, sizeof (float));
}

/**
 * recon_block_init:
 * @self: (out caller-allocates): the block, without references
 * @first: its first slice
 * @n: number of slices
 * @lanes: slices of a group: 4, 8 or 16
 * @shape: of an item as the source gives it
 */
void
recon_block_init (ReconBlock       *self,
                  guint             first,
                  guint             n,
                  guint             lanes,
                  const ReconShape *shape)
{
  g_return_if_fail (lanes > 0 && lanes <= RECON_MAX_LANES);

  *self = (ReconBlock) { .first = first, .n = n, .lanes = lanes, .shape = *shape };
  self->n_padded = (n + lanes - 1) / lanes * lanes;
}

/**
 * recon_block_get_bytes:
 * @self: a block
 * @bytes: (out): size of its data as they now are
 *
 * Returns: %FALSE if the size does not fit #gsize
 */
gboolean
recon_block_get_bytes (const ReconBlock *self,
                       gsize            *bytes)
{
  gsize item;

  return recon_shape_get_bytes (&self->shape, &item) &&
         g_size_checked_mul (bytes, item, self->shape.kind == RECON_DATA_SLICES ? self->n : self->n_padded);
}

static void
recon_step_finalize (GObject *object)
{
  ReconStepPrivate *priv = recon_step_get_instance_private (RECON_STEP (object));

  /* Last, after the subclass released what it made with the device. */
  g_clear_object (&priv->device);

  G_OBJECT_CLASS (recon_step_parent_class)->finalize (object);
}

static void
recon_step_class_init (ReconStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_step_finalize;
}

static void
recon_step_init (ReconStep *self)
{
}

/**
 * recon_step_get_name:
 * @self: a step
 *
 * Returns: its name, such as "flat-field"
 */
const char *
recon_step_get_name (ReconStep *self)
{
  g_return_val_if_fail (RECON_IS_STEP (self), NULL);

  return RECON_STEP_GET_CLASS (self)->name;
}

/**
 * recon_step_get_device:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): the device that it was prepared for last
 */
ReconDevice *
recon_step_get_device (ReconStep *self)
{
  ReconStepPrivate *priv = recon_step_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_STEP (self), NULL);

  return priv->device;
}

/**
 * recon_step_requisition:
 * @self: a step
 * @device: where it would work
 * @input: what an item is before the step
 * @lanes: slices of a group
 * @need: (out caller-allocates): what the step makes of it and needs for that
 * @error: return location
 *
 * Asks what a step needs; it takes no device into use and does no work.
 *
 * Returns: %FALSE if the step does not work on such items: #RECON_ERROR_INPUT, or #RECON_ERROR_CONFIG where a
 *   setting does not fit them
 */
gboolean
recon_step_requisition (ReconStep              *self,
                        const ReconDeviceInfo  *device,
                        const ReconShape       *input,
                        guint                   lanes,
                        ReconRequisition       *need,
                        GError                **error)
{
  gsize bytes;

  g_return_val_if_fail (RECON_IS_STEP (self), FALSE);
  g_return_val_if_fail (device != NULL && input != NULL && need != NULL, FALSE);
  g_return_val_if_fail (lanes > 0 && lanes <= RECON_MAX_LANES, FALSE);

  if (input->width == 0 || input->height == 0 || !recon_shape_get_bytes (input, &bytes))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("Images of %u × %u pixels can't be processed. Check the range of rows and angles and the crop."),
                   input->width, input->height);
      return FALSE;
    }

  *need = (ReconRequisition) { .output = *input };

  return RECON_STEP_GET_CLASS (self)->requisition (self, device, input, lanes, need, error);
}

/**
 * recon_step_prepare:
 * @self: a step
 * @device: where it will work
 * @input: what an item is before the step
 * @lanes: slices of a group
 * @error: return location
 *
 * Compiles kernels and makes tables. What was prepared before is dropped.
 *
 * Returns: %FALSE with the error of recon_step_requisition(), #RECON_ERROR_DEVICE or #RECON_ERROR_MEMORY
 */
gboolean
recon_step_prepare (ReconStep         *self,
                    ReconDevice       *device,
                    const ReconShape  *input,
                    guint              lanes,
                    GError           **error)
{
  ReconStepPrivate *priv = recon_step_get_instance_private (self);
  g_autoptr (ReconDevice) previous = NULL;
  ReconRequisition need;

  g_return_val_if_fail (RECON_IS_STEP (self), FALSE);
  g_return_val_if_fail (RECON_IS_DEVICE (device), FALSE);
  g_return_val_if_fail (input != NULL, FALSE);

  priv->prepared = FALSE;
  if (!recon_step_requisition (self, recon_device_get_info (device), input, lanes, &need, error))
    return FALSE;

  /* The previous device must outlive what the subclass made with it and drops now. */
  previous = g_steal_pointer (&priv->device);
  priv->device = g_object_ref (device);
  priv->input = *input;
  priv->lanes = lanes;
  priv->prepared = RECON_STEP_GET_CLASS (self)->prepare (self, device, input, lanes, error);

  return priv->prepared;
}

/**
 * recon_step_process:
 * @self: a step, prepared for the block's shape
 * @block: the slices and their references
 * @input: buffer of the step's device with the block's items; changed if the step works in place
 * @output: buffer for the items that the step makes; ignored if it works in place
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Processes a block. When this returns the work is done and the output complete.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE, #RECON_ERROR_INPUT if the block lacks a reference, #RECON_ERROR_MEMORY,
 * or
 *   %G_IO_ERROR_CANCELLED; the buffers' contents are undefined then
 */
gboolean
recon_step_process (ReconStep         *self,
                    const ReconBlock  *block,
                    cl_mem             input,
                    cl_mem             output,
                    GCancellable      *cancellable,
                    GError           **error)
{
  ReconStepPrivate *priv = recon_step_get_instance_private (self);

  g_return_val_if_fail (RECON_IS_STEP (self), FALSE);
  g_return_val_if_fail (block != NULL && input != NULL, FALSE);
  g_return_val_if_fail (priv->prepared, FALSE);
  g_return_val_if_fail (block->shape.kind == priv->input.kind, FALSE);
  g_return_val_if_fail (block->shape.height == priv->input.height, FALSE);
  g_return_val_if_fail (block->shape.width == priv->input.width, FALSE);
  g_return_val_if_fail (block->lanes == priv->lanes && block->n_padded % block->lanes == 0, FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (block->n == 0)
    return TRUE;

  return RECON_STEP_GET_CLASS (self)->process (self, block, input, output, cancellable, error);
}

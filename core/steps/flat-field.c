/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/flat-field.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "error.h"
#include "steps/dead-pixels.h"
#include "steps/register.h"

/* Correction is on: switched on, or by itself for projections and for sinograms that references are given for. */
#define WHERE_CORRECTED                                                                                               \
  "correct != no, correct = yes or input.projections or input.darks or input.flats or input.flats-after"

static const ReconParameterSpec rows[] = {
  { "correct", RECON_PARAMETER_BOOLEAN, "auto", .words = RECON_WORDS ("auto"), .flags = RECON_PARAMETER_SHORT,
    .after = "input.sinograms",
    .title = N_ ("Flat-Field Correction"), .terms = N_ ("Do flat-field correction"),
    .help = N_ ("Divide by the flat field after subtracting the dark; auto means yes, but for sinograms only if flats "
                "are given") },
  { "method", RECON_PARAMETER_CHOICE, "average", .applies = WHERE_CORRECTED,
    .choices = RECON_WORDS ("average", "median"),
    .titles = RECON_WORDS (N_ ("Average"), N_ ("Median")),
    .title = N_ ("Method"),
    .help = N_ ("How several dark or flat frames become one") },
  { "absorptivity", RECON_PARAMETER_BOOLEAN, "auto", .words = RECON_WORDS ("auto"), .flags = RECON_PARAMETER_SHORT,
    .title = N_ ("Absorptivity"), .terms = N_ ("Use absorptivity, minus logarithm, log"),
    .help = N_ ("Take the negative logarithm of the transmission; auto means when flat-field correction is on") },
  { "fix-nan-inf", RECON_PARAMETER_BOOLEAN, "yes", .flags = RECON_PARAMETER_SHORT,
    .title = N_ ("Remove NaN and Inf"), .terms = N_ ("Bridge dead pixels"),
    .help = N_ ("Bridge dead pixels from their neighbours in the row, and replace other values that are not finite by "
                "0") },
  { "interpolate", RECON_PARAMETER_BOOLEAN, "yes", .flags = RECON_PARAMETER_SHORT, .applies = WHERE_CORRECTED,
    .title = N_ ("Interpolate Flats"),
    .help = N_ ("Interpolate between the flats before and after by the projection's position; no pools them") },
  { "dark-scale", RECON_PARAMETER_NUMBER, "1", .maximum = 1e6,
    .flags = RECON_PARAMETER_OF_SCAN | RECON_PARAMETER_SHORT | RECON_PARAMETER_ADVANCED, .step = 0.1,
    .applies = WHERE_CORRECTED,
    .title = N_ ("Scale of the Darks"),
    .help = N_ ("Factor on the darks, for another exposure time than the projections'") },
  { "clip-minimum", RECON_PARAMETER_NUMBER, "1e-6", .minimum = 1e-30, .maximum = 1,
    .flags = RECON_PARAMETER_SHORT | RECON_PARAMETER_ADVANCED, .step = 1e-6,
    .title = N_ ("Lowest Transmission"),
    .help = N_ ("Lowest transmission before the logarithm") },
};

const ReconParameterSection recon_flat_field_parameters = {
  .name = "flat-field",
  .title = N_ ("Flat-Field Correction"),
  .more = N_ ("More Correction Settings"),
  .task = "flat-field",
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
};

/* One size for all blocks, so that all are computed by the same machine code. */
#define GPU_LOCAL_SIZE 64
#define CPU_VECTOR     16

/* Samples of one launch: between launches the user's wish to stop is heeded. */
#define SAMPLES_PER_LAUNCH (G_GUINT64_CONSTANT (1) << 28)

/* Must agree with kernels/flat-field.cl. */
enum
{
  CORRECT      = 1 << 0,
  HAS_DARK     = 1 << 1,
  HAS_AFTER    = 1 << 2,
  ABSORPTIVITY = 1 << 3,
  FIX_NAN_INF  = 1 << 4,
  COUNT        = 1 << 5,
};

/* Indices of the kernels' last arguments. */
#define FIRST_ANGLE        11
#define BRIDGE_FIRST_ANGLE 5

/* What the pixels of a block have met with: n × width each, see #ReconTransmissionsRow. */
typedef struct
{
  guint  *n_low;  /* from recon_host_memory_new() */
  guint  *n_odd;  /* behind them in the same memory */
  gsize   bytes;  /* of both */
  cl_mem  buffer;
} Counters;

struct _ReconFlatField
{
  ReconStep parent_instance;

  ReconFlatFieldSettings  settings;
  float                  *positions; /* (nullable): n_angles */

  ReconVariant            kernel_variant;
  cl_kernel               kernel;
  cl_kernel               bridge;
  cl_mem                  positions_table; /* n_angles; zeros without positions */
};

G_DEFINE_FINAL_TYPE (ReconFlatField, recon_flat_field, RECON_TYPE_STEP)

static void
drop_prepared (ReconFlatField *self)
{
  g_clear_pointer (&self->kernel, clReleaseKernel);
  g_clear_pointer (&self->bridge, clReleaseKernel);
  g_clear_pointer (&self->positions_table, clReleaseMemObject);
}

static void
recon_flat_field_finalize (GObject *object)
{
  ReconFlatField *self = RECON_FLAT_FIELD (object);

  drop_prepared (self);
  g_free (self->positions);
  g_clear_pointer (&self->settings.transmissions, recon_transmissions_unref);

  G_OBJECT_CLASS (recon_flat_field_parent_class)->finalize (object);
}

static gboolean
recon_flat_field_requisition (ReconStep              *step,
                              const ReconDeviceInfo  *device,
                              const ReconShape       *input,
                              guint                   lanes,
                              ReconRequisition       *need,
                              GError                **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (step);

  g_return_val_if_fail (input->kind == RECON_DATA_COUNTS || input->kind == RECON_DATA_SINOGRAMS, FALSE);

  if (self->positions != NULL && self->settings.n_angles != input->height)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("There are %u positions between the flats before and after, but %u projections."),
                   self->settings.n_angles, input->height);
      return FALSE;
    }

  need->output.kind = RECON_DATA_SINOGRAMS;
  need->in_place = TRUE;
  need->device_bytes = input->height * sizeof (float);

  return TRUE;
}

static gboolean
recon_flat_field_prepare (ReconStep         *step,
                          ReconDevice       *device,
                          const ReconShape  *input,
                          guint              lanes,
                          GError           **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (step);
  g_autofree char *options = NULL;
  g_autofree float *positions = g_try_new0 (float, input->height);

  drop_prepared (self);

  if (positions == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("No memory for a table of %u angles."), input->height);
      return FALSE;
    }
  if (self->positions != NULL)
    memcpy (positions, self->positions, input->height * sizeof *positions);

  self->positions_table = recon_device_new_table (device, positions, input->height * sizeof *positions, error);
  if (self->positions_table == NULL)
    return FALSE;

  self->kernel_variant = recon_variant_choose (self->settings.variant, recon_device_get_info (device));
  options = g_strdup_printf ("-DVECTOR=%d", self->kernel_variant == RECON_VARIANT_CPU ? CPU_VECTOR : 1);
  self->kernel = recon_device_kernel (device, "flat-field.cl", "flat_field", options, error);
  if (self->kernel == NULL)
    return FALSE;
  self->bridge = recon_device_kernel (device, "flat-field.cl", "bridge", options, error);

  return self->bridge != NULL;
}

/* The block's references as buffers; an absent one is %NULL. */
static gboolean
wrap_references (ReconFlatField    *self,
                 const ReconBlock  *block,
                 cl_mem            *dark,
                 cl_mem            *flat,
                 cl_mem            *flat_after,
                 GError           **error)
{
  ReconDevice *device = recon_step_get_device (RECON_STEP (self));
  gsize bytes;

  if (!self->settings.correct)
    return TRUE;

  if (block->flat == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("Flat-field correction is on, but there are no flats. Give flats, or switch it off by "
                      "flat-field.correct = no."));
      return FALSE;
    }

  if (!g_size_checked_mul (&bytes, block->n, block->shape.width) ||
      !g_size_checked_mul (&bytes, bytes, sizeof (float)))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("A block of %u slices of %u columns is too large."),
                   block->n, block->shape.width);
      return FALSE;
    }

  *flat = recon_device_wrap (device, block->flat, bytes, TRUE, error);
  if (*flat == NULL)
    return FALSE;

  if (block->dark != NULL)
    {
      *dark = recon_device_wrap (device, block->dark, bytes, TRUE, error);
      if (*dark == NULL)
        return FALSE;
    }

  if (block->flat_after != NULL && self->positions != NULL)
    {
      *flat_after = recon_device_wrap (device, block->flat_after, bytes, TRUE, error);
      if (*flat_after == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
set_arguments (ReconFlatField    *self,
               const ReconBlock  *block,
               cl_mem             data,
               cl_mem             dark,
               cl_mem             flat,
               cl_mem             flat_after,
               cl_mem             counters,
               GError           **error)
{
  const cl_uint flags = (self->settings.correct ? CORRECT : 0) |
                        (dark != NULL ? HAS_DARK : 0) |
                        (flat_after != NULL ? HAS_AFTER : 0) |
                        (self->settings.absorptivity ? ABSORPTIVITY : 0) |
                        (self->settings.fix_nan_inf ? FIX_NAN_INF : 0) |
                        (counters != NULL ? COUNT : 0);
  const cl_float dark_scale = (float) self->settings.dark_scale;
  const cl_float clip_minimum = (float) self->settings.clip_minimum;
  const cl_uint width = block->shape.width;
  const cl_uint n_padded = block->n_padded;
  /* What the flags leave unread is still some buffer. */
  const cl_mem dark_or_any = dark != NULL ? dark : self->positions_table;
  const cl_mem flat_or_any = flat != NULL ? flat : self->positions_table;
  const cl_mem after_or_any = flat_after != NULL ? flat_after : self->positions_table;
  const cl_mem counters_or_any = counters != NULL ? counters : self->positions_table;
  const ReconClArgument arguments[] = {
    RECON_CL_ARGUMENT (data),
    RECON_CL_ARGUMENT (dark_or_any),
    RECON_CL_ARGUMENT (flat_or_any),
    RECON_CL_ARGUMENT (after_or_any),
    RECON_CL_ARGUMENT (self->positions_table),
    RECON_CL_ARGUMENT (counters_or_any),
    RECON_CL_ARGUMENT (flags),
    RECON_CL_ARGUMENT (dark_scale),
    RECON_CL_ARGUMENT (clip_minimum),
    RECON_CL_ARGUMENT (width),
    RECON_CL_ARGUMENT (n_padded),
  };

  return recon_cl_set_arguments (self->kernel, 0, G_N_ELEMENTS (arguments), arguments, error);
}

/* @items: wanted along the first dimension; processors take them all in one. @middle: size of the one in the middle, or
 * 0 for none. The last dimension are the angles. */
static gboolean
launch_all (ReconFlatField    *self,
            cl_kernel          kernel,
            guint              last_argument,
            const ReconBlock  *block,
            guint              items,
            guint              middle,
            GCancellable      *cancellable,
            GError           **error)
{
  ReconDevice *device = recon_step_get_device (RECON_STEP (self));
  const guint n_dims = middle > 0 ? 3 : 2;
  const gsize local_size = self->kernel_variant == RECON_VARIANT_CPU ? 1 : GPU_LOCAL_SIZE;
  const gsize n_items = self->kernel_variant == RECON_VARIANT_CPU ? 1 : items;
  const gsize local[] = { local_size, 1, 1 };
  gsize global[] = { (n_items + local_size - 1) / local_size * local_size, middle, 1 };
  const guint64 samples = (guint64) items * MAX (middle, 1);
  const guint angles_per_launch = (guint) CLAMP (SAMPLES_PER_LAUNCH / samples, 1, block->shape.height);

  for (guint first = 0; first < block->shape.height; first += angles_per_launch)
    {
      const cl_uint first_angle = first;
      const ReconClArgument argument = RECON_CL_ARGUMENT (first_angle);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      global[n_dims - 1] = MIN (angles_per_launch, block->shape.height - first);
      if (!recon_cl_set_arguments (kernel, last_argument, 1, &argument, error) ||
          !recon_device_launch (device, kernel, n_dims, global, local, error) || !recon_device_wait (device, error))
        return FALSE;
      recon_device_tell_progress (device, (first + (double) global[2]) / block->shape.height);
    }

  return TRUE;
}

static void
counters_clear (Counters *counters)
{
  g_clear_pointer (&counters->buffer, clReleaseMemObject);
  g_clear_pointer (&counters->n_low, recon_host_memory_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Counters, counters_clear)

/* Transmissions are looked at where they become absorptivity; others have no bounds. */
static gboolean
prepare_counters (ReconFlatField    *self,
                  const ReconBlock  *block,
                  Counters          *counters,
                  GError           **error)
{
  const gsize n = (gsize) block->n * block->shape.width;

  if (!self->settings.absorptivity)
    return TRUE;

  counters->bytes = 2 * n * sizeof *counters->n_low;
  counters->n_low = recon_host_memory_new (counters->bytes, error);
  if (counters->n_low == NULL)
    return FALSE;
  counters->n_odd = counters->n_low + n;
  memset (counters->n_low, 0, counters->bytes);
  counters->buffer = recon_device_wrap (recon_step_get_device (RECON_STEP (self)), counters->n_low, counters->bytes,
                                        TRUE, error);

  return counters->buffer != NULL;
}

/* Which pixels of one of the block's rows can't be used; tells the counts of that. Returns: how many */
static guint
mark_row (ReconFlatField    *self,
          const ReconBlock  *block,
          const Counters    *counters,
          guint              row,
          guint8            *states)
{
  const guint width = block->shape.width;
  const gsize first = (gsize) row * width;
  const float *dark = block->dark != NULL ? block->dark + first : NULL;
  const guint *n_low = counters->buffer != NULL ? counters->n_low + first : NULL;
  const guint *n_odd = counters->buffer != NULL ? counters->n_odd + first : NULL;
  guint n = 0;

  memset (states, RECON_PIXEL_USABLE, width);
  if (self->settings.correct)
    n = recon_dead_pixels_mark_flats (dark, block->flat + first, self->settings.dark_scale, width, states);
  if (self->settings.correct && block->flat_after != NULL && self->positions != NULL)
    n = recon_dead_pixels_mark_flats (dark, block->flat_after + first, self->settings.dark_scale, width, states);

  if (counters->buffer != NULL)
    n = recon_dead_pixels_mark_data (n_low, n_odd, block->shape.height, width, states);
  if (self->settings.transmissions != NULL)
    {
      const ReconTransmissionsRow told = { block->first + row, block->shape.height, states, n_low, n_odd };

      recon_transmissions_add (self->settings.transmissions, &told);
    }

  return n;
}

static gboolean
launch_bridges (ReconFlatField    *self,
                const ReconBlock  *block,
                GArray            *bridges,
                cl_mem             data,
                GCancellable      *cancellable,
                GError           **error)
{
  ReconDevice *device = recon_step_get_device (RECON_STEP (self));
  const cl_uint n_bridges = bridges->len;
  const cl_uint width = block->shape.width;
  const cl_uint n_padded = block->n_padded;
  g_auto (ReconClMem) table = recon_device_new_table (device, bridges->data, bridges->len * sizeof (ReconPixelBridge),
                                                      error);
  const ReconClArgument arguments[] = {
    RECON_CL_ARGUMENT (data),     RECON_CL_ARGUMENT (table), RECON_CL_ARGUMENT (n_bridges),
    RECON_CL_ARGUMENT (width),    RECON_CL_ARGUMENT (n_padded),
  };

  return table != NULL && recon_cl_set_arguments (self->bridge, 0, G_N_ELEMENTS (arguments), arguments, error) &&
         launch_all (self, self->bridge, BRIDGE_FIRST_ANGLE, block, n_bridges, 0, cancellable, error);
}

/* Looks at what the block's pixels have met with, and bridges those that can't be used. */
static gboolean
bridge_dead_pixels (ReconFlatField    *self,
                    const ReconBlock  *block,
                    Counters          *counters,
                    cl_mem             data,
                    GCancellable      *cancellable,
                    GError           **error)
{
  g_autofree guint8 *states = g_new (guint8, block->shape.width);
  g_autoptr (GArray) bridges = g_array_new (FALSE, FALSE, sizeof (ReconPixelBridge));

  if (counters->buffer != NULL &&
      !recon_device_fetch (recon_step_get_device (RECON_STEP (self)), counters->buffer, counters->n_low,
                           counters->bytes, error))
    return FALSE;

  for (guint i = 0; i < block->n; i++)
    if (mark_row (self, block, counters, i, states) > 0 && self->settings.fix_nan_inf)
      recon_dead_pixels_add_bridges (states, i, block->shape.width, bridges);

  return bridges->len == 0 || launch_bridges (self, block, bridges, data, cancellable, error);
}

static gboolean
recon_flat_field_process (ReconStep         *step,
                          const ReconBlock  *block,
                          cl_mem             input,
                          cl_mem             output,
                          GCancellable      *cancellable,
                          GError           **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (step);
  ReconDevice *device = recon_step_get_device (step);
  g_auto (ReconClMem) dark = NULL;
  g_auto (ReconClMem) flat = NULL;
  g_auto (ReconClMem) flat_after = NULL;
  g_auto (Counters) counters = { 0 };

  if (!self->settings.correct && !self->settings.absorptivity && !self->settings.fix_nan_inf)
    return TRUE;

  if (wrap_references (self, block, &dark, &flat, &flat_after, error) &&
      prepare_counters (self, block, &counters, error) &&
      set_arguments (self, block, input, dark, flat, flat_after, counters.buffer, error) &&
      launch_all (self, self->kernel, FIRST_ANGLE, block, block->shape.width, block->n, cancellable, error) &&
      bridge_dead_pixels (self, block, &counters, input, cancellable, error))
    return TRUE;

  /* The references may still be on their way to the device; the block's owner may free them. */
  recon_device_wait (device, NULL);

  return FALSE;
}

static void
recon_flat_field_class_init (ReconFlatFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconStepClass *step_class = RECON_STEP_CLASS (klass);

  object_class->finalize = recon_flat_field_finalize;

  step_class->name = "flat-field";
  step_class->requisition = recon_flat_field_requisition;
  step_class->prepare = recon_flat_field_prepare;
  step_class->process = recon_flat_field_process;
}

static void
recon_flat_field_init (ReconFlatField *self)
{
}

/**
 * recon_flat_field_new:
 * @settings: how to correct; copied
 *
 * Creates the step that turns raw counts into transmission or absorptivity, in place:
 *
 *     t = (p - dark_scale · dark) / (flat - dark_scale · dark)
 *     value = -log (max (t, clip_minimum))
 *
 * The flat is interpolated between the block's flat and flat_after by the projection's position where there are both
 * positions and a flat after. A missing dark counts as 0. With correct off p itself is the transmission, with
 * absorptivity off the value is t, unclipped.
 *
 * Pixels that can't be used for want of a flat (see recon_dead_pixels_mark_flats()), or because their transmissions are
 * impossible in nearly all projections (see recon_dead_pixels_mark_data()), get values on the line between those of the
 * nearest usable pixels in the row, if fix_nan_inf is on. With it the value is 0 where t is not finite otherwise, as in
 * a row without any usable pixel. Without it nothing is bridged, and what isn't finite stays so.
 *
 * Input: counts or sinograms, angles × slices × width; output: sinograms of the same shape. Besides its table the step
 * uses device memory for the block's references and counters while it processes a block, 5 lines per slice at most.
 *
 * Returns: (transfer full): a new step
 */
ReconStep *
recon_flat_field_new (const ReconFlatFieldSettings *settings)
{
  ReconFlatField *self;

  g_return_val_if_fail (settings != NULL, NULL);
  g_return_val_if_fail (!settings->absorptivity || settings->clip_minimum > 0, NULL);

  self = g_object_new (RECON_TYPE_FLAT_FIELD, NULL);
  self->settings = *settings;
  self->positions = g_memdup2 (settings->positions, settings->n_angles * sizeof *settings->positions);
  self->settings.positions = self->positions;
  if (self->settings.transmissions != NULL)
    recon_transmissions_ref (self->settings.transmissions);

  return RECON_STEP (self);
}

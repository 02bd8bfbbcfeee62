/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/infos.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "tasks/block.h"
#include "tasks/dead-pixels.h"
#include "tasks/transmissions.h"

/* Counts become transmission, (p - d) / (f - d), and that absorptivity, its negative logarithm. */

/* The places of the rows. */
enum
{
  ROW_CORRECT,
  ROW_METHOD,
  ROW_ABSORPTIVITY,
  ROW_FIX_NAN_INF,
  ROW_INTERPOLATE,
  ROW_DARK_SCALE,
  ROW_CLIP_MINIMUM,
};

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

static const ReconParameterSection section = {
  .name = "flat-field",
  .title = N_ ("Flat-Field Correction"),
  .more = N_ ("More Correction Settings"),
  .task = "flat-field",
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
};

enum
{
  INPUT_PROJECTIONS,
  INPUT_DARK,
  INPUT_FLAT,
  INPUT_FLAT_AFTER,
};

static const ReconPort inputs[] = {
  { "projections", RECON_PORT_NONE, N_ ("Counts, angle × row × column") },
  { "dark", RECON_PORT_OPTIONAL, N_ ("Counts without light, row × column") },
  { "flat", RECON_PORT_OPTIONAL, N_ ("Counts without sample, row × column") },
  { "flat-after", RECON_PORT_OPTIONAL, N_ ("The same after the projections") },
  { NULL },
};

/* A pixel is corrected by what was met in all of its projections, and bridged from its row. */
static const ReconPort outputs[] = {
  { "projections", RECON_PORT_NONE, N_ ("Transmission or absorptivity, angle × row × column"),
    RECON_AXIS (0) | RECON_AXIS (2) },
  { NULL },
};

const ReconTaskInfo recon_flat_field_info = {
  .name = "flat-field",
  .title = N_ ("Flat-field correction"),
  .summary = N_ ("Divide by the flat field after subtracting the dark, and take the negative logarithm"),
  .source = "-ln ((p - d) / (f - d)), Beer-Lambert law; Kak and Slaney 1988, section 4.1",
  .flags = RECON_TASK_IN_PLACE,
  .inputs = inputs,
  .outputs = outputs,
  .section = &section,
  .version = 1,
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

#define RECON_TYPE_FLAT_FIELD (recon_flat_field_get_type ())
G_DECLARE_FINAL_TYPE (ReconFlatField, recon_flat_field, RECON, FLAT_FIELD, ReconTask)

struct _ReconFlatField
{
  ReconTask parent_instance;

  gboolean            correct;       /* decided when the shapes are known */
  gboolean            absorptivity;
  ReconTransmissions *transmissions; /* (nullable): what it has met with, on all devices */

  gboolean            gpu;
  cl_kernel           kernel;
  cl_kernel           bridge;
  cl_mem              positions_table; /* of each angle: the weight of the flat after; zeros without positions */
};

static void
drop_prepared (ReconFlatField *self)
{
  g_clear_pointer (&self->kernel, clReleaseKernel);
  g_clear_pointer (&self->bridge, clReleaseKernel);
  g_clear_pointer (&self->positions_table, clReleaseMemObject);
}

static void
recon_flat_field_clear (ReconTask *task)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task);

  drop_prepared (self);
  g_clear_pointer (&self->transmissions, recon_transmissions_unref);
}

/* Darks and flats are images of the projections' size. */
static gboolean
check_reference (const ReconArrayInfo  *projections,
                 const ReconArrayInfo  *reference,
                 guint                  port,
                 GError               **error)
{
  g_autofree char *given = NULL;

  if (reference == NULL ||
      (recon_array_info_has_axes (reference, "row", "column", NULL) && reference->type == RECON_ARRAY_FLOAT32 &&
       reference->axes[0].size == projections->axes[1].size && reference->axes[1].size == projections->axes[2].size))
    return TRUE;

  given = recon_array_info_describe (reference);
  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("The %s is %s, but the projections need float32, row %" G_GUINT64_FORMAT " × column %"
                  G_GUINT64_FORMAT ". Connect one of their size, or none."),
               inputs[port].name, given, projections->axes[1].size, projections->axes[2].size);
  return FALSE;
}

static gboolean
check_positions (const ReconArrayInfo  *projections,
                 GError               **error)
{
  const ReconGeometry *geometry = projections->geometry;

  if (geometry == NULL || geometry->flat_positions == NULL || geometry->n_angles == projections->axes[0].size)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("There are %u positions, but %" G_GUINT64_FORMAT " projections."), geometry->n_angles,
               projections->axes[0].size);
  return FALSE;
}

/* A value that is left to the program. */
static gboolean
get_boolean (ReconTask *task,
             guint      row,
             gboolean   automatic)
{
  return recon_task_get_value (task, row)->word != NULL ? automatic : recon_task_get_value (task, row)->boolean;
}

static gboolean
recon_flat_field_shape (ReconTask              *task,
                        const ReconArrayInfo  **given,
                        ReconArrayInfo         *made,
                        ReconLog               *log,
                        GError                **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task);
  const ReconArrayInfo *projections = given[INPUT_PROJECTIONS];

  if (!recon_task_check_input (task, INPUT_PROJECTIONS, RECON_ARRAY_FLOAT32, error, "angle", "row", "column", NULL) ||
      !check_positions (projections, error))
    return FALSE;
  for (guint port = INPUT_DARK; port <= INPUT_FLAT_AFTER; port++)
    if (!check_reference (projections, given[port], port, error))
      return FALSE;

  self->correct = get_boolean (task, ROW_CORRECT, given[INPUT_FLAT] != NULL);
  self->absorptivity = get_boolean (task, ROW_ABSORPTIVITY, self->correct);
  if (self->correct && given[INPUT_FLAT] == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("Flat-field correction is on, but there are no flats. Give flats, or switch it off by "
                      "flat-field.correct = no."));
      return FALSE;
    }

  g_clear_pointer (&self->transmissions, recon_transmissions_unref);
  self->transmissions = recon_transmissions_new ((guint) projections->axes[2].size,
                                                 recon_task_get_value (task, ROW_CLIP_MINIMUM)->number,
                                                 recon_task_get_value (task, ROW_FIX_NAN_INF)->boolean);
  recon_array_info_copy (&made[0], projections);

  return TRUE;
}

static void
recon_flat_field_demand (ReconTask         *task,
                         guint              output,
                         const ReconRegion *wanted,
                         guint              input,
                         ReconRegion       *needed)
{
  if (input == INPUT_PROJECTIONS)
    *needed = *wanted;
  else
    *needed = (ReconRegion) { 2, { { wanted->axes[1].first, wanted->axes[1].n },
                                   { wanted->axes[2].first, wanted->axes[2].n } } };
}

static gboolean
recon_flat_field_need (ReconTask              *task,
                       const ReconDeviceInfo  *device,
                       guint                   lanes,
                       ReconTaskNeed          *need,
                       GError                **error)
{
  need->device_bytes = recon_task_get_input (task, INPUT_PROJECTIONS)->axes[0].size * sizeof (float);

  return TRUE;
}

static const float *
get_positions (ReconFlatField *self)
{
  const ReconGeometry *geometry = recon_task_get_input (RECON_TASK (self), INPUT_PROJECTIONS)->geometry;

  return geometry != NULL && recon_task_get_input (RECON_TASK (self), INPUT_FLAT_AFTER) != NULL
           ? geometry->flat_positions : NULL;
}

static gboolean
recon_flat_field_prepare (ReconTask    *task,
                          ReconDevice  *device,
                          guint         lanes,
                          GError      **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task);
  const guint n_angles = (guint) recon_task_get_input (task, INPUT_PROJECTIONS)->axes[0].size;
  g_autofree char *options = NULL;
  g_autofree float *positions = g_try_new0 (float, n_angles);

  drop_prepared (self);

  if (positions == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("No memory for a table of %u angles."), n_angles);
      return FALSE;
    }
  if (get_positions (self) != NULL)
    memcpy (positions, get_positions (self), n_angles * sizeof *positions);

  self->positions_table = recon_device_new_table (device, positions, n_angles * sizeof *positions, error);
  if (self->positions_table == NULL)
    return FALSE;

  self->gpu = recon_device_get_info (device)->likes_small_items;
  options = g_strdup_printf ("-DVECTOR=%d", self->gpu ? 1 : CPU_VECTOR);
  self->kernel = recon_device_kernel (device, "flat-field.cl", "flat_field", options, error);
  if (self->kernel == NULL)
    return FALSE;
  self->bridge = recon_device_kernel (device, "flat-field.cl", "bridge", options, error);

  return self->bridge != NULL;
}

/* What comes to a block of rows, and the counts of what its pixels meet with. */
typedef struct
{
  ReconBlock   size;
  guint        first_row;
  ReconArray **arrays; /* the inputs */
  const float *dark;   /* (nullable): n × width, on the host */
  const float *flat;   /* (nullable) */
  const float *flat_after; /* (nullable) */
} Rows;

static gboolean
read_reference (ReconArray   *array,
                const float **values,
                GError      **error)
{
  if (array == NULL)
    return TRUE;
  *values = recon_array_read (array, error);

  return *values != NULL;
}

static gboolean
read_references (ReconFlatField  *self,
                 ReconArray     **arrays,
                 Rows            *block,
                 GError         **error)
{
  *block = (Rows) { .size = recon_block_of (arrays[INPUT_PROJECTIONS]), .arrays = arrays };
  block->first_row = (guint) recon_array_get_region (arrays[INPUT_PROJECTIONS])->axes[1].first;

  return !self->correct ||
         (read_reference (arrays[INPUT_DARK], &block->dark, error) &&
          read_reference (arrays[INPUT_FLAT], &block->flat, error) &&
          (get_positions (self) == NULL || read_reference (arrays[INPUT_FLAT_AFTER], &block->flat_after, error)));
}

/* A reference as a buffer; %NULL for an absent one. */
static gboolean
send_reference (ReconFlatField  *self,
                const float     *values,
                ReconArray      *array,
                cl_mem          *buffer,
                GError         **error)
{
  *buffer = NULL;
  if (values == NULL)
    return TRUE;
  *buffer = recon_array_read_on (array, recon_task_get_device (RECON_TASK (self)), error);

  return *buffer != NULL;
}

static gboolean
set_arguments (ReconFlatField  *self,
               const Rows      *block,
               cl_mem           data,
               cl_mem           counters,
               GError         **error)
{
  ReconTask *task = RECON_TASK (self);
  const cl_float dark_scale = (float) recon_task_get_value (task, ROW_DARK_SCALE)->number;
  const cl_float clip_minimum = (float) recon_task_get_value (task, ROW_CLIP_MINIMUM)->number;
  const cl_uint width = block->size.width;
  const cl_uint n_padded = block->size.n_padded;
  cl_mem dark, flat, flat_after;

  if (!send_reference (self, block->dark, block->arrays[INPUT_DARK], &dark, error) ||
      !send_reference (self, block->flat, block->arrays[INPUT_FLAT], &flat, error) ||
      !send_reference (self, block->flat_after, block->arrays[INPUT_FLAT_AFTER], &flat_after, error))
    return FALSE;

  {
    const cl_uint flags = (self->correct ? CORRECT : 0) |
                          (dark != NULL ? HAS_DARK : 0) |
                          (flat_after != NULL ? HAS_AFTER : 0) |
                          (self->absorptivity ? ABSORPTIVITY : 0) |
                          (recon_task_get_value (task, ROW_FIX_NAN_INF)->boolean ? FIX_NAN_INF : 0) |
                          (counters != NULL ? COUNT : 0);
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
}

/* @items: wanted along the first dimension; processors take them all in one. @middle: size of the one in the middle, or
 * 0 for none. The last dimension are the angles. */
static gboolean
launch_all (ReconFlatField    *self,
            cl_kernel          kernel,
            guint              last_argument,
            const Rows        *block,
            guint              items,
            guint              middle,
            GCancellable      *cancellable,
            GError           **error)
{
  ReconDevice *device = recon_task_get_device (RECON_TASK (self));
  const guint n_dims = middle > 0 ? 3 : 2;
  const gsize local_size = self->gpu ? GPU_LOCAL_SIZE : 1;
  const gsize n_items = self->gpu ? items : 1;
  const gsize local[] = { local_size, 1, 1 };
  gsize global[] = { (n_items + local_size - 1) / local_size * local_size, middle, 1 };
  const guint64 samples = (guint64) items * MAX (middle, 1);
  const guint angles_per_launch = (guint) CLAMP (SAMPLES_PER_LAUNCH / samples, 1, block->size.n_angles);

  for (guint first = 0; first < block->size.n_angles; first += angles_per_launch)
    {
      const cl_uint first_angle = first;
      const ReconClArgument argument = RECON_CL_ARGUMENT (first_angle);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      global[n_dims - 1] = MIN (angles_per_launch, block->size.n_angles - first);
      if (!recon_cl_set_arguments (kernel, last_argument, 1, &argument, error) ||
          !recon_device_launch (device, kernel, n_dims, global, local, error) || !recon_device_wait (device, error))
        return FALSE;
      recon_device_tell_progress (device, (first + (double) global[2]) / block->size.n_angles);
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
                  const Rows        *block,
                  Counters          *counters,
                  GError           **error)
{
  const gsize n = (gsize) block->size.n * block->size.width;

  if (!self->absorptivity)
    return TRUE;

  counters->bytes = 2 * n * sizeof *counters->n_low;
  counters->n_low = recon_host_memory_new (counters->bytes, error);
  if (counters->n_low == NULL)
    return FALSE;
  counters->n_odd = counters->n_low + n;
  memset (counters->n_low, 0, counters->bytes);
  counters->buffer = recon_device_wrap (recon_task_get_device (RECON_TASK (self)), counters->n_low, counters->bytes,
                                        TRUE, error);

  return counters->buffer != NULL;
}

/* Which pixels of one of the block's rows can't be used; adds up what that is based on. Returns: how many */
static guint
mark_row (ReconFlatField *self,
          const Rows     *block,
          const Counters *counters,
          guint           row,
          guint8         *states)
{
  const double dark_scale = recon_task_get_value (RECON_TASK (self), ROW_DARK_SCALE)->number;
  const guint width = block->size.width;
  const gsize first = (gsize) row * width;
  const float *dark = block->dark != NULL ? block->dark + first : NULL;
  const guint *n_low = counters->buffer != NULL ? counters->n_low + first : NULL;
  const guint *n_odd = counters->buffer != NULL ? counters->n_odd + first : NULL;
  const ReconTransmissionsRow met = { block->first_row + row, block->size.n_angles, states, n_low, n_odd };
  guint n = 0;

  memset (states, RECON_PIXEL_USABLE, width);
  if (self->correct)
    n = recon_dead_pixels_mark_flats (dark, block->flat + first, dark_scale, width, states);
  if (self->correct && block->flat_after != NULL)
    n = recon_dead_pixels_mark_flats (dark, block->flat_after + first, dark_scale, width, states);

  if (counters->buffer != NULL)
    n = recon_dead_pixels_mark_data (n_low, n_odd, block->size.n_angles, width, states);
  recon_transmissions_add (self->transmissions, &met);

  return n;
}

static gboolean
launch_bridges (ReconFlatField  *self,
                const Rows      *block,
                GArray          *bridges,
                cl_mem           data,
                GCancellable    *cancellable,
                GError         **error)
{
  ReconDevice *device = recon_task_get_device (RECON_TASK (self));
  const cl_uint n_bridges = bridges->len;
  const cl_uint width = block->size.width;
  const cl_uint n_padded = block->size.n_padded;
  g_auto (ReconClMem) table = recon_device_new_table (device, bridges->data, bridges->len * sizeof (ReconPixelBridge),
                                                      error);
  const ReconClArgument arguments[] = {
    RECON_CL_ARGUMENT (data),     RECON_CL_ARGUMENT (table), RECON_CL_ARGUMENT (n_bridges),
    RECON_CL_ARGUMENT (width),    RECON_CL_ARGUMENT (n_padded),
  };

  return table != NULL && recon_cl_set_arguments (self->bridge, 0, G_N_ELEMENTS (arguments), arguments, error) &&
         launch_all (self, self->bridge, BRIDGE_FIRST_ANGLE, block, n_bridges, 0, cancellable, error);
}

/* Sees what the block's pixels have met with, and bridges those that can't be used. */
static gboolean
bridge_dead_pixels (ReconFlatField  *self,
                    const Rows      *block,
                    Counters        *counters,
                    cl_mem           data,
                    GCancellable    *cancellable,
                    GError         **error)
{
  const gboolean fixes = recon_task_get_value (RECON_TASK (self), ROW_FIX_NAN_INF)->boolean;
  g_autofree guint8 *states = g_new (guint8, block->size.width);
  g_autoptr (GArray) bridges = g_array_new (FALSE, FALSE, sizeof (ReconPixelBridge));

  if (counters->buffer != NULL &&
      !recon_device_fetch (recon_task_get_device (RECON_TASK (self)), counters->buffer, counters->n_low,
                           counters->bytes, error))
    return FALSE;

  for (guint i = 0; i < block->size.n; i++)
    if (mark_row (self, block, counters, i, states) > 0 && fixes)
      recon_dead_pixels_add_bridges (states, i, block->size.width, bridges);

  return bridges->len == 0 || launch_bridges (self, block, bridges, data, cancellable, error);
}

static gboolean
recon_flat_field_process (ReconTask     *task,
                          ReconArray   **given,
                          ReconArray   **made,
                          GCancellable  *cancellable,
                          GError       **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task);
  ReconDevice *device = recon_task_get_device (task);
  g_auto (Counters) counters = { 0 };
  cl_mem data;
  Rows block;

  if (!self->correct && !self->absorptivity && !recon_task_get_value (task, ROW_FIX_NAN_INF)->boolean)
    return TRUE;

  data = recon_array_read_on (given[INPUT_PROJECTIONS], device, error);
  if (data == NULL || recon_array_write_on (made[0], device, error) == NULL ||
      !read_references (self, given, &block, error))
    return FALSE;

  if (prepare_counters (self, &block, &counters, error) &&
      set_arguments (self, &block, data, counters.buffer, error) &&
      launch_all (self, self->kernel, FIRST_ANGLE, &block, block.size.width, block.size.n, cancellable, error) &&
      bridge_dead_pixels (self, &block, &counters, data, cancellable, error))
    return TRUE;

  /* The counters may be in use until here. */
  recon_device_wait (device, NULL);

  return FALSE;
}

static void
recon_flat_field_copy (ReconTask *task,
                       ReconTask *source)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task), *other = RECON_FLAT_FIELD (source);

  self->correct = other->correct;
  self->absorptivity = other->absorptivity;
  self->transmissions = recon_transmissions_ref (other->transmissions);
}

static gboolean
recon_flat_field_report (ReconTask  *task,
                         ReconLog   *log,
                         GError    **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task);
  const ReconGeometry *geometry = recon_task_get_input (task, INPUT_PROJECTIONS)->geometry;
  g_autofree char *pixels = NULL;
  g_autofree char *values = NULL;

  if (geometry == NULL)
    return TRUE;

  pixels = recon_transmissions_describe_pixels (self->transmissions, geometry);
  values = recon_transmissions_describe_values (self->transmissions, geometry);
  if (pixels != NULL)
    recon_log_warning (log, "In the rows that were reconstructed, %s", pixels);
  if (values != NULL && recon_transmissions_get_share (self->transmissions) >= RECON_FEW_TRANSMISSIONS)
    recon_log_warning (log, "In the rows that were reconstructed, %s", values);
  else if (values != NULL)
    recon_log_info (log, "In the rows that were reconstructed, %s", values);

  return TRUE;
}

/**
 * ReconFlatField:
 *
 * Turns raw counts into transmission or absorptivity, in place:
 *
 *     t = (p - dark_scale · dark) / (flat - dark_scale · dark)
 *     value = -log (max (t, clip_minimum))
 *
 * The flat is interpolated between flat and flat-after by the projection's position where there are both positions and
 * a flat after. A missing dark counts as 0. With correct off p itself is the transmission, with absorptivity off the
 * value is t, unclipped.
 *
 * Pixels that can't be used for want of a flat (see recon_dead_pixels_mark_flats()), or because their transmissions are
 * impossible in nearly all projections (see recon_dead_pixels_mark_data()), get values on the line between those of the
 * nearest usable pixels in the row, if fix-nan-inf is on. With it the value is 0 where t is not finite otherwise, as in
 * a row without any usable pixel. Without it nothing is bridged, and what isn't finite stays so.
 *
 * Besides its table it uses device memory for the references and counters of a block, 5 lines per row at most.
 */
RECON_DEFINE_TASK (ReconFlatField, recon_flat_field, RECON_TYPE_TASK,
  klass->clear = recon_flat_field_clear;
  klass->shape = recon_flat_field_shape;
  klass->demand = recon_flat_field_demand;
  klass->need = recon_flat_field_need;
  klass->prepare = recon_flat_field_prepare;
  klass->process = recon_flat_field_process;
  klass->copy = recon_flat_field_copy;
  klass->report = recon_flat_field_report;)

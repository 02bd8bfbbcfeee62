/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/backproject.h"

#include <math.h>
#include <stdlib.h>

#include <glib/gi18n-lib.h>

#include "error.h"

/* One size for all slices and regions, so that all are computed by the same machine code. */
#define LOCAL_X 8
#define LOCAL_Y 8

/* Pixels × angles of one launch: some tenths of a second on two cores, milliseconds on a GPU. Between launches the
 * user's wish to stop is heeded; drivers that watch for hung kernels are kept content. */
#define UPDATES_PER_LAUNCH (G_GUINT64_CONSTANT (1) << 28)

/* The kernel's last two arguments. */
#define FIRST_ROW 12

struct _ReconBackproject
{
  ReconStep parent_instance;

  ReconBackprojectSettings  settings;
  double                   *angles;
  double                   *weights;

  cl_kernel                 kernel;
  cl_mem                    table; /* n_angles × (cos, sin, weight, 0) */
};

G_DEFINE_FINAL_TYPE (ReconBackproject, recon_backproject, RECON_TYPE_STEP)

static void
drop_prepared (ReconBackproject *self)
{
  g_clear_pointer (&self->kernel, clReleaseKernel);
  g_clear_pointer (&self->table, clReleaseMemObject);
}

static void
recon_backproject_finalize (GObject *object)
{
  ReconBackproject *self = RECON_BACKPROJECT (object);

  drop_prepared (self);
  g_free (self->angles);
  g_free (self->weights);

  G_OBJECT_CLASS (recon_backproject_parent_class)->finalize (object);
}

static gboolean
recon_backproject_requisition (ReconStep         *step,
                               const ReconShape  *input,
                               ReconRequisition  *need,
                               GError           **error)
{
  ReconBackproject *self = RECON_BACKPROJECT (step);
  const ReconBackprojectSettings *settings = &self->settings;

  g_return_val_if_fail (input->kind != RECON_DATA_SLICES, FALSE);

  if (input->height != settings->n_angles)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("There are %u angles, but %u projections."),
                   settings->n_angles, input->height);
      return FALSE;
    }

  for (guint i = 0; i < settings->n_angles; i++)
    if (!isfinite (self->angles[i]) || !isfinite (self->weights[i]))
      {
        g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("The angle of projection %u is not a number."), i);
        return FALSE;
      }

  if (settings->width == 0 || settings->height == 0 ||
      settings->x0 >= input->width || settings->width > input->width - settings->x0 ||
      settings->y0 >= input->width || settings->height > input->width - settings->y0)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("The region %u,%u,%u,%u (x0,y0,width,height) is not inside the slice of %u × %u pixels. Choose "
                      "another one by reconstruction.roi, or all."),
                   settings->x0, settings->y0, settings->width, settings->height, input->width, input->width);
      return FALSE;
    }

  need->output = (ReconShape) { RECON_DATA_SLICES, settings->height, settings->width };
  need->in_place = FALSE;
  need->device_bytes = settings->n_angles * sizeof (cl_float4);

  return TRUE;
}

static gboolean
recon_backproject_prepare (ReconStep         *step,
                           ReconDevice       *device,
                           const ReconShape  *input,
                           GError           **error)
{
  ReconBackproject *self = RECON_BACKPROJECT (step);
  const guint n = self->settings.n_angles;
  g_autofree cl_float4 *table = g_try_new0 (cl_float4, n);

  drop_prepared (self);

  if (table == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("No memory for a table of %u angles."), n);
      return FALSE;
    }

  for (guint i = 0; i < n; i++)
    {
      table[i].s[0] = (float) cos (self->angles[i]);
      table[i].s[1] = (float) sin (self->angles[i]);
      table[i].s[2] = (float) (self->weights[i] * self->settings.scale);
    }

  self->table = recon_device_new_table (device, table, n * sizeof *table, error);
  if (self->table == NULL)
    return FALSE;

  self->kernel = recon_device_kernel (device, "backproject.cl", "backproject", NULL, error);

  return self->kernel != NULL;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return (first > second) - (first < second);
}

/* The angles' range: a full turn less the widest gap between neighbours on the circle. */
static double
get_covered_angle (ReconBackproject *self)
{
  const guint n = self->settings.n_angles;
  g_autofree double *sorted = g_new (double, n);
  double gap;

  for (guint i = 0; i < n; i++)
    sorted[i] = self->angles[i] - 2 * G_PI * floor (self->angles[i] / (2 * G_PI));
  qsort (sorted, n, sizeof *sorted, compare_doubles);

  gap = sorted[0] + 2 * G_PI - sorted[n - 1];
  for (guint i = 1; i < n; i++)
    gap = MAX (gap, sorted[i] - sorted[i - 1]);

  return 2 * G_PI - gap;
}

/* Square of the circle's radius, infinite where there is no circle. Points at the distance s from the axis are seen
 * at all angles if s reaches to neither end of the detector, and by one of each two opposite projections if it reaches
 * to one end only. */
static float
get_radius_squared (ReconBackproject *self,
                    guint             detector_width)
{
  const double left = self->settings.axis;
  const double right = detector_width - 1 - self->settings.axis;
  double radius;

  if (!self->settings.circle || left < 0 || right < 0)
    return INFINITY;

  radius = get_covered_angle (self) > 181 * G_PI / 180 ? MAX (left, right) : MIN (left, right);

  return (float) (radius * radius);
}

static gboolean
set_arguments (ReconBackproject  *self,
               const ReconBlock  *block,
               cl_mem             input,
               cl_mem             output,
               GError           **error)
{
  const ReconBackprojectSettings *settings = &self->settings;
  const cl_uint n_angles = settings->n_angles;
  const cl_uint detector_width = block->shape.width;
  const cl_float axis = (float) settings->axis;
  const cl_float radius_squared = get_radius_squared (self, detector_width);
  const cl_uint x0 = settings->x0;
  const cl_uint y0 = settings->y0;
  const cl_uint width = settings->width;
  const cl_uint height = settings->height;
  const cl_uint end_row = settings->height;
  const ReconClArgument arguments[] = {
    RECON_CL_ARGUMENT (input),
    RECON_CL_ARGUMENT (output),
    RECON_CL_ARGUMENT (self->table),
    RECON_CL_ARGUMENT (n_angles),
    RECON_CL_ARGUMENT (detector_width),
    RECON_CL_ARGUMENT (axis),
    RECON_CL_ARGUMENT (radius_squared),
    RECON_CL_ARGUMENT (x0),
    RECON_CL_ARGUMENT (y0),
    RECON_CL_ARGUMENT (width),
    RECON_CL_ARGUMENT (height),
    RECON_CL_ARGUMENT (end_row),
  };

  return recon_cl_set_arguments (self->kernel, 0, G_N_ELEMENTS (arguments), arguments, error);
}

/* Makes some rows of some slices. */
static gboolean
launch_part (ReconBackproject  *self,
             guint              first_slice,
             guint              n_slices,
             guint              first_row,
             guint              n_rows,
             GError           **error)
{
  ReconDevice *device = recon_step_get_device (RECON_STEP (self));
  const cl_uint row = first_row;
  const cl_uint slice = first_slice;
  const ReconClArgument arguments[] = { RECON_CL_ARGUMENT (row), RECON_CL_ARGUMENT (slice) };
  const gsize local[] = { LOCAL_X, LOCAL_Y, 1 };
  const gsize global[] = {
    ((gsize) self->settings.width + LOCAL_X - 1) / LOCAL_X * LOCAL_X,
    ((gsize) n_rows + LOCAL_Y - 1) / LOCAL_Y * LOCAL_Y,
    n_slices,
  };

  return recon_cl_set_arguments (self->kernel, FIRST_ROW, G_N_ELEMENTS (arguments), arguments, error) &&
         recon_device_launch (device, self->kernel, 3, global, local, error) && recon_device_wait (device, error);
}

static gboolean
recon_backproject_process (ReconStep         *step,
                           const ReconBlock  *block,
                           cl_mem             input,
                           cl_mem             output,
                           GCancellable      *cancellable,
                           GError           **error)
{
  ReconBackproject *self = RECON_BACKPROJECT (step);
  const guint height = self->settings.height;
  const guint64 row_updates = (guint64) self->settings.width * self->settings.n_angles;
  const guint64 rows = MAX (UPDATES_PER_LAUNCH / row_updates, LOCAL_Y) / LOCAL_Y * LOCAL_Y;
  const guint n_rows = (guint) MIN (rows, height);
  const guint n_slices = (guint) CLAMP (rows / height, 1, block->n);

  g_return_val_if_fail (output != NULL, FALSE);

  if (!set_arguments (self, block, input, output, error))
    return FALSE;

  for (guint slice = 0; slice < block->n; slice += n_slices)
    for (guint row = 0; row < height; row += n_rows)
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !launch_part (self, slice, MIN (n_slices, block->n - slice), row, MIN (n_rows, height - row), error))
        return FALSE;

  return TRUE;
}

static void
recon_backproject_class_init (ReconBackprojectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconStepClass *step_class = RECON_STEP_CLASS (klass);

  object_class->finalize = recon_backproject_finalize;

  step_class->name = "backproject";
  step_class->requisition = recon_backproject_requisition;
  step_class->prepare = recon_backproject_prepare;
  step_class->process = recon_backproject_process;
}

static void
recon_backproject_init (ReconBackproject *self)
{
}

/**
 * recon_backproject_new:
 * @settings: geometry and region; copied
 *
 * Creates the step that backprojects sinograms into slices. The pixel at row r, column c of the full W × W slice, W
 * columns of the sinogram, is
 *
 *     scale · Σ weightᵢ · qᵢ (x cos θᵢ + y sin θᵢ + axis),   x = c - (W-1)/2,  y = r - (W-1)/2
 *
 * with linear interpolation between the columns of qᵢ, which count from 0, and 0 where there are none. Of the full
 * slice the region x0, y0, width, height is made; its pixels are bit for bit those of the full slice, in blocks of any
 * size.
 *
 * With circle, pixels are 0 whose distance from the slice's middle is more than the distance of the axis to the
 * nearer end of the detector (its first or last column's centre); where the angles cover more than 181 degrees, to the
 * farther end, as opposite projections complete each other. Where the axis is not on the detector no circle is cut.
 *
 * Input: sinograms, angles × W; output: slices, height × width, in a second buffer.
 *
 * Returns: (transfer full): a new step
 */
ReconStep *
recon_backproject_new (const ReconBackprojectSettings *settings)
{
  ReconBackproject *self;

  g_return_val_if_fail (settings != NULL, NULL);
  g_return_val_if_fail (settings->n_angles > 0 && settings->angles != NULL && settings->weights != NULL, NULL);

  self = g_object_new (RECON_TYPE_BACKPROJECT, NULL);
  self->settings = *settings;
  self->angles = g_memdup2 (settings->angles, settings->n_angles * sizeof *settings->angles);
  self->weights = g_memdup2 (settings->weights, settings->n_angles * sizeof *settings->weights);
  self->settings.angles = self->angles;
  self->settings.weights = self->weights;

  return RECON_STEP (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/backproject.h"

#include <math.h>
#include <stdlib.h>

#include <glib/gi18n-lib.h>

#include "error.h"
#include "steps/backprojection.h"
#include "steps/register.h"

static const ReconParameterSpec rows[] = {
  { "roi", RECON_PARAMETER_BOX, "all", .words = RECON_WORDS ("all"), .maximum = G_MAXINT32, .unit = "px",
    .flags = RECON_PARAMETER_OF_SCAN | RECON_PARAMETER_SHORT | RECON_PARAMETER_ADVANCED,
    .title = N_ ("Region of the Slice"), .terms = N_ ("ROI, crop"),
    .help = N_ ("Part of the slice to reconstruct: x0,y0,width,height in pixels of the full slice") },
  { "circle", RECON_PARAMETER_BOOLEAN, "no", .flags = RECON_PARAMETER_SHORT | RECON_PARAMETER_ADVANCED,
    .title = N_ ("Only the Circle"),
    .help = N_ ("Set pixels outside the circle that every projection sees to 0") },
  { "kernel", RECON_PARAMETER_CHOICE, "auto", .section = "compute", .words = RECON_WORDS ("auto"),
    .flags = RECON_PARAMETER_SHORT | RECON_PARAMETER_ADVANCED,
    .choices = RECON_WORDS ("plain", "direct", "merged"),
    .titles = RECON_WORDS (N_ ("Plain"), N_ ("Direct"), N_ ("Merged")),
    .title = N_ ("Backprojection"),
    .help = N_ ("Backprojection: merged adds up close angles first, direct none, plain is slow and for comparison") },
};

const ReconParameterSection recon_backproject_parameters = {
  .name = "reconstruction",
  .task = "backproject",
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
};

struct _ReconBackproject
{
  ReconStep parent_instance;

  ReconBackprojectSettings  settings;
  double                   *angles;
  double                   *weights;

  ReconAngleGroups         *groups;
  ReconAngleGroups         *gpu_groups;
  ReconBackprojection      *backprojection; /* (nullable): none before prepare */
};

G_DEFINE_FINAL_TYPE (ReconBackproject, recon_backproject, RECON_TYPE_STEP)

static void
drop_prepared (ReconBackproject *self)
{
  if (self->backprojection != NULL)
    self->backprojection->free (self->backprojection);
  self->backprojection = NULL;
}

static void
recon_backproject_finalize (GObject *object)
{
  ReconBackproject *self = RECON_BACKPROJECT (object);

  drop_prepared (self);
  g_clear_pointer (&self->groups, recon_angle_groups_free);
  g_clear_pointer (&self->gpu_groups, recon_angle_groups_free);
  g_free (self->angles);
  g_free (self->weights);

  G_OBJECT_CLASS (recon_backproject_parent_class)->finalize (object);
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
 * at all angles if s reaches to neither end of the detector, and by one of each two opposite projections if it
 * reaches to one end only. */
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

static ReconBackprojectGeometry
get_geometry (ReconBackproject *self,
              guint             detector_width,
              guint             lanes)
{
  return (ReconBackprojectGeometry) { &self->settings, detector_width, lanes,
                                      get_radius_squared (self, detector_width) };
}

static gboolean
is_gpu (ReconBackproject      *self,
        const ReconDeviceInfo *device)
{
  return recon_variant_choose (self->settings.variant, device) == RECON_VARIANT_GPU;
}

/* Tiles need two columns to interpolate between. */
static ReconKernel
choose_kernel (ReconBackproject      *self,
               const ReconDeviceInfo *device,
               guint                  detector_width)
{
  const ReconAngleGroups *groups = is_gpu (self, device) ? self->gpu_groups : self->groups;

  if (detector_width < 2)
    return RECON_KERNEL_PLAIN;

  if (self->settings.kernel != RECON_CHOICE_AUTO)
    return (ReconKernel) self->settings.kernel;

  return groups->pays ? RECON_KERNEL_MERGED : RECON_KERNEL_DIRECT;
}

/* Returns: (nullable): what is merged, if anything */
static const ReconAngleGroups *
get_groups (ReconBackproject      *self,
            const ReconDeviceInfo *device,
            guint                  detector_width)
{
  if (choose_kernel (self, device, detector_width) != RECON_KERNEL_MERGED)
    return NULL;

  return is_gpu (self, device) ? self->gpu_groups : self->groups;
}

static gboolean
recon_backproject_requisition (ReconStep              *step,
                               const ReconDeviceInfo  *device,
                               const ReconShape       *input,
                               guint                   lanes,
                               ReconRequisition       *need,
                               GError                **error)
{
  ReconBackproject *self = RECON_BACKPROJECT (step);
  const ReconBackprojectSettings *settings = &self->settings;
  ReconBackprojectGeometry geometry;

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
  geometry = get_geometry (self, input->width, lanes);
  if (choose_kernel (self, device, input->width) == RECON_KERNEL_PLAIN)
    need->device_bytes = settings->n_angles * sizeof (cl_float4);
  else if (is_gpu (self, device))
    need->device_bytes = recon_gpu_backprojection_get_bytes (&geometry, get_groups (self, device, input->width));
  else
    need->device_bytes =
        recon_tiled_backprojection_get_bytes (device, &geometry, get_groups (self, device, input->width));

  return TRUE;
}

static gboolean
recon_backproject_prepare (ReconStep         *step,
                           ReconDevice       *device,
                           const ReconShape  *input,
                           guint              lanes,
                           GError           **error)
{
  ReconBackproject *self = RECON_BACKPROJECT (step);
  const ReconDeviceInfo *info = recon_device_get_info (device);
  const ReconBackprojectGeometry geometry = get_geometry (self, input->width, lanes);

  drop_prepared (self);

  if (choose_kernel (self, info, input->width) == RECON_KERNEL_PLAIN)
    self->backprojection = recon_plain_backprojection_new (device, &geometry, error);
  else if (is_gpu (self, info))
    self->backprojection =
        recon_gpu_backprojection_new (device, &geometry, get_groups (self, info, input->width), error);
  else
    self->backprojection =
        recon_tiled_backprojection_new (device, &geometry, get_groups (self, info, input->width), error);

  return self->backprojection != NULL;
}

/**
 * recon_backprojection_new_table:
 * @device: where it is used
 * @geometry: the geometry
 * @projections: (nullable): the order of the projections; %NULL for their own
 * @error: return location
 *
 * Returns: (transfer full): cos θ, sin θ, the weight with the scale, and 0 of every projection; %NULL with
 *   #RECON_ERROR_MEMORY or #RECON_ERROR_DEVICE
 */
cl_mem
recon_backprojection_new_table (ReconDevice                     *device,
                                const ReconBackprojectGeometry  *geometry,
                                const guint                     *projections,
                                GError                         **error)
{
  const ReconBackprojectSettings *settings = geometry->settings;
  g_autofree cl_float4 *table = g_try_new0 (cl_float4, settings->n_angles);

  if (table == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("No memory for a table of %u angles."),
                   settings->n_angles);
      return NULL;
    }

  for (guint i = 0; i < settings->n_angles; i++)
    {
      const guint k = projections != NULL ? projections[i] : i;

      table[i].s[0] = (float) cos (settings->angles[k]);
      table[i].s[1] = (float) sin (settings->angles[k]);
      table[i].s[2] = (float) (settings->weights[k] * settings->scale);
    }

  return recon_device_new_table (device, table, settings->n_angles * sizeof *table, error);
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

  g_return_val_if_fail (output != NULL, FALSE);

  return self->backprojection->process (self->backprojection, block, input, output, cancellable, error);
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
 * with linear interpolation between the columns of qᵢ, which count from 0, and 0 beyond them. Unless the kernel is
 * the plain one, its sum is arranged so that it takes less time, and where the angles are close enough to each other
 * neighbouring projections are merged, see recon_angle_groups_new(). Of the full slice the region x0, y0, width,
 * height is made; its pixels are bit for bit those of the full slice, in blocks of any size.
 *
 * With circle, pixels are 0 whose distance from the slice's middle is more than the distance of the axis to the
 * nearer end of the detector (its first or last column's centre); where the angles cover more than 181 degrees, to
 * the farther end, as opposite projections complete each other. Where the axis is not on the detector no circle is
 * cut.
 *
 * Input: filtered sinograms, lanes innermost; output: slices, height × width, in a second buffer.
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
  self->groups = recon_angle_groups_new (self->angles, self->weights, settings->n_angles);
  self->gpu_groups =
      recon_angle_groups_new_for_tile (self->angles, self->weights, settings->n_angles, RECON_GPU_TILE);

  return RECON_STEP (self);
}

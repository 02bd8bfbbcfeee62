/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "config/choices.h"
#include "geometry/angles.h"
#include "tasks/backprojection.h"
#include "tasks/infos.h"

enum
{
  ROW_ROI,
  ROW_CIRCLE,
  ROW_KERNEL,
};

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

static const ReconParameterSection section = {
  .name = "reconstruction",
  .task = "backproject",
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
};

static const ReconPort inputs[] = {
  { "projections", RECON_PORT_INTERLEAVED, N_ ("Filtered sinograms, angle × row × column") },
  { NULL },
};

static const ReconPort outputs[] = {
  { "slices", RECON_PORT_NONE, N_ ("Slices, z × y × x, one for each row"), RECON_AXIS (1) | RECON_AXIS (2) },
  { NULL },
};

const ReconTaskInfo recon_backproject_info = {
  .name = "backproject",
  .title = N_ ("Backprojection"),
  .summary = N_ ("Add up filtered projections along parallel rays"),
  .source = "Kak and Slaney 1988, equation 33 of chapter 3",
  .flags = RECON_TASK_USES_GEOMETRY,
  .inputs = inputs,
  .outputs = outputs,
  .section = &section,
  .version = 1,
};

#define RECON_TYPE_BACKPROJECT (recon_backproject_get_type ())
G_DECLARE_FINAL_TYPE (ReconBackproject, recon_backproject, RECON, BACKPROJECT, ReconTask)

struct _ReconBackproject
{
  ReconTask                 parent_instance;

  ReconBackprojectSettings  settings; /* its angles and weights are those of the input's geometry */
  ReconAngleGroups         *groups;     /* (nullable): until they are needed */
  ReconAngleGroups         *gpu_groups; /* (nullable): likewise */
  ReconBackprojection      *backprojection; /* (nullable): none before prepare */
};

static void
drop_prepared (ReconBackproject *self)
{
  if (self->backprojection != NULL)
    self->backprojection->free (self->backprojection);
  self->backprojection = NULL;
}

static void
drop_groups (ReconBackproject *self)
{
  g_clear_pointer (&self->groups, recon_angle_groups_unref);
  g_clear_pointer (&self->gpu_groups, recon_angle_groups_unref);
}

static void
recon_backproject_clear (ReconTask *task)
{
  ReconBackproject *self = RECON_BACKPROJECT (task);

  drop_prepared (self);
  drop_groups (self);
}

/* Square of the circle's radius, infinite where there is no circle. Points at the distance s from the axis are seen
 * at all angles if s reaches to neither end of the detector, and by one of each two opposite projections if it
 * reaches to one end only. */
static float
get_radius_squared (ReconBackproject *self,
                    guint             detector_width)
{
  const ReconGeometry *from = self->settings.projections;
  const double left = from->axis, right = detector_width - 1 - from->axis;
  double radius;

  if (!recon_task_get_value (RECON_TASK (self), ROW_CIRCLE)->boolean || left < 0 || right < 0)
    return INFINITY;

  radius = recon_angles_get_range (from->angles, from->n_angles) > 181 * G_PI / 180 ? MAX (left, right)
                                                                                    : MIN (left, right);

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

/* Which projections may be merged, for a kind of kernels. */
static const ReconAngleGroups *
find_groups (ReconBackproject *self,
             gboolean          gpu)
{
  const ReconGeometry *from = self->settings.projections;

  if (gpu && self->gpu_groups == NULL)
    self->gpu_groups = recon_angle_groups_new_for_tile (from->angles, from->weights, from->n_angles, RECON_GPU_TILE);
  else if (!gpu && self->groups == NULL)
    self->groups = recon_angle_groups_new (from->angles, from->weights, from->n_angles);

  return gpu ? self->gpu_groups : self->groups;
}

/* Tiles need two columns to interpolate between. */
static ReconKernel
choose_kernel (ReconBackproject *self,
               gboolean          gpu,
               guint             detector_width)
{
  if (detector_width < 2)
    return RECON_KERNEL_PLAIN;

  if (recon_task_get_value (RECON_TASK (self), ROW_KERNEL)->word == NULL)
    return (ReconKernel) recon_task_get_value (RECON_TASK (self), ROW_KERNEL)->choice;

  return find_groups (self, gpu)->pays ? RECON_KERNEL_MERGED : RECON_KERNEL_DIRECT;
}

/* Returns: (nullable): what is merged, if anything */
static const ReconAngleGroups *
get_groups (ReconBackproject *self,
            gboolean          gpu,
            guint             detector_width)
{
  return choose_kernel (self, gpu, detector_width) == RECON_KERNEL_MERGED ? find_groups (self, gpu) : NULL;
}

static gboolean
check_angles (const ReconArrayInfo  *sinograms,
              GError               **error)
{
  const ReconGeometry *geometry = sinograms->geometry;
  const guint64 n = sinograms->axes[0].size;

  if (geometry == NULL || geometry->angles == NULL || isnan (geometry->axis))
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_INPUT,
                           _ ("Neither angles nor axis of the projections are known. Read them with a scan."));
      return FALSE;
    }
  if (n != geometry->n_angles)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("There are %u angles, but %" G_GUINT64_FORMAT " projections."), geometry->n_angles, n);
      return FALSE;
    }

  for (guint i = 0; i < n; i++)
    if (!isfinite (geometry->angles[i]) || !isfinite (geometry->weights[i]))
      {
        g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT, _ ("The angle of projection %u is not a number."), i);
        return FALSE;
      }

  return TRUE;
}

/* The part of the reduced slice that comes next to the region: at least a pixel. */
static void
reduce_range (guint   reduction,
              gint64  limit,
              gint64 *begin,
              gint64 *size)
{
  const gint64 end = (*begin + *size + reduction / 2) / reduction;

  *begin = MIN ((*begin + reduction / 2) / reduction, limit - 1);
  *size = CLAMP (end, *begin + 1, limit) - *begin;
}

/* The part of the slice of `width` pixels that is made. A region is in pixels of the slice that is not reduced. */
static gboolean
get_box (ReconTask            *task,
         const ReconGeometry  *geometry,
         gint64                width,
         ReconBox             *box,
         GError              **error)
{
  const gint64 full = width * geometry->reduction;

  *box = (ReconBox) { 0, 0, width, width };
  if (recon_task_get_value (task, ROW_ROI)->word != NULL)
    return TRUE;

  *box = recon_task_get_value (task, ROW_ROI)->box;
  if (geometry->reduction > 1)
    {
      reduce_range (geometry->reduction, width, &box->x0, &box->width);
      reduce_range (geometry->reduction, width, &box->y0, &box->height);
    }
  else if (box->x0 > full - box->width || box->y0 > full - box->height)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("reconstruction.roi = %s reaches beyond the slice, which has %" G_GINT64_FORMAT
                      " × %" G_GINT64_FORMAT " pixels. x0 + width and y0 + height may be at most %" G_GINT64_FORMAT
                      "."),
                   recon_task_get_value (task, ROW_ROI)->text, full, full, full);
      return FALSE;
    }

  return TRUE;
}

static gboolean
recon_backproject_shape (ReconTask              *task,
                         const ReconArrayInfo  **given,
                         ReconArrayInfo         *made,
                         ReconLog               *log,
                         GError                **error)
{
  ReconBackproject *self = RECON_BACKPROJECT (task);
  const ReconArrayInfo *sinograms = given[0];
  const ReconGeometry *geometry = sinograms->geometry;
  ReconBox box;

  drop_groups (self);
  if (!recon_task_check_input (task, 0, RECON_ARRAY_FLOAT32, error, "angle", "row", "column", NULL) ||
      !check_angles (sinograms, error) ||
      !get_box (task, geometry, (gint64) sinograms->axes[2].size, &box, error))
    return FALSE;

  /* The task has a reference to the geometry with its input. */
  self->settings = (ReconBackprojectSettings) {
    .projections = geometry,
    .x0 = (guint) box.x0,
    .y0 = (guint) box.y0,
    .width = (guint) box.width,
    .height = (guint) box.height,
    .scale = isnan (geometry->pixel_size) ? 1 : 1000 / geometry->pixel_size,
  };
  if (geometry->is_filtered)
    self->settings.scale /= geometry->reduction;

  recon_array_info_init (&made[0], RECON_ARRAY_FLOAT32, 3, "z", sinograms->axes[1].size, "y", (guint64) box.height,
                         "x", (guint64) box.width);
  made[0].geometry = recon_geometry_copy (geometry);
  made[0].geometry->x0 = (double) box.x0;
  made[0].geometry->y0 = (double) box.y0;

  return TRUE;
}

static void
recon_backproject_demand (ReconTask         *task,
                          guint              output,
                          const ReconRegion *wanted,
                          guint              input,
                          ReconRegion       *needed)
{
  recon_region_init_whole (needed, recon_task_get_input (task, input));
  needed->axes[1].first = wanted->axes[0].first;
  needed->axes[1].n = wanted->axes[0].n;
}

static gboolean
recon_backproject_need (ReconTask              *task,
                        const ReconDeviceInfo  *device,
                        guint                   lanes,
                        ReconTaskNeed          *need,
                        GError                **error)
{
  ReconBackproject *self = RECON_BACKPROJECT (task);
  const guint width = (guint) recon_task_get_input (task, 0)->axes[2].size;
  const ReconBackprojectGeometry geometry = get_geometry (self, width, lanes);
  const gboolean gpu = device->likes_small_items;

  if (choose_kernel (self, gpu, width) == RECON_KERNEL_PLAIN)
    need->device_bytes = self->settings.projections->n_angles * sizeof (cl_float4);
  else if (gpu)
    need->device_bytes = recon_gpu_backprojection_get_bytes (&geometry, get_groups (self, gpu, width));
  else
    need->device_bytes = recon_tiled_backprojection_get_bytes (device, &geometry, get_groups (self, gpu, width));

  return TRUE;
}

static gboolean
recon_backproject_prepare (ReconTask    *task,
                           ReconDevice  *device,
                           guint         lanes,
                           GError      **error)
{
  ReconBackproject *self = RECON_BACKPROJECT (task);
  const guint width = (guint) recon_task_get_input (task, 0)->axes[2].size;
  const ReconBackprojectGeometry geometry = get_geometry (self, width, lanes);
  const gboolean gpu = recon_device_get_info (device)->likes_small_items;

  drop_prepared (self);

  if (choose_kernel (self, gpu, width) == RECON_KERNEL_PLAIN)
    self->backprojection = recon_plain_backprojection_new (device, &geometry, error);
  else if (gpu)
    self->backprojection = recon_gpu_backprojection_new (device, &geometry, get_groups (self, gpu, width), error);
  else
    self->backprojection = recon_tiled_backprojection_new (device, &geometry, get_groups (self, gpu, width), error);

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
  const ReconGeometry *from = geometry->settings->projections;
  g_autofree cl_float4 *table = g_try_new0 (cl_float4, from->n_angles);

  if (table == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("No memory for a table of %u angles."),
                   from->n_angles);
      return NULL;
    }

  for (guint i = 0; i < from->n_angles; i++)
    {
      const guint k = projections != NULL ? projections[i] : i;

      table[i].s[0] = (float) cos (from->angles[k]);
      table[i].s[1] = (float) sin (from->angles[k]);
      table[i].s[2] = (float) (from->weights[k] * geometry->settings->scale);
    }

  return recon_device_new_table (device, table, from->n_angles * sizeof *table, error);
}

static gboolean
recon_backproject_process (ReconTask     *task,
                           ReconArray   **given,
                           ReconArray   **made,
                           GCancellable  *cancellable,
                           GError       **error)
{
  ReconBackproject *self = RECON_BACKPROJECT (task);
  ReconDevice *device = recon_task_get_device (task);
  const ReconBlock block = recon_block_of (given[0]);
  cl_mem sinograms = recon_array_read_on (given[0], device, error);
  cl_mem slices = sinograms != NULL ? recon_array_write_on (made[0], device, error) : NULL;

  return slices != NULL &&
         self->backprojection->process (self->backprojection, &block, sinograms, slices, cancellable, error);
}

static void
recon_backproject_copy (ReconTask *task,
                        ReconTask *source)
{
  ReconBackproject *self = RECON_BACKPROJECT (task), *other = RECON_BACKPROJECT (source);

  self->settings = other->settings;
  self->groups = other->groups != NULL ? recon_angle_groups_ref (other->groups) : NULL;
  self->gpu_groups = other->gpu_groups != NULL ? recon_angle_groups_ref (other->gpu_groups) : NULL;
}

/**
 * ReconBackproject:
 *
 * Backprojects sinograms into slices. The pixel at row r, column c of the full W × W slice, W columns of the sinogram,
 * is
 *
 *     scale · Σ weightᵢ · qᵢ (x cos θᵢ + y sin θᵢ + axis),   x = c - (W-1)/2,  y = r - (W-1)/2
 *
 * with linear interpolation between the columns of qᵢ, which count from 0, and 0 beyond them; scale makes it per mm
 * where the size of a pixel is known. Unless the kernel is the plain one, its sum is arranged so that it takes less
 * time, and where the angles are close enough to each other neighbouring projections are merged, see
 * recon_angle_groups_new(). Of the full slice the region x0, y0, width, height is made; its pixels are bit for bit
 * those of the full slice, in blocks of any size.
 *
 * With circle, pixels are 0 whose distance from the slice's middle is more than the distance of the axis to the
 * nearer end of the detector (its first or last column's centre); where the angles cover more than 181 degrees, to
 * the farther end, as opposite projections complete each other. Where the axis is not on the detector no circle is
 * cut.
 */
RECON_DEFINE_TASK (ReconBackproject, recon_backproject, RECON_TYPE_TASK,
  klass->clear = recon_backproject_clear;
  klass->shape = recon_backproject_shape;
  klass->demand = recon_backproject_demand;
  klass->need = recon_backproject_need;
  klass->prepare = recon_backproject_prepare;
  klass->process = recon_backproject_process;
  klass->copy = recon_backproject_copy;)

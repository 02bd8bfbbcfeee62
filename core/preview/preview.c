/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "preview/preview.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "axis/axis.h"
#include "axis/one-sided.h"
#include "base/error.h"
#include "graph/evaluator.h"
#include "graph/memory.h"
#include "pipeline/pipeline.h"
#include "tasks/read-scan.h"
#include "tasks/tasks.h"

/* Every call says what it wants to see by which configuration. A graph is built that makes just that, of the tasks that
 * jobs use, and an evaluator makes it, which keeps what every node has made for as long as nothing changes that it
 * depends on:
 *
 *   read-scan ─▶ flat-field ─▶ … ─▶ filter ─▶ backproject                  slices as a job makes them, and sinograms
 *      │                       └──▶ downsample ─▶ filter ─▶ backproject    for each reduction
 *      ├──▶ downsample ─▶ flat-field                                       one projection
 *      └──▶ darks, flats
 *
 * Slices are computed in groups of the fewest rows, of which one is used. One that is reduced by r is made of a
 * sinogram of means of r columns at every r-th angle, whose pixels have the r-fold size. The slice's middle stays
 * where it is. Where angles are few, fewer of them are left out, so that there are as many as columns: then they cost
 * little, and each is missed. */

struct _ReconPreview
{
  GObject         parent_instance;

  ReconLog       *log;
  ReconConfig    *config;    /* (nullable): of the last call */
  ReconTask      *read;      /* (nullable): with the open scan */
  ReconEvaluator *evaluator; /* (nullable) */
  char           *device;    /* (nullable): what chose the evaluator's device */
  guint64         available;  /* bytes of memory, when that was last asked for */
  gint64          asked;      /* monotonic time of that, µs */
  ReconImage     *image;      /* (nullable): what was shown last */
  ReconArray     *shown;      /* (nullable): which array that is */
  ReconView       shown_view; /* and how it was shown */

  char           *axis_key;   /* (nullable): what the axis was looked for by */
  double          axis;       /* that was found, columns as read; NaN if it was not yet */
  GError         *axis_error; /* (nullable): why there is none to be found */
};

G_DEFINE_FINAL_TYPE (ReconPreview, recon_preview, G_TYPE_OBJECT)

/* What makes an image. */
typedef struct
{
  ReconGraph  *graph;
  ReconOutlet  outlet;
  guint        reduction;
} Making;

static void
making_clear (Making *self)
{
  g_clear_pointer (&self->graph, recon_graph_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Making, making_clear)

static void
drop_image (ReconPreview *self)
{
  g_clear_pointer (&self->image, recon_image_unref);
  g_clear_pointer (&self->shown, recon_array_unref);
}

static void
drop_device (ReconPreview *self)
{
  g_clear_pointer (&self->evaluator, recon_evaluator_free);
  g_clear_pointer (&self->device, g_free);
}

static void
drop_axis (ReconPreview *self)
{
  self->axis = NAN;
  g_clear_error (&self->axis_error);
  g_clear_pointer (&self->axis_key, g_free);
}

static void
drop_scan (ReconPreview *self)
{
  drop_axis (self);
  drop_image (self);
  g_clear_object (&self->read);
  if (self->evaluator != NULL)
    recon_evaluator_drop (self->evaluator);
}

static void
recon_preview_finalize (GObject *object)
{
  ReconPreview *self = RECON_PREVIEW (object);

  drop_device (self);
  drop_scan (self);
  g_clear_object (&self->config);
  g_clear_object (&self->log);

  G_OBJECT_CLASS (recon_preview_parent_class)->finalize (object);
}

static void
recon_preview_class_init (ReconPreviewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_preview_finalize;
}

static void
recon_preview_init (ReconPreview *self)
{
  self->axis = NAN;
}

void
recon_preview_result_clear (ReconPreviewResult *self)
{
  g_clear_pointer (&self->image, recon_image_unref);
  *self = (ReconPreviewResult) { 0 };
}

/**
 * recon_preview_new:
 * @log: (nullable): for what is decided when a scan is opened
 *
 * Returns: (transfer full): a preview of nothing yet
 */
ReconPreview *
recon_preview_new (ReconLog *log)
{
  ReconPreview *self = g_object_new (RECON_TYPE_PREVIEW, NULL);

  self->log = log != NULL ? g_object_ref (log) : NULL;

  return self;
}

/**
 * recon_preview_take_scan:
 * @self: a preview
 * @scan: an open scan, used by nobody else from now on
 * @config: what it was opened with
 *
 * Spares opening it again, as long as calls are about the same files.
 */
void
recon_preview_take_scan (ReconPreview *self,
                         ReconScan    *scan,
                         ReconConfig  *config)
{
  g_return_if_fail (RECON_IS_PREVIEW (self));

  drop_scan (self);
  self->read = recon_tomography_new_read (config, scan);
}

static ReconScan *
get_scan (ReconPreview *self)
{
  return recon_read_scan_get_scan (RECON_READ_SCAN (self->read));
}

/* The task opens files only where they are others than before. */
static gboolean
open_scan (ReconPreview  *self,
           GError       **error)
{
  g_autoptr (ReconTask) read = self->read != NULL ? g_object_ref (self->read) : recon_task_new ("read-scan", error);

  if (read == NULL || !recon_task_set_from_config (read, self->config, error))
    return FALSE;
  if (!recon_task_shape (read, NULL, self->log, error))
    {
      g_clear_object (&self->read);
      return FALSE;
    }
  g_set_object (&self->read, read);

  return TRUE;
}

/* The first of the devices that a job would use: all of them make the same slices. */
static gboolean
open_device (ReconPreview  *self,
             GError       **error)
{
  g_autofree char *variant = recon_config_format (self->config, RECON_PARAM_VARIANT);
  g_autofree char *device = g_strdup_printf ("%s %s", variant,
                                             recon_config_get_text (self->config, RECON_PARAM_DEVICE));
  g_autoptr (ReconDevice) opened = NULL;

  if (self->evaluator != NULL && g_strcmp0 (device, self->device) == 0)
    return TRUE;

  drop_device (self);
  opened = recon_tomography_open_device (self->config, error);
  if (opened == NULL)
    return FALSE;
  self->evaluator = recon_evaluator_new (opened, RECON_MIN_LANES);
  self->device = g_steal_pointer (&device);

  return TRUE;
}

/* To ask the system takes a millisecond, as long as a small image does. */
static guint64
get_available (ReconPreview *self)
{
  const gint64 now = g_get_monotonic_time ();

  if (self->asked == 0 || now - self->asked > G_USEC_PER_SEC)
    {
      self->available = recon_memory_available ();
      self->asked = now;
    }

  return self->available;
}

/* What is only read needs no device. */
static gboolean
open_evaluator (ReconPreview  *self,
                gboolean       is_raw,
                GError       **error)
{
  const gboolean is_automatic = recon_config_is_automatic (self->config, RECON_PARAM_MEMORY_LIMIT);

  if (is_raw && self->evaluator == NULL)
    self->evaluator = recon_evaluator_new (NULL, RECON_MIN_LANES);
  else if (!is_raw && !open_device (self, error))
    return FALSE;

  recon_evaluator_set_limit (self->evaluator,
                             is_automatic ? get_available (self)
                                          : recon_config_get_size (self->config, RECON_PARAM_MEMORY_LIMIT),
                             !is_automatic);

  return TRUE;
}

static gboolean
is_projection (ReconView view)
{
  return view == RECON_VIEW_PROJECTION || view == RECON_VIEW_CORRECTED;
}

static gboolean
is_reference (ReconView view)
{
  return view >= RECON_VIEW_DARK;
}

static guint
count_images (ReconPreview *self,
              ReconView     view)
{
  const ReconGeometry *geometry = recon_scan_get_geometry (get_scan (self));

  if (is_reference (view))
    return 1;

  return is_projection (view) ? geometry->n_angles : geometry->n_rows;
}

static gboolean
check_request (ReconPreview               *self,
               const ReconPreviewRequest  *request,
               guint                       n_images,
               GError                    **error)
{
  if (request->view >= RECON_N_VIEWS)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("There is no view %d. Choose a projection (0), a corrected projection (1), a sinogram (2), a "
                      "slice (3), the dark (4), the flat (5) or the last flat (6)."),
                   request->view);
      return FALSE;
    }
  if (request->reduction != 1 && request->reduction != 2 && request->reduction != 4)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("Images can't be reduced by %u. Choose 1, 2 or 4."),
                   request->reduction);
      return FALSE;
    }
  if (request->index >= n_images)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   is_reference (request->view)
                     ? _ ("Image %u of the darks or flats is beyond the %u that there is, counted from 0. Choose 0.")
                   : is_projection (request->view)
                     ? _ ("Projection %u is beyond the %u that are used, counted from 0. Choose a smaller number, or "
                          "more projections by input.projection-start, projection-stop and projection-step.")
                     : _ ("Slice %u is beyond the %u that are selected, counted from 0. Choose a smaller number, or "
                          "more rows by input.y-start, y-stop and y-step."),
                   request->index, n_images);
      return FALSE;
    }

  return TRUE;
}

/* What an axis that is found depends on: the data, and the angles. */
static char *
make_axis_key (ReconPreview *self)
{
  GString *key = g_string_new (NULL);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      g_autofree char *text = recon_config_format (self->config, i);
      const gboolean is_of_data = g_str_equal (spec->section, "input") ||
                                  (spec->task != NULL && !g_str_equal (spec->section, "reconstruction") &&
                                   !g_str_equal (spec->section, "compute"));

      if (is_of_data || g_str_equal (spec->name, "reconstruction.angle-step"))
        g_string_append_printf (key, "%s=%s\n", spec->name, text);
    }

  return g_string_free (key, FALSE);
}

/* Projections without light are shown, but the axis is looked for without them. */
static ReconConfig *
resolve_axis (ReconPreview  *self,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr (ReconConfig) config = recon_config_copy (self->config);
  g_autoptr (ReconScan) scan = recon_scan_new_part (get_scan (self), config, cancellable, error);
  gboolean has_looked;

  return scan != NULL && recon_tomography_leave_out_lost (config, scan, NULL, &has_looked, error) &&
         recon_tomography_check_scan (config, scan, NULL, cancellable, error)
           ? recon_axis_resolve (config, scan, self->log, cancellable, error) : NULL;
}

static gboolean
find_axis (ReconPreview  *self,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (ReconConfig) found = resolve_axis (self, cancellable, &failure);

  if (found != NULL)
    {
      self->axis = recon_config_get_number (found, RECON_PARAM_AXIS);
      return TRUE;
    }

  /* Another search would come to the same. */
  if (g_error_matches (failure, RECON_ERROR, RECON_ERROR_AXIS))
    self->axis_error = g_error_copy (failure);
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

/* An axis that has to be found (reconstruction.axis = auto) is found once for a scan and its correction. */
static gboolean
settle_axis (ReconPreview  *self,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autofree char *key = NULL;
  gboolean is_new;
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!recon_config_has_word (self->config, RECON_PARAM_AXIS, "auto"))
    return TRUE;

  key = make_axis_key (self);
  if (g_strcmp0 (key, self->axis_key) != 0)
    {
      drop_axis (self);
      self->axis_key = g_steal_pointer (&key);
    }
  if (self->axis_error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->axis_error));
      return FALSE;
    }

  is_new = isnan (self->axis);
  if (is_new && !find_axis (self, cancellable, error))
    return FALSE;

  /* Who looks may see what a run would be refused for. */
  return recon_task_set (self->read, "axis", g_ascii_dtostr (text, sizeof text, self->axis), error) &&
         recon_task_shape (self->read, NULL, NULL, error) &&
         (!is_new || recon_one_sided_check (get_scan (self), TRUE, self->log, cancellable, error));
}

static guint
add_downsample (ReconPreview *self,
            Making       *making,
            guint         from,
            const char   *name,
            const guint   values[4])
{
  static const char *const keys[] = { "first-angle", "n-angles", "every-angle", "columns" };
  ReconTask *task = recon_task_new ("downsample", NULL);
  guint node;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", values[i]);

      recon_task_set (task, keys[i], text, NULL);
    }
  node = recon_graph_add (making->graph, task, name);
  recon_graph_connect (making->graph, from, NULL, node, NULL, NULL);

  return node;
}

/* A sinogram that is too narrow is reduced less. */
static guint
add_reduced_sinogram (ReconPreview *self,
                      Making       *making,
                      guint         sinograms,
                      guint         reduction)
{
  const guint n_angles = recon_scan_get_geometry (get_scan (self))->n_angles;
  const guint width = recon_scan_get_width (get_scan (self));
  g_autofree char *name = NULL;
  guint level = 0, stride;

  while (2u << level <= reduction && width >> (level + 1) >= 2)
    level++;
  making->reduction = stride = 1u << level;
  while (stride > 1 && n_angles / stride < width / making->reduction)
    stride /= 2;
  if (making->reduction == 1)
    return sinograms;

  name = g_strdup_printf ("downsample-%u", making->reduction);

  return add_downsample (self, making, sinograms, name,
                     (const guint[]) { 0, (n_angles - 1) / stride + 1, stride, making->reduction });
}

static gboolean
build_graph (ReconPreview               *self,
             const ReconPreviewRequest  *request,
             Making                     *making,
             GError                    **error)
{
  const guint read = recon_graph_add (making->graph, g_object_ref (self->read), NULL);
  g_autofree char *suffix = NULL;
  guint node;

  making->reduction = 1;
  switch (request->view)
    {
    case RECON_VIEW_PROJECTION:
      making->outlet = (ReconOutlet) { (int) read, 0 };
      break;
    case RECON_VIEW_CORRECTED:
      node = add_downsample (self, making, read, "projection", (const guint[]) { request->index, 1, 1, 1 });
      node = recon_tomography_add_flat_field (making->graph, self->config, get_scan (self), read, node, "-projection");
      making->outlet = (ReconOutlet) { (int) node, 0 };
      break;
    case RECON_VIEW_SINOGRAM:
    case RECON_VIEW_SLICE:
      node = recon_tomography_add_correction (making->graph, self->config, get_scan (self), read, NULL);
      making->outlet = (ReconOutlet) { (int) node, 0 };
      if (request->view == RECON_VIEW_SINOGRAM)
        break;
      node = add_reduced_sinogram (self, making, node, request->reduction);
      suffix = g_strdup_printf ("-%u", making->reduction);
      node = recon_tomography_add_reconstruction (making->graph, self->config, node, suffix);
      making->outlet = (ReconOutlet) { (int) node, 0 };
      break;
    case RECON_VIEW_DARK:
    case RECON_VIEW_FLAT:
    case RECON_VIEW_FLAT_AFTER:
    case RECON_N_VIEWS:
    default:
      making->outlet = (ReconOutlet) { (int) read, 1 + (guint) (request->view - RECON_VIEW_DARK) };
      break;
    }

  return recon_graph_shape (making->graph, NULL, error);
}

/* Zeros stand for darks that nobody has taken. */
static gboolean
check_reference (ReconPreview  *self,
                 ReconView      view,
                 GError       **error)
{
  ReconScan *scan = get_scan (self);
  const char *text;

  if (!recon_scan_get_correct (scan))
    text = _ ("The scan is not corrected, and neither darks nor flats are used.");
  else if (view == RECON_VIEW_DARK && !recon_scan_has_darks (scan))
    text = _ ("The scan has no darks: 0 is subtracted.");
  else if (view == RECON_VIEW_FLAT_AFTER && !recon_scan_has_flats_after (scan))
    text = _ ("The scan has no flats that were taken after it, or they are not told apart from the first ones.");
  else
    return TRUE;

  g_set_error_literal (error, RECON_ERROR, RECON_ERROR_INPUT, text);
  return FALSE;
}

/* An image of the last two axes, or for sinograms of the first and the last. The array is kept as long as the image. */
static ReconImage *
make_image (ReconArray  *array,
            ReconView    view,
            GError     **error)
{
  const ReconRegion *region = recon_array_get_region (array);
  const guint last = region->n_axes - 1;
  const guint width = recon_array_get_n (array, last);
  const guint height = recon_array_get_n (array, view == RECON_VIEW_SINOGRAM ? 0 : last - 1);
  gconstpointer pixels = recon_array_read (array, error);
  g_autoptr (GBytes) bytes = NULL;

  if (pixels == NULL)
    return NULL;
  bytes = g_bytes_new_with_free_func (pixels, recon_array_get_bytes (array), (GDestroyNotify) recon_array_unref,
                                      recon_array_ref (array));

  return recon_image_new (width, height, bytes);
}

/* Nothing has changed where the array is the one that was shown last: who has that image sees it by that. */
static gboolean
take_image (ReconPreview  *self,
            ReconArray    *array,
            ReconView      view,
            GError       **error)
{
  if (array == self->shown && view == self->shown_view && self->image != NULL)
    return TRUE;

  drop_image (self);
  self->image = make_image (array, view, error);
  self->shown = recon_array_ref (array);
  self->shown_view = view;

  return self->image != NULL;
}

static gboolean
make_view (ReconPreview               *self,
           const ReconPreviewRequest  *request,
           ReconPreviewResult         *result,
           GCancellable               *cancellable,
           GError                    **error)
{
  const gboolean is_raw = request->view == RECON_VIEW_PROJECTION || is_reference (request->view);
  g_auto (Making) making = { .graph = recon_graph_new () };
  g_autoptr (ReconArray) array = NULL;
  ReconRegion region;
  ReconTask *task;
  guint axis;

  if ((request->view == RECON_VIEW_SLICE && !settle_axis (self, cancellable, error)) ||
      (is_reference (request->view) && !check_reference (self, request->view, error)) ||
      !open_evaluator (self, is_raw, error) ||
      /* Wrong settings are an error before anything is read. */
      !build_graph (self, request, &making, error) ||
      (!is_raw && !recon_tomography_check_scan (self->config, get_scan (self), NULL, cancellable, error)))
    return FALSE;

  task = recon_graph_get_task (making.graph, (guint) making.outlet.node);
  recon_region_init_whole (&region, recon_task_get_output (task, making.outlet.port));
  if (request->view != RECON_VIEW_CORRECTED && !is_reference (request->view))
    {
      axis = request->view == RECON_VIEW_SINOGRAM ? 1 : 0;
      region.axes[axis].first = request->index;
      region.axes[axis].n = 1;
    }

  array = recon_evaluator_get (self->evaluator, making.graph, making.outlet, &region, cancellable, error);
  if (array == NULL || !take_image (self, array, request->view, error))
    return FALSE;

  result->image = recon_image_ref (self->image);

  result->reduction = making.reduction;
  result->width = recon_image_get_width (result->image);
  result->height = recon_image_get_height (result->image);
  if (making.reduction > 1)
    {
      const ReconParameter roi = recon_parameter ("reconstruction.roi");
      const gboolean is_whole = recon_config_is_automatic (self->config, roi);
      const ReconBox box = recon_config_get_box (self->config, roi);

      result->width = is_whole ? recon_scan_get_width (get_scan (self)) : (guint) box.width;
      result->height = is_whole ? recon_scan_get_width (get_scan (self)) : (guint) box.height;
    }

  return TRUE;
}

static gboolean
make (ReconPreview               *self,
      const ReconPreviewRequest  *request,
      ReconPreviewResult         *result,
      GCancellable               *cancellable,
      GError                    **error)
{
  ReconPreviewRequest wanted = *request;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !open_scan (self, error))
    return FALSE;

  result->n_images = count_images (self, request->view);
  if (request->index == RECON_PREVIEW_MIDDLE)
    wanted.index = result->n_images / 2;
  if (!check_request (self, &wanted, result->n_images, error) ||
      !make_view (self, &wanted, result, cancellable, error))
    return FALSE;

  result->index = wanted.index;
  if (!is_reference (request->view))
    result->number = is_projection (request->view)
                       ? recon_scan_get_projection_number (get_scan (self), wanted.index)
                       : recon_scan_get_geometry (get_scan (self))->row_numbers[wanted.index];

  return TRUE;
}

/**
 * recon_preview_make:
 * @self: a preview
 * @config: of what and how; a copy is kept. Output parameters are not looked at
 * @request: what to show. A reduction other than 1 counts for slices only
 * @result: (out caller-allocates): the image, to be cleared with recon_preview_result_clear(); empty on error
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Makes an image. What earlier calls have made serves as far as the parameters that it depends on have the same values;
 * files are opened and read again only where the parameters of the input have changed, or another image is wanted. An
 * axis that has to be found is found for the first slice, which takes longer by that.
 *
 * A slice that is reduced by r = 2 or 4 is made of means of r columns at every r-th angle (at more of them where that
 * would be fewer than columns): an approximation on the same scale, with about 1/r of the pixels in width and height.
 * Columns that don't fill a mean are left out, and a region comes as it is next to whole pixels of that size. Scans of
 * very few columns are reduced less.
 *
 * Returns: %FALSE with the errors of recon_scan_open(), #RECON_ERROR_CONFIG, #RECON_ERROR_INPUT, #RECON_ERROR_READ,
 *   #RECON_ERROR_DEVICE, #RECON_ERROR_MEMORY, #RECON_ERROR_AXIS or %G_IO_ERROR_CANCELLED; further calls may follow
 */
gboolean
recon_preview_make (ReconPreview               *self,
                    ReconConfig                *config,
                    const ReconPreviewRequest  *request,
                    ReconPreviewResult         *result,
                    GCancellable               *cancellable,
                    GError                    **error)
{
  const gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) failure = NULL;

  g_return_val_if_fail (RECON_IS_PREVIEW (self), FALSE);
  g_return_val_if_fail (RECON_IS_CONFIG (config), FALSE);
  g_return_val_if_fail (request != NULL && result != NULL, FALSE);

  *result = (ReconPreviewResult) { 0 };
  g_clear_object (&self->config);
  self->config = recon_config_copy (config);

  if (make (self, request, result, cancellable, &failure))
    {
      result->seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
      return TRUE;
    }

  /* Files that can't be read may have been replaced, and a device that failed may stay so: neither is kept. */
  if (g_error_matches (failure, RECON_ERROR, RECON_ERROR_READ))
    drop_scan (self);
  else if (g_error_matches (failure, RECON_ERROR, RECON_ERROR_DEVICE))
    drop_device (self);
  recon_preview_result_clear (result);
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

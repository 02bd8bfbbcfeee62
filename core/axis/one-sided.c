/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/one-sided.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "axis/sinogram.h"
#include "base/error.h"
#include "geometry/angles.h"

/* Half acquisition: the axis is near an edge of the detector, beyond which the object reaches, and a full turn shows
 * the other half. An object that is wholly in view about such an axis is nothing special, so some projections are
 * looked at. Of half a turn, the other half has never been seen. */

#define LOOKS 8      /* projections that are looked at, over all of the scan */
#define SEEN 2       /* of them, in which the object reaches beyond the edge */
#define STRIP 50     /* strips of the width */
#define CUT 0.06     /* of the object */
#define UNEVEN 0.1   /* of the object: more is no air at an edge */
#define LEAST_TRANSMISSION 1e-4f

/* Whole projections of a scan, one after the other, corrected without a device: to look at, not to reconstruct. */
typedef struct
{
  ReconScan *scan;
  guint      n_rows;
  guint      width;
  float     *dark;   /* (nullable): n_rows × width, where the scan is corrected */
  float     *flat;   /* (nullable): likewise */
  float     *pixels; /* n_rows × width: absorptivity of the projection that was read last; maybe not finite */
} Look;

static void
look_clear (Look *self)
{
  g_free (self->dark);
  g_free (self->flat);
  g_free (self->pixels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

static gboolean
read_references (Look          *self,
                 gsize          size,
                 GCancellable  *cancellable,
                 GError       **error)
{
  const gboolean has_flats_after = recon_scan_has_flats_after (self->scan);
  g_autofree float *flat_after = has_flats_after ? g_try_new (float, size) : NULL;

  self->dark = g_try_new (float, size);
  self->flat = g_try_new (float, size);
  if (self->dark == NULL || self->flat == NULL || (has_flats_after && flat_after == NULL))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("There is no memory for flats of %u × %u."), self->width,
                   self->n_rows);
      return FALSE;
    }

  return recon_scan_read_references (self->scan, 0, self->n_rows, self->dark, self->flat, flat_after, cancellable,
                                     error);
}

/* Reads what projections are corrected with. */
static gboolean
look_init (Look          *self,
           ReconScan     *scan,
           GCancellable  *cancellable,
           GError       **error)
{
  gsize size;

  *self = (Look) {
    .scan = scan, .n_rows = recon_scan_get_geometry (scan)->n_rows, .width = recon_scan_get_width (scan),
  };
  if (!g_size_checked_mul (&size, self->n_rows, self->width) || (self->pixels = g_try_new (float, size)) == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("There is no memory for a projection of %u × %u."),
                   self->width, self->n_rows);
      return FALSE;
    }

  return !recon_scan_get_correct (scan) || read_references (self, size, cancellable, error);
}

/* Reads and corrects a projection, by its number among those that are used. */
static gboolean
look_read (Look          *self,
           guint          angle,
           GCancellable  *cancellable,
           GError       **error)
{
  const gboolean absorptivity = recon_scan_get_absorptivity (self->scan);
  const gsize size = (gsize) self->n_rows * self->width;

  if (!recon_scan_read_projection (self->scan, angle, self->pixels, cancellable, error))
    return FALSE;

  for (gsize i = 0; i < size; i++)
    {
      float *p = self->pixels + i;

      if (self->flat != NULL)
        *p = (*p - self->dark[i]) / (self->flat[i] - self->dark[i]);
      if (absorptivity)
        *p = isfinite (*p) ? -logf (MAX (*p, LEAST_TRANSMISSION)) : NAN;
      else if (self->flat != NULL)
        *p = 1 - *p;
    }

  return TRUE;
}

/* The mean of a strip of columns, of what is finite. */
static double
get_mean (const Look *look,
          guint       first,
          guint       end)
{
  double sum = 0, n = 0;

  for (guint row = 0; row < look->n_rows; row++)
    for (guint c = first; c < end; c++)
      {
        const float value = look->pixels[(gsize) row * look->width + c];

        if (!isfinite (value))
          continue;
        sum += (double) value;
        n++;
      }

  return n > 0 ? sum / n : 0;
}

/* Whether the object reaches beyond the edge that is nearer to the axis. */
static gboolean
is_cut (const Look *look,
        gboolean    left)
{
  const guint width = look->width, strip = MAX (width / STRIP, 2);
  double near = get_mean (look, left ? 0 : width - strip, left ? strip : width);
  double far = get_mean (look, left ? width - strip : 0, left ? width : strip);
  double most = 0, air;

  for (guint c = 0; c + strip <= width; c += strip)
    most = MAX (most, get_mean (look, c, c + strip));
  air = CLAMP (MIN (near, far), -UNEVEN * most, UNEVEN * most);

  return near - air > CUT * (most - air);
}

static gboolean
look_at (ReconScan     *scan,
         gboolean       left,
         gboolean      *cut,
         GCancellable  *cancellable,
         GError       **error)
{
  const guint n = recon_scan_get_geometry (scan)->n_angles, n_looks = MIN (LOOKS, n);
  g_auto (Look) look = { 0 };
  guint n_cut = 0;

  if (!look_init (&look, scan, cancellable, error))
    return FALSE;

  for (guint i = 0; i < n_looks; i++)
    {
      if (!look_read (&look, (guint) ((guint64) i * n / n_looks), cancellable, error))
        return FALSE;
      n_cut += is_cut (&look, left);
    }
  *cut = n_cut >= MIN (SEEN, n_looks);

  return TRUE;
}

/* What a user should know, with the columns as read. */
static char *
describe (const ReconGeometry *geometry,
          gboolean             full,
          double               near)
{
  const double axis = recon_geometry_to_detector (geometry, geometry->axis);

  if (!full)
    return g_strdup_printf (_ ("The scan covers half a turn, the axis (reconstruction.axis = %.7g) is %.0f columns "
                               "from the detector's edge, and the object reaches beyond that edge: only a disc of that "
                               "radius is seen from all sides, and slices are wrong outside of it. Check the axis, and "
                               "the angles."),
                            axis, near * geometry->bin);

  return g_strdup_printf (_ ("Half acquisition: the scan covers a full turn, the axis (reconstruction.axis = %.7g) is "
                             "%.0f columns from the detector's edge, and the object reaches beyond that edge. The two "
                             "halves are not put together yet: values would be 25 to 50 %% too low wherever one side "
                             "only sees the object, and the field would be cut to the detector's width."),
                          axis, near * geometry->bin);
}

/**
 * recon_one_sided_check:
 * @scan: an open scan whose axis is known
 * @go_on: whether to warn where slices would be wrong, and not to refuse
 * @log: (nullable): gets warnings
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Finds scans of which parts are seen from one side only. Some projections are read where the axis is far off the
 * middle, and nothing otherwise.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT if slices would be wrong, or with the errors of reading
 */
gboolean
recon_one_sided_check (ReconScan     *scan,
                       gboolean       go_on,
                       ReconLog      *log,
                       GCancellable  *cancellable,
                       GError       **error)
{
  const ReconGeometry *geometry = recon_scan_get_geometry (scan);
  const double axis = geometry->axis, last = recon_scan_get_width (scan) - 1.0;
  const double near = MIN (axis, last - axis);
  const double range = recon_angles_get_range (geometry->angles, geometry->n_angles);
  const gboolean full = range > RECON_AXIS_FULL_TURN_RANGE;
  gboolean cut = FALSE;
  g_autofree char *text = NULL;

  if (geometry->n_angles < 3 || 2 * near + 1 >= RECON_ONE_SIDED_OVERLAP * (last + 1))
    return TRUE;
  if (!look_at (scan, axis < last / 2, &cut, cancellable, error))
    return FALSE;
  if (!cut)
    return TRUE;

  text = describe (recon_scan_get_geometry (scan), full, near);
  if (!full || go_on)
    recon_log_warning (log, "%s", text);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                 _ ("%s Go on all the same with --force (reconstruction.force)."), text);

  return !full || go_on;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/raw-scan.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "phantom/random.h"

/* A pixel counts
 *
 *   Poisson (level · beam · gain · exp (−line integral)) + dark + read-out noise
 *
 * where the beam drifts linearly from its profile before the scan to that after it; darks have no beam, flats no
 * sample and no error of the gain. Every frame has random numbers of its own, so that any thread can make it.
 *
 * The streams of random numbers of frames have the numbers of their ReconRawKind. */

/* Counts of the open beam without noise; only its ratio to the dark current matters then. */
#define NOISELESS_LEVEL 10000.0

#define TRUTH_SUPERSAMPLING 4

/* These streams of random numbers are not those of frames. */
#define STREAM_GAIN 100
#define STREAM_DEAD 101

struct _ReconRawScan
{
  ReconRawScanSettings settings;
  double  *angles;
  double   scale; /* attenuation per pixel of the phantom's value 1 */
  double   level;
  float   *before; /* (nullable): rows × width, the beam before the scan; %NULL is 1 everywhere */
  float   *after;  /* (nullable): the beam after the scan; %NULL is the same as before */
  float   *gain;   /* (nullable): rows × width; %NULL is 1 everywhere */
  guint8  *dead;   /* width */
};

/* The largest line integral of the phantom, times 1/radius, on a few planes of the scan at many angles. It does
 * not depend on where the axis is or on which angles are taken, so that scans of one sample are comparable. */
static double
largest_integral (const ReconRawScanSettings *settings)
{
  enum { COLUMNS = 1025, ANGLES = 60, PLANES = 9 };
  const double radius = (COLUMNS - 1) / 2.0;
  const double half = (settings->rows - 1.0) / 2.0 / settings->radius;
  g_autofree float *line = g_new (float, COLUMNS);
  double largest = 0.0;

  for (int plane = 0; plane < PLANES; plane++)
    {
      /* A detector of one row has its row 0 at z = 0. */
      double row = half * (2.0 * plane / (PLANES - 1) - 1.0) * radius;

      for (int i = 0; i < ANGLES; i++)
        {
          recon_phantom_project (settings->phantom, 1, COLUMNS, radius, radius, row, i * G_PI / ANGLES, line);

          for (int c = 0; c < COLUMNS; c++)
            largest = MAX (largest, (double) line[c]);
        }
    }

  return largest / radius;
}

/* A smooth beam that is @brightness at its brightest or less, and (1 − uneven) of it at its darkest or more. @shift
 * says how far it has moved since the scan began, in units of half the detector. */
static void
make_beam (const ReconRawScanSettings *settings,
           double                      shift,
           double                      brightness,
           float                      *beam)
{
  for (guint r = 0; r < settings->rows; r++)
    {
      double y = settings->rows > 1 ? 2.0 * r / (settings->rows - 1.0) - 1.0 : 0.0;

      for (guint c = 0; c < settings->width; c++)
        {
          double x = settings->width > 1 ? 2.0 * c / (settings->width - 1.0) - 1.0 : 0.0;
          double dx = x - 0.2 - shift;
          double dy = y + 0.1 + shift;
          double fall = 0.6 * (1.0 - exp (-(dx * dx + dy * dy))) + 0.2 * (1.0 + sin (5.0 * x + 3.0 * y + 4.0 * shift));

          beam[(gsize) r * settings->width + c] = (float) (brightness * (1.0 - settings->uneven * fall));
        }
    }
}

/* Values around 1, never negative. */
static void
make_gain (const ReconRawScanSettings *settings,
           float                      *gain)
{
  for (guint r = 0; r < settings->rows; r++)
    {
      ReconRandom random;

      recon_random_init (&random, settings->seed, STREAM_GAIN, r);

      for (guint c = 0; c < settings->width; c++)
        {
          double value = 1.0 + settings->rings * recon_random_normal (&random);

          gain[(gsize) r * settings->width + c] = (float) MAX (value, 0.0);
        }
    }
}

/* Sets some of the columns to %TRUE. */
static void
make_dead (const ReconRawScanSettings *settings,
           guint8                     *dead)
{
  ReconRandom random;
  guint n = 0;

  recon_random_init (&random, settings->seed, STREAM_DEAD, 0);

  while (n < settings->dead_columns)
    {
      guint c = recon_random_below (&random, settings->width);

      n += !dead[c];
      dead[c] = TRUE;
    }
}

static gboolean
make_maps (ReconRawScan  *self,
           GError       **error)
{
  const ReconRawScanSettings *settings = &self->settings;
  gsize n = (gsize) settings->rows * settings->width;
  gboolean even = settings->uneven == 0.0 && settings->drift == 0.0;

  if (!even && (self->before = g_try_new (float, n)) == NULL)
    goto no_memory;

  if (settings->drift > 0.0 && (self->after = g_try_new (float, n)) == NULL)
    goto no_memory;

  if (settings->rings > 0.0 && (self->gain = g_try_new (float, n)) == NULL)
    goto no_memory;

  if (self->before != NULL)
    make_beam (settings, 0.0, 1.0, self->before);

  if (self->after != NULL)
    make_beam (settings, settings->drift, 1.0 - settings->drift, self->after);

  if (self->gain != NULL)
    make_gain (settings, self->gain);

  make_dead (settings, self->dead);

  return TRUE;

no_memory:
  return recon_fail (error, RECON_ERROR_MEMORY,
                     _ ("There is no memory for the maps of the beam and of the gain, %u rows of %u columns. Choose "
                        "fewer rows."),
                     settings->rows, settings->width);
}

/**
 * recon_raw_scan_new:
 * @settings: what to make; the angles are copied
 * @error: return location
 *
 * Returns: (transfer full): a scan, or %NULL with #RECON_ERROR_CONFIG or #RECON_ERROR_MEMORY
 */
ReconRawScan *
recon_raw_scan_new (const ReconRawScanSettings  *settings,
                    GError                     **error)
{
  g_autoptr (ReconRawScan) self = NULL;

  g_return_val_if_fail (settings != NULL, NULL);

  if (!recon_raw_scan_settings_check (settings, error))
    return NULL;

  self = g_new0 (ReconRawScan, 1);
  self->settings = *settings;
  self->angles = g_memdup2 (settings->angles, settings->n_angles * sizeof (double));
  self->settings.angles = self->angles;
  self->scale = settings->absorption / (largest_integral (settings) * settings->radius);
  self->level = settings->photons > 0.0 ? settings->photons : NOISELESS_LEVEL;
  self->dead = g_new0 (guint8, settings->width);

  if (!make_maps (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
recon_raw_scan_free (ReconRawScan *self)
{
  if (self == NULL)
    return;

  g_free (self->angles);
  g_free (self->before);
  g_free (self->after);
  g_free (self->gain);
  g_free (self->dead);
  g_free (self);
}

const ReconRawScanSettings *
recon_raw_scan_get_settings (const ReconRawScan *self)
{
  return &self->settings;
}

/**
 * recon_raw_scan_get_scale:
 * @self: a scan
 *
 * Returns: the attenuation per pixel of the phantom's value 1
 */
double
recon_raw_scan_get_scale (const ReconRawScan *self)
{
  return self->scale;
}

/**
 * recon_raw_scan_is_float:
 * @self: a scan
 *
 * Returns: whether samples are float32, which is so without noise, rather than uint16
 */
gboolean
recon_raw_scan_is_float (const ReconRawScan *self)
{
  return self->settings.photons == 0.0;
}

guint
recon_raw_scan_get_n_frames (const ReconRawScan *self,
                             ReconRawKind        kind)
{
  const guint n[RECON_N_RAW_KINDS] = {
    [RECON_RAW_DARK] = self->settings.n_darks,
    [RECON_RAW_FLAT] = self->settings.n_flats,
    [RECON_RAW_PROJECTION] = self->settings.n_angles,
    [RECON_RAW_FLAT_AFTER] = self->settings.n_flats_after,
  };

  g_return_val_if_fail (kind < RECON_N_RAW_KINDS, 0);

  return n[kind];
}

gsize
recon_raw_scan_frame_bytes (const ReconRawScan *self)
{
  return (gsize) self->settings.rows * self->settings.width *
         (recon_raw_scan_is_float (self) ? sizeof (float) : sizeof (guint16));
}

/* Counts without noise that the beam adds to a row: 0 in darks. */
static void
expect_row (const ReconRawScan *self,
            ReconRawKind        kind,
            guint               index,
            guint               row,
            float              *counts)
{
  const ReconRawScanSettings *s = &self->settings;
  gsize offset = (gsize) row * s->width;
  double t = kind == RECON_RAW_FLAT_AFTER ? 1.0 : 0.0;

  if (kind == RECON_RAW_PROJECTION)
    {
      recon_phantom_project (s->phantom, s->rows, s->width, s->radius, s->axis, row, self->angles[index], counts);
      t = s->n_angles > 1 ? index / (s->n_angles - 1.0) : 0.0;
    }

  for (guint c = 0; c < s->width; c++)
    {
      double value = self->level;

      if (kind == RECON_RAW_DARK || self->dead[c])
        {
          counts[c] = 0.0f;
          continue;
        }

      if (self->after != NULL)
        value *= (1.0 - t) * (double) self->before[offset + c] + t * (double) self->after[offset + c];
      else if (self->before != NULL)
        value *= (double) self->before[offset + c];

      if (kind == RECON_RAW_PROJECTION)
        {
          if (counts[c] != 0.0f)
            value *= exp (-self->scale * (double) counts[c]);

          if (self->gain != NULL)
            value *= (double) self->gain[offset + c];
        }

      counts[c] = (float) value;
    }
}

/* The dark current falls along both axes, so that a misplaced dark frame shows. */
static double
dark_counts (const ReconRawScanSettings *s,
             guint                       row,
             guint                       column)
{
  double x = column / MAX (s->width - 1.0, 1.0);
  double y = row / MAX (s->rows - 1.0, 1.0);

  return s->dark * (1.0 - s->uneven * 0.5 * (x + y));
}

static guint16
to_counts (double value)
{
  return (guint16) CLAMP (floor (value + 0.5), 0.0, (double) G_MAXUINT16);
}

static void
add_zingers (const ReconRawScan *self,
             ReconRandom        *random,
             gpointer            pixels)
{
  const ReconRawScanSettings *s = &self->settings;

  for (guint i = 0; i < s->zingers; i++)
    {
      guint row = recon_random_below (random, s->rows);
      gsize pixel = (gsize) row * s->width + recon_random_below (random, s->width);
      double flash = self->level * (1.0 + 4.0 * recon_random_uniform (random));

      if (recon_raw_scan_is_float (self))
        ((float *) pixels)[pixel] += (float) flash;
      else
        ((guint16 *) pixels)[pixel] = to_counts (((guint16 *) pixels)[pixel] + flash);
    }
}

/**
 * recon_raw_scan_frame:
 * @self: a scan
 * @kind: which of its frames
 * @index: number among these, counted from 0
 * @pixels: (out caller-allocates): rows × width samples, float32 if recon_raw_scan_is_float(), else uint16
 *
 * Makes a frame. It is the same whichever others are made before, and on whichever thread. Projection i is taken
 * at the fraction i/(n − 1) of the beam's way from the flats before to the flats after.
 */
void
recon_raw_scan_frame (const ReconRawScan *self,
                      ReconRawKind        kind,
                      guint               index,
                      gpointer            pixels)
{
  const ReconRawScanSettings *s;
  g_autofree float *counts = NULL;
  ReconRandom random;

  g_return_if_fail (self != NULL);
  g_return_if_fail (index < recon_raw_scan_get_n_frames (self, kind));
  g_return_if_fail (pixels != NULL);

  s = &self->settings;
  counts = g_new (float, s->width);
  recon_random_init (&random, s->seed, kind, index);

  for (guint r = 0; r < s->rows; r++)
    {
      gsize offset = (gsize) r * s->width;

      expect_row (self, kind, index, r, counts);

      for (guint c = 0; c < s->width; c++)
        {
          double dark = dark_counts (s, r, c);

          if (recon_raw_scan_is_float (self))
            {
              ((float *) pixels)[offset + c] = (float) ((double) counts[c] + dark);
              continue;
            }

          if (s->dark_noise > 0.0)
            dark += s->dark_noise * recon_random_normal (&random);

          ((guint16 *) pixels)[offset + c] = to_counts (recon_random_poisson (&random, (double) counts[c]) + dark);
        }
    }

  add_zingers (self, &random, pixels);
}

/**
 * recon_raw_scan_truth:
 * @self: a scan
 * @row: detector row, counted from 0
 * @pixels: (out caller-allocates): width × width values
 *
 * The slice that a perfect reconstruction of a detector row shows: attenuation per pixel, averaged over 4 × 4
 * points of each pixel.
 */
void
recon_raw_scan_truth (const ReconRawScan *self,
                      guint               row,
                      float              *pixels)
{
  const ReconRawScanSettings *s = &self->settings;
  gsize n = (gsize) s->width * s->width;

  recon_phantom_slice (s->phantom, s->rows, s->radius, row, s->width, s->width, TRUTH_SUPERSAMPLING, pixels);

  for (gsize i = 0; i < n; i++)
    pixels[i] = (float) (self->scale * (double) pixels[i]);
}

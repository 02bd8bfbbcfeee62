/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/error.h"
#include "io/scan-sample-rows.h"
#include "io/turned-reader.h"

/* Where nobody says at which angles the projections were taken, half a turn is assumed. After a full turn the last
 * projection is like the first again, and each is the mirror image of the one half of the scan later; after half a
 * turn neither is so, unless the object is symmetric, which is why both are asked for. A few rows of seven projections
 * tell. What all projections have in common, above all the flat field, drops out of the differences of their
 * logarithms. */

/* Fewer projections have steps too wide to tell. */
#define LEAST_ANGLES 16

/* Rows that are looked at, in the middle, and columns that they are reduced to. */
#define MOST_ROWS    16
#define MOST_COLUMNS 512
#define LEAST_COLUMNS 16

/* How alike the last projection and the first are, measured by neighbours; and how different others have to be. */
#define ALIKE 2.0
#define DIFFERENT 4.0
/* Less than this of the difference of neighbours: the scan came back to its first angle. */
#define SAME 0.5

/* The least correlation of mirror images, and the part of the columns that they share. */
#define MIRRORED 0.7
#define SHARED   0.15

enum
{
  FIRST,
  SECOND,
  QUARTER,
  MIDDLE,
  THREE_QUARTERS,
  LAST_BUT_ONE,
  LAST,
  N_LOOKS
};

/* The correlation of one image with the mirror image of the other, column x of the one on @sum − x of the other. */
static double
correlate_mirrored (const ReconSampleRows *rows,
                    guint                  a,
                    guint                  b,
                    int                    sum)
{
  int first = MAX (0, sum - (int) rows->n_columns + 1), last = MIN ((int) rows->n_columns - 1, sum);
  double ab = 0.0, aa = 0.0, bb = 0.0;

  for (guint y = 0; y < rows->n_rows; y++)
    {
      const float *p = _recon_sample_rows_get (rows, a) + (gsize) y * rows->n_columns;
      const float *q = _recon_sample_rows_get (rows, b) + (gsize) y * rows->n_columns;

      for (int x = first; x <= last; x++)
        {
          ab += (double) (p[x] * q[sum - x]);
          aa += (double) (p[x] * p[x]);
          bb += (double) (q[sum - x] * q[sum - x]);
        }
    }

  return aa > 0 && bb > 0 ? ab / sqrt (aa * bb) : 0.0;
}

/* Whether the projections in the middle and at three quarters are the mirror images of the first and of that at a
 * quarter, about one axis, wherever it is. */
static gboolean
is_mirrored (ReconSampleRows *rows)
{
  static const guint quarters[] = { FIRST, QUARTER, MIDDLE, THREE_QUARTERS };
  int shared = MAX ((int) (SHARED * rows->n_columns), LEAST_COLUMNS);
  double best = 0.0;

  /* It is its own mirror image but for the detector. */
  _recon_sample_rows_subtract_common (rows, quarters, G_N_ELEMENTS (quarters));
  for (int sum = shared - 1; sum <= 2 * (int) rows->n_columns - 1 - shared; sum++)
    {
      double first = correlate_mirrored (rows, FIRST, MIDDLE, sum);
      double second = correlate_mirrored (rows, QUARTER, THREE_QUARTERS, sum);

      best = MAX (best, MIN (first, second));
    }

  return best >= MIRRORED;
}

/* The number of steps of a full turn that the first @n of the projections make, or 0 where they don't show one; all of
 * them are used. */
guint
_recon_scan_count_full_turn_steps (ReconScan *self,
                                   guint      n)
{
  const guint angles[N_LOOKS] = { 0, 1, n / 4, n / 2, (guint) (3 * (guint64) n / 4), n - 2, n - 1 };
  g_auto (ReconSampleRows) rows = { 0 };
  guint n_places;
  double step, back, least;

  if (n < LEAST_ANGLES || self->geometry->n_angles != self->n_projections || self->width < 2 * LEAST_COLUMNS ||
      !_recon_sample_rows_read (&rows, self, angles, N_LOOKS, MOST_ROWS, MOST_COLUMNS, FALSE))
    return 0;

  step = MAX (_recon_sample_rows_measure_difference (&rows, FIRST, SECOND),
              _recon_sample_rows_measure_difference (&rows, LAST_BUT_ONE, LAST));
  back = _recon_sample_rows_measure_difference (&rows, FIRST, LAST);
  least = MIN (_recon_sample_rows_measure_difference (&rows, FIRST, QUARTER),
               MIN (_recon_sample_rows_measure_difference (&rows, FIRST, MIDDLE),
                    _recon_sample_rows_measure_difference (&rows, FIRST, THREE_QUARTERS)));
  if (back > ALIKE * step || least <= DIFFERENT * MAX (step, back) || !is_mirrored (&rows))
    return 0;

  n_places = n == self->n_projections ? _recon_scan_count_places (self) : _recon_scan_get_place (self, n);

  return back < SAME * step ? n_places - 1 : n_places;
}

/* All frames of a scan are turned and flipped alike, as they are read: whatever counts rows and columns comes after. */

static ReconFrames *
turn_frames (ReconFrames *frames,
             GHashTable  *turned,
             ReconRotate  rotate,
             ReconFlip    flip)
{
  ReconReader *reader = frames != NULL ? recon_frames_get_reader (frames) : NULL;
  ReconReader *other;
  ReconFrames *result;

  if (reader == NULL)
    return NULL;

  /* One dataset may hold frames of all kinds. */
  other = g_hash_table_lookup (turned, reader);
  if (other == NULL)
    {
      other = recon_turned_reader_new (reader, rotate, flip);
      g_hash_table_insert (turned, reader, other);
    }
  result = recon_frames_new (other, recon_frames_get_index (frames), recon_frames_get_n (frames));
  recon_frames_free (frames);

  return result;
}

/* Turns what a path holds by what @config says. */
void
_recon_scan_turn (ReconContents *contents,
                  ReconConfig   *config)
{
  ReconRotate rotate = (ReconRotate) recon_config_get_choice (config, RECON_PARAM_ROTATE);
  ReconFlip flip = (ReconFlip) recon_config_get_choice (config, RECON_PARAM_FLIP);
  g_autoptr (GHashTable) turned = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);

  if (rotate == RECON_ROTATE_0 && flip == RECON_FLIP_NONE)
    return;

  contents->projections = turn_frames (contents->projections, turned, rotate, flip);
  contents->darks = turn_frames (contents->darks, turned, rotate, flip);
  contents->flats = turn_frames (contents->flats, turned, rotate, flip);
  contents->flats_after = turn_frames (contents->flats_after, turned, rotate, flip);
}

/* A sinogram is not a frame of the detector: of these, only columns may run backwards. */
gboolean
_recon_scan_check_turn (ReconScan    *self,
                        ReconConfig  *config,
                        GError      **error)
{
  ReconRotate rotate = (ReconRotate) recon_config_get_choice (config, RECON_PARAM_ROTATE);
  ReconFlip flip = (ReconFlip) recon_config_get_choice (config, RECON_PARAM_FLIP);

  if (!self->sinograms || (rotate == RECON_ROTATE_0 && flip != RECON_FLIP_VERTICAL))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("Sinograms cannot be turned by %s: that turns frames of the detector, and a sinogram has one row of "
                  "each. Give the projections instead of input.sinograms, or leave it out; --flip=horizontal works "
                  "with sinograms too."),
               rotate != RECON_ROTATE_0 ? "input.rotate" : "input.flip=vertical");

  return FALSE;
}

void
_recon_scan_report_turn (ReconConfig *config,
                         ReconLog    *log)
{
  g_autofree char *rotate = recon_config_format (config, RECON_PARAM_ROTATE);
  g_autofree char *flip = recon_config_format (config, RECON_PARAM_FLIP);

  if (!g_str_equal (rotate, "0"))
    recon_log_info (log, "Frames are turned by %s° counterclockwise (input.rotate)", rotate);
  if (!g_str_equal (flip, "none"))
    recon_log_info (log, "Frames are flipped: %s (input.flip)", flip);
}

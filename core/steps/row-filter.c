/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/row-filter.h"

#include <fftw3.h>
#include <glib/gi18n-lib.h>

#include "error.h"

/* Rows are shared out among threads. Every row is filtered by itself with the same plan, so the result depends neither
 * on the rows beside it nor on the number of threads. Plans are estimated, never measured: a measured plan, and with
 * it the last bit, could differ from run to run. */

/* Rows between two looks at the cancellable. */
#define ROWS_PER_CHECK 64

/* The part of a row at either end that mirror padding mirrors. */
#define MIRROR_SHARE 32

struct _ReconRowFilter
{
  ReconPadding   padding;
  guint          n_threads;
  guint          width;
  guint          padded_width;
  float         *response; /* padded_width / 2 + 1, with the 1/M that FFTW leaves to its users */
  fftwf_plan     forward;
  fftwf_plan     backward;
  float        **scratch; /* one per thread: padded_width + 2, a padded row or its transform */
};

typedef struct
{
  ReconRowFilter *filter;
  float          *scratch;
  float          *rows;
  gsize           n_rows;
  GCancellable   *cancellable;
} Share;

/* FFTW's planner is one for the process and not thread-safe; its plans are. */
static GMutex planner_lock;

static void
destroy_plan (fftwf_plan plan)
{
  g_mutex_lock (&planner_lock);
  fftwf_destroy_plan (plan);
  g_mutex_unlock (&planner_lock);
}

/**
 * recon_row_filter_free:
 * @self: (transfer full): a filter of rows
 */
void
recon_row_filter_free (ReconRowFilter *self)
{
  g_clear_pointer (&self->forward, destroy_plan);
  g_clear_pointer (&self->backward, destroy_plan);

  if (self->scratch != NULL)
    for (guint i = 0; i < self->n_threads; i++)
      g_clear_pointer (&self->scratch[i], fftwf_free);

  g_free (self->scratch);
  g_free (self->response);
  g_free (self);
}

static gsize
get_row_bytes (guint width)
{
  return ((gsize) recon_filter_padded_width (width) + 2) * sizeof (float);
}

/**
 * recon_row_filter_get_bytes:
 * @settings: the filter
 * @width: length of the rows
 *
 * Returns: the host memory that a filter of such rows needs
 */
gsize
recon_row_filter_get_bytes (const ReconFilterSettings *settings,
                            guint                      width)
{
  /* A scratch row per thread, and the response with what it is computed from. */
  return (MAX (settings->n_threads, 1) + (gsize) 3) * get_row_bytes (width);
}

static gboolean
make_plans (ReconRowFilter *self)
{
  float *row = self->scratch[0];
  int length = (int) self->padded_width;

  g_mutex_lock (&planner_lock);
  self->forward = fftwf_plan_dft_r2c_1d (length, row, (fftwf_complex *) row, FFTW_ESTIMATE);
  self->backward = fftwf_plan_dft_c2r_1d (length, (fftwf_complex *) row, row, FFTW_ESTIMATE);
  g_mutex_unlock (&planner_lock);

  return self->forward != NULL && self->backward != NULL;
}

/**
 * recon_row_filter_new:
 * @settings: the filter, not "none", and what continues the rows; copied. No thread counts as one.
 * @width: length of the rows
 * @error: return location
 *
 * Returns: (transfer full): a filter of rows, or %NULL with #RECON_ERROR_MEMORY
 */
ReconRowFilter *
recon_row_filter_new (const ReconFilterSettings  *settings,
                      guint                       width,
                      GError                    **error)
{
  g_autoptr (ReconRowFilter) self = g_new0 (ReconRowFilter, 1);
  gboolean has_memory = TRUE;

  self->padding = settings->padding;
  self->n_threads = MAX (settings->n_threads, 1);
  self->width = width;
  self->padded_width = recon_filter_padded_width (width);

  self->scratch = g_new0 (float *, self->n_threads);
  for (guint i = 0; i < self->n_threads && has_memory; i++)
    {
      self->scratch[i] = fftwf_malloc (get_row_bytes (width));
      has_memory = self->scratch[i] != NULL;
    }

  if (!has_memory || !make_plans (self))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                   _ ("No memory to filter rows of %u columns in %u threads. Set fewer --threads, or close other "
                      "programs."),
                   self->width, self->n_threads);
      return NULL;
    }

  self->response = g_new (float, (gsize) self->padded_width / 2 + 1);
  recon_filter_response (settings, self->padded_width, self->response);
  for (guint k = 0; k <= self->padded_width / 2; k++)
    self->response[k] /= (float) self->padded_width;

  return g_steal_pointer (&self);
}

/* A full mirror image would put a second object beside one that ends inside the detector, and lower its values by up
 * to 15 %: only a border is mirrored, and goes on as its mean. */
static guint
border_width (guint width)
{
  return MAX (1, width / MIRROR_SHARE);
}

static float
border_mean (const float *border,
             guint        n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (double) border[i];

  return (float) (sum / n);
}

static void
pad_mirror (const ReconRowFilter *self,
            const float          *row,
            float                *padded,
            guint                 n_right,
            guint                 n_left)
{
  const guint width = self->width;
  const guint n = border_width (width);
  const float right = border_mean (row + width - n, n);
  const float left = border_mean (row, n);

  for (guint i = 0; i < n_right; i++)
    padded[width + i] = i < n ? row[width - 1 - i] : right;
  for (guint i = 0; i < n_left; i++)
    padded[self->padded_width - 1 - i] = i < n ? row[i] : left;
}

/* Copies a row and continues it: one half of the padding to the right of the row, the other, which the transform
 * takes for the columns before 0, to the left. */
static void
pad_row (const ReconRowFilter *self,
         const float          *row,
         float                *padded)
{
  const guint width = self->width;
  const guint n_right = (self->padded_width - width + 1) / 2;
  const guint n_left = self->padded_width - width - n_right;
  float *right = padded + width;
  float *left = padded + self->padded_width - 1;

  for (guint i = 0; i < width; i++)
    padded[i] = row[i];

  switch (self->padding)
    {
    case RECON_PADDING_EDGE:
      for (guint i = 0; i < n_right; i++)
        right[i] = row[width - 1];
      for (guint i = 0; i < n_left; i++)
        *(left - i) = row[0];
      break;

    case RECON_PADDING_MIRROR:
      pad_mirror (self, row, padded, n_right, n_left);
      break;

    case RECON_PADDING_ZERO:
    default:
      for (guint i = 0; i < n_right + n_left; i++)
        right[i] = 0;
      break;
    }
}

static void
filter_row (const ReconRowFilter *self,
            float                *row,
            float                *scratch)
{
  const guint half = self->padded_width / 2;

  pad_row (self, row, scratch);

  fftwf_execute_dft_r2c (self->forward, scratch, (fftwf_complex *) scratch);
  for (guint k = 0; k <= half; k++)
    {
      scratch[2 * k] *= self->response[k];
      scratch[2 * k + 1] *= self->response[k];
    }
  fftwf_execute_dft_c2r (self->backward, (fftwf_complex *) scratch, scratch);

  for (guint i = 0; i < self->width; i++)
    row[i] = scratch[i];
}

static gpointer
filter_share (gpointer data)
{
  Share *share = data;
  float *row = share->rows;

  for (gsize i = 0; i < share->n_rows; i++, row += share->filter->width)
    {
      if (i % ROWS_PER_CHECK == 0 && g_cancellable_is_cancelled (share->cancellable))
        break;
      filter_row (share->filter, row, share->scratch);
    }

  return NULL;
}

/**
 * recon_row_filter_apply:
 * @self: a filter of rows
 * @rows: (inout): n_rows × width samples
 * @n_rows: number of rows
 * @cancellable: (nullable): to stop early; some rows are left as they were then
 *
 * Filters rows in place.
 */
void
recon_row_filter_apply (ReconRowFilter *self,
                        float          *rows,
                        gsize           n_rows,
                        GCancellable   *cancellable)
{
  const guint n_shares = (guint) MIN ((gsize) self->n_threads, n_rows);
  g_autofree Share *shares = g_new (Share, n_shares);
  g_autofree GThread **threads = g_new0 (GThread *, n_shares);
  gsize begin = 0;

  for (guint i = 0; i < n_shares; i++)
    {
      gsize n = n_rows / n_shares + (i < n_rows % n_shares);

      shares[i] = (Share) { self, self->scratch[i], rows + begin * self->width, n, cancellable };
      begin += n;
    }

  /* This thread takes the first share, and those for which no thread can be had. */
  for (guint i = 1; i < n_shares; i++)
    threads[i] = g_thread_try_new ("filter", filter_share, &shares[i], NULL);
  for (guint i = 0; i < n_shares; i++)
    if (threads[i] == NULL)
      filter_share (&shares[i]);
  for (guint i = 1; i < n_shares; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bench-scan.h"

#include <math.h>

#include "io/angles.h"
#include "phantom/phantom.h"

/* Slices differ, so that none can pass for another: they are the phantom times 1 - i/1000, with references of their
 * own. The factors repeat after a prime number of slices, which no size of groups or blocks divides. */
#define N_FACTORS 251

#define LARGEST_INTEGRAL 2.0
#define BEAM 30000.0
#define DARK 100.0
#define SUPERSAMPLING 4
#define PSNR_RADIUS 0.95

static double
get_factor (guint slice)
{
  return 1.0 - (slice % N_FACTORS) / 1000.0;
}

static double
get_dark (guint slice)
{
  return DARK + slice % 7;
}

static double
get_flat (guint slice,
          guint column)
{
  return BEAM * (1.0 + 0.1 * sin (0.02 * column + slice));
}

typedef void (*RowFunc) (guint    row,
                         gpointer data);

typedef struct
{
  RowFunc  func;
  gpointer data;
  guint    n_rows;
  gint     next;
} Rows;

static gpointer
rows_thread (gpointer data)
{
  Rows *rows = data;
  guint row;

  while ((row = (guint) g_atomic_int_add (&rows->next, 1)) < rows->n_rows)
    rows->func (row, rows->data);

  return NULL;
}

/* Does the rows with all processors. */
static void
for_rows (guint    n_rows,
          RowFunc  func,
          gpointer data)
{
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  Rows rows = { func, data, n_rows, 0 };

  for (guint i = 0; i < g_get_num_processors (); i++)
    g_ptr_array_add (threads, g_thread_new ("rows", rows_thread, &rows));
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
}

typedef struct
{
  const BenchScan *scan;
  double           axis;
  float           *lines;
} Projections;

static void
project_row (guint    row,
             gpointer data)
{
  const Projections *p = data;
  const BenchScan *scan = p->scan;

  recon_phantom_project (recon_phantom_find ("shepp-logan"), 1, scan->columns, 0.5 * scan->columns, p->axis, 0,
                         scan->angles[row], p->lines + (gsize) row * scan->columns);
}

static float *
make_lines (const BenchScan *self,
            double           axis)
{
  Projections projections = { self, axis, g_new (float, (gsize) self->n_angles * self->columns) };

  for_rows (self->n_angles, project_row, &projections);

  return projections.lines;
}

/* The phantom about the middle of @width × @width pixels. */
static float *
make_slice (const BenchScan *self,
            guint            width)
{
  float *pixels = g_new (float, (gsize) width * width);

  recon_phantom_slice (recon_phantom_find ("shepp-logan"), 1, 0.5 * self->columns, 0, width, width, SUPERSAMPLING,
                       pixels);

  return pixels;
}

/* Returns: (transfer full): the scan; its axis is the middle of the detector, (columns - 1)/2 */
BenchScan *
bench_scan_new (guint columns,
                guint n_angles)
{
  BenchScan *self = g_new0 (BenchScan, 1);
  float largest = 0;

  self->columns = columns;
  self->n_angles = n_angles;
  self->angles = g_new (double, n_angles);
  for (guint i = 0; i < n_angles; i++)
    self->angles[i] = i * G_PI / n_angles;
  self->weights = recon_angles_weights (self->angles, n_angles, NULL);
  self->lines = make_lines (self, 0.5 * (columns - 1));
  self->truth = make_slice (self, columns);

  for (gsize i = 0; i < (gsize) n_angles * columns; i++)
    largest = MAX (largest, self->lines[i]);
  self->attenuation = LARGEST_INTEGRAL / (double) largest;

  return self;
}

void
bench_scan_free (BenchScan *self)
{
  g_free (self->angles);
  g_free (self->weights);
  g_free (self->lines);
  g_free (self->truth);
  g_free (self);
}

static gboolean
save_values (const char   *folder,
             const char   *what,
             guint         columns,
             const float  *values,
             gsize         n,
             GError      **error)
{
  g_autofree char *name = g_strdup_printf ("%s-%u.f32", what, columns);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_set_contents_full (path, (const char *) values, (gssize) (n * sizeof (float)), G_FILE_SET_CONTENTS_NONE,
                                   0666, error);
}

/* Saves for other programs what the first slice is made from, and what it should be: plain float32 in the machine's
 * byte order, sinogram-N.f32 (n_angles × N) and slice-N.f32 (N × N). Programs whose axis is always the column N/2,
 * rounded down, get those about it: sinogram-half-N.f32 and slice-half-N.f32. */
gboolean
bench_scan_save (const BenchScan  *self,
                 const char       *folder,
                 GError          **error)
{
  const guint n = self->columns, half = n / 2, odd = 2 * half + 1;
  const gsize n_lines = (gsize) self->n_angles * n, n_pixels = (gsize) n * n;
  g_autofree float *half_lines = make_lines (self, half);
  g_autofree float *half_truth = make_slice (self, odd);

  /* The column `half` is the middle of `odd` columns; one too many is left out. */
  for (guint y = 0; y < n; y++)
    for (guint x = 0; x < n; x++)
      half_truth[(gsize) y * n + x] = half_truth[(gsize) y * odd + x];

  return save_values (folder, "sinogram", n, self->lines, n_lines, error) &&
         save_values (folder, "slice", n, self->truth, n_pixels, error) &&
         save_values (folder, "sinogram-half", n, half_lines, n_lines, error) &&
         save_values (folder, "slice-half", n, half_truth, n_pixels, error);
}

/* Fills in the darks and flats of the slices [first, first + n). */
void
bench_scan_references (const BenchScan *self,
                       guint            first,
                       guint            n,
                       float           *dark,
                       float           *flat)
{
  for (guint i = 0; i < n; i++)
    for (guint c = 0; c < self->columns; c++)
      {
        dark[(gsize) i * self->columns + c] = (float) get_dark (first + i);
        flat[(gsize) i * self->columns + c] = (float) get_flat (first + i, c);
      }
}

typedef struct
{
  const BenchScan *scan;
  guint            first, n, n_padded;
  float           *counts;
} Counts;

static void
count_row (guint    row,
           gpointer data)
{
  const Counts *c = data;
  const gsize columns = c->scan->columns;
  const float *line = c->scan->lines + row * columns;

  for (guint i = 0; i < c->n; i++)
    {
      const float factor = (float) (-c->scan->attenuation * get_factor (c->first + i));
      const float dark = (float) get_dark (c->first + i);
      float *out = c->counts + ((gsize) row * c->n_padded + i) * columns;

      for (guint k = 0; k < columns; k++)
        out[k] = dark + ((float) get_flat (c->first + i, k) - dark) * expf (factor * line[k]);
    }
}

/* Makes the raw counts of the slices [first, first + n): of each angle there is room for @n_padded rows. */
void
bench_scan_counts (const BenchScan *self,
                   guint            first,
                   guint            n,
                   guint            n_padded,
                   float           *counts)
{
  Counts data = { self, first, n, n_padded, counts };

  for_rows (self->n_angles, count_row, &data);
}

/* Returns: 10 log10 (1/mean square error) in dB of a slice divided by its factor; the mean is over the pixels whose
 *   centres are within 0.95 of the inscribed circle, edges of the phantom included, and the peak is 1 */
double
bench_scan_psnr (const BenchScan *self,
                 guint            slice,
                 const float     *pixels)
{
  const double middle = 0.5 * (self->columns - 1), factor = get_factor (slice);
  const double radius = PSNR_RADIUS * 0.5 * self->columns;
  double sum = 0;
  gsize n = 0;

  for (guint y = 0; y < self->columns; y++)
    for (guint x = 0; x < self->columns; x++)
      {
        const gsize i = (gsize) y * self->columns + x;
        const double difference = (double) pixels[i] / factor - (double) self->truth[i];

        if ((x - middle) * (x - middle) + (y - middle) * (y - middle) > radius * radius)
          continue;
        sum += difference * difference;
        n++;
      }

  return -10 * log10 (sum / (double) n);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "task-runner.h"
#include "support.h"

static const ReconFilterKind filters[] = {
  RECON_FILTER_RAMP, RECON_FILTER_SHEPP_LOGAN, RECON_FILTER_COSINE,      RECON_FILTER_HANN,
  RECON_FILTER_HAMMING, RECON_FILTER_PARZEN,   RECON_FILTER_BUTTERWORTH,
};

static const ReconPadding paddings[] = { RECON_PADDING_ZERO, RECON_PADDING_EDGE, RECON_PADDING_MIRROR };

static ReconFilterSettings
make_settings (ReconFilterKind  filter,
               ReconPadding padding)
{
  return (ReconFilterSettings) { filter, padding, 0.5, 4 };
}

/* 2ᵃ or 3·2ᵃ, a ≥ 1 */
static gboolean
is_friendly (guint length)
{
  if (length % 2 != 0)
    return FALSE;
  while (length % 2 == 0)
    length /= 2;

  return length == 1 || length == 3;
}

static void
test_padded_width (void)
{
  for (guint width = 1; width < 3000; width++)
    {
      guint length = 2 * width;

      while (!is_friendly (length))
        length += 2;
      g_assert_cmpuint (recon_filter_padded_width (width), ==, length);
    }

  g_assert_cmpuint (recon_filter_padded_width (1u << 29), ==, 1u << 30);
}

/* Kak & Slaney's samples of the band-limited ramp. */
static double
get_ramp_sample (gint64 n)
{
  if (n == 0)
    return 0.25;

  return n % 2 == 0 ? 0 : -1 / (G_PI * G_PI * (double) n * (double) n);
}

/* The response must be the transform of the samples: transformed back it gives them. */
static void
test_ramp_samples (void)
{
  const guint lengths[] = { 2, 4, 6, 8, 10, 18, 30, 64, 90, 250, 1024 };
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_ZERO);

  for (guint l = 0; l < G_N_ELEMENTS (lengths); l++)
    {
      const guint m = lengths[l];
      g_autofree float *response = g_new (float, m / 2 + 1);

      recon_filter_response (&settings, m, response);
      for (guint n = 0; n <= m / 2; n++)
        {
          double sum = 0;

          for (guint k = 0; k < m; k++)
            sum += (double) response[k <= m / 2 ? k : m - k] * cos (2 * G_PI * k * n / m);
          g_assert_cmpfloat_with_epsilon (sum / m, get_ramp_sample (n), 1e-7);
        }

      /* No value is lost at frequency 0, and the rest follows |f|. */
      g_assert_cmpfloat (response[0], >, 0);
      g_assert_cmpfloat_with_epsilon ((double) response[m / 2], 0.5, 0.6 / m);
    }
}

static double
get_window (const ReconFilterSettings *settings,
            double                     x)
{
  switch (settings->filter)
    {
    case RECON_FILTER_SHEPP_LOGAN:
      return x > 0 ? sin (G_PI * x / 2) / (G_PI * x / 2) : 1;
    case RECON_FILTER_COSINE:
      return cos (G_PI * x / 2);
    case RECON_FILTER_HANN:
      return pow (cos (G_PI * x / 2), 2);
    case RECON_FILTER_HAMMING:
      return 0.08 + 0.92 * pow (cos (G_PI * x / 2), 2);
    case RECON_FILTER_PARZEN:
      return x < 0.5 ? 1 - 6 * x * x + 6 * x * x * x : 2 * pow (1 - x, 3);
    case RECON_FILTER_BUTTERWORTH:
      return 1 / (1 + pow (x / settings->cutoff, 2 * (int) settings->order));
    default:
      return 1;
    }
}

/* Values that can be checked by head: W at 0, at half and at the whole Nyquist frequency. */
static void
test_windows (void)
{
  static const struct
  {
    ReconFilterKind filter;
    double      half, whole;
  } known[] = {
    { RECON_FILTER_RAMP, 1, 1 },
    { RECON_FILTER_SHEPP_LOGAN, 0.9003163161571061, 0.6366197723675814 },
    { RECON_FILTER_COSINE, 0.7071067811865476, 0 },
    { RECON_FILTER_HANN, 0.5, 0 },
    { RECON_FILTER_HAMMING, 0.54, 0.08 },
    { RECON_FILTER_PARZEN, 0.25, 0 },
    { RECON_FILTER_BUTTERWORTH, 0.5, 1.0 / 257 },
  };
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_ZERO);
  float ramp[513], response[513];

  recon_filter_response (&settings, 1024, ramp);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      settings.filter = known[i].filter;
      recon_filter_response (&settings, 1024, response);

      g_assert_cmpfloat (response[0], ==, ramp[0]);
      g_assert_cmpfloat_with_epsilon ((double) response[256] / (double) ramp[256], known[i].half, 1e-6);
      g_assert_cmpfloat_with_epsilon ((double) response[512] / (double) ramp[512], known[i].whole, 1e-6);
      for (guint k = 0; k <= 512; k++)
        g_assert_cmpfloat_with_epsilon ((double) response[k], (double) ramp[k] * get_window (&settings, k / 512.0),
                                        1e-6);
    }

  settings.filter = RECON_FILTER_NONE;
  recon_filter_response (&settings, 1024, response);
  for (guint k = 0; k <= 512; k++)
    g_assert_cmpfloat (response[k], ==, 1);
}

/* The sample at a column of the row continued on either side; width ≤ column < width + n_right lies to the right,
 * -n_left ≤ column < 0 to the left. */
static double
get_continued (const float  *row,
               int           width,
               int           column,
               ReconPadding  padding)
{
  if (column >= 0 && column < width)
    return (double) row[column];

  switch (padding)
    {
    case RECON_PADDING_EDGE:
      return (double) row[column < 0 ? 0 : width - 1];

    case RECON_PADDING_MIRROR:
      {
        const int n = MAX (1, width / 32);
        const int beyond = column < 0 ? -1 - column : column - width;
        double sum = 0;

        if (beyond < n)
          return (double) row[column < 0 ? beyond : width - 1 - beyond];
        for (int i = 0; i < n; i++)
          sum += (double) row[column < 0 ? i : width - 1 - i];
        return sum / n;
      }

    case RECON_PADDING_ZERO:
    default:
      return 0;
    }
}

/* The samples of ramp times window, over one period m, by a plain transform in double precision. */
static double *
make_kernel (const ReconFilterSettings *settings,
             guint                      m)
{
  g_autofree double *spectrum = g_new0 (double, m);
  double *kernel = g_new0 (double, m);

  for (guint k = 0; k < m; k++)
    {
      double x = 2.0 * MIN (k, m - k) / m;

      for (guint n = 0; n < m; n++)
        spectrum[k] += get_ramp_sample (MIN (n, m - n)) * cos (2 * G_PI * k * n / m);
      spectrum[k] *= get_window (settings, x);
    }
  for (guint n = 0; n < m; n++)
    for (guint k = 0; k < m; k++)
      kernel[n] += spectrum[k] * cos (2 * G_PI * k * n / m) / m;

  return kernel;
}

static void
check_convolution (ReconDevice               *device,
                   const ReconFilterSettings *settings,
                   guint                      width)
{
  const guint n_rows = 3;
  const guint m = recon_filter_padded_width (width);
  const int n_right = (m - width + 1) / 2, n_left = m - width - n_right;
  g_autofree double *kernel = make_kernel (settings, m);
  g_autofree float *rows = g_new (float, n_rows * width);
  g_autoptr (Subject) subject = filter_new (settings);
  Block block = { .n = 1, .n_angles = n_rows, .width = width };
  guint state = width;
  float *result;

  for (guint i = 0; i < n_rows * width; i++)
    rows[i] = (float) (2 * test_random (&state) - 0.3);
  result = run_task (subject, device, &block, rows);

  for (guint r = 0; r < n_rows; r++)
    for (int i = 0; i < (int) width; i++)
      {
        double sum = 0;

        for (int j = -n_left; j < (int) width + n_right; j++)
          sum += get_continued (rows + r * width, width, j, settings->padding) * kernel[((i - j) % (int) m + m) % m];
        g_assert_cmpfloat_with_epsilon ((double) result[r * width + i], sum, 2e-6);
      }

  recon_host_memory_free (result);
}

static void
test_convolution (void)
{
  const guint widths[] = { 1, 2, 3, 4, 5, 9, 16, 33, 64, 101 };
  g_autoptr (ReconDevice) device = open_device (TRUE);

  for (guint f = 0; f < G_N_ELEMENTS (filters); f++)
    for (guint p = 0; p < G_N_ELEMENTS (paddings); p++)
      for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
        {
          ReconFilterSettings settings = make_settings (filters[f], paddings[p]);

          check_convolution (device, &settings, widths[w]);
        }
}

/* With zeros around it the ramp's result is the linear convolution with Kak & Slaney's samples, nothing wrapped. */
static void
test_linear (void)
{
  g_autoptr (ReconDevice) device = open_device (TRUE);
  const guint widths[] = { 1, 2, 3, 250, 251, 512 };

  for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const guint width = widths[w];
      ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_ZERO);
      g_autoptr (Subject) subject = filter_new (&settings);
      g_autofree float *row = g_new (float, width);
      Block block = { .n = 1, .n_angles = 1, .width = width };
      guint state = 7;
      float *result;

      for (guint i = 0; i < width; i++)
        row[i] = (float) (100 * test_random (&state));
      result = run_task (subject, device, &block, row);

      for (guint i = 0; i < width; i++)
        {
          double sum = 0;

          for (guint j = 0; j < width; j++)
            sum += (double) row[j] * get_ramp_sample ((gint64) i - j);
          g_assert_cmpfloat_with_epsilon ((double) result[i], sum, 1e-4);
        }
      recon_host_memory_free (result);
    }
}

/* A row of ones: the sum of the samples that the row holds, which tends to 0 in the middle of a long one as 2/(π² n)
 * does; with the row continued it is the same for every window, as each is 1 at frequency 0. */
static void
test_uniform (void)
{
  enum { WIDTH = 2000, PADDED = 4096 };
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autofree float *row = g_new (float, WIDTH);
  Block block = { .n = 1, .n_angles = 1, .width = WIDTH };
  float response[PADDED / 2 + 1];

  for (guint i = 0; i < WIDTH; i++)
    row[i] = 1;

  for (guint f = 0; f < G_N_ELEMENTS (filters); f++)
    {
      ReconFilterSettings settings = make_settings (filters[f], RECON_PADDING_EDGE);
      g_autoptr (Subject) edge = filter_new (&settings);
      g_autoptr (Subject) zero = NULL;
      float *result = run_task (edge, device, &block, row);

      recon_filter_response (&settings, PADDED, response);
      g_assert_cmpuint (recon_filter_padded_width (WIDTH), ==, PADDED);
      g_assert_cmpfloat_with_epsilon ((double) response[0], 2 / (G_PI * G_PI * PADDED), 1e-7);
      for (guint i = 0; i < WIDTH; i++)
        g_assert_cmpfloat_with_epsilon (result[i], response[0], 5e-7f);
      recon_host_memory_free (result);

      settings.padding = RECON_PADDING_ZERO;
      zero = filter_new (&settings);
      result = run_task (zero, device, &block, row);
      g_assert_cmpfloat_with_epsilon ((double) result[WIDTH / 2], 2 / (G_PI * G_PI * WIDTH), 1e-6);
      recon_host_memory_free (result);
    }
}

/* Bits depend neither on the block, nor on the lanes and what is in them, nor on where the memory is. */
static void
test_equality (void)
{
  enum { N = 21, ANGLES = 37, WIDTH = 203 };
  g_autoptr (ReconDevice) shared = open_device (TRUE);
  g_autoptr (ReconDevice) own = open_device (FALSE);
  g_autofree float *data = g_new (float, N * ANGLES * WIDTH);
  Block block = { .n = N, .n_angles = ANGLES, .width = WIDTH };
  guint state = 3;

  for (guint i = 0; i < N * ANGLES * WIDTH; i++)
    data[i] = (float) (test_random (&state) * (i % 7 == 0 ? 1e4 : 1));

  for (guint p = 0; p < G_N_ELEMENTS (paddings); p++)
    for (guint lanes = RECON_MIN_LANES; lanes <= RECON_MAX_LANES; lanes *= 2)
      {
        ReconFilterKind filter = p == 0 ? RECON_FILTER_NONE : RECON_FILTER_SHEPP_LOGAN;
        ReconFilterSettings settings = make_settings (filter, paddings[p]);
        g_autoptr (Subject) subject = filter_new (&settings);
        float *expected;

        block.lanes = lanes;
        expected = run_task (subject, lanes == 8 ? own : shared, &block, data);
        assert_any_rows_equal (subject, lanes == 4 ? own : shared, &block, data, expected);
        recon_host_memory_free (expected);
      }
}

/* Several launches. */
static void
test_large (void)
{
  enum { ANGLES = 1500, WIDTH = 1501 };
  g_autoptr (ReconDevice) shared = open_device (TRUE);
  g_autoptr (ReconDevice) own = open_device (FALSE);
  g_autofree float *data = g_new (float, ANGLES * WIDTH);
  Block block = { .n = 1, .n_angles = ANGLES, .width = WIDTH };
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_EDGE);
  g_autoptr (Subject) subject = filter_new (&settings);
  guint state = 3;
  float *one, *other;

  for (guint i = 0; i < ANGLES * WIDTH; i++)
    data[i] = (float) test_random (&state);
  one = run_task (subject, shared, &block, data);
  other = run_task (subject, own, &block, data);
  g_assert_cmpmem (one, ANGLES * WIDTH * sizeof (float), other, ANGLES * WIDTH * sizeof (float));

  recon_host_memory_free (one);
  recon_host_memory_free (other);
}

static void
test_none (void)
{
  g_autoptr (ReconDevice) device = open_device (TRUE);
  ReconFilterSettings settings = make_settings (RECON_FILTER_NONE, RECON_PADDING_EDGE);
  g_autoptr (Subject) subject = filter_new (&settings);
  const float data[] = { 1, -2, 3.25f, 0, 1e-20f, 1e20f };
  Block block = { .n = 1, .n_angles = 2, .width = 3 };
  float *result = run_task (subject, device, &block, data);

  g_assert_cmpmem (result, sizeof data, data, sizeof data);
  recon_host_memory_free (result);
}

/* A broken sample spoils its own row only: not the other slices', and not the projection that is filtered with it. */
static void
test_nan (void)
{
  enum { N = 6, ANGLES = 5, WIDTH = 50 };
  g_autoptr (ReconDevice) device = open_device (TRUE);
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_EDGE);
  g_autoptr (Subject) subject = filter_new (&settings);
  float data[N * ANGLES * WIDTH] = { 0 };
  Block block = { .n = N, .n_angles = ANGLES, .width = WIDTH, .lanes = 4 };
  float *result;

  data[(0 * ANGLES + 1) * WIDTH + 20] = NAN;
  data[(2 * ANGLES + 2) * WIDTH] = INFINITY;
  data[(4 * ANGLES + 4) * WIDTH + 49] = -INFINITY;
  result = run_task (subject, device, &block, data);
  for (guint i = 0; i < N * ANGLES * WIDTH; i++)
    {
      guint row = i / WIDTH;

      if (row == 1 || row == 2 * ANGLES + 2 || row == 4 * ANGLES + 4)
        g_assert_true (isnan (result[i]));
      else
        g_assert_cmpfloat (result[i], ==, 0);
    }
  recon_host_memory_free (result);
}

/* Nor does one that is finite but far beyond what a scan holds, by overflow or by its rounding: the row that is
 * filtered with it has to be as good as with any other. */
static void
test_huge (void)
{
  enum { N = 6, ANGLES = 4, WIDTH = 50 };
  const float values[] = { 1e5f, -1e10f, 1e30f, 1e38f, -G_MAXFLOAT };
  g_autoptr (ReconDevice) device = open_device (TRUE);

  for (guint v = 0; v < G_N_ELEMENTS (values); v++)
    {
      ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, (ReconPadding) (v % 3));
      g_autoptr (Subject) subject = filter_new (&settings);
      float data[N * ANGLES * WIDTH];
      Block block = { .n = N, .n_angles = ANGLES, .width = WIDTH, .lanes = 4 };
      float *expected, *result;
      guint state = 7;

      for (guint i = 0; i < G_N_ELEMENTS (data); i++)
        data[i] = (float) test_random (&state);
      expected = run_task (subject, device, &block, data);

      /* The first and the second one of a pair, and both. */
      data[(0 * ANGLES + 0) * WIDTH + 20] = values[v];
      data[(2 * ANGLES + 3) * WIDTH] = values[v];
      data[(5 * ANGLES + 0) * WIDTH + 49] = data[(5 * ANGLES + 1) * WIDTH + 9] = values[v];
      result = run_task (subject, device, &block, data);
      for (guint i = 0; i < N * ANGLES * WIDTH; i++)
        {
          guint row = i / WIDTH;

          if (row == 1 || row == 2 * ANGLES + 2)
            g_assert_cmpfloat_with_epsilon (result[i], expected[i], 1e-6f);
          else if (row == 0 || row == 2 * ANGLES + 3 || row == 5 * ANGLES || row == 5 * ANGLES + 1)
            g_assert_false (isnan (result[i]));
          else
            g_assert_cmpfloat (result[i], ==, expected[i]);
        }
      g_assert_cmpfloat_with_epsilon (result[20] / values[v], 0.25f, 1e-4f);
      recon_host_memory_free (expected);
      recon_host_memory_free (result);
    }
}

static void
test_shape (void)
{
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_EDGE);
  g_autoptr (Subject) subject = filter_new (&settings);
  g_autoptr (GError) error = NULL;
  Block block = { .n = 3, .n_angles = 10, .width = 2048 };
  const ReconArrayInfo *made;

  shape_block (subject, &block, &error);
  g_assert_no_error (error);
  made = recon_task_get_output (subject->task, 0);
  g_assert_true (recon_array_info_has_axes (made, "angle", "row", "column", NULL));
  g_assert_cmpuint (made->axes[0].size, ==, 10);
  g_assert_cmpuint (made->axes[1].size, ==, 3);
  g_assert_cmpuint (made->axes[2].size, ==, 2048);
  g_assert_true (made->geometry->is_filtered);
  g_assert_false (subject->geometry->is_filtered);
  g_assert_cmpuint (ask_task (subject).device_bytes, >=, 2 * 2 * 4096 * RECON_MIN_LANES * sizeof (float));

  /* What is not filtered is not per column. */
  set_text (subject, "filter", "none");
  shape_block (subject, &block, &error);
  g_assert_no_error (error);
  g_assert_false (recon_task_get_output (subject->task, 0)->geometry->is_filtered);

  assert_projections_only (subject);
  block.width = G_MAXUINT;
  assert_block_refused (subject, &block, RECON_ERROR_INPUT, "Rows of 4294967295 columns are too long to be filtered.");
  block.width = 0;
  assert_block_refused (subject, &block, RECON_ERROR_CONFIG, "angle 10 × row 3 × column 0");
}

static void
test_cancel (void)
{
  ReconFilterSettings settings = make_settings (RECON_FILTER_RAMP, RECON_PADDING_EDGE);
  g_autoptr (Subject) subject = filter_new (&settings);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autoptr (GError) error = NULL;
  Block block = { .n = 1, .n_angles = 1, .width = 4 };
  const float data[4] = { 0 };

  g_cancellable_cancel (cancellable);
  g_assert_null (try_task (subject, device, &block, data, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/filter/padded-width", test_padded_width);
  g_test_add_func ("/filter/ramp-samples", test_ramp_samples);
  g_test_add_func ("/filter/windows", test_windows);
  g_test_add_func ("/filter/convolution", test_convolution);
  g_test_add_func ("/filter/linear", test_linear);
  g_test_add_func ("/filter/uniform", test_uniform);
  g_test_add_func ("/filter/equality", test_equality);
  g_test_add_func ("/filter/large", test_large);
  g_test_add_func ("/filter/none", test_none);
  g_test_add_func ("/filter/nan", test_nan);
  g_test_add_func ("/filter/huge", test_huge);
  g_test_add_func ("/filter/shape", test_shape);
  g_test_add_func ("/filter/cancel", test_cancel);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "task-runner.h"

/* The same by the book: every column of a sinogram sorted by value, equal ones by angle, a median over columns at each
 * rank, and back. */

typedef struct
{
  float value;
  guint angle;
} Entry;

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const Entry *one = a, *other = b;

  if (one->value != other->value)
    return one->value < other->value ? -1 : 1;

  return one->angle < other->angle ? -1 : 1;
}

static int
compare_floats (gconstpointer a,
                gconstpointer b)
{
  const float one = *(const float *) a, other = *(const float *) b;

  return (one > other) - (one < other);
}

/* The row goes on mirrored: its end columns stand twice. */
static guint
mirror (int   column,
        guint width)
{
  while (column < 0 || column >= (int) width)
    column = column < 0 ? -1 - column : 2 * (int) width - 1 - column;

  return (guint) column;
}

/* @data: n_angles × width */
static void
remove_by_the_book (const float *data,
                    guint        n_angles,
                    guint        width,
                    guint        half,
                    float       *result)
{
  g_autofree Entry *entries = g_new (Entry, (gsize) n_angles * width);
  g_autofree float *window = g_new (float, 2 * half + 1);

  for (guint c = 0; c < width; c++)
    {
      for (guint a = 0; a < n_angles; a++)
        entries[(gsize) c * n_angles + a] = (Entry) { data[(gsize) a * width + c], a };
      qsort (entries + (gsize) c * n_angles, n_angles, sizeof (Entry), compare_entries);
    }

  for (guint rank = 0; rank < n_angles; rank++)
    for (guint c = 0; c < width; c++)
      {
        for (guint i = 0; i <= 2 * half; i++)
          window[i] = entries[(gsize) mirror ((int) c + (int) i - (int) half, width) * n_angles + rank].value;
        qsort (window, 2 * half + 1, sizeof *window, compare_floats);
        result[(gsize) entries[(gsize) c * n_angles + rank].angle * width + c] = window[half];
      }
}

static Subject *
remove_rings_new (const char *window)
{
  Subject *subject = subject_new ("remove-rings");

  set_text (subject, "method", "sorting");
  set_text (subject, "window", window);

  return subject;
}

/* Values that repeat, of either sign, and zeros of both. */
static float *
make_data (const Block *block,
           guint        seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  const gsize n = (gsize) block->n * block->n_angles * block->width;
  float *data = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    data[i] = (float) g_rand_int_range (random, -50, 50) / 8.0f;
  data[0] = -0.0f;

  return data;
}

static void
test_by_the_book (gconstpointer likes_small_items)
{
  const struct
  {
    guint       n_angles, width;
    const char *window;
  } cases[] = {
    { 37, 29, "5" },  { 37, 29, "4" },  { 64, 16, "21" }, { 1, 8, "3" },
    { 2, 2, "999" },  { 90, 1, "7" },   { 41, 33, "1" },  { 150, 70, "31" },
  };
  g_autoptr (ReconDevice) device = open_device_for (TRUE, GPOINTER_TO_UINT (likes_small_items));

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Block block = { .n = 3, .n_angles = cases[i].n_angles, .width = cases[i].width };
      const gsize size = (gsize) block.n_angles * block.width;
      g_autoptr (Subject) subject = remove_rings_new (cases[i].window);
      g_autofree float *data = make_data (&block, i);
      g_autofree float *expected = g_new (float, size);
      float *result = run_task (subject, device, &block, data);

      for (guint row = 0; row < block.n; row++)
        {
          remove_by_the_book (data + row * size, block.n_angles, block.width, (guint) atoi (cases[i].window) / 2,
                              expected);
          for (gsize k = 0; k < size; k++)
            g_assert_cmpfloat (result[row * size + k], ==, expected[k]);
        }
      recon_host_memory_free (result);
    }
}

/* Columns that answer otherwise than their neighbours lose their offset; a smooth object is hardly changed, by less
 * than what it changes from column to column. */
static void
test_stripe (void)
{
  const Block block = { .n = 1, .n_angles = 180, .width = 101 };
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autoptr (Subject) subject = remove_rings_new ("21");
  g_autofree float *clean = g_new (float, 180 * 101);
  g_autofree float *striped = g_new (float, 180 * 101);
  double before = 0, after = 0, elsewhere = 0;
  float *result;

  for (guint a = 0; a < 180; a++)
    for (guint c = 0; c < 101; c++)
      {
        const double x = (c - 50.0 - 12 * cos (G_PI * a / 180)) / 30;

        clean[a * 101 + c] = (float) (2 * exp (-x * x));
        striped[a * 101 + c] = clean[a * 101 + c] + (c == 40 ? 0.3f : c == 70 || c == 71 ? -0.2f : 0);
      }

  result = run_task (subject, device, &block, striped);
  for (guint i = 0; i < 180 * 101; i++)
    {
      const double error = pow ((double) (result[i] - clean[i]), 2);

      before += pow ((double) (striped[i] - clean[i]), 2);
      if (striped[i] != clean[i])
        after += error;
      else
        elsewhere += error / (180 * 98);
    }
  g_assert_cmpfloat (after, <, 0.15 * before);
  g_assert_cmpfloat (sqrt (elsewhere), <, 0.06);
  recon_host_memory_free (result);
}

/* What is no number stays out of the medians of others as long as it is rare, and no value is made up for a column that
 * has none. */
static void
test_not_finite (void)
{
  const Block block = { .n = 1, .n_angles = 20, .width = 15 };
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autoptr (Subject) subject = remove_rings_new ("5");
  g_autofree float *data = g_new (float, 20 * 15);
  float *result;

  for (guint i = 0; i < 20 * 15; i++)
    data[i] = 1;
  data[3 * 15 + 7] = NAN;
  data[4 * 15 + 7] = INFINITY;
  data[5 * 15 + 7] = -INFINITY;
  result = run_task (subject, device, &block, data);
  for (guint i = 0; i < 20 * 15; i++)
    g_assert_cmpfloat (result[i], ==, 1);
  recon_host_memory_free (result);

  for (guint i = 0; i < 20 * 15; i++)
    data[i] = NAN;
  result = run_task (subject, device, &block, data);
  for (guint i = 0; i < 20 * 15; i++)
    g_assert_true (isnan (result[i]));
  recon_host_memory_free (result);
}

static void
test_regions (void)
{
  const Block block = { .n = 7, .n_angles = 33, .width = 21 };
  g_autoptr (ReconDevice) device = open_device (FALSE);
  g_autoptr (Subject) subject = remove_rings_new ("9");
  g_autofree float *data = make_data (&block, 3);
  float *whole = run_task (subject, device, &block, data);

  assert_any_rows_equal (subject, device, &block, data, whole);
  recon_host_memory_free (whole);
}

static void
test_refused (void)
{
  g_autoptr (Subject) subject = remove_rings_new ("9");
  g_autoptr (GError) error = NULL;

  assert_projections_only (subject);
  g_assert_false (recon_task_set (subject->task, "window", "1000", &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/remove-rings/by-the-book/processor", GUINT_TO_POINTER (FALSE), test_by_the_book);
  g_test_add_data_func ("/remove-rings/by-the-book/gpu", GUINT_TO_POINTER (TRUE), test_by_the_book);
  g_test_add_func ("/remove-rings/stripe", test_stripe);
  g_test_add_func ("/remove-rings/not-finite", test_not_finite);
  g_test_add_func ("/remove-rings/regions", test_regions);
  g_test_add_func ("/remove-rings/refused", test_refused);

  return g_test_run ();
}

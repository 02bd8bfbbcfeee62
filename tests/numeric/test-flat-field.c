/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/error.h"
#include "support.h"
#include "task-runner.h"

#define N_SLICES 3
#define N_ANGLES 7
#define WIDTH    131
#define N_DATA   (N_SLICES * N_ANGLES * WIDTH)
#define N_LINE   (N_SLICES * WIDTH)

static const FlatFieldSettings plain = {
  .correct = TRUE,
  .absorptivity = TRUE,
  .fix_nan_inf = TRUE,
  .dark_scale = 1,
  .clip_minimum = 1e-6,
  .n_angles = N_ANGLES,
};

typedef struct
{
  float      data[N_DATA];
  float      dark[N_LINE];
  float      flat[N_LINE];
  float      flat_after[N_LINE];
  float      positions[N_ANGLES];
  Block block;
} Scan;

static Scan *
make_scan (void)
{
  Scan *scan = g_new0 (Scan, 1);
  guint state = 1;

  for (guint i = 0; i < N_LINE; i++)
    {
      scan->dark[i] = (float) (90 + 20 * test_random (&state));
      scan->flat[i] = (float) (20000 + 9000 * test_random (&state));
      scan->flat_after[i] = scan->flat[i] * (float) (0.8 + 0.3 * test_random (&state));
    }
  for (guint i = 0; i < N_ANGLES; i++)
    scan->positions[i] = (float) i / (N_ANGLES - 1);
  for (guint i = 0; i < N_DATA; i++)
    scan->data[i] = (float) floor (150 + 25000 * test_random (&state));

  scan->block = (Block) {
    .n = N_SLICES,
    .n_angles = N_ANGLES, .width = WIDTH,
    .dark = scan->dark,
    .flat = scan->flat,
  };

  return scan;
}

/* The formula in double precision; the dead pixels aside. */
static double
get_expected (const Scan                   *scan,
              const FlatFieldSettings *settings,
              guint                         index)
{
  guint line = index / (N_ANGLES * WIDTH) * WIDTH + index % WIDTH;
  guint angle = index / WIDTH % N_ANGLES;
  double value = (double) scan->data[index];

  if (settings->correct)
    {
      double dark = scan->block.dark != NULL ? settings->dark_scale * (double) scan->dark[line] : 0;
      double flat = (double) scan->flat[line];

      if (scan->block.flat_after != NULL && settings->positions != NULL)
        flat += (double) settings->positions[angle] * ((double) scan->flat_after[line] - flat);
      value = (value - dark) / (flat - dark);
    }
  if (settings->absorptivity)
    value = -log (MAX (value, settings->clip_minimum));

  return value;
}

static void
check_formula (ReconDevice                  *device,
               const Scan                   *scan,
               const FlatFieldSettings *settings)
{
  g_autoptr (Subject) subject = flat_field_new (settings);
  float *result = run_task (subject, device, &scan->block, scan->data);

  for (guint i = 0; i < N_DATA; i++)
    {
      double expected = get_expected (scan, settings, i);

      /* A float's rounding of the transmission is an absolute error of its logarithm. */
      g_assert_cmpfloat_with_epsilon ((double) result[i], expected, 1e-6 * MAX (1, fabs (expected)));
    }

  assert_any_rows_equal (subject, device, &scan->block, scan->data, result);
  recon_host_memory_free (result);
}

static void
test_formula (gconstpointer shared)
{
  g_autoptr (ReconDevice) device = open_device (GPOINTER_TO_INT (shared));
  g_autofree Scan *scan = make_scan ();
  FlatFieldSettings settings = plain;

  check_formula (device, scan, &settings);

  settings.absorptivity = FALSE;
  check_formula (device, scan, &settings);

  settings.dark_scale = 0.37;
  check_formula (device, scan, &settings);

  scan->block.dark = NULL;
  check_formula (device, scan, &settings);

  /* Without positions the flat after is not used. */
  scan->block.dark = scan->dark;
  scan->block.flat_after = scan->flat_after;
  check_formula (device, scan, &settings);

  settings.positions = scan->positions;
  check_formula (device, scan, &settings);

  settings.absorptivity = TRUE;
  settings.dark_scale = 1;
  check_formula (device, scan, &settings);

  settings.correct = FALSE;
  check_formula (device, scan, &settings);

  settings.correct = TRUE;
  settings.absorptivity = TRUE;
  settings.fix_nan_inf = FALSE;
  check_formula (device, scan, &settings);
}

/* At the ends of the scan the flat is exactly the one before or after. */
static void
test_interpolation_ends (void)
{
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autofree Scan *scan = make_scan ();
  FlatFieldSettings settings = plain;
  g_autoptr (Subject) between = NULL;
  g_autoptr (Subject) single = NULL;
  float *interpolated, *before, *after;

  scan->block.n = 1;
  settings.positions = scan->positions;
  scan->block.flat_after = scan->flat_after;
  between = flat_field_new (&settings);
  interpolated = run_task (between, device, &scan->block, scan->data);

  settings.positions = NULL;
  scan->block.flat_after = NULL;
  single = flat_field_new (&settings);
  before = run_task (single, device, &scan->block, scan->data);
  scan->block.flat = scan->flat_after;
  after = run_task (single, device, &scan->block, scan->data);

  g_assert_cmpmem (interpolated, WIDTH * sizeof (float), before, WIDTH * sizeof (float));
  g_assert_cmpmem (interpolated + (N_ANGLES - 1) * WIDTH, WIDTH * sizeof (float), after + (N_ANGLES - 1) * WIDTH,
                   WIDTH * sizeof (float));

  recon_host_memory_free (interpolated);
  recon_host_memory_free (before);
  recon_host_memory_free (after);
}

/* What a dead pixel without neighbours, a dark sample and a bright one become. */
typedef struct
{
  float data, dark, flat;
  float expected[4]; /* with the logarithm: fixed, kept; without: fixed, kept */
} Special;

static const Special specials[] = {
  { 100, 50, 50, { 0, NAN, 0, NAN } }, /* flat = dark */
  { 40, 50, 50, { 0, NAN, 0, NAN } }, /* and darker */
  { 40, 50, 30, { 0, NAN, 0, NAN } }, /* a flat below the dark: two wrongs must not make a right */
  { 50, 50, 50, { 0, NAN, 0, NAN } }, /* and equal */
  { NAN, 50, 100, { 0, NAN, 0, NAN } }, /* a broken sample */
  { INFINITY, 50, 100, { 0, -INFINITY, 0, INFINITY } }, /* likewise */
  { 75, 50, NAN, { 0, NAN, 0, NAN } }, /* a broken flat */
  { 75, NAN, 100, { 0, NAN, 0, NAN } }, /* a broken dark */
  { 50, 50, 100, { 6.9077554f, 6.9077554f, 0, 0 } }, /* no light: clipped at 1e-3 */
  { 40, 50, 100, { 6.9077554f, 6.9077554f, -0.2f, -0.2f } },
  { 100, 50, 100, { 0, 0, 1, 1 } }, /* all light */
  { 150, 50, 100, { -0.69314718f, -0.69314718f, 2, 2 } }, /* more than all */
};

static void
assert_same (float result,
             float expected)
{
  if (isnan (expected))
    g_assert_true (isnan (result));
  else if (isinf (expected))
    g_assert_true (isinf (result) && (result > 0) == (expected > 0));
  else
    g_assert_cmpfloat_with_epsilon (result, expected, 1e-6f * MAX (1, fabsf (expected)));
}

static void
test_specials (void)
{
  enum { N = G_N_ELEMENTS (specials) };
  g_autoptr (ReconDevice) device = open_device (TRUE);
  float data[N], dark[N], flat[N];
  Block block = { .n = N, .n_angles = 1, .width = 1, .dark = dark, .flat = flat };

  for (guint i = 0; i < N; i++)
    {
      data[i] = specials[i].data;
      dark[i] = specials[i].dark;
      flat[i] = specials[i].flat;
    }

  for (guint variant = 0; variant < 4; variant++)
    {
      FlatFieldSettings settings = plain;
      g_autoptr (Subject) subject = NULL;
      float *result;

      settings.clip_minimum = 1e-3;
      settings.absorptivity = variant < 2;
      settings.fix_nan_inf = variant % 2 == 0;
      subject = flat_field_new (&settings);
      result = run_task (subject, device, &block, data);

      for (guint i = 0; i < N; i++)
        assert_same (result[i], specials[i].expected[variant]);
      recon_host_memory_free (result);
    }
}

#define N_PIXELS 48
#define N_MANY   40

/* A scan of smooth rows, whose transmissions are known everywhere, and what is broken of it. */
typedef struct
{
  float      data[2 * N_MANY * N_PIXELS];
  float      dark[2 * N_PIXELS];
  float      flat[2 * N_PIXELS];
  Block block;
} Broken;

static double
get_line (guint angle,
          guint column)
{
  return 0.3 + 0.01 * angle + 0.02 * column;
}

static Broken *
broken_new (void)
{
  Broken *self = g_new0 (Broken, 1);

  self->block = (Block) {
    .n = 2, .n_angles = N_MANY, .width = N_PIXELS, .dark = self->dark, .flat = self->flat,
  };
  for (guint i = 0; i < 2 * N_PIXELS; i++)
    {
      self->dark[i] = 100;
      self->flat[i] = 20100.f + 200 * (float) (i % 7);
    }
  for (guint i = 0; i < 2 * N_MANY * N_PIXELS; i++)
    {
      const guint column = i % N_PIXELS, angle = i / N_PIXELS % N_MANY;
      const float light = self->flat[i / (N_MANY * N_PIXELS) * N_PIXELS + column] - 100;

      self->data[i] = 100 + light * (float) exp (-get_line (angle, column));
    }

  return self;
}

static void
set_data (Broken *self,
          guint   slice,
          guint   column,
          guint   n_angles,
          float   value)
{
  for (guint i = 0; i < n_angles; i++)
    self->data[(slice * N_MANY + i) * N_PIXELS + column] = value;
}

/* All values of a slice are those of sound pixels, but for the outermost, which repeat the next one. */
static void
assert_lines (const float *result,
              guint        slice,
              guint        first,
              guint        last)
{
  for (guint angle = 0; angle < N_MANY; angle++)
    for (guint c = 0; c < N_PIXELS; c++)
      g_assert_cmpfloat_with_epsilon ((double) result[(slice * N_MANY + angle) * N_PIXELS + c],
                                      get_line (angle, CLAMP (c, first, last)), 2e-5);
}

/* Whatever makes a pixel useless, the line between its neighbours takes its place: the row is straight, so that this is
 * exact. The other slice keeps its bits. */
static void
test_bridges (gconstpointer shared)
{
  g_autoptr (ReconDevice) device = open_device (GPOINTER_TO_INT (shared));
  g_autofree Broken *sound = broken_new ();
  g_autofree Broken *broken = broken_new ();
  FlatFieldSettings settings = plain;
  g_autoptr (Subject) subject = NULL;
  float *expected, *result;

  settings.n_angles = N_MANY;
  subject = flat_field_new (&settings);
  expected = run_task (subject, device, &sound->block, sound->data);
  assert_lines (expected, 0, 0, N_PIXELS - 1);

  broken->flat[0] = broken->flat[1] = 100;              /* at the margin: as dark as the dark */
  broken->flat[5] = 0;                                  /* darker */
  broken->flat[9] = NAN;                                /* no number */
  broken->dark[10] = INFINITY;
  broken->flat[14] = 103;                               /* dead but for noise */
  set_data (broken, 0, 14, N_MANY, 98);
  broken->flat[20] = 65535;                             /* stuck at its highest */
  broken->dark[21] = broken->flat[21] = 65535;
  set_data (broken, 0, 25, N_MANY, -5000);              /* impossible in the projections only */
  set_data (broken, 0, 26, N_MANY - 1, INFINITY);       /* in all but one, which is not enough */
  broken->flat[N_PIXELS - 1] = -3;

  g_clear_pointer (&subject, subject_free);
  subject = flat_field_new (&settings);
  result = run_task (subject, device, &broken->block, broken->data);
  for (guint angle = 0; angle < N_MANY - 1; angle++)
    {
      float *row = result + angle * N_PIXELS;

      g_assert_cmpfloat (row[26], ==, 0);
      g_assert_cmpfloat_with_epsilon (row[25], row[24] / 2, 1e-6f);
      row[25] = (float) get_line (angle, 25);
      row[26] = (float) get_line (angle, 26);
    }
  assert_lines (result, 0, 2, N_PIXELS - 2);
  g_assert_cmpmem (result + N_MANY * N_PIXELS, N_MANY * N_PIXELS * sizeof (float), expected + N_MANY * N_PIXELS,
                   N_MANY * N_PIXELS * sizeof (float));
  recon_host_memory_free (result);

  g_clear_pointer (&subject, subject_free);
  subject = flat_field_new (&settings);
  result = run_task (subject, device, &broken->block, broken->data);
  assert_any_rows_equal (subject, device, &broken->block, broken->data, result);
  recon_host_memory_free (result);
  recon_host_memory_free (expected);
}

/* What isn't to be fixed isn't bridged. */
static void
test_unfixed (void)
{
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autofree Broken *broken = broken_new ();
  FlatFieldSettings settings = plain;
  g_autoptr (Subject) subject = NULL;
  float *result;

  settings.n_angles = N_MANY;
  settings.fix_nan_inf = FALSE;
  subject = flat_field_new (&settings);
  broken->flat[5] = 0;
  set_data (broken, 0, 25, N_MANY, -5000);
  result = run_task (subject, device, &broken->block, broken->data);
  for (guint angle = 0; angle < N_MANY; angle++)
    {
      g_assert_true (isnan (result[angle * N_PIXELS + 5]));
      g_assert_cmpfloat_with_epsilon ((double) result[angle * N_PIXELS + 25], -log (settings.clip_minimum), 1e-4);
    }
  recon_host_memory_free (result);
}

/* A sample that lets nothing pass is no dead pixel, nor is one that a few projections damn. */
static void
test_opaque (void)
{
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autofree Broken *broken = broken_new ();
  FlatFieldSettings settings = plain;
  g_autoptr (Subject) subject = NULL;
  float *result;

  settings.n_angles = N_MANY;
  for (guint c = 20; c < 30; c++)
    set_data (broken, 0, c, N_MANY, 100);
  subject = flat_field_new (&settings);
  result = run_task (subject, device, &broken->block, broken->data);
  g_assert_cmpfloat_with_epsilon ((double) result[25], -log (settings.clip_minimum), 1e-4);
  recon_host_memory_free (result);

  settings.n_angles = broken->block.n_angles = 3;
  g_clear_pointer (&subject, subject_free);
  subject = flat_field_new (&settings);
  set_data (broken, 0, 5, 3, 100);
  result = run_task (subject, device, &broken->block, broken->data);
  g_assert_cmpfloat_with_epsilon ((double) result[5], -log (settings.clip_minimum), 1e-4);
  recon_host_memory_free (result);
}

/* With correction and logarithm off only what is not finite may change, or nothing at all. */
static void
test_off (void)
{
  g_autoptr (ReconDevice) device = open_device (TRUE);
  float data[] = { 1.5f, -3, NAN, 0, INFINITY, 1e-30f };
  Block block = { .n = 1, .n_angles = 2, .width = 3 };
  FlatFieldSettings settings = { .fix_nan_inf = TRUE, .n_angles = 2 };
  g_autoptr (Subject) fixing = flat_field_new (&settings);
  g_autoptr (Subject) idle = NULL;
  const float fixed[] = { 1.5f, -3, 0, 0, 0, 1e-30f };
  float *result = run_task (fixing, device, &block, data);

  g_assert_cmpmem (result, sizeof fixed, fixed, sizeof fixed);
  recon_host_memory_free (result);

  settings.fix_nan_inf = FALSE;
  idle = flat_field_new (&settings);
  result = run_task (idle, device, &block, data);
  g_assert_cmpmem (result, sizeof data, data, sizeof data);
  recon_host_memory_free (result);
}

/* Gives a task the projections of a scan with references of any kind. */
static void
assert_reference_refused (Subject              *subject,
                          guint                 input,
                          const ReconArrayInfo *reference,
                          const char           *text)
{
  const ReconArrayInfo *given[4] = { NULL };
  ReconArrayInfo projections, flat;
  g_autoptr (GError) error = NULL;

  recon_array_info_init (&projections, RECON_ARRAY_FLOAT32, 3, "angle", G_GUINT64_CONSTANT (7), "row",
                         G_GUINT64_CONSTANT (3), "column", G_GUINT64_CONSTANT (131));
  recon_array_info_init (&flat, RECON_ARRAY_FLOAT32, 2, "row", G_GUINT64_CONSTANT (3), "column",
                         G_GUINT64_CONSTANT (131));
  given[0] = &projections;
  given[2] = &flat;
  given[input] = reference;
  g_assert_false (recon_task_shape (subject->task, given, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
  g_assert_cmpstr (error->message, ==, text);
}

static void
test_shape (void)
{
  g_autofree Scan *scan = make_scan ();
  FlatFieldSettings settings = plain;
  g_autoptr (Subject) subject = NULL;
  g_autoptr (GError) error = NULL;
  Block other = scan->block;
  const ReconArrayInfo *made;

  settings.positions = scan->positions;
  subject = flat_field_new (&settings);
  g_assert_cmpstr (recon_task_get_name (subject->task), ==, "flat-field");

  shape_block (subject, &scan->block, &error);
  g_assert_no_error (error);
  made = recon_task_get_output (subject->task, 0);
  g_assert_true (recon_array_info_has_axes (made, "angle", "row", "column", NULL));
  g_assert_cmpuint (made->axes[0].size, ==, N_ANGLES);
  g_assert_cmpuint (made->axes[1].size, ==, N_SLICES);
  g_assert_cmpuint (made->axes[2].size, ==, WIDTH);
  g_assert_cmpuint (ask_task (subject).device_bytes, >=, N_ANGLES * sizeof (float));

  other.n_angles = N_ANGLES + 1;
  assert_block_refused (subject, &other, RECON_ERROR_INPUT, "7 positions, but 8 projections");
  other.n_angles = 0;
  assert_block_refused (subject, &other, RECON_ERROR_CONFIG, "angle 0 × row 3 × column 131");
  assert_projections_only (subject);
}

static void
test_references (void)
{
  static const char *const names[] = { NULL, "dark", "flat", "flat-after" };
  g_autoptr (Subject) subject = flat_field_new (&plain);

  for (guint input = 1; input < G_N_ELEMENTS (names); input++)
    {
      g_autofree char *low = g_strdup_printf ("The %s is float32, row 2 × column 131, but the projections need "
                                              "float32, row 3 × column 131. Connect one of their size, or none.",
                                              names[input]);
      g_autofree char *wide = g_strdup_printf ("The %s is float32, row 3 × column 132, but the projections need "
                                               "float32, row 3 × column 131. Connect one of their size, or none.",
                                               names[input]);
      g_autofree char *counts = g_strdup_printf ("The %s is uint16, row 3 × column 131, but the projections need "
                                                 "float32, row 3 × column 131. Connect one of their size, or none.",
                                                 names[input]);
      g_autofree char *turned = g_strdup_printf ("The %s is float32, column 3 × row 131, but the projections need "
                                                 "float32, row 3 × column 131. Connect one of their size, or none.",
                                                 names[input]);
      ReconArrayInfo reference;

      recon_array_info_init (&reference, RECON_ARRAY_FLOAT32, 2, "row", G_GUINT64_CONSTANT (2), "column",
                             G_GUINT64_CONSTANT (131));
      assert_reference_refused (subject, input, &reference, low);
      reference.axes[0].size = 3;
      reference.axes[1].size = 132;
      assert_reference_refused (subject, input, &reference, wide);
      reference.axes[1].size = 131;
      reference.type = RECON_ARRAY_UINT16;
      assert_reference_refused (subject, input, &reference, counts);
      recon_array_info_init (&reference, RECON_ARRAY_FLOAT32, 2, "column", G_GUINT64_CONSTANT (3), "row",
                             G_GUINT64_CONSTANT (131));
      assert_reference_refused (subject, input, &reference, turned);
    }
}

static void
test_refusals (void)
{
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autofree Scan *scan = make_scan ();
  g_autoptr (Subject) subject = flat_field_new (&plain);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  scan->block.flat = NULL;
  g_assert_null (try_task (subject, device, &scan->block, scan->data, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "no flats"));
  g_clear_error (&error);

  scan->block.flat = scan->flat;
  g_cancellable_cancel (cancellable);
  g_assert_null (try_task (subject, device, &scan->block, scan->data, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/flat-field/formula/shared", GINT_TO_POINTER (TRUE), test_formula);
  g_test_add_data_func ("/flat-field/formula/own-memory", GINT_TO_POINTER (FALSE), test_formula);
  g_test_add_func ("/flat-field/interpolation-ends", test_interpolation_ends);
  g_test_add_func ("/flat-field/specials", test_specials);
  g_test_add_data_func ("/flat-field/bridges/shared", GINT_TO_POINTER (TRUE), test_bridges);
  g_test_add_data_func ("/flat-field/bridges/own-memory", GINT_TO_POINTER (FALSE), test_bridges);
  g_test_add_func ("/flat-field/unfixed", test_unfixed);
  g_test_add_func ("/flat-field/opaque", test_opaque);
  g_test_add_func ("/flat-field/off", test_off);
  g_test_add_func ("/flat-field/shape", test_shape);
  g_test_add_func ("/flat-field/references", test_references);
  g_test_add_func ("/flat-field/refusals", test_refusals);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "scan-files.h"
#include "support.h"
#include "tasks/lost-beam.h"
#include "tasks/read-scan.h"
#include "tasks/tasks.h"
#include "test-tiff.h"

/* Which projections were taken without the beam. */

#define N_ANGLES 60
#define WIDTH    80
#define DARK     100.f
#define LIGHT    20000.f

typedef struct
{
  float values[N_ANGLES][WIDTH];
  float dark[WIDTH];
  float flat[WIDTH];
} Row;

static float
get_noise (guint a,
           guint c)
{
  return (float) ((a * 37 + c * 101 + a * c * 13) % 23) - 11;
}

/* Counts behind something of a width, that lets so much through. */
static Row *
row_new (double transmission,
         guint  first,
         guint  end)
{
  Row *row = g_new0 (Row, 1);

  for (guint c = 0; c < WIDTH; c++)
    {
      row->dark[c] = DARK;
      row->flat[c] = DARK + LIGHT * (1 + 0.1f * (float) (c % 7));
    }
  for (guint a = 0; a < N_ANGLES; a++)
    for (guint c = 0; c < WIDTH; c++)
      row->values[a][c] = DARK + (row->flat[c] - DARK) * (c >= first && c < end ? (float) transmission : 1) +
                          get_noise (a, c) * 8;

  return row;
}

static void
set_projection (Row   *row,
                guint  a,
                float  value,
                float  noise)
{
  for (guint c = 0; c < WIDTH; c++)
    row->values[a][c] = value + noise * get_noise (a, c);
}

static gboolean
find (const Row *row,
      gboolean  *is_lost)
{
  return recon_lost_beam_find (&(ReconLostBeamRow) {
    .n_angles = N_ANGLES,
    .width = WIDTH,
    .values = row->values[0],
    .pitch = WIDTH,
    .dark = row->dark,
    .flat = row->flat,
    .dark_scale = 1,
  }, is_lost);
}

static void
assert_lost (const Row *row,
             guint      first,
             guint      end)
{
  gboolean is_lost[N_ANGLES];

  g_assert_true (find (row, is_lost));
  for (guint a = 0; a < N_ANGLES; a++)
    g_assert_cmpint (is_lost[a] != 0, ==, a >= first && a < end);
}

/* Darks, zeros, nothing written, one value: in the middle and at the ends. */
static void
test_kinds (void)
{
  static const struct
  {
    float value, noise;
  } kinds[] = { { DARK, 0.3f }, { DARK + 2, 3 }, { 0, 0 }, { NAN, 0 }, { DARK, 0 }, { 65535, 0 }, { -1, 0 } };
  static const guint places[][2] = { { 0, 1 }, { 0, 7 }, { 20, 21 }, { 20, 30 }, { 59, 60 }, { 30, 60 } };

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (guint p = 0; p < G_N_ELEMENTS (places); p++)
      {
        g_autofree Row *row = row_new (0.2, 20, 60);

        for (guint a = places[p][0]; a < places[p][1]; a++)
          set_projection (row, a, kinds[k].value, kinds[k].noise);
        g_test_message ("Kind %u, place %u", k, p);
        assert_lost (row, places[p][0], places[p][1]);
      }
}

/* A zinger or two don't make a dark projection bright, nor a dead part of the detector a bright one dark. */
static void
test_defects (void)
{
  g_autofree Row *row = row_new (0.2, 20, 60);

  set_projection (row, 11, DARK, 1);
  row->values[11][5] = row->values[11][40] = 65535;
  for (guint a = 0; a < N_ANGLES; a++)
    for (guint c = 30; c < 55; c++)
      row->values[a][c] = a % 2 == 0 ? NAN : 0;
  assert_lost (row, 11, 12);
}

/* Opaque things let no light through, but beside them or from other sides. */
static void
test_opaque (void)
{
  g_autofree Row *pillar = row_new (0.0001, 8, 72);
  g_autofree Row *plate = row_new (0.5, 0, WIDTH);
  gboolean is_lost[N_ANGLES];

  assert_lost (pillar, 0, 0);

  /* A plate wider than the view, at 3° a step. */
  for (guint a = 0; a < N_ANGLES; a++)
    for (guint c = 0; c < WIDTH; c++)
      plate->values[a][c] = DARK + (plate->flat[c] - DARK) *
                                       (float) exp (-0.1 / fmax (fabs (sin (G_PI * (a + 0.5) / N_ANGLES)), 0.01));
  assert_lost (plate, 0, 0);

  /* All is dark: there is nothing to tell from. */
  for (guint a = 0; a < N_ANGLES; a++)
    set_projection (plate, a, DARK, 1);
  g_assert_false (find (plate, is_lost));
}

/* Line integrals have no light; of those that show nothing at all, there are none between others. */
static void
test_integrals (void)
{
  g_autofree Row *row = row_new (0, 0, 0);
  gboolean is_lost[N_ANGLES];
  ReconLostBeamRow given = { .n_angles = N_ANGLES, .width = WIDTH, .values = row->values[0], .pitch = WIDTH,
                             .is_integral = TRUE };

  for (guint a = 0; a < N_ANGLES; a++)
    for (guint c = 0; c < WIDTH; c++)
      row->values[a][c] = c < 20 || c > 60 || a == 40 ? 0 : 1 + (float) (c % 5);
  g_assert_true (recon_lost_beam_find (&given, is_lost));
  for (guint a = 0; a < N_ANGLES; a++)
    g_assert_cmpint (is_lost[a] != 0, ==, a == 40);

  memset (row->values, 0, sizeof row->values);
  g_assert_false (recon_lost_beam_find (&given, is_lost));
}

/* A scan of which some projections are darks. */
static char *
write_projections (ScanFiles *files)
{
  const gsize size = SCAN_ROWS * SCAN_WIDTH;
  g_autofree double *values = scan_frames (SCAN_PROJECTION, SCAN_PROJECTIONS);
  g_autofree double *darks = scan_frames (SCAN_DARK, 3);
  char *path = scan_files_path (files, "some.tif");

  memcpy (values + 3 * size, darks, size * sizeof *values);
  memcpy (values + 6 * size, darks, 2 * size * sizeof *values);
  test_tiff_write (path, &(TestTiff) { .width = SCAN_WIDTH, .height = SCAN_ROWS, .n_pages = SCAN_PROJECTIONS,
                                       .type = RECON_SAMPLE_FLOAT32 }, values);

  return path;
}

static void
set (ReconTask  *task,
     const char *key,
     const char *text)
{
  g_autoptr (GError) error = NULL;

  recon_task_set (task, key, text, &error);
  g_assert_no_error (error);
}

/* Where files make a look before work too dear, the first block tells. */
static void
test_block (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *path = write_projections (files);

  for (guint i = 0; i < 3; i++)
    {
      const gboolean looks = i != 2, force = i == 1;
      const ReconArrayInfo *no_inputs[RECON_MAX_PORTS] = { NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconTask) task = recon_task_new ("read-scan", &error);
      ReconArray *arrays[RECON_MAX_PORTS] = { NULL };
      gboolean success;

      set (task, "projections", path);
      set (task, "darks", files->darks);
      set (task, "flats", files->flats);
      set (task, "force", force ? "yes" : "no");
      recon_task_shape (task, no_inputs, files->log, &error);
      g_assert_no_error (error);
      recon_read_scan_set_checks (RECON_READ_SCAN (task), looks);

      for (guint port = 0; port < recon_task_get_n_outputs (task); port++)
        if (recon_task_get_output (task, port) != NULL)
          {
            const ReconArrayInfo *info = recon_task_get_output (task, port);
            ReconRegion region;

            recon_region_init_whole (&region, info);
            region.axes[info->n_axes - 2].n = 4;
            arrays[port] = recon_array_new (info, &region, (ReconLayout) { port == 0 ? 4 : 1, FALSE });
          }
      success = recon_task_process (task, NULL, arrays, NULL, &error);
      for (guint port = 0; port < G_N_ELEMENTS (arrays); port++)
        g_clear_pointer (&arrays[port], recon_array_unref);

      g_assert_cmpint (success, ==, !looks || force);
      if (looks && !force)
        {
          scan_assert_error (error, RECON_ERROR_INPUT, "Of 10 projections 3 show no light, or nothing at all: 3,6-7, ",
                             "--exclude=3,6-7", "--force", NULL);
          continue;
        }
      g_assert_true (recon_task_report (task, files->log, &error));
      if (force)
        scan_assert_said (files,
                          "W Projections that show no light, or nothing at all, were used all the same: 3,6-7, ");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lost-beam/kinds", test_kinds);
  g_test_add_func ("/lost-beam/defects", test_defects);
  g_test_add_func ("/lost-beam/opaque", test_opaque);
  g_test_add_func ("/lost-beam/integrals", test_integrals);
  g_test_add_func ("/lost-beam/block", test_block);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "io/contents.h"
#include "preview-scan.h"
#include "test-hdf5.h"
#include "test-tiff.h"

/* A preview shows what a job would write, to the bit, and keeps what need not be made again. */

/* Every line is a change to the scan's own configuration. One preview goes through all of them, and another one back
 * to the first of them in between, so that whatever they keep too long shows. */
static const char *const variations[] = {
  "",
  "reconstruction.axis=33.25",
  "reconstruction.axis=middle",
  "reconstruction.angle-offset=0.3",
  "reconstruction.angle-step=0.021",
  "reconstruction.roi=5,7,40,31",
  "reconstruction.circle=yes",
  "reconstruction.pixel-size=2.5",
  "reconstruction.filter=hann",
  "reconstruction.filter=butterworth",
  "reconstruction.filter=butterworth reconstruction.filter-cutoff=0.3",
  "reconstruction.filter=butterworth reconstruction.filter-cutoff=0.3 reconstruction.filter-order=2",
  "reconstruction.filter=none",
  "reconstruction.padding=mirror",
  "reconstruction.padding=zero",
  "flat-field.dark-scale=0.5",
  "flat-field.clip-minimum=0.2",
  "flat-field.absorptivity=no",
  "flat-field.fix-nan-inf=no",
  "flat-field.interpolate=no",
  "flat-field.method=median",
  "flat-field.correct=no flat-field.absorptivity=no",
  "input.bin=2",
  "input.crop-left=9",
  "input.crop-right=4",
  "input.y-start=1",
  "input.y-stop=4",
  "input.y-step=2",
  "input.projection-start=3",
  "input.projection-stop=140",
  "input.projection-step=2",
  "compute.kernel=plain",
  "compute.kernel=direct",
  "compute.kernel=merged",
  "compute.variant=gpu",
  "compute.threads=1",
};

static void
check_slice (ReconPreview  *preview,
             ReconConfig   *config,
             guint          index,
             ReconContents *expected)
{
  g_auto (ReconPreviewResult) result = { 0 };

  make_image (preview, config, RECON_VIEW_SLICE, index, 1, &result);
  g_assert_cmpuint (result.n_images, ==, recon_frames_get_n (expected->projections));
  g_assert_cmpuint (result.reduction, ==, 1);
  g_assert_cmpuint (result.width, ==, recon_image_get_width (result.image));
  g_assert_cmpuint (result.height, ==, recon_image_get_height (result.image));
  assert_slice (expected, index, result.image);
}

static void
check_all (PreviewScan *scan,
           guint        n)
{
  g_autoptr (ReconPreview) through = recon_preview_new (NULL);
  g_autoptr (ReconPreview) back = recon_preview_new (NULL);
  g_autoptr (ReconConfig) base = new_config (scan, variations[0]);
  g_autoptr (ReconContents) base_slices = run_job (scan, base);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ReconConfig) config = new_config (scan, variations[i]);
      g_autoptr (ReconContents) slices = run_job (scan, config);

      g_test_message ("\"%s\"", variations[i]);
      check_slice (through, config, 0, slices);
      check_slice (through, config, recon_frames_get_n (slices->projections) - 1, slices);
      check_slice (back, base, 1, base_slices);
      check_slice (back, config, 1, slices);
    }
}

/* An odd width, so that no vector is full, and angles that aren't merged. */
static void
test_job (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (67, 6, 150, G_PI, FALSE, FALSE);

  check_all (scan, G_N_ELEMENTS (variations));
}

/* Angles in any order, over a full turn, close enough to be merged. */
static void
test_full_turn (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (64, 5, 700, 2 * G_PI, TRUE, FALSE);

  check_all (scan, 8);
}

/* Sinograms as they are, without references. */
static void
check_sinograms (gsize n)
{
  const gsize shape[] = { n, 90, 45 };
  g_autoptr (PreviewScan) scan = preview_scan_new (67, 2, 3, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconContents) slices = NULL;
  g_autofree char *file = in_folder (scan, "sinograms.h5");
  g_autofree char *path = g_strconcat (file, ":/sinograms", NULL);
  g_autofree double *values = g_new (double, shape[0] * shape[1] * shape[2]);
  guint state = 7;

  for (gsize i = 0; i < shape[0] * shape[1] * shape[2]; i++)
    values[i] = test_random (&state);
  test_hdf5_write (file, "/sinograms", NULL, 3, shape, values);
  set (config, "input.sinograms", path);
  slices = run_job (scan, config);

  for (guint slice = 0; slice < shape[0]; slice++)
    {
      g_auto (ReconPreviewResult) result = { 0 };
      g_auto (ReconPreviewResult) sinogram = { 0 };
      g_auto (ReconPreviewResult) projection = { 0 };

      make_image (preview, config, RECON_VIEW_SLICE, slice, 1, &result);
      assert_slice (slices, slice, result.image);

      make_image (preview, config, RECON_VIEW_SINOGRAM, slice, 1, &sinogram);
      make_image (preview, config, RECON_VIEW_PROJECTION, 17, 1, &projection);
      g_assert_cmpuint (projection.n_images, ==, shape[1]);
      g_assert_cmpuint (recon_image_get_height (projection.image), ==, shape[0]);
      for (guint c = 0; c < shape[2]; c++)
        {
          const float value = (float) values[(slice * shape[1] + 17) * shape[2] + c];

          g_assert_cmpfloat (recon_image_get_pixels (sinogram.image)[17 * shape[2] + c], ==, value);
          g_assert_cmpfloat (recon_image_get_pixels (projection.image)[slice * shape[2] + c], ==, value);
        }
    }
}

/* Of a single one the whole has the rows of each projection in it. */
static void
test_sinograms (void)
{
  check_sinograms (4);
  check_sinograms (1);
}

/* What can be changed without a look at the files, one after the other: the variations that do, and all reductions. */
static const char *const without_disk[] = {
  "reconstruction.axis=33.25",
  "reconstruction.angle-offset=0.3",
  "reconstruction.angle-step=0.021",
  "reconstruction.roi=5,7,40,31",
  "reconstruction.circle=yes",
  "reconstruction.pixel-size=2.5",
  "reconstruction.filter=hann",
  "reconstruction.padding=zero",
  "flat-field.dark-scale=0.5",
  "flat-field.clip-minimum=0.2",
  "flat-field.absorptivity=no",
  "flat-field.fix-nan-inf=no",
  "compute.kernel=plain",
  "output.type=uint8",
  "",
};

static void
move_away (PreviewScan *scan,
           gboolean     back)
{
  static const char *const names[] = { "projections", "darks", "flats", "flats_after", "angles.txt" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = in_folder (scan, names[i]);
      g_autofree char *other = g_strconcat (path, ".away", NULL);

      g_assert_cmpint (g_rename (back ? other : path, back ? path : other), ==, 0);
    }
}

static void
test_cache (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (67, 6, 150, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (GPtrArray) configs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) expected = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_contents_free);
  g_autoptr (ReconConfig) first = new_config (scan, "");
  g_auto (ReconPreviewResult) result = { 0 };
  g_auto (ReconPreviewResult) again = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (without_disk); i++)
    {
      g_autoptr (ReconConfig) floats = new_config (scan, without_disk[i]);

      g_ptr_array_add (configs, recon_config_copy (floats));
      set (floats, "output.type", "float32");
      g_ptr_array_add (expected, run_job (scan, floats));
    }

  make_image (preview, first, RECON_VIEW_SLICE, 2, 1, &result);
  move_away (scan, FALSE);
  for (guint i = 0; i < configs->len; i++)
    for (guint reduction = 4; reduction > 0; reduction /= 2)
      {
        g_auto (ReconPreviewResult) changed = { 0 };

        g_test_message ("\"%s\", reduction %u", without_disk[i], reduction);
        make_image (preview, configs->pdata[i], RECON_VIEW_SLICE, 2, reduction, &changed);
        g_assert_cmpuint (changed.reduction, ==, reduction);
        if (reduction == 1)
          assert_slice (expected->pdata[i], 2, changed.image);
      }

  /* Nothing has changed: it is the very same image. */
  make_image (preview, first, RECON_VIEW_SLICE, 2, 1, &result);
  make_image (preview, first, RECON_VIEW_SLICE, 2, 1, &again);
  g_assert_true (again.image == result.image);

  /* Another slice does need the files. */
  assert_failure (preview, first, RECON_VIEW_SLICE, 3, 1, RECON_ERROR_READ, "cannot be opened");
  assert_failure (preview, first, RECON_VIEW_SLICE, 2, 1, RECON_ERROR_INPUT, "projections");
  move_away (scan, TRUE);
  recon_preview_result_clear (&result);
  make_image (preview, first, RECON_VIEW_SLICE, 3, 1, &result);
  assert_slice (expected->pdata[configs->len - 1], 3, result.image);
}

/* The angles' file is read once, and only if its angles are wanted. */
static void
test_angles_file (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (67, 2, 40, G_PI, TRUE, FALSE);
  g_autoptr (ReconConfig) by_step = new_config (scan, "reconstruction.angle-step=0.05");
  g_autoptr (ReconConfig) by_file = new_config (scan, "");
  g_autoptr (ReconContents) slices = run_job (scan, by_file);
  g_autofree char *path = in_folder (scan, "angles.txt");
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_auto (ReconPreviewResult) result = { 0 };
      g_auto (ReconPreviewResult) other = { 0 };

      make_image (preview, by_step, RECON_VIEW_SLICE, 1, 1, &other);
      make_image (preview, by_file, RECON_VIEW_SLICE, 1, 1, &result);
      assert_slice (slices, 1, result.image);
      if (i == 0)
        g_assert_cmpint (g_remove (path), ==, 0);
    }
}

static void
count_searches (ReconLog   *log,
                int         level,
                const char *text,
                guint      *n_searches)
{
  if (g_str_equal (text, "Looking for the rotation axis"))
    (*n_searches)++;
}

/* An axis that has to be found is found once, and again when what it is found in changes. */
static void
test_axis (void)
{
  static const char *const same[] = {
    "", "reconstruction.filter=hann", "reconstruction.pixel-size=2.5", "reconstruction.roi=5,7,40,31", "",
  };
  g_autoptr (PreviewScan) scan = preview_scan_new (128, 6, 200, G_PI, FALSE, TRUE);
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autoptr (ReconPreview) preview = recon_preview_new (log);
  g_autoptr (ReconConfig) given = new_config (scan, "");
  guint n_searches = 0;

  g_signal_connect (log, "record", G_CALLBACK (count_searches), &n_searches);
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr (ReconConfig) config = new_config (scan, same[i]);
      g_autoptr (ReconContents) slices = NULL;
      g_auto (ReconPreviewResult) sinogram = { 0 };
      g_auto (ReconPreviewResult) other = { 0 };

      set (config, "reconstruction.axis", "auto");
      make_image (preview, config, RECON_VIEW_SINOGRAM, 1, 1, &sinogram);
      g_assert_cmpuint (n_searches, ==, MIN (i, 1));
      slices = run_job (scan, config);
      check_slice (preview, config, 1, slices);
      g_assert_cmpuint (n_searches, ==, 1);
      make_image (preview, given, RECON_VIEW_SLICE, 1, 1, &other);
    }

  /* Fewer angles are another scan. */
  set (given, "reconstruction.axis", "auto");
  set (given, "input.projection-step", "2");
  {
    g_autoptr (ReconContents) slices = run_job (scan, given);

    check_slice (preview, given, 1, slices);
  }
  g_assert_cmpuint (n_searches, ==, 2);
  set (given, "flat-field.dark-scale", "0.5");
  {
    g_autoptr (ReconContents) slices = run_job (scan, given);

    check_slice (preview, given, 1, slices);
  }
  g_assert_cmpuint (n_searches, ==, 3);
}

/* Where there is nothing to be found, that isn't looked for again, and keeps no other views away. */
static void
test_no_axis (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "sinogram.tif", NULL);
  g_autofree double *pixels = g_new0 (double, 60 * 67);
  const TestTiff how = { .width = 67, .height = 60, .type = RECON_SAMPLE_FLOAT32 };
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autoptr (ReconPreview) preview = recon_preview_new (log);
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_auto (ReconPreviewResult) sinogram = { 0 };
  g_auto (ReconPreviewResult) slice = { 0 };
  guint n_searches = 0;

  test_tiff_write (path, &how, pixels);
  g_signal_connect (log, "record", G_CALLBACK (count_searches), &n_searches);
  set (config, "input.sinograms", path);
  set (config, "reconstruction.axis", "auto");
  for (guint i = 0; i < 2; i++)
    assert_failure (preview, config, RECON_VIEW_SLICE, 0, 1, RECON_ERROR_AXIS, "could not be found");
  g_assert_cmpuint (n_searches, ==, 1);

  make_image (preview, config, RECON_VIEW_SINOGRAM, 0, 1, &sinogram);
  set (config, "reconstruction.axis", "30");
  make_image (preview, config, RECON_VIEW_SLICE, 0, 1, &slice);
  test_folder_remove (g_steal_pointer (&folder));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/preview/job", test_job);
  g_test_add_func ("/preview/full-turn", test_full_turn);
  g_test_add_func ("/preview/sinograms", test_sinograms);
  g_test_add_func ("/preview/cache", test_cache);
  g_test_add_func ("/preview/angles-file", test_angles_file);
  g_test_add_func ("/preview/axis", test_axis);
  g_test_add_func ("/preview/no-axis", test_no_axis);

  return g_test_run ();
}

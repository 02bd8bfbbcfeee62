/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "io/contents.h"
#include "preview-scan.h"
#include "test-hdf5.h"

/* What previews show, against values that are worked out here; and what they refuse. */

#define WIDTH    67
#define ROWS     7
#define N_ANGLES 40

/* What of the scan is used in these tests. */
#define SELECTION                                                                                                     \
  "input.bin=2 input.crop-left=3 input.y-start=1 input.y-step=2 input.projection-start=4 input.projection-step=3"
#define BIN       2
#define N_COLUMNS ((WIDTH - 3) / BIN)
#define N_SLICES  2 /* of the 3 binned rows 0 and 2 */

/* A value of a frame as it is to be read: the mean of its bin. */
static double
expected_count (const PreviewScan *scan,
                ReconRawKind       kind,
                guint              frame,
                guint              slice,
                guint              column)
{
  guint16 pixels[WIDTH * ROWS];
  double sum = 0;

  g_assert_false (recon_raw_scan_is_float (scan->raw));
  recon_raw_scan_frame (scan->raw, kind, frame, pixels);
  for (guint y = 0; y < BIN; y++)
    for (guint x = 0; x < BIN; x++)
      sum += pixels[(1 + slice * 2 * BIN + y) * WIDTH + 3 + column * BIN + x];

  return sum / (BIN * BIN);
}

static double
mean_count (const PreviewScan *scan,
            ReconRawKind       kind,
            guint              slice,
            guint              column)
{
  const guint n = recon_raw_scan_get_n_frames (scan->raw, kind);
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += expected_count (scan, kind, i, slice, column);

  return sum / n;
}

static double
expected_absorptivity (const PreviewScan *scan,
                       guint              frame,
                       guint              slice,
                       guint              column)
{
  const double count = expected_count (scan, RECON_RAW_PROJECTION, frame, slice, column);
  const double dark = mean_count (scan, RECON_RAW_DARK, slice, column);
  const double before = mean_count (scan, RECON_RAW_FLAT, slice, column);
  const double after = mean_count (scan, RECON_RAW_FLAT_AFTER, slice, column);
  const double position = (double) frame / (N_ANGLES - 1);
  const double flat = before + position * (after - before);

  return flat > dark ? -log (MAX ((count - dark) / (flat - dark), 1e-6)) : 0;
}

static void
test_projection (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, ROWS, N_ANGLES, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (ReconConfig) config = new_config (scan, SELECTION);

  for (guint index = 0; index < 12; index += 11)
    {
      g_auto (ReconPreviewResult) raw = { 0 };
      g_auto (ReconPreviewResult) corrected = { 0 };

      make_image (preview, config, RECON_VIEW_PROJECTION, index, 1, &raw);
      make_image (preview, config, RECON_VIEW_CORRECTED, index, 1, &corrected);
      g_assert_cmpuint (raw.n_images, ==, 12);
      g_assert_cmpuint (raw.number, ==, 4 + 3 * index);
      g_assert_cmpuint (raw.width, ==, N_COLUMNS);
      g_assert_cmpuint (raw.height, ==, N_SLICES);
      g_assert_cmpuint (corrected.number, ==, raw.number);
      g_assert_cmpuint (recon_image_get_width (corrected.image), ==, N_COLUMNS);
      g_assert_cmpuint (recon_image_get_height (corrected.image), ==, N_SLICES);

      for (guint slice = 0; slice < N_SLICES; slice++)
        for (guint c = 0; c < N_COLUMNS; c++)
          {
            const gsize i = slice * N_COLUMNS + c;

            g_assert_cmpfloat (recon_image_get_pixels (raw.image)[i], ==,
                               (float) expected_count (scan, RECON_RAW_PROJECTION, raw.number, slice, c));
            g_assert_cmpfloat_with_epsilon (recon_image_get_pixels (corrected.image)[i],
                                            expected_absorptivity (scan, raw.number, slice, c), 2e-5);
          }
    }
}

/* Darks and flats come as the correction takes them. */
static void
test_references (void)
{
  static const ReconRawKind kinds[] = { RECON_RAW_DARK, RECON_RAW_FLAT, RECON_RAW_FLAT_AFTER };
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, ROWS, N_ANGLES, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (ReconConfig) config = new_config (scan, SELECTION);
  g_autoptr (ReconConfig) bare = recon_config_copy (config);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_auto (ReconPreviewResult) result = { 0 };

      make_image (preview, config, RECON_VIEW_DARK + i, 0, 1, &result);
      g_assert_cmpuint (result.n_images, ==, 1);
      g_assert_cmpuint (recon_image_get_width (result.image), ==, N_COLUMNS);
      g_assert_cmpuint (recon_image_get_height (result.image), ==, N_SLICES);
      for (guint slice = 0; slice < N_SLICES; slice++)
        for (guint c = 0; c < N_COLUMNS; c++)
          g_assert_cmpfloat_with_epsilon ((double) recon_image_get_pixels (result.image)[slice * N_COLUMNS + c],
                                          mean_count (scan, kinds[i], slice, c), 0.01);
    }

  /* Where there is none, that is said. */
  set (bare, "input.darks", "");
  assert_failure (preview, bare, RECON_VIEW_DARK, 0, 1, RECON_ERROR_INPUT, "no darks");
  set (bare, "flat-field.interpolate", "no");
  assert_failure (preview, bare, RECON_VIEW_FLAT_AFTER, 0, 1, RECON_ERROR_INPUT, "no flats");
  set (bare, "flat-field.correct", "no");
  assert_failure (preview, bare, RECON_VIEW_FLAT, 0, 1, RECON_ERROR_INPUT, "not corrected");
}

/* Who doesn't know how many images there are gets the one in the middle. */
static void
test_middle (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, ROWS, N_ANGLES, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (ReconConfig) config = new_config (scan, "");
  g_auto (ReconPreviewResult) slice = { 0 };
  g_auto (ReconPreviewResult) projection = { 0 };

  make_image (preview, config, RECON_VIEW_SLICE, RECON_PREVIEW_MIDDLE, 1, &slice);
  g_assert_cmpuint (slice.index, ==, ROWS / 2);
  g_assert_cmpuint (slice.number, ==, ROWS / 2);
  make_image (preview, config, RECON_VIEW_PROJECTION, RECON_PREVIEW_MIDDLE, 1, &projection);
  g_assert_cmpuint (projection.index, ==, N_ANGLES / 2);
}

/* Also: the projections' rows are the sinograms' to the bit. */
static void
test_sinogram (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, ROWS, N_ANGLES, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (ReconConfig) config = new_config (scan, SELECTION);

  for (guint slice = 0; slice < N_SLICES; slice++)
    {
      g_auto (ReconPreviewResult) sinogram = { 0 };

      make_image (preview, config, RECON_VIEW_SINOGRAM, slice, 4, &sinogram);
      g_assert_cmpuint (sinogram.n_images, ==, N_SLICES);
      g_assert_cmpuint (sinogram.number, ==, 2 * slice);
      g_assert_cmpuint (sinogram.reduction, ==, 1);
      g_assert_cmpuint (sinogram.width, ==, N_COLUMNS);
      g_assert_cmpuint (sinogram.height, ==, 12);

      for (guint angle = 0; angle < 12; angle++)
        {
          g_auto (ReconPreviewResult) projection = { 0 };
          const float *row = recon_image_get_pixels (sinogram.image) + angle * N_COLUMNS;

          make_image (preview, config, RECON_VIEW_CORRECTED, angle, 1, &projection);
          g_assert_cmpmem (row, N_COLUMNS * sizeof *row,
                           recon_image_get_pixels (projection.image) + slice * N_COLUMNS, N_COLUMNS * sizeof *row);
          g_assert_cmpfloat_with_epsilon (row[angle], expected_absorptivity (scan, 4 + 3 * angle, slice, angle), 2e-5);
        }
    }
}

#define SINOGRAM_WIDTH  46
#define SINOGRAM_ANGLES 50

/* Sinograms as they are, or reduced by r as it is told: means of columns, angles a stride apart. */
static ReconConfig *
write_sinograms (PreviewScan *scan,
                 guint        r,
                 guint        stride,
                 const char  *settings)
{
  const guint width = SINOGRAM_WIDTH / r, n_angles = (SINOGRAM_ANGLES + stride - 1) / stride;
  const gsize shape[] = { 1, n_angles, width };
  g_autofree float *values = g_new (float, n_angles * width);
  g_autofree double *angles = g_new (double, n_angles);
  g_autofree char *name = g_strdup_printf ("sinograms-%u-%u.h5", r, stride);
  g_autofree char *file = in_folder (scan, name);
  g_autofree char *sinograms = g_strconcat (file, ":/sinograms", NULL);
  g_autofree char *angles_path = g_strconcat (file, ":/angles", NULL);
  g_autofree float *line = g_new (float, SINOGRAM_WIDTH);
  ReconConfig *config = recon_config_new ();

  for (guint i = 0; i < n_angles; i++)
    {
      angles[i] = G_PI * i * stride / SINOGRAM_ANGLES;
      recon_phantom_project (recon_phantom_find ("asymmetric"), 1, SINOGRAM_WIDTH, SINOGRAM_WIDTH / 2.5, 24.25, 0,
                             angles[i], line);
      for (guint c = 0; c < width; c++)
        {
          float sum = 0;

          for (guint k = 0; k < r; k++)
            sum += line[c * r + k];
          values[i * width + c] = r == 1 ? sum : sum / (float) r;
        }
    }

  test_hdf5_write_floats (file, "/sinograms", NULL, 3, shape, values);
  test_hdf5_write_list (file, "/angles", n_angles, angles);
  set (config, "input.sinograms", sinograms);
  set (config, "input.angles", angles_path);
  set (config, "input.angle-unit", "radian");
  set_all (config, settings);

  return config;
}

static void
check_reduction (guint       r,
                 guint       stride,
                 const char *full_settings,
                 const char *reduced_settings,
                 guint       width,
                 guint       height)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, 1, 1, G_PI, FALSE, FALSE);
  g_autoptr (ReconConfig) full = write_sinograms (scan, 1, 1, full_settings);
  g_autoptr (ReconConfig) reduced = write_sinograms (scan, r, stride, reduced_settings);
  g_autoptr (ReconContents) slices = run_job (scan, reduced);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_auto (ReconPreviewResult) result = { 0 };

  make_image (preview, full, RECON_VIEW_SLICE, 0, r, &result);
  g_assert_cmpuint (result.reduction, ==, r);
  g_assert_cmpuint (result.width, ==, width);
  g_assert_cmpuint (result.height, ==, height);
  assert_slice (slices, 0, result.image);
}

/* A reduced slice is the slice of the reduced sinogram, whose pixels are r times as large: what a job makes of that. */
static void
test_reduced (void)
{
  check_reduction (2, 2, "reconstruction.axis=24.25 reconstruction.pixel-size=8",
                   "reconstruction.axis=11.875 reconstruction.pixel-size=16", SINOGRAM_WIDTH, SINOGRAM_WIDTH);
  check_reduction (4, 4, "reconstruction.axis=24.25 reconstruction.pixel-size=8 reconstruction.circle=yes",
                   "reconstruction.axis=5.6875 reconstruction.pixel-size=32 reconstruction.circle=yes", SINOGRAM_WIDTH,
                   SINOGRAM_WIDTH);
  check_reduction (2, 2, "reconstruction.axis=24.25 reconstruction.pixel-size=8 reconstruction.roi=6,4,20,30",
                   "reconstruction.axis=11.875 reconstruction.pixel-size=16 reconstruction.roi=3,2,10,15", 20, 30);
  /* Regions come next to whole pixels: 7…28 is 8…28. */
  check_reduction (4, 4, "reconstruction.axis=24.25 reconstruction.pixel-size=8 reconstruction.roi=7,45,21,1",
                   "reconstruction.axis=5.6875 reconstruction.pixel-size=32 reconstruction.roi=2,10,5,1", 21, 1);
  /* Of 17 angles none are left out for 23 columns. */
  check_reduction (2, 1, "reconstruction.axis=24.25 reconstruction.pixel-size=8 input.projection-step=3",
                   "reconstruction.axis=11.875 reconstruction.pixel-size=16 input.projection-step=3", SINOGRAM_WIDTH,
                   SINOGRAM_WIDTH);
  /* Without the ramp values aren't per pixel. */
  check_reduction (2, 2, "reconstruction.axis=24.25 reconstruction.filter=none",
                   "reconstruction.axis=11.875 reconstruction.filter=none", SINOGRAM_WIDTH, SINOGRAM_WIDTH);
}

/* Beside the means of the full slice, on the same scale. */
static void
test_reduced_scale (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (128, 2, 200, G_PI, FALSE, TRUE);
  g_autoptr (ReconConfig) config = new_config (scan, "");
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_auto (ReconPreviewResult) full = { 0 };

  make_image (preview, config, RECON_VIEW_SLICE, 1, 1, &full);
  for (guint r = 2; r <= 4; r *= 2)
    {
      g_auto (ReconPreviewResult) reduced = { 0 };
      const guint n = 128 / r;
      double products = 0, squares = 0, reduced_squares = 0;

      make_image (preview, config, RECON_VIEW_SLICE, 1, r, &reduced);
      g_assert_cmpuint (recon_image_get_width (reduced.image), ==, n);
      for (guint y = 0; y < n; y++)
        for (guint x = 0; x < n; x++)
          {
            const double value = (double) recon_image_get_pixels (reduced.image)[y * n + x];
            double mean = 0;

            for (guint k = 0; k < r * r; k++)
              mean += (double) recon_image_get_pixels (full.image)[(y * r + k / r) * 128 + x * r + k % r] / (r * r);
            products += mean * value;
            squares += mean * mean;
            reduced_squares += value * value;
          }
      g_test_message ("reduction %u: correlation %g, gain %g", r, products / sqrt (squares * reduced_squares),
                      products / squares);
      g_assert_cmpfloat (products / sqrt (squares * reduced_squares), >, 0.95);
      g_assert_cmpfloat_with_epsilon (products / squares, 1, 0.05);
    }
}

/* A scan too narrow for a reduction is reduced less, down to a single column. */
static void
test_narrow (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, 2, N_ANGLES, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  const struct
  {
    const char *settings;
    guint       width, reduction;
  } cases[] = {
    { "input.crop-left=27 input.crop-right=32", 8, 4 },
    { "input.crop-left=27 input.crop-right=33", 7, 2 },
    { "input.crop-left=28 input.crop-right=36", 3, 1 },
    { "input.crop-left=30 input.crop-right=36", 1, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ReconConfig) config = new_config (scan, cases[i].settings);
      g_auto (ReconPreviewResult) result = { 0 };

      make_image (preview, config, RECON_VIEW_SLICE, 0, 4, &result);
      g_assert_cmpuint (result.reduction, ==, cases[i].reduction);
      g_assert_cmpuint (result.width, ==, cases[i].width);
      g_assert_cmpuint (recon_image_get_width (result.image), ==, cases[i].width / cases[i].reduction);
    }
}

/* After each error the next call works. */
static void
test_errors (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, ROWS, N_ANGLES, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (ReconConfig) config = new_config (scan, "");
  g_autoptr (ReconConfig) empty = recon_config_new ();
  g_autoptr (ReconConfig) swapped = new_config (scan, "");
  g_autoptr (ReconConfig) outside = new_config (scan, "reconstruction.axis=400");
  g_autoptr (ReconConfig) beyond = new_config (scan, "reconstruction.roi=60,0,20,20");
  g_autoptr (ReconConfig) device = new_config (scan, "compute.device=abacus");
  g_autoptr (ReconConfig) bad_scale = new_config (scan, "flat-field.dark-scale=1000");
  g_autofree char *flats = in_folder (scan, "flats");
  g_autofree char *darks = in_folder (scan, "darks");
  g_autoptr (ReconContents) slices = run_job (scan, config);
  const struct
  {
    ReconConfig *config;
    ReconView    view;
    guint        index, reduction;
    int          code;
    const char  *words;
  } cases[] = {
    { empty, RECON_VIEW_SLICE, 0, 1, RECON_ERROR_CONFIG, "There is no input" },
    { config, RECON_VIEW_SLICE, ROWS, 1, RECON_ERROR_CONFIG, "Slice 7 is beyond the 7" },
    { config, RECON_VIEW_SINOGRAM, ROWS, 1, RECON_ERROR_CONFIG, "Slice 7 is beyond the 7" },
    { config, RECON_VIEW_PROJECTION, N_ANGLES, 1, RECON_ERROR_CONFIG, "Projection 40 is beyond the 40" },
    { config, RECON_VIEW_CORRECTED, G_MAXUINT - 1, 1, RECON_ERROR_CONFIG, "is beyond the 40" },
    { config, RECON_VIEW_DARK, 1, 1, RECON_ERROR_CONFIG, "beyond the 1" },
    { config, RECON_VIEW_SLICE, 0, 3, RECON_ERROR_CONFIG, "1, 2 or 4" },
    { config, RECON_VIEW_SLICE, 0, 0, RECON_ERROR_CONFIG, "1, 2 or 4" },
    { config, RECON_N_VIEWS, 0, 1, RECON_ERROR_CONFIG, "no view 7" },
    { outside, RECON_VIEW_SLICE, 0, 1, RECON_ERROR_CONFIG, "axis 400 lies outside" },
    { beyond, RECON_VIEW_SLICE, 0, 1, RECON_ERROR_CONFIG, "reaches beyond the slice" },
    { device, RECON_VIEW_SLICE, 0, 1, RECON_ERROR_CONFIG, "abacus" },
    { swapped, RECON_VIEW_SLICE, 0, 1, RECON_ERROR_INPUT, "darks are brighter than the flats" },
    { swapped, RECON_VIEW_CORRECTED, 0, 1, RECON_ERROR_INPUT, "darks are brighter than the flats" },
    { bad_scale, RECON_VIEW_SINOGRAM, 0, 1, RECON_ERROR_INPUT, "--dark-scale" },
  };

  set (swapped, "input.flats", darks);
  set (swapped, "input.darks", flats);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (ReconPreviewResult) result = { 0 };

      assert_failure (preview, cases[i].config, cases[i].view, cases[i].index, cases[i].reduction, cases[i].code,
                      cases[i].words);
      make_image (preview, config, RECON_VIEW_SLICE, 5, 1, &result);
      assert_slice (slices, 5, result.image);
    }
}

/* A memory limit that a slice doesn't fit is said before anything is read. */
static void
test_memory (void)
{
  const TestHdf5Storage storage = { .type = H5T_STD_U8LE };
  const gsize shape[] = { 1, 3000, 1000 };
  const gsize n = shape[1] * shape[2];
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, 1, 1, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autofree char *file = in_folder (scan, "large.h5");
  g_autofree char *path = g_strconcat (file, ":/sinograms", NULL);
  g_autofree float *values = g_new (float, n);
  g_autoptr (ReconContents) slices = NULL;
  g_auto (ReconPreviewResult) result = { 0 };

  for (gsize i = 0; i < n; i++)
    values[i] = 7;
  test_hdf5_write_floats (file, "/sinograms", &storage, 3, shape, values);
  set (config, "input.sinograms", path);
  set (config, "reconstruction.roi", "0,0,10,10");
  set (config, "compute.memory-limit", "20M");
  assert_failure (preview, config, RECON_VIEW_SLICE, 0, 1, RECON_ERROR_MEMORY, "--memory-limit");

  /* Constant projections are no error: they make what they make in a job. */
  set (config, "compute.memory-limit", "2G");
  slices = run_job (scan, config);
  make_image (preview, config, RECON_VIEW_SLICE, 0, 1, &result);
  assert_slice (slices, 0, result.image);
}

static void
test_cancel (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, ROWS, N_ANGLES, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (ReconConfig) config = new_config (scan, "");
  g_autoptr (ReconContents) slices = run_job (scan, config);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (ReconPreviewResult) result = { 0 };

  g_cancellable_cancel (cancellable);
  for (guint view = RECON_VIEW_PROJECTION; view < RECON_N_VIEWS; view++)
    {
      const ReconPreviewRequest request = { view, 1, 1 };
      g_autoptr (GError) error = NULL;

      g_assert_false (recon_preview_make (preview, config, &request, &result, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_null (result.image);
    }

  make_image (preview, config, RECON_VIEW_SLICE, 1, 1, &result);
  assert_slice (slices, 1, result.image);
}

/* Without a device there are still projections as they are. */
static void
test_no_device_in_subprocess (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, ROWS, N_ANGLES, G_PI, FALSE, FALSE);
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (ReconConfig) config = new_config (scan, "");

  for (guint i = 0; i < 2; i++)
    {
      g_auto (ReconPreviewResult) result = { 0 };

      assert_failure (preview, config, RECON_VIEW_SLICE, 0, 1, RECON_ERROR_DEVICE, "No OpenCL device");
      assert_failure (preview, config, RECON_VIEW_CORRECTED, 0, 1, RECON_ERROR_DEVICE, "No OpenCL device");
      make_image (preview, config, RECON_VIEW_PROJECTION, 0, 1, &result);
    }
}

static void
test_no_device (void)
{
  g_autofree char *before = g_strdup (g_getenv ("OCL_ICD_VENDORS"));

  g_setenv ("OCL_ICD_VENDORS", "/nonexistent", TRUE);
  g_test_trap_subprocess ("/preview-views/no-device/subprocess", 0, 0);
  if (before != NULL)
    g_setenv ("OCL_ICD_VENDORS", before, TRUE);
  else
    g_unsetenv ("OCL_ICD_VENDORS");
  g_test_trap_assert_passed ();
}

/* Stops the work while rows are read: the log tells when the scan is open. */
static void
cancel_cb (ReconLog      *log,
           int            level,
           const char    *text,
           GCancellable  *cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancel_between (void)
{
  g_autoptr (PreviewScan) scan = preview_scan_new (WIDTH, ROWS, N_ANGLES, G_PI, FALSE, FALSE);
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autoptr (ReconPreview) preview = recon_preview_new (log);
  g_autoptr (ReconConfig) config = new_config (scan, "");
  g_autoptr (ReconContents) slices = run_job (scan, config);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const ReconPreviewRequest request = { RECON_VIEW_SLICE, 1, 1 };
  g_autoptr (GError) error = NULL;
  g_auto (ReconPreviewResult) result = { 0 };

  g_signal_connect (log, "record", G_CALLBACK (cancel_cb), cancellable);
  g_assert_false (recon_preview_make (preview, config, &request, &result, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  make_image (preview, config, RECON_VIEW_SLICE, 1, 1, &result);
  assert_slice (slices, 1, result.image);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/preview-views/projection", test_projection);
  g_test_add_func ("/preview-views/references", test_references);
  g_test_add_func ("/preview-views/middle", test_middle);
  g_test_add_func ("/preview-views/sinogram", test_sinogram);
  g_test_add_func ("/preview-views/reduced", test_reduced);
  g_test_add_func ("/preview-views/reduced-scale", test_reduced_scale);
  g_test_add_func ("/preview-views/narrow", test_narrow);
  g_test_add_func ("/preview-views/errors", test_errors);
  g_test_add_func ("/preview-views/memory", test_memory);
  g_test_add_func ("/preview-views/no-device", test_no_device);
  g_test_add_func ("/preview-views/no-device/subprocess", test_no_device_in_subprocess);
  g_test_add_func ("/preview-views/cancel", test_cancel);
  g_test_add_func ("/preview-views/cancel-between", test_cancel_between);

  return g_test_run ();
}

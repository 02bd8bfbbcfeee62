/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/turned-reader.h"

#include <string.h>

#include "base/error.h"
#include "io/hdf5-reader.h"
#include "io/scan.h"
#include "scan-files.h"
#include "support.h"
#include "test-hdf5.h"
#include "test-tiff.h"

/* A scan whose frames are turned as they are read gives the same bits as one whose files were turned beforehand. */

#define HEIGHT 5
#define WIDTH  8
#define FRAMES 6
#define REFERENCES 2

static const char *const angles[] = { "0", "90", "180", "270" };
static const char *const flips[] = { "none", "horizontal", "vertical" };

/* An image, row after row. */
typedef struct
{
  guint  height;
  guint  width;
  double pixels[HEIGHT * WIDTH];
} Image;

static Image
make_image (guint kind,
            guint frame)
{
  Image image = { HEIGHT, WIDTH, { 0 } };

  for (guint r = 0; r < HEIGHT; r++)
    for (guint c = 0; c < WIDTH; c++)
      image.pixels[r * WIDTH + c] = 1000 * (kind + 1) + 100 * frame + 10 * r + c + (r * c * (frame + 2)) % 7;

  return image;
}

/* By a quarter of a turn: what was at the right is on top. */
static Image
turn_left (const Image *image)
{
  Image turned = { image->width, image->height, { 0 } };

  for (guint r = 0; r < turned.height; r++)
    for (guint c = 0; c < turned.width; c++)
      turned.pixels[r * turned.width + c] = image->pixels[c * image->width + (image->width - 1 - r)];

  return turned;
}

static Image
flip_image (const Image *image,
            const char  *flip)
{
  Image flipped = *image;

  for (guint r = 0; r < image->height; r++)
    for (guint c = 0; c < image->width; c++)
      {
        guint y = g_str_equal (flip, "vertical") ? image->height - 1 - r : r;
        guint x = g_str_equal (flip, "horizontal") ? image->width - 1 - c : c;

        flipped.pixels[r * image->width + c] = image->pixels[y * image->width + x];
      }

  return flipped;
}

static Image
turn_image (const Image *image,
            guint        quarters,
            const char  *flip)
{
  Image turned = *image;

  for (guint i = 0; i < quarters; i++)
    turned = turn_left (&turned);

  return flip_image (&turned, flip);
}

/* Writes a kind of frames, turned, to a folder of TIFF files, or to a dataset. */
static void
write_kind (const char *folder,
            const char *file,
            const char *dataset,
            guint       kind,
            guint       n,
            guint       quarters,
            const char *flip)
{
  const TestHdf5Storage packed = { .type = H5T_STD_U16LE, .chunk = { 2, 3, 4 }, .deflate = 1 };
  double values[FRAMES * HEIGHT * WIDTH];
  gsize dims[3] = { n, 0, 0 };

  for (guint i = 0; i < n; i++)
    {
      Image image = make_image (kind, i);
      Image turned = turn_image (&image, quarters, flip);

      dims[1] = turned.height;
      dims[2] = turned.width;
      memcpy (values + i * HEIGHT * WIDTH, turned.pixels, sizeof turned.pixels);
      if (folder != NULL)
        {
          g_autofree char *path = g_strdup_printf ("%s/a_%03u.tif", folder, i);

          g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
          test_tiff_write (path,
                           &(TestTiff){ .width = turned.width, .height = turned.height,
                                        .type = RECON_SAMPLE_UINT16, .rows_per_strip = 2 },
                           turned.pixels);
        }
    }
  if (file != NULL)
    test_hdf5_write (file, dataset, &packed, 3, dims, values);
}

static void
assert_equal (const float *a,
              const float *b,
              gsize        n)
{
  g_assert_cmpmem (a, n * sizeof (float), b, n * sizeof (float));
}

static void
compare_scans (ReconScan *scan,
               ReconScan *beforehand)
{
  guint n_slices = recon_scan_get_geometry (scan)->n_rows;
  guint width = recon_scan_get_width (scan);
  guint n_angles = recon_scan_get_geometry (scan)->n_angles;
  gsize n = (gsize) n_slices * width;
  g_autofree float *a = g_new0 (float, n * n_angles);
  g_autofree float *b = g_new0 (float, n * n_angles);
  g_autofree float *flat_a = g_new0 (float, n);
  g_autofree float *flat_b = g_new0 (float, n);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (recon_scan_get_geometry (beforehand)->n_rows, ==, n_slices);
  g_assert_cmpuint (recon_scan_get_width (beforehand), ==, width);
  g_assert_cmpfloat (recon_scan_get_geometry (scan)->axis, ==, recon_scan_get_geometry (beforehand)->axis);

  recon_scan_read_sinograms (scan, 0, n_slices, n_slices, a, NULL, &error);
  g_assert_no_error (error);
  recon_scan_read_sinograms (beforehand, 0, n_slices, n_slices, b, NULL, &error);
  g_assert_no_error (error);
  assert_equal (a, b, n * n_angles);

  recon_scan_read_references (scan, 0, n_slices, a, flat_a, NULL, NULL, &error);
  g_assert_no_error (error);
  recon_scan_read_references (beforehand, 0, n_slices, b, flat_b, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_equal (a, b, n);
  assert_equal (flat_a, flat_b, n);

  recon_scan_read_projection (scan, n_angles - 1, a, NULL, &error);
  g_assert_no_error (error);
  recon_scan_read_projection (beforehand, n_angles - 1, b, NULL, &error);
  g_assert_no_error (error);
  assert_equal (a, b, n);
}

typedef struct
{
  char *projections, *darks, *flats;
} Paths;

static void
paths_clear (Paths *paths)
{
  g_free (paths->projections);
  g_free (paths->darks);
  g_free (paths->flats);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Paths, paths_clear)

static Paths
write_scan (ScanFiles  *files,
            gboolean    hdf5,
            const char *name,
            guint       quarters,
            const char *flip)
{
  static const char *const kinds[] = { "projections", "darks", "flats" };
  static const char *const datasets[] = { "/exchange/data", "/exchange/data_dark", "/exchange/data_white" };
  g_autofree char *file = g_strdup_printf ("%s/%s.h5", files->folder, name);
  Paths paths = { NULL, NULL, NULL };
  char **all[] = { &paths.projections, &paths.darks, &paths.flats };

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      *all[kind] = hdf5 ? g_strdup (kind == 0 ? file : "")
                        : g_strdup_printf ("%s/%s-%s", files->folder, name, kinds[kind]);
      write_kind (hdf5 ? NULL : *all[kind], hdf5 ? file : NULL, datasets[kind], kind, kind == 0 ? FRAMES : REFERENCES,
                  quarters, flip);
    }

  return paths;
}

static void
check_turn (gboolean    hdf5,
            guint       quarters,
            const char *flip)
{
  static const char *const settings[][4] = {
    /* bin, y-step, y-start, crop-left */
    { "1", "1", "0", "0" }, { "1", "2", "1", "2" }, { "2", "1", "1", "1" }, { "2", "2", "0", "0" },
  };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_auto (Paths) plain = write_scan (files, hdf5, "plain", 0, "none");
  g_auto (Paths) turned = write_scan (files, hdf5, "turned", quarters, flip);

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      const char *const *set = settings[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconScan) scan =
          scan_files_open (files, &error, "input.projections", plain.projections, "input.darks", plain.darks,
                           "input.flats", plain.flats, "input.bin", set[0], "input.y-step", set[1], "input.y-start",
                           set[2], "input.crop-left", set[3], "reconstruction.axis", "2.5", "input.rotate",
                           angles[quarters], "input.flip", flip, NULL);
      g_autoptr (ReconScan) beforehand = NULL;

      g_assert_no_error (error);
      if (quarters > 0)
        scan_assert_said (files, "Frames are turned by");
      beforehand = scan_files_open (files, &error, "input.projections", turned.projections, "input.darks", turned.darks,
                                    "input.flats", turned.flats, "input.bin", set[0], "input.y-step", set[1],
                                    "input.y-start", set[2], "input.crop-left", set[3], "reconstruction.axis", "2.5",
                                    NULL);
      g_assert_no_error (error);
      compare_scans (scan, beforehand);
    }
}

static void
test_scans (gconstpointer data)
{
  for (guint quarters = 0; quarters < G_N_ELEMENTS (angles); quarters++)
    for (guint flip = 0; flip < G_N_ELEMENTS (flips); flip++)
      check_turn (GPOINTER_TO_INT (data), quarters, flips[flip]);
}

/* Images that do not fit into the memory that is read beside: they are read in parts, in any order of frames. */
static void
test_large (void)
{
  const gsize height = 2600, width = 1024;
  const gsize dims[3] = { 2, height, width };
  const TestHdf5Storage packed = { .type = H5T_STD_U16LE, .chunk = { 1, 100, 1024 }, .deflate = 1 };
  g_autofree char *folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "large.h5", NULL);
  g_autofree double *values = g_new (double, 2 * height * width);
  g_autofree float *pixels = g_new (float, 2 * height * width);
  const guint frames[] = { 1, 0 };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < 2 * height * width; i++)
    values[i] = (double) (i % 65521);
  test_hdf5_write (file, "/data", &packed, 3, dims, values);

  for (ReconRotate rotate = RECON_ROTATE_90; rotate <= RECON_ROTATE_270; rotate += RECON_ROTATE_180)
    {
      g_autoptr (ReconReader) inner = recon_hdf5_reader_open (file, "/data", &error);
      g_autoptr (ReconReader) reader = recon_turned_reader_new (inner, rotate, RECON_FLIP_NONE);
      const ReconReading reading = { .frames = frames, .n_frames = 2, .lines = { 3, 2, 4, 255 }, .column = 7,
                                     .n_columns = (guint) height - 9, .pixels = pixels, .frame_pitch = height * width,
                                     .row_pitch = height };

      g_assert_cmpuint (recon_reader_get_height (reader), ==, width);
      g_assert_cmpuint (recon_reader_get_width (reader), ==, height);
      g_assert_cmpuint (recon_reader_get_scratch_bytes (reader), <, (gsize) 32 << 20);
      g_assert_true (recon_reader_read_lines (reader, &reading, NULL, &error));
      g_assert_no_error (error);

      for (guint f = 0; f < 2; f++)
        for (guint k = 0; k < 510; k++)
          for (guint c = 0; c < reading.n_columns; c++)
            {
              guint row = recon_lines_get_row (&reading.lines, k);
              gsize y = rotate == RECON_ROTATE_90 ? c + 7 : height - 1 - (c + 7);
              gsize x = rotate == RECON_ROTATE_90 ? width - 1 - row : row;

              if (pixels[f * height * width + k * height + c] != (float) values[(frames[f] * height + y) * width + x])
                g_error ("image %u, row %u, column %u", frames[f], row, c + 7);
            }
    }

  test_folder_remove (g_steal_pointer (&folder));
}

/* Sinograms are no frames. */
static void
test_sinograms (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = NULL;

  g_assert_null (scan_files_open (files, &error, "input.sinograms", files->projections, "input.rotate", "90", NULL));
  scan_assert_error (error, RECON_ERROR_CONFIG, "input.rotate", "input.sinograms", NULL);
  g_clear_error (&error);
  g_assert_null (scan_files_open (files, &error, "input.sinograms", files->projections, "input.flip", "vertical",
                                  NULL));
  scan_assert_error (error, RECON_ERROR_CONFIG, "input.flip=vertical", NULL);
  g_clear_error (&error);
  scan = scan_files_open (files, &error, "input.sinograms", files->projections, "input.flip", "horizontal", NULL);
  g_assert_no_error (error);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/turned/tiff", GINT_TO_POINTER (FALSE), test_scans);
  g_test_add_data_func ("/turned/hdf5", GINT_TO_POINTER (TRUE), test_scans);
  g_test_add_func ("/turned/large", test_large);
  g_test_add_func ("/turned/sinograms", test_sinograms);

  return g_test_run ();
}

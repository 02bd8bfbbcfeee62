/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "io/contents.h"
#include "io/scan.h"
#include "io/series.h"
#include "scan-files.h"
#include "support.h"
#include "test-tiff.h"

/* A folder of small images, and what opening it says. */

static void
write_image (const char *folder,
             const char *name,
             guint       width,
             double      value)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree double *values = g_new (double, width * 2);

  for (guint i = 0; i < width * 2; i++)
    values[i] = value;
  test_tiff_write (path, &(TestTiff){ .width = width, .height = 2, .type = RECON_SAMPLE_UINT16 }, values);
}

/* Images whose pixels are their number. */
static void
write_series (const char *folder,
              const char *before,
              guint       first,
              guint       last)
{
  for (guint i = first; i <= last; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%03u.tif", before, i);

      write_image (folder, name, 8, i);
    }
}

static void
remove_image (const char *folder,
              const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
assert_contains (const char *text,
                 const char *parts)
{
  g_auto (GStrv) list = g_strsplit (parts, "|", -1);

  for (guint i = 0; list[i] != NULL; i++)
    if (strstr (text, list[i]) == NULL)
      g_error ("“%s” is not in: %s", list[i], text);
}

/* @path in @folder has @n images, the first of @value; @said are parts of its warnings, or "" for none. */
static void
assert_takes (const char      *folder,
              const char      *path,
              ReconSeriesKind  wanted,
              guint            n,
              double           value,
              const char      *said)
{
  g_autofree char *full = g_build_filename (folder, path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconContents) contents = recon_contents_open_as (full, wanted, &error);
  g_autoptr (GString) warnings = g_string_new (NULL);
  float pixels[16];

  g_assert_no_error (error);
  for (guint i = 0; i < contents->n_warnings; i++)
    g_string_append_printf (warnings, "%s\n", (char *) contents->notes->pdata[i]);
  g_test_message ("%s", warnings->str);
  g_assert_cmpuint (recon_frames_get_n (contents->projections), ==, n);
  if (*said == '\0')
    g_assert_cmpstr (warnings->str, ==, "");
  assert_contains (warnings->str, said);

  recon_reader_read (recon_frames_get_reader (contents->projections), 0, 1, 0, 1, pixels, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat ((double) pixels[0], ==, value);
}

static void
assert_refuses (const char      *folder,
                const char      *path,
                ReconSeriesKind  wanted,
                const char      *said)
{
  g_autofree char *full = g_build_filename (folder, path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconContents) contents = recon_contents_open_as (full, wanted, &error);

  g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
  g_assert_null (contents);
  assert_contains (error->message, said);
}

static void
test_strays (void)
{
  char *folder = test_folder_new ();

  write_series (folder, "IM_", 10, 39);
  assert_takes (folder, "", RECON_SERIES_PROJECTIONS, 30, 10, "");

  write_image (folder, "IM_180deg.tif", 8, 9000);
  write_image (folder, "IM_360deg.tif", 8, 9000);
  write_image (folder, "overview.tif", 8, 9000);
  write_series (folder, "thumb_", 10, 39);
  assert_takes (folder, "", RECON_SERIES_PROJECTIONS, 30, 10,
                "IM_%03d.tif (30 files)|left out is |IM_180deg.tif, IM_360deg.tif|overview.tif|"
                "thumb_%03d.tif (30 files)");
  assert_takes (folder, "IM_*.tif", RECON_SERIES_UNKNOWN, 30, 10, "left out is IM_180deg.tif, IM_360deg.tif");
  assert_takes (folder, "IM_%03d.tif", RECON_SERIES_PROJECTIONS, 30, 10, "");

  test_folder_remove (folder);
}

static void
test_other_size (void)
{
  char *folder = test_folder_new ();

  /* The first of all is the one that does not belong. */
  write_series (folder, "a_", 0, 29);
  write_image (folder, "a_000.tif", 4, 0);
  assert_takes (folder, "", RECON_SERIES_PROJECTIONS, 29, 1,
                "1 file, |a_000.tif, is left out: it is 4 × 2 pixels of uint16, and the other 29 are 8 × 2");

  /* One in between leaves a gap. */
  write_image (folder, "a_000.tif", 8, 0);
  write_image (folder, "a_017.tif", 4, 0);
  assert_takes (folder, "", RECON_SERIES_PROJECTIONS, 29, 0, "a_017.tif, is left out|is missing: number 17, of 30.");

  write_image (folder, "a_005.tif", 4, 0);
  assert_refuses (folder, "", RECON_SERIES_PROJECTIONS, "a_005.tif is 4 × 2 pixels|a_000.tif is 8 × 2 pixels");

  test_folder_remove (folder);
}

static void
test_several (void)
{
  char *folder = test_folder_new ();

  write_series (folder, "dark_", 1, 5);
  write_series (folder, "flat_before_", 2, 6);
  write_series (folder, "flat_after_", 3, 7);
  write_series (folder, "scan_", 4, 15);

  assert_takes (folder, "", RECON_SERIES_PROJECTIONS, 12, 4,
                "scan_%03d.tif (12 files)|dark_%03d.tif (5 files)|--darks=|/dark_%03d.tif --flats=|"
                "/flat_before_%03d.tif --flats-after=|/flat_after_%03d.tif");
  assert_takes (folder, "", RECON_SERIES_UNKNOWN, 12, 4, "left out");
  assert_takes (folder, "", RECON_SERIES_DARKS, 5, 1, "left out is scan_%03d.tif");
  assert_takes (folder, "", RECON_SERIES_FLATS, 5, 2, "flat_before_%03d.tif (5 files)");
  assert_takes (folder, "", RECON_SERIES_FLATS_AFTER, 5, 3, "flat_after_%03d.tif (5 files)");
  /* Names that say everything leave nothing to be said. */
  assert_takes (folder, "[df]*.tif", RECON_SERIES_DARKS, 5, 1, "");

  /* Which of two scans? */
  write_series (folder, "more_", 4, 15);
  assert_refuses (folder, "", RECON_SERIES_PROJECTIONS,
                  "holds several series of images. Choose one|/more_%03d.tif (12 files), |/scan_%03d.tif (12 files)");
  assert_refuses (folder, "*.tif", RECON_SERIES_PROJECTIONS, "holds several series");
  assert_takes (folder, "more_*.tif", RECON_SERIES_PROJECTIONS, 12, 4, "");

  test_folder_remove (folder);
}

static void
test_parts (void)
{
  char *folder = test_folder_new ();

  /* Numbers that go on are of one series. */
  write_series (folder, "on1_", 1, 6);
  write_series (folder, "on2_", 7, 12);
  assert_takes (folder, "", RECON_SERIES_PROJECTIONS, 12, 1, "");

  write_series (folder, "part1_", 1, 6);
  write_series (folder, "part2_", 1, 6);
  assert_refuses (folder, "", RECON_SERIES_PROJECTIONS,
                  "on*_*.tif (12 files), |part1_%03d.tif (6 files), |part2_%03d.tif (6 files).");
  assert_takes (folder, "part?_*.tif", RECON_SERIES_PROJECTIONS, 12, 1,
                "taken for one series, in this order: part1_%03d.tif (6 files), part2_%03d.tif (6 files)");

  test_folder_remove (folder);
}

/* Some single images, as people name darks and flats. */
static void
test_single (void)
{
  char *folder = test_folder_new ();

  write_image (folder, "b.tif", 8, 2);
  assert_takes (folder, "", RECON_SERIES_DARKS, 1, 2, "");
  write_image (folder, "a.tif", 8, 1);
  assert_takes (folder, "", RECON_SERIES_DARKS, 2, 1, "different names are taken for one series|a.tif, b.tif");
  write_series (folder, "d_", 1, 2);
  assert_refuses (folder, "", RECON_SERIES_DARKS, "holds several series");

  test_folder_remove (folder);
}

static void
assert_gaps (const gint64 *numbers,
             gsize         n,
             ReconNumbers  expected,
             guint         n_missing,
             const char   *missing)
{
  g_autoptr (ReconSeriesGaps) gaps = recon_series_gaps_find (numbers, n, NULL);

  g_assert_cmpint (gaps->numbers, ==, expected);
  g_assert_cmpuint (gaps->n_missing, ==, n_missing);
  g_assert_cmpstr (gaps->missing, ==, missing);
  g_assert_true ((gaps->places != NULL) == (n_missing > 0));
  for (gsize i = 0; gaps->places != NULL && i < n; i++)
    g_assert_cmpuint (gaps->places[i], ==,
                      (guint) ((numbers[i] - numbers[0]) / ((numbers[n - 1] - numbers[0]) / (gaps->n_places - 1))));
}

static void
test_numbers (void)
{
  gint64 numbers[400];

#define ASSERT(expected, n_missing, missing, ...) \
  assert_gaps ((gint64[]){ __VA_ARGS__ }, G_N_ELEMENTS (((gint64[]){ __VA_ARGS__ })), expected, n_missing, missing)

  ASSERT (RECON_NUMBERS_COMPLETE, 0, NULL, 5);
  ASSERT (RECON_NUMBERS_COMPLETE, 0, NULL, 5, 900);
  ASSERT (RECON_NUMBERS_COMPLETE, 0, NULL, 0, 2, 4, 6);
  ASSERT (RECON_NUMBERS_GAPS, 1, "2", 0, 1, 3);
  ASSERT (RECON_NUMBERS_GAPS, 1, "6", 0, 2, 4, 8, 10);
  ASSERT (RECON_NUMBERS_GAPS, 1, "0", -10, -5, 5, 10);
  ASSERT (RECON_NUMBERS_HOLES, 3, "4–6", 1, 2, 3, 7, 8, 9);
  ASSERT (RECON_NUMBERS_HOLES, 4, "2, 4, 5, 7", 0, 1, 3, 6, 8, 9);
  /* Times of day. */
  ASSERT (RECON_NUMBERS_IRREGULAR, 0, "120001–120006, 120008–120101, 120103–120205",
          120000, 120007, 120102, 120206);

  /* Two runs of a scan, numbered apart. */
  for (guint i = 0; i < 400; i++)
    numbers[i] = i < 200 ? i : 1000 + i;
  assert_gaps (numbers, 400, RECON_NUMBERS_HOLES, 1000, "200–1199");

  /* Many gaps are counted, and not all of them listed. */
  for (guint i = 0; i < 400; i++)
    numbers[i] = i + i / 10;
  assert_gaps (numbers, 400, RECON_NUMBERS_GAPS, 39, "10, 21, 32, 43, 54, 65, …");
}

/* Pages of one file, whose pixels count from @first. */
static void
write_pages (const char *folder,
             const char *name,
             guint       first,
             guint       n,
             const char *description)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree double *values = g_new (double, n * 16);

  for (guint i = 0; i < n * 16; i++)
    values[i] = first + i / 16;
  test_tiff_write (path,
                   &(TestTiff){ .width = 8, .height = 2, .type = RECON_SAMPLE_UINT16, .n_pages = n,
                                .description = description },
                   values);
}

/* Stacks that are too large for one file. */
static void
test_stack_in_parts (void)
{
  static const char whole[] = "<OME><Pixels SizeC=\"1\" SizeT=\"12\" SizeZ=\"1\"/></OME>";
  static const char own[] = "<OME><Pixels SizeC=\"1\" SizeT=\"5\" SizeZ=\"1\"/></OME>";
  char *folder = test_folder_new ();

  write_pages (folder, "a_MMStack_Pos0.ome.tif", 100, 5, NULL);
  write_pages (folder, "a_MMStack_Pos0_1.ome.tif", 105, 5, NULL);
  write_pages (folder, "a_MMStack_Pos0_2.ome.tif", 110, 2, NULL);
  assert_takes (folder, "", RECON_SERIES_PROJECTIONS, 12, 100, "");
  assert_takes (folder, "a_*.tif", RECON_SERIES_PROJECTIONS, 12, 100, "");
  assert_takes (folder, "a_MMStack_Pos0.ome.tif", RECON_SERIES_PROJECTIONS, 5, 100,
                "a_MMStack_Pos0.ome.tif is one of|taken are 1 of its 3 files|a_MMStack_Pos0*.ome.tif.");
  assert_takes (folder, "a_MMStack_Pos0_*.ome.tif", RECON_SERIES_PROJECTIONS, 7, 105, "taken are 2 of its 3 files");
  remove_image (folder, "a_MMStack_Pos0_1.ome.tif");
  assert_refuses (folder, "", RECON_SERIES_PROJECTIONS, "one is missing: |a_MMStack_Pos0_1.ome.tif");
  remove_image (folder, "a_MMStack_Pos0.ome.tif");
  remove_image (folder, "a_MMStack_Pos0_2.ome.tif");

  write_pages (folder, "b.tif", 200, 5, NULL);
  write_pages (folder, "b@0001.tif", 205, 1, NULL);
  assert_takes (folder, "", RECON_SERIES_PROJECTIONS, 6, 200, "");
  remove_image (folder, "b@0001.tif");
  write_pages (folder, "b_X3.tif", 205, 1, NULL);
  assert_refuses (folder, "b*.tif", RECON_SERIES_PROJECTIONS, "one is missing: |b_X2.tif");
  remove_image (folder, "b.tif");
  remove_image (folder, "b_X3.tif");

  /* The first file says whether it is all. */
  write_pages (folder, "c.ome.tif", 300, 5, whole);
  write_pages (folder, "c_1.ome.tif", 305, 7, NULL);
  assert_takes (folder, "", RECON_SERIES_PROJECTIONS, 12, 300, "");
  write_pages (folder, "c.ome.tif", 300, 5, own);
  assert_takes (folder, "", RECON_SERIES_PROJECTIONS, 12, 300, "different names are taken for one series");
  assert_takes (folder, "c.ome.tif", RECON_SERIES_PROJECTIONS, 5, 300, "");
  remove_image (folder, "c.ome.tif");
  remove_image (folder, "c_1.ome.tif");

  /* A picture beside a series is no part of it, nor are darks that were taken twice. */
  write_image (folder, "d.tif", 8, 9);
  write_series (folder, "d_", 1, 4);
  assert_takes (folder, "d*.tif", RECON_SERIES_PROJECTIONS, 4, 1, "left out is d.tif");

  test_folder_remove (folder);
}

#define NUMBERS(...) (const gint64[]){ __VA_ARGS__ }, G_N_ELEMENTS (((gint64[]){ __VA_ARGS__ }))

/* Numbers that other images have from the same counter are not missing. @places: where the images stood */
static void
assert_shared (const gint64 *numbers,
               gsize         n,
               const gint64 *taken,
               gsize         n_taken,
               guint         n_places,
               const char   *missing,
               const guint  *places)
{
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (ReconSeriesGaps) gaps = NULL;

  g_array_append_vals (others, taken, (guint) n_taken);
  gaps = recon_series_gaps_find (numbers, n, others);
  g_assert_cmpuint (gaps->n_places, ==, n_places);
  g_assert_cmpuint (gaps->n_missing, ==, n_places - (guint) n);
  g_assert_cmpstr (gaps->missing, ==, missing);
  g_assert_cmpint (gaps->numbers, ==, missing == NULL ? RECON_NUMBERS_COMPLETE : RECON_NUMBERS_GAPS);
  for (gsize i = 0; places != NULL && i < n; i++)
    g_assert_cmpuint (gaps->places[i], ==, places[i]);
}

static void
assert_gaps_of_path (const char *folder,
                     const char *name,
                     guint       n,
                     const char *missing)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconContents) contents = recon_contents_open (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (recon_frames_get_n (contents->projections), ==, n);
  g_assert_cmpstr (contents->gaps->missing, ==, missing);
}

static void
test_shared_counter (void)
{
  char *folder = test_folder_new ();

  assert_shared (NUMBERS (2, 3, 4, 7, 8, 9), NUMBERS (0, 1, 5, 6, 10, 11), 6, NULL, NULL);
  assert_shared (NUMBERS (2, 3, 4, 6, 7, 10, 11, 12), NUMBERS (5, 5, 8, 20), 9, "9",
                 (const guint[]){ 0, 1, 2, 3, 4, 6, 7, 8 });
  assert_shared (NUMBERS (0, 2, 4, 8), NUMBERS (1, 3, 5, 6, 7), 4, NULL, NULL);
  assert_shared (NUMBERS (0, 2, 4, 8, 10), NUMBERS (1, 3, 5, 7), 6, "6", (const guint[]){ 0, 1, 2, 4, 5 });
  assert_shared (NUMBERS (0, 1, 2, 9, 10, 11, 12, 13, 14), NUMBERS (4, 5, 7, 8), 11, "3, 6",
                 (const guint[]){ 0, 1, 2, 5, 6, 7, 8, 9, 10 });

  write_series (folder, "dark_", 0, 1);
  write_series (folder, "flat_", 2, 4);
  write_series (folder, "proj_", 5, 14);
  write_series (folder, "flat_", 15, 17);
  write_series (folder, "proj_", 18, 30);
  assert_gaps_of_path (folder, "proj_*.tif", 23, NULL);
  assert_gaps_of_path (folder, "", 23, NULL);
  remove_image (folder, "proj_010.tif");
  remove_image (folder, "flat_016.tif");
  assert_gaps_of_path (folder, "proj_*.tif", 22, "10, 16");

  /* Flats of a counter of their own say nothing, nor does a single image of another kind. */
  write_series (folder, "flat_", 20, 20);
  assert_gaps_of_path (folder, "proj_*.tif", 22, "10, 15–17");
  remove_image (folder, "flat_020.tif");
  write_series (folder, "look_", 10, 10);
  assert_gaps_of_path (folder, "proj_*.tif", 22, "10, 16");

  test_folder_remove (folder);
}

/* A scan of ten projections, one or more of which are missing; and the angles of those that are there, in degrees. */
static void
assert_angles (ScanFiles    *files,
               const char   *setting,
               const char   *value,
               guint         n,
               const double *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan =
      scan_files_open (files, &error, "input.projections", files->projections, "flat-field.correct", "no",
                       setting != NULL ? setting : "input.y-start", setting != NULL ? value : "0", NULL);

  g_assert_no_error (error);
  g_test_message ("%s", files->records->str);
  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_angles, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (recon_scan_get_geometry (scan)->angles[i] * 180 / G_PI, expected[i], 1e-9);
}

static void
test_angles_of_gaps (void)
{
  static const double complete[] = { 0, 18, 36, 54, 72, 90, 108, 126, 144, 162 };
  static const double without_6[] = { 0, 18, 36, 54, 72, 90, 126, 144, 162 };
  static const double doubled[] = { 0, 36, 72, 108, 144, 180, 252, 288, 324 };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *ten = scan_files_path (files, "ten.txt");
  g_autofree char *nine = scan_files_path (files, "nine.txt");
  g_autofree char *eight = scan_files_path (files, "eight.txt");
  g_autoptr (ReconScan) refused = NULL;
  g_autoptr (GError) error = NULL;

  scan_files_write (files, "ten.txt", "0\n36\n72\n108\n144\n180\n216\n252\n288\n324\n");
  scan_files_write (files, "nine.txt", "0\n18\n36\n54\n72\n90\n126\n144\n162\n");
  scan_files_write (files, "eight.txt", "0\n18\n36\n54\n72\n90\n126\n144\n");
  assert_angles (files, NULL, NULL, 10, complete);
  scan_assert_unsaid (files, "missing");

  remove_image (files->projections, "projections_0006.tif");
  assert_angles (files, NULL, NULL, 9, without_6);
  scan_assert_said (files, "W 1 image of the series projections_%04d.tif (");
  scan_assert_said (files, "is missing: number 6, of 10.");
  scan_assert_said (files, "π/10 by the numbers of the files");
  assert_angles (files, "input.angles", ten, 9, doubled);
  scan_assert_said (files, "I 1 of 10 angles are left out");
  assert_angles (files, "input.angles", nine, 9, without_6);
  scan_assert_unsaid (files, "left out");
  assert_angles (files, "reconstruction.angle-step", "0.6283185307179586", 9, doubled);
  scan_assert_said (files, "angle-step and the numbers of the files");

  refused = scan_files_open (files, &error, "input.projections", files->projections, "flat-field.correct", "no",
                             "input.angles", eight, NULL);
  scan_assert_error (error, RECON_ERROR_INPUT, "holds 8 angles, but there are 9 projections",
                     "would be 10 if none were missing", NULL);
  g_clear_error (&error);

  /* Flats after have their full weight at the last projection, and the gap keeps its place. */
  {
    g_autoptr (ReconScan) scan = scan_files_open_all (files, NULL);

    g_assert_cmpfloat_with_epsilon ((double) recon_scan_get_geometry (scan)->flat_positions[6], 7.0 / 9, 1e-6);
    g_assert_cmpfloat ((double) recon_scan_get_geometry (scan)->flat_positions[8], ==, 1);
  }

  /* Too many are missing to tell; angles still do. */
  for (guint i = 2; i < 6; i++)
    {
      g_autofree char *name = g_strdup_printf ("projections_%04u.tif", i);

      remove_image (files->projections, name);
    }
  refused = scan_files_open (files, &error, "input.projections", files->projections, "flat-field.correct", "no", NULL);
  scan_assert_error (error, RECON_ERROR_INPUT, "5 of 10 are missing: 2–6", "--angles=PATH", NULL);
  assert_angles (files, "input.angles", ten, 5, (double[]){ 0, 36, 252, 288, 324 });
}

/* A list in another order than that of the projections says which angles are whose. */
static void
test_angles_by_keys (void)
{
  static const guint order[] = { 3, 0, 9, 1, 2, 8, 7, 5, 6, 4 };
  static const struct
  {
    const char *title;
    const char *before; /* of a line: the number of the projection, and its angle in steps of 17° */
    int         n_digits;
    const char *between;
    gboolean    sorted; /* as the keys say; else by line */
  } cases[] = {
    { "", "projections_", 4, ".tif ", TRUE },
    { "", "projections_", 4, "\t", TRUE },
    { "angle_of_file\n", "D:\\run\\PROJECTIONS_", 4, ".TIF; ", TRUE },
    { "index angle\n", "", 1, " ", TRUE },
    { "counts angle\n", "77", 1, " ", FALSE },
  };
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autofree char *path = scan_files_path (files, "list.txt");
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) refused = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) text = g_string_new (cases[i].title);
      double expected[10];

      for (guint k = 0; k < 10; k++)
        {
          g_string_append_printf (text, "%s%0*u%s%u\n", cases[i].before, cases[i].n_digits, order[k],
                                  cases[i].between, order[k] * 17);
          expected[cases[i].sorted ? order[k] : k] = order[k] * 17;
        }
      scan_files_write (files, "list.txt", text->str);
      assert_angles (files, "input.angles", path, 10, expected);
    }

  /* Names of others. */
  scan_files_write (files, "list.txt",
                    "b_1.tif 20\nb_0.tif 0\nb_9.tif 180\nb_2.tif 40\nb_3.tif 60\nb_4.tif 80\nb_5.tif 100\n"
                    "b_6.tif 120\nb_7.tif 140\nb_8.tif 160\n");
  refused = scan_files_open (files, &error, "input.projections", files->projections, "flat-field.correct", "no",
                             "input.angles", path, NULL);
  scan_assert_error (error, RECON_ERROR_INPUT, "column 1 names the images, in another order", NULL);
}

/* A missing sinogram is a missing slice, and has nothing to do with angles. */
static void
test_sinograms (void)
{
  g_autoptr (ScanFiles) files = scan_files_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconScan) scan = NULL;

  remove_image (files->projections, "projections_0006.tif");
  scan = scan_files_open (files, &error, "input.sinograms", files->projections, NULL);
  g_assert_no_error (error);
  scan_assert_said (files, "is missing: number 6, of 10.");
  scan_assert_said (files, "π/13, assumed");
  g_assert_cmpuint (recon_scan_get_geometry (scan)->n_rows, ==, 9);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/series-choice/strays", test_strays);
  g_test_add_func ("/series-choice/other-size", test_other_size);
  g_test_add_func ("/series-choice/several", test_several);
  g_test_add_func ("/series-choice/parts", test_parts);
  g_test_add_func ("/series-choice/single", test_single);
  g_test_add_func ("/series-choice/numbers", test_numbers);
  g_test_add_func ("/series-choice/stack-in-parts", test_stack_in_parts);
  g_test_add_func ("/series-choice/shared-counter", test_shared_counter);
  g_test_add_func ("/series-choice/angles-of-gaps", test_angles_of_gaps);
  g_test_add_func ("/series-choice/angles-by-keys", test_angles_by_keys);
  g_test_add_func ("/series-choice/sinograms", test_sinograms);

  return g_test_run ();
}

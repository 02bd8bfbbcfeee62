/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "support.h"
#include "test-hdf5.h"
#include "test-tiff.h"

/* Bad input: each has a message of its own that names the file and the remedy, the right exit status, and leaves
 * nothing under a final name. */

#define WIDTH    32
#define HEIGHT   12
#define N_ANGLES 20

typedef struct
{
  char *folder;
} Fixture;

static char *
in_folder (Fixture    *fixture,
           const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static void
write_frames (Fixture    *fixture,
              const char *name,
              guint       n,
              guint       width,
              guint       height,
              double      value)
{
  g_autofree char *folder = in_folder (fixture, name);
  g_autofree double *pixels = g_new (double, width *height);
  TestTiff how = { .width = width, .height = height, .type = RECON_SAMPLE_UINT16 };

  for (guint i = 0; i < width * height; i++)
    pixels[i] = value + i % 7;

  g_mkdir (folder, 0777);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *file = g_strdup_printf ("%s/f_%03u.tif", folder, i);

      test_tiff_write (file, &how, pixels);
    }
}

/* A good scan, from which each test breaks something. */
static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = test_folder_new ();
  write_frames (fixture, "p", N_ANGLES, WIDTH, HEIGHT, 500);
  write_frames (fixture, "d", 2, WIDTH, HEIGHT, 100);
  write_frames (fixture, "f", 3, WIDTH, HEIGHT, 1000);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  test_folder_remove (fixture->folder);
}

static void
expect_no_output (Fixture *fixture)
{
  static const char *const names[] = { "slices", "out", "out.h5", "out.tif" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = in_folder (fixture, names[i]);

      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    }
}

#define SCAN "tomo --projections=p --darks=d --flats=f --axis=15.5 "

static void
test_good (Fixture       *fixture,
           gconstpointer  unused)
{
  test_run_expect (fixture->folder, 0, "", SCAN);
}

static void
test_paths (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autofree char *empty = in_folder (fixture, "empty");
  g_autofree char *texts = in_folder (fixture, "texts");
  g_autofree char *note = in_folder (fixture, "texts/note.txt");

  test_run_expect (fixture->folder, 2, "--projections", "tomo");
  test_run_expect (fixture->folder, 2, "nowhere", "tomo --projections=nowhere --flats=f");
  g_mkdir (empty, 0777);
  test_run_expect (fixture->folder, 2, "empty", "tomo --projections=empty --flats=f");
  g_mkdir (texts, 0777);
  g_assert_true (g_file_set_contents (note, "hello", -1, NULL));
  test_run_expect (fixture->folder, 2, ".tif", "tomo --projections=texts --flats=f");
  test_run_expect (fixture->folder, 2, "texts", "tomo --projections=texts --flats=f");
  test_run_expect (fixture->folder, 2, "nowhere", "tomo --projections=p --flats=nowhere");
  test_run_expect (fixture->folder, 2, "nowhere.conf", "tomo -c nowhere.conf");
  test_run_expect (fixture->folder, 2, "Both", "tomo --projections=p --sinograms=p");
  expect_no_output (fixture);
}

static void
test_sizes (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autofree char *odd = in_folder (fixture, "p/f_007.tif");

  write_frames (fixture, "f2", 1, WIDTH, HEIGHT + 1, 1000);
  write_frames (fixture, "d2", 1, WIDTH + 2, HEIGHT, 100);
  test_run_expect (fixture->folder, 2, "32 × 13", "tomo --projections=p --darks=d --flats=f2");
  test_run_expect (fixture->folder, 2, "34 × 12", "tomo --projections=p --darks=d2 --flats=f");
  test_run_expect (fixture->folder, 2, "32 × 13", SCAN "--flats-after=f2");

  test_tiff_write (odd, &(TestTiff) { .width = WIDTH, .height = 5, .type = RECON_SAMPLE_UINT16 }, NULL);
  test_run_expect (fixture->folder, 2, "f_007.tif", SCAN "--strict");
  expect_no_output (fixture);

  /* One image of another size is no reason to lose all the others. */
  test_run_expect (fixture->folder, 0, "f_007.tif", SCAN "-o rest");
}

static void
test_references (Fixture       *fixture,
                 gconstpointer  unused)
{
  /* No flats: refused, whether there are darks or not. */
  test_run_expect (fixture->folder, 2, "--flats", "tomo --projections=p --axis=15.5");
  test_run_expect (fixture->folder, 2, "--flats", "tomo --projections=p --axis=15.5 --darks=d");
  test_run_expect (fixture->folder, 2, "--no-correct", "tomo --projections=p --axis=15.5 --darks=d");
  expect_no_output (fixture);

  /* No darks: said, and taken as 0. */
  test_run_expect (fixture->folder, 0, "dark", "tomo --projections=p --axis=15.5 --flats=f -o no-darks");
  /* Not wanted: said. */
  test_run_expect (fixture->folder, 0, "not used", SCAN "--no-correct -o off");
  test_run_expect (fixture->folder, 2, "sinograms", "tomo --sinograms=p --flats=f");
  /* Taken for each other. */
  test_run_expect (fixture->folder, 2, "darks are brighter than the flats",
                   "tomo --projections=p --axis=15.5 --darks=f --flats=d -o no");
  test_run_expect (fixture->folder, 2, "--dark-scale", SCAN "--dark-scale=11 -o no");
}

static void
test_truncated_tiff (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *path = in_folder (fixture, "p/f_013.tif");
  g_autoptr (TestRun) run = NULL;

  test_file_cut (path, 400);
  run = test_run (fixture->folder, SCAN);
  g_assert_cmpint (run->status, !=, 0);
  g_assert_nonnull (strstr (run->err, "f_013.tif"));
  expect_no_output (fixture);
}

static void
write_hdf5 (Fixture *fixture,
            guint    n_theta)
{
  const gsize all[] = { N_ANGLES, HEIGHT, WIDTH };
  const gsize one[] = { 1, HEIGHT, WIDTH };
  gsize n = (gsize) N_ANGLES * HEIGHT * WIDTH;
  g_autofree char *path = in_folder (fixture, "scan.h5");
  g_autofree double *values = g_new (double, n);
  double theta[N_ANGLES + 1];

  for (gsize i = 0; i < n; i++)
    values[i] = 500 + (double) (i % 11);
  for (guint i = 0; i < n_theta; i++)
    theta[i] = i * 9.0;

  test_hdf5_write (path, "/exchange/data", NULL, 3, all, values);
  for (gsize i = 0; i < n; i++)
    values[i] = 100 + (double) (i % 3);
  test_hdf5_write (path, "/exchange/data_dark", NULL, 3, one, values);
  for (gsize i = 0; i < n; i++)
    values[i] = 1000;
  test_hdf5_write (path, "/exchange/data_white", NULL, 3, one, values);
  if (n_theta > 0)
    test_hdf5_write_list (path, "/exchange/theta", n_theta, theta);
}

static void
test_hdf5 (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *path = in_folder (fixture, "scan.h5");

  write_hdf5 (fixture, N_ANGLES);
  test_run_expect (fixture->folder, 0, "", "tomo --projections=scan.h5 --axis=15.5 -o good");
  test_run_expect (fixture->folder, 2, "/exchange/data_white", "tomo --projections=scan.h5:/exchange/dta --flats=f");
  test_file_cut (path, 40000);
  {
    g_autoptr (TestRun) run = test_run (fixture->folder, "tomo --projections=scan.h5 --axis=15.5");

    g_assert_cmpint (run->status, !=, 0);
    g_assert_nonnull (strstr (run->err, "scan.h5"));
    g_assert_nonnull (strstr (run->err, "truncated"));
  }
  g_remove (path);
  write_hdf5 (fixture, N_ANGLES - 3);
  test_run_expect (fixture->folder, 2, "17", "tomo --projections=scan.h5 --axis=15.5");
  test_run_expect (fixture->folder, 0, "",
                   "tomo --projections=scan.h5 --axis=15.5 --reconstruction.angle-step=0.157 -o other-angles");
  g_remove (path);
  write_hdf5 (fixture, 0);
  test_run_expect (fixture->folder, 0, "theta", "tomo --projections=scan.h5 --axis=15.5 -o no-theta");
  expect_no_output (fixture);
}

static void
count_lines (const char *text,
             const char *part,
             guint       expected)
{
  guint n = 0;

  for (const char *at = strstr (text, part); at != NULL; at = strstr (at + 1, part))
    n++;
  g_assert_cmpuint (n, ==, expected);
}

/* One warning for all that is empty, with numbers as they are in the file. */
static void
test_blank (Fixture       *fixture,
            gconstpointer  unused)
{
  const gsize all[] = { N_ANGLES, HEIGHT, WIDTH };
  gsize n = (gsize) N_ANGLES * HEIGHT * WIDTH;
  g_autofree char *path = in_folder (fixture, "scan.h5");
  g_autofree double *values = g_new (double, n);
  g_autoptr (TestRun) run = NULL;

  for (gsize i = 0; i < n; i++)
    {
      gsize angle = i / (HEIGHT * WIDTH), row = i / WIDTH % HEIGHT;

      values[i] = (angle == 9 || angle == 11) && row == HEIGHT - 1 ? (double) NAN
                   : i % WIDTH == 7 ? 12 : 500 + (double) (i * 17 % 251);
    }
  test_hdf5_write (path, "/data", NULL, 3, all, values);

  run = test_run (fixture->folder, "tomo --projections=scan.h5:/data --no-correct --axis=15.5 --crop-left=2 "
                                   "--projection-start=1 -o slices");
  g_assert_cmpint (run->status, ==, 0);
  count_lines (run->err, "arts of the scan hold nothing", 1);
  count_lines (run->err, "2 projections with rows in which all values are equal or none is a number (the first is 9), "
                         "1 column with one value in all projections (the first is 7), counted from 0", 1);
}

static void
write_angles (Fixture    *fixture,
              guint       n,
              const char *last)
{
  g_autofree char *path = in_folder (fixture, "angles.txt");
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i + 1 < n; i++)
    g_string_append_printf (text, "%u\n", i * 9);
  g_string_append_printf (text, "%s\n", last);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
}

static void
test_angles (Fixture       *fixture,
             gconstpointer  unused)
{
  write_angles (fixture, N_ANGLES + 4, "171");
  test_run_expect (fixture->folder, 2, "24", SCAN "--angles=angles.txt");
  write_angles (fixture, N_ANGLES - 4, "171");
  test_run_expect (fixture->folder, 2, "16", SCAN "--angles=angles.txt");
  write_angles (fixture, N_ANGLES, "nan");
  test_run_expect (fixture->folder, 2, "angles.txt", SCAN "--angles=angles.txt");
  write_angles (fixture, N_ANGLES, "east");
  test_run_expect (fixture->folder, 2, "east", SCAN "--angles=angles.txt");
  test_run_expect (fixture->folder, 2, "nothing.txt", SCAN "--angles=nothing.txt");
  expect_no_output (fixture);
  write_angles (fixture, N_ANGLES, "171");
  test_run_expect (fixture->folder, 0, "", SCAN "--angles=angles.txt");
}

static void
test_ranges (Fixture       *fixture,
             gconstpointer  unused)
{
  test_run_expect (fixture->folder, 2, "outside the detector", SCAN "--axis=40");
  test_run_expect (fixture->folder, 2, "rows", SCAN "--y-start=12");
  test_run_expect (fixture->folder, 2, "rows", SCAN "--y-start=5 --y-stop=5");
  test_run_expect (fixture->folder, 2, "12", SCAN "--y-stop=13");
  test_run_expect (fixture->folder, 2, "0.001", SCAN "--filter-cutoff=2");
  test_run_expect (fixture->folder, 2, "ramp", SCAN "--filter=rmap");
  test_run_expect (fixture->folder, 2, "20", SCAN "--projection-stop=21");
  test_run_expect (fixture->folder, 2, "crop", SCAN "--crop-left=32");
  test_run_expect (fixture->folder, 2, "roi", SCAN "--roi=20,0,20,10");
  test_run_expect (fixture->folder, 2, "output.minimum", SCAN "--minimum=2 --maximum=1");
  test_run_expect (fixture->folder, 2, "percentiles", SCAN "--type=uint8 --minimum=1e6");
  test_run_expect (fixture->folder, 2, "percentiles", SCAN "--type=uint16 --maximum=-1e6");
  test_run_expect (fixture->folder, 2, "reconstruction.angle-step", SCAN "--angle-step=8");
  test_run_expect (fixture->folder, 2, "--angle-step", SCAN "--angle-stp=0.1");
  test_run_expect (fixture->folder, 2, "--projections", SCAN "--projctions=p");
  test_run_expect (fixture->folder, 2, "--projections", "tomo p");
  test_run_expect (fixture->folder, 2, "tomo", "tom");
  expect_no_output (fixture);
}

static void
test_configuration (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *path = in_folder (fixture, "reco.conf");

  g_assert_true (g_file_set_contents (
      path, "[input]\nprojections=p\ndarks=d\nflats=f\n[reconstruction]\n# note\naxsi=15.5\naxis=15.5\n", -1, NULL));
  test_run_expect (fixture->folder, 0, "axsi", "tomo -o unknown");
  test_run_expect (fixture->folder, 0, "axis", "tomo -o again");
  g_assert_true (g_file_set_contents (path, "[reconstruction]\nfilter-order=99\n", -1, NULL));
  test_run_expect (fixture->folder, 2, "filter-order", "tomo");
  g_assert_true (g_file_set_contents (path, "[reconstruction]\naxis: 3\n", -1, NULL));
  test_run_expect (fixture->folder, 2, "reco.conf", "tomo");
  expect_no_output (fixture);

  g_assert_cmpint (g_remove (path), ==, 0);
  test_run_expect (fixture->folder, 0, "", "init --axis=3");
  test_run_expect (fixture->folder, 2, "--force", "init");
}

static void
test_output (Fixture       *fixture,
             gconstpointer  unused)
{
  test_run_expect (fixture->folder, 0, "", SCAN "-o first");
  test_run_expect (fixture->folder, 2, "--overwrite", SCAN "-o first");
  test_run_expect (fixture->folder, 0, "", SCAN "-o first --overwrite");
  test_run_expect (fixture->folder, 0, "", SCAN "-o one.h5");
  test_run_expect (fixture->folder, 2, "--overwrite", SCAN "-o one.h5");
  test_run_expect (fixture->folder, 2, "resume", SCAN "-o fresh --resume");
  test_run_expect (fixture->folder, 2, "Write out.h5:/a.", SCAN "-o out.h5:a");
  test_run_expect (fixture->folder, 2, "deflate", SCAN "-o lzw.h5 --compression=lzw");

  /* A file where a folder should be: nobody, not even root, may write there. */
  test_run_expect (fixture->folder, 1, "f_000.tif", SCAN "-o p/f_000.tif/slices");
  test_run_expect (fixture->folder, 1, "f_000.tif", SCAN "-o p/f_000.tif/volume.h5");
}

#define DISK_BYTES (200 * 1024)

/* A disk that fills half-way, or that has only @n_free bytes from the start. Needs the right to mount one. */
static void
fill_disk (Fixture    *fixture,
           const char *output,
           gsize       n_free)
{
  g_autofree char *disk = in_folder (fixture, "disk");
  g_autofree char *final = g_strdup_printf ("%s/disk/%s", fixture->folder, output);
  g_autofree char *other = in_folder (fixture, "disk/other");
  g_autofree char *rest = g_malloc0 (DISK_BYTES - n_free);
  g_autoptr (TestRun) run = NULL;

  g_mkdir (disk, 0777);
  if (mount ("tmpfs", disk, "tmpfs", 0, "size=200k") != 0)
    {
      g_test_skip ("A small file system cannot be mounted here.");
      return;
    }
  if (n_free < DISK_BYTES)
    g_assert_true (g_file_set_contents_full (other, rest, (gssize) (DISK_BYTES - n_free), G_FILE_SET_CONTENTS_NONE,
                                             0666, NULL));

  /* 64 slices of 32 × 32 floats need 256 kB, and the first block of them fits. */
  write_frames (fixture, "p", N_ANGLES, WIDTH, 64, 500);
  write_frames (fixture, "d", 2, WIDTH, 64, 100);
  write_frames (fixture, "f", 3, WIDTH, 64, 1000);
  run = test_run (fixture->folder, SCAN "-o disk/%s", output);
  g_assert_cmpint (umount2 (disk, MNT_DETACH), ==, 0);

  g_assert_cmpint (run->status, ==, 1);
  g_assert_nonnull (strstr (run->err, "No space left on device"));
  g_assert_nonnull (strstr (run->err, "disk/"));
  g_assert_null (strstr (run->err, "slices in"));
  g_assert_cmpint (strstr (run->err, "--resume") != NULL, ==, n_free == DISK_BYTES);
}

/* What is finished is kept. */
static void
test_disk_full (Fixture       *fixture,
                gconstpointer  output)
{
  fill_disk (fixture, output, DISK_BYTES);
}

/* Nothing is finished, and nobody is told to go on with it. */
static void
test_disk_full_at_start (Fixture       *fixture,
                         gconstpointer  output)
{
  fill_disk (fixture, output, 0);
  fill_disk (fixture, output, 12 * 1024);
}

static void
test_no_device (Fixture       *fixture,
                gconstpointer  unused)
{
  test_run_expect (fixture->folder, 1, "pocl-opencl-icd", "OCL_ICD_VENDORS=/nonexistent " SCAN);
  test_run_expect (fixture->folder, 1, "pocl-opencl-icd", "OCL_ICD_VENDORS=/nonexistent devices");
  test_run_expect (fixture->folder, 2, "nosuchdevice", SCAN "--device=nosuchdevice");
  test_run_expect (fixture->folder, 2, "device = \"9\"", SCAN "--device=9");
  expect_no_output (fixture);
}

static void
test_memory (Fixture       *fixture,
             gconstpointer  unused)
{
  test_run_expect (fixture->folder, 2, "memory-limit", SCAN "--memory-limit=1K");
  expect_no_output (fixture);
}

static void
add_for_outputs (const char *name,
                 void      (*func) (Fixture *, gconstpointer))
{
  static const char *const outputs[] = { "slices", "slices.tif", "slices.h5" };

  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/faults/%s/%s", name, outputs[i]);

      g_test_add (path, Fixture, outputs[i], set_up, func, tear_down);
    }
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "good", test_good },
    { "paths", test_paths },
    { "sizes", test_sizes },
    { "references", test_references },
    { "truncated-tiff", test_truncated_tiff },
    { "hdf5", test_hdf5 },
    { "blank", test_blank },
    { "angles", test_angles },
    { "ranges", test_ranges },
    { "configuration", test_configuration },
    { "output", test_output },
    { "no-device", test_no_device },
    { "memory", test_memory },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/faults/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }

  add_for_outputs ("disk-full", test_disk_full);
  add_for_outputs ("disk-full-at-start", test_disk_full_at_start);

  return g_test_run ();
}

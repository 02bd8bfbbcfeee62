/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "base/error.h"
#include "io/series.h"
#include "support.h"

static const char *const suffixes[] = { ".tif", ".tiff", NULL };

static void
touch (const char *folder,
       const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, "x", 1, &error);
  g_assert_no_error (error);
}

/* What @path in @folder stands for, relative to @folder and joined by "|". */
static char *
find (const char  *folder,
      const char  *path,
      GError     **error)
{
  g_autofree char *full = g_build_filename (folder, path, NULL);
  g_autoptr (GPtrArray) files = recon_file_series_find (full, "TIFF", suffixes, error);
  g_autoptr (GString) names = g_string_new (NULL);

  if (files == NULL)
    return NULL;

  for (guint i = 0; i < files->len; i++)
    {
      const char *file = files->pdata[i];

      g_assert_true (g_str_has_prefix (file, folder));
      g_string_append_printf (names, "%s%s", i > 0 ? "|" : "", file + strlen (folder) + 1);
    }

  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
assert_finds (const char *folder,
              const char *path,
              const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *names = find (folder, path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, expected);
}

/* The message holds all parts, which are separated by "|". */
static void
assert_refuses (const char *folder,
                const char *path,
                const char *parts)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *names = find (folder, path, &error);
  g_auto (GStrv) list = g_strsplit (parts, "|", -1);

  g_assert_null (names);
  g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
  for (guint i = 0; list[i] != NULL; i++)
    if (strstr (error->message, list[i]) == NULL)
      g_error ("“%s” is not in: %s", list[i], error->message);
}

static void
test_natural_order (void)
{
  static const char *const names[] = {
    "",    "1",    "01",     "2",   "10",  "a",   "a-1",  "a0",   "a00", "a1",        "a1b",
    "a01", "a01b", "a1b2",   "a2",  "a9",  "a10", "a010", "ab",   "b1",  "img_2.tif", "img_10.tif",
    "a1b10", "a0010b", "a18446744073709551616", "a18446744073709551617",
  };
  const guint n = G_N_ELEMENTS (names);

  g_assert_cmpint (recon_natural_compare ("img_2.tif", "img_10.tif"), <, 0);
  g_assert_cmpint (recon_natural_compare ("img_0002.tif", "img_10.tif"), <, 0);
  g_assert_cmpint (recon_natural_compare ("img_9", "img_10a"), <, 0);
  g_assert_cmpint (recon_natural_compare ("a18446744073709551616", "a18446744073709551617"), <, 0);
  g_assert_cmpint (recon_natural_compare ("a99999999999999999999", "a100000000000000000000"), <, 0);
  g_assert_cmpint (recon_natural_compare ("scan2/img_10", "scan10/img_2"), <, 0);
  g_assert_cmpint (recon_natural_compare ("a", "a1"), <, 0);
  g_assert_cmpint (recon_natural_compare ("a1", "a01"), !=, 0);
  g_assert_cmpint (recon_natural_compare ("a\xc3\xa4", "az"), >, 0);

  /* A total order: only a name equals itself, and any three fit into one order. */
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      {
        int order = recon_natural_compare (names[i], names[j]);

        g_assert_cmpint (order == 0, ==, i == j);
        g_assert_cmpint (order < 0, ==, recon_natural_compare (names[j], names[i]) > 0);
        for (guint k = 0; k < n; k++)
          if (order < 0 && recon_natural_compare (names[j], names[k]) < 0)
            g_assert_cmpint (recon_natural_compare (names[i], names[k]), <, 0);
      }
}

static void
test_folder (void)
{
  char *folder = test_folder_new ();

  touch (folder, "scan/img_10.tif");
  touch (folder, "scan/img_9.TIF");
  touch (folder, "scan/img_2.tiff");
  touch (folder, "scan/img_1.Tiff");
  touch (folder, "scan/.img_0.tif");
  touch (folder, "scan/notes.txt");
  touch (folder, "scan/img_3.tif.partial");
  touch (folder, "scan/deeper.tif/img_4.tif");

  assert_finds (folder, "scan", "scan/img_1.Tiff|scan/img_2.tiff|scan/img_9.TIF|scan/img_10.tif");
  assert_finds (folder, "scan/notes.txt", "scan/notes.txt");

  test_folder_remove (folder);
}

static void
test_folder_without (void)
{
  char *folder = test_folder_new ();
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);

  g_assert_cmpint (g_mkdir (empty, 0700), ==, 0);
  touch (folder, "text/a.txt");
  touch (folder, "text/b.TXT");
  touch (folder, "text/c.log");
  touch (folder, "text/README");
  touch (folder, "text/inner/img.tif");
  touch (folder, "many/a.a");
  touch (folder, "many/a.b");
  touch (folder, "many/a.c");
  touch (folder, "many/a.d");
  touch (folder, "many/a.e");
  touch (folder, "hidden/.a.tif");

  assert_refuses (folder, "empty", "/empty is empty|*.tif, *.tiff");
  assert_refuses (folder, "text",
                  "/text holds no TIFF files (*.tif, *.tiff)|1 file without extension, 1 × .log, 2 × .txt, 1 folder.");
  assert_refuses (folder, "many", "1 × .a, 1 × .b, 1 × .c, 1 × .d, ….");
  assert_refuses (folder, "hidden", "/hidden holds no TIFF files|1 hidden file.");

  test_folder_remove (folder);
}

static void
test_missing (void)
{
  char *folder = test_folder_new ();

  touch (folder, "here/img.tif");

  assert_refuses (folder, "here/image.tif", "/here/image.tif does not exist");
  assert_refuses (folder, "there/img.tif", "/there/img.tif does not exist|no folder |/there.");
  assert_refuses (folder, "here/100%.tif", "/here/100%.tif does not exist");
  /* Not UTF-8, but the message is. */
  assert_refuses (folder, "here/\xe4.tif", "/here/\xef\xbf\xbd.tif does not exist");

  test_folder_remove (folder);
}

static void
test_glob (void)
{
  char *folder = test_folder_new ();

  touch (folder, "s10/raw_1.tif");
  touch (folder, "s2/raw_11.tif");
  touch (folder, "s2/raw_3.tif");
  touch (folder, "s2/raw_3.log");
  touch (folder, "s2/dark_3.tif");
  touch (folder, "s2/raw_4.tif/inner");
  touch (folder, "odd [1]/raw_1.tif");
  touch (folder, "odd*.tif");
  touch (folder, "oddity.tif");

  assert_finds (folder, "s2/raw_*.tif", "s2/raw_3.tif|s2/raw_11.tif");
  assert_finds (folder, "s2/raw_3.*", "s2/raw_3.log|s2/raw_3.tif");
  assert_finds (folder, "s2/raw_?.tif", "s2/raw_3.tif");
  assert_finds (folder, "s2/[dr]a*_3.tif", "s2/dark_3.tif|s2/raw_3.tif");
  assert_finds (folder, "s*/raw_*.tif", "s2/raw_3.tif|s2/raw_11.tif|s10/raw_1.tif");
  assert_finds (folder, "odd \\[1\\]/*.tif", "odd [1]/raw_1.tif");
  /* A file of that very name comes first. */
  assert_finds (folder, "odd*.tif", "odd*.tif");
  assert_finds (folder, "odd [1]", "odd [1]/raw_1.tif");

  assert_refuses (folder, "s2/flat_*.tif", "No file matches|/s2/flat_*.tif.");
  assert_refuses (folder, "s3/raw_*.tif", "No file matches|The folder|/s3 does not exist.");
  assert_refuses (folder, "s2/raw_4*", "No file matches");

  test_folder_remove (folder);
}

static void
test_numbered (void)
{
  char *folder = test_folder_new ();

  for (guint i = 8; i < 12; i++)
    {
      g_autofree char *padded = g_strdup_printf ("padded/raw_%04u.tif", i);
      g_autofree char *plain = g_strdup_printf ("plain/raw_%u.tif", i);
      g_autofree char *inner = g_strdup_printf ("run_%u/50%% [a].tif", i);

      touch (folder, padded);
      touch (folder, plain);
      touch (folder, inner);
    }
  touch (folder, "padded/raw_7.tif");
  touch (folder, "padded/raw_12345.tif");
  touch (folder, "plain/raw_0012.tif");
  touch (folder, "plain/raw_12b.tif");
  touch (folder, "plain/raw_-1.tif");
  touch (folder, "plain/raw_99999999999999999999.tif");
  touch (folder, "gap/a_0.tif");
  touch (folder, "gap/a_1.tif");
  touch (folder, "gap/a_3.tif");
  touch (folder, "gap/a_7.tif");

  assert_finds (folder, "plain/raw_%d.tif", "plain/raw_8.tif|plain/raw_9.tif|plain/raw_10.tif|plain/raw_11.tif");
  assert_finds (folder, "plain/raw_%u.tif", "plain/raw_8.tif|plain/raw_9.tif|plain/raw_10.tif|plain/raw_11.tif");
  assert_finds (folder, "run_%i/50%% [a].tif",
                "run_8/50% [a].tif|run_9/50% [a].tif|run_10/50% [a].tif|run_11/50% [a].tif");

  /* raw_12345 is what the pattern makes of 12345. */
  assert_finds (folder, "padded/raw_%04i.tif",
                "padded/raw_0008.tif|padded/raw_0009.tif|padded/raw_0010.tif|padded/raw_0011.tif|padded/raw_12345.tif");
  assert_finds (folder, "gap/a_%d.tif", "gap/a_0.tif|gap/a_1.tif|gap/a_3.tif|gap/a_7.tif");
  assert_finds (folder, "gap/a_*.tif", "gap/a_0.tif|gap/a_1.tif|gap/a_3.tif|gap/a_7.tif");

  assert_refuses (folder, "plain/flat_%05d.tif", "No file matches the pattern|/plain/flat_00000.tif.");
  assert_refuses (folder, "nowhere/raw_%d.tif", "No file matches the pattern|/nowhere does not exist.");
  assert_refuses (folder, "run_%d/raw_%d.tif", "more than one number");

  test_folder_remove (folder);
}

static void
test_is_pattern (void)
{
  char *folder = test_folder_new ();
  g_autofree char *literal = g_build_filename (folder, "raw_%d.tif", NULL);

  g_assert_true (recon_file_series_is_pattern ("raw_*.tif"));
  g_assert_true (recon_file_series_is_pattern ("raw_%05d.tif"));
  g_assert_true (recon_file_series_is_pattern ("raw_%i.tif"));
  g_assert_true (recon_file_series_is_pattern (literal));
  g_assert_false (recon_file_series_is_pattern ("raw_%%d.tif"));
  g_assert_false (recon_file_series_is_pattern ("raw_%s.tif"));
  g_assert_false (recon_file_series_is_pattern ("raw_%999d.tif"));
  g_assert_false (recon_file_series_is_pattern ("raw.tif"));

  touch (folder, "raw_%d.tif");
  g_assert_false (recon_file_series_is_pattern (literal));
  assert_finds (folder, "raw_%d.tif", "raw_%d.tif");

  test_folder_remove (folder);
}

int
main (int   argc,
      char *argv[])
{
  /* The order must not depend on it. */
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/file-series/natural-order", test_natural_order);
  g_test_add_func ("/file-series/folder", test_folder);
  g_test_add_func ("/file-series/folder-without", test_folder_without);
  g_test_add_func ("/file-series/missing", test_missing);
  g_test_add_func ("/file-series/glob", test_glob);
  g_test_add_func ("/file-series/numbered", test_numbered);
  g_test_add_func ("/file-series/is-pattern", test_is_pattern);

  return g_test_run ();
}

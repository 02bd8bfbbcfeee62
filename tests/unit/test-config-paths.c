/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "config/config-file.h"
#include "config/config.h"
#include "config/config-paths.h"
#include "support.h"

/* Relative paths of a file start from its folder, wherever it is read and written from. */

static void
test_from_folder (void)
{
  static const struct
  {
    const char *path, *folder, *expected;
  } cases[] = {
    { "raw", ".", "raw" },
    { "raw", "scan", "scan/raw" },
    { "./raw", "scan", "scan/raw" },
    { "../darks", "/data/scan", "/data/scan/../darks" },
    { ".", "/data/scan", "/data/scan" },
    { "/raw", "scan", "/raw" },
    { "", "scan", "" },
    { "a.h5:/entry/data", "scan", "scan/a.h5:/entry/data" },
    /* The folder is no part of a pattern. */
    { "raw_%05d.tif", "100%d", "100%%d/raw_%05d.tif" },
    { "*.tif", "scan[1]", "scan\\[1\\]/*.tif" },
    { "raw", "scan[1]%d", "scan[1]%d/raw" },
    { "a.h5:/data[:,0]", "scan[1]", "scan[1]/a.h5:/data[:,0]" },
    { "a.txt:[10:101]", "scan[1]", "scan[1]/a.txt:[10:101]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = recon_path_from_folder (cases[i].path, cases[i].folder);

      g_assert_cmpstr (path, ==, cases[i].expected);
    }
}

static void
test_to_folder (void)
{
  static const struct
  {
    const char *path, *folder, *expected;
  } cases[] = {
    { "/data/scan/raw", "/data/scan", "raw" },
    { "/data/scan", "/data/scan", "." },
    { "/data/darks", "/data/scan", "../darks" },
    { "/data/scan2", "/data/scan", "../scan2" },
    { "/data/2026/a/raw", "/data/2026/b/c", "../../a/raw" },
    { "/other/raw", "/data/scan", "/other/raw" },
    { "/raw", "/", "/raw" },
    { "raw", ".", "raw" },
    { "", "/data", "" },
    { "/data/scan[1]/raw", "/data/scan[1]", "raw" },
    { "/data/scan\\[1\\]/*.tif", "/data/scan[1]", "*.tif" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = recon_path_to_folder (cases[i].path, cases[i].folder);

      g_assert_cmpstr (path, ==, cases[i].expected);
    }
}

static ReconConfig *
load (const char *path)
{
  ReconConfig *config = recon_config_new ();
  g_autoptr (GError) error = NULL;

  recon_config_load (config, path, NULL, &error);
  g_assert_no_error (error);

  return config;
}

static void
test_load_and_save (void)
{
  static const char text[] = "[input]\nprojections=./raw\ndarks=../darks\nflats=/flats\n";
  g_autoptr (ReconConfig) config = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;

  g_assert_cmpint (g_mkdir ("scan", 0777), ==, 0);
  g_file_set_contents ("scan/reco.conf", text, -1, &error);
  g_assert_no_error (error);

  config = load ("scan/reco.conf");
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_PROJECTIONS), ==, "scan/raw");
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_DARKS), ==, "scan/../darks");
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_FLATS), ==, "/flats");
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_ANGLES), ==, "");
  /* So does the default. */
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH), ==, "scan/slices");

  /* What was not changed stays as it was written, and a default isn't. */
  recon_config_save (config, "scan/reco.conf", &error);
  g_assert_no_error (error);
  g_file_get_contents ("scan/reco.conf", &data, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (data, ==, text);

  /* In another folder, the same files. */
  g_assert_cmpint (g_mkdir ("other", 0777), ==, 0);
  recon_config_save_like (config, "other/reco.conf", "scan/reco.conf", &error);
  g_assert_no_error (error);
  g_clear_object (&config);
  config = load ("other/reco.conf");
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_PROJECTIONS), ==, "other/../scan/raw");
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_FLATS), ==, "/flats");
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH), ==, "other/../scan/slices");
}

/* What lies over it keeps its own places. */
static void
test_layers (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir ("layers", 0777), ==, 0);
  g_file_set_contents ("layers/a.conf", "[input]\ndarks=d\n", -1, &error);
  g_assert_no_error (error);
  recon_config_parse (config, RECON_PARAM_PROJECTIONS, "raw", NULL);
  recon_config_parse (config, RECON_PARAM_OUTPUT_PATH, "out", NULL);
  recon_config_load (config, "layers/a.conf", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_PROJECTIONS), ==, "raw");
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH), ==, "out");
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_DARKS), ==, "layers/d");
}

/* A device or pipe lies in no folder of the user's. */
static void
test_no_file (void)
{
  g_autoptr (ReconConfig) config = load ("/dev/null");

  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH), ==, "slices");
}

int
main (int   argc,
      char *argv[])
{
  char *folder;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = test_folder_new ();
  g_assert_cmpint (g_chdir (folder), ==, 0);

  g_test_add_func ("/config-paths/from-folder", test_from_folder);
  g_test_add_func ("/config-paths/to-folder", test_to_folder);
  g_test_add_func ("/config-paths/load-and-save", test_load_and_save);
  g_test_add_func ("/config-paths/layers", test_layers);
  g_test_add_func ("/config-paths/no-file", test_no_file);

  status = g_test_run ();
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  test_folder_remove (folder);

  return status;
}

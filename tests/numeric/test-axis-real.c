/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis.h"
#include "base/error.h"
#include "support.h"

#include <string.h>

/* The axis of real scans, where they are to be had, and of scans that can't have one. */

static ReconConfig *
make_config (const char *first,
             ...) G_GNUC_NULL_TERMINATED;

/* Names of parameters, each with its text. */
static ReconConfig *
make_config (const char *first,
             ...)
{
  ReconConfig *config = recon_config_new ();
  va_list arguments;

  va_start (arguments, first);
  for (const char *name = first; name != NULL; name = va_arg (arguments, const char *))
    {
      g_auto (GStrv) parts = g_strsplit (name, ".", 2);
      g_autoptr (GError) error = NULL;
      ReconParameter parameter;

      g_assert_true (recon_parameter_find (parts[0], parts[1], &parameter));
      recon_config_parse (config, parameter, va_arg (arguments, const char *), &error);
      g_assert_no_error (error);
    }
  va_end (arguments);

  return config;
}

static ReconAxisResult *
find (ReconConfig     *config,
      const char      *rows,
      ReconAxisMethod  method)
{
  ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  ReconAxisResult *result;

  settings.rows = rows;
  settings.method = method;
  result = recon_axis_find (config, &settings, NULL, NULL, &error);
  g_assert_no_error (error);
  text = recon_axis_result_say (result);
  g_test_message ("%s: %s: %s", recon_axis_method_get_name (method), text, result->reason);

  return result;
}

static void
test_tooth (void)
{
  static const ReconAxisMethod methods[] = {
    RECON_AXIS_AUTO, RECON_AXIS_WEDGE, RECON_AXIS_ENTROPY, RECON_AXIS_NEGATIVITY,
  };
  g_autofree char *folder = test_data_folder ();
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "tooth", "tooth.h5", NULL) : NULL;
  g_autoptr (ReconConfig) config = NULL;

  if (folder == NULL)
    return;

  config = make_config ("input.projections", path, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr (ReconAxisResult) result = find (config, NULL, methods[i]);

      g_assert_cmpfloat (result->axis, >=, 295.75 - (i == 0 ? 0 : 0.15));
      g_assert_cmpfloat (result->axis, <=, 296.0 + (i == 0 ? 0 : 0.15));
      if (methods[i] == RECON_AXIS_AUTO)
        {
          g_assert_cmpint (result->confidence, ==, RECON_AXIS_CONFIDENCE_HIGH);
          g_assert_cmpuint (result->n_rows, ==, 2);
        }
    }
}

static void
test_rod (void)
{
  g_autofree char *folder = test_data_folder ();
  g_autofree char *scan = folder != NULL ? g_build_filename (folder, "scan-24737", NULL) : NULL;
  g_autofree char *projections = scan != NULL ? g_build_filename (scan, "tiffs", "raw_*.tiff", NULL) : NULL;
  g_autofree char *dark = scan != NULL ? g_build_filename (scan, "dark_00001.tiff", NULL) : NULL;
  g_autofree char *flat = scan != NULL ? g_build_filename (scan, "flat_00001.tiff", NULL) : NULL;
  g_autoptr (ReconConfig) config = NULL;
  static const char *const rows[] = { "70:96:5", "70,75,80,85,90,95", "70:96", NULL };

  if (folder == NULL)
    return;

  config = make_config ("input.projections", projections, "input.darks", dark, "input.flats", flat,
                        "reconstruction.angle-step", "0.03490658503988659", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ReconAxisResult) result = find (config, rows[i], RECON_AXIS_AUTO);

      g_assert_cmpfloat_with_epsilon (result->axis, 86.0, 0.25);
      g_assert_cmpint (result->confidence, ==, RECON_AXIS_CONFIDENCE_HIGH);
      g_assert_cmpfloat (result->middle, ==, 79.5);
      if (i < 2)
        {
          g_assert_cmpuint (result->n_rows, ==, 6);
          for (guint row = 0; row < 6; row++)
            g_assert_cmpfloat (result->rows[row].row, ==, 70 + 5 * row);
        }
    }
}

static void
test_bad_rows (void)
{
  static const struct
  {
    const char *rows;
    const char *message;
  } wrong[] = {
    { "x", "'x' are no rows" },        { "5:", "'5:' are no rows" },     { "9:5", "'9:5' are no rows" },
    { "0:9:0", "'0:9:0' are no rows" }, { "-3", "'-3' are no rows" },     { "1:2:3:4", "are no rows" },
    { "0,7777", "Row 7777 is beyond" }, { "0:9999", "Row 9998 is beyond" },
  };
  g_autofree char *folder = test_data_folder ();
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "tooth", "tooth.h5", NULL) : NULL;
  g_autoptr (ReconConfig) config = NULL;

  if (folder == NULL)
    return;

  config = make_config ("input.projections", path, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
      g_autoptr (ReconAxisResult) result = NULL;
      g_autoptr (GError) error = NULL;

      settings.rows = wrong[i].rows;
      result = recon_axis_find (config, &settings, NULL, NULL, &error);
      g_assert_null (result);
      g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, wrong[i].message));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/axis-real/tooth", test_tooth);
  g_test_add_func ("/axis-real/rod", test_rod);
  g_test_add_func ("/axis-real/bad-rows", test_bad_rows);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angles.h"

#include <math.h>
#include <string.h>

#include "error.h"
#include "support.h"
#include "test-hdf5.h"

typedef struct
{
  char *folder;
  char *text;
  char *hdf5;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = test_folder_new ();
  fixture->text = g_build_filename (fixture->folder, "angles.txt", NULL);
  fixture->hdf5 = g_build_filename (fixture->folder, "scan: 1.h5", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_free (fixture->text);
  g_free (fixture->hdf5);
  test_folder_remove (fixture->folder);
}

static void
write_text (const char *path,
            const char *text,
            gssize      length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, length, &error);
  g_assert_no_error (error);
}

static void
assert_read (const char     *path,
             int             unit,
             ReconAngleUnit  expected_unit,
             gsize           n,
             const double   *expected)
{
  g_autoptr (GError) error = NULL;
  ReconAngleUnit used = 99;
  gsize n_read = 0;
  g_autofree double *angles = recon_angles_read (path, unit, &used, &n_read, &error);

  g_assert_no_error (error);
  g_assert_nonnull (angles);
  g_assert_cmpint (used, ==, expected_unit);
  g_assert_cmpuint (n_read, ==, n);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (angles[i], expected[i], 1e-15);
}

static void
assert_refused (const char *path,
                int         code,
                const char *message)
{
  g_autoptr (GError) error = NULL;
  gsize n;
  g_autofree double *angles = recon_angles_read (path, -1, NULL, &n, &error);

  g_assert_error (error, RECON_ERROR, code);
  g_assert_null (angles);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not contain “%s”", error->message, message);
}

static void
test_text (Fixture       *fixture,
           gconstpointer  data)
{
  const double expected[] = { 0, 0.5, -1.25, 3e-2, 2 * G_PI };
  const double columns[] = { 1, 2, 3 };

  write_text (fixture->text, "\xef\xbb\xbf# theta\n0\r\n\n  0.5  7 8\n-1.25,9\n\t3e-2;x # why\n6.283185307179586#", -1);
  assert_read (fixture->text, -1, RECON_ANGLE_UNIT_RADIAN, 5, expected);
  write_text (fixture->text, "1,7,9\n2, 5\n3,0.5\n", -1);
  assert_read (fixture->text, -1, RECON_ANGLE_UNIT_RADIAN, 3, columns);
}

static void
test_units (Fixture       *fixture,
            gconstpointer  data)
{
  const double as_radians[] = { 0, 6 };
  const double as_degrees[] = { 0, 6 * G_PI / 180 };
  const double turned[] = { 0, G_PI, -2 * G_PI };

  write_text (fixture->text, "0\n6\n", -1);
  assert_read (fixture->text, -1, RECON_ANGLE_UNIT_RADIAN, 2, as_radians);
  assert_read (fixture->text, RECON_ANGLE_UNIT_RADIAN, RECON_ANGLE_UNIT_RADIAN, 2, as_radians);
  assert_read (fixture->text, RECON_ANGLE_UNIT_DEGREE, RECON_ANGLE_UNIT_DEGREE, 2, as_degrees);

  write_text (fixture->text, "0\n180\n-360\n", -1);
  assert_read (fixture->text, -1, RECON_ANGLE_UNIT_DEGREE, 3, turned);
}

static void
test_bad_text (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing.txt", NULL);

  assert_refused (missing, RECON_ERROR_INPUT, "missing.txt");
  assert_refused (fixture->folder, RECON_ERROR_INPUT, "not a file of angles");

  write_text (fixture->text, "", 0);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "holds no angles");
  write_text (fixture->text, "# nothing\n\n", -1);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "holds no angles");
  write_text (fixture->text, "1\n\n2\n1.5deg\n", -1);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "line 4: “1.5deg” is not a number");
  write_text (fixture->text, "theta, n\n1, 2\n", -1);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "line 1: “theta, n” is not a number");
  write_text (fixture->text, "0\n-2,25 # west\n", -1);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "line 2: “-2,25 # west” may be one number or two");
  write_text (fixture->text, "1\nnan\n", -1);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "line 2: the angle “nan” is not finite");
  write_text (fixture->text, "1\n2\n1e999\n", -1);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "line 3: the angle “1e999” is not finite");
  write_text (fixture->text, "1\n2\0003\n", 6);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "not a text file");
  write_text (fixture->text, "1\n\xff\xfe\n", -1);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "line 2");
}

static void
test_hdf5 (Fixture       *fixture,
           gconstpointer  data)
{
  const double values[] = { 0, 1, 6 };
  const double as_degrees[] = { 0, G_PI / 180, 6 * G_PI / 180 };
  const gsize column[] = { 3, 1 };
  const TestHdf5Storage floats = { .type = H5T_IEEE_F32BE };
  g_autofree char *plain = g_strconcat (fixture->hdf5, ":/scan/theta", NULL);
  g_autofree char *degrees = g_strconcat (fixture->hdf5, ":/scan/theta_deg", NULL);

  test_hdf5_write_list (fixture->hdf5, "/scan/theta", 3, values);
  test_hdf5_write (fixture->hdf5, "/scan/theta_deg", &floats, 2, column, values);
  test_hdf5_attribute (fixture->hdf5, "/scan/theta_deg", "units", "Degrees");

  assert_read (plain, -1, RECON_ANGLE_UNIT_RADIAN, 3, values);
  assert_read (plain, RECON_ANGLE_UNIT_DEGREE, RECON_ANGLE_UNIT_DEGREE, 3, as_degrees);
  assert_read (degrees, -1, RECON_ANGLE_UNIT_DEGREE, 3, as_degrees);
  assert_read (degrees, RECON_ANGLE_UNIT_RADIAN, RECON_ANGLE_UNIT_RADIAN, 3, values);
}

static void
test_bad_hdf5 (Fixture       *fixture,
               gconstpointer  data)
{
  const double values[] = { 0, (double) NAN, 2, 3 };
  const gsize table[] = { 2, 2 };
  g_autofree char *wrong = g_strconcat (fixture->hdf5, ":/scan/angle", NULL);
  g_autofree char *not_finite = g_strconcat (fixture->hdf5, ":/scan/theta", NULL);
  g_autofree char *square = g_strconcat (fixture->hdf5, ":/scan/table", NULL);
  g_autofree char *title = g_strconcat (fixture->hdf5, ":/scan/title", NULL);
  g_autofree char *group = g_strconcat (fixture->hdf5, ":/scan", NULL);
  g_autofree char *not_hdf5 = g_strconcat (fixture->text, ":/scan", NULL);

  test_hdf5_write_list (fixture->hdf5, "/scan/theta", 4, values);
  test_hdf5_write (fixture->hdf5, "/scan/table", NULL, 2, table, values);
  test_hdf5_write_string (fixture->hdf5, "/scan/title", "tooth");
  write_text (fixture->text, "1", -1);

  assert_refused (wrong, RECON_ERROR_INPUT, "/scan/table (2 × 2 float64), /scan/theta (4 float64)");
  assert_refused (not_finite, RECON_ERROR_INPUT, "angle 1 (counted from 0) is not finite");
  assert_refused (square, RECON_ERROR_INPUT, "is 2 × 2 float64; a list");
  assert_refused (title, RECON_ERROR_INPUT, "is one string; a list");
  assert_refused (group, RECON_ERROR_INPUT, "is not a dataset");
  assert_refused (fixture->hdf5, RECON_ERROR_INPUT, "say which dataset");
  assert_refused (not_hdf5, RECON_ERROR_INPUT, "is not an HDF5 file");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/angles/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("text", test_text);
  ADD ("units", test_units);
  ADD ("bad-text", test_bad_text);
  ADD ("hdf5", test_hdf5);
  ADD ("bad-hdf5", test_bad_hdf5);
#undef ADD

  return g_test_run ();
}

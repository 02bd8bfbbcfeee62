/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angles.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
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
  g_autofree double *angles = recon_angles_read (path, unit, NULL, NULL, &used, NULL, &n_read, &error);

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
  g_autofree double *angles = recon_angles_read (path, RECON_ANGLE_UNIT_DEGREE, NULL, NULL, NULL, NULL, &n, &error);

  g_assert_error (error, RECON_ERROR, code);
  g_assert_null (angles);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not contain “%s”", error->message, message);
}

/* @text read with @selection behind its path is these numbers, joined by blanks; @said are parts of the notes. */
static void
assert_values (Fixture    *fixture,
               const char *text,
               const char *selection,
               const char *expected,
               const char *said)
{
  g_autofree char *path = g_strconcat (fixture->text, selection, NULL);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) values = g_string_new (NULL);
  g_autoptr (GString) all_notes = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree double *angles = NULL;
  gsize n = 0;

  write_text (fixture->text, text, -1);
  angles = recon_angles_read (path, RECON_ANGLE_UNIT_RADIAN, notes, NULL, NULL, NULL, &n, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (values, "%s%.10g", i > 0 ? " " : "", angles[i]);
  g_assert_cmpstr (values->str, ==, expected);

  for (guint i = 0; i < notes->len; i++)
    g_string_append_printf (all_notes, "%s\n", (char *) notes->pdata[i]);
  if (*said == '\0')
    g_assert_cmpstr (all_notes->str, ==, "");
  if (strstr (all_notes->str, said) == NULL)
    g_error ("“%s” is not in: %s", said, all_notes->str);
}

/* @text cannot be read with @selection; the message is @message, in which FILE is the path. */
static void
assert_unclear (Fixture    *fixture,
                const char *text,
                const char *selection,
                const char *message)
{
  g_autofree char *path = g_strconcat (fixture->text, selection, NULL);
  g_auto (GStrv) parts = g_strsplit (message, "FILE", -1);
  g_autofree char *full = g_strjoinv (fixture->text, parts);

  write_text (fixture->text, text, -1);
  assert_refused (path, RECON_ERROR_INPUT, full);
}

static void
test_text (Fixture       *fixture,
           gconstpointer  data)
{
  assert_values (fixture, "\xef\xbb\xbf# theta\n0\r\n\n  0.5\r\n-1.25\n\t3e-2 # why\n6.25#", "",
                 "0 0.5 -1.25 0.03 6.25", "1 line of titles and comments is skipped");
  assert_values (fixture, "1\n2\n", "", "1 2", "");
  assert_values (fixture, "\"1.5\"\n\"2\"\n", "", "1.5 2", "");
  assert_values (fixture, "1,\n2,\n", "", "1 2", "");
  assert_values (fixture, "% a\n! b\n// c\n7", "", "7", "3 lines of titles and comments are skipped");
  /* Words beside the number are no second one. */
  assert_values (fixture, "1 first\n2\n3;x\n", "", "1 2 3", "");
}

static void
test_columns (Fixture       *fixture,
              gconstpointer  data)
{
  assert_unclear (fixture, "0\t0.000\n1\t0.500\n", "",
                  "FILE, line 1: “0\t0.000” holds 2 numbers. Say which column holds the angles: --angles=FILE:1 or "
                  "FILE:2.");
  assert_unclear (fixture, "0\n1\n2 3\n", "", "line 3: “2 3” holds 2 numbers. Say which column");
  assert_values (fixture, "0\t0.000\n1\t0.500\n", ":2", "0 0.5", "");
  assert_values (fixture, "0\t0.000\n1\t0.500\n", ":1", "0 1", "");
  assert_values (fixture, "1,7,9\n2, 5\n3,0.5\n", ":2", "7 5 0.5", "");
  assert_unclear (fixture, "1 2\n3\n", ":2", "line 2: “3” has no number in column 2");

  /* Names beside the angles; titles that say it. */
  assert_values (fixture, "a_000.tif 0.5\na_001.tif 1.5\n", "", "0.5 1.5", "taken from column 2");
  assert_values (fixture, "image,angle\n0,0.5\n1,1.5\n", "", "0.5 1.5", "taken from column 2");
}

static void
test_titles (Fixture       *fixture,
             gconstpointer  data)
{
  assert_values (fixture, "Scan of a tooth\n\nn;Theta\n0;0.5\n1;1.5\n", "", "0.5 1.5", "taken from column 2");
  assert_unclear (fixture, "n;x\n0;0.5\n1;1.5\n", "", "FILE, line 2: “0;0.5” holds 2 numbers.");
  assert_unclear (fixture, "theta,angle\n0,0.5\n1,1.5\n", "", "holds 2 numbers");
  assert_values (fixture, "theta,angle\n0,0.5\n1,1.5\n", ":1", "0 1", "1 line of titles");
  /* What begins with a digit is no title. */
  assert_unclear (fixture, "1.5deg\n2\n", "", "line 1: “1.5deg” is not a number");
  /* Nor is a text in the middle. */
  assert_unclear (fixture, "theta\n1\nend\n2\n", "", "line 3: “end” is not a number");
  assert_unclear (fixture, "Run 5\n0\n1\n", "", "line 2: “0” has no number in column 2");
}

static void
test_commas (Fixture       *fixture,
             gconstpointer  data)
{
  assert_unclear (fixture, "0,5\n1,0\n", "", "line 1: “0,5” may be one number or two");
  assert_unclear (fixture, "0\n-2,25 # west\n", "", "line 2: “-2,25 # west” may be one number or two");
  assert_values (fixture, "0,5\n1,0\n", ":2", "5 0", "");
  assert_values (fixture, "0;0,5\n1;1,5\n", ":2", "0.5 1.5", "the comma is taken as the decimal point");
  assert_values (fixture, "0 0,5\n1 1,5\n", ":2", "0.5 1.5", "the comma is taken as the decimal point");
  assert_values (fixture, "0, 5\n1, 6\n", ":2", "5 6", "");
  assert_values (fixture, "0.5,1\n1,6\n", ":1", "0.5 1", "");
}

static void
test_ranges (Fixture       *fixture,
             gconstpointer  data)
{
  const char *text = "0 10\n1 11\n2 12\n3 13\n4 14\n";

  assert_values (fixture, text, ":2[1:3]", "11 12", "");
  assert_values (fixture, text, ":2:[1:3]", "11 12", "");
  assert_values (fixture, text, ":2[:2]", "10 11", "");
  assert_values (fixture, text, ":2[3:]", "13 14", "");
  assert_values (fixture, text, ":2[-2:]", "13 14", "");
  assert_values (fixture, text, ":2[1:-1]", "11 12 13", "");
  assert_unclear (fixture, text, ":2[1:6]", "FILE:2[1:6]: there are 5 values, counted from 0");
  assert_unclear (fixture, text, ":2[3:3]", "there are 5 values");
  assert_unclear (fixture, text, ":[x]", "cannot be read");
  assert_unclear (fixture, text, ":0", "cannot be read");
  assert_unclear (fixture, text, ":3", "line 1: “0 10” has no number in column 3");
  assert_values (fixture, "10\n11\n12\n", ":[1:3]", "11 12", "");

  /* A file of that very name comes first. */
  {
    g_autofree char *odd = g_strconcat (fixture->text, ":2", NULL);

    write_text (odd, "7\n", -1);
    assert_values (fixture, text, ":2", "7", "");
  }
}

/* Evenly spaced values, the last one left out or not. */
static double *
space (double first,
       double last,
       guint  n)
{
  double *values = g_new (double, n);

  for (guint i = 0; i < n; i++)
    values[i] = first + (last - first) * i / (n - 1);

  return values;
}

static void
test_units (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct
  {
    double first;
    double last;
    guint  n;
    int    unit;
  } cases[] = {
    { 0, 180, 181, RECON_ANGLE_UNIT_DEGREE },     { 0, 179.5, 360, RECON_ANGLE_UNIT_DEGREE },
    { 0, 181, 1000, RECON_ANGLE_UNIT_DEGREE },    { -90, 90, 91, RECON_ANGLE_UNIT_DEGREE },
    { 360, 0, 721, RECON_ANGLE_UNIT_DEGREE },     { 0, 3600, 5000, RECON_ANGLE_UNIT_DEGREE },
    { -60, 60, 121, RECON_ANGLE_UNIT_DEGREE },    { 0, 180, 2, RECON_ANGLE_UNIT_DEGREE },
    { 0, 3.14, 150, RECON_ANGLE_UNIT_RADIAN },    { 0, 3.1416, 900, RECON_ANGLE_UNIT_RADIAN },
    { 0, 6.325, 150, RECON_ANGLE_UNIT_RADIAN },   { 0.3, 6.55, 720, RECON_ANGLE_UNIT_RADIAN },
    { 0, 3.2, 160, RECON_ANGLE_UNIT_RADIAN },     { 1.57, -1.57, 100, RECON_ANGLE_UNIT_RADIAN },
    { -1.05, 1.05, 121, RECON_ANGLE_UNIT_RADIAN }, { 0, 4.71, 300, RECON_ANGLE_UNIT_RADIAN },
    { 0, 12.566, 1440, RECON_ANGLE_UNIT_RADIAN }, { 0, 3 * G_PI / 2, 4, RECON_ANGLE_UNIT_RADIAN },
    { 0, 0.5, 50, -1 },                           { 0, 1, 2, -1 },
    { 0, 8, 100, -1 },                            { 0, 15, 16, -1 },
    { 0, 6, 7, -1 },                              { 0, 2, 3, -1 },
    { 5, 5, 1, RECON_ANGLE_UNIT_RADIAN },         { 90, 90, 1, RECON_ANGLE_UNIT_DEGREE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree double *values =
          cases[i].n > 1 ? space (cases[i].first, cases[i].last, cases[i].n) : g_memdup2 (&cases[i].first, 8);

      g_test_message ("%g … %g, %u", cases[i].first, cases[i].last, cases[i].n);
      g_assert_cmpint (recon_angle_unit_judge (values, cases[i].n), ==, cases[i].unit);
      /* The order does not matter, nor do frames without an angle. */
      if (cases[i].n > 20)
        {
          values[1] = (double) NAN;
          g_assert_cmpint (recon_angle_unit_judge (values, cases[i].n), ==, cases[i].unit);
        }
    }
}

static void
test_said_units (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree double *angles = NULL;
  g_autofree double *again = NULL;
  g_autofree double *unclear = NULL;
  g_autoptr (GError) error = NULL;
  ReconAngleUnit unit;
  gsize n;

  for (guint i = 0; i < 160; i++)
    g_string_append_printf (text, "%.4f\n", i * 6.325 / 159);
  write_text (fixture->text, text->str, -1);

  angles = recon_angles_read (fixture->text, -1, notes, warnings, &unit, NULL, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (unit, ==, RECON_ANGLE_UNIT_RADIAN);
  g_assert_nonnull (strstr (notes->pdata[0], "names no unit: 160 values from 0 to 6.325"));
  g_assert_nonnull (strstr (notes->pdata[0], "are taken as radians"));
  g_assert_cmpuint (warnings->len, ==, 0);

  again = recon_angles_read (fixture->text, RECON_ANGLE_UNIT_DEGREE, notes, warnings, &unit, NULL, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (unit, ==, RECON_ANGLE_UNIT_DEGREE);
  g_assert_cmpfloat_with_epsilon (again[159], 6.325 * G_PI / 180, 1e-12);
  g_assert_cmpuint (notes->len, ==, 1);
  g_assert_nonnull (strstr (warnings->pdata[0], "are said to be degrees, but are 160 values from 0 to 6.325"));

  write_text (fixture->text, "0\n1\n2\n", -1);
  unclear = recon_angles_read (fixture->text, -1, NULL, NULL, &unit, NULL, &n, &error);
  g_assert_null (unclear);
  g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "names no unit, and 3 values from 0 to 2 in steps of about 1 may be "
                                            "degrees or radians. Say which with --angle-unit=degree or "
                                            "--angle-unit=radian."));
}

static void
test_faults (Fixture       *fixture,
             gconstpointer  data)
{
  double angles[100];
  guint numbers[100];
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) wrapped = NULL;
  g_autoptr (GPtrArray) some = NULL;
  g_autoptr (GPtrArray) golden = NULL;

  for (guint i = 0; i < 100; i++)
    {
      angles[i] = i * G_PI / 100;
      numbers[i] = 10 + i;
    }
  none = recon_angles_find_faults (angles, 100, numbers);
  g_assert_cmpuint (none->len, ==, 0);

  for (guint i = 0; i < 100; i++)
    angles[i] = fmod (5 + i * 2 * G_PI / 100, 2 * G_PI);
  wrapped = recon_angles_find_faults (angles, 100, numbers);
  g_assert_cmpuint (wrapped->len, ==, 0);

  for (guint i = 0; i < 100; i++)
    angles[i] = -(double) i * G_PI / 180;
  angles[7] = angles[8] = angles[6];
  angles[50] = -40 * G_PI / 180;
  some = recon_angles_find_faults (angles, 100, numbers);
  g_assert_cmpuint (some->len, ==, 2);
  g_assert_cmpstr (some->pdata[0], ==,
                   "2 of 100 angles are the same as the one before, the first that of projection 17, -6°");
  g_assert_cmpstr (some->pdata[1], ==,
                   "1 of 100 angles goes back where the others go on: that of projection 60, -40° after -49°");

  for (guint i = 0; i < 100; i++)
    angles[i] = fmod (i * 1.9416, G_PI);
  golden = recon_angles_find_faults (angles, 100, numbers);
  g_assert_cmpuint (golden->len, ==, 0);
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
  write_text (fixture->text, "1\nnan\n", -1);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "line 2: the angle “nan” is not finite");
  write_text (fixture->text, "1\n2\n1e999\n", -1);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "line 3: the angle “1e999” is not finite");
  write_text (fixture->text, "1\n2\0003\n", 6);
  assert_refused (fixture->text, RECON_ERROR_INPUT, "not a text file");
  {
    g_autoptr (GString) titles = g_string_new (NULL);

    for (guint i = 0; i < 200; i++)
      g_string_append (titles, "Lorem ipsum\n");
    write_text (fixture->text, titles->str, -1);
    assert_refused (fixture->text, RECON_ERROR_INPUT, "line 101: “Lorem ipsum” is not a number");
  }
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

  assert_read (plain, RECON_ANGLE_UNIT_RADIAN, RECON_ANGLE_UNIT_RADIAN, 3, values);
  assert_read (plain, RECON_ANGLE_UNIT_DEGREE, RECON_ANGLE_UNIT_DEGREE, 3, as_degrees);
  assert_read (degrees, -1, RECON_ANGLE_UNIT_DEGREE, 3, as_degrees);
  assert_read (degrees, RECON_ANGLE_UNIT_RADIAN, RECON_ANGLE_UNIT_RADIAN, 3, values);
}

/* Units that are converted; and what they cannot be. "Grad" are German degrees, or gons. */
static void
test_named_units (Fixture       *fixture,
                  gconstpointer  data)
{
  static const struct
  {
    const char *name;
    double      last;  /* of 150 from 0 on */
    double      angle; /* what that is, in degrees; NaN if it is refused */
  } cases[] = {
    { "mdeg", 178800, 178.8 }, { "Arcsec", 643680, 178.8 }, { "arcminutes", 10728, 178.8 },
    { "mrad", 3120.649, 178.8 }, { "gon", 198.66667, 178.8 }, { "grad", 198.66667, 178.8 }, { "Grad", 178.8, 178.8 },
    { "turns", 0.49666667, 178.8 }, { "rev", 0.49666667, 178.8 }, { "rad", 178.8, NAN }, { "deg", 3.12065, NAN },
    { "counts", 178800, NAN }, { "counts", 178.8, 178.8 }, { "", 178800, NAN }, { "", 3120.649, NAN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint is_text = 0; is_text <= 1; is_text++)
      {
        g_autofree char *dataset = g_strdup_printf ("/named/theta%u", i);
        g_autofree char *path = is_text ? g_strdup (fixture->text) : g_strconcat (fixture->hdf5, ":", dataset, NULL);
        g_autoptr (GString) text = g_string_new (NULL);
        g_autoptr (GError) error = NULL;
        g_autofree double *angles = NULL;
        double values[150];
        gsize n;

        g_string_append_printf (text, "# index; angle [%s]\n", cases[i].name);
        for (guint k = 0; k < 150; k++)
          {
            values[k] = cases[i].last * k / 149;
            g_string_append_printf (text, "%.8f\n", values[k]);
          }
        write_text (fixture->text, text->str, -1);
        if (!is_text)
          {
            test_hdf5_write_list (fixture->hdf5, dataset, 150, values);
            test_hdf5_attribute (fixture->hdf5, dataset, "units", cases[i].name);
          }

        angles = recon_angles_read (path, -1, NULL, NULL, NULL, NULL, &n, &error);
        if (isnan (cases[i].angle))
          {
            g_assert_null (angles);
            g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
            g_assert_nonnull (strstr (error->message, "with --angle-unit=degree or --angle-unit=radian."));
            continue;
          }
        g_assert_no_error (error);
        g_assert_cmpfloat_with_epsilon (angles[149] * 180 / G_PI, cases[i].angle, 1e-4);
      }
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
  ADD ("columns", test_columns);
  ADD ("titles", test_titles);
  ADD ("commas", test_commas);
  ADD ("ranges", test_ranges);
  ADD ("units", test_units);
  ADD ("said-units", test_said_units);
  ADD ("named-units", test_named_units);
  ADD ("faults", test_faults);
  ADD ("bad-text", test_bad_text);
  ADD ("hdf5", test_hdf5);
  ADD ("bad-hdf5", test_bad_hdf5);
#undef ADD

  return g_test_run ();
}

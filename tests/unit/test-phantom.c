/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/phantom.h"

#include <math.h>
#include <string.h>

#include "support.h"

/* The value at a point, straight from the definition of an ellipsoid. */
static double
value_at (const ReconPhantom *phantom,
          double              x,
          double              y,
          double              z)
{
  double sum = 0.0;

  for (gsize i = 0; i < phantom->n; i++)
    {
      const ReconEllipsoid *e = &phantom->ellipsoids[i];
      double dx = x - e->x;
      double dy = y - e->y;
      double p = (dx * cos (e->phi) + dy * sin (e->phi)) / e->a;
      double q = (dy * cos (e->phi) - dx * sin (e->phi)) / e->b;
      double r = (z - e->z) / e->c;

      if (p * p + q * q + r * r <= 1.0)
        sum += e->value;
    }

  return sum;
}

static const ReconPhantom *
get (const char *name)
{
  const ReconPhantom *phantom = recon_phantom_find (name);

  g_assert_nonnull (phantom);
  g_assert_cmpstr (phantom->name, ==, name);

  return phantom;
}

static void
test_names (void)
{
  const char *const *names = recon_phantom_names ();

  for (gsize i = 0; names[i] != NULL; i++)
    get (names[i]);

  g_assert_null (recon_phantom_find ("Shepp-Logan"));
  g_assert_null (recon_phantom_find (""));
}

/* A ray through many points of the phantom adds up to the line integral. */
static void
test_project_rays (gconstpointer data)
{
  enum { WIDTH = 61, ROWS = 7, STEPS = 20000 };
  const ReconPhantom *phantom = get (data);
  const double radius = 30.0;
  const double axis = 27.4;
  const double angles[] = { 0.0, 0.3, G_PI / 2.0, 2.0, 4.0, -1.1 };
  float line[WIDTH];

  for (gsize k = 0; k < G_N_ELEMENTS (angles); k++)
    {
      double row = k;
      double z = (row - 3.0) / radius;

      recon_phantom_project (phantom, ROWS, WIDTH, radius, axis, row, angles[k], line);

      for (int c = 0; c < WIDTH; c += 4)
        {
          double s = (c - axis) / radius;
          double sum = 0.0;

          for (int i = 0; i < STEPS; i++)
            {
              double t = 2.4 * ((i + 0.5) / STEPS - 0.5);

              sum += value_at (phantom, s * cos (angles[k]) - t * sin (angles[k]),
                               s * sin (angles[k]) + t * cos (angles[k]), z);
            }

          g_assert_cmpfloat_with_epsilon ((double) line[c], sum * 2.4 / STEPS * radius,
                                          1e-3 * MAX (fabs ((double) line[c]), 10.0));
        }
    }
}

static void
test_project_disc (void)
{
  enum { WIDTH = 200 };
  const ReconPhantom *disc = get ("disc");
  float line[WIDTH];

  for (int k = 0; k < 7; k++)
    {
      recon_phantom_project (disc, 1000, WIDTH, 100.0, 99.5, 17.0 * k, 0.4 * k, line);

      for (int c = 0; c < WIDTH; c++)
        {
          double s = c - 99.5;
          double exact = 2.0 * sqrt (MAX (80.0 * 80.0 - s * s, 0.0));

          g_assert_cmpfloat_with_epsilon ((double) line[c], exact, 1e-4);
        }
    }
}

/* The centre of a small ball is seen where the geometry says, and in no other place if it is outside. */
static void
test_project_geometry (void)
{
  enum { WIDTH = 300 };
  const ReconEllipsoid ball = { 0.5, -0.25, 0.0, 0.2, 0.2, 0.2, 0.0, 1.0 };
  const ReconPhantom phantom = { "ball", &ball, 1 };
  const double axes[] = { 149.5, 120.25, 260.0, -40.0 };
  float line[WIDTH];

  for (gsize a = 0; a < G_N_ELEMENTS (axes); a++)
    for (int k = 0; k < 24; k++)
      {
        double angle = k * G_PI / 12.0;
        double expected = axes[a] + 100.0 * (0.5 * cos (angle) - 0.25 * sin (angle));
        double sum = 0.0;
        double moment = 0.0;

        recon_phantom_project (&phantom, 1, WIDTH, 100.0, axes[a], 0.0, angle, line);

        for (int c = 0; c < WIDTH; c++)
          {
            sum += (double) line[c];
            moment += c * (double) line[c];
          }

        if (expected < -20.0 || expected > WIDTH + 19.0)
          g_assert_cmpfloat (sum, ==, 0.0);
        else if (expected > 20.0 && expected < WIDTH - 21.0)
          g_assert_cmpfloat_with_epsilon (moment / sum, expected, 0.05);
      }
}

/* Whatever the angle, the detector sees all of the slice. Its pixels are finer than those of the slice, which makes
 * the sum over their centres an integral. */
static void
test_project_area (gconstpointer data)
{
  enum { WIDTH = 800, FINE = 4 };
  const double radius = 390.0;
  const double axis = FINE * 401.3;
  const ReconPhantom *phantom = get (data);
  g_autofree float *slice = g_new (float, WIDTH * WIDTH);
  float line[FINE * WIDTH];
  double area = 0.0;
  double x_moment = 0.0;
  double y_moment = 0.0;

  recon_phantom_slice (phantom, 5, radius, 3.0, WIDTH, WIDTH, 4, slice);

  for (int r = 0; r < WIDTH; r++)
    for (int c = 0; c < WIDTH; c++)
      {
        double value = (double) slice[r * WIDTH + c];

        area += value;
        x_moment += (c - (WIDTH - 1) / 2.0) * value;
        y_moment += (r - (WIDTH - 1) / 2.0) * value;
      }

  for (int k = 0; k < 17; k++)
    {
      double angle = 0.39 * k;
      double sum = 0.0;
      double moment = 0.0;

      recon_phantom_project (phantom, 5, FINE * WIDTH, FINE * radius, axis, 2.0 + FINE, angle, line);

      for (int c = 0; c < FINE * WIDTH; c++)
        {
          sum += (double) line[c] / (FINE * FINE);
          moment += (c - axis) / FINE * (double) line[c] / (FINE * FINE);
        }

      g_assert_cmpfloat_with_epsilon (sum, area, 2e-4 * area);
      g_assert_cmpfloat_with_epsilon (moment / sum, (x_moment * cos (angle) + y_moment * sin (angle)) / area, 0.02);
    }
}

static void
test_slice_points (gconstpointer data)
{
  const ReconPhantom *phantom = get (data);
  const guint sizes[][3] = { { 50, 50, 1 }, { 51, 33, 4 }, { 1, 7, 3 }, { 64, 64, 2 } };

  for (gsize k = 0; k < G_N_ELEMENTS (sizes); k++)
    {
      guint width = sizes[k][0];
      guint height = sizes[k][1];
      guint n = sizes[k][2];
      g_autofree float *pixels = g_new (float, width * height);
      const double radius = 24.3;
      double z = (4.0 - 4.5) / radius;
      guint wrong = 0;

      recon_phantom_slice (phantom, 10, radius, 4.0, width, height, n, pixels);

      for (guint i = 0; i < width * height; i++)
        {
          guint row = i / width;
          guint column = i % width;
          double mean = 0.0;

          for (guint j = 0; j < n * n; j++)
            {
              guint sub_row = j / n;
              guint sub_column = j % n;
              double x = column - (width - 1.0) / 2.0 + (sub_column + 0.5) / n - 0.5;
              double y = row - (height - 1.0) / 2.0 + (sub_row + 0.5) / n - 0.5;

              mean += value_at (phantom, x / radius, y / radius, z) / (n * n);
            }

          wrong += fabs (mean - (double) pixels[i]) > 1e-6;
        }

      /* A point that is exactly on an edge may be on either side. */
      g_assert_cmpuint (wrong, <=, 2);
    }
}

/* Reference values of the 2-D phantom with y growing upwards, from the table as it is published. */
static void
test_shepp_logan (void)
{
  const struct
  {
    double x, y, value;
  } points[] = {
    { 0.0, 0.91, 1.0 }, { 0.0, -0.91, 1.0 },  { 0.0, 0.8, 0.2 },    { 0.0, 0.4, 0.3 },    { -0.3, 0.0, 0.0 },
    { 0.2, 0.0, 0.0 },  { 0.0, -0.606, 0.3 }, { -0.1, -0.605, 0.3 }, { 0.06, -0.63, 0.3 }, { 0.0, -0.5, 0.2 },
    { 0.8, 0.8, 0.0 },  { -0.28, 0.3, 0.0 },  { 0.28, 0.25, 0.0 },   { 0.0, -0.1, 0.3 },
  };
  enum { N = 1001 };
  const ReconPhantom *phantom = get ("shepp-logan");
  g_autofree float *pixels = g_new (float, N * N);
  float largest = 0.0f;

  recon_phantom_slice (phantom, 1, N / 2.0, 0.0, N, N, 1, pixels);

  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    {
      int c = (int) lround (points[i].x * N / 2.0 + (N - 1) / 2.0);
      int r = (int) lround (-points[i].y * N / 2.0 + (N - 1) / 2.0);

      g_assert_cmpfloat_with_epsilon ((double) pixels[r * N + c], points[i].value, 1e-6);
    }

  for (int i = 0; i < N * N; i++)
    largest = MAX (largest, pixels[i]);

  g_assert_cmpfloat (largest, ==, 1.0f);
}

/* Pixel (row, column) of the turned or flipped image @k; 0 is the image itself. */
static gsize
oriented (int k,
          int r,
          int c,
          int n)
{
  int y = (k & 1) != 0 ? n - 1 - r : r;
  int x = (k & 2) != 0 ? n - 1 - c : c;

  return (k & 4) != 0 ? (gsize) (x * n + y) : (gsize) (y * n + x);
}

/* Root mean square of the difference of two images relative to that of the first. */
static double
difference (const float *a,
            const float *b,
            int          n,
            int          orientation)
{
  double sum = 0.0;
  double norm = 0.0;

  for (int r = 0; r < n; r++)
    for (int c = 0; c < n; c++)
      {
        double value = (double) a[r * n + c];
        double d = value - (double) b[oriented (orientation, r, c, n)];

        sum += d * d;
        norm += value * value;
      }

  return sqrt (sum / norm);
}

static void
test_asymmetric (void)
{
  enum { N = 128, ROWS = 32 };
  const ReconPhantom *phantom = get ("asymmetric");
  g_autofree float *slice = g_new (float, N * N);
  g_autofree float *mirrored = g_new (float, N * N);
  float largest = 0.0f;

  recon_phantom_slice (phantom, 1, N / 2.0, 0.0, N, N, 4, slice);
  g_assert_cmpfloat (difference (slice, slice, N, 0), ==, 0.0);

  for (int k = 1; k < 8; k++)
    g_assert_cmpfloat (difference (slice, slice, N, k), >, 0.25);

  for (int i = 0; i < N * N; i++)
    largest = MAX (largest, slice[i]);

  g_assert_cmpfloat_with_epsilon (largest, 1.0f, 1e-6f);

  /* Rows at the same distance from the middle differ. */
  for (int row = 0; row < ROWS / 2; row += 5)
    {
      recon_phantom_slice (phantom, ROWS, N / 2.0, row, N, N, 2, slice);
      recon_phantom_slice (phantom, ROWS, N / 2.0, ROWS - 1 - row, N, N, 2, mirrored);

      for (int k = 0; k < 8; k++)
        g_assert_cmpfloat (difference (slice, mirrored, N, k), >, 0.1);
    }
}

/* Every hole of the foam is inside of it and touches no other. */
static void
test_foam (void)
{
  const ReconPhantom *foam = get ("foam");

  g_assert_cmpuint (foam->n, >, 500);

  for (gsize i = 1; i < foam->n; i++)
    {
      const ReconEllipsoid *e = &foam->ellipsoids[i];

      g_assert_cmpfloat (hypot (e->x, e->y) + e->a, <, foam->ellipsoids[0].a);

      for (gsize j = 1; j < i; j++)
        {
          const ReconEllipsoid *f = &foam->ellipsoids[j];

          g_assert_cmpfloat (hypot (hypot (e->x - f->x, e->y - f->y), e->z - f->z), >, e->a + f->a);
        }
    }
}

/* One column, one row, an axis far away: no access outside the line, no value that is not finite. */
static void
test_project_extremes (void)
{
  const ReconPhantom *phantom = get ("shepp-logan");
  const double axes[] = { -1e6, -0.5, 0.0, 0.5, 1e6 };

  for (gsize i = 0; i < G_N_ELEMENTS (axes); i++)
    {
      g_autofree float *line = g_new (float, 1);

      recon_phantom_project (phantom, 1, 1, 0.5, axes[i], 0.0, 0.7, line);
      g_assert_true (isfinite (line[0]));

      recon_phantom_project (phantom, 1, 1, 1e6, axes[i], 0.0, 0.7, line);
      g_assert_true (isfinite (line[0]));
    }

  {
    g_autofree float *line = g_new (float, 1);

    recon_phantom_project (phantom, 3, 1, 0.5, 0.0, 0.0, 0.0, line);
    g_assert_cmpfloat (line[0], ==, 0.0f); /* z = -2 is outside */
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/phantom/names", test_names);
  g_test_add_func ("/phantom/project/disc", test_project_disc);
  g_test_add_func ("/phantom/project/geometry", test_project_geometry);
  g_test_add_func ("/phantom/project/extremes", test_project_extremes);
  g_test_add_data_func ("/phantom/project/rays/shepp-logan", "shepp-logan", test_project_rays);
  g_test_add_data_func ("/phantom/project/rays/asymmetric", "asymmetric", test_project_rays);
  g_test_add_data_func ("/phantom/project/area/shepp-logan", "shepp-logan", test_project_area);
  g_test_add_data_func ("/phantom/project/area/asymmetric", "asymmetric", test_project_area);
  g_test_add_data_func ("/phantom/project/area/foam", "foam", test_project_area);
  g_test_add_data_func ("/phantom/slice/points/shepp-logan", "shepp-logan", test_slice_points);
  g_test_add_data_func ("/phantom/slice/points/asymmetric", "asymmetric", test_slice_points);
  g_test_add_data_func ("/phantom/slice/points/disc", "disc", test_slice_points);
  g_test_add_data_func ("/phantom/slice/points/foam", "foam", test_slice_points);
  g_test_add_func ("/phantom/shepp-logan", test_shepp_logan);
  g_test_add_func ("/phantom/asymmetric", test_asymmetric);
  g_test_add_func ("/phantom/foam", test_foam);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/phantom.h"

#include <math.h>
#include <string.h>

#include "phantom/random.h"

/* What a plane of constant z cuts out of an ellipsoid: the points (u, v) from its centre, in units of the
 * phantom, with A u² + 2 B u v + C v² <= 1. */
typedef struct
{
  double x, y;
  double A, B, C;
  double v_max;
  double value;
} Section;

/* z of a detector row, counted from 0, in units of the phantom. */
static double
row_to_z (guint  n_rows,
          double radius,
          double row)
{
  return (row - (n_rows - 1.0) / 2.0) / radius;
}

/* By how much the square of the in-plane semi-axes shrinks at @z; not positive where @z misses the ellipsoid. */
static double
shrink (const ReconEllipsoid *e,
        double                z)
{
  double t = (z - e->z) / e->c;

  return 1.0 - t * t;
}

/* The whole numbers in [low, high] that are also in [0, n); %FALSE if there are none. */
static gboolean
clip_range (double  low,
            double  high,
            guint   n,
            guint  *first,
            guint  *last)
{
  low = MAX (ceil (low), 0.0);
  high = MIN (floor (high), n - 1.0);

  if (!(low <= high))
    return FALSE;

  *first = (guint) low;
  *last = (guint) high;

  return TRUE;
}

/**
 * recon_phantom_project:
 * @phantom: a phantom
 * @n_rows: number of detector rows; their middle (n_rows − 1)/2 is at z = 0
 * @width: number of detector columns
 * @radius: number of pixels in the phantom's unit of length
 * @axis: detector column of the rotation axis; pixel centres count from 0
 * @row: detector row, counted from 0; may lie between rows
 * @angle: θ in radians
 * @line: (out caller-allocates) (array length=width): line integrals
 *
 * The exact line integrals through the phantom that the centres of a row's pixels see: the sum over the
 * ellipsoids of value × chord in pixels. A point (x, y) pixels from the axis is seen at the column
 * axis + x cos θ + y sin θ. With values per pixel, filtered backprojection with unit pixels gives back the
 * values that recon_phantom_slice() shows.
 *
 * The chord through an ellipse with semi-axes a, b at the distance s from its centre, at the angle α from the
 * a axis, is 2 a b √(A² − s²) / A² with A² = a² cos² α + b² sin² α (Kak and Slaney, Principles of Computerized
 * Tomographic Imaging, 1988, section 3.1).
 */
void
recon_phantom_project (const ReconPhantom *phantom,
                       guint               n_rows,
                       guint               width,
                       double              radius,
                       double              axis,
                       double              row,
                       double              angle,
                       float              *line)
{
  g_autofree double *sum = NULL;
  double z, cosine, sine;

  g_return_if_fail (phantom != NULL);
  g_return_if_fail (width > 0 && n_rows > 0);
  g_return_if_fail (radius > 0.0);
  g_return_if_fail (line != NULL);

  sum = g_new0 (double, width);
  z = row_to_z (n_rows, radius, row);
  cosine = cos (angle);
  sine = sin (angle);

  for (gsize i = 0; i < phantom->n; i++)
    {
      const ReconEllipsoid *e = &phantom->ellipsoids[i];
      double w = shrink (e, z);
      double p, q, square, half, centre, factor;
      guint first, last;

      if (w <= 0.0)
        continue;

      p = e->a * cos (angle - e->phi);
      q = e->b * sin (angle - e->phi);
      square = (p * p + q * q) * radius * radius;
      half = sqrt (w * square);
      centre = axis + radius * (e->x * cosine + e->y * sine);
      factor = e->value * 2.0 * e->a * e->b * radius * radius / square;

      if (!clip_range (centre - half, centre + half, width, &first, &last))
        continue;

      for (guint c = first; c <= last; c++)
        {
          double s = c - centre;
          double rest = w * square - s * s;

          /* Rounding may leave the very edge just outside. */
          sum[c] += factor * sqrt (MAX (rest, 0.0));
        }
    }

  for (guint c = 0; c < width; c++)
    line[c] = (float) sum[c];
}

static GArray *
cut_phantom (const ReconPhantom *phantom,
             double              z)
{
  GArray *sections = g_array_new (FALSE, FALSE, sizeof (Section));

  for (gsize i = 0; i < phantom->n; i++)
    {
      const ReconEllipsoid *e = &phantom->ellipsoids[i];
      double w = shrink (e, z);
      double cosine = cos (e->phi);
      double sine = sin (e->phi);
      double a2 = e->a * e->a * w;
      double b2 = e->b * e->b * w;
      Section section;

      if (w <= 0.0)
        continue;

      section.x = e->x;
      section.y = e->y;
      section.A = cosine * cosine / a2 + sine * sine / b2;
      section.B = cosine * sine * (1.0 / a2 - 1.0 / b2);
      section.C = sine * sine / a2 + cosine * cosine / b2;
      section.v_max = sqrt (a2 * sine * sine + b2 * cosine * cosine);
      section.value = e->value;
      g_array_append_val (sections, section);
    }

  return sections;
}

/* Counts the sample points of one line (@y) inside a section, as differences between neighbouring pixels:
 * the running sum of @steps is the count in each pixel. Sample j of a line is at the column
 * (j + 1/2)/samples − 1/2. */
static gboolean
count_line (const Section *section,
            double         y,
            double         radius,
            guint          width,
            guint          samples,
            int           *steps,
            guint         *first_pixel,
            guint         *last_pixel)
{
  double v = y - section->y;
  double square = section->B * section->B * v * v - section->A * (section->C * v * v - 1.0);
  double middle, half;
  guint first, last, p, q;
  int head, tail;

  if (square < 0.0)
    return FALSE;

  middle = samples * (radius * (section->x - section->B * v / section->A) + width / 2.0) - 0.5;
  half = samples * radius * sqrt (square) / section->A;

  if (!clip_range (middle - half, middle + half, width * samples, &first, &last))
    return FALSE;

  p = first / samples;
  q = last / samples;
  head = (int) ((p + 1) * samples - first);
  tail = (int) (last + 1 - q * samples);

  /* Pixels p … q get `samples` each, less what is missing in the first and in the last one. */
  steps[p] += head;
  steps[p + 1] += (int) samples - head;
  steps[q] += tail - (int) samples;
  steps[q + 1] -= tail;

  *first_pixel = MIN (*first_pixel, p);
  *last_pixel = MAX (*last_pixel, q);

  return TRUE;
}

/* Adds a section to one line of pixels; @steps (width + 1) is 0 before and after. */
static void
add_section (const Section *section,
             guint          r,
             double         radius,
             guint          width,
             guint          height,
             guint          samples,
             int           *steps,
             double        *sum)
{
  guint first = G_MAXUINT;
  guint last = 0;
  int count = 0;

  for (guint i = 0; i < samples; i++)
    {
      double y = (r + (i + 0.5) / samples - height / 2.0) / radius;

      if (fabs (y - section->y) <= section->v_max)
        count_line (section, y, radius, width, samples, steps, &first, &last);
    }

  if (first > last)
    return;

  for (guint c = first; c <= last; c++)
    {
      count += steps[c];
      steps[c] = 0;
      sum[c] += section->value * count / ((double) samples * samples);
    }

  steps[last + 1] = 0;
}

/**
 * recon_phantom_slice:
 * @phantom: a phantom
 * @n_rows: number of detector rows; their middle (n_rows − 1)/2 is at z = 0
 * @radius: number of pixels in the phantom's unit of length
 * @row: detector row of the slice, counted from 0; may lie between rows
 * @width: columns of the slice
 * @height: rows of the slice
 * @supersampling: number of sample points in a pixel along x and along y
 * @pixels: (out caller-allocates): height × width values, the first row first
 *
 * The values of the phantom on the plane of a detector row, averaged over each pixel's
 * supersampling × supersampling points in the plane (not along z). Pixel (row r, column c) lies at
 * x = c − (width − 1)/2, y = r − (height − 1)/2 pixels from the rotation axis, so y grows downwards.
 */
void
recon_phantom_slice (const ReconPhantom *phantom,
                     guint               n_rows,
                     double              radius,
                     double              row,
                     guint               width,
                     guint               height,
                     guint               supersampling,
                     float              *pixels)
{
  g_autoptr (GArray) sections = NULL;
  g_autofree int *steps = NULL;
  g_autofree double *sum = NULL;

  g_return_if_fail (phantom != NULL);
  g_return_if_fail (width > 0 && height > 0 && n_rows > 0);
  g_return_if_fail (radius > 0.0);
  g_return_if_fail (supersampling > 0 && width < G_MAXINT / supersampling);
  g_return_if_fail (pixels != NULL);

  sections = cut_phantom (phantom, row_to_z (n_rows, radius, row));
  steps = g_new0 (int, (gsize) width + 1);
  sum = g_new (double, width);

  for (guint r = 0; r < height; r++)
    {
      float *out = pixels + (gsize) r * width;

      for (guint c = 0; c < width; c++)
        sum[c] = 0.0;

      for (guint i = 0; i < sections->len; i++)
        add_section (&g_array_index (sections, Section, i), r, radius, width, height, supersampling, steps, sum);

      for (guint c = 0; c < width; c++)
        out[c] = (float) sum[c];
    }
}

#define DEGREES (G_PI / 180.0)

/* The head of Shepp and Logan (IEEE Trans. Nucl. Sci. 21, 1974) with Toft's contrast (The Radon Transform,
 * thesis, 1996). Published tables have y growing upwards; with y growing downwards, as here, y and phi change
 * their sign, and a picture of the slice looks as it does in the literature: the large ellipse above the
 * middle, the three small ones below it. Semi-axes along z are those of the common 3-D version (Kak and
 * Slaney), but all centres lie on z = 0, so that the plane z = 0 is exactly the 2-D phantom. Its largest value
 * is 1. */
static const ReconEllipsoid shepp_logan[] = {
  {  0.00,  0.0000, 0, 0.6900, 0.920, 0.810,              0,  1.0 },
  {  0.00,  0.0184, 0, 0.6624, 0.874, 0.780,              0, -0.8 },
  {  0.22,  0.0000, 0, 0.1100, 0.310, 0.220,  18 * DEGREES, -0.2 },
  { -0.22,  0.0000, 0, 0.1600, 0.410, 0.280, -18 * DEGREES, -0.2 },
  {  0.00, -0.3500, 0, 0.2100, 0.250, 0.410,              0,  0.1 },
  {  0.00, -0.1000, 0, 0.0460, 0.046, 0.050,              0,  0.1 },
  {  0.00,  0.1000, 0, 0.0460, 0.046, 0.050,              0,  0.1 },
  { -0.08,  0.6050, 0, 0.0460, 0.023, 0.050,              0,  0.1 },
  {  0.00,  0.6060, 0, 0.0230, 0.023, 0.020,              0,  0.1 },
  {  0.06,  0.6050, 0, 0.0230, 0.046, 0.020,              0,  0.1 },
};

/* No flip, quarter turn or transposition of it, along any axis, looks like itself; the small balls show a
 * reversed z even where the detector has a few rows only. */
static const ReconEllipsoid asymmetric[] = {
  {  0.05,  0.02,  0.00, 0.80, 0.68, 1.50, 12 * DEGREES,  0.30 },
  {  0.38, -0.28,  0.30, 0.22, 0.15, 0.60, 25 * DEGREES,  0.50 },
  { -0.35, -0.20, -0.40, 0.12, 0.30, 0.70, 35 * DEGREES, -0.30 },
  { -0.25,  0.35,  0.10, 0.16, 0.10, 0.40,            0,  0.70 },
  {  0.45,  0.22, -0.05, 0.08, 0.08, 0.08,            0,  0.60 },
  {  0.10,  0.05,  0.03, 0.06, 0.12, 0.05, 60 * DEGREES,  0.40 },
  {  0.05, -0.45, -0.02, 0.05, 0.05, 0.04,            0,  0.70 },
};

static const ReconEllipsoid disc[] = {
  { 0, 0, 0, 0.8, 0.8, INFINITY, 0, 1 },
};

#define FOAM_HOLES 900
#define FOAM_RADIUS 0.9

static gboolean
overlaps (const ReconEllipsoid *holes,
          gsize                 n,
          const ReconEllipsoid *hole)
{
  for (gsize i = 0; i < n; i++)
    {
      double dx = holes[i].x - hole->x;
      double dy = holes[i].y - hole->y;
      double dz = holes[i].z - hole->z;
      double reach = holes[i].a + hole->a;

      if (dx * dx + dy * dy + dz * dz < reach * reach)
        return TRUE;
    }

  return FALSE;
}

/* A cylinder full of bubbles that do not touch, with |z| <= 1. They fill a tenth of it, so that a place for
 * each is found soon. */
static const ReconPhantom *
get_foam (void)
{
  static ReconEllipsoid ellipsoids[1 + FOAM_HOLES];
  static const ReconPhantom foam = { "foam", ellipsoids, G_N_ELEMENTS (ellipsoids) };
  static gsize made = 0;

  if (g_once_init_enter (&made))
    {
      ReconRandom random;
      gsize n = 0;

      recon_random_init (&random, 1, 0, 0);
      ellipsoids[0] = (ReconEllipsoid) { 0, 0, 0, FOAM_RADIUS, FOAM_RADIUS, INFINITY, 0, 1 };

      while (n < FOAM_HOLES)
        {
          double r = 0.02 + 0.07 * pow (recon_random_uniform (&random), 2.0);
          double x = 2.0 * recon_random_uniform (&random) - 1.0;
          double y = 2.0 * recon_random_uniform (&random) - 1.0;
          double z = 2.0 * recon_random_uniform (&random) - 1.0;
          ReconEllipsoid hole = { x, y, z, r, r, r, 0, -1 };

          if (hypot (x, y) + r < FOAM_RADIUS - 0.02 && !overlaps (ellipsoids + 1, n, &hole))
            ellipsoids[1 + n++] = hole;
        }

      g_once_init_leave (&made, 1);
    }

  return &foam;
}

/**
 * recon_phantom_find:
 * @name: one of recon_phantom_names()
 *
 * `shepp-logan` is the 3-D modified head, `asymmetric` shows every flip, `disc` is a cylinder of radius 0.8 and
 * value 1, `foam` a cylinder of radius 0.9 and value 1 with spherical holes.
 *
 * Returns: (transfer none) (nullable): the phantom, or %NULL if there is none of that name
 */
const ReconPhantom *
recon_phantom_find (const char *name)
{
  static const ReconPhantom phantoms[] = {
    { "shepp-logan", shepp_logan, G_N_ELEMENTS (shepp_logan) },
    { "asymmetric", asymmetric, G_N_ELEMENTS (asymmetric) },
    { "disc", disc, G_N_ELEMENTS (disc) },
  };

  g_return_val_if_fail (name != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (phantoms); i++)
    if (strcmp (name, phantoms[i].name) == 0)
      return &phantoms[i];

  return strcmp (name, "foam") == 0 ? get_foam () : NULL;
}

/**
 * recon_phantom_names:
 *
 * Returns: (transfer none) (array zero-terminated=1): the names of the phantoms
 */
const char *const *
recon_phantom_names (void)
{
  static const char *const names[] = { "shepp-logan", "asymmetric", "disc", "foam", NULL };

  return names;
}

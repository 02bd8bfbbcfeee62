/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/phantom.h"

#include <math.h>
#include <string.h>

#include "phantom/random.h"

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

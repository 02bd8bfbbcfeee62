/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An ellipsoid of constant attenuation, added to what it overlaps. Lengths are in units of half the
 * reference width: the inscribed cylinder of the field of view has radius 1. x grows with the column, y with
 * the row of a slice, z with the detector row; phi turns the ellipsoid about z, from x towards y. */
typedef struct
{
  double x, y, z;    /* centre; z = 0 is the middle of the detector's rows */
  double a, b, c;    /* semi-axes; c may be INFINITY, which makes a cylinder */
  double phi;        /* radians */
  double value;      /* added attenuation, per pixel */
} ReconEllipsoid;

typedef struct
{
  const char           *name;
  const ReconEllipsoid *ellipsoids;
  gsize                 n;
} ReconPhantom;

const ReconPhantom *recon_phantom_find   (const char         *name);
const char *const  *recon_phantom_names  (void);

void                recon_phantom_project (const ReconPhantom *phantom,
                                           guint               n_rows,
                                           guint               width,
                                           double              radius,
                                           double              axis,
                                           double              row,
                                           double              angle,
                                           float              *line);
void                recon_phantom_slice   (const ReconPhantom *phantom,
                                           guint               n_rows,
                                           double              radius,
                                           double              row,
                                           guint               width,
                                           guint               height,
                                           guint               supersampling,
                                           float              *pixels);


G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A stream of pseudo-random numbers, the same on every machine. Not for secrets. */
typedef struct
{
  guint64 state;
  guint64 increment;
  double  spare; /* second normal deviate of a pair, NaN if used up */
} ReconRandom;

void    recon_random_init    (ReconRandom *self,
                              guint64      seed,
                              guint64      stream,
                              guint64      index);
double  recon_random_uniform (ReconRandom *self);
guint   recon_random_below   (ReconRandom *self,
                              guint        n);
double  recon_random_normal  (ReconRandom *self);
double  recon_random_poisson (ReconRandom *self,
                              double       mean);

G_END_DECLS

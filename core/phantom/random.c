/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom/random.h"

#include <math.h>

/* Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014: a bijection in which
 * each bit of the result depends on every bit of @x. */
static guint64
mix (guint64 x)
{
  x += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);

  return x ^ (x >> 31);
}

/* 32 random bits, from PCG-XSH-RR (O'Neill, PCG: a family of simple fast space-efficient statistically good algorithms
 * for random number generation, 2014). */
static guint32
next_bits (ReconRandom *self)
{
  guint64 old = self->state;
  guint32 shifted = (guint32) (((old >> 18) ^ old) >> 27);
  guint turn = (guint) (old >> 59);

  self->state = old * G_GUINT64_CONSTANT (6364136223846793005) + self->increment;

  return (shifted >> turn) | (shifted << ((32 - turn) & 31));
}

/**
 * recon_random_init:
 * @self: (out caller-allocates): the generator
 * @seed: chosen by the user
 * @stream: what the numbers are for
 * @index: which of these, such as a frame's number
 *
 * Starts a sequence that depends on nothing but the three numbers, so that frames can be made in any order
 * and by any thread.
 */
void
recon_random_init (ReconRandom *self,
                   guint64      seed,
                   guint64      stream,
                   guint64      index)
{
  guint64 key = mix (mix (mix (seed) ^ stream) ^ index);

  self->increment = mix (key) | 1;
  self->state = key + self->increment;
  self->spare = NAN;
  next_bits (self);
}

/**
 * recon_random_uniform:
 * @self: a generator
 *
 * Returns: a number between 0 and 1, never one of these
 */
double
recon_random_uniform (ReconRandom *self)
{
  return (next_bits (self) + 0.5) / 4294967296.0;
}

/**
 * recon_random_below:
 * @self: a generator
 * @n: at least 1
 *
 * Returns: a whole number from 0 to @n − 1
 */
guint
recon_random_below (ReconRandom *self,
                    guint        n)
{
  return (guint) (((guint64) next_bits (self) * n) >> 32);
}

/**
 * recon_random_normal:
 * @self: a generator
 *
 * Returns: a normal deviate of mean 0 and variance 1, by Marsaglia's polar method
 */
double
recon_random_normal (ReconRandom *self)
{
  double x, y, square, factor;

  if (!isnan (self->spare))
    {
      x = self->spare;
      self->spare = NAN;
      return x;
    }

  do
    {
      x = 2.0 * recon_random_uniform (self) - 1.0;
      y = 2.0 * recon_random_uniform (self) - 1.0;
      square = x * x + y * y;
    }
  while (square >= 1.0 || square <= 0.0);

  factor = sqrt (-2.0 * log (square) / square);
  self->spare = y * factor;

  return x * factor;
}

/* log k!, by Stirling's series where its error is below 1e-9. */
static double
log_factorial (double k)
{
  double sum = 0.0;

  if (k >= 10.0)
    return (k + 0.5) * log (k) - k + 0.91893853320467274178 + (1.0 / 12.0 - 1.0 / (360.0 * k * k)) / k;

  for (double i = 2.0; i <= k; i += 1.0)
    sum += log (i);

  return sum;
}

/* PTRS of Hörmann, The transformed rejection method for generating Poisson random variables, Insurance:
 * Mathematics and Economics 12 (1993) 39–45; for means of at least 10. */
static double
poisson_rejection (ReconRandom *self,
                   double       mean)
{
  double b = 0.931 + 2.53 * sqrt (mean);
  double a = -0.059 + 0.02483 * b;
  double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  double squeeze = 0.9277 - 3.6224 / (b - 2.0);

  for (;;)
    {
      double u = recon_random_uniform (self) - 0.5;
      double v = recon_random_uniform (self);
      double us = 0.5 - fabs (u);
      double k = floor ((2.0 * a / us + b) * u + mean + 0.43);

      if (us >= 0.07 && v <= squeeze)
        return k;

      if (k < 0.0 || (us < 0.013 && v > us))
        continue;

      if (log (v * inverse_alpha / (a / (us * us) + b)) <= k * log (mean) - mean - log_factorial (k))
        return k;
    }
}

/**
 * recon_random_poisson:
 * @self: a generator
 * @mean: at least 0
 *
 * Returns: a whole number from the Poisson distribution
 */
double
recon_random_poisson (ReconRandom *self,
                      double       mean)
{
  double limit, product;
  double k = 0.0;

  if (mean >= 10.0)
    return poisson_rejection (self, mean);

  if (!(mean > 0.0))
    return 0.0;

  /* Knuth, The Art of Computer Programming 2, section 3.4.1. */
  limit = exp (-mean);
  product = recon_random_uniform (self);

  while (product > limit)
    {
      product *= recon_random_uniform (self);
      k += 1.0;
    }

  return k;
}

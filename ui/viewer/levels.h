/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The values that become the first and the last colour. low < high, both finite. */
typedef struct
{
  double low;
  double high;
} ReconLevels;

void     recon_levels_set       (ReconLevels       *self,
                                 double             low,
                                 double             high);
void     recon_levels_drag      (ReconLevels       *self,
                                 double             right,
                                 double             up);
void     recon_levels_to_floats (const ReconLevels *self,
                                 float             *low,
                                 float             *scale);
gboolean recon_levels_equal     (const ReconLevels *a,
                                 const ReconLevels *b);

/* The number of the colour, 0 to 255, of a value that is not NaN. */
static inline guint
recon_levels_index (float low,
                    float scale,
                    float value)
{
  float t = (value - low) * scale;

  return (guint) (CLAMP (t, 0.0f, 1.0f) * 255.0f + 0.5f);
}

G_END_DECLS

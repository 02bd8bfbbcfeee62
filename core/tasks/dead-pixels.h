/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More than the light of the flat by far: noise and bright edges stay below. Kernels know this number. */
#define RECON_MOST_TRANSMISSION 10

/* Why a pixel of a detector row can't be used. */
typedef enum
{
  RECON_PIXEL_USABLE,
  RECON_PIXEL_NO_FLAT, /* of the references: the flat is not above the dark, no number, or far from its neighbours */
  RECON_PIXEL_NO_DATA, /* of the projections: impossible values in nearly all of them */
} ReconPixelState;

/* A pixel that gets its values from the nearest usable ones in its row. Kernels know this structure. */
typedef struct
{
  guint32 slice;
  guint32 column;
  guint32 left;   /* columns; both the same beyond the outermost usable one */
  guint32 right;
  float   weight; /* of the right one */
} ReconPixelBridge;

guint   recon_dead_pixels_mark_flats  (const float *dark,
                                       const float *flat,
                                       double       dark_scale,
                                       guint        width,
                                       guint8      *states);
guint   recon_dead_pixels_mark_data   (const guint *n_impossible,
                                       const guint *n_odd,
                                       guint        n_angles,
                                       guint        width,
                                       guint8      *states);
guint   recon_dead_pixels_add_bridges (const guint8 *states,
                                       guint         slice,
                                       guint         width,
                                       GArray       *bridges);

G_END_DECLS

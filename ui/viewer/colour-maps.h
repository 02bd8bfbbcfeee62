/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RECON_COLOUR_MAP_GREY,
  RECON_COLOUR_MAP_INVERTED,
  RECON_COLOUR_MAP_VIRIDIS,
  RECON_COLOUR_MAP_MAGMA,
  RECON_COLOUR_MAP_DIVERGING,
} ReconColourMap;

#define RECON_N_COLOUR_MAPS (RECON_COLOUR_MAP_DIVERGING + 1)
#define RECON_COLOUR_MAP_SIZE 256

/* No map has these: what has no value, and what lies round the image. The latter is the same on light and dark
 * desktops, because it is what one judges brightness by. */
#define RECON_COLOUR_NAN 0x00e5ffu
#define RECON_COLOUR_GROUND 0x3a3a3cu

/* 0xRRGGBB. */
const guint32 *recon_colour_map_get_table (ReconColourMap  self);
const char    *recon_colour_map_get_id    (ReconColourMap  self);
const char    *recon_colour_map_get_name  (ReconColourMap  self);
gboolean       recon_colour_map_from_id   (const char     *id,
                                           ReconColourMap *map);

G_END_DECLS

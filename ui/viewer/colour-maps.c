/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/colour-maps.h"

#include <glib/gi18n.h>

/* Every fifth colour of viridis and magma, by Nathaniel Smith, Stefan van der Walt and (viridis) Eric Firing, as
 * dedicated to the public domain (CC0) and shipped with matplotlib. Between them lines come within one 255th. */
static const guint32 viridis[] = {
  0x440154, 0x46085c, 0x471063, 0x481769, 0x481d6f, 0x482475, 0x472a7a, 0x46307e, 0x453781, 0x433d84,
  0x414287, 0x3f4889, 0x3d4e8a, 0x3a538b, 0x38598c, 0x355e8d, 0x33638d, 0x31688e, 0x2e6d8e, 0x2c718e,
  0x2a768e, 0x297b8e, 0x27808e, 0x25848e, 0x23898e, 0x218e8d, 0x20928c, 0x1f978b, 0x1e9c89, 0x1fa188,
  0x21a585, 0x24aa83, 0x28ae80, 0x2eb37c, 0x35b779, 0x3dbc74, 0x46c06f, 0x50c46a, 0x5ac864, 0x65cb5e,
  0x70cf57, 0x7cd250, 0x89d548, 0x95d840, 0xa2da37, 0xb0dd2f, 0xbddf26, 0xcae11f, 0xd8e219, 0xe5e419,
  0xf1e51d, 0xfde725,
};

static const guint32 magma[] = {
  0x000004, 0x02020b, 0x050416, 0x090720, 0x0e0b2b, 0x140e36, 0x1a1042, 0x21114e, 0x29115a, 0x311165,
  0x390f6e, 0x420f75, 0x4a1079, 0x52137c, 0x5a167e, 0x621980, 0x6a1c81, 0x721f81, 0x792282, 0x812581,
  0x892881, 0x912b81, 0x992d80, 0xa1307e, 0xaa337d, 0xb2357b, 0xba3878, 0xc23b75, 0xca3e72, 0xd2426f,
  0xd9466b, 0xe04c67, 0xe75263, 0xec5860, 0xf1605d, 0xf4695c, 0xf7725c, 0xf97b5d, 0xfb8560, 0xfc8e64,
  0xfd9869, 0xfea16e, 0xfeaa74, 0xfeb47b, 0xfebd82, 0xfec68a, 0xfecf92, 0xfed89a, 0xfde2a3, 0xfdebac,
  0xfcf4b6, 0xfcfdbf,
};

/* Cool to warm: K. Moreland, Diverging Color Maps for Scientific Visualization (2009), from (59, 76, 192) over
 * (221, 221, 221) to (180, 4, 38), computed by the formulas there at 33 places. */
static const guint32 diverging[] = {
  0x3b4cc0, 0x445acc, 0x4e68d7, 0x5875e1, 0x6282ea, 0x6c8ef1, 0x779af7, 0x82a5fb, 0x8db0fe, 0x98b9ff,
  0xa3c2ff, 0xaec9fd, 0xb8d0f9, 0xc2d5f4, 0xccd9ee, 0xd5dbe6, 0xdddddd, 0xe5d8d1, 0xecd3c6, 0xf1ccb9,
  0xf5c4ad, 0xf7bba0, 0xf7b194, 0xf7a687, 0xf49a7b, 0xf18d6f, 0xec7f63, 0xe57057, 0xde614c, 0xd55042,
  0xcb3e38, 0xc0282f, 0xb40426,
};

static const guint32 grey[] = { 0x000000, 0xffffff };
static const guint32 inverted[] = { 0xffffff, 0x000000 };

typedef struct
{
  const char    *id;
  const char    *name;
  const guint32 *knots;
  guint          n_knots;
} Map;

static const Map maps[RECON_N_COLOUR_MAPS] = {
  [RECON_COLOUR_MAP_GREY] = { "grey", N_ ("Grey"), grey, G_N_ELEMENTS (grey) },
  [RECON_COLOUR_MAP_INVERTED] = { "inverted", N_ ("Inverted Grey"), inverted, G_N_ELEMENTS (inverted) },
  [RECON_COLOUR_MAP_VIRIDIS] = { "viridis", N_ ("Viridis"), viridis, G_N_ELEMENTS (viridis) },
  [RECON_COLOUR_MAP_MAGMA] = { "magma", N_ ("Magma"), magma, G_N_ELEMENTS (magma) },
  [RECON_COLOUR_MAP_DIVERGING] = { "diverging", N_ ("Blue to Red"), diverging, G_N_ELEMENTS (diverging) },
};

static guint32
interpolate (const Map *map,
             guint      index)
{
  guint position = index * (map->n_knots - 1);
  guint last = RECON_COLOUR_MAP_SIZE - 1;
  guint knot = position / last, part = position % last;
  guint32 a = map->knots[knot];
  guint32 b = map->knots[MIN (knot + 1, map->n_knots - 1)];
  guint32 colour = 0;

  for (guint shift = 0; shift < 24; shift += 8)
    colour |= (((a >> shift & 0xff) * (last - part) + (b >> shift & 0xff) * part + last / 2) / last) << shift;

  return colour;
}

/**
 * recon_colour_map_get_table:
 * @self: a colour map
 *
 * Returns: (array fixed-size=256): its colours as 0xRRGGBB
 */
const guint32 *
recon_colour_map_get_table (ReconColourMap self)
{
  static gsize made = 0;
  static guint32 tables[RECON_N_COLOUR_MAPS][RECON_COLOUR_MAP_SIZE];

  g_return_val_if_fail ((guint) self < RECON_N_COLOUR_MAPS, NULL);

  if (g_once_init_enter (&made))
    {
      for (guint map = 0; map < RECON_N_COLOUR_MAPS; map++)
        for (guint i = 0; i < RECON_COLOUR_MAP_SIZE; i++)
          tables[map][i] = interpolate (&maps[map], i);
      g_once_init_leave (&made, 1);
    }

  return tables[self];
}

/**
 * recon_colour_map_get_id:
 * @self: a colour map
 *
 * Returns: its name in settings and actions
 */
const char *
recon_colour_map_get_id (ReconColourMap self)
{
  g_return_val_if_fail ((guint) self < RECON_N_COLOUR_MAPS, NULL);

  return maps[self].id;
}

/**
 * recon_colour_map_get_name:
 * @self: a colour map
 *
 * Returns: its name for users
 */
const char *
recon_colour_map_get_name (ReconColourMap self)
{
  g_return_val_if_fail ((guint) self < RECON_N_COLOUR_MAPS, NULL);

  return _ (maps[self].name);
}

/**
 * recon_colour_map_from_id:
 * @id: (nullable): a name
 * @map: (out): the map of this name
 *
 * Returns: whether there is one
 */
gboolean
recon_colour_map_from_id (const char     *id,
                          ReconColourMap *map)
{
  for (guint i = 0; i < RECON_N_COLOUR_MAPS; i++)
    {
      if (g_strcmp0 (id, maps[i].id) != 0)
        continue;

      *map = i;
      return TRUE;
    }

  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/image-source.h"

#include <glib/gi18n.h>

static const struct
{
  const char *word;
  const char *title;
  const char *label; /* of the menu, with a letter for its key */
  const char *item;  /* one of its images; the number follows */
} sources[RECON_N_SOURCES] = {
  [RECON_SOURCE_PROJECTION] = { "projection", N_ ("Projection"), N_ ("_Projection"), N_ ("Projection") },
  [RECON_SOURCE_CORRECTED] = { "corrected", N_ ("Corrected Projection"), N_ ("_Corrected Projection"),
                               N_ ("Corrected projection") },
  [RECON_SOURCE_SINOGRAM] = { "sinogram", N_ ("Sinogram"), N_ ("S_inogram"), N_ ("Sinogram") },
  [RECON_SOURCE_SLICE] = { "slice", N_ ("Slice Preview"), N_ ("_Slice Preview"), N_ ("Slice") },
  [RECON_SOURCE_DARK] = { "dark", N_ ("Dark"), N_ ("_Dark"), N_ ("Dark") },
  [RECON_SOURCE_FLAT] = { "flat", N_ ("Flat"), N_ ("_Flat"), N_ ("Flat") },
  [RECON_SOURCE_FLAT_AFTER] = { "flat-after", N_ ("Last Flat"), N_ ("_Last Flat"), N_ ("Last flat") },
  [RECON_SOURCE_RESULT] = { "result", N_ ("Result"), N_ ("_Result"), N_ ("Slice") },
};

/**
 * recon_image_source_get_word:
 * @self: a source
 *
 * Returns: its name in actions
 */
const char *
recon_image_source_get_word (ReconImageSource self)
{
  return sources[self].word;
}

const char *
recon_image_source_get_title (ReconImageSource self)
{
  return _ (sources[self].title);
}

/**
 * recon_image_source_get_label:
 * @self: a source
 *
 * Returns: its title in a menu, with an underlined letter
 */
const char *
recon_image_source_get_label (ReconImageSource self)
{
  return _ (sources[self].label);
}

/**
 * recon_image_source_get_item:
 * @self: a source
 *
 * Returns: what one of its images is called, such as "Slice"
 */
const char *
recon_image_source_get_item (ReconImageSource self)
{
  return _ (sources[self].item);
}

gboolean
recon_image_source_from_word (const char       *word,
                              ReconImageSource *source)
{
  for (guint i = 0; i < RECON_N_SOURCES; i++)
    {
      if (g_strcmp0 (word, sources[i].word) == 0)
        {
          *source = i;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * recon_image_source_has_slices:
 * @self: a source
 *
 * Returns: whether its images are counted by slices; otherwise by projections
 */
gboolean
recon_image_source_has_slices (ReconImageSource self)
{
  return self == RECON_SOURCE_SINOGRAM || self == RECON_SOURCE_SLICE || self == RECON_SOURCE_RESULT;
}

/**
 * recon_image_source_is_single:
 * @self: a source
 *
 * Returns: whether it has one image only
 */
gboolean
recon_image_source_is_single (ReconImageSource self)
{
  return self >= RECON_SOURCE_DARK && self <= RECON_SOURCE_FLAT_AFTER;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/image-choice.h"

#include <glib/gi18n.h>

void
recon_image_choice_clear (ReconImageChoice *self)
{
  g_clear_pointer (&self->resolved, g_variant_unref);
}

/**
 * recon_image_choice_start:
 * @self: a choice
 *
 * Another scan is looked at: nothing is known of it, and nobody has chosen one of its images.
 */
void
recon_image_choice_start (ReconImageChoice *self)
{
  recon_image_choice_clear (self);
  self->chosen = FALSE;
  for (guint i = 0; i < RECON_SOURCE_RESULT; i++)
    self->index[i] = self->n_images[i] = 0;
}

/**
 * recon_image_choice_get_n_images:
 * @self: a choice
 *
 * Returns: how many images the source has, or 0 while that is not known
 */
guint
recon_image_choice_get_n_images (const ReconImageChoice *self)
{
  guint n = self->n_images[self->source];

  if (recon_image_source_is_single (self->source))
    return 1;
  if (self->resolved == NULL || self->source == RECON_SOURCE_RESULT)
    return n;

  g_variant_lookup (self->resolved, recon_image_source_has_slices (self->source) ? "n-slices" : "n-angles", "u", &n);

  return n;
}

guint
recon_image_choice_get_index (const ReconImageChoice *self)
{
  return self->index[self->source];
}

/**
 * recon_image_choice_set_index:
 * @self: a choice
 * @index: of an image, from 0; one beyond the last is the last
 *
 * Returns: whether that is another one than before
 */
gboolean
recon_image_choice_set_index (ReconImageChoice *self,
                              guint             index)
{
  guint n = recon_image_choice_get_n_images (self);

  if (n > 0)
    index = MIN (index, n - 1);
  if (index == self->index[self->source])
    return FALSE;

  /* Preview and result of a slice are looked at in turn: they stay at the same one. */
  for (guint i = 0; i < RECON_N_SOURCES; i++)
    {
      if (recon_image_source_has_slices (i) == recon_image_source_has_slices (self->source) &&
          !recon_image_source_is_single (i))
        self->index[i] = index;
    }

  return TRUE;
}

/**
 * recon_image_choice_choose:
 * @self: a choice
 * @index: of the image that the user wants to see
 *
 * Returns: whether that is another one than before
 */
gboolean
recon_image_choice_choose (ReconImageChoice *self,
                           guint             index)
{
  if (recon_image_source_has_slices (self->source))
    self->chosen = TRUE;

  return recon_image_choice_set_index (self, index);
}

/**
 * recon_image_choice_get_wanted:
 * @self: a choice
 *
 * Returns: the index of the image to ask for: as long as nobody has chosen a slice, that in the middle, because the
 *   first ones often show nothing but air
 */
guint
recon_image_choice_get_wanted (const ReconImageChoice *self)
{
  if (recon_image_source_has_slices (self->source) && self->source != RECON_SOURCE_RESULT && !self->chosen)
    return RECON_PREVIEW_MIDDLE;

  return recon_image_choice_get_index (self);
}

/**
 * recon_image_choice_get_refusal:
 * @self: a choice
 * @source: what might be looked at
 *
 * Returns: (nullable): why there is nothing of that, in a few words
 */
const char *
recon_image_choice_get_refusal (const ReconImageChoice *self,
                                ReconImageSource        source)
{
  gboolean correct = TRUE, has_darks = TRUE, has_flats_after = TRUE;

  if (source == RECON_SOURCE_RESULT)
    {
      const char *earlier;

      if (self->has_result ||
          (self->resolved != NULL && g_variant_lookup (self->resolved, "output-exists", "&s", &earlier)))
        return NULL;

      return self->is_running ? _ ("no slice is finished yet") : _ ("nothing is reconstructed yet");
    }
  if (!recon_image_source_is_single (source) || self->resolved == NULL)
    return NULL;

  g_variant_lookup (self->resolved, "correct", "b", &correct);
  g_variant_lookup (self->resolved, "has-darks", "b", &has_darks);
  g_variant_lookup (self->resolved, "has-flats-after", "b", &has_flats_after);
  if (!correct)
    return _ ("the scan is not corrected");
  if (source == RECON_SOURCE_DARK && !has_darks)
    return _ ("the scan has none");
  if (source == RECON_SOURCE_FLAT_AFTER && !has_flats_after)
    return _ ("the scan has none");

  return NULL;
}

/**
 * recon_image_choice_clamp:
 * @self: a choice
 *
 * Goes back to the last image where the source has become shorter.
 */
void
recon_image_choice_clamp (ReconImageChoice *self)
{
  guint n = recon_image_choice_get_n_images (self);

  if (n > 0 && self->index[self->source] >= n)
    self->index[self->source] = n - 1;
}

/**
 * recon_image_choice_set_resolved:
 * @self: a choice
 * @resolved: (nullable): what the worker says of the configuration
 *
 * Tells how many images there are, and with that which slice is in the middle.
 */
void
recon_image_choice_set_resolved (ReconImageChoice *self,
                                 GVariant         *resolved)
{
  guint n_slices;

  if (resolved != NULL)
    g_variant_ref (resolved);
  g_clear_pointer (&self->resolved, g_variant_unref);
  self->resolved = resolved;

  if (resolved == NULL || self->chosen || !g_variant_lookup (resolved, "n-slices", "u", &n_slices))
    return;

  self->index[RECON_SOURCE_SINOGRAM] = self->index[RECON_SOURCE_SLICE] = n_slices / 2;
  if (!self->has_run)
    self->index[RECON_SOURCE_RESULT] = n_slices / 2;
}

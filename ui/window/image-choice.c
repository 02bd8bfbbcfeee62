/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/image-choice.h"

void
recon_image_choice_clear (ReconImageChoice *self)
{
  g_clear_pointer (&self->resolved, g_variant_unref);
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
      if (recon_image_source_has_slices (i) == recon_image_source_has_slices (self->source))
        self->index[i] = index;
    }

  return TRUE;
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

void
recon_image_choice_set_resolved (ReconImageChoice *self,
                                 GVariant         *resolved)
{
  if (resolved != NULL)
    g_variant_ref (resolved);
  g_clear_pointer (&self->resolved, g_variant_unref);
  self->resolved = resolved;
}

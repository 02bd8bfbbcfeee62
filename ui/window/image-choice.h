/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "window/image-source.h"

G_BEGIN_DECLS

/* Which image is looked at: of every source one, so that a source shows again what it showed before. To be set to
 * zeros first. */
typedef struct
{
  ReconImageSource  source;
  guint             index[RECON_N_SOURCES];
  guint             n_images[RECON_N_SOURCES]; /* as the last image said; 0 while unknown */
  GVariant         *resolved; /* (nullable): what the worker says of the configuration */
  gboolean          chosen;   /* a slice has been, so that it is no longer the one in the middle */
  gboolean          has_run;  /* whose slices are the result */
  gboolean          is_running; /* it goes on */
  gboolean          has_result; /* slices of that run or of one before can be looked at */
} ReconImageChoice;

void     recon_image_choice_clear        (ReconImageChoice       *self);
void     recon_image_choice_start        (ReconImageChoice       *self);
guint    recon_image_choice_get_n_images (const ReconImageChoice *self);
guint    recon_image_choice_get_index    (const ReconImageChoice *self);
gboolean recon_image_choice_set_index    (ReconImageChoice       *self,
                                          guint                   index);
gboolean recon_image_choice_choose       (ReconImageChoice       *self,
                                          guint                   index);
guint    recon_image_choice_get_wanted   (const ReconImageChoice *self);
const char *recon_image_choice_get_refusal (const ReconImageChoice *self,
                                            ReconImageSource        source);
void     recon_image_choice_clamp        (ReconImageChoice       *self);
void     recon_image_choice_set_resolved (ReconImageChoice       *self,
                                          GVariant               *resolved);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "request/view.h"

G_BEGIN_DECLS

/* What the viewer can show. The first ones are previews, in the order of #ReconView. */
typedef enum
{
  RECON_SOURCE_PROJECTION,
  RECON_SOURCE_CORRECTED,
  RECON_SOURCE_SINOGRAM,
  RECON_SOURCE_SLICE,
  RECON_SOURCE_DARK,
  RECON_SOURCE_FLAT,
  RECON_SOURCE_FLAT_AFTER,
  RECON_SOURCE_RESULT,
  RECON_N_SOURCES
} ReconImageSource;

const char *recon_image_source_get_word  (ReconImageSource   self);
const char *recon_image_source_get_title (ReconImageSource   self);
const char *recon_image_source_get_label (ReconImageSource   self);
const char *recon_image_source_get_item  (ReconImageSource   self);
gboolean    recon_image_source_from_word (const char        *word,
                                          ReconImageSource  *source);
gboolean    recon_image_source_has_slices (ReconImageSource  self);
gboolean    recon_image_source_is_single (ReconImageSource   self);

G_END_DECLS

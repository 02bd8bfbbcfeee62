/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "compute/device.h"
#include "config/choices.h"

G_BEGIN_DECLS

/* What a row is multiplied by in the frequency domain, and what continues it. */
typedef struct
{
  ReconFilterKind  filter;
  ReconPadding padding;
  double       cutoff; /* butterworth: fraction of the Nyquist frequency */
  guint        order;  /* butterworth */
} ReconFilterSettings;

guint      recon_filter_padded_width    (guint                      width);
guint      recon_filter_border_width    (guint                      width);
void       recon_filter_response        (const ReconFilterSettings *settings,
                                         guint                      padded_width,
                                         float                     *response);

G_END_DECLS

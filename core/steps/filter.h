/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/choices.h"
#include "steps/step.h"

G_BEGIN_DECLS

typedef struct
{
  ReconFilter  filter;
  ReconPadding padding;
  double       cutoff; /* butterworth: fraction of the Nyquist frequency */
  guint        order;  /* butterworth */
  int          variant; /* a #ReconVariant, or %RECON_CHOICE_AUTO to follow the device */
} ReconFilterSettings;

#define RECON_TYPE_FILTER_STEP (recon_filter_step_get_type ())
G_DECLARE_FINAL_TYPE (ReconFilterStep, recon_filter_step, RECON, FILTER_STEP, ReconStep)

ReconStep *recon_filter_step_new        (const ReconFilterSettings *settings);
guint      recon_filter_padded_width    (guint                      width);
guint      recon_filter_border_width    (guint                      width);
void       recon_filter_response        (const ReconFilterSettings *settings,
                                         guint                      padded_width,
                                         float                     *response);

G_END_DECLS

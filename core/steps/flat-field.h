/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "steps/step.h"
#include "steps/transmissions.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean     correct;      /* (p - d) / (f - d) */
  gboolean     absorptivity; /* -log */
  gboolean     fix_nan_inf;
  double       dark_scale;
  double       clip_minimum;
  const float *positions; /* (nullable): one per angle, weight of the flat after, 0 … 1; copied */
  guint        n_angles;
  int          variant; /* a #ReconVariant, or %RECON_CHOICE_AUTO to follow the device */
  ReconTransmissions *transmissions; /* (nullable): counts what can't be; kept */
} ReconFlatFieldSettings;

#define RECON_TYPE_FLAT_FIELD (recon_flat_field_get_type ())
G_DECLARE_FINAL_TYPE (ReconFlatField, recon_flat_field, RECON, FLAT_FIELD, ReconStep)

ReconStep *recon_flat_field_new (const ReconFlatFieldSettings *settings);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ReconResume:
 * @RECON_RESUME_NO: Start, unless an earlier run has left finished slices.
 * @RECON_RESUME_ANEW: Start, and throw away what an earlier run has left.
 * @RECON_RESUME_CHECKED: Go on with what an earlier run of the same settings and of the same input has left.
 * @RECON_RESUME_TRUSTING: As that, but take the user's word that the input is the same.
 */
typedef enum
{
  RECON_RESUME_NO,
  RECON_RESUME_ANEW,
  RECON_RESUME_CHECKED,
  RECON_RESUME_TRUSTING,
} ReconResume;

static inline gboolean
recon_resume_goes_on (ReconResume resume)
{
  return resume == RECON_RESUME_CHECKED || resume == RECON_RESUME_TRUSTING;
}

G_END_DECLS

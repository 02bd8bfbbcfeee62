/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the words in a name say that its images are. */
typedef enum
{
  RECON_SERIES_UNKNOWN,
  RECON_SERIES_PROJECTIONS,
  RECON_SERIES_DARKS,
  RECON_SERIES_FLATS,
  RECON_SERIES_FLATS_AFTER,
  RECON_SERIES_PREVIEWS, /* small pictures for people */
} ReconSeriesKind;

ReconSeriesKind recon_series_kind_guess (const char *name);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series-kind.h"

#include "io/finder-words.h"

/**
 * recon_series_kind_guess:
 * @name: a name of a file, folder or series, without the folders that it is in
 *
 * Returns: what its words say that it is; those for projections count only if there is no other: "tomo_dark" are darks
 */
ReconSeriesKind
recon_series_kind_guess (const char *name)
{
  g_auto (ReconNameMeaning) meaning = { 0 };

  g_return_val_if_fail (name != NULL, RECON_SERIES_UNKNOWN);

  recon_name_meaning_read (&meaning, name);
  switch (meaning.role)
    {
    case RECON_ROLE_PROJECTIONS:
      return RECON_SERIES_PROJECTIONS;
    case RECON_ROLE_DARKS:
      return RECON_SERIES_DARKS;
    case RECON_ROLE_FLATS:
      return meaning.when == RECON_WHEN_AFTER ? RECON_SERIES_FLATS_AFTER : RECON_SERIES_FLATS;
    case RECON_ROLE_PREVIEWS:
      return RECON_SERIES_PREVIEWS;
    case RECON_ROLE_UNKNOWN:
    case RECON_ROLE_IMAGES:
    case RECON_ROLE_SINOGRAMS:
    case RECON_ROLE_UNSURE:
    case RECON_ROLE_OTHER:
    default:
      return RECON_SERIES_UNKNOWN;
    }
}

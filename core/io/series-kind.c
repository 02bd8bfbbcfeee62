/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series-kind.h"

#include <string.h>

/* Words as beamlines and laboratory scanners write them in names of files and folders. A short word has to stand alone
 * ("ob_001", not "object"); a long one may have something joined to it ("flatfield", "darks"). */
static const struct
{
  const char      *word;
  ReconSeriesKind  kind;
} words[] = {
  { "dark", RECON_SERIES_DARKS },
  { "darks", RECON_SERIES_DARKS },
  { "darkfield", RECON_SERIES_DARKS },
  { "darkfields", RECON_SERIES_DARKS },
  { "darkcurrent", RECON_SERIES_DARKS },
  { "darkend", RECON_SERIES_DARKS },
  { "df", RECON_SERIES_DARKS },
  { "dc", RECON_SERIES_DARKS },
  { "di", RECON_SERIES_DARKS },
  { "bias", RECON_SERIES_DARKS },
  { "offset", RECON_SERIES_DARKS },
  { "flat", RECON_SERIES_FLATS },
  { "flats", RECON_SERIES_FLATS },
  { "flatfield", RECON_SERIES_FLATS },
  { "flatfields", RECON_SERIES_FLATS },
  { "ff", RECON_SERIES_FLATS },
  { "ob", RECON_SERIES_FLATS },
  { "openbeam", RECON_SERIES_FLATS },
  { "open", RECON_SERIES_FLATS },
  { "white", RECON_SERIES_FLATS },
  { "whites", RECON_SERIES_FLATS },
  { "whitefield", RECON_SERIES_FLATS },
  { "bright", RECON_SERIES_FLATS },
  { "brightfield", RECON_SERIES_FLATS },
  { "empty", RECON_SERIES_FLATS },
  { "gain", RECON_SERIES_FLATS },
  { "ref", RECON_SERIES_FLATS },
  { "refs", RECON_SERIES_FLATS },
  { "refhst", RECON_SERIES_FLATS },
  { "reference", RECON_SERIES_FLATS },
  { "references", RECON_SERIES_FLATS },
  { "thumb", RECON_SERIES_PREVIEWS },
  { "thumbs", RECON_SERIES_PREVIEWS },
  { "thumbnail", RECON_SERIES_PREVIEWS },
  { "thumbnails", RECON_SERIES_PREVIEWS },
  { "preview", RECON_SERIES_PREVIEWS },
  { "previews", RECON_SERIES_PREVIEWS },
  { "snapshot", RECON_SERIES_PREVIEWS },
  { "proj", RECON_SERIES_PROJECTIONS },
  { "projs", RECON_SERIES_PROJECTIONS },
  { "projection", RECON_SERIES_PROJECTIONS },
  { "projections", RECON_SERIES_PROJECTIONS },
  { "radio", RECON_SERIES_PROJECTIONS },
  { "radios", RECON_SERIES_PROJECTIONS },
  { "radiograph", RECON_SERIES_PROJECTIONS },
  { "radiographs", RECON_SERIES_PROJECTIONS },
  { "tomo", RECON_SERIES_PROJECTIONS },
  { "sample", RECON_SERIES_PROJECTIONS },
};

/* Of flats: that they were taken after the projections. */
static const char *const after[] = { "after", "post", "end", "final" };

/* Takes the next word of letters out of @name, in lower case. "flatField" are two words, "FLATS" is one. */
static char *
take_word (const char **name)
{
  const char *start;

  while (**name != '\0' && !g_ascii_isalpha (**name))
    (*name)++;

  start = *name;
  while (g_ascii_isalpha (**name) && !(*name > start && g_ascii_isupper (**name) && g_ascii_islower ((*name)[-1])))
    (*name)++;

  return start == *name ? NULL : g_ascii_strdown (start, *name - start);
}

/**
 * recon_series_kind_guess:
 * @name: a name of a file, folder or series, without the folders that it is in
 *
 * Returns: what its words say that it is. Of several words the first counts, but those for projections only if there
 *   is no other: "tomo_dark" are darks.
 */
ReconSeriesKind
recon_series_kind_guess (const char *name)
{
  ReconSeriesKind kind = RECON_SERIES_UNKNOWN;
  gboolean is_after = FALSE;

  g_return_val_if_fail (name != NULL, RECON_SERIES_UNKNOWN);

  while (TRUE)
    {
      g_autofree char *word = take_word (&name);
      gboolean is_open = kind == RECON_SERIES_UNKNOWN || kind == RECON_SERIES_PROJECTIONS;

      if (word == NULL)
        break;

      for (gsize i = 0; is_open && i < G_N_ELEMENTS (words); i++)
        if (strcmp (word, words[i].word) == 0)
          {
            kind = words[i].kind;
            break;
          }
      for (gsize i = 0; i < G_N_ELEMENTS (after); i++)
        is_after = is_after || strcmp (word, after[i]) == 0;
    }

  return kind == RECON_SERIES_FLATS && is_after ? RECON_SERIES_FLATS_AFTER : kind;
}

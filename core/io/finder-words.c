/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/finder-words.h"

#include <string.h>

/* The words by which beamlines and laboratories name the parts of a scan. */

typedef struct
{
  const char *word;
  ReconRole   role;
} Word;

static const Word words[] = {
  { "dark", RECON_ROLE_DARKS }, { "drk", RECON_ROLE_DARKS }, { "dc", RECON_ROLE_DARKS }, { "df", RECON_ROLE_DARKS },
  { "di", RECON_ROLE_DARKS }, { "bias", RECON_ROLE_DARKS }, { "dunkel", RECON_ROLE_DARKS },
  { "dunkelbild", RECON_ROLE_DARKS }, { "dunkelbilder", RECON_ROLE_DARKS }, { "black", RECON_ROLE_DARKS },
  { "offset", RECON_ROLE_DARKS },

  { "flat", RECON_ROLE_FLATS }, { "ff", RECON_ROLE_FLATS }, { "ob", RECON_ROLE_FLATS }, { "open", RECON_ROLE_FLATS },
  { "openbeam", RECON_ROLE_FLATS }, { "white", RECON_ROLE_FLATS }, { "empty", RECON_ROLE_FLATS },
  { "air", RECON_ROLE_FLATS }, { "ref", RECON_ROLE_FLATS }, { "refhst", RECON_ROLE_FLATS },
  { "reference", RECON_ROLE_FLATS }, { "bright", RECON_ROLE_FLATS }, { "bf", RECON_ROLE_FLATS },
  { "blank", RECON_ROLE_FLATS }, { "gain", RECON_ROLE_FLATS }, { "io", RECON_ROLE_FLATS }, { "hell", RECON_ROLE_FLATS },
  { "hellbild", RECON_ROLE_FLATS }, { "hellbilder", RECON_ROLE_FLATS }, { "leer", RECON_ROLE_FLATS },
  { "leerbild", RECON_ROLE_FLATS }, { "leerbilder", RECON_ROLE_FLATS },

  /* What stands beside such a word and says nothing else. */
  { "field", RECON_ROLE_UNKNOWN }, { "fields", RECON_ROLE_UNKNOWN }, { "beam", RECON_ROLE_UNKNOWN },
  { "current", RECON_ROLE_UNKNOWN }, { "hst", RECON_ROLE_UNKNOWN },

  { "bg", RECON_ROLE_UNSURE }, { "bkg", RECON_ROLE_UNSURE }, { "background", RECON_ROLE_UNSURE },

  { "proj", RECON_ROLE_PROJECTIONS }, { "prj", RECON_ROLE_PROJECTIONS }, { "projection", RECON_ROLE_PROJECTIONS },
  { "projektion", RECON_ROLE_PROJECTIONS }, { "projektionen", RECON_ROLE_PROJECTIONS },
  { "radio", RECON_ROLE_PROJECTIONS }, { "radiograph", RECON_ROLE_PROJECTIONS },
  { "radiography", RECON_ROLE_PROJECTIONS }, { "radiogram", RECON_ROLE_PROJECTIONS },
  { "tomo", RECON_ROLE_PROJECTIONS }, { "tomography", RECON_ROLE_PROJECTIONS },

  { "raw", RECON_ROLE_IMAGES }, { "data", RECON_ROLE_IMAGES }, { "sample", RECON_ROLE_PROJECTIONS },
  { "scan", RECON_ROLE_IMAGES }, { "tif", RECON_ROLE_IMAGES }, { "tiff", RECON_ROLE_IMAGES },
  { "image", RECON_ROLE_IMAGES }, { "img", RECON_ROLE_IMAGES }, { "frame", RECON_ROLE_IMAGES },
  { "view", RECON_ROLE_IMAGES }, { "ct", RECON_ROLE_IMAGES }, { "shadow", RECON_ROLE_IMAGES },
  { "bilder", RECON_ROLE_IMAGES }, { "rohdaten", RECON_ROLE_IMAGES },

  { "sino", RECON_ROLE_SINOGRAMS }, { "sinogram", RECON_ROLE_SINOGRAMS },

  { "slice", RECON_ROLE_OTHER }, { "slc", RECON_ROLE_OTHER }, { "rec", RECON_ROLE_OTHER },
  { "reco", RECON_ROLE_OTHER }, { "recon", RECON_ROLE_OTHER }, { "reconstruction", RECON_ROLE_OTHER },
  { "reconstructed", RECON_ROLE_OTHER }, { "result", RECON_ROLE_OTHER }, { "output", RECON_ROLE_OTHER },
  { "preview", RECON_ROLE_PREVIEWS }, { "thumb", RECON_ROLE_PREVIEWS }, { "thumbnail", RECON_ROLE_PREVIEWS },
  { "snapshot", RECON_ROLE_PREVIEWS }, { "volume", RECON_ROLE_OTHER }, { "vol", RECON_ROLE_OTHER },
  { "overview", RECON_ROLE_OTHER }, { "scout", RECON_ROLE_OTHER }, { "partial", RECON_ROLE_OTHER },
  { "mask", RECON_ROLE_OTHER }, { "corrected", RECON_ROLE_OTHER }, { "normalized", RECON_ROLE_OTHER },
  { "normalised", RECON_ROLE_OTHER }, { "filtered", RECON_ROLE_OTHER }, { "calibration", RECON_ROLE_OTHER },
  { "calib", RECON_ROLE_OTHER }, { "alignment", RECON_ROLE_OTHER },
  { "schnitte", RECON_ROLE_OTHER }, { "truth", RECON_ROLE_OTHER },
};

/* What follows such a word without a break. Short words would match by chance. */
static const char *const tails[] = {
  "s", "es", "field", "fields", "frame", "frames", "image", "images", "img", "imgs", "current", "beam", "bild", "feld",
};
#define SHORTEST_WITH_TAIL 3

static const struct
{
  const char *word;
  ReconWhen   when;
} times[] = {
  { "before", RECON_WHEN_BEFORE }, { "pre", RECON_WHEN_BEFORE },   { "start", RECON_WHEN_BEFORE },
  { "begin", RECON_WHEN_BEFORE },  { "vorher", RECON_WHEN_BEFORE }, { "vor", RECON_WHEN_BEFORE },
  { "first", RECON_WHEN_BEFORE },  { "after", RECON_WHEN_AFTER },  { "post", RECON_WHEN_AFTER },
  { "end", RECON_WHEN_AFTER },     { "nachher", RECON_WHEN_AFTER }, { "nach", RECON_WHEN_AFTER },
  { "last", RECON_WHEN_AFTER },    { "final", RECON_WHEN_AFTER },
};

static const Word *
find_word (const char *text,
           gsize       length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i].word) == length && strncmp (words[i].word, text, length) == 0)
      return &words[i];

  return NULL;
}

static ReconRole
find_whole (const char *text,
            gsize       length)
{
  const Word *word = find_word (text, length);

  return word != NULL ? word->role : RECON_ROLE_UNKNOWN;
}

static ReconRole
find_with_tail (const char *text)
{
  gsize length = strlen (text);
  ReconRole role = find_whole (text, length);

  for (gsize i = 0; i < G_N_ELEMENTS (tails) && role == RECON_ROLE_UNKNOWN; i++)
    {
      gsize tail = strlen (tails[i]);

      if (length >= SHORTEST_WITH_TAIL + tail && g_str_has_suffix (text, tails[i]))
        role = find_whole (text, length - tail);
    }

  return role;
}

static ReconWhen
find_time (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    if (strcmp (times[i].word, text) == 0)
      return times[i].when;

  return RECON_WHEN_UNKNOWN;
}

/* "darkend", "postflats" */
static ReconRole
find_with_time (const char *text,
                ReconWhen  *when)
{
  ReconRole role = find_with_tail (text);

  for (gsize i = 0; i < G_N_ELEMENTS (times) && role == RECON_ROLE_UNKNOWN; i++)
    {
      gsize length = strlen (times[i].word);
      g_autofree char *core = NULL;

      if (g_str_has_suffix (text, times[i].word))
        core = g_strndup (text, strlen (text) - length);
      else if (g_str_has_prefix (text, times[i].word))
        core = g_strdup (text + length);
      else
        continue;

      role = find_with_tail (core);
      if (role == RECON_ROLE_DARKS || role == RECON_ROLE_FLATS)
        *when = times[i].when;
      else
        role = RECON_ROLE_UNKNOWN;
    }

  return role;
}

/* Several words: what is no input wins, then references, then the more definite word. */
static ReconRole
combine (ReconRole a,
         ReconRole b)
{
  gboolean a_is_reference = a == RECON_ROLE_DARKS || a == RECON_ROLE_FLATS || a == RECON_ROLE_UNSURE;
  gboolean b_is_reference = b == RECON_ROLE_DARKS || b == RECON_ROLE_FLATS || b == RECON_ROLE_UNSURE;

  if (a == b)
    return a;
  if (MAX (a, b) >= RECON_ROLE_PREVIEWS)
    return MAX (a, b);
  if (a_is_reference && b_is_reference)
    return RECON_ROLE_UNSURE;
  if (a_is_reference || b_is_reference)
    return a_is_reference ? a : b;

  return MAX (a, b);
}

/* A name that is but a letter, whatever numbers follow; and I0, the beam without an object. */
static ReconRole
find_symbol (const char *name)
{
  static const Word symbols[] = {
    { "d", RECON_ROLE_DARKS }, { "f", RECON_ROLE_FLATS }, { "p", RECON_ROLE_PROJECTIONS },
  };
  const char *rest = name + 1;

  if (g_ascii_tolower (name[0]) == 'i' && name[1] == '0' && !g_ascii_isdigit (name[2]))
    return RECON_ROLE_FLATS;
  if (name[0] == '\0' || strspn (rest, "0123456789#_-. ") != strlen (rest))
    return RECON_ROLE_UNKNOWN;

  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (g_ascii_tolower (name[0]) == symbols[i].word[0])
      return symbols[i].role;

  return RECON_ROLE_UNKNOWN;
}

/* A run of letters ends where a capital follows a small one, too: "FlatBefore". */
static gsize
measure_word (const char *text)
{
  gsize n = 0;

  while (text[n] != '\0' && (g_ascii_isalpha (text[n]) || (guchar) text[n] >= 0x80) &&
         !(n > 0 && g_ascii_islower (text[n - 1]) && g_ascii_isupper (text[n])))
    n++;

  return n;
}

/**
 * recon_name_meaning_read:
 * @self: (out caller-allocates): what the name says; clear with recon_name_meaning_clear()
 * @name: name of a file or folder, without its extension; # stands for a running number
 *
 * Understands English and some German words, abbreviations, capitals or not, and words that are written together.
 */
void
recon_name_meaning_read (ReconNameMeaning *self,
                         const char       *name)
{
  GString *rest = g_string_new (NULL);

  *self = (ReconNameMeaning) { .role = find_symbol (name) };
  self->is_letter = self->role != RECON_ROLE_UNKNOWN && g_ascii_tolower (name[0]) != 'i';
  for (const char *p = name; *p != '\0';)
    {
      gsize length = measure_word (p);
      g_autofree char *word = g_ascii_strdown (p, (gssize) length);
      ReconWhen when = find_time (word);
      ReconRole role = when == RECON_WHEN_UNKNOWN && length > 0 ? find_with_time (word, &when) : RECON_ROLE_UNKNOWN;

      self->role = combine (self->role, role);
      if (when != RECON_WHEN_UNKNOWN)
        self->when = when;
      if (length > 0 && role == RECON_ROLE_UNKNOWN && when == RECON_WHEN_UNKNOWN && find_word (word, length) == NULL)
        g_string_append (rest, word);
      else if (g_ascii_isdigit (*p))
        g_string_append_c (rest, *p);

      p += MAX (length, 1);
    }

  self->rest = g_string_free (rest, FALSE);
}

void
recon_name_meaning_clear (ReconNameMeaning *self)
{
  g_clear_pointer (&self->rest, g_free);
}

/**
 * recon_name_is_of_angles:
 * @name: name of a file or dataset
 *
 * Returns: whether it says that angles are in it
 */
gboolean
recon_name_is_of_angles (const char *name)
{
  static const char *const marks[] = { "angle", "theta", "winkel", "omega", "rotation", "tilt" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (strstr (lower, marks[i]) != NULL)
      return TRUE;

  return FALSE;
}

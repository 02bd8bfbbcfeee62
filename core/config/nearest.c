/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/nearest.h"

#include <string.h>

/* No name is longer; longer words are like none. */
#define MAX_LENGTH 64

static char
fold (char c)
{
  return c == '_' ? '-' : g_ascii_tolower (c);
}

/**
 * recon_edit_distance:
 * @a: a word
 * @b: another one
 *
 * Counts how many bytes to insert, remove, change, or swap with their neighbour make @b of @a (the "optimal
 * string alignment" distance). Case, and "_" for "-", do not count.
 *
 * Returns: the count; %G_MAXUINT if a word has more than 64 bytes
 */
guint
recon_edit_distance (const char *a,
                     const char *b)
{
  guint rows[3][MAX_LENGTH + 1];
  gsize a_length = strlen (a);
  gsize b_length = strlen (b);

  if (a_length > MAX_LENGTH || b_length > MAX_LENGTH)
    return G_MAXUINT;

  for (guint j = 0; j <= b_length; j++)
    rows[0][j] = j;

  for (guint i = 1; i <= a_length; i++)
    {
      guint *row = rows[i % 3];
      const guint *above = rows[(i + 2) % 3];
      const guint *above2 = rows[(i + 1) % 3];

      row[0] = i;
      for (guint j = 1; j <= b_length; j++)
        {
          guint change = above[j - 1] + (fold (a[i - 1]) == fold (b[j - 1]) ? 0 : 1);

          row[j] = MIN (change, MIN (above[j], row[j - 1]) + 1);
          if (i > 1 && j > 1 && fold (a[i - 1]) == fold (b[j - 2]) && fold (a[i - 2]) == fold (b[j - 1]))
            row[j] = MIN (row[j], above2[j - 2] + 1);
        }
    }

  return rows[a_length % 3][b_length];
}

/**
 * recon_names_similar:
 * @a: a word
 * @b: another one
 *
 * Returns: whether @a may be a slip for @b: at most one byte in three differs
 */
gboolean
recon_names_similar (const char *a,
                     const char *b)
{
  guint distance = recon_edit_distance (a, b);

  return distance <= MAX_LENGTH && distance * 3 <= MAX (strlen (a), strlen (b));
}

/**
 * recon_nearest_word:
 * @word: what was given
 * @words: (array zero-terminated=1): what is known
 *
 * Returns: (nullable) (transfer none): the member of @words for which @word may be a slip
 */
const char *
recon_nearest_word (const char        *word,
                    const char *const *words)
{
  const char *nearest = NULL;
  guint best = G_MAXUINT;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      guint distance = recon_edit_distance (word, words[i]);

      if (distance < best && recon_names_similar (word, words[i]))
        {
          nearest = words[i];
          best = distance;
        }
    }

  return nearest;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/text.h"

#include <math.h>
#include <string.h>

/* The longest text of a value or line that a message repeats, in characters. */
#define ABRIDGED_LENGTH 80

/* "1e-06" → "1e-6", "1e+20" → "1e20" */
static void
shorten_exponent (char *text)
{
  char *from = strchr (text, 'e');
  char *to;

  if (from == NULL)
    return;

  to = ++from;
  if (*from == '-')
    to = ++from;
  while (*from == '+' || (*from == '0' && from[1] != '\0'))
    from++;
  memmove (to, from, strlen (from) + 1);
}

/**
 * recon_number_to_text:
 * @value: a finite number
 *
 * Returns: (transfer full): the shortest decimal text that reads back as @value
 */
char *
recon_number_to_text (double value)
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  char text[G_ASCII_DTOSTR_BUF_SIZE] = "";

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (text, sizeof text, formats[i], value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }

  shorten_exponent (text);

  return g_strdup (text);
}

/**
 * recon_number_from_text:
 * @text: a decimal number with a point and nothing around it
 * @value: (out): the number
 *
 * Returns: whether @text is a finite number; hexadecimal forms, "inf" and "nan" are not
 */
gboolean
recon_number_from_text (const char *text,
                        double     *value)
{
  char *end;

  if (*text == '\0' || text[strspn (text, "0123456789+-.eE")] != '\0')
    return FALSE;

  *value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !isfinite (*value))
    return FALSE;

  if (*value == 0.0)
    *value = 0.0; /* there is one zero only */

  return TRUE;
}

static const char size_suffixes[] = "KMGT";

/**
 * recon_size_to_text:
 * @bytes: a number of bytes
 *
 * Returns: (transfer full): @bytes with the largest of the suffixes K, M, G, T (powers of 1024) that is exact
 */
char *
recon_size_to_text (guint64 bytes)
{
  gsize power = 0;

  while (power < strlen (size_suffixes) && bytes != 0 && bytes % 1024 == 0)
    {
      bytes /= 1024;
      power++;
    }

  if (power == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, bytes);

  return g_strdup_printf ("%" G_GUINT64_FORMAT "%c", bytes, size_suffixes[power - 1]);
}

/**
 * recon_size_from_text:
 * @text: a number, then nothing or K, M, G or T (powers of 1024), then nothing, "B" or "iB", in any case
 * @bytes: (out): the size, without its fraction of a byte
 *
 * Returns: whether @text is a size below 2⁵³ bytes
 */
gboolean
recon_size_from_text (const char *text,
                      guint64    *bytes)
{
  gsize length = strspn (text, "0123456789.");
  g_autofree char *digits = g_strndup (text, length);
  const char *suffix = text + length;
  double value;

  if (!recon_number_from_text (digits, &value))
    return FALSE;

  while (*suffix == ' ')
    suffix++;

  if (*suffix != '\0')
    {
      const char *found = strchr (size_suffixes, g_ascii_toupper (*suffix));

      if (found != NULL)
        {
          value = ldexp (value, 10 * (int) (found - size_suffixes + 1));
          suffix++;
        }
      if (*suffix != '\0' && g_ascii_strcasecmp (suffix, "B") != 0 &&
          (found == NULL || g_ascii_strcasecmp (suffix, "iB") != 0))
        return FALSE;
    }

  if (value >= 9007199254740992.0)
    return FALSE;

  *bytes = (guint64) value;

  return TRUE;
}

/**
 * recon_text_abridge:
 * @text: any bytes
 *
 * Returns: (transfer full): @text as a message may repeat it: one line of valid UTF-8 of limited length
 */
char *
recon_text_abridge (const char *text)
{
  g_autofree char *part = g_strndup (text, 6 * ABRIDGED_LENGTH);
  g_autofree char *valid = g_utf8_make_valid (part, -1);

  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';

  if (g_utf8_strlen (valid, -1) > ABRIDGED_LENGTH)
    {
      g_autofree char *head = g_utf8_substring (valid, 0, ABRIDGED_LENGTH);

      return g_strconcat (head, "…", NULL);
    }

  return g_steal_pointer (&valid);
}

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

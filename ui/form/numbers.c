/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/numbers.h"

#include <locale.h>
#include <string.h>

#include "config/text.h"

/* As many as a double has. */
#define MAX_DECIMALS 15

/**
 * recon_numbers_get_point:
 *
 * Returns: (transfer none): what separates decimals in the user's locale
 */
const char *
recon_numbers_get_point (void)
{
  const struct lconv *conventions = localeconv ();

  return *conventions->decimal_point != '\0' ? conventions->decimal_point : ".";
}

/**
 * recon_numbers_to_user:
 * @text: a number as files have it
 * @point: what separates decimals
 *
 * Returns: (transfer full): the number as a user reads it
 */
char *
recon_numbers_to_user (const char *text,
                       const char *point)
{
  const char *found = strchr (text, '.');

  if (found == NULL)
    return g_strdup (text);

  return g_strdup_printf ("%.*s%s%s", (int) (found - text), text, point, found + 1);
}

/**
 * recon_numbers_from_user:
 * @text: what somebody has typed
 * @point: what separates decimals
 *
 * A decimal point is understood in every locale; separators of thousands in none, because 1.234 and 1,234 would then
 * be what nobody can tell.
 *
 * Returns: (transfer full): the text as files would have it, if it is a number
 */
char *
recon_numbers_from_user (const char *text,
                         const char *point)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autoptr (GString) number = g_string_new (stripped);

  if (strchr (stripped, '.') == NULL)
    g_string_replace (number, point, ".", 1);
  g_string_replace (number, "\u2212", "-", 0);

  return g_strdup (number->str);
}

/**
 * recon_numbers_count_decimals:
 * @text: a number as files have it, such as "0.25" or "1e-6"
 *
 * Returns: how many digits behind the point it needs
 */
guint
recon_numbers_count_decimals (const char *text)
{
  const char *point = strchr (text, '.');
  const char *exponent = strpbrk (text, "eE");
  gint64 n = 0;

  if (point != NULL)
    n = (exponent != NULL ? exponent : text + strlen (text)) - point - 1;
  if (exponent != NULL)
    n -= g_ascii_strtoll (exponent + 1, NULL, 10);

  return (guint) MAX (n, 0);
}

/**
 * recon_numbers_round:
 * @value: a number
 * @n_decimals: digits behind the point
 *
 * Returns: (transfer full): the number as files have it, without the errors that sums of 0.1 gather
 */
char *
recon_numbers_round (double value,
                     guint  n_decimals)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE + 320];
  char format[] = "%.00f";

  if (n_decimals > MAX_DECIMALS)
    return recon_number_to_text (value);

  g_snprintf (format, sizeof format, "%%.%uf", n_decimals);
  g_ascii_formatd (text, sizeof text, format, value);
  value = g_ascii_strtod (text, NULL);

  return recon_number_to_text (value == 0.0 ? 0.0 : value);
}

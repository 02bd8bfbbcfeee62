/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/printable.h"

/* Names in files and of files can hold anything, also what a terminal takes as orders: to clear it, to change its
 * title, or to write a line over another. */

/* What Unicode has to turn the direction of text, which shows a line in another order. */
static gboolean
is_direction (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c;
}

static gboolean
is_order (gunichar c,
          gboolean keep_lines)
{
  if (c == '\t' || (c == '\n' && keep_lines))
    return FALSE;

  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || is_direction (c);
}

static char *
make_printable (const char *text,
                gboolean    keep_lines)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) result = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!is_order (c, keep_lines))
        g_string_append_unichar (result, c);
      else if (c < 0x100)
        g_string_append_printf (result, "\\x%02x", (guint) c);
      else
        g_string_append_printf (result, "\\u%04x", (guint) c);
    }

  return g_string_free (g_steal_pointer (&result), FALSE);
}

/**
 * recon_printable_text:
 * @text: one or more lines, in any bytes
 *
 * Returns: (transfer full): @text in UTF-8, with \x1b and the like where it had control characters other than the ends
 *   of lines; to be shown on a terminal or kept in a log
 */
char *
recon_printable_text (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return make_printable (text, TRUE);
}

/**
 * recon_printable_line:
 * @text: what should be a single line, in any bytes
 *
 * Returns: (transfer full): the same, with \x0a for the end of a line
 */
char *
recon_printable_line (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return make_printable (text, FALSE);
}

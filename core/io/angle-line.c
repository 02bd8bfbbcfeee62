/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angle-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"

/* Digits of a number that is read. */
#define MAX_NUMBER 63

/* Characters of a line that a message shows. */
#define SHOWN 40

/* What ends a line or begins a comment in it. */
#define ENDS "\r\n#"

/**
 * recon_angle_line_is_comment:
 * @line: a line without the blanks at its beginning
 *
 * Returns: whether it is a comment as a whole
 */
gboolean
recon_angle_line_is_comment (const char *line)
{
  return *line == '#' || *line == '!' || *line == '%' || g_str_has_prefix (line, "//");
}

/**
 * recon_angle_line_begins_with_digit:
 * @line: a line without the blanks at its beginning
 *
 * Returns: whether it is meant to begin with a number
 */
gboolean
recon_angle_line_begins_with_digit (const char *line)
{
  line += strspn (line, "+-.,");

  return g_ascii_isdigit (*line);
}

/* A number without anything behind it. Hexadecimal ones are none here. */
static gboolean
parse_number (const char *text,
              gsize       length,
              gboolean    decimal_comma,
              double     *value)
{
  char number[MAX_NUMBER + 1];
  char *end;

  if (length == 0 || length > MAX_NUMBER || memchr (text, 'x', length) != NULL || memchr (text, 'X', length) != NULL)
    return FALSE;

  memcpy (number, text, length);
  number[length] = '\0';
  for (gsize i = 0; decimal_comma && i < length; i++)
    if (number[i] == ',')
      number[i] = '.';

  *value = g_ascii_strtod (number, &end);

  return *end == '\0';
}

/**
 * recon_angle_line_parse:
 * @self: (out caller-allocates): the line taken apart; it points into @line
 * @line: a line, up to its end or a comment
 * @decimal_comma: whether a comma is part of a number, rather than between two
 *
 * Several separators in a row are one. Quotation marks are not looked at.
 */
void
recon_angle_line_parse (ReconAngleLine *self,
                        const char     *line,
                        gboolean        decimal_comma)
{
  const char *separators = decimal_comma ? " \t\f\v;\"" : " \t\f\v;\",";
  const char *stops = decimal_comma ? " \t\f\v;\"" ENDS : " \t\f\v;\"," ENDS;

  self->n_columns = 0;
  while (self->n_columns < RECON_ANGLE_LINE_COLUMNS)
    {
      guint i = self->n_columns;

      line += strspn (line, separators);
      if (*line == '\0' || strchr (ENDS, *line) != NULL)
        return;

      self->texts[i] = line;
      self->lengths[i] = strcspn (line, stops);
      self->is_number[i] = parse_number (line, self->lengths[i], decimal_comma, &self->values[i]);
      line += self->lengths[i];
      self->n_columns++;
    }
}

gboolean
recon_angle_line_has_numbers (const ReconAngleLine *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    if (self->is_number[i])
      return TRUE;

  return FALSE;
}

/**
 * recon_angle_line_is_title:
 * @self: a line of titles
 * @column: one of its columns, counted from 0
 *
 * Returns: whether it says that the column holds angles
 */
gboolean
recon_angle_line_is_title (const ReconAngleLine *self,
                           guint                 column)
{
  static const char *const words[] = { "angle", "theta", "rotation", "omega" };
  g_autofree char *title = g_ascii_strdown (self->texts[column], (gssize) self->lengths[column]);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (title, words[i]) != NULL)
      return TRUE;

  return FALSE;
}

/* What the commas of a text are. */
typedef struct
{
  gboolean has_point;     /* there are decimal points */
  gboolean between_words; /* commas with a blank behind, or several in a word */
  gboolean in_words;      /* one comma in a word of a line that has several words */
  guint    alone;         /* the first line that is one word with one comma in it, or 0 */
} Commas;

static void
examine_line (Commas     *self,
              const char *line,
              guint       number)
{
  ReconAngleLine parsed;

  recon_angle_line_parse (&parsed, line, TRUE);
  for (guint i = 0; i < parsed.n_columns; i++)
    {
      const char *text = parsed.texts[i];
      const char *comma = memchr (text, ',', parsed.lengths[i]);
      gsize after = comma != NULL ? parsed.lengths[i] - (gsize) (comma - text) - 1 : 0;

      self->has_point = self->has_point || (memchr (text, '.', parsed.lengths[i]) != NULL);
      if (comma == NULL)
        continue;

      if (after == 0 || comma == text || memchr (comma + 1, ',', after) != NULL || !parsed.is_number[i])
        self->between_words = TRUE;
      else if (parsed.n_columns > 1)
        self->in_words = TRUE;
      else if (self->alone == 0)
        self->alone = number;
    }
}

/**
 * recon_angle_lines_find_comma:
 * @path: where the text is from, for messages
 * @text: all lines
 * @has_column: whether a column was chosen, so that there are several
 * @decimal: (out): whether commas are decimal points, as they are written in many countries
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where a comma may be either
 */
gboolean
recon_angle_lines_find_comma (const char  *path,
                              const char  *text,
                              gboolean     has_column,
                              gboolean    *decimal,
                              GError     **error)
{
  Commas commas = { 0 };
  g_autofree char *shown = NULL;
  guint number = 0;

  *decimal = FALSE;
  if (strchr (text, ',') == NULL)
    return TRUE;

  for (const char *line = text; line != NULL && *line != '\0'; line = strchr (line, '\n'))
    {
      line += number++ > 0 ? 1 : 0;
      line += strspn (line, " \t\r\f\v");
      if (recon_angle_line_begins_with_digit (line))
        examine_line (&commas, line, number);
    }

  if (commas.has_point || commas.between_words || (commas.alone > 0 && has_column))
    return TRUE;

  *decimal = commas.in_words;
  if (commas.in_words || commas.alone == 0)
    return TRUE;

  number = 1;
  while (number < commas.alone)
    {
      text = strchr (text, '\n') + 1;
      number++;
    }
  shown = g_utf8_make_valid (text, (gssize) MIN (strcspn (text, "\r\n"), SHOWN));
  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s, line %u: “%s” may be one number or two. Write a decimal point instead of the comma, put a "
                        "blank between columns, or say which of two columns holds the angles: --angles=%s:1."),
                     path, number, g_strstrip (shown), path);
}

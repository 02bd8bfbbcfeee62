/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angle-table.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "io/angles.h"

/* Lines of titles before the first one with numbers; more is another kind of file. */
#define MAX_TITLES 100

/* No scan has more. */
#define MAX_VALUES 10000000

/* Characters of a line that a message shows. */
#define SHOWN 40

typedef struct
{
  const char      *path;
  char            *next; /* line; NULL after the last one */
  guint            number; /* of the line read last, from 1 */
  gboolean         decimal_comma;
  guint            n_comments;
  char            *unit; /* (nullable): of angles, that a title or a comment names */
} Lines;

static void
lines_clear (Lines *self)
{
  g_free (self->unit);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lines, lines_clear)

/* A line for a message. */
static char *
show (const char *text)
{
  char *shown = g_utf8_make_valid (text, (gssize) strnlen (text, SHOWN));

  return g_strchomp (shown);
}

/* "# angle [rad]", "theta (deg)" */
static void
find_unit (Lines      *self,
           const char *line)
{
  for (const char *start = strpbrk (line, "[("); start != NULL && self->unit == NULL; start = strpbrk (start + 1, "[("))
    {
      g_autofree char *text = g_strndup (start + 1, strcspn (start + 1, "])"));

      if (recon_angle_unit_parse (g_strstrip (text), NULL) >= 0)
        self->unit = g_steal_pointer (&text);
    }
}

/* The next line that is neither blank nor a comment; NULL after the last one. */
static char *
take_line (Lines *self)
{
  while (self->next != NULL)
    {
      char *line = self->next;
      char *end = strchr (line, '\n');

      self->next = NULL;
      if (end != NULL)
        {
          *end = '\0';
          self->next = end + 1;
        }
      self->number++;

      line += strspn (line, " \t\r\f\v");
      if (recon_angle_line_is_comment (line))
        {
          self->n_comments++;
          find_unit (self, line);
        }
      else if (*line != '\0')
        return line;
    }

  return NULL;
}

static gboolean
set_not_a_number (const Lines  *self,
                  const char   *line,
                  GError      **error)
{
  g_autofree char *shown = show (line);

  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s, line %u: “%s” is not a number. Each line holds an angle; comments begin with #."),
                     self->path, self->number, shown);
}

static gboolean
set_no_column (const Lines  *self,
               const char   *line,
               guint         column,
               GError      **error)
{
  g_autofree char *shown = show (line);

  return recon_fail (error, RECON_ERROR_INPUT, _ ("%s, line %u: “%s” has no number in column %u."), self->path,
                     self->number, shown, column);
}

static gboolean
set_which_column (const Lines          *self,
                  const char           *line,
                  const ReconAngleLine *parsed,
                  GError              **error)
{
  g_autoptr (GString) choices = g_string_new (NULL);
  g_autofree char *shown = show (line);
  guint n = 0;

  for (guint i = 0; i < parsed->n_columns; i++)
    if (parsed->is_number[i])
      {
        n++;
        g_string_append_printf (choices, "%s%s:%u", choices->len > 0 ? _ (" or ") : "", self->path, i + 1);
      }

  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s, line %u: “%s” holds %u numbers. Say which column holds the angles: --angles=%s."),
                     self->path, self->number, shown, n, choices->str);
}

/* The column of the angles, from 1, as far as the first line with numbers and the @titles above it tell; else 0. */
static guint
choose_column (const ReconAngleLine *first,
               const char           *titles,
               gboolean              decimal_comma,
               gboolean             *by_title)
{
  ReconAngleLine parsed;
  guint found = 0, n_numbers = 0;

  *by_title = FALSE;
  for (guint i = 0; i < first->n_columns; i++)
    if (first->is_number[i])
      {
        found = i + 1;
        n_numbers++;
      }
  if (n_numbers == 1 || titles == NULL)
    return n_numbers == 1 ? found : 0;

  recon_angle_line_parse (&parsed, titles, decimal_comma);
  found = 0;
  for (guint i = 0; parsed.n_columns == first->n_columns && i < parsed.n_columns; i++)
    if (first->is_number[i] && recon_angle_line_is_title (&parsed, i))
      {
        if (found > 0)
          return 0;
        found = i + 1;
      }
  *by_title = found > 0;

  return found;
}

/* Goes to the first line with numbers, or with one in @column, if it is given; @titles is the one before it. What
 * begins with a digit is no title but an angle that cannot be read. */
static gboolean
skip_titles (Lines   *self,
             guint    column,
             char   **line,
             char   **titles,
             guint   *n_titles,
             GError **error)
{
  *titles = NULL;
  *n_titles = 0;
  for (*line = take_line (self); *line != NULL; *line = take_line (self))
    {
      ReconAngleLine parsed;

      recon_angle_line_parse (&parsed, *line, self->decimal_comma);
      if (column == 0 ? recon_angle_line_has_numbers (&parsed)
                      : column <= parsed.n_columns && parsed.is_number[column - 1])
        return TRUE;
      if (recon_angle_line_begins_with_digit (*line) || ++*n_titles > MAX_TITLES)
        return column > 1 ? set_no_column (self, *line, column, error) : set_not_a_number (self, *line, error);
      *titles = *line;
      find_unit (self, *line);
    }

  return recon_fail (error, RECON_ERROR_INPUT, _ ("%s holds no angles; give one per line."), self->path);
}

/* The angle in a line. Where no column was given, it holds no other number than the first line did. */
static gboolean
read_value (Lines                *self,
            const char           *line,
            const ReconAngleLine *first,
            guint                 column,
            gboolean              given,
            double               *value,
            GError              **error)
{
  ReconAngleLine parsed;
  g_autofree char *shown = NULL;

  recon_angle_line_parse (&parsed, line, self->decimal_comma);
  if (column > parsed.n_columns || !parsed.is_number[column - 1])
    return column == 1 ? set_not_a_number (self, line, error) : set_no_column (self, line, column, error);

  for (guint i = 0; !given && i < parsed.n_columns; i++)
    if (parsed.is_number[i] && (i >= first->n_columns || !first->is_number[i]))
      return set_which_column (self, line, &parsed, error);

  *value = parsed.values[column - 1];
  if (isfinite (*value))
    return TRUE;

  shown = show (line);
  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s, line %u: the angle “%s” is not finite. Every projection needs an angle."), self->path,
                     self->number, shown);
}

static void
note_choice (const Lines *self,
             guint        n_titles,
             guint        column,
             gboolean     said,
             GPtrArray   *notes)
{
  if (notes == NULL)
    return;

  if (n_titles + self->n_comments > 0)
    g_ptr_array_add (notes, g_strdup_printf (ngettext ("%s: %u line of titles and comments is skipped",
                                                       "%s: %u lines of titles and comments are skipped",
                                                       n_titles + self->n_comments),
                                             self->path, n_titles + self->n_comments));
  if (said)
    g_ptr_array_add (notes, g_strdup_printf (_ ("%s: the angles are taken from column %u"), self->path, column));
  if (self->decimal_comma)
    g_ptr_array_add (notes, g_strdup_printf (_ ("%s: the comma is taken as the decimal point"), self->path));
}

/**
 * recon_angle_table_read:
 * @path: where the text is from, for messages
 * @text: the text, which is changed
 * @column: the column that holds the angles, counted from 1, or 0 where that is to be seen
 * @notes: (nullable) (element-type utf8): gets sentences about what was decided
 * @unit: (out): the unit that a title or comment names, as it stands there in brackets, or %NULL
 * @keys: (out) (optional) (nullable): what may say which image each value is of
 * @n_values: (out): number of values
 * @error: return location
 *
 * Reads a list of numbers, one per line, or a column of a table. Columns are separated by blanks, tabs, commas or
 * semicolons; numbers have a decimal point, or a comma where that can't separate columns. Comments, from #, ! or % on,
 * blank lines, and lines without numbers at the beginning are skipped. Without @column, the column is the only one with
 * numbers, or the only one whose title says that it holds angles.
 *
 * Returns: (transfer full) (array length=n_values): at least one value, all finite; or %NULL with #RECON_ERROR_INPUT
 *   and the line
 */
double *
recon_angle_table_read (const char  *path,
                        char        *text,
                        guint        column,
                        GPtrArray   *notes,
                        char       **unit,
                        ReconAngleKeys **keys,
                        gsize       *n_values,
                        GError     **error)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  g_auto (Lines) lines = { .path = path, .next = text };
  gboolean given = column > 0, by_title = FALSE;
  ReconAngleLine first;
  char *line, *titles;
  guint n_titles;

  g_return_val_if_fail (path != NULL && text != NULL, NULL);

  /* What editors of another system put before the first character. */
  if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    lines.next += 3;

  if (!recon_angle_lines_find_comma (path, lines.next, given, &lines.decimal_comma, error) ||
      !skip_titles (&lines, column, &line, &titles, &n_titles, error))
    return NULL;

  recon_angle_line_parse (&first, line, lines.decimal_comma);
  if (!given)
    column = choose_column (&first, titles, lines.decimal_comma, &by_title);
  if (column == 0)
    {
      set_which_column (&lines, line, &first, error);
      return NULL;
    }

  for (; line != NULL; line = take_line (&lines))
    {
      double value = 0;

      if (!read_value (&lines, line, &first, column, given || by_title, &value, error))
        return NULL;
      if (values->len == MAX_VALUES)
        return recon_fail_null (error, RECON_ERROR_INPUT, _ ("%s holds more than %u angles. Choose another file."),
                                path, MAX_VALUES);
      g_array_append_val (values, value);
      g_ptr_array_add (kept, line);
    }

  note_choice (&lines, n_titles, column, !given && (by_title || column > 1), notes);
  if (keys != NULL)
    *keys = recon_angle_keys_find (kept, column, lines.decimal_comma);
  *n_values = values->len;
  *unit = g_steal_pointer (&lines.unit);

  return (double *) g_array_steal (values, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series.h"

#include <string.h>

/* Longer ones are no counters, and may not fit. */
#define MAX_DIGITS 18

/* Further numbers of a name are text. */
#define MAX_FIELDS 16

#define DIGITS "0123456789"

/* What stands for a number in a text. */
#define MARK '\001'

/* Steps of decimal numbers differ by no more than this. */
#define UNEVEN 1.5

/* A minus is a sign where it joins nothing: "angle_-90", not "scan-90". */
static gboolean
is_sign (const char *name,
         gsize       i)
{
  return name[i] == '-' && g_ascii_isdigit (name[i + 1]) && i > 0 && !g_ascii_isalnum (name[i - 1]) &&
         strchr ("-/. )", name[i - 1]) == NULL;
}

static ReconSeriesField
parse_field (const char *name,
             gsize       start,
             gsize       length)
{
  g_autofree char *digits = g_strndup (name + start, length);

  return (ReconSeriesField){ g_ascii_strtoll (digits, NULL, 10), start, length };
}

/* ".TIFF" and ".tif" are one. */
static void
tidy_extension (GString *text)
{
  char *dot = strrchr (text->str, '.');

  if (dot == NULL || strchr (dot, '/') != NULL || strchr (dot, MARK) != NULL)
    return;

  for (char *p = dot; *p != '\0'; p++)
    *p = g_ascii_tolower (*p);
  if (strcmp (dot, ".tiff") == 0)
    g_string_truncate (text, text->len - 1);
}

/**
 * recon_series_name_new:
 * @name: a file name or path
 *
 * Returns: (transfer full): its numbers, and the text around them
 */
ReconSeriesName *
recon_series_name_new (const char *name)
{
  ReconSeriesName *self = g_new0 (ReconSeriesName, 1);
  g_autoptr (GArray) fields = g_array_new (FALSE, FALSE, sizeof (ReconSeriesField));
  g_autoptr (GString) text = g_string_new (NULL);

  self->name = g_strdup (name);
  for (gsize i = 0; name[i] != '\0';)
    {
      gsize sign = is_sign (name, i) ? 1 : 0;
      gsize n = strspn (name + i + sign, DIGITS);

      if (n == 0)
        {
          g_string_append_c (text, name[i++]);
          continue;
        }

      if (n > MAX_DIGITS || fields->len == MAX_FIELDS)
        {
          g_string_append_len (text, name + i, (gssize) (sign + n));
        }
      else
        {
          ReconSeriesField field = parse_field (name, i, sign + n);

          g_array_append_val (fields, field);
          g_string_append_c (text, MARK);
        }
      i += sign + n;
    }

  tidy_extension (text);
  self->text = g_string_free (g_steal_pointer (&text), FALSE);
  self->n_fields = fields->len;
  self->fields = (ReconSeriesField *) g_array_steal (fields, NULL);

  return self;
}

void
recon_series_name_free (ReconSeriesName *self)
{
  g_free (self->name);
  g_free (self->text);
  g_free (self->fields);
  g_free (self);
}

/**
 * recon_series_name_equal:
 * @a: a name
 * @b: a name of the same text
 *
 * Returns: whether their numbers are equal
 */
gboolean
recon_series_name_equal (const ReconSeriesName *a,
                         const ReconSeriesName *b)
{
  for (guint i = 0; i < a->n_fields; i++)
    if (a->fields[i].value != b->fields[i].value)
      return FALSE;

  return TRUE;
}

/**
 * recon_series_compare_values:
 * @a: a number, as gint64
 * @b: another one
 *
 * Returns: less than, equal to or greater than 0
 */
int
recon_series_compare_values (gconstpointer a,
                             gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return first < second ? -1 : first > second;
}

static int
compare_fields_cb (gconstpointer a,
                   gconstpointer b,
                   gpointer      user_data)
{
  const ReconSeriesName *first = *(ReconSeriesName *const *) a, *second = *(ReconSeriesName *const *) b;
  guint field = GPOINTER_TO_UINT (user_data);
  gint64 x = first->fields[field].value, y = second->fields[field].value;

  if (x != y)
    return x < y ? -1 : 1;

  return recon_natural_compare (first->name, second->name);
}

/**
 * recon_series_names_sort:
 * @names: (element-type ReconSeriesName): names of the same text
 * @field: one of their numbers
 *
 * Sorts them by that number.
 */
void
recon_series_names_sort (GPtrArray *names,
                         guint      field)
{
  g_ptr_array_sort_with_data (names, compare_fields_cb, GUINT_TO_POINTER (field));
}

/* Whether the numbers @field and @field + 1 are written as decimal numbers, with as many decimals in every name. */
static gboolean
are_decimals (GPtrArray *names,
              guint      field)
{
  const ReconSeriesName *first = names->pdata[0];

  for (guint i = 0; i < names->len; i++)
    {
      const ReconSeriesName *name = names->pdata[i];
      const ReconSeriesField *whole = &name->fields[field], *part = &name->fields[field + 1];

      if (part->start != whole->start + whole->length + 1 || name->name[part->start - 1] != '.' ||
          part->length != first->fields[field + 1].length || whole->length + part->length > MAX_DIGITS)
        return FALSE;
    }

  return TRUE;
}

static ReconSeriesField
join (const ReconSeriesName *name,
      guint                  field)
{
  const ReconSeriesField *whole = &name->fields[field], *part = &name->fields[field + 1];
  gint64 scale = 1;

  for (gsize i = 0; i < part->length; i++)
    scale *= 10;

  return (ReconSeriesField){
    .value = whole->value * scale + (name->name[whole->start] == '-' ? -part->value : part->value),
    .start = whole->start,
    .length = whole->length + 1 + part->length,
  };
}

/* Numbers of a scan and of an image, with a full stop between them, would jump where the scan's changes. */
static gboolean
are_evenly_spaced (GPtrArray *names,
                   guint      field)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 least = G_MAXINT64, most = 0;

  for (guint i = 0; i < names->len; i++)
    {
      gint64 value = join (names->pdata[i], field).value;

      g_array_append_val (values, value);
    }
  g_array_sort (values, recon_series_compare_values);

  for (guint i = 1; i < values->len; i++)
    {
      gint64 step = g_array_index (values, gint64, i) - g_array_index (values, gint64, i - 1);

      least = MIN (least, step);
      most = MAX (most, step);
    }

  return least > 0 && (double) most <= UNEVEN * (double) least;
}

/**
 * recon_series_names_join_decimals:
 * @names: (element-type ReconSeriesName): at least two names of the same text
 *
 * Angles in names, such as 000.5 and 001.0, are two numbers that belong together. If the names have two such and they
 * are evenly spaced so, they become one in each name, in units of the last decimal.
 *
 * Returns: whether they have
 */
gboolean
recon_series_names_join_decimals (GPtrArray *names)
{
  const ReconSeriesName *first = names->pdata[0];

  for (guint field = 0; field + 1 < first->n_fields; field++)
    {
      if (!are_decimals (names, field) || !are_evenly_spaced (names, field))
        continue;

      for (guint i = 0; i < names->len; i++)
        {
          ReconSeriesName *name = names->pdata[i];

          name->fields[field] = join (name, field);
          name->n_fields--;
          memmove (name->fields + field + 1, name->fields + field + 2,
                   (name->n_fields - field - 1) * sizeof (ReconSeriesField));
        }
      return TRUE;
    }

  return FALSE;
}

/* The fewest digits that the running number is written with, if all names are what a conversion such as %05d makes of
 * it, and of nothing else; otherwise 0. */
static gsize
find_width (GPtrArray *names,
            guint      field)
{
  const ReconSeriesName *first = names->pdata[0];
  const char *rest = first->name + first->fields[field].start + first->fields[field].length;
  gsize width = G_MAXSIZE;

  for (guint i = 0; i < names->len; i++)
    {
      const ReconSeriesName *name = names->pdata[i];
      const ReconSeriesField *number = &name->fields[field];

      if (number->start != first->fields[field].start ||
          strspn (name->name + number->start, DIGITS) != number->length ||
          strncmp (name->name, first->name, number->start) != 0 ||
          strcmp (name->name + number->start + number->length, rest) != 0)
        return 0;
      width = MIN (width, number->length);
    }

  for (guint i = 0; i < names->len; i++)
    {
      const ReconSeriesName *name = names->pdata[i];
      const ReconSeriesField *number = &name->fields[field];

      if (number->length > width && name->name[number->start] == '0')
        return 0;
    }

  return width;
}

static void
append_percent (GString    *pattern,
                const char *text,
                gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '%')
        g_string_append_c (pattern, '%');
      g_string_append_c (pattern, text[i]);
    }
}

/* Whether the number @field is written alike, with @length bytes, in all names. */
static gboolean
is_common (GPtrArray *names,
           guint      field,
           gsize      length)
{
  const ReconSeriesName *first = names->pdata[0];
  const char *text = first->name + first->fields[field].start;

  for (guint i = 1; i < names->len; i++)
    {
      const ReconSeriesName *name = names->pdata[i];

      if (name->fields[field].length != length || strncmp (name->name + name->fields[field].start, text, length) != 0)
        return FALSE;
    }

  return TRUE;
}

/* A * for each number that is not the same everywhere, and for an extension that is not. */
static char *
make_glob (GPtrArray *names)
{
  const ReconSeriesName *first = names->pdata[0];
  GString *pattern = g_string_new (NULL);
  const char *end, *dot;
  gsize done = 0;

  for (guint field = 0; field < first->n_fields; field++)
    {
      const ReconSeriesField *number = &first->fields[field];

      recon_glob_append (pattern, first->name + done, number->start - done);
      if (is_common (names, field, number->length))
        recon_glob_append (pattern, first->name + number->start, number->length);
      else
        g_string_append_c (pattern, '*');
      done = number->start + number->length;
    }

  end = first->name + done;
  dot = strrchr (end, '.');
  for (guint i = 1; dot != NULL && i < names->len; i++)
    if (!g_str_has_suffix (((const ReconSeriesName *) names->pdata[i])->name, dot))
      {
        recon_glob_append (pattern, end, (gsize) (dot - end) + 1);
        g_string_append_c (pattern, '*');
        return g_string_free (pattern, FALSE);
      }

  recon_glob_append (pattern, end, strlen (end));

  return g_string_free (pattern, FALSE);
}

/**
 * recon_series_names_make_pattern:
 * @names: (element-type ReconSeriesName): at least one name, all of the same text
 * @running: the number that runs, or −1
 *
 * Returns: (transfer full): the only name; a pattern such as raw_%05d.tif, where there is one that gives all names;
 *   else a glob, which may match other names too
 */
char *
recon_series_names_make_pattern (GPtrArray *names,
                                 int        running)
{
  const ReconSeriesName *first = names->pdata[0];
  const ReconSeriesField *number;
  GString *pattern;
  gsize width, end;

  if (names->len == 1)
    return g_strdup (first->name);

  width = running >= 0 ? find_width (names, (guint) running) : 0;
  if (width == 0)
    return make_glob (names);

  number = &first->fields[running];
  end = number->start + number->length;
  pattern = g_string_new (NULL);
  append_percent (pattern, first->name, number->start);
  if (width == 1)
    g_string_append (pattern, "%d");
  else
    g_string_append_printf (pattern, "%%0%" G_GSIZE_FORMAT "d", width);
  append_percent (pattern, first->name + end, strlen (first->name + end));

  return g_string_free (pattern, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series.h"

#include <string.h>

/* Names whose text between the numbers is the same are of one kind. Among their numbers, one runs: it is another one
 * in each name. Where none is, there are several series, such as scan1_0001 … scan1_0900, scan2_0001 …, and the number
 * with the fewest values distinguishes them. */

/* The values of one field of all names, sorted; and how many there are. */
static GArray *
sort_values (GPtrArray *parts,
             guint      field,
             guint     *n_different)
{
  GArray *values = g_array_sized_new (FALSE, FALSE, sizeof (gint64), parts->len);

  for (guint i = 0; i < parts->len; i++)
    {
      const ReconSeriesName *name = parts->pdata[i];

      g_array_append_val (values, name->fields[field].value);
    }
  g_array_sort (values, recon_series_compare_values);

  *n_different = values->len > 0 ? 1 : 0;
  for (guint i = 1; i < values->len; i++)
    *n_different += g_array_index (values, gint64, i) != g_array_index (values, gint64, i - 1);

  return values;
}

/* The field that runs, and the one that distinguishes series; −1 for none. Several may run, a number and a time or an
 * angle: the one that counts has the smallest steps. */
static void
choose_fields (GPtrArray *parts,
               int       *running,
               int       *distinguishing)
{
  const ReconSeriesName *first = parts->pdata[0];
  guint64 shortest = G_MAXUINT64;
  guint fewest = G_MAXUINT;

  *running = -1;
  *distinguishing = -1;
  for (guint field = 0; field < first->n_fields; field++)
    {
      guint n;
      g_autoptr (GArray) values = sort_values (parts, field, &n);
      guint64 span = (guint64) g_array_index (values, gint64, values->len - 1) -
                     (guint64) g_array_index (values, gint64, 0);

      if (n == parts->len && span <= shortest)
        {
          shortest = span;
          *running = (int) field;
        }
      if (n > 1 && n < fewest)
        {
          fewest = n;
          *distinguishing = (int) field;
        }
    }
}

static int
compare_parts_cb (gconstpointer a,
                  gconstpointer b)
{
  const ReconSeriesName *first = *(ReconSeriesName *const *) a, *second = *(ReconSeriesName *const *) b;

  return recon_natural_compare (first->name, second->name);
}

static ReconSeriesGroup *
make_group (GPtrArray *parts,
            int        running)
{
  const ReconSeriesName *first = parts->pdata[0];
  ReconSeriesGroup *self = g_new0 (ReconSeriesGroup, 1);

  if (running >= 0)
    {
      recon_series_names_sort (parts, (guint) running);
      first = parts->pdata[0];
      self->numbers = g_array_sized_new (FALSE, FALSE, sizeof (gint64), parts->len);
      self->stem = g_strndup (first->name, first->fields[running].start);
    }
  else
    {
      self->stem = g_strdup (first->name);
    }

  self->pattern = recon_series_names_make_pattern (parts, running);
  self->names = g_ptr_array_new_full (parts->len, g_free);
  for (guint i = 0; i < parts->len; i++)
    {
      const ReconSeriesName *name = parts->pdata[i];

      g_ptr_array_add (self->names, g_strdup (name->name));
      if (running >= 0)
        g_array_append_val (self->numbers, name->fields[running].value);
    }

  return self;
}

/* Two names with the same numbers, such as a_1.tif and a_01.tif or a_1.TIFF, are not of one series. */
static GPtrArray *
take_doubles (GPtrArray *parts)
{
  g_autoptr (GPtrArray) singles = g_ptr_array_new ();
  g_autoptr (GPtrArray) doubles = g_ptr_array_new ();

  for (guint i = 0; i < parts->len; i++)
    {
      const ReconSeriesName *last = singles->len > 0 ? singles->pdata[singles->len - 1] : NULL;

      if (last != NULL && recon_series_name_equal (last, parts->pdata[i]))
        g_ptr_array_add (doubles, parts->pdata[i]);
      else
        g_ptr_array_add (singles, parts->pdata[i]);
    }

  g_ptr_array_set_size (parts, 0);
  g_ptr_array_extend (parts, singles, NULL, NULL);

  return g_steal_pointer (&doubles);
}

/* Adds the groups of names whose texts are the same. */
static void
divide (GPtrArray *parts,
        GPtrArray *groups)
{
  const ReconSeriesName *first = parts->pdata[0];
  g_autoptr (GHashTable) divided = NULL;
  g_autoptr (GPtrArray) keys = NULL;
  int running, distinguishing;

  if (parts->len == 1)
    {
      g_ptr_array_add (groups, make_group (parts, (int) first->n_fields - 1));
      return;
    }

  choose_fields (parts, &running, &distinguishing);
  if (running < 0 && recon_series_names_join_decimals (parts))
    choose_fields (parts, &running, &distinguishing);
  if (running >= 0 || distinguishing < 0)
    {
      g_ptr_array_add (groups, make_group (parts, running));
      return;
    }

  divided = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  keys = g_ptr_array_new ();
  for (guint i = 0; i < parts->len; i++)
    {
      ReconSeriesName *name = parts->pdata[i];
      GPtrArray *part = g_hash_table_lookup (divided, &name->fields[distinguishing].value);

      if (part == NULL)
        {
          part = g_ptr_array_new ();
          g_hash_table_insert (divided, &name->fields[distinguishing].value, part);
          g_ptr_array_add (keys, part);
        }
      g_ptr_array_add (part, name);
    }

  /* Each part has one field less that differs. */
  for (guint i = 0; i < keys->len; i++)
    divide (keys->pdata[i], groups);
}

static int
compare_groups_cb (gconstpointer a,
                   gconstpointer b)
{
  const ReconSeriesGroup *first = *(ReconSeriesGroup *const *) a, *second = *(ReconSeriesGroup *const *) b;

  if (first->names->len != second->names->len)
    return first->names->len > second->names->len ? -1 : 1;

  return recon_natural_compare (first->names->pdata[0], second->names->pdata[0]);
}

/* Adds stacks that are in several files, and leaves the other names. Returns: (transfer container) */
static GPtrArray *
take_parts (GPtrArray  *names,
            const char *folder,
            GPtrArray  *groups)
{
  g_autoptr (GPtrArray) stacks = recon_series_parts_find (names, folder);
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *others = g_ptr_array_new ();

  for (guint i = 0; i < stacks->len; i++)
    {
      const ReconSeriesParts *stack = g_ptr_array_index (stacks, i);
      ReconSeriesGroup *group = g_new0 (ReconSeriesGroup, 1);

      group->pattern = g_strdup (stack->pattern);
      group->stem = g_strdup (g_ptr_array_index (stack->names, 0));
      group->names = g_ptr_array_ref (stack->names);
      group->in_parts = TRUE;
      group->lacks = g_strdup (stack->lacks);
      g_ptr_array_add (groups, group);
      for (guint k = 0; k < stack->names->len; k++)
        g_hash_table_add (taken, g_ptr_array_index (stack->names, k));
    }

  for (guint i = 0; i < names->len; i++)
    if (!g_hash_table_contains (taken, g_ptr_array_index (names, i)))
      g_ptr_array_add (others, g_ptr_array_index (names, i));

  return others;
}

/**
 * recon_series_groups_find:
 * @names: (element-type filename): file names or paths, different, in any order
 * @folder: (nullable): where names are; %NULL for paths
 *
 * Tells the series apart that @names consist of. A series are names that are the same but for a number, whether it is
 * padded with zeros or not. Other numbers may change along with it, such as an angle or a time; an extension may be in
 * capitals, and .tiff is the same as .tif. Names without any number are groups of one.
 * The files of a stack that goes on in others, such as stack.ome.tif and stack_1.ome.tif, are a series too; a few files
 * are opened to tell.
 *
 * Returns: (transfer full) (element-type ReconSeriesGroup): the groups, those with most names first, else in natural
 *   order
 */
GPtrArray *
recon_series_groups_find (GPtrArray  *names,
                          const char *folder)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_series_group_free);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_series_name_free);
  g_autoptr (GHashTable) kinds = NULL;
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  g_autoptr (GPtrArray) single = NULL;

  g_return_val_if_fail (names != NULL, groups);

  single = take_parts (names, folder, groups);
  kinds = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < single->len; i++)
    g_ptr_array_add (all, recon_series_name_new (single->pdata[i]));
  g_ptr_array_sort (all, compare_parts_cb);

  for (guint i = 0; i < all->len; i++)
    {
      ReconSeriesName *name = all->pdata[i];
      GPtrArray *kind = g_hash_table_lookup (kinds, name->text);

      if (kind == NULL)
        {
          kind = g_ptr_array_new ();
          g_hash_table_insert (kinds, name->text, kind);
          g_ptr_array_add (order, kind);
        }
      g_ptr_array_add (kind, name);
    }

  for (guint i = 0; i < order->len; i++)
    {
      g_autoptr (GPtrArray) parts = g_ptr_array_ref (order->pdata[i]);

      while (parts->len > 0)
        {
          GPtrArray *doubles = take_doubles (parts);

          divide (parts, groups);
          g_ptr_array_unref (parts);
          parts = doubles;
        }
    }

  g_ptr_array_sort (groups, compare_groups_cb);

  return groups;
}

void
recon_series_group_free (ReconSeriesGroup *self)
{
  g_free (self->pattern);
  g_free (self->stem);
  g_ptr_array_unref (self->names);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_free (self->lacks);
  g_free (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/series.h"

#include <string.h>

#include "io/tiff-image.h"

/* Programs begin another file where a stack becomes too large for one: Micro-Manager goes on from
 * …_MMStack_Pos0.ome.tif with …_MMStack_Pos0_1.ome.tif, pco's from scan.tif with scan@0001.tif, Andor's with
 * scan_X2.tif. A scan that was repeated may be named alike: where the way of naming doesn't tell, the first file has to
 * say that it is not all. */

#define MAX_DIGITS 6

typedef struct
{
  const char *mark;  /* before the number */
  guint       first; /* the number of the second file */
  gboolean    sure;  /* only parts are named so */
} Way;

static const Way ways[] = { { "@", 1, TRUE }, { "_X", 2, TRUE }, { "_", 1, FALSE }, { "-", 1, FALSE } };

/* Only Micro-Manager names files so. */
#define MICRO_MANAGER "_MMStack"

typedef struct
{
  const char *name;
  const Way  *way;
  guint       number;
} Part;

/* Where ".ome.tif" or ".tif" begins. */
static gsize
find_extension (const char *name)
{
  static const char *const doubles[] = { ".ome.tif", ".ome.tiff" };
  const char *dot = strrchr (name, '.');

  for (gsize i = 0; i < G_N_ELEMENTS (doubles); i++)
    {
      gsize n = strlen (name), k = strlen (doubles[i]);

      if (n > k && g_ascii_strcasecmp (name + n - k, doubles[i]) == 0)
        return n - k;
    }

  return dot != NULL ? (gsize) (dot - name) : strlen (name);
}

/* Reads a name as that of a further part. Returns: (nullable): the name of the first one */
static char *
read_part (const char *name,
           Part       *part)
{
  gsize end = find_extension (name), begin = end;

  while (begin > 0 && g_ascii_isdigit (name[begin - 1]))
    begin--;
  if (begin == end || end - begin > MAX_DIGITS)
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      gsize mark = strlen (ways[i].mark);

      if (begin <= mark || strncmp (name + begin - mark, ways[i].mark, mark) != 0)
        continue;

      *part = (Part) { name, &ways[i], (guint) g_ascii_strtoull (name + begin, NULL, 10) };

      return g_strdup_printf ("%.*s%s", (int) (begin - mark), name, name + end);
    }

  return NULL;
}

/* Whether a file is a stack that goes on elsewhere. */
static gboolean
goes_on (const char *path,
         gboolean    sure)
{
  g_autoptr (ReconTiffImage) image = recon_tiff_image_open (path, NULL);
  g_autofree char *dimensions = NULL;
  ReconTiffHidden hidden;
  guint64 n_claimed, n = 1;

  if (image == NULL)
    return FALSE;
  if (recon_tiff_image_find_hidden (image, &hidden))
    return sure;
  if (recon_tiff_image_is_last (image))
    return FALSE;
  if (sure)
    return TRUE;

  dimensions = recon_tiff_dimensions_read (recon_tiff_image_get_description (image), &n_claimed);
  while (n < n_claimed && !recon_tiff_image_is_last (image) && recon_tiff_image_next (image, NULL))
    n++;

  return n < n_claimed;
}

static int
compare_parts_cb (gconstpointer a,
                  gconstpointer b)
{
  const Part *first = a, *second = b;

  return first->number < second->number ? -1 : first->number > second->number;
}

/* The name of a part that would stand before @part. */
static char *
name_missing (const char *base,
              const Part *part,
              guint       number)
{
  gsize end = find_extension (base);
  gsize digits = find_extension (part->name) - end - strlen (part->way->mark);

  return g_strdup_printf ("%.*s%s%0*u%s", (int) end, base, part->way->mark, (int) digits, number, base + end);
}

static char *
make_pattern (const char *base)
{
  gsize end = find_extension (base);
  GString *pattern = g_string_new (NULL);

  recon_glob_append (pattern, base, end);
  if (base[end] != '\0')
    g_string_append_c (pattern, '*');
  recon_glob_append (pattern, base + end, strlen (base + end));

  return g_string_free (pattern, FALSE);
}

/* Returns: (nullable): the parts, if names and the first file say that they are; @parts: sorted */
static ReconSeriesParts *
join (const char *base,
      GArray     *parts,
      const char *folder)
{
  const Part *first = &g_array_index (parts, Part, 0);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, base, NULL) : g_strdup (base);
  ReconSeriesParts *self;

  for (guint i = 0; i < parts->len; i++)
    if (g_array_index (parts, Part, i).way != first->way || g_array_index (parts, Part, i).number < first->way->first ||
        (i > 0 && g_array_index (parts, Part, i).number == g_array_index (parts, Part, i - 1).number))
      return NULL;

  if (!goes_on (path, first->way->sure || strstr (base, MICRO_MANAGER) != NULL))
    return NULL;

  self = g_new0 (ReconSeriesParts, 1);
  self->pattern = make_pattern (base);
  self->names = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->names, g_strdup (base));
  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);

      g_ptr_array_add (self->names, g_strdup (part->name));
      if (self->lacks == NULL && part->number != part->way->first + i)
        self->lacks = name_missing (base, part, part->way->first + i);
    }

  return self;
}

/* The parts that each first file may have: of its name, as a key. */
static GHashTable *
list_parts (GPtrArray *names)
{
  g_autoptr (GHashTable) all = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *bases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);

  for (guint i = 0; i < names->len; i++)
    g_hash_table_add (all, g_ptr_array_index (names, i));

  for (guint i = 0; i < names->len; i++)
    {
      Part part;
      g_autofree char *base = read_part (g_ptr_array_index (names, i), &part);
      GArray *parts;

      if (base == NULL || !g_hash_table_contains (all, base))
        continue;

      parts = g_hash_table_lookup (bases, base);
      if (parts == NULL)
        {
          parts = g_array_new (FALSE, FALSE, sizeof (Part));
          g_hash_table_insert (bases, g_steal_pointer (&base), parts);
        }
      g_array_append_val (parts, part);
    }

  return bases;
}

/**
 * recon_series_parts_find:
 * @names: (element-type filename): file names or paths, different
 * @folder: (nullable): where names are; %NULL for paths
 *
 * Finds stacks that were written into several files, by names and by what the first file is. Files are opened only
 * where there are names of further parts.
 *
 * Returns: (transfer full) (element-type ReconSeriesParts): those stacks, in natural order
 */
GPtrArray *
recon_series_parts_find (GPtrArray  *names,
                         const char *folder)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_series_parts_free);
  g_autoptr (GHashTable) bases = list_parts (names);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer base;

  g_hash_table_iter_init (&iter, bases);
  while (g_hash_table_iter_next (&iter, &base, NULL))
    g_ptr_array_add (order, base);
  recon_natural_sort (order);

  for (guint i = 0; i < order->len; i++)
    {
      GArray *parts = g_hash_table_lookup (bases, g_ptr_array_index (order, i));
      ReconSeriesParts *self;

      g_array_sort (parts, compare_parts_cb);
      self = join (g_ptr_array_index (order, i), parts, folder);
      if (self != NULL)
        g_ptr_array_add (found, self);
    }

  return found;
}

void
recon_series_parts_free (ReconSeriesParts *self)
{
  g_free (self->pattern);
  g_ptr_array_unref (self->names);
  g_free (self->lacks);
  g_free (self);
}

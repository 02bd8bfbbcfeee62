/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/natural-order.h"

#include <string.h>

static gsize
count_digits (const char *text)
{
  gsize n = 0;

  while (g_ascii_isdigit (text[n]))
    n++;

  return n;
}

/* Compares the numbers that both texts begin with, of any length, and steps over them. */
static int
compare_numbers (const char **a,
                 const char **b)
{
  gsize n_a, n_b;
  int order;

  while (**a == '0')
    (*a)++;
  while (**b == '0')
    (*b)++;

  n_a = count_digits (*a);
  n_b = count_digits (*b);
  order = n_a != n_b ? (n_a < n_b ? -1 : 1) : memcmp (*a, *b, n_a);

  *a += n_a;
  *b += n_b;

  return order;
}

/**
 * recon_natural_compare:
 * @a: a file name
 * @b: another file name
 *
 * Compares names with the numbers in them taken by value, so that img_2 comes before img_10. All else is
 * compared byte by byte: the order is the same in every locale, and total (only equal names compare
 * equal), so that a series has one order everywhere.
 *
 * Returns: less than, equal to or greater than 0
 */
int
recon_natural_compare (const char *a,
                       const char *b)
{
  const char *p = a, *q = b;

  g_return_val_if_fail (a != NULL && b != NULL, 0);

  while (*p != '\0' && *q != '\0')
    {
      if (g_ascii_isdigit (*p) && g_ascii_isdigit (*q))
        {
          int order = compare_numbers (&p, &q);

          if (order != 0)
            return order;
        }
      else if (*p != *q)
        {
          return (guchar) *p < (guchar) *q ? -1 : 1;
        }
      else
        {
          p++;
          q++;
        }
    }

  if (*p != *q)
    return *p == '\0' ? -1 : 1;

  /* The same but for leading zeros. */
  return strcmp (a, b);
}

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  return recon_natural_compare (*(const char *const *) a, *(const char *const *) b);
}

/**
 * recon_natural_sort:
 * @names: (element-type filename): names or paths
 *
 * Puts them in the order of recon_natural_compare().
 */
void
recon_natural_sort (GPtrArray *names)
{
  g_ptr_array_sort (names, compare_cb);
}

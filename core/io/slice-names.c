/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/slice-names.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"

/* Wider than any number, narrow enough for a file name. */
#define MAX_WIDTH 64

static gboolean
parse_conversion (ReconSliceNames  *self,
                  const char      **text)
{
  const char *p = *text;
  guint64 width = 0;

  self->zeros = *p == '0';
  while (g_ascii_isdigit (*p) && width <= MAX_WIDTH)
    width = width * 10 + (guint) (*p++ - '0');
  if (width > MAX_WIDTH || *p == '\0' || strchr ("diu", *p) == NULL)
    return FALSE;

  self->width = (guint) width;
  *text = p + 1;

  return TRUE;
}

/**
 * recon_slice_names_new:
 * @pattern: a file name with one %d, %i or %u, which may have a width (%5d) and leading zeros (%05d); %% is a
 *   percent sign
 * @error: return location
 *
 * Returns: (transfer full): names of that pattern, or %NULL with #RECON_ERROR_CONFIG
 */
ReconSliceNames *
recon_slice_names_new (const char  *pattern,
                       GError     **error)
{
  g_autoptr (ReconSliceNames) self = g_new0 (ReconSliceNames, 1);
  g_autoptr (GString) text = g_string_new (NULL);
  const char *p = pattern;
  gboolean valid = TRUE;

  g_return_val_if_fail (pattern != NULL, NULL);

  while (*p != '\0' && valid)
    {
      if (p[0] != '%' || p[1] == '%')
        {
          g_string_append_c (text, *p);
          p += p[0] == '%' ? 2 : 1;
          continue;
        }
      p++;
      valid = self->prefix == NULL && parse_conversion (self, &p);
      if (valid)
        {
          self->prefix = g_strdup (text->str);
          g_string_truncate (text, 0);
        }
    }

  if (!valid || self->prefix == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("The file name %s needs exactly one place for the number of the slice, such as %%05d; a percent "
                      "sign itself is written %%%%."),
                   pattern);
      return NULL;
    }
  self->suffix = g_strdup (text->str);

  return g_steal_pointer (&self);
}

void
recon_slice_names_free (ReconSliceNames *self)
{
  g_free (self->prefix);
  g_free (self->suffix);
  g_free (self);
}

/**
 * recon_slice_names_format:
 * @self: names
 * @number: number of a slice
 *
 * Returns: (transfer full): the name of that slice's file
 */
char *
recon_slice_names_format (const ReconSliceNames *self,
                          guint                  number)
{
  if (self->zeros)
    return g_strdup_printf ("%s%0*u%s", self->prefix, (int) self->width, number, self->suffix);

  return g_strdup_printf ("%s%*u%s", self->prefix, (int) self->width, number, self->suffix);
}

/**
 * recon_slice_names_match:
 * @self: names
 * @name: a file name without a folder
 *
 * Returns: whether @name is the name of a slice: the one that recon_slice_names_format() makes for some number
 */
gboolean
recon_slice_names_match (const ReconSliceNames *self,
                         const char            *name)
{
  gsize length = strlen (name);
  gsize prefix = strlen (self->prefix);
  gsize suffix = strlen (self->suffix);
  g_autofree char *digits = NULL;
  g_autofree char *expected = NULL;
  guint64 number;

  if (length <= prefix + suffix || !g_str_has_prefix (name, self->prefix) || !g_str_has_suffix (name, self->suffix))
    return FALSE;

  digits = g_strndup (name + prefix, length - prefix - suffix);
  if (!g_ascii_string_to_unsigned (g_strchug (digits), 10, 0, G_MAXUINT, &number, NULL))
    return FALSE;

  expected = recon_slice_names_format (self, (guint) number);

  return strcmp (name, expected) == 0;
}

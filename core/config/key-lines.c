/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/key-lines.h"

#include <string.h>

static void
key_line_free (ReconKeyLine *self)
{
  g_free (self->group);
  g_free (self->key);
  g_free (self);
}

/* The next line of the text without white space at its ends; %NULL after the last. */
static char *
next_line (const char **cursor)
{
  const char *start = *cursor;
  gsize length;

  if (*start == '\0')
    return NULL;

  length = strcspn (start, "\n");
  *cursor = start + length + (start[length] == '\n');

  return g_strstrip (g_strndup (start, length));
}

static gboolean
is_comment (const char *line)
{
  return line[0] == '\0' || line[0] == '#';
}

/**
 * recon_key_lines_new:
 * @data: a text that GKeyFile has accepted
 *
 * Returns: (transfer full) (element-type ReconKeyLine): the lines with groups and keys, in order
 */
GPtrArray *
recon_key_lines_new (const char *data)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) key_line_free);
  g_autofree char *group = NULL;
  char *next;

  for (guint number = 1; (next = next_line (&data)) != NULL; number++)
    {
      g_autofree char *line = next;
      ReconKeyLine *entry;

      if (is_comment (line))
        continue;

      entry = g_new0 (ReconKeyLine, 1);
      entry->line = number;
      if (line[0] == '[')
        {
          g_free (group);
          group = g_strndup (line + 1, strcspn (line + 1, "]"));
        }
      else
        entry->key = g_strchomp (g_strndup (line, strcspn (line, "=")));
      entry->group = g_strdup (group);
      g_ptr_array_add (lines, entry);
    }

  return lines;
}

/**
 * recon_key_lines_find_bad:
 * @data: a text that GKeyFile has refused
 * @text: (out) (transfer full) (optional): the line
 *
 * Finds the first line that GKeyFile refuses, by giving it one line at a time.
 *
 * Returns: its number; 0 if every line alone is good
 */
guint
recon_key_lines_find_bad (const char  *data,
                          char       **text)
{
  g_autofree char *first_group = NULL;
  const char *before = ""; /* keys need a group before them */
  char *next;

  for (guint number = 1; (next = next_line (&data)) != NULL; number++)
    {
      g_autofree char *line = next;
      g_autofree char *alone = NULL;
      g_autoptr (GKeyFile) file = g_key_file_new ();

      if (is_comment (line))
        continue;

      alone = g_strconcat (line[0] == '[' ? "" : before, line, "\n", NULL);
      if (!g_key_file_load_from_data (file, alone, strlen (alone), G_KEY_FILE_NONE, NULL))
        {
          if (text != NULL)
            *text = g_steal_pointer (&line);
          return number;
        }

      if (line[0] == '[')
        {
          /* "Encoding" has a meaning in the first group only. */
          if (first_group == NULL)
            first_group = g_strdup (line);
          before = strcmp (line, first_group) == 0 ? "[a]\n" : "[a]\n[b]\n";
        }
    }

  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "config/key-file.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"
#include "config/text.h"

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

/* The number and text of the first line that GKeyFile refuses, found by giving it one line at a time; 0 if every line
 * alone is good. */
static guint
find_bad_line (const char  *data,
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

/* No configuration is longer: somebody has chosen the wrong file. */
#define MAX_LENGTH (1024 * 1024)

/**
 * recon_key_file_read:
 * @path: a file; need not be a regular one
 * @length: (out): bytes read
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the contents, without a 0 at the end; %NULL with %RECON_ERROR_CONFIG if
 *   there is no such file or it cannot be a configuration, or with %RECON_ERROR_READ
 */
char *
recon_key_file_read (const char  *path,
                     gsize       *length,
                     GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *data = g_malloc (MAX_LENGTH + 1);

  stream = g_file_read (file, NULL, &local);
  if (stream == NULL)
    return recon_fail_null (error, RECON_ERROR_CONFIG,
                            _ ("Cannot open the configuration file: %s. Choose another one, or write one with "
                               "'reconstruct init %s'."),
                            local->message, name);

  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), data, MAX_LENGTH + 1, length, NULL, &local))
    return recon_fail_null (error, RECON_ERROR_READ, _ ("Cannot read the configuration file %s: %s."), name,
                            local->message);

  if (*length > MAX_LENGTH)
    return recon_fail_null (error, RECON_ERROR_CONFIG,
                            _ ("%s has more than %d bytes and cannot be a configuration file. Choose one that "
                               "Reconstruct wrote."),
                            name, MAX_LENGTH);

  return g_steal_pointer (&data);
}

/**
 * recon_key_file_to_text:
 * @data: (array length=length): any bytes
 * @length: their number
 * @name: what messages call the file
 * @error: return location
 *
 * Drops the byte order mark that some editors write.
 *
 * Returns: (transfer full) (nullable): the text; %NULL with %RECON_ERROR_CONFIG if it is not UTF-8
 */
char *
recon_key_file_to_text (const char  *data,
                        gsize        length,
                        const char  *name,
                        GError     **error)
{
  static const char mark[] = "\xef\xbb\xbf";
  const char *end = data;

  if (length > 0 && !g_utf8_validate (data, length, &end))
    {
      guint line = 1;

      for (const char *c = data; c < end; c++)
        line += *c == '\n';
      return recon_fail_null (error, RECON_ERROR_CONFIG,
                              _ ("%s, line %u: this is not UTF-8 text. Save the file as UTF-8, or choose a "
                                 "configuration file."),
                              name, line);
    }

  if (length >= strlen (mark) && memcmp (data, mark, strlen (mark)) == 0)
    {
      data += strlen (mark);
      length -= strlen (mark);
    }

  return g_strndup (data != NULL ? data : "", length);
}

/**
 * recon_key_file_parse:
 * @text: the text of a key file
 * @name: what messages call the file
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the key file, with its comments; %NULL with %RECON_ERROR_CONFIG, naming
 *   file and line and citing it
 */
GKeyFile *
recon_key_file_parse (const char  *text,
                      const char  *name,
                      GError     **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  g_autofree char *bad = NULL;
  g_autofree char *shown = NULL;
  guint line;

  if (g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS,
                                 &local))
    return g_steal_pointer (&file);

  line = find_bad_line (text, &bad);
  if (line == 0)
    return recon_fail_null (error, RECON_ERROR_CONFIG, _ ("%s is not a configuration file: %s."), name, local->message);

  shown = recon_text_abridge (bad);
  if (g_error_matches (local, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_UNKNOWN_ENCODING))
    return recon_fail_null (error, RECON_ERROR_CONFIG,
                            _ ("%s, line %u: '%s' asks for another encoding than UTF-8. Save the file as UTF-8 and "
                               "remove the line."),
                            name, line, shown);

  return recon_fail_null (error, RECON_ERROR_CONFIG,
                          _ ("%s, line %u: '%s' is neither '[group]', nor 'key=value' below a group, nor a comment, "
                             "which starts with '#'."),
                          name, line, shown);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/output-files.h"

struct _ReconLedger
{
  char     *path;
  int       fd;
  JsonNode *header;
  GArray   *ranges; /* pairs of guint: first, n */
};

static ReconLedger *
ledger_new (const char *path)
{
  ReconLedger *self = g_new0 (ReconLedger, 1);

  self->path = g_strdup (path);
  self->fd = -1;
  self->ranges = g_array_new (FALSE, FALSE, 2 * sizeof (guint));

  return self;
}

void
recon_ledger_free (ReconLedger *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->header, json_node_unref);
  g_array_unref (self->ranges);
  g_free (self->path);
  g_free (self);
}

static gboolean
fail_write (ReconLedger  *self,
            GError      **error)
{
  g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("%s could not be written: %s."), self->path,
               g_strerror (errno));
  return FALSE;
}

/* A line is written in one go and is on its way to the disk before the call returns, so that what it says has
 * finished is never more than what has. */
static gboolean
write_line (ReconLedger  *self,
            const char   *text,
            GError      **error)
{
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  gsize length = strlen (line);

  for (gsize done = 0; done < length;)
    {
      ssize_t n = write (self->fd, line + done, length - done);

      if (n < 0 && errno != EINTR)
        return fail_write (self, error);
      if (n > 0)
        done += (gsize) n;
    }

  if (fdatasync (self->fd) != 0 && errno != EINVAL && errno != EROFS)
    return fail_write (self, error);

  return TRUE;
}

/* Where the file system has no locks, two runs into one output are the user's care. */
static gboolean
lock (int          fd,
      const char  *path,
      GError     **error)
{
  if (flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_EXISTS,
               _ ("Another run is writing this output: it has %s open. Wait for its end or choose another --output."),
               path);
  return FALSE;
}

/**
 * recon_ledger_check_free:
 * @path: a ledger that may exist
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_EXISTS if a job that runs now has the ledger open
 */
gboolean
recon_ledger_check_free (const char  *path,
                         GError     **error)
{
  int fd = g_open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
  gboolean is_free;

  if (fd < 0)
    return TRUE;

  is_free = lock (fd, path, error);
  close (fd);

  return is_free;
}

/**
 * recon_ledger_create:
 * @path: file to create or replace
 * @header: (transfer none): an object that says what the job is
 * @error: return location
 *
 * Returns: (transfer full) (nullable): an empty ledger, or %NULL with #RECON_ERROR_WRITE, or #RECON_ERROR_EXISTS if a
 *   job that runs now has it open
 */
ReconLedger *
recon_ledger_create (const char  *path,
                     JsonNode    *header,
                     GError     **error)
{
  g_autoptr (ReconLedger) self = ledger_new (path);
  g_autofree char *text = json_to_string (header, FALSE);

  if (!recon_ledger_check_free (path, error))
    return NULL;
  self->fd = recon_file_open_new (AT_FDCWD, path, error);
  if (self->fd < 0 || !lock (self->fd, path, error))
    return NULL;

  self->header = json_node_copy (header);
  if (!write_line (self, text, error))
    return NULL;

  return g_steal_pointer (&self);
}

static void
parse_range (ReconLedger *self,
             JsonObject  *object)
{
  JsonNode *node = json_object_get_member (object, "finished");
  JsonArray *pair = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint range[2];

  if (pair == NULL || json_array_get_length (pair) != 2)
    return;

  for (guint i = 0; i < 2; i++)
    {
      gint64 value = json_array_get_int_element (pair, i);

      if (value < 0 || value > G_MAXINT32)
        return;
      range[i] = (guint) value;
    }
  g_array_append_val (self->ranges, range);
}

/* Reads whole lines; a last line without its end was being written when the job was killed and does not count.
 * Returns the length of the whole lines, or -1 if the first isn't a header. */
static gssize
parse_lines (ReconLedger *self,
             const char  *text)
{
  const char *line = text;
  const char *end;

  while ((end = strchr (line, '\n')) != NULL)
    {
      g_autoptr (JsonParser) parser = json_parser_new_immutable ();
      JsonNode *root = NULL;

      if (json_parser_load_from_data (parser, line, end - line, NULL))
        root = json_parser_get_root (parser);

      if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
        break;

      if (self->header == NULL)
        self->header = json_node_copy (root);
      else
        parse_range (self, json_node_get_object (root));
      line = end + 1;
    }

  return self->header != NULL ? line - text : -1;
}

/**
 * recon_ledger_open:
 * @path: a ledger that an earlier job left
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the ledger, ready to go on, or %NULL with #RECON_ERROR_RESUME, or
 *   #RECON_ERROR_EXISTS if a job that runs now has it open
 */
ReconLedger *
recon_ledger_open (const char  *path,
                   GError     **error)
{
  g_autoptr (ReconLedger) self = ledger_new (path);
  g_autofree char *text = NULL;
  gssize length;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                   _ ("There is nothing to resume: %s does not exist. Start without --resume."), path);
      return NULL;
    }

  self->fd = recon_file_open_old (AT_FDCWD, path, O_RDWR);
  if (self->fd < 0)
    {
      fail_write (self, error);
      return NULL;
    }
  if (!lock (self->fd, path, error))
    return NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    {
      g_prefix_error (error, _ ("The ledger of the earlier run cannot be read: "));
      return NULL;
    }

  length = parse_lines (self, text);
  if (length < 0)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                   _ ("%s is not the ledger of an earlier run. Start again without --resume."), path);
      return NULL;
    }

  if (ftruncate (self->fd, length) != 0 || lseek (self->fd, 0, SEEK_END) < 0)
    {
      fail_write (self, error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * recon_ledger_peek:
 * @path: a ledger that may exist
 *
 * Reads what an earlier job has left, without going on with it.
 *
 * Returns: (transfer full) (nullable): the ledger, in which nothing can be recorded; %NULL if there is none, or a job
 *   that runs now has it open
 */
ReconLedger *
recon_ledger_peek (const char *path)
{
  g_autoptr (ReconLedger) self = ledger_new (path);
  g_autofree char *text = NULL;

  if (!recon_ledger_check_free (path, NULL) || !g_file_get_contents (path, &text, NULL, NULL) ||
      parse_lines (self, text) < 0)
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * recon_ledger_get_header:
 * @self: a ledger
 *
 * Returns: (transfer none): what the job is
 */
JsonObject *
recon_ledger_get_header (ReconLedger *self)
{
  return json_node_get_object (self->header);
}

/**
 * recon_ledger_get_finished:
 * @self: a ledger
 * @finished: (array length=n_slices) (inout): set to 1 for every slice that is finished
 * @n_slices: slices of the job
 *
 * Returns: the number of slices that are finished
 */
guint
recon_ledger_get_finished (ReconLedger *self,
                           guint8      *finished,
                           guint        n_slices)
{
  guint count = 0;

  for (guint i = 0; i < self->ranges->len; i++)
    {
      const guint *range = &g_array_index (self->ranges, guint, 2 * i);

      for (guint slice = range[0]; slice < n_slices && slice - range[0] < range[1]; slice++)
        finished[slice] = 1;
    }

  for (guint i = 0; i < n_slices; i++)
    count += finished[i];

  return count;
}

/**
 * recon_ledger_is_kept:
 * @self: a ledger, which may be closed
 *
 * Returns: whether it still stands where it was opened, for a later job to go on from
 */
gboolean
recon_ledger_is_kept (ReconLedger *self)
{
  return g_file_test (self->path, G_FILE_TEST_IS_REGULAR);
}

/**
 * recon_ledger_record:
 * @self: a ledger
 * @first: first slice of a block
 * @n: number of slices
 * @error: return location
 *
 * Notes that slices [first, first + n) stand on disk.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE
 */
gboolean
recon_ledger_record (ReconLedger  *self,
                     guint         first,
                     guint         n,
                     GError      **error)
{
  g_autofree char *text = g_strdup_printf ("{\"finished\":[%u,%u]}", first, n);
  const guint range[2] = { first, n };

  if (!write_line (self, text, error))
    return FALSE;
  g_array_append_val (self->ranges, range);

  return TRUE;
}

/**
 * recon_ledger_close:
 * @self: a ledger
 * @error: return location
 *
 * Closes the file, so that it can be moved. Nothing can be recorded any more.
 *
 * Returns: %FALSE with #RECON_ERROR_WRITE if what was recorded did not reach the disk
 */
gboolean
recon_ledger_close (ReconLedger  *self,
                    GError      **error)
{
  int fd = self->fd;

  self->fd = -1;
  if (fd >= 0 && close (fd) != 0)
    return fail_write (self, error);

  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/program-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Keeps a folder of cached files from growing for ever: drivers and programs change, and what was made for earlier ones
 * is never asked for again. When a file was used last is its time of modification, so that it does not matter whether
 * the file system keeps times of access.
 *
 * Several processes may do so at once, while others read and write. A file that has gone already is none to remove; who
 * reads one that is removed has it open to the end, or makes it anew. */

/* Without use for so long, a file goes: 90 days. */
#define MOST_SECONDS (G_GINT64_CONSTANT (90) * 24 * 60 * 60)

/* A file's name is a checksum, with ".bin"; while it is written there are a full stop and six characters more. */
#define NAME_LENGTH      64
#define SUFFIX           ".bin"
#define TEMPORARY_LENGTH 7

typedef struct
{
  char           *path;
  guint64         bytes;
  struct timespec used;
} Entry;

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->path);
}

static gboolean
has_our_name (const char *name,
              gboolean   *is_temporary)
{
  gsize digits = strspn (name, "0123456789abcdef");
  const char *rest = name + digits + strlen (SUFFIX);

  if (digits != NAME_LENGTH || !g_str_has_prefix (name + digits, SUFFIX))
    return FALSE;

  *is_temporary = *rest == '.' && strlen (rest) == TEMPORARY_LENGTH;

  return *rest == '\0' || *is_temporary;
}

static gboolean
begins_with (const char *path,
             const char *magic)
{
  gsize length = strlen (magic);
  g_autofree char *start = g_malloc (length);
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  gboolean is_so;

  if (fd < 0)
    return FALSE;

  is_so = read (fd, start, length) == (gssize) length && memcmp (start, magic, length) == 0;
  close (fd);

  return is_so;
}

static gboolean
is_earlier (const struct timespec *a,
            const struct timespec *b)
{
  return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  const Entry *first = a;
  const Entry *second = b;

  return is_earlier (&second->used, &first->used) - is_earlier (&first->used, &second->used);
}

/* Removes a file, unless it was used since it was looked at. Returns whether it is gone. */
static gboolean
remove_entry (const Entry *entry)
{
  struct stat info;

  if (lstat (entry->path, &info) != 0)
    return errno == ENOENT;
  if (is_earlier (&entry->used, &info.st_mtim))
    return FALSE;

  return unlink (entry->path) == 0 || errno == ENOENT;
}

/* The entries of @folder that stay for their age, after those that are too old are removed. */
static GArray *
remove_old (const char *folder,
            const char *magic,
            const char *kept)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;

  g_array_set_clear_func (entries, entry_clear);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      Entry entry = { 0 };
      gboolean is_temporary;
      struct stat info;

      if (!has_our_name (name, &is_temporary) || g_strcmp0 (name, kept) == 0)
        continue;

      entry.path = g_build_filename (folder, name, NULL);
      if (lstat (entry.path, &info) != 0 || !S_ISREG (info.st_mode) ||
          (!is_temporary && !begins_with (entry.path, magic)))
        {
          entry_clear (&entry);
          continue;
        }

      entry.bytes = (guint64) info.st_size;
      entry.used = info.st_mtim;
      /* What another process writes now is left to it. */
      if ((now - (gint64) info.st_mtim.tv_sec > MOST_SECONDS && remove_entry (&entry)) || is_temporary)
        entry_clear (&entry);
      else
        g_array_append_val (entries, entry);
    }

  return entries;
}

/**
 * recon_cache_touch:
 * @path: a file of a cache
 *
 * Notes that the file is used.
 */
void
recon_cache_touch (const char *path)
{
  /* Where that is forbidden, the file just counts as older. */
  (void) utimensat (AT_FDCWD, path, NULL, 0);
}

/**
 * recon_cache_prune:
 * @folder: a folder of cached files, which may be missing
 * @magic: what these begin with; other files are left alone, as are those of other names
 * @kept: name of a file in @folder that stays: the one just written
 * @most_bytes: what all files may take
 *
 * Removes files that were not used for 90 days, then those that were used longest ago until the others, @kept included,
 * take at most @most_bytes. What cannot be removed stays.
 */
void
recon_cache_prune (const char *folder,
                   const char *magic,
                   const char *kept,
                   guint64     most_bytes)
{
  g_autoptr (GArray) entries = remove_old (folder, magic, kept);
  g_autofree char *path = g_build_filename (folder, kept, NULL);
  struct stat info;
  guint64 total = lstat (path, &info) == 0 ? (guint64) info.st_size : 0;

  for (guint i = 0; i < entries->len; i++)
    total += g_array_index (entries, Entry, i).bytes;

  g_array_sort (entries, compare_cb);
  for (guint i = 0; i < entries->len && total > most_bytes; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (remove_entry (entry))
        total -= entry->bytes;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/memory.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What the machine has free is not always ours: containers and batch systems limit the memory of groups of processes,
 * which may lie in groups that are limited themselves, and end what takes more. A process may be limited alone, too. */

/* The names of the two versions of control groups, which may be there both. */
typedef struct
{
  const char *mount; /* below the root */
  const char *limit;
  const char *usage;
  const char *cache[2]; /* keys in memory.stat: of files, which the kernel drops before anything else */
} GroupNames;

static const GroupNames version_1 = {
  "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
  { "total_inactive_file", "total_active_file" },
};
static const GroupNames version_2 = {
  "sys/fs/cgroup", "memory.max", "memory.current", { "inactive_file", "active_file" },
};

/* A number in a file, FALSE where there is none, such as "max". */
static gboolean
read_number (const char *folder,
             const char *name,
             guint64    *number)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) &&
         g_ascii_string_to_unsigned (g_strstrip (text), 10, 0, G_MAXUINT64, number, NULL);
}

static guint64
read_cache (const char       *folder,
            const GroupNames *names)
{
  g_autofree char *path = g_build_filename (folder, "memory.stat", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint64 bytes = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;

  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    for (guint i = 0; i < G_N_ELEMENTS (names->cache); i++)
      if (g_str_has_prefix (*line, names->cache[i]) && (*line)[strlen (names->cache[i])] == ' ')
        bytes += g_ascii_strtoull (*line + strlen (names->cache[i]), NULL, 10);

  return bytes;
}

static guint64
get_group (const char       *folder,
           const GroupNames *names)
{
  guint64 limit, usage, cache;

  if (!read_number (folder, names->limit, &limit) || !read_number (folder, names->usage, &usage))
    return G_MAXUINT64;

  cache = MIN (read_cache (folder, names), usage);

  return limit > usage - cache ? limit - (usage - cache) : 0;
}

/* The least of a group and all that it lies in. Seen from a container, the path may be one of the outside: then only
 * what is at the mount counts, which is the container's. */
static guint64
get_groups (const char       *root,
            const GroupNames *names,
            const char       *path)
{
  g_autofree char *mount = g_build_filename (root, names->mount, NULL);
  g_autofree char *below = g_strdup (path);
  guint64 least = get_group (mount, names);

  for (char *end = below + strlen (below); end != NULL; end = strrchr (below, '/'))
    {
      g_autofree char *folder = NULL;

      *end = '\0';
      folder = g_build_filename (mount, below, NULL);
      least = MIN (least, get_group (folder, names));
    }

  return least;
}

/* Lines are NUMBER:CONTROLLERS:PATH, without controllers for version 2. */
static guint64
get_all_groups (const char *root)
{
  g_autofree char *file = g_build_filename (root, "proc/self/cgroup", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint64 least = G_MAXUINT64;

  if (!g_file_get_contents (file, &text, NULL, NULL))
    return least;

  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) parts = g_strsplit (*line, ":", 3);
      g_auto (GStrv) controllers = NULL;

      if (g_strv_length (parts) != 3)
        continue;
      controllers = g_strsplit (parts[1], ",", -1);
      if (*parts[1] == '\0')
        least = MIN (least, get_groups (root, &version_2, parts[2]));
      else if (g_strv_contains ((const char *const *) controllers, "memory"))
        least = MIN (least, get_groups (root, &version_1, parts[2]));
    }

  return least;
}

static guint64
get_machine (const char *root)
{
  g_autofree char *file = g_build_filename (root, "proc/meminfo", NULL);
  g_autofree char *text = NULL;
  const char *line;

  if (g_file_get_contents (file, &text, NULL, NULL) && (line = strstr (text, "MemAvailable:")) != NULL)
    return g_ascii_strtoull (line + strlen ("MemAvailable:"), NULL, 10) * 1024;

  return (guint64) sysconf (_SC_AVPHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE);
}

/* What `ulimit -v` leaves. */
static guint64
get_process (const char *root)
{
  g_autofree char *file = g_build_filename (root, "proc/self/statm", NULL);
  g_autofree char *text = NULL;
  struct rlimit limit;
  guint64 used;

  if (getrlimit (RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
      !g_file_get_contents (file, &text, NULL, NULL))
    return G_MAXUINT64;

  used = g_ascii_strtoull (text, NULL, 10) * (guint64) sysconf (_SC_PAGESIZE);

  return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

/**
 * recon_memory_available_below:
 * @root: the folder in which proc and sys are
 *
 * Returns: as recon_memory_available(), by what is in these folders
 */
guint64
recon_memory_available_below (const char *root)
{
  return MIN (MIN (get_machine (root), get_process (root)), get_all_groups (root));
}

/**
 * recon_memory_available:
 *
 * Returns: bytes that new work can take without swapping, and without breaking a limit of the process or of the
 *   control groups that it is in
 */
guint64
recon_memory_available (void)
{
  return recon_memory_available_below ("/");
}

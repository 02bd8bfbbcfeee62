/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/resource.h>
#include <unistd.h>

#include "graph/memory.h"
#include "support.h"

/* A root with files of the kernel's in it. */

#define MIB ((guint64) 1 << 20)

static void
put (const char *root,
     const char *name,
     const char *text)
{
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0666, NULL));
}

static void
put_number (const char *root,
            const char *name,
            guint64     number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT "\n", number);

  put (root, name, text);
}

static char *
root_new (const char *groups)
{
  char *root = test_folder_new ();

  put (root, "proc/meminfo", "MemTotal:       16384000 kB\nMemFree:  100 kB\nMemAvailable:    8192000 kB\n");
  put (root, "proc/self/cgroup", groups);

  return root;
}

static void
test_none (void)
{
  char *root = root_new ("0::/\n");

  g_assert_cmpuint (recon_memory_available_below (root), ==, 8192000 * (guint64) 1024);
  g_assert_cmpuint (recon_memory_available (), >, 0);

  test_folder_remove (root);
}

/* Nested: the outer group is the tighter one. Cached files don't count as used. */
static void
test_version_2 (void)
{
  char *root = root_new ("0::/outer/inner\n");

  put (root, "sys/fs/cgroup/outer/inner/memory.max", "max\n");
  put_number (root, "sys/fs/cgroup/outer/inner/memory.current", 100 * MIB);
  g_assert_cmpuint (recon_memory_available_below (root), ==, 8192000 * (guint64) 1024);

  put_number (root, "sys/fs/cgroup/outer/memory.max", 500 * MIB);
  put_number (root, "sys/fs/cgroup/outer/memory.current", 400 * MIB);
  g_assert_cmpuint (recon_memory_available_below (root), ==, 100 * MIB);

  put (root, "sys/fs/cgroup/outer/memory.stat",
       "anon 1\nfile 314572800\nactive_file 52428800\ninactive_file 104857600\n");
  g_assert_cmpuint (recon_memory_available_below (root), ==, 250 * MIB);

  put_number (root, "sys/fs/cgroup/outer/inner/memory.max", 110 * MIB);
  g_assert_cmpuint (recon_memory_available_below (root), ==, 10 * MIB);
  put_number (root, "sys/fs/cgroup/outer/inner/memory.max", 90 * MIB);
  g_assert_cmpuint (recon_memory_available_below (root), ==, 0);

  test_folder_remove (root);
}

static void
test_version_1 (void)
{
  char *root = root_new ("5:cpu,cpuacct:/\n4:hugetlb,memory:/batch/job\n0::/\n");

  put_number (root, "sys/fs/cgroup/memory/memory.limit_in_bytes", G_MAXINT64 / 4096 * 4096);
  put_number (root, "sys/fs/cgroup/memory/memory.usage_in_bytes", 4000 * MIB);
  put_number (root, "sys/fs/cgroup/memory/batch/job/memory.limit_in_bytes", 1000 * MIB);
  put_number (root, "sys/fs/cgroup/memory/batch/job/memory.usage_in_bytes", 300 * MIB);
  put (root, "sys/fs/cgroup/memory/batch/job/memory.stat", "inactive_file 1\ntotal_inactive_file 104857600\n");
  g_assert_cmpuint (recon_memory_available_below (root), ==, 800 * MIB);

  test_folder_remove (root);
}

/* In a container the path is that of the outside, and the limit stands at the mount. */
static void
test_container (void)
{
  char *root = root_new ("4:memory:/docker/0123\n");

  put_number (root, "sys/fs/cgroup/memory/memory.limit_in_bytes", 600 * MIB);
  put_number (root, "sys/fs/cgroup/memory/memory.usage_in_bytes", 200 * MIB);
  g_assert_cmpuint (recon_memory_available_below (root), ==, 400 * MIB);

  test_folder_remove (root);
}

static void
test_process (void)
{
  char *root = root_new ("");
  struct rlimit before, limit;

  put (root, "proc/self/statm", "1000 10 10 10 0 10 0\n");
  g_assert_cmpint (getrlimit (RLIMIT_AS, &before), ==, 0);
  limit = before;
  limit.rlim_cur = (guint64) 4096 * MIB;
  if (before.rlim_max != RLIM_INFINITY || setrlimit (RLIMIT_AS, &limit) != 0)
    g_test_skip ("The size of this process cannot be limited.");
  else
    g_assert_cmpuint (recon_memory_available_below (root), ==, 4096 * MIB - 1000 * (guint64) getpagesize ());
  setrlimit (RLIMIT_AS, &before);

  test_folder_remove (root);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory/none", test_none);
  g_test_add_func ("/memory/version-2", test_version_2);
  g_test_add_func ("/memory/version-1", test_version_1);
  g_test_add_func ("/memory/container", test_container);
  g_test_add_func ("/memory/process", test_process);

  return g_test_run ();
}

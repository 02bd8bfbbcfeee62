/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/build-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* Of processes that start at once, as the jobs of a batch system do, one compiles the kernels, and the others find what
 * it has made. One that was stopped or hangs is not waited for for ever, and a folder without locks is no harm. */
#define WAIT_MICROSECONDS 20000
#define MOST_WAITS        3000

/**
 * recon_build_lock:
 *
 * Waits until no other process with this user's cache builds a program.
 *
 * Returns: what recon_build_unlock() takes, or -1 if there is no lock
 */
int
recon_build_lock (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "reconstruct", NULL);
  g_autofree char *path = g_build_filename (folder, "build.lock", NULL);
  int fd;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return -1;
  fd = g_open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

  for (guint i = 0; fd >= 0 && i < MOST_WAITS; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        break;
      g_usleep (WAIT_MICROSECONDS);
    }

  return fd;
}

void
recon_build_unlock (int lock)
{
  if (lock >= 0)
    close (lock);
}

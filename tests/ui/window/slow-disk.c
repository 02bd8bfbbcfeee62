/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both names are wanted: RTLD_NEXT, and open64() beside an open() that is not it. */
#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS
#include "config.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <gmodule.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Loaded before the C library, makes a folder ($SLOW_FOLDER) one on a slow disk: every file that is opened there takes
 * $SLOW_MICROSECONDS. */

static void
be_slow (const char *path)
{
  const char *folder = g_getenv ("SLOW_FOLDER");
  const char *duration = g_getenv ("SLOW_MICROSECONDS");

  if (path != NULL && folder != NULL && duration != NULL && strncmp (path, folder, strlen (folder)) == 0)
    usleep ((useconds_t) g_ascii_strtoull (duration, NULL, 10));
}

#define NEXT(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

G_MODULE_EXPORT int
open (const char *path,
      int         flags,
      ...)
{
  va_list arguments;
  mode_t mode;

  va_start (arguments, flags);
  mode = (flags & (O_CREAT)) != 0 ? va_arg (arguments, mode_t) : 0;
  va_end (arguments);
  be_slow (path);

  return NEXT (open) (path, flags, mode);
}

G_MODULE_EXPORT int
open64 (const char *path,
        int         flags,
        ...)
{
  va_list arguments;
  mode_t mode;

  va_start (arguments, flags);
  mode = (flags & (O_CREAT)) != 0 ? va_arg (arguments, mode_t) : 0;
  va_end (arguments);
  be_slow (path);

  return NEXT (open64) (path, flags, mode);
}

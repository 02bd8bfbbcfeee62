/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "config.h"

/* Names without and with 64 are different functions here. */
#undef _FILE_OFFSET_BITS

#include "fault-injection.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define MOST_FDS 1024
/* A kill doesn't come in the middle of a small write. */
#define TORN_BYTES 64

enum
{
  UNKNOWN,
  FOLDER,
  FILE_TO_WRITE,
};

static struct
{
  char          root[PATH_MAX];
  Fault         fault;
  unsigned long at;
  unsigned long count;
  int           code;
  char          kinds[MOST_FDS];

  int           limits_threads;
  long          n_threads; /* that may still be started, while others run */
  long          n_builds;  /* of OpenCL programs, that fail */
} state;

#define NEXT(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

void
fault_arm (const char    *root,
           Fault          fault,
           unsigned long  at,
           int            code)
{
  memset (state.kinds, 0, sizeof state.kinds);
  state.count = 0;
  snprintf (state.root, sizeof state.root, "%s", root);
  state.fault = fault;
  state.at = at;
  state.code = code;
}

unsigned long
fault_count (void)
{
  return state.count;
}

__attribute__ ((constructor)) static void
arm_from_environment (void)
{
  const char *text = getenv ("FAULT_INJECTION");
  const char *threads = getenv ("FAULT_THREADS");
  const char *builds = getenv ("FAULT_BUILDS");
  char root[PATH_MAX];
  unsigned long fault, at;
  int code;

  state.limits_threads = threads != NULL;
  state.n_threads = threads != NULL ? atol (threads) : 0;
  state.n_builds = builds != NULL ? atol (builds) : 0;
  if (text != NULL && sscanf (text, "%4000[^:]:%lu:%lu:%d", root, &fault, &at, &code) == 4)
    fault_arm (root, (Fault) fault, at, code);
}

/* For who starts the program and can't ask it. */
__attribute__ ((destructor)) static void
tell_count (void)
{
  const char *path = getenv ("FAULT_COUNT");
  FILE *file = path != NULL ? fopen (path, "w") : NULL;

  if (file == NULL)
    return;
  fprintf (file, "%lu\n", state.count);
  fclose (file);
}

static int
kind_of (int fd)
{
  return fd >= 0 && fd < MOST_FDS ? state.kinds[fd] : UNKNOWN;
}

static void
set_kind (int fd,
          int kind)
{
  if (fd >= 0 && fd < MOST_FDS)
    state.kinds[fd] = (char) kind;
}

/* Whether a path is below the root. */
static int
concerns (int         folder,
          const char *path)
{
  char absolute[2 * PATH_MAX];
  size_t length = strlen (state.root);

  if (length == 0)
    return 0;
  if (path[0] != '/')
    {
      if (folder != AT_FDCWD)
        return kind_of (folder) == FOLDER;
      if (getcwd (absolute, PATH_MAX) == NULL)
        return 0;
      snprintf (absolute + strlen (absolute), PATH_MAX, "/%s", path);
      path = absolute;
    }

  return strncmp (path, state.root, length) == 0;
}

/* Counts an operation. Returns whether it has to fail, with errno. */
static int
strikes (void)
{
  state.count++;
  if (state.fault == FAULT_NONE || state.count < state.at || (state.count > state.at && state.fault != FAULT_FOREVER))
    return 0;

  if (state.fault == FAULT_KILL)
    kill (getpid (), SIGKILL);
  errno = state.code;

  return state.fault == FAULT_ONCE || state.fault == FAULT_FOREVER;
}

static int
is_at (Fault fault)
{
  return state.fault == fault && state.count == state.at;
}

/* After an operation. */
static long
done (long result)
{
  if (is_at (FAULT_TEAR))
    kill (getpid (), SIGKILL);

  return result;
}

static int
opened (int fd,
        int flags,
        int ours)
{
  if (fd >= 0)
    set_kind (fd, !ours                              ? UNKNOWN
                  : (flags & O_DIRECTORY) != 0       ? FOLDER
                  : (flags & O_ACCMODE) != O_RDONLY ? FILE_TO_WRITE
                                                     : UNKNOWN);

  return fd;
}

#define OPEN(name, folder_parameter, folder, ...)                           \
  int name (folder_parameter const char *path, int flags, ...)              \
  {                                                                         \
    va_list args;                                                           \
    mode_t mode;                                                            \
    int ours = concerns (folder, path);                                     \
    int counts = ours && (flags & O_ACCMODE) != O_RDONLY;                   \
    int fd;                                                                 \
                                                                            \
    va_start (args, flags);                                                 \
    mode = (flags & O_CREAT) != 0 ? va_arg (args, mode_t) : 0;              \
    va_end (args);                                                          \
    if (counts && strikes ())                                               \
      return -1;                                                            \
    fd = opened (NEXT (name) (__VA_ARGS__, flags, mode), flags, ours);      \
                                                                            \
    return counts ? (int) done (fd) : fd;                                   \
  }
#define NOTHING
#define FOLDER_PARAMETER int folder,

OPEN (open, NOTHING, AT_FDCWD, path)
OPEN (open64, NOTHING, AT_FDCWD, path)
OPEN (openat, FOLDER_PARAMETER, folder, folder, path)
OPEN (openat64, FOLDER_PARAMETER, folder, folder, path)

int
close (int fd)
{
  int kind = kind_of (fd);
  int result;

  set_kind (fd, UNKNOWN);
  if (kind != FILE_TO_WRITE)
    return NEXT (close) (fd);

  if (strikes ())
    {
      int code = errno;

      NEXT (close) (fd);
      errno = code;
      return -1;
    }
  result = NEXT (close) (fd);

  return (int) done (result);
}

int
dup3 (int old,
      int new,
      int flags)
{
  int fd = NEXT (dup3) (old, new, flags);

  if (fd >= 0)
    set_kind (fd, kind_of (old));

  return fd;
}

/* How much of a write is done. */
static size_t
get_share (size_t n)
{
  return (is_at (FAULT_SHORT) && n > 1) || (is_at (FAULT_TEAR) && n >= TORN_BYTES) ? n / 2 : n;
}

#define WRITE(name, parameters, ...)                                     \
  ssize_t name parameters                                                \
  {                                                                      \
    if (kind_of (fd) != FILE_TO_WRITE)                                   \
      return NEXT (name) (__VA_ARGS__);                                  \
    if (strikes ())                                                      \
      return -1;                                                         \
    n = get_share (n);                                                   \
                                                                         \
    return (ssize_t) done (NEXT (name) (__VA_ARGS__));                   \
  }

WRITE (write, (int fd, const void *data, size_t n), fd, data, n)
WRITE (pwrite, (int fd, const void *data, size_t n, off_t at), fd, data, n, at)
WRITE (pwrite64, (int fd, const void *data, size_t n, off64_t at), fd, data, n, at)

#define OF_FD(name, parameters, ...)                                                 \
  int name parameters                                                                \
  {                                                                                  \
    if (kind_of (fd) != FILE_TO_WRITE)                                               \
      return NEXT (name) (__VA_ARGS__);                                              \
    return strikes () ? -1 : (int) done (NEXT (name) (__VA_ARGS__));                 \
  }

/* The disk is not waited for: that takes long, and what is in the kernel survives the process. */
#define SYNC(name)                                                                   \
  int name (int fd)                                                                  \
  {                                                                                  \
    if (kind_of (fd) != FILE_TO_WRITE)                                               \
      return NEXT (name) (fd);                                                       \
    return strikes () ? -1 : (int) done (0);                                         \
  }

SYNC (fsync)
SYNC (fdatasync)
OF_FD (ftruncate, (int fd, off_t length), fd, length)
OF_FD (ftruncate64, (int fd, off64_t length), fd, length)
OF_FD (fallocate, (int fd, int mode, off_t at, off_t length), fd, mode, at, length)
OF_FD (fallocate64, (int fd, int mode, off64_t at, off64_t length), fd, mode, at, length)

#define OF_PATH(name, folder, path, parameters, ...)                                 \
  int name parameters                                                                \
  {                                                                                  \
    if (!concerns (folder, path))                                                    \
      return NEXT (name) (__VA_ARGS__);                                              \
    return strikes () ? -1 : (int) done (NEXT (name) (__VA_ARGS__));                 \
  }

OF_PATH (truncate, AT_FDCWD, path, (const char *path, off_t length), path, length)
OF_PATH (truncate64, AT_FDCWD, path, (const char *path, off64_t length), path, length)
OF_PATH (mkdir, AT_FDCWD, path, (const char *path, mode_t mode), path, mode)
OF_PATH (rmdir, AT_FDCWD, path, (const char *path), path)
OF_PATH (unlink, AT_FDCWD, path, (const char *path), path)
OF_PATH (unlinkat, folder, path, (int folder, const char *path, int flags), folder, path, flags)
OF_PATH (remove, AT_FDCWD, path, (const char *path), path)
OF_PATH (rename, AT_FDCWD, to, (const char *path, const char *to), path, to)
OF_PATH (renameat, folder, path, (int from, const char *path, int folder, const char *to), from, path, folder, to)
OF_PATH (renameat2, folder, path, (int from, const char *path, int folder, const char *to, unsigned flags), from, path,
         folder, to, flags)
OF_PATH (link, AT_FDCWD, to, (const char *path, const char *to), path, to)
OF_PATH (linkat, folder, path, (int from, const char *path, int folder, const char *to, int flags), from, path, folder,
         to, flags)

typedef struct
{
  void *(*start) (void *);
  void *data;
} Start;

static void *
run_thread (void *data)
{
  Start start = *(Start *) data;
  void *result;

  free (data);
  result = start.start (start.data);
  __atomic_add_fetch (&state.n_threads, 1, __ATOMIC_SEQ_CST);

  return result;
}

int
pthread_create (pthread_t            *thread,
                const pthread_attr_t *attributes,
                void               *(*start) (void *),
                void                 *data)
{
  Start *own;
  int code;

  if (!state.limits_threads)
    return NEXT (pthread_create) (thread, attributes, start, data);
  if (__atomic_sub_fetch (&state.n_threads, 1, __ATOMIC_SEQ_CST) < 0)
    {
      __atomic_add_fetch (&state.n_threads, 1, __ATOMIC_SEQ_CST);
      return EAGAIN;
    }

  own = malloc (sizeof *own);
  *own = (Start) { start, data };
  code = NEXT (pthread_create) (thread, attributes, run_thread, own);
  if (code != 0)
    free (own);

  return code;
}

/* As OpenCL's, whose headers this doesn't need. */
int clBuildProgram (void *, unsigned, const void *, const char *, void *, void *);

int
clBuildProgram (void       *program,
                unsigned    n_devices,
                const void *devices,
                const char *options,
                void       *notify,
                void       *data)
{
  if (state.n_builds-- > 0)
    return -11; /* CL_BUILD_PROGRAM_FAILURE */

  return NEXT (clBuildProgram) (program, n_devices, devices, options, notify, data);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/device.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/fail.h"
#include "compute/device-private.h"
#include "recon-kernels.h"

/* Of processes that start at once, as the jobs of a batch system do, one compiles the kernels, and the others find what
 * it has made. One that was stopped or hangs is not waited for for ever, and a folder without locks is no harm. */
#define WAIT_MICROSECONDS 20000
#define MOST_WAITS        3000

/* Waits until no other process with this user's cache builds a program. Returns a lock to be closed, or -1 if there
 * is none. */
static int
lock_builds (void)
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

#define RESOURCE_PREFIX "/org/reconstruct/kernels/"

/* All kernels are OpenCL C 1.2; -w keeps drivers from printing warnings. The option -g is not for here: oclgrind
 * refuses it. */
#define COMMON_OPTIONS "-cl-std=CL1.2 -w"

/* Drivers keep what they have built in folders that processes share, and now and then trip over what another one does
 * there, or has left when it was killed. Our kernels compile, so what failed is tried again. */
#define MOST_BUILDS        3
#define RETRY_MICROSECONDS 100000

char *
_recon_device_get_build_log (ReconDevice *self,
                             cl_program   program)
{
  g_autofree char *log = NULL;
  gsize size = 0;

  if (clGetProgramBuildInfo (program, self->info->id, CL_PROGRAM_BUILD_LOG, 0, NULL, &size) != CL_SUCCESS)
    return g_strdup ("");

  log = g_malloc0 (size + 1);
  if (clGetProgramBuildInfo (program, self->info->id, CL_PROGRAM_BUILD_LOG, size, log, NULL) != CL_SUCCESS)
    return g_strdup ("");

  return g_strstrip (g_utf8_make_valid (log, -1));
}

static GBytes *
lookup (const char  *resource,
        GError     **error)
{
  g_autofree char *path = g_strconcat (RESOURCE_PREFIX, resource, NULL);
  g_autoptr (GError) failure = NULL;
  GBytes *source;

  /* What this returns is NULL for a thread that asks while another one, the first in the process, makes it. The
   * lookup among all resources waits for that; the call stays so that the kernels are linked. */
  recon_kernels_get_resource ();
  source = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, &failure);
  if (source == NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_DEVICE,
                 _ ("The kernels %s are not part of this program: %s. Install it again."),
                 resource, failure->message);

  return source;
}

/* The source with the texts of its #include lines in their places: OpenCL's compilers look for files only. Included
 * texts include nothing themselves. */
static char *
load_source (const char  *resource,
             GError     **error)
{
  g_autoptr (GBytes) bytes = lookup (resource, error);
  g_autoptr (GString) source = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  if (bytes == NULL)
    return NULL;

  /* A text from a resource ends with a NUL that its size doesn't count. */
  lines = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) words = NULL;
      g_autoptr (GBytes) included = NULL;

      if (!g_str_has_prefix (*line, "#include \""))
        {
          g_string_append_printf (source, "%s\n", *line);
          continue;
        }

      words = g_strsplit (*line, "\"", 3);
      included = lookup (words[1], error);
      if (included == NULL)
        return NULL;
      g_string_append (source, g_bytes_get_data (included, NULL));
    }

  return g_string_free (g_steal_pointer (&source), FALSE);
}

/* Builds once. @log says why that failed, @code how. */
static cl_program
build (ReconDevice  *self,
       const char   *source,
       const char   *options,
       char        **log,
       cl_int       *code)
{
  g_auto (ReconClProgram) program = clCreateProgramWithSource (self->context, 1, &source, NULL, code);
  int lock;

  *log = NULL;
  if (*code != CL_SUCCESS)
    return NULL;

  lock = lock_builds ();
  *code = clBuildProgram (program, 1, &self->info->id, options, NULL, NULL);
  if (lock >= 0)
    close (lock);
  if (*code == CL_SUCCESS)
    return g_steal_pointer (&program);

  *log = _recon_device_get_build_log (self, program);

  return NULL;
}

static cl_program
compile (ReconDevice  *self,
         const char   *resource,
         const char   *options,
         GError      **error)
{
  g_autofree char *all_options = g_strconcat (COMMON_OPTIONS, " ", options, NULL);
  g_autofree char *source = load_source (resource, error);
  g_autoptr (GError) failure = NULL;
  cl_int code;

  if (source == NULL)
    return NULL;

  for (guint i = 0; ; i++)
    {
      g_autofree char *log = NULL;
      cl_program program = build (self, source, all_options, &log, &code);

      if (program != NULL)
        return program;
      if (i + 1 < MOST_BUILDS)
        {
          g_usleep (RETRY_MICROSECONDS);
          continue;
        }

      _recon_device_check (self, code, _ ("compile the kernels"), &failure);
      return recon_fail_null (error, RECON_ERROR_DEVICE,
                              _ ("The kernels %s (options \"%s\") do not compile on %s. %s\n%s"), resource, all_options,
                              self->info->name, failure->message,
                              log != NULL && *log != '\0' ? log : _ ("The compiler gave no reason."));
    }
}

/**
 * recon_device_build:
 * @self: a device
 * @resource: name of the source among the program's kernels, such as "flat-field.cl"
 * @options: (nullable): options for OpenCL's compiler, such as "-DVECTOR=4"
 * @error: return location
 *
 * Compiles kernels, once for each pair of source and options.
 *
 * Returns: (transfer none): the program, which lives as long as the device; %NULL with #RECON_ERROR_DEVICE and the
 *   compiler's messages
 */
cl_program
recon_device_build (ReconDevice  *self,
                    const char   *resource,
                    const char   *options,
                    GError      **error)
{
  g_autofree char *key = NULL;
  cl_program program;

  g_return_val_if_fail (RECON_IS_DEVICE (self), NULL);
  g_return_val_if_fail (resource != NULL, NULL);

  if (options == NULL)
    options = "";

  key = g_strconcat (resource, " ", options, NULL);
  program = g_hash_table_lookup (self->programs, key);
  if (program != NULL)
    return program;

  program = compile (self, resource, options, error);
  if (program != NULL)
    g_hash_table_insert (self->programs, g_steal_pointer (&key), program);

  return program;
}

/**
 * recon_device_kernel:
 * @self: a device
 * @resource: name of the source, see recon_device_build()
 * @name: name of the kernel in it
 * @options: (nullable): options for OpenCL's compiler
 * @error: return location
 *
 * Returns: (transfer full): a new kernel, to be released before the device; %NULL with #RECON_ERROR_DEVICE
 */
cl_kernel
recon_device_kernel (ReconDevice  *self,
                     const char   *resource,
                     const char   *name,
                     const char   *options,
                     GError      **error)
{
  g_autofree char *what = NULL;
  cl_program program;
  cl_kernel kernel;
  cl_int code;

  g_return_val_if_fail (name != NULL, NULL);

  program = recon_device_build (self, resource, options, error);
  if (program == NULL)
    return NULL;

  kernel = clCreateKernel (program, name, &code);
  what = g_strdup_printf (_ ("find the kernel %s in %s"), name, resource);

  return _recon_device_check (self, code, what, error) ? kernel : NULL;
}

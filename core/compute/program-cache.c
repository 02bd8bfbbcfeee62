/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/program-cache.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "compute/device-private.h"

/* A file holds one program for one device, and is named by the checksum of all that the program depends on. It begins
 * with the checksum of what follows, so that a damaged one, which a driver may not survive, never gets that far. A file
 * that is missing, damaged or no longer liked by the driver is made anew; one that can't be written is done without.
 * Whenever one is written, those that nothing has used for long are removed. */

/* A file's first line, before the checksum. To be changed with the contents. All versions begin in the same way, by
 * which their files are known as ours. */
#define FAMILY "reconstruct program "
#define MAGIC  FAMILY "1\n"

/* What all files may take. */
#define MOST_BYTES ((guint64) 256 << 20)

#define CHECKSUM        G_CHECKSUM_SHA256
#define CHECKSUM_LENGTH 64
#define HEADER_LENGTH   (sizeof MAGIC - 1 + CHECKSUM_LENGTH)

static char *
get_path (ReconDevice *device,
          const char  *source,
          const char  *options)
{
  const ReconDeviceInfo *info = device->info;
  const char *parts[] = { info->platform, info->name, info->driver, options, source };
  g_autoptr (GChecksum) checksum = g_checksum_new (CHECKSUM);
  g_autofree char *name = NULL;

  /* With the zeros at the ends, as no part may run into the next. */
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_checksum_update (checksum, (const guchar *) parts[i], (gssize) strlen (parts[i]) + 1);
  name = g_strconcat (g_checksum_get_string (checksum), ".bin", NULL);

  return g_build_filename (g_get_user_cache_dir (), "reconstruct", "programs", name, NULL);
}

/* Returns: (nullable): the program's binary, to be freed */
static char *
read_binary (const char *path,
             gsize      *length)
{
  g_autofree char *contents = NULL;
  g_autofree char *checksum = NULL;
  gsize total;

  if (!g_file_get_contents (path, &contents, &total, NULL) || total <= HEADER_LENGTH ||
      memcmp (contents, MAGIC, sizeof MAGIC - 1) != 0)
    return NULL;

  *length = total - HEADER_LENGTH;
  checksum = g_compute_checksum_for_data (CHECKSUM, (const guchar *) contents + HEADER_LENGTH, *length);
  if (memcmp (contents + sizeof MAGIC - 1, checksum, CHECKSUM_LENGTH) != 0)
    return NULL;

  return g_memdup2 (contents + HEADER_LENGTH, *length);
}

/* Returns: (nullable): the program, built; %NULL if the file is of no use */
static cl_program
load (ReconDevice *device,
      const char  *path,
      const char  *options)
{
  g_auto (ReconClProgram) program = NULL;
  g_autofree char *binary = NULL;
  const guchar *start;
  gsize length;
  cl_int status, code;

  binary = read_binary (path, &length);
  if (binary == NULL)
    return NULL;

  start = (const guchar *) binary;
  program = clCreateProgramWithBinary (device->context, 1, &device->info->id, &length, &start, &status, &code);
  if (code != CL_SUCCESS || status != CL_SUCCESS ||
      clBuildProgram (program, 1, &device->info->id, options, NULL, NULL) != CL_SUCCESS)
    return NULL;

  recon_cache_touch (path);

  return g_steal_pointer (&program);
}

static void
store (const char *path,
       cl_program  program)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *checksum = NULL;
  g_autoptr (GByteArray) contents = g_byte_array_new ();
  gsize length;
  guchar *start;

  /* One device, so one binary. */
  if (clGetProgramInfo (program, CL_PROGRAM_BINARY_SIZES, sizeof length, &length, NULL) != CL_SUCCESS ||
      length == 0 || length > G_MAXUINT - HEADER_LENGTH)
    return;

  g_byte_array_set_size (contents, (guint) (HEADER_LENGTH + length));
  start = contents->data + HEADER_LENGTH;
  if (clGetProgramInfo (program, CL_PROGRAM_BINARIES, sizeof start, &start, NULL) != CL_SUCCESS)
    return;

  checksum = g_compute_checksum_for_data (CHECKSUM, start, length);
  memcpy (contents->data, MAGIC, sizeof MAGIC - 1);
  memcpy (contents->data + sizeof MAGIC - 1, checksum, CHECKSUM_LENGTH);

  /* Takes the file's place at once: whoever reads meanwhile finds a whole one. */
  if (g_mkdir_with_parents (folder, 0700) == 0 &&
      g_file_set_contents (path, (const char *) contents->data, (gssize) contents->len, NULL))
    recon_cache_prune (folder, FAMILY, name, MOST_BYTES);
}

/**
 * recon_program_cache_build:
 * @device: a device
 * @source: OpenCL C
 * @options: options for OpenCL's compiler, all of them
 * @error: return location
 *
 * Compiles a program, or takes the binary that an earlier run has left below the user's cache folder
 * (`reconstruct/programs`) for the same source, options, device and driver.
 *
 * Returns: (transfer full): the program, built, to be released before the device; %NULL with #RECON_ERROR_DEVICE and
 *   the compiler's messages
 */
cl_program
recon_program_cache_build (ReconDevice  *device,
                           const char   *source,
                           const char   *options,
                           GError      **error)
{
  g_autofree char *path = NULL;
  g_autofree char *log = NULL;
  g_autoptr (GError) failure = NULL;
  g_auto (ReconClProgram) program = NULL;
  cl_int code;

  g_return_val_if_fail (RECON_IS_DEVICE (device), NULL);
  g_return_val_if_fail (source != NULL && options != NULL, NULL);

  path = get_path (device, source, options);
  program = load (device, path, options);
  if (program != NULL)
    return g_steal_pointer (&program);

  program = clCreateProgramWithSource (device->context, 1, &source, NULL, &code);
  if (!_recon_device_check (device, code, _ ("create a program"), error))
    return NULL;

  code = clBuildProgram (program, 1, &device->info->id, options, NULL, NULL);
  if (!_recon_device_check (device, code, _ ("compile a program"), &failure))
    {
      log = _recon_device_get_build_log (device, program);
      g_set_error (error, failure->domain, failure->code, "%s\n%s", failure->message,
                   *log != '\0' ? log : _ ("The compiler gave no reason."));
      return NULL;
    }

  store (path, program);

  return g_steal_pointer (&program);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/device.h"

#include <CL/cl_ext.h>
#include <glib/gi18n-lib.h>

#include "base/fail.h"
#include "compute/device-private.h"

/* What every kernel counts on. */
#define MIN_MEMORY          (G_GUINT64_CONSTANT (256) * 1024 * 1024)
#define MIN_WORK_GROUP_SIZE 64
#define MIN_WORK_ITEMS_X    64
#define MIN_WORK_ITEMS_Y    8

#define INSTALL_HINT \
  _ ("Install a driver: on Debian or Ubuntu `apt install pocl-opencl-icd` for the processor, or the OpenCL driver of " \
     "the graphics card's vendor. `reconstruct devices` lists what is found.")

/**
 * recon_device_info_free:
 * @self: (transfer full): a device's description
 */
void
recon_device_info_free (ReconDeviceInfo *self)
{
  g_free (self->name);
  g_free (self->platform);
  g_free (self->driver);
  g_free (self->refusal);
  g_free (self);
}

ReconDeviceInfo *
recon_device_info_copy (const ReconDeviceInfo *self)
{
  ReconDeviceInfo *copy = g_new (ReconDeviceInfo, 1);

  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->platform = g_strdup (self->platform);
  copy->driver = g_strdup (self->driver);
  copy->refusal = g_strdup (self->refusal);

  return copy;
}

/* The text as drivers give it: padded with blanks, not always UTF-8. */
static char *
tidy_text (char *text)
{
  char *valid = g_utf8_make_valid (text, -1);

  g_free (text);

  return g_strstrip (valid);
}

static char *
get_platform_text (cl_platform_id   platform,
                   cl_platform_info what)
{
  gsize size = 0;
  char *text;

  if (clGetPlatformInfo (platform, what, 0, NULL, &size) != CL_SUCCESS || size == 0)
    return g_strdup ("");

  text = g_malloc0 (size + 1);
  if (clGetPlatformInfo (platform, what, size, text, NULL) != CL_SUCCESS)
    text[0] = '\0';

  return tidy_text (text);
}

static char *
get_device_text (cl_device_id   device,
                 cl_device_info what)
{
  gsize size = 0;
  char *text;

  if (clGetDeviceInfo (device, what, 0, NULL, &size) != CL_SUCCESS || size == 0)
    return g_strdup ("");

  text = g_malloc0 (size + 1);
  if (clGetDeviceInfo (device, what, size, text, NULL) != CL_SUCCESS)
    text[0] = '\0';

  return tidy_text (text);
}

/* A fact that a driver does not tell counts as 0, which is refused where it matters. */
static cl_bool
get_flag (cl_device_id   device,
          cl_device_info what)
{
  cl_bool value = CL_FALSE;

  return clGetDeviceInfo (device, what, sizeof value, &value, NULL) == CL_SUCCESS ? value : CL_FALSE;
}

static cl_uint
get_uint (cl_device_id   device,
          cl_device_info what)
{
  cl_uint value = 0;

  return clGetDeviceInfo (device, what, sizeof value, &value, NULL) == CL_SUCCESS ? value : 0;
}

static cl_ulong
get_ulong (cl_device_id   device,
           cl_device_info what)
{
  cl_ulong value = 0;

  return clGetDeviceInfo (device, what, sizeof value, &value, NULL) == CL_SUCCESS ? value : 0;
}

static gsize
get_size (cl_device_id   device,
          cl_device_info what)
{
  gsize value = 0;

  return clGetDeviceInfo (device, what, sizeof value, &value, NULL) == CL_SUCCESS ? value : 0;
}

static gboolean
is_older_than_1_2 (const char *version)
{
  const char *numbers = g_str_has_prefix (version, "OpenCL ") ? version + strlen ("OpenCL ") : "";
  char *end = NULL;
  guint64 major = g_ascii_strtoull (numbers, &end, 10);
  guint64 minor = *end == '.' ? g_ascii_strtoull (end + 1, NULL, 10) : 0;

  return major < 1 || (major == 1 && minor < 2);
}

static gboolean
has_small_work_groups (cl_device_id device)
{
  cl_uint n = get_uint (device, CL_DEVICE_MAX_WORK_ITEM_DIMENSIONS);
  g_autofree gsize *items = g_new0 (gsize, MAX (n, 3));

  if (n < 3 ||
      clGetDeviceInfo (device, CL_DEVICE_MAX_WORK_ITEM_SIZES, n * sizeof *items, items, NULL) != CL_SUCCESS)
    return TRUE;

  return get_size (device, CL_DEVICE_MAX_WORK_GROUP_SIZE) < MIN_WORK_GROUP_SIZE ||
         items[0] < MIN_WORK_ITEMS_X || items[1] < MIN_WORK_ITEMS_Y;
}

/* Returns: (nullable): why the kernels can't run there */
static char *
find_refusal (const ReconDeviceInfo *info)
{
  g_autofree char *version = get_device_text (info->id, CL_DEVICE_VERSION);
  g_autofree char *profile = get_device_text (info->id, CL_DEVICE_PROFILE);
  g_autofree char *size = g_format_size_full (info->memory, G_FORMAT_SIZE_IEC_UNITS);

  if (!get_flag (info->id, CL_DEVICE_AVAILABLE))
    return g_strdup (_ ("the driver says that it is not available"));
  if (is_older_than_1_2 (version))
    return g_strdup_printf (_ ("it offers \"%s\", OpenCL 1.2 is needed"), version);
  if (!g_str_equal (profile, "FULL_PROFILE"))
    return g_strdup_printf (_ ("it offers only OpenCL's %s, the full one is needed"), profile);
  if (!get_flag (info->id, CL_DEVICE_COMPILER_AVAILABLE))
    return g_strdup (_ ("its driver has no compiler for kernels"));
  if (!get_flag (info->id, CL_DEVICE_ENDIAN_LITTLE))
    return g_strdup (_ ("its byte order is not this computer's"));
  if (info->memory < MIN_MEMORY)
    return g_strdup_printf (_ ("it has %s of memory, 256 MiB are needed"), size);
  if (has_small_work_groups (info->id))
    return g_strdup_printf (_ ("its work groups are smaller than the %d items that are needed"), MIN_WORK_GROUP_SIZE);

  return NULL;
}

static ReconDeviceInfo *
interview (cl_platform_id platform,
           cl_device_id   device)
{
  ReconDeviceInfo *info = g_new0 (ReconDeviceInfo, 1);
  cl_device_type type = 0;

  if (clGetDeviceInfo (device, CL_DEVICE_TYPE, sizeof type, &type, NULL) != CL_SUCCESS)
    type = 0;

  info->id = device;
  info->platform_id = platform;
  info->name = get_device_text (device, CL_DEVICE_NAME);
  info->platform = get_platform_text (platform, CL_PLATFORM_NAME);
  info->driver = get_device_text (device, CL_DRIVER_VERSION);
  info->type = type & ~((cl_device_type) CL_DEVICE_TYPE_DEFAULT);
  info->vendor_id = get_uint (device, CL_DEVICE_VENDOR_ID);
  info->n_units = get_uint (device, CL_DEVICE_MAX_COMPUTE_UNITS);
  info->memory = get_ulong (device, CL_DEVICE_GLOBAL_MEM_SIZE);
  info->max_allocation = get_ulong (device, CL_DEVICE_MAX_MEM_ALLOC_SIZE);
  info->shares_memory = info->type == CL_DEVICE_TYPE_CPU && get_flag (device, CL_DEVICE_HOST_UNIFIED_MEMORY);
  info->likes_small_items = (info->type & CL_DEVICE_TYPE_CPU) == 0;
  info->refusal = find_refusal (info);

  return info;
}

/* Adds the devices of a platform; one that fails adds none. Returns: what OpenCL said */
static cl_int
list_platform (cl_platform_id  platform,
               GPtrArray      *devices)
{
  g_autofree cl_device_id *ids = NULL;
  cl_uint n = 0;
  cl_int code = clGetDeviceIDs (platform, CL_DEVICE_TYPE_ALL, 0, NULL, &n);

  if (code != CL_SUCCESS || n == 0)
    return code;

  ids = g_new0 (cl_device_id, n);
  code = clGetDeviceIDs (platform, CL_DEVICE_TYPE_ALL, n, ids, NULL);
  if (code != CL_SUCCESS)
    return code;

  for (cl_uint i = 0; i < n; i++)
    g_ptr_array_add (devices, interview (platform, ids[i]));

  return CL_SUCCESS;
}

/* Platforms are there, but none has a device. */
static gpointer
set_empty_error (const cl_platform_id *platforms,
                 cl_uint               n,
                 cl_int                code,
                 GError              **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  gboolean pocl = FALSE;

  for (cl_uint i = 0; i < n; i++)
    {
      g_autofree char *name = get_platform_text (platforms[i], CL_PLATFORM_NAME);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", name);
      pocl = pocl || g_str_equal (name, "Portable Computing Language");
    }

  if (pocl)
    return recon_fail_null (error, RECON_ERROR_DEVICE,
                            _ ("No OpenCL device: the drivers (%s) are there but offer none (%s). PoCL offers no "
                               "device when it can't create its cache folder: make POCL_CACHE_DIR, XDG_CACHE_HOME or "
                               "HOME name a folder that can be written."),
                            names->str, recon_cl_error_name (code));

  return recon_fail_null (error, RECON_ERROR_DEVICE,
                          _ ("No OpenCL device: the drivers (%s) are there but offer none (%s). Check that the card is "
                             "plugged in and that you may use it (group video or render). %s"),
                          names->str, recon_cl_error_name (code), INSTALL_HINT);
}

/**
 * recon_devices_list:
 * @error: return location
 *
 * Finds all OpenCL devices of all drivers and asks each whether the program can use it. A device that it can't use
 * is in the list too, with the reason in its `refusal`.
 *
 * Returns: (transfer full) (element-type ReconDeviceInfo): at least one device, in the drivers' order; or %NULL
 *   with #RECON_ERROR_DEVICE and a hint on what to install if there is none
 */
GPtrArray *
recon_devices_list (GError **error)
{
  /* Drivers start when they are asked first, and not all bear to be asked by two threads meanwhile. */
  static GMutex mutex;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_device_info_free);
  g_autofree cl_platform_id *platforms = NULL;
  cl_uint n = 0;
  cl_int code = clGetPlatformIDs (0, NULL, &n);

  if (code == CL_PLATFORM_NOT_FOUND_KHR || (code == CL_SUCCESS && n == 0))
    return recon_fail_null (error, RECON_ERROR_DEVICE, _ ("No OpenCL device: no driver is installed. %s"),
                            INSTALL_HINT);
  if (!recon_cl_check (code, _ ("list the drivers"), error))
    return NULL;

  platforms = g_new0 (cl_platform_id, n);
  if (!recon_cl_check (clGetPlatformIDs (n, platforms, NULL), _ ("list the drivers"), error))
    return NULL;

  code = CL_DEVICE_NOT_FOUND;
  for (cl_uint i = 0; i < n; i++)
    {
      cl_int result = list_platform (platforms[i], devices);

      if (result != CL_SUCCESS)
        code = result;
    }

  if (devices->len == 0)
    return set_empty_error (platforms, n, code, error);

  return g_steal_pointer (&devices);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "compute/device.h"
#include "support.h"

#define OLD "it offers \"OpenCL 1.1\""

/* Devices that there might be: two platforms offer the same graphics card and the same processor. */
static ReconDeviceInfo *
invent_device (const char     *name,
               const char     *platform,
               cl_device_type  type,
               guint           vendor_id,
               const char     *refusal)
{
  ReconDeviceInfo *info = g_new0 (ReconDeviceInfo, 1);

  info->name = g_strdup (name);
  info->platform = g_strdup (platform);
  info->driver = g_strdup ("1.0");
  info->platform_id = (cl_platform_id) g_intern_string (platform);
  info->type = type;
  info->vendor_id = vendor_id;
  info->refusal = g_strdup (refusal);

  return info;
}

static GPtrArray *
invent_devices (void)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_device_info_free);

  g_ptr_array_add (devices, invent_device ("Xeon", "PoCL", CL_DEVICE_TYPE_CPU, 0x8086, NULL));
  g_ptr_array_add (devices, invent_device ("RTX 4090", "NVIDIA CUDA", CL_DEVICE_TYPE_GPU, 0x10de, NULL));
  g_ptr_array_add (devices, invent_device ("RTX 3060", "NVIDIA CUDA", CL_DEVICE_TYPE_GPU, 0x10de, NULL));
  g_ptr_array_add (devices, invent_device ("rtx 4090", "rusticl", CL_DEVICE_TYPE_GPU, 0x10de, NULL));
  g_ptr_array_add (devices, invent_device ("Old card", "Clover", CL_DEVICE_TYPE_GPU, 0x1002, OLD));
  g_ptr_array_add (devices, invent_device ("Xeon", "Intel", CL_DEVICE_TYPE_CPU, 0x8086, NULL));
  g_ptr_array_add (devices, invent_device ("FPGA", "Altera", CL_DEVICE_TYPE_ACCELERATOR, 0x1172, NULL));

  return devices;
}

static void
test_choose (void)
{
  static const struct
  {
    const char *choice;
    const char *numbers;
  } cases[] = {
    { "auto", "1 2 6" },  { "", "1 2 6" },       { "Auto ", "1 2 6" }, { "all", "0 1 2 3 5 6" },
    { "gpu", "1 2" },     { "GPU", "1 2" },      { "cpu", "0" },       { "0", "0" },
    { "2,1", "2 1" },     { " 5 , 0, 5", "5 0" }, { "xeon", "0 5" },   { "3060", "2" },
    { "4090", "1 3" },    { "nvidia", "1 2" },   { "RUSTICL", "3" },
  };
  g_autoptr (GPtrArray) devices = invent_devices ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) chosen = recon_devices_choose (devices, cases[i].choice, &error);
      g_autoptr (GString) numbers = g_string_new (NULL);

      g_assert_no_error (error);
      for (guint j = 0; j < chosen->len; j++)
        {
          guint number;

          g_assert_true (g_ptr_array_find (devices, g_ptr_array_index (chosen, j), &number));
          g_string_append_printf (numbers, "%s%u", j > 0 ? " " : "", number);
        }
      g_assert_cmpstr (numbers->str, ==, cases[i].numbers);
    }
}

static void
test_choose_nothing (void)
{
  static const struct
  {
    const char *choice;
    int         code;
    const char *text;
  } cases[] = {
    { "radeon", RECON_ERROR_CONFIG, "device = \"radeon\"" },
    { "60", RECON_ERROR_CONFIG, "device = \"60\"" },
    { "7", RECON_ERROR_CONFIG, "6: FPGA (Altera)" },
    { "0,7", RECON_ERROR_CONFIG, "6: FPGA (Altera)" },
    { "-1", RECON_ERROR_CONFIG, "part of a name" },
    { ",", RECON_ERROR_CONFIG, "part of a name" },
    { "old", RECON_ERROR_DEVICE, OLD },
    { "4", RECON_ERROR_DEVICE, "Old card (Clover)" },
    { "1,4", RECON_ERROR_DEVICE, "Old card (Clover)" },
  };
  g_autoptr (GPtrArray) devices = invent_devices ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (recon_devices_choose (devices, cases[i].choice, &error));
      g_assert_error (error, RECON_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].text));
    }
}

static void
test_choose_processor (void)
{
  g_autoptr (GPtrArray) devices = invent_devices ();
  g_autoptr (GPtrArray) chosen = NULL;
  g_autoptr (GError) error = NULL;

  /* Only the processors and the refused card are left. */
  g_ptr_array_remove_index (devices, 6);
  g_ptr_array_remove_range (devices, 1, 3);

  chosen = recon_devices_choose (devices, "auto", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (chosen->len, ==, 1);
  g_assert_true (g_ptr_array_index (chosen, 0) == g_ptr_array_index (devices, 0));

  g_assert_null (recon_devices_choose (devices, "gpu", &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, "refused: " OLD));
  g_clear_error (&error);

  /* Nothing is usable. */
  g_ptr_array_remove_index (devices, 2);
  g_ptr_array_remove_index (devices, 0);
  g_assert_null (recon_devices_choose (devices, "auto", &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "Old card (Clover), refused: " OLD));
  g_assert_nonnull (strstr (error->message, "pocl-opencl-icd"));
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (recon_cl_error_name (CL_MEM_OBJECT_ALLOCATION_FAILURE), ==, "CL_MEM_OBJECT_ALLOCATION_FAILURE");
  g_assert_cmpstr (recon_cl_error_name (CL_INVALID_DEVICE_PARTITION_COUNT), ==, "CL_INVALID_DEVICE_PARTITION_COUNT");
  g_assert_cmpstr (recon_cl_error_name (-1001), ==, "CL_PLATFORM_NOT_FOUND_KHR");
  g_assert_cmpstr (recon_cl_error_name (-31415), ==, "unknown OpenCL error");

  /* All codes of the standard have their names. */
  for (cl_int code = CL_INVALID_DEVICE_PARTITION_COUNT; code <= CL_SUCCESS; code++)
    if (code >= CL_KERNEL_ARG_INFO_NOT_AVAILABLE || code <= CL_INVALID_VALUE)
      g_assert_true (g_str_has_prefix (recon_cl_error_name (code), "CL_"));

  g_assert_true (recon_cl_check (CL_SUCCESS, "do a thing", &error));
  g_assert_no_error (error);
  g_assert_false (recon_cl_check (CL_OUT_OF_RESOURCES, "do a thing", &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "could not do a thing: CL_OUT_OF_RESOURCES (-5)"));
  g_assert_nonnull (strstr (error->message, "--memory-limit"));
}

static ReconDevice *
open_first (gboolean shared)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = recon_devices_list (&error);
  g_autoptr (GPtrArray) usable = NULL;
  ReconDeviceInfo info;
  ReconDevice *device;

  g_assert_no_error (error);
  usable = recon_devices_choose (all, "auto", &error);
  g_assert_no_error (error);
  info = *(const ReconDeviceInfo *) g_ptr_array_index (usable, 0);
  info.shares_memory = info.shares_memory && shared;
  device = recon_device_open (&info, &error);
  g_assert_no_error (error);

  return device;
}

static void
test_list (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = recon_devices_list (&error);
  ReconDeviceInfo refused;

  g_assert_no_error (error);
  for (guint i = 0; i < devices->len; i++)
    {
      const ReconDeviceInfo *info = g_ptr_array_index (devices, i);

      g_assert_cmpstr (info->name, !=, "");
      g_assert_cmpstr (info->platform, !=, "");
      if (info->refusal != NULL)
        continue;
      g_assert_cmpuint (info->n_units, >, 0);
      g_assert_cmpuint (info->memory, >=, 256 << 20);
      g_assert_cmpuint (info->max_allocation, <=, info->memory);
      g_assert_true (!info->shares_memory || info->type == CL_DEVICE_TYPE_CPU);
    }

  refused = *(const ReconDeviceInfo *) g_ptr_array_index (devices, 0);
  refused.refusal = (char *) "it is tired";
  g_assert_null (recon_device_open (&refused, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "it is tired"));
}

static void
test_build (void)
{
  g_autoptr (ReconDevice) device = open_first (TRUE);
  g_autoptr (GError) error = NULL;
  g_auto (ReconClKernel) kernel = NULL;
  cl_program program = recon_device_build (device, "backproject.cl", NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (program);
  g_assert_true (recon_device_build (device, "backproject.cl", "", &error) == program);
  g_assert_true (recon_device_build (device, "backproject.cl", "-DSOMETHING=1", &error) != program);
  g_assert_no_error (error);

  kernel = recon_device_kernel (device, "backproject.cl", "backproject", NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (kernel);

  g_assert_null (recon_device_kernel (device, "backproject.cl", "forward_project", NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "find the kernel forward_project in backproject.cl"));
  g_assert_nonnull (strstr (error->message, "CL_INVALID_KERNEL_NAME"));
  g_clear_error (&error);

  g_assert_null (recon_device_build (device, "nothing.cl", NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "nothing.cl"));
  g_clear_error (&error);

  /* The compiler's own words are in the error. */
  g_assert_null (recon_device_build (device, "backproject.cl", "-Dcolumn=no_such_name()", &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "backproject.cl (options"));
  g_assert_nonnull (strstr (error->message, "no_such_name"));
  g_assert_nonnull (strstr (error->message, "error"));
}

static void
test_buffers (gconstpointer data)
{
  g_autoptr (ReconDevice) device = open_first (GPOINTER_TO_INT (data));
  const gboolean shared = recon_device_get_info (device)->shares_memory;
  g_auto (ReconClMem) buffer = NULL;
  g_auto (ReconClMem) table = NULL;
  g_auto (ReconClMem) fresh = NULL;
  g_autoptr (GError) error = NULL;
  const gsize n = 3000, bytes = n * sizeof (float);
  float *host = recon_host_memory_new (bytes, &error);
  float *copy = g_new0 (float, n);
  float *mapped;

  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    host[i] = (float) i;

  buffer = recon_device_wrap (device, host, bytes, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (recon_device_fetch (device, buffer, copy, bytes, &error));
  g_assert_cmpmem (copy, bytes, host, bytes);

  /* Written through a mapping of a part, read back into the memory itself. */
  mapped = recon_device_map (device, buffer, CL_MAP_READ | CL_MAP_WRITE, 150 * sizeof (float), &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (mapped[100], ==, 100);
  if (shared)
    g_assert_true (mapped == host);
  mapped[149] = -1;
  g_assert_true (recon_device_unmap (device, buffer, mapped, &error));
  g_assert_true (recon_device_fetch (device, buffer, host, bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (host[149], ==, -1);
  g_assert_cmpfloat (host[150], ==, 150);

  table = recon_device_new_table (device, copy, bytes, &error);
  g_assert_no_error (error);
  memset (copy, 0, bytes);
  g_assert_true (recon_device_fetch (device, table, copy, bytes, &error));
  g_assert_cmpfloat (copy[149], ==, 149);

  fresh = recon_device_new_buffer (device, bytes, &error);
  g_assert_no_error (error);
  mapped = recon_device_map (device, fresh, CL_MAP_WRITE, bytes, &error);
  g_assert_no_error (error);
  memcpy (mapped, host, bytes);
  g_assert_true (recon_device_unmap (device, fresh, mapped, &error));
  g_assert_true (recon_device_fetch (device, fresh, copy, bytes, &error));
  g_assert_cmpmem (copy, bytes, host, bytes);

  g_assert_null (recon_device_new_buffer (device, G_MAXSIZE / 2, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "--memory-limit"));
  g_clear_error (&error);

  /* An argument that is wrong comes back as the device's error. */
  g_assert_null (recon_device_map (device, fresh, CL_MAP_READ, bytes + 1, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, recon_device_get_info (device)->name));

  g_free (copy);
  g_clear_pointer (&buffer, clReleaseMemObject);
  recon_host_memory_free (host);
}

static void
test_host_memory (void)
{
  const gsize sizes[] = { 0, 1, 4095, 4096, 4097, 1000003 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guchar *memory = recon_host_memory_new (sizes[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (GPOINTER_TO_SIZE (memory) % 4096, ==, 0);
      memset (memory, 1, (MAX (sizes[i], 1) + 4095) / 4096 * 4096);
      recon_host_memory_free (memory);
    }

  g_assert_null (recon_host_memory_new (G_MAXSIZE, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_MEMORY);
  g_clear_error (&error);
  g_assert_null (recon_host_memory_new (G_MAXSSIZE, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_MEMORY);
  g_clear_error (&error);

/* A request that only the system can refuse ends the process under the sanitizer. */
#ifndef __SANITIZE_ADDRESS__
  g_assert_null (recon_host_memory_new (G_MAXSSIZE - 8192, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "--memory-limit"));
#endif

  recon_host_memory_free (NULL);
}

/* Runs a test of this program in a process of its own, where OpenCL finds another environment. */
static void
run_with (const char *variable,
          const char *value,
          const char *path)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, variable, value, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, program, "--GTestSubprocess", "-p", path, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    {
      g_test_message ("%s", output);
      g_test_fail_printf ("%s failed with %s=%s", path, variable, value);
    }
}

static void
test_no_driver_subprocess (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (recon_devices_list (&error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "no driver is installed"));
  g_assert_nonnull (strstr (error->message, "apt install pocl-opencl-icd"));
  g_assert_nonnull (strstr (error->message, "reconstruct devices"));
}

static void
test_no_driver (void)
{
  run_with ("OCL_ICD_VENDORS", "/nonexistent", "/devices/no-driver/subprocess");
}

/* Only PoCL hides its device so; where there are others too, there is nothing to see. */
static void
test_no_cache_subprocess (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = recon_devices_list (&error);

  if (devices != NULL)
    return;
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "POCL_CACHE_DIR"));
  g_assert_nonnull (strstr (error->message, "Portable Computing Language"));
}

static void
test_no_cache (void)
{
  run_with ("POCL_CACHE_DIR", "/proc/nonexistent/cache", "/devices/no-cache/subprocess");
}

static gboolean
is_pocl (const ReconDeviceInfo *info)
{
  return g_str_equal (info->platform, "Portable Computing Language");
}

/* Two devices of one platform are both taken. */
static void
test_two_devices_subprocess (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = recon_devices_list (&error);
  g_autoptr (GPtrArray) automatic = NULL;
  g_autoptr (GPtrArray) second = NULL;

  g_assert_no_error (error);
  if (devices->len != 2 || !is_pocl (g_ptr_array_index (devices, 0)) || !is_pocl (g_ptr_array_index (devices, 1)))
    return;

  automatic = recon_devices_choose (devices, "auto", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (automatic->len, ==, 2);

  second = recon_devices_choose (devices, "1", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (second->len, ==, 1);
  g_assert_true (g_ptr_array_index (second, 0) == g_ptr_array_index (devices, 1));
}

static void
test_two_devices (void)
{
  run_with ("POCL_DEVICES", "pthread pthread", "/devices/two/subprocess");
}

static gpointer
list_thread (gpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = recon_devices_list (&error);

  g_assert_no_error (error);

  return GUINT_TO_POINTER (devices->len);
}

/* The drivers start with the first call in the process: this test has to be the first one. */
static void
test_threads (void)
{
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("list", list_thread, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), >, 0);
}

#define N_THREADS 8

typedef struct
{
  const ReconDeviceInfo *info;
  gint                   n_ready;
} AtOnce;

static gpointer
build_at_once (gpointer data)
{
  AtOnce *at_once = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconDevice) device = recon_device_open (at_once->info, &error);

  g_assert_no_error (error);
  g_atomic_int_inc (&at_once->n_ready);
  while (g_atomic_int_get (&at_once->n_ready) < N_THREADS)
    ;
  g_assert_null (recon_device_build (device, "none.cl", NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "none.cl"));

  return NULL;
}

static void
test_at_once_subprocess (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = recon_devices_list (&error);
  AtOnce at_once = { 0 };
  GThread *threads[N_THREADS];

  g_assert_no_error (error);
  at_once.info = g_ptr_array_index (devices, 0);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("build", build_at_once, &at_once);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

/* Workers take their first kernels at the same moment. What is the first time happens once in a process. */
static void
test_at_once (void)
{
  for (guint i = 0; i < 12; i++)
    {
      g_test_trap_subprocess ("/devices/at-once/subprocess", 0, 0);
      g_test_trap_assert_passed ();
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/devices/threads", test_threads);
  g_test_add_func ("/devices/choose", test_choose);
  g_test_add_func ("/devices/choose-nothing", test_choose_nothing);
  g_test_add_func ("/devices/choose-processor", test_choose_processor);
  g_test_add_func ("/devices/errors", test_errors);
  g_test_add_func ("/devices/list", test_list);
  g_test_add_func ("/devices/build", test_build);
  g_test_add_data_func ("/devices/buffers/shared", GINT_TO_POINTER (TRUE), test_buffers);
  g_test_add_data_func ("/devices/buffers/own-memory", GINT_TO_POINTER (FALSE), test_buffers);
  g_test_add_func ("/devices/host-memory", test_host_memory);
  g_test_add_func ("/devices/no-driver", test_no_driver);
  g_test_add_func ("/devices/no-driver/subprocess", test_no_driver_subprocess);
  g_test_add_func ("/devices/no-cache", test_no_cache);
  g_test_add_func ("/devices/no-cache/subprocess", test_no_cache_subprocess);
  g_test_add_func ("/devices/at-once", test_at_once);
  g_test_add_func ("/devices/at-once/subprocess", test_at_once_subprocess);
  g_test_add_func ("/devices/two", test_two_devices);
  g_test_add_func ("/devices/two/subprocess", test_two_devices_subprocess);

  return g_test_run ();
}

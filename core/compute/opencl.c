/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/opencl.h"

#include <CL/cl_ext.h>
#include <glib/gi18n-lib.h>

#include "base/fail.h"

#define NAME(code) { code, #code }

static const struct
{
  cl_int      code;
  const char *name;
} names[] = {
  NAME (CL_SUCCESS),
  NAME (CL_DEVICE_NOT_FOUND),
  NAME (CL_DEVICE_NOT_AVAILABLE),
  NAME (CL_COMPILER_NOT_AVAILABLE),
  NAME (CL_MEM_OBJECT_ALLOCATION_FAILURE),
  NAME (CL_OUT_OF_RESOURCES),
  NAME (CL_OUT_OF_HOST_MEMORY),
  NAME (CL_PROFILING_INFO_NOT_AVAILABLE),
  NAME (CL_MEM_COPY_OVERLAP),
  NAME (CL_IMAGE_FORMAT_MISMATCH),
  NAME (CL_IMAGE_FORMAT_NOT_SUPPORTED),
  NAME (CL_BUILD_PROGRAM_FAILURE),
  NAME (CL_MAP_FAILURE),
  NAME (CL_MISALIGNED_SUB_BUFFER_OFFSET),
  NAME (CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST),
  NAME (CL_COMPILE_PROGRAM_FAILURE),
  NAME (CL_LINKER_NOT_AVAILABLE),
  NAME (CL_LINK_PROGRAM_FAILURE),
  NAME (CL_DEVICE_PARTITION_FAILED),
  NAME (CL_KERNEL_ARG_INFO_NOT_AVAILABLE),
  NAME (CL_INVALID_VALUE),
  NAME (CL_INVALID_DEVICE_TYPE),
  NAME (CL_INVALID_PLATFORM),
  NAME (CL_INVALID_DEVICE),
  NAME (CL_INVALID_CONTEXT),
  NAME (CL_INVALID_QUEUE_PROPERTIES),
  NAME (CL_INVALID_COMMAND_QUEUE),
  NAME (CL_INVALID_HOST_PTR),
  NAME (CL_INVALID_MEM_OBJECT),
  NAME (CL_INVALID_IMAGE_FORMAT_DESCRIPTOR),
  NAME (CL_INVALID_IMAGE_SIZE),
  NAME (CL_INVALID_SAMPLER),
  NAME (CL_INVALID_BINARY),
  NAME (CL_INVALID_BUILD_OPTIONS),
  NAME (CL_INVALID_PROGRAM),
  NAME (CL_INVALID_PROGRAM_EXECUTABLE),
  NAME (CL_INVALID_KERNEL_NAME),
  NAME (CL_INVALID_KERNEL_DEFINITION),
  NAME (CL_INVALID_KERNEL),
  NAME (CL_INVALID_ARG_INDEX),
  NAME (CL_INVALID_ARG_VALUE),
  NAME (CL_INVALID_ARG_SIZE),
  NAME (CL_INVALID_KERNEL_ARGS),
  NAME (CL_INVALID_WORK_DIMENSION),
  NAME (CL_INVALID_WORK_GROUP_SIZE),
  NAME (CL_INVALID_WORK_ITEM_SIZE),
  NAME (CL_INVALID_GLOBAL_OFFSET),
  NAME (CL_INVALID_EVENT_WAIT_LIST),
  NAME (CL_INVALID_EVENT),
  NAME (CL_INVALID_OPERATION),
  NAME (CL_INVALID_GL_OBJECT),
  NAME (CL_INVALID_BUFFER_SIZE),
  NAME (CL_INVALID_MIP_LEVEL),
  NAME (CL_INVALID_GLOBAL_WORK_SIZE),
  NAME (CL_INVALID_PROPERTY),
  NAME (CL_INVALID_IMAGE_DESCRIPTOR),
  NAME (CL_INVALID_COMPILER_OPTIONS),
  NAME (CL_INVALID_LINKER_OPTIONS),
  NAME (CL_INVALID_DEVICE_PARTITION_COUNT),
  NAME (CL_PLATFORM_NOT_FOUND_KHR),
};

#undef NAME

/* What the user can do about an error; the text is a sentence of its own. */
static const char *
get_remedy (cl_int code)
{
  switch (code)
    {
    case CL_MEM_OBJECT_ALLOCATION_FAILURE:
    case CL_OUT_OF_RESOURCES:
    case CL_INVALID_BUFFER_SIZE:
      return _ ("The device is out of memory: set a smaller --memory-limit, or close other programs that use it.");

    case CL_OUT_OF_HOST_MEMORY:
    case CL_MAP_FAILURE:
      return _ ("This computer is out of memory: set a smaller --memory-limit, or close other programs.");

    case CL_DEVICE_NOT_FOUND:
    case CL_DEVICE_NOT_AVAILABLE:
    case CL_INVALID_DEVICE:
    case CL_PLATFORM_NOT_FOUND_KHR:
      return _ ("`reconstruct devices` lists the devices that there are and why some are refused.");

    case CL_COMPILER_NOT_AVAILABLE:
    case CL_LINKER_NOT_AVAILABLE:
    case CL_BUILD_PROGRAM_FAILURE:
    case CL_INVALID_BINARY:
      return _ ("Update the device's driver, empty the driver's kernel cache, or choose another device with --device.");

    default:
      return _ ("Update the device's driver, or choose another device with --device.");
    }
}

/**
 * recon_cl_error_name:
 * @code: what an OpenCL function returned
 *
 * Returns: the name of the code in the OpenCL headers, such as "CL_OUT_OF_RESOURCES"
 */
const char *
recon_cl_error_name (cl_int code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].code == code)
      return names[i].name;

  return "unknown OpenCL error";
}

/**
 * recon_cl_check:
 * @code: what an OpenCL function returned
 * @what: what was being done, to follow "could not": "allocate a buffer"
 * @error: return location
 *
 * Turns the result of an OpenCL function into a #GError.
 *
 * Returns: %TRUE if @code is `CL_SUCCESS`, else %FALSE with #RECON_ERROR_DEVICE
 */
gboolean
recon_cl_check (cl_int       code,
                const char  *what,
                GError     **error)
{
  if (code == CL_SUCCESS)
    return TRUE;

  return recon_fail (error, RECON_ERROR_DEVICE, _ ("OpenCL could not %s: %s (%d). %s"), what,
                     recon_cl_error_name (code), code, get_remedy (code));
}

/**
 * recon_cl_set_arguments:
 * @kernel: a kernel
 * @first: index of the first argument, counted from 0
 * @n: number of arguments
 * @arguments: (array length=n): their sizes and values
 * @error: return location
 *
 * Sets successive arguments of a kernel.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE
 */
gboolean
recon_cl_set_arguments (cl_kernel               kernel,
                        guint                   first,
                        guint                   n,
                        const ReconClArgument  *arguments,
                        GError                **error)
{
  for (guint i = 0; i < n; i++)
    {
      cl_int code = clSetKernelArg (kernel, first + i, arguments[i].size, arguments[i].value);

      if (code != CL_SUCCESS)
        {
          g_autofree char *what = g_strdup_printf (_ ("set argument %u of a kernel"), first + i);

          return recon_cl_check (code, what, error);
        }
    }

  return TRUE;
}

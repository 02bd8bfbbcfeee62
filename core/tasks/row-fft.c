/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/row-fft.h"

#include <locale.h>
#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "compute/program-cache.h"

/* VkFFT (Tolmachev, IEEE Access 11, 2023) is one header that writes OpenCL C for a device and a length. What it would
 * do on its own account is taken over here, by macros that stand for the functions it calls:
 *
 *  - It prints the source and the compiler's messages where a program doesn't compile; here they go into the error.
 *  - It sets the locale of the whole process, to which other threads may just be formatting numbers; here this thread's
 *    is set while VkFFT is at work.
 *  - Its own way to keep binaries is for those without zero bytes, which only some drivers make; here all programs go
 *    through recon_program_cache_build(), which has built them when VkFFT sets about that. */
static char       *keep_locale    (void) G_GNUC_UNUSED; /* by newer releases, which leave the locale alone */
static cl_program  create_program (const char  **sources,
                                   const gsize  *lengths,
                                   cl_int       *code);
static cl_int      program_built  (cl_program    program);

#define setlocale(category, name)                                            keep_locale ()
#define printf(...)                                                          ((void) 0)
#define clCreateProgramWithSource(context, n, sources, lengths, code)        create_program (sources, lengths, code)
#define clBuildProgram(program, n_devices, devices, options, callback, data) program_built (program)

/* With the sanitizers on, GCC supposes a null pointer where there is none. */
#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-overflow"
#endif

#include <vkFFT.h>

#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#undef setlocale
#undef printf
#undef clCreateProgramWithSource
#undef clBuildProgram

/* As for the program's own kernels. */
#define BUILD_OPTIONS "-cl-std=CL1.2 -w"

struct _ReconRowFft
{
  ReconDevice      *device;
  cl_device_id      id;
  cl_context        context;
  cl_command_queue  queue;
  cl_mem            rows; /* VkFFT keeps pointers to all of these handles */
  VkFFTApplication  application;
  gboolean          initialised;
};

/* What VkFFT is making in this thread; its calls carry nothing of ours. */
typedef struct
{
  ReconDevice  *device;
  GError      **error;
} Making;

static GPrivate current_making;

static char *
keep_locale (void)
{
  return NULL;
}

/* Of a single source, in the context of the device that is told. */
static cl_program
create_program (const char  **sources,
                const gsize  *lengths,
                cl_int       *code)
{
  Making *making = g_private_get (&current_making);
  g_autofree char *source = g_strndup (sources[0], lengths[0]);
  cl_program program = recon_program_cache_build (making->device, source, BUILD_OPTIONS, making->error);

  *code = program != NULL ? CL_SUCCESS : CL_BUILD_PROGRAM_FAILURE;

  return program;
}

static cl_int
program_built (cl_program program)
{
  return CL_SUCCESS;
}

#define NAME(code) { code, #code }

static const struct
{
  VkFFTResult code;
  const char *name;
} names[] = {
  NAME (VKFFT_ERROR_MALLOC_FAILED),
  NAME (VKFFT_ERROR_INSUFFICIENT_CODE_BUFFER),
  NAME (VKFFT_ERROR_INSUFFICIENT_TEMP_BUFFER),
  NAME (VKFFT_ERROR_UNSUPPORTED_RADIX),
  NAME (VKFFT_ERROR_UNSUPPORTED_FFT_LENGTH),
  NAME (VKFFT_ERROR_FAILED_TO_ALLOCATE),
  NAME (VKFFT_ERROR_FAILED_TO_CREATE_BUFFER),
  NAME (VKFFT_ERROR_FAILED_TO_ALLOCATE_MEMORY),
  NAME (VKFFT_ERROR_FAILED_TO_COPY),
  NAME (VKFFT_ERROR_FAILED_TO_CREATE_PROGRAM),
  NAME (VKFFT_ERROR_FAILED_TO_COMPILE_PROGRAM),
  NAME (VKFFT_ERROR_FAILED_TO_GET_FUNCTION),
  NAME (VKFFT_ERROR_FAILED_TO_LAUNCH_KERNEL),
  NAME (VKFFT_ERROR_FAILED_TO_SET_KERNEL_ARG),
  NAME (VKFFT_ERROR_FAILED_TO_GET_ATTRIBUTE),
};

#undef NAME

static const char *
get_result_name (VkFFTResult result)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].code == result)
      return names[i].name;

  return "VkFFTResult";
}

static const char *
get_remedy (VkFFTResult result)
{
  switch (result)
    {
    case VKFFT_ERROR_MALLOC_FAILED:
    case VKFFT_ERROR_FAILED_TO_ALLOCATE:
    case VKFFT_ERROR_FAILED_TO_CREATE_BUFFER:
    case VKFFT_ERROR_FAILED_TO_ALLOCATE_MEMORY:
      return _ ("The device is out of memory: set a smaller --memory-limit, or close other programs that use it.");

    default:
      return _ ("Update the device's driver, or set --compute.variant=cpu, or choose another device with --device.");
    }
}

/* @cause: (transfer full) (nullable): what OpenCL said, with the device's name and what to do */
static gboolean
check (ReconRowFft  *self,
       VkFFTResult   result,
       const char   *what,
       GError       *cause,
       GError      **error)
{
  if (result == VKFFT_SUCCESS)
    return TRUE;

  if (cause != NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_DEVICE, _ ("VkFFT could not %s: %s (%d). %s"),
                 what, get_result_name (result), (int) result, cause->message);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_DEVICE, _ ("%s: VkFFT could not %s: %s (%d). %s"),
                 recon_device_get_info (self->device)->name, what, get_result_name (result), (int) result,
                 get_remedy (result));
  g_clear_error (&cause);

  return FALSE;
}

/**
 * recon_row_fft_free:
 * @self: (transfer full): a transform
 */
void
recon_row_fft_free (ReconRowFft *self)
{
  if (self->initialised)
    deleteVkFFT (&self->application);
  g_clear_object (&self->device);
  g_free (self);
}

/* VkFFT writes numbers into its sources, which must have a decimal point. */
static VkFFTResult
initialize (ReconRowFft        *self,
            VkFFTConfiguration  configuration,
            GError            **cause)
{
  Making making = { self->device, cause };
  locale_t c = newlocale (LC_ALL_MASK, "C", (locale_t) 0);
  locale_t previous;
  VkFFTResult result;

  if (c == (locale_t) 0)
    return VKFFT_ERROR_MALLOC_FAILED;

  previous = uselocale (c);
  g_private_set (&current_making, &making);
  result = initializeVkFFT (&self->application, configuration);
  g_private_set (&current_making, NULL);
  uselocale (previous);
  freelocale (c);

  return result;
}

/**
 * recon_row_fft_new:
 * @device: where it works
 * @length: complex numbers of a row, of small prime factors
 * @n_rows: rows that are transformed at a time
 * @error: return location
 *
 * Makes transforms of rows of one length. The programs are kept on disk, see recon_program_cache_build(). VkFFT may
 * take memory of the device of the rows' size where a row doesn't fit the device's local memory.
 *
 * Returns: (transfer full): the transform, to be freed before the device; %NULL with #RECON_ERROR_DEVICE
 */
ReconRowFft *
recon_row_fft_new (ReconDevice  *device,
                   guint         length,
                   guint         n_rows,
                   GError      **error)
{
  g_autoptr (ReconRowFft) self = g_new0 (ReconRowFft, 1);
  VkFFTConfiguration configuration = { 0 };
  GError *cause = NULL;
  VkFFTResult result;
  cl_int code;

  self->device = g_object_ref (device);
  self->id = recon_device_get_info (device)->id;
  self->queue = recon_device_get_queue (device);
  code = clGetCommandQueueInfo (self->queue, CL_QUEUE_CONTEXT, sizeof self->context, &self->context, NULL);
  if (!recon_cl_check (code, _ ("tell a queue's context"), error))
    return NULL;

  configuration.FFTdim = 1;
  configuration.size[0] = length;
  configuration.numberBatches = n_rows;
  configuration.device = &self->id;
  configuration.context = &self->context;
  /* Tables instead of the device's fast sines, whose last digits are wrong. */
  configuration.useLUT = 1;

  /* When this fails, it has freed what it made. */
  result = initialize (self, configuration, &cause);
  if (!check (self, result, _ ("prepare the Fourier transform"), cause, error))
    return NULL;
  self->initialised = TRUE;

  return g_steal_pointer (&self);
}

/**
 * recon_row_fft_run:
 * @self: a transform
 * @rows: (inout): n_rows × length complex numbers (real part, imaginary part)
 * @backward: whether to transform back; forward and back multiply by the length
 * @error: return location
 *
 * Puts the transforms of all rows, in place, into the device's queue. A row's result depends on no other row.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE
 */
gboolean
recon_row_fft_run (ReconRowFft  *self,
                   cl_mem        rows,
                   gboolean      backward,
                   GError      **error)
{
  VkFFTLaunchParams parameters = { 0 };

  g_return_val_if_fail (self != NULL && rows != NULL, FALSE);

  self->rows = rows;
  parameters.commandQueue = &self->queue;
  parameters.buffer = &self->rows;

  return check (self, VkFFTAppend (&self->application, backward ? 1 : -1, &parameters),
                _ ("start the Fourier transform"), NULL, error);
}

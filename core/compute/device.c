/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/device.h"

#include <glib/gi18n-lib.h>

#include "base/fail.h"
#include "compute/device-private.h"

/* A driver that keeps complaining must not fill the memory. */
#define MAX_NOTES 4096

G_DEFINE_FINAL_TYPE (ReconDevice, recon_device, G_TYPE_OBJECT)

/* Called by the driver, in any thread. */
static void CL_CALLBACK
context_notify_cb (const char *text,
                   const void *private_info,
                   gsize       private_size,
                   void       *data)
{
  ReconDevice *self = data;

  g_mutex_lock (&self->lock);
  if (text != NULL && self->notes->len < MAX_NOTES)
    g_string_append_printf (self->notes, "%s%s", self->notes->len > 0 ? "; " : "", text);
  g_mutex_unlock (&self->lock);
}

/* Returns: (nullable): what the driver said since the last time */
static char *
take_notes (ReconDevice *self)
{
  char *notes = NULL;

  g_mutex_lock (&self->lock);
  if (self->notes->len > 0)
    notes = g_utf8_make_valid (self->notes->str, -1);
  g_string_truncate (self->notes, 0);
  g_mutex_unlock (&self->lock);

  return notes;
}

/* recon_cl_check() that also names the device and says what the driver reported. */
gboolean
_recon_device_check (ReconDevice  *self,
                     cl_int        code,
                     const char   *what,
                     GError      **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *notes = NULL;

  if (recon_cl_check (code, what, &failure))
    return TRUE;

  notes = take_notes (self);
  if (notes != NULL)
    g_set_error (error, failure->domain, failure->code, _ ("%s: %s The driver says: %s"),
                 self->info->name, failure->message, notes);
  else
    g_set_error (error, failure->domain, failure->code, "%s: %s", self->info->name, failure->message);

  return FALSE;
}

static void
release_program (gpointer program)
{
  clReleaseProgram (program);
}

static void
recon_device_finalize (GObject *object)
{
  ReconDevice *self = RECON_DEVICE (object);

  g_hash_table_unref (self->programs);
  g_clear_pointer (&self->queue, clReleaseCommandQueue);
  g_clear_pointer (&self->context, clReleaseContext);
  g_clear_pointer (&self->info, recon_device_info_free);
  g_string_free (self->notes, TRUE);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (recon_device_parent_class)->finalize (object);
}

static void
recon_device_class_init (ReconDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_device_finalize;
}

static void
recon_device_init (ReconDevice *self)
{
  self->programs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, release_program);
  self->notes = g_string_new (NULL);
  g_mutex_init (&self->lock);
}

/**
 * recon_device_open:
 * @info: a device that is not refused; copied
 * @error: return location
 *
 * Takes a device into use. All buffers and kernels that are made with it must be released before it.
 *
 * Returns: (transfer full): the device, or %NULL with #RECON_ERROR_DEVICE
 */
ReconDevice *
recon_device_open (const ReconDeviceInfo  *info,
                   GError                **error)
{
  g_autoptr (ReconDevice) self = NULL;
  cl_context_properties properties[] = { CL_CONTEXT_PLATFORM, (cl_context_properties) info->platform_id, 0 };
  cl_int code;

  if (info->refusal != NULL)
    return recon_fail_null (error, RECON_ERROR_DEVICE, _ ("The OpenCL device %s (%s) can't be used: %s."), info->name,
                            info->platform, info->refusal);

  self = g_object_new (RECON_TYPE_DEVICE, NULL);
  self->info = recon_device_info_copy (info);

  self->context = clCreateContext (properties, 1, &self->info->id, context_notify_cb, self, &code);
  if (!_recon_device_check (self, code, _ ("create a context"), error))
    return NULL;

  self->queue = clCreateCommandQueue (self->context, self->info->id, 0, &code);
  if (!_recon_device_check (self, code, _ ("create a command queue"), error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * recon_device_get_info:
 * @self: a device
 *
 * Returns: (transfer none): its description
 */
const ReconDeviceInfo *
recon_device_get_info (ReconDevice *self)
{
  g_return_val_if_fail (RECON_IS_DEVICE (self), NULL);

  return self->info;
}

/**
 * recon_device_get_queue:
 * @self: a device
 *
 * Returns: (transfer none): its queue; commands run in the order in which they were put there
 */
cl_command_queue
recon_device_get_queue (ReconDevice *self)
{
  g_return_val_if_fail (RECON_IS_DEVICE (self), NULL);

  return self->queue;
}

/**
 * recon_device_launch:
 * @self: a device
 * @kernel: a kernel of it, with all its arguments set
 * @n_dims: number of dimensions, 1 to 3
 * @global: numbers of work items, multiples of @local
 * @local: sizes of a work group; equal ones give equal bits whatever the number of items
 * @error: return location
 *
 * Puts a kernel into the queue; it runs some time later.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE
 */
gboolean
recon_device_launch (ReconDevice  *self,
                     cl_kernel     kernel,
                     guint         n_dims,
                     const gsize  *global,
                     const gsize  *local,
                     GError      **error)
{
  g_return_val_if_fail (RECON_IS_DEVICE (self), FALSE);
  g_return_val_if_fail (kernel != NULL && global != NULL && local != NULL, FALSE);

  return _recon_device_check (self,
                              clEnqueueNDRangeKernel (self->queue, kernel, n_dims, NULL, global, local, 0, NULL, NULL),
                              _ ("start a kernel"), error);
}

/**
 * recon_device_set_progress:
 * @self: a device
 * @func: (nullable): called with every part of a block that a step has done
 * @user_data: (closure): for @func
 */
void
recon_device_set_progress (ReconDevice             *self,
                           ReconDeviceProgressFunc  func,
                           gpointer                 user_data)
{
  g_return_if_fail (RECON_IS_DEVICE (self));

  self->progress = func;
  self->progress_data = user_data;
}

/**
 * recon_device_report_progress:
 * @self: a device
 * @done: how much of its work on a block a step has done, from 0 to 1
 */
void
recon_device_report_progress (ReconDevice *self,
                              double       done)
{
  if (self->progress != NULL)
    self->progress (done, self->progress_data);
}

/**
 * recon_device_wait:
 * @self: a device
 * @error: return location
 *
 * Waits until all commands in the queue have run.
 *
 * Returns: %FALSE with #RECON_ERROR_DEVICE if one failed
 */
gboolean
recon_device_wait (ReconDevice  *self,
                   GError      **error)
{
  g_return_val_if_fail (RECON_IS_DEVICE (self), FALSE);

  return _recon_device_check (self, clFinish (self->queue), _ ("finish its work"), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "compute/device.h"

G_BEGIN_DECLS

struct _ReconDevice
{
  GObject parent_instance;

  ReconDeviceInfo  *info;
  cl_context        context;
  cl_command_queue  queue;
  ReconDeviceProgressFunc progress; /* (nullable) */
  gpointer          progress_data;
  GHashTable       *programs; /* "resource options" → cl_program */

  /* What the driver said on its own account; it may call from any thread. */
  GMutex            lock;
  GString          *notes;
};

gboolean         _recon_device_check     (ReconDevice            *self,
                                          cl_int                  code,
                                          const char             *what,
                                          GError                **error);
char            *_recon_device_get_build_log (ReconDevice        *self,
                                              cl_program          program);

G_END_DECLS

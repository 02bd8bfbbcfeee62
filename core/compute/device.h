/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "compute/opencl.h"

G_BEGIN_DECLS

/* An OpenCL device that was interviewed: what it can do, and why it is refused if it is. */
typedef struct
{
  char           *name;
  char           *platform;
  char           *driver;
  cl_device_id    id;
  cl_platform_id  platform_id;
  cl_device_type  type;
  guint           vendor_id;
  guint           n_units;
  guint64         memory;         /* bytes */
  guint64         max_allocation; /* bytes */
  gboolean        shares_memory;  /* works on the host's memory without copies */
  gboolean        likes_small_items; /* GPUs: kernels have many small work items; processors': one for each core */
  char           *refusal;        /* (nullable): why it can't be used; %NULL if it can */
} ReconDeviceInfo;

ReconDeviceInfo *recon_device_info_copy   (const ReconDeviceInfo *self);
void             recon_device_info_free   (ReconDeviceInfo       *self);
GPtrArray       *recon_devices_list       (GError               **error);
GPtrArray       *recon_devices_choose     (GPtrArray             *devices,
                                           const char            *choice,
                                           GError               **error);

/* A device in use: a context and an in-order queue of its own. Used by one thread at a time. */
#define RECON_TYPE_DEVICE (recon_device_get_type ())
G_DECLARE_FINAL_TYPE (ReconDevice, recon_device, RECON, DEVICE, GObject)

/* Called with how much of what is being computed is done, from 0 to 1, in the thread that uses the device. */
typedef void (*ReconDeviceProgressFunc) (double   done,
                                         gpointer user_data);

ReconDevice           *recon_device_open        (const ReconDeviceInfo  *info,
                                                 GError                **error);
const ReconDeviceInfo *recon_device_get_info    (ReconDevice            *self);
void                   recon_device_set_progress (ReconDevice           *self,
                                                  ReconDeviceProgressFunc func,
                                                  gpointer               user_data);
void                   recon_device_report_progress (ReconDevice          *self,
                                                     double                 done);
cl_command_queue       recon_device_get_queue   (ReconDevice            *self);

cl_program             recon_device_build       (ReconDevice            *self,
                                                 const char             *resource,
                                                 const char             *options,
                                                 GError                **error);
cl_kernel              recon_device_kernel      (ReconDevice            *self,
                                                 const char             *resource,
                                                 const char             *name,
                                                 const char             *options,
                                                 GError                **error);

/* Buffers. On a device that shares the host's memory they are that memory. */
cl_mem                 recon_device_new_buffer  (ReconDevice            *self,
                                                 gsize                   bytes,
                                                 GError                **error);
cl_mem                 recon_device_wrap        (ReconDevice            *self,
                                                 gpointer                host,
                                                 gsize                   bytes,
                                                 gboolean                upload,
                                                 GError                **error);
gboolean               recon_device_fetch       (ReconDevice            *self,
                                                 cl_mem                  buffer,
                                                 gpointer                host,
                                                 gsize                   bytes,
                                                 GError                **error);
cl_mem                 recon_device_new_table   (ReconDevice            *self,
                                                 gconstpointer           data,
                                                 gsize                   bytes,
                                                 GError                **error);
gpointer               recon_device_map         (ReconDevice            *self,
                                                 cl_mem                  buffer,
                                                 cl_map_flags            flags,
                                                 gsize                   bytes,
                                                 GError                **error);
gboolean               recon_device_unmap       (ReconDevice            *self,
                                                 cl_mem                  buffer,
                                                 gpointer                mapped,
                                                 GError                **error);
gboolean               recon_device_launch      (ReconDevice            *self,
                                                 cl_kernel               kernel,
                                                 guint                   n_dims,
                                                 const gsize            *global,
                                                 const gsize            *local,
                                                 GError                **error);
gboolean               recon_device_wait        (ReconDevice            *self,
                                                 GError                **error);

gpointer               recon_host_memory_new    (gsize                   bytes,
                                                 GError                **error);
void                   recon_host_memory_free   (gpointer                memory);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/array.h"

G_BEGIN_DECLS

/* Copying and putting straight is in array-copy.c. */

/* Where the numbers were written last. */
typedef enum
{
  NOWHERE,
  ON_HOST,
  ON_DEVICE,
  ON_BOTH,
} Place;

struct _ReconArray
{
  gatomicrefcount ref_count;
  ReconArrayType  type;
  ReconRegion     region;
  ReconLayout     layout;
  gsize           bytes;

  Place           newest;
  gpointer        host;      /* (nullable): from recon_host_memory_new() */
  gboolean        owns_host;
  ReconArray     *viewed;    /* (nullable): whose host memory it is */
  ReconDevice    *device;    /* (nullable): that of the buffer */
  cl_mem          buffer;    /* (nullable): on a device that shares the host's memory, it is the memory at `host` */
};

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "compute/device.h"

G_BEGIN_DECLS

/* What flows between steps. Data are float32 in C order, one item per slice of the block. */
typedef enum
{
  RECON_DATA_COUNTS,    /* raw sinograms: angles × width */
  RECON_DATA_SINOGRAMS, /* corrected sinograms: angles × width */
  RECON_DATA_FILTERED,  /* filtered sinograms: angles × width */
  RECON_DATA_SLICES,    /* y × x */
} ReconData;

typedef struct
{
  ReconData kind;
  guint     height; /* of one item: angles, or rows of a slice */
  guint     width;
} ReconShape;

gboolean recon_shape_get_bytes (const ReconShape *shape,
                                gsize            *bytes);

/* What a step needs, asked before anything runs. */
typedef struct
{
  ReconShape output;       /* what an item becomes */
  gboolean   in_place;     /* works on its input; otherwise it gets a second buffer */
  gsize      device_bytes; /* device memory for tables, whatever the number of items */
  gsize      host_bytes;   /* host memory, likewise */
} ReconRequisition;

/* The unit of work: some slices of a job. Filled by the source, changed by the steps in turn, taken by
 * the sink. The references belong to the block's items: n × width each. */
typedef struct
{
  guint       first; /* slices [first, first + n) of the scan's list of slices */
  guint       n;
  ReconShape  shape;      /* of `data` as it now is */
  float      *dark;       /* (nullable): host memory */
  float      *flat;       /* (nullable): host memory */
  float      *flat_after; /* (nullable): host memory */
} ReconBlock;

/* One operation on blocks. A step object belongs to one device and one thread. The class's prepare drops what
 * an earlier one made before it makes anything. */
#define RECON_TYPE_STEP (recon_step_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconStep, recon_step, RECON, STEP, GObject)

struct _ReconStepClass
{
  GObjectClass parent_class;

  const char *name;

  gboolean (*requisition) (ReconStep         *self,
                           const ReconShape  *input,
                           ReconRequisition  *need,
                           GError           **error);
  gboolean (*prepare)     (ReconStep         *self,
                           ReconDevice       *device,
                           const ReconShape  *input,
                           GError           **error);
  gboolean (*process)     (ReconStep         *self,
                           const ReconBlock  *block,
                           cl_mem             input,
                           cl_mem             output,
                           GCancellable      *cancellable,
                           GError           **error);
};

const char  *recon_step_get_name    (ReconStep         *self);
ReconDevice *recon_step_get_device  (ReconStep         *self);
gboolean     recon_step_requisition (ReconStep         *self,
                                     const ReconShape  *input,
                                     ReconRequisition  *need,
                                     GError           **error);
gboolean     recon_step_prepare     (ReconStep         *self,
                                     ReconDevice       *device,
                                     const ReconShape  *input,
                                     GError           **error);
gboolean     recon_step_process     (ReconStep         *self,
                                     const ReconBlock  *block,
                                     cl_mem             input,
                                     cl_mem             output,
                                     GCancellable      *cancellable,
                                     GError           **error);

G_END_DECLS

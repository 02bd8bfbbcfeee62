/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "compute/device.h"
#include "config/choices.h"

G_BEGIN_DECLS

/* What flows between steps: float32 in C order. A block of n slices is computed in groups of `lanes` slices, which
 * the processor's vectors take at once; before it becomes slices it has room for whole groups, `n_padded` slices, and
 * what is beyond n means nothing. */
typedef enum
{
  RECON_DATA_COUNTS,    /* raw counts: angles × n_padded × width */
  RECON_DATA_SINOGRAMS, /* transmission or absorptivity: angles × n_padded × width */
  RECON_DATA_FILTERED,  /* filtered, lanes innermost: angles × n_padded / lanes × width × lanes */
  RECON_DATA_SLICES,    /* n × y × x */
} ReconData;

#define RECON_MIN_LANES 4
#define RECON_MAX_LANES 16

ReconVariant recon_variant_choose (int                    variant,
                                   const ReconDeviceInfo *device);

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
  gsize      device_bytes; /* device memory for tables and scratch, whatever the number of items */
  gsize      host_bytes;   /* host memory, likewise */
} ReconRequisition;

/* The unit of work: some slices of a job. Filled by the source, changed by the steps in turn, taken by
 * the sink. The references belong to the block's items: n × width each. recon_block_init() sets the numbers. */
typedef struct
{
  guint       first; /* slices [first, first + n) of the scan's list of slices */
  guint       n;
  guint       lanes;      /* slices of a group: 4, 8 or 16 */
  guint       n_padded;   /* n rounded up to whole groups */
  ReconShape  shape;      /* of `data` as it now is */
  float      *dark;       /* (nullable): host memory */
  float      *flat;       /* (nullable): host memory */
  float      *flat_after; /* (nullable): host memory */
} ReconBlock;

void     recon_block_init      (ReconBlock       *self,
                                guint             first,
                                guint             n,
                                guint             lanes,
                                const ReconShape *shape);
gboolean recon_block_get_bytes (const ReconBlock *self,
                                gsize            *bytes);

/* One operation on blocks. A step object belongs to one device and one thread. The class's prepare drops what
 * an earlier one made before it makes anything. */
#define RECON_TYPE_STEP (recon_step_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconStep, recon_step, RECON, STEP, GObject)

struct _ReconStepClass
{
  GObjectClass parent_class;

  const char *name;

  gboolean (*requisition) (ReconStep              *self,
                           const ReconDeviceInfo  *device,
                           const ReconShape       *input,
                           guint                   lanes,
                           ReconRequisition       *need,
                           GError                **error);
  gboolean (*prepare)     (ReconStep              *self,
                           ReconDevice            *device,
                           const ReconShape       *input,
                           guint                   lanes,
                           GError                **error);
  gboolean (*process)     (ReconStep              *self,
                           const ReconBlock       *block,
                           cl_mem                  input,
                           cl_mem                  output,
                           GCancellable           *cancellable,
                           GError                **error);
};

const char  *recon_step_get_name    (ReconStep              *self);
ReconDevice *recon_step_get_device  (ReconStep              *self);
gboolean     recon_step_requisition (ReconStep              *self,
                                     const ReconDeviceInfo  *device,
                                     const ReconShape       *input,
                                     guint                   lanes,
                                     ReconRequisition       *need,
                                     GError                **error);
gboolean     recon_step_prepare     (ReconStep              *self,
                                     ReconDevice            *device,
                                     const ReconShape       *input,
                                     guint                   lanes,
                                     GError                **error);
gboolean     recon_step_process     (ReconStep              *self,
                                     const ReconBlock       *block,
                                     cl_mem                  input,
                                     cl_mem                  output,
                                     GCancellable           *cancellable,
                                     GError                **error);

G_END_DECLS

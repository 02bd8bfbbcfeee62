/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/task.h"
#include "tasks/transmissions.h"

G_BEGIN_DECLS

/* The flat field is in two files: the task (flat-field.c), and what it does on a device (flat-field-device.c). */

/* The places of the rows. */
enum
{
  ROW_CORRECT,
  ROW_METHOD,
  ROW_ABSORPTIVITY,
  ROW_FIX_NAN_INF,
  ROW_INTERPOLATE,
  ROW_DARK_SCALE,
  ROW_CLIP_MINIMUM,
};

enum
{
  INPUT_PROJECTIONS,
  INPUT_DARK,
  INPUT_FLAT,
  INPUT_FLAT_AFTER,
};

#define RECON_TYPE_FLAT_FIELD (recon_flat_field_get_type ())
G_DECLARE_FINAL_TYPE (ReconFlatField, recon_flat_field, RECON, FLAT_FIELD, ReconTask)

struct _ReconFlatField
{
  ReconTask parent_instance;

  gboolean            correct;       /* decided when the shapes are known */
  gboolean            absorptivity;
  ReconTransmissions *transmissions; /* (nullable): what it has met with, on all devices */

  gboolean            gpu;
  cl_kernel           kernel;
  cl_kernel           bridge;
  cl_mem              positions_table; /* of each angle: the weight of the flat after; zeros without positions */
};

void     _recon_flat_field_drop_prepared (ReconFlatField  *self);
gboolean _recon_flat_field_prepare       (ReconTask       *task,
                                          ReconDevice     *device,
                                          guint            lanes,
                                          GError         **error);
gboolean _recon_flat_field_process       (ReconTask       *task,
                                          ReconArray     **given,
                                          ReconArray     **made,
                                          GCancellable    *cancellable,
                                          GError         **error);

G_END_DECLS

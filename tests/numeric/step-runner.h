/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "steps/step.h"

G_BEGIN_DECLS

/* The first device of "auto". Without shared memory it is driven as a device with memory of its own, as GPUs are. */
G_GNUC_UNUSED static ReconDevice *
open_device (gboolean shared)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = recon_devices_list (&error);
  g_autoptr (GPtrArray) chosen = NULL;
  ReconDeviceInfo info;
  ReconDevice *device;

  g_assert_no_error (error);
  chosen = recon_devices_choose (all, "auto", &error);
  g_assert_no_error (error);

  info = *(const ReconDeviceInfo *) g_ptr_array_index (chosen, 0);
  info.shares_memory = info.shares_memory && shared;
  device = recon_device_open (&info, &error);
  g_assert_no_error (error);

  return device;
}

/* Takes a block through a step. Returns what comes out, to be freed with recon_host_memory_free(); %NULL on error */
G_GNUC_UNUSED static float *
try_step (ReconStep         *step,
          ReconDevice       *device,
          const ReconBlock  *block,
          const float       *data,
          GCancellable      *cancellable,
          GError           **error)
{
  ReconRequisition need;
  g_auto (ReconClMem) input = NULL;
  g_auto (ReconClMem) output = NULL;
  gsize in_bytes, out_bytes;
  float *in, *out;
  gboolean success;

  if (!recon_step_requisition (step, &block->shape, &need, error) ||
      !recon_step_prepare (step, device, &block->shape, error))
    return NULL;

  g_assert_true (recon_shape_get_bytes (&block->shape, &in_bytes));
  g_assert_true (recon_shape_get_bytes (&need.output, &out_bytes));
  in_bytes *= block->n;
  out_bytes *= block->n;

  in = recon_host_memory_new (in_bytes, error);
  out = recon_host_memory_new (out_bytes, error);
  g_assert_nonnull (in);
  g_assert_nonnull (out);
  memcpy (in, data, in_bytes);
  memset (out, 0xff, out_bytes);

  input = recon_device_wrap (device, in, in_bytes, TRUE, error);
  g_assert_nonnull (input);
  if (!need.in_place)
    {
      output = recon_device_wrap (device, out, out_bytes, FALSE, error);
      g_assert_nonnull (output);
    }

  success = recon_step_process (step, block, input, output, cancellable, error) &&
            recon_device_fetch (device, need.in_place ? input : output, out, out_bytes, error);
  recon_device_wait (device, NULL);
  recon_host_memory_free (in);
  if (success)
    return out;

  recon_host_memory_free (out);

  return NULL;
}

G_GNUC_UNUSED static float *
run_step (ReconStep        *step,
          ReconDevice      *device,
          const ReconBlock *block,
          const float      *data)
{
  g_autoptr (GError) error = NULL;
  float *result = try_step (step, device, block, data, NULL, &error);

  g_assert_no_error (error);

  return result;
}

/* Takes the slices of a block through a step one by one and compares with the block's result bit for bit. */
G_GNUC_UNUSED static void
assert_single_slices_equal (ReconStep        *step,
                            ReconDevice      *device,
                            const ReconBlock *block,
                            const float      *data,
                            const float      *expected)
{
  g_autoptr (GError) error = NULL;
  ReconRequisition need;
  gsize in_bytes, out_bytes;

  g_assert_true (recon_step_requisition (step, &block->shape, &need, &error));
  g_assert_true (recon_shape_get_bytes (&block->shape, &in_bytes));
  g_assert_true (recon_shape_get_bytes (&need.output, &out_bytes));

  for (guint i = 0; i < block->n; i++)
    {
      ReconBlock single = *block;
      float *result;

      single.first = block->first + i;
      single.n = 1;
      single.dark = block->dark != NULL ? block->dark + (gsize) i * block->shape.width : NULL;
      single.flat = block->flat != NULL ? block->flat + (gsize) i * block->shape.width : NULL;
      single.flat_after = block->flat_after != NULL ? block->flat_after + (gsize) i * block->shape.width : NULL;

      result = run_step (step, device, &single, data + i * in_bytes / sizeof (float));
      g_assert_cmpmem (result, out_bytes, expected + i * out_bytes / sizeof (float), out_bytes);
      recon_host_memory_free (result);
    }
}

G_END_DECLS

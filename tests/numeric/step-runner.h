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

/* recon_step_requisition() for a processor, in groups of the smallest size. */
G_GNUC_UNUSED static gboolean
ask_step (ReconStep         *step,
          const ReconShape  *input,
          ReconRequisition  *need,
          GError           **error)
{
  const ReconDeviceInfo info = { .type = CL_DEVICE_TYPE_CPU, .n_units = 2, .shares_memory = TRUE };

  return recon_step_requisition (step, &info, input, RECON_MIN_LANES, need, error);
}

/* Where a step's data has the sample of a slice: in the block's layout, for which see #ReconData. */
static inline gsize
locate (const ReconBlock *block,
        guint             slice,
        guint             row,
        guint             column)
{
  const gsize height = block->shape.height, width = block->shape.width, lanes = block->lanes;

  switch (block->shape.kind)
    {
    case RECON_DATA_SLICES:
      return (slice * height + row) * width + column;
    case RECON_DATA_FILTERED:
      return ((row * (block->n_padded / lanes) + slice / lanes) * width + column) * lanes + slice % lanes;
    case RECON_DATA_COUNTS:
    case RECON_DATA_SINOGRAMS:
    default:
      return (row * (gsize) block->n_padded + slice) * width + column;
    }
}

/* Copies between n × height × width, as tests have data, and a block's layout. */
static inline void
pack (const ReconBlock *block,
      const float      *items,
      float            *data)
{
  for (guint i = 0; i < block->n; i++)
    for (guint row = 0; row < block->shape.height; row++)
      for (guint column = 0; column < block->shape.width; column++)
        data[locate (block, i, row, column)] = *items++;
}

static inline void
unpack (const ReconBlock *block,
        const float      *data,
        float            *items)
{
  for (guint i = 0; i < block->n; i++)
    for (guint row = 0; row < block->shape.height; row++)
      for (guint column = 0; column < block->shape.width; column++)
        *items++ = data[locate (block, i, row, column)];
}

/* The block with its numbers made complete: tests give n, the shape, and the lanes if they matter. */
static inline ReconBlock
complete_block (const ReconBlock *block)
{
  ReconBlock complete;

  recon_block_init (&complete, block->first, block->n, block->lanes > 0 ? block->lanes : RECON_MIN_LANES,
                    &block->shape);
  complete.dark = block->dark;
  complete.flat = block->flat;
  complete.flat_after = block->flat_after;

  return complete;
}

/* Takes a block through a step; its data are n × height × width here, whatever the step's layout. Returns what comes
 * out, likewise, to be freed with recon_host_memory_free(); %NULL on error */
G_GNUC_UNUSED static float *
try_step (ReconStep         *step,
          ReconDevice       *device,
          const ReconBlock  *given,
          const float       *data,
          GCancellable      *cancellable,
          GError           **error)
{
  ReconBlock block = complete_block (given);
  ReconRequisition need;
  g_auto (ReconClMem) input = NULL;
  g_auto (ReconClMem) output = NULL;
  ReconBlock after = block;
  gsize in_bytes, out_bytes;
  float *in, *out, *result;
  gboolean success;

  if (!recon_step_requisition (step, recon_device_get_info (device), &block.shape, block.lanes, &need, error) ||
      !recon_step_prepare (step, device, &block.shape, block.lanes, error))
    return NULL;

  after.shape = need.output;
  g_assert_true (recon_block_get_bytes (&block, &in_bytes));
  g_assert_true (recon_block_get_bytes (&after, &out_bytes));

  in = recon_host_memory_new (in_bytes, error);
  out = recon_host_memory_new (out_bytes, error);
  g_assert_nonnull (in);
  g_assert_nonnull (out);
  memset (in, 0xff, in_bytes);
  memset (out, 0xff, out_bytes);
  pack (&block, data, in);

  input = recon_device_wrap (device, in, in_bytes, TRUE, error);
  g_assert_nonnull (input);
  if (!need.in_place)
    {
      output = recon_device_wrap (device, out, out_bytes, FALSE, error);
      g_assert_nonnull (output);
    }

  success = recon_step_process (step, &block, input, output, cancellable, error) &&
            recon_device_fetch (device, need.in_place ? input : output, out, out_bytes, error);
  recon_device_wait (device, NULL);
  recon_host_memory_free (in);
  if (!success)
    {
      recon_host_memory_free (out);
      return NULL;
    }

  result = recon_host_memory_new (out_bytes, error);
  g_assert_nonnull (result);
  unpack (&after, out, result);
  recon_host_memory_free (out);

  return result;
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

/* Takes the slices of a block through a step one by one, in groups of other sizes, and compares with the block's result
 * bit for bit. */
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

  g_assert_true (ask_step (step, &block->shape, &need, &error));
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

      single.lanes = RECON_MIN_LANES << i % 3;
      result = run_step (step, device, &single, data + i * in_bytes / sizeof (float));
      g_assert_cmpmem (result, out_bytes, expected + i * out_bytes / sizeof (float), out_bytes);
      recon_host_memory_free (result);
    }
}

G_END_DECLS

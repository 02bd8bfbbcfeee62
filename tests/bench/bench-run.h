/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-scan.h"
#include "compute/device.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_slices;
  guint repeats;
  int   kernel;  /* a #ReconKernel, or %RECON_CHOICE_AUTO */
  int   variant; /* a #ReconVariant, or %RECON_CHOICE_AUTO */
} BenchSettings;

typedef struct
{
  guint      lanes;
  guint      block_slices;
  double     prepare_seconds; /* to open the device, compile and make tables */
  char     **names;           /* of the tasks */
  double    *seconds;         /* repeats × names: of all slices */
  double    *wall_seconds;    /* repeats: likewise, from the first task to the last */
  double     psnr_first;      /* dB, of the first slice */
  double     psnr_worst;      /* dB, of the worst slice */
  guint64    peak_bytes;      /* resident memory, the benchmark's own one slice of lines included */
} BenchResult;

gboolean bench_run    (const BenchScan        *scan,
                       const ReconDeviceInfo  *device,
                       const BenchSettings    *settings,
                       BenchResult            *result,
                       GError                **error);
void     bench_result_clear (BenchResult      *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BenchResult, bench_result_clear)

G_END_DECLS

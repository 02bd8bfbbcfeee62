/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is reconstructed: the Shepp-Logan phantom, whose unit disc fills the slice, seen by angles even over [0, π).
 * Detector pixels and pixels of the slice have size 1. */
typedef struct
{
  guint   columns;
  guint   n_angles;
  double *angles;      /* radians */
  double *weights;     /* radians, see recon_angles_weights() */
  float  *lines;       /* n_angles × columns: exact line integrals */
  float  *truth;       /* columns × columns: the phantom, 4 × 4 points a pixel */
  double  attenuation; /* counts are those of line integrals times this; it keeps them from vanishing */
} BenchScan;

BenchScan *bench_scan_new        (guint              columns,
                                  guint              n_angles);
void       bench_scan_free       (BenchScan         *self);
gboolean   bench_scan_save       (const BenchScan   *self,
                                  const char        *folder,
                                  GError           **error);
void       bench_scan_references (const BenchScan   *self,
                                  guint              first,
                                  guint              n,
                                  float             *dark,
                                  float             *flat);
void       bench_scan_counts     (const BenchScan   *self,
                                  guint              first,
                                  guint              n,
                                  guint              n_padded,
                                  float             *counts);
double     bench_scan_psnr       (const BenchScan   *self,
                                  guint              slice,
                                  const float       *pixels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchScan, bench_scan_free)

G_END_DECLS

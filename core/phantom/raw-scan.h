/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "phantom/phantom.h"

G_BEGIN_DECLS

#define RECON_RAW_SCAN_MAX_SIZE 32768 /* columns or rows */

/* A synthetic scan: the sample, the detector, and what is wrong with them. */
typedef struct
{
  const ReconPhantom *phantom;
  guint         width;         /* detector columns */
  guint         rows;          /* detector rows */
  const double *angles;        /* radians, one per projection */
  guint         n_angles;
  double        axis;          /* column of the rotation axis, centres count from 0 */
  double        radius;        /* pixels in the phantom's unit of length */
  double        absorption;    /* about the largest line integral of attenuation */
  double        photons;       /* counts of the brightest pixel without sample; 0: no noise, float32 counts */
  double        dark;          /* counts without beam */
  double        dark_noise;    /* standard deviation of these, counts */
  double        uneven;        /* 0 even beam and dark … 0.9 nearly black somewhere */
  double        drift;         /* brightness that the beam has lost by the last projection, as a fraction */
  guint         n_darks;
  guint         n_flats;       /* taken before the projections */
  guint         n_flats_after; /* taken after the projections */
  guint         dead_columns;  /* columns that see nothing but dark current */
  double        rings;         /* rms of the error of each pixel's gain that flats do not show, as a fraction */
  guint         zingers;       /* bright spots in a frame */
  guint64       seed;
} ReconRawScanSettings;

void     recon_raw_scan_settings_init  (ReconRawScanSettings        *self,
                                        const ReconPhantom          *phantom,
                                        guint                        width,
                                        guint                        rows);
gboolean recon_raw_scan_settings_check (const ReconRawScanSettings  *self,
                                        GError                     **error);
double  *recon_raw_scan_angles         (guint                        n_angles,
                                        double                       range,
                                        gboolean                     shuffle,
                                        guint64                      seed);

/* In the order in which they are taken. */
typedef enum
{
  RECON_RAW_DARK,
  RECON_RAW_FLAT,
  RECON_RAW_PROJECTION,
  RECON_RAW_FLAT_AFTER,
} ReconRawKind;

#define RECON_N_RAW_KINDS 4

/* The frames of such a scan, made one by one. Immutable, may be used by several threads. */
typedef struct _ReconRawScan ReconRawScan;

ReconRawScan *recon_raw_scan_new          (const ReconRawScanSettings  *settings,
                                           GError                     **error);
void          recon_raw_scan_free         (ReconRawScan                *self);

const ReconRawScanSettings *recon_raw_scan_get_settings (const ReconRawScan *self);
double        recon_raw_scan_get_scale    (const ReconRawScan          *self);
gboolean      recon_raw_scan_is_float     (const ReconRawScan          *self);
guint         recon_raw_scan_get_n_frames (const ReconRawScan          *self,
                                           ReconRawKind                 kind);
gsize         recon_raw_scan_frame_bytes  (const ReconRawScan          *self);
void          recon_raw_scan_frame        (const ReconRawScan          *self,
                                           ReconRawKind                 kind,
                                           guint                        index,
                                           gpointer                     pixels);
void          recon_raw_scan_truth        (const ReconRawScan          *self,
                                           guint                        row,
                                           float                       *pixels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconRawScan, recon_raw_scan_free)

G_END_DECLS

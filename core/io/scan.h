/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "config/config.h"
#include "geometry/geometry.h"
#include "io/reader.h"

G_BEGIN_DECLS

/* The scan that a configuration's [input] group describes: which projections, darks and flats, at which
 * angles, which rows and columns of them. Everything is checked when it is opened.
 *
 * A scan is used by one thread at a time. It reads with as many threads as compute.threads says. */
#define RECON_TYPE_SCAN (recon_scan_get_type ())
G_DECLARE_FINAL_TYPE (ReconScan, recon_scan, RECON, SCAN, GObject)

typedef struct _ReconSurvey ReconSurvey;

ReconScan    *recon_scan_open               (ReconConfig   *config,
                                             ReconLog      *log,
                                             GError       **error);

gboolean      recon_scan_update             (ReconScan     *self,
                                             ReconConfig   *config,
                                             ReconLog      *log,
                                             GError       **error);

gboolean      recon_scan_select_again       (ReconScan     *self,
                                             ReconConfig   *config,
                                             ReconLog      *log,
                                             GError       **error);
ReconScan    *recon_scan_new_part           (ReconScan     *self,
                                             ReconConfig   *config,
                                             GCancellable  *cancellable,
                                             GError       **error);
gboolean      recon_scan_reads_rows_quickly (ReconScan     *self);

guint         recon_scan_get_projection_number (ReconScan  *self,
                                                guint       angle);
guint         recon_scan_get_width          (ReconScan     *self);
guint         recon_scan_get_width_as_read  (ReconScan     *self);
guint         recon_scan_get_n_rows_as_read (ReconScan     *self);
ReconGeometry *recon_scan_get_geometry      (ReconScan     *self);
gboolean      recon_scan_has_sinograms      (ReconScan     *self);
gboolean      recon_scan_has_integers       (ReconScan     *self);
float         recon_scan_get_largest        (ReconScan     *self);
gboolean      recon_scan_get_correct        (ReconScan     *self);
gboolean      recon_scan_get_absorptivity   (ReconScan     *self);
gboolean      recon_scan_has_darks          (ReconScan     *self);
gboolean      recon_scan_has_flats_after    (ReconScan     *self);
GPtrArray    *recon_scan_list_files         (ReconScan     *self,
                                             ReconParameter input);
gsize         recon_scan_get_bytes_per_slice (ReconScan    *self);
gsize         recon_scan_get_scratch_bytes  (ReconScan     *self);

const ReconSurvey *recon_scan_get_survey    (ReconScan     *self,
                                             GCancellable  *cancellable,
                                             GError       **error);
gboolean      recon_scan_read_sinograms     (ReconScan     *self,
                                             guint          slice,
                                             guint          n_slices,
                                             guint          pitch,
                                             float         *data,
                                             GCancellable  *cancellable,
                                             GError       **error);
gboolean      recon_scan_read_part          (ReconScan     *self,
                                             guint          angle,
                                             guint          n_angles,
                                             guint          slice,
                                             guint          n_slices,
                                             guint          pitch,
                                             float         *data,
                                             GCancellable  *cancellable,
                                             GError       **error);
gboolean      recon_scan_read_projection    (ReconScan     *self,
                                             guint          angle,
                                             float         *data,
                                             GCancellable  *cancellable,
                                             GError       **error);
gboolean      recon_scan_read_references    (ReconScan     *self,
                                             guint          slice,
                                             guint          n_slices,
                                             float         *dark,
                                             float         *flat,
                                             float         *flat_after,
                                             GCancellable  *cancellable,
                                             GError       **error);

G_END_DECLS

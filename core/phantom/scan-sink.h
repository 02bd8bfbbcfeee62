/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "phantom/raw-scan.h"

G_BEGIN_DECLS

/* Where the frames of a raw scan go. They come in the order of ReconRawKind, each kind from 0. */
typedef struct _ReconScanSink ReconScanSink;

struct _ReconScanSink
{
  gboolean (*write)  (ReconScanSink  *self,
                      ReconRawKind    kind,
                      guint           index,
                      gconstpointer   pixels,
                      GError        **error);
  /* Everything is on disk when it returns %TRUE. */
  gboolean (*finish) (ReconScanSink  *self,
                      GError        **error);
  void     (*free)   (ReconScanSink  *self);
};

ReconScanSink *recon_scan_tiff_new    (const ReconRawScan  *scan,
                                       const char          *folder,
                                       GError             **error);
ReconScanSink *recon_scan_hdf5_new    (const ReconRawScan  *scan,
                                       gboolean             nxtomo,
                                       const char          *path,
                                       GError             **error);
gboolean       recon_scan_tiff_save   (const char          *path,
                                       guint                width,
                                       guint                height,
                                       gboolean             is_float,
                                       const char          *description,
                                       gconstpointer        pixels,
                                       GError             **error);

static inline void
recon_scan_sink_free (ReconScanSink *self)
{
  self->free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconScanSink, recon_scan_sink_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "steps/read-scan.h"

/* The source of the standard job: raw sinograms and references of a scan. */

struct _ReconReadScan
{
  ReconSource parent_instance;

  ReconScan *scan;
};

G_DEFINE_FINAL_TYPE (ReconReadScan, recon_read_scan, RECON_TYPE_SOURCE)

static void
recon_read_scan_describe (ReconSource     *source,
                          ReconSourceInfo *info)
{
  ReconReadScan *self = RECON_READ_SCAN (source);
  gboolean correct = recon_scan_get_correct (self->scan);

  *info = (ReconSourceInfo) {
    .n_slices = recon_scan_get_n_slices (self->scan),
    .shape = { RECON_DATA_COUNTS, recon_scan_get_n_angles (self->scan), recon_scan_get_width (self->scan) },
    .has_dark = correct,
    .has_flat = correct,
    .has_flat_after = correct && recon_scan_get_flat_positions (self->scan) != NULL,
    .scratch_bytes = recon_scan_get_scratch_bytes (self->scan),
  };
}

static gboolean
recon_read_scan_read (ReconSource       *source,
                      const ReconBlock  *block,
                      float             *data,
                      GCancellable      *cancellable,
                      GError           **error)
{
  ReconReadScan *self = RECON_READ_SCAN (source);

  if (block->dark != NULL &&
      !recon_scan_read_references (self->scan, block->first, block->n, block->dark, block->flat, block->flat_after,
                                   cancellable, error))
    return FALSE;

  return recon_scan_read_sinograms (self->scan, block->first, block->n, block->n_padded, data, cancellable, error);
}

static void
recon_read_scan_finalize (GObject *object)
{
  ReconReadScan *self = RECON_READ_SCAN (object);

  g_clear_object (&self->scan);

  G_OBJECT_CLASS (recon_read_scan_parent_class)->finalize (object);
}

static void
recon_read_scan_class_init (ReconReadScanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconSourceClass *source_class = RECON_SOURCE_CLASS (klass);

  object_class->finalize = recon_read_scan_finalize;
  source_class->describe = recon_read_scan_describe;
  source_class->read = recon_read_scan_read;
}

static void
recon_read_scan_init (ReconReadScan *self)
{
}

/**
 * recon_read_scan_new:
 * @scan: a scan, used by this source only from now on
 *
 * Returns: (transfer full): a source of the scan's sinograms, one item per slice
 */
ReconSource *
recon_read_scan_new (ReconScan *scan)
{
  ReconReadScan *self = g_object_new (RECON_TYPE_READ_SCAN, NULL);

  self->scan = g_object_ref (scan);

  return RECON_SOURCE (self);
}

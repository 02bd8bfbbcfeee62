/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "log.h"
#include "steps/step.h"

G_BEGIN_DECLS

/* What a source gives, known before anything is read. */
typedef struct
{
  guint      n_slices;
  ReconShape shape;          /* of one slice's data */
  gboolean   has_dark;       /* which references come with a block */
  gboolean   has_flat;
  gboolean   has_flat_after;
  gsize      scratch_bytes;  /* host memory that reading takes besides the block's own */
} ReconSourceInfo;

/* Where blocks come from. Used by one thread at a time. Data are as #ReconData says; what is beyond the block's n
 * slices is left as it is. */
#define RECON_TYPE_SOURCE (recon_source_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconSource, recon_source, RECON, SOURCE, GObject)

struct _ReconSourceClass
{
  GObjectClass parent_class;

  void     (*describe) (ReconSource       *self,
                        ReconSourceInfo   *info);
  gboolean (*read)     (ReconSource       *self,
                        const ReconBlock  *block,
                        float             *data,
                        GCancellable      *cancellable,
                        GError           **error);
  gboolean (*report)   (ReconSource       *self,
                        ReconLog          *log,
                        GError           **error); /* (nullable) */
};

void     recon_source_describe (ReconSource       *self,
                                ReconSourceInfo   *info);
gboolean recon_source_read     (ReconSource       *self,
                                const ReconBlock  *block,
                                float             *data,
                                GCancellable      *cancellable,
                                GError           **error);
gboolean recon_source_report   (ReconSource       *self,
                                ReconLog          *log,
                                GError           **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/image.h"
#include "base/log.h"
#include "config/config.h"
#include "io/scan.h"
#include "request/view.h"

G_BEGIN_DECLS

typedef struct
{
  ReconImage *image;
  guint       index;     /* of the image */
  guint       n_images;  /* how many of this view there are: index is below */
  guint       number;    /* of the slice (as in file names) or the projection (as in the file) */
  guint       reduction; /* of the image */
  guint       width;     /* of the image if it were not reduced */
  guint       height;
  double      seconds;   /* that it took */
} ReconPreviewResult;

void recon_preview_result_clear (ReconPreviewResult *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconPreviewResult, recon_preview_result_clear)

/* Single images of a scan, quickly, again and again while parameters change: what every stage has made is kept for
 * as long as the parameters that it depends on stand (scan → raw rows → corrected → filtered → slice). Used by one
 * thread at a time. */
#define RECON_TYPE_PREVIEW (recon_preview_get_type ())
G_DECLARE_FINAL_TYPE (ReconPreview, recon_preview, RECON, PREVIEW, GObject)

ReconPreview *recon_preview_new  (ReconLog                   *log);
void          recon_preview_take_scan (ReconPreview          *self,
                                       ReconScan             *scan,
                                       ReconConfig           *config);
gboolean      recon_preview_make (ReconPreview               *self,
                                  ReconConfig                *config,
                                  const ReconPreviewRequest  *request,
                                  ReconPreviewResult         *result,
                                  GCancellable               *cancellable,
                                  GError                    **error);

G_END_DECLS

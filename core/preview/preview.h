/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "config/config.h"
#include "image.h"
#include "log.h"

G_BEGIN_DECLS

/* What of a scan is looked at. */
typedef enum
{
  RECON_VIEW_PROJECTION, /* counts of one projection, all rows and columns that are used */
  RECON_VIEW_CORRECTED,  /* the same after flat-field correction and logarithm, as configured */
  RECON_VIEW_SINOGRAM,   /* corrected sinogram of one slice: angles × columns */
  RECON_VIEW_SLICE,      /* the reconstructed slice, bit for bit what a job writes as float32 */
  RECON_VIEW_DARK,       /* counts of all rows and columns that are used: the darks made one, as they are subtracted */
  RECON_VIEW_FLAT,       /* the flats likewise, as one divides by them; if they are interpolated, the first ones */
  RECON_VIEW_FLAT_AFTER, /* the last ones, if flats are interpolated */
  RECON_N_VIEWS
} ReconView;

/* The index of the image in the middle, for who doesn't know yet how many there are. */
#define RECON_PREVIEW_MIDDLE G_MAXUINT

typedef struct
{
  ReconView view;
  guint     index;     /* of the projection (in those used) or of the slice (in those reconstructed), from 0, or
                        * %RECON_PREVIEW_MIDDLE; 0 for darks and flats */
  guint     reduction; /* 1; for slices also 2 or 4: fewer columns, pixels and angles, by that factor */
} ReconPreviewRequest;

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
gboolean      recon_preview_make (ReconPreview               *self,
                                  ReconConfig                *config,
                                  const ReconPreviewRequest  *request,
                                  ReconPreviewResult         *result,
                                  GCancellable               *cancellable,
                                  GError                    **error);

G_END_DECLS

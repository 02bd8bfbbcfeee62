/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "compute/device.h"
#include "io/scan.h"
#include "preview/preview.h"
#include "steps/references.h"

G_BEGIN_DECLS

/* What a parameter changes, and with it everything that is made of that. */
typedef enum
{
  RECON_CHANGE_NOTHING = 1 << 0,        /* of what a preview shows */
  RECON_CHANGE_SCAN = 1 << 1,           /* files are opened anew */
  RECON_CHANGE_GEOMETRY = 1 << 2,       /* what recon_scan_update() takes over */
  RECON_CHANGE_DEVICE = 1 << 3,
  RECON_CHANGE_CORRECTION = 1 << 4,     /* settings of the flat field */
  RECON_CHANGE_FILTER = 1 << 5,         /* settings of the filter */
  RECON_CHANGE_BACKPROJECTION = 1 << 6, /* settings of the backprojection */
  RECON_CHANGE_SEARCH = 1 << 7,         /* where an axis is found; scan and correction change that too */
} ReconPreviewChanges;

ReconPreviewChanges _recon_preview_compare (ReconConfig  *before,
                                            ReconConfig  *after);

/* The sinogram of one slice, as read and corrected. */
typedef struct
{
  guint            slice;
  float           *raw; /* (nullable): angles × width */
  ReconReferences *references;
  ReconStep       *flat_field; /* (nullable): prepared */
  ReconImage      *corrected;  /* (nullable) */
} ReconPreviewSinogram;

/* One projection, all rows and columns that are used. */
typedef struct
{
  guint            index;
  ReconImage      *raw;        /* (nullable) */
  ReconReferences *references; /* (nullable): of all rows, whatever the projection */
  ReconImage      *corrected;  /* (nullable) */
} ReconPreviewProjection;

/* The slice of the sinogram, or of one that is reduced. */
typedef struct
{
  guint       reduction;
  guint       stride;      /* from an angle to the next one that is used */
  ReconShape  shape;       /* of the reduced sinogram */
  ReconStep  *filter;      /* (nullable): prepared */
  cl_mem      buffer;      /* (nullable): for the filtered sinogram */
  gboolean    is_filtered; /* whether it is in there */
  ReconStep  *backproject; /* (nullable): prepared */
  ReconShape  output;      /* what that makes */
  guint       full_width;  /* pixels of the slice if it were not reduced */
  guint       full_height;
  ReconImage *image;       /* (nullable) */
} ReconPreviewSlice;

#define RECON_N_REDUCTIONS 3 /* 1, 2, 4 */

struct _ReconPreview
{
  GObject                 parent_instance;

  ReconLog               *log;
  ReconConfig            *config; /* (nullable): of the last call */

  ReconScan              *scan;            /* (nullable) */
  gboolean                has_geometry;    /* whether the scan has taken over what it can of the configuration */
  ReconDevice            *device;          /* (nullable) */

  double                  axis;       /* that was found, if that is wanted, columns as read; NaN if it was not yet */
  GError                 *axis_error; /* (nullable): why there is none to be found */

  ReconPreviewSinogram    sinogram;
  ReconPreviewProjection  projection;
  ReconPreviewSlice       slices[RECON_N_REDUCTIONS];
};

/* Images are those of the preview: (transfer none). */
void        _recon_preview_sinogram_drop_correction (ReconPreviewSinogram      *self);
void        _recon_preview_sinogram_drop            (ReconPreviewSinogram      *self);
ReconImage *_recon_preview_get_sinogram             (ReconPreview              *self,
                                                     guint                      slice,
                                                     GCancellable              *cancellable,
                                                     GError                   **error);

void        _recon_preview_projection_drop_correction (ReconPreviewProjection  *self);
void        _recon_preview_projection_drop            (ReconPreviewProjection  *self);
ReconImage *_recon_preview_get_projection             (ReconPreview            *self,
                                                       guint                    index,
                                                       gboolean                 corrected,
                                                       GCancellable            *cancellable,
                                                       GError                 **error);

ReconImage *_recon_preview_make_reference             (ReconPreview            *self,
                                                       ReconView                view,
                                                       GCancellable            *cancellable,
                                                       GError                 **error);

void        _recon_preview_slice_drop_backprojection  (ReconPreviewSlice       *self);
void        _recon_preview_slice_drop_data            (ReconPreviewSlice       *self);
void        _recon_preview_slice_drop_filter          (ReconPreviewSlice       *self);
void        _recon_preview_slice_drop                 (ReconPreviewSlice       *self);
ReconPreviewSlice *_recon_preview_get_slice           (ReconPreview            *self,
                                                       guint                    slice,
                                                       guint                    reduction,
                                                       GCancellable            *cancellable,
                                                       GError                 **error);

void        _recon_preview_drop_axis                  (ReconPreview              *self);
gboolean    _recon_preview_settle_axis                (ReconPreview              *self,
                                                       GCancellable              *cancellable,
                                                       GError                   **error);

/* What several of these need. */
gboolean    _recon_preview_open_device   (ReconPreview              *self,
                                          GError                   **error);
gboolean    _recon_preview_get_bytes     (const ReconShape          *shape,
                                          gsize                     *bytes,
                                          GError                   **error);
gboolean    _recon_preview_check_memory  (ReconPreview              *self,
                                          gsize                      taken,
                                          gsize                      more,
                                          GError                   **error);
ReconImage *_recon_preview_correct       (ReconPreview              *self,
                                          ReconStep                 *flat_field,
                                          const float               *raw,
                                          const ReconShape          *shape,
                                          const ReconReferences     *references,
                                          GCancellable              *cancellable,
                                          GError                   **error);
ReconImage *_recon_preview_take_image    (float                     *pixels,
                                          guint                      width,
                                          guint                      height);

G_END_DECLS

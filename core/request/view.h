/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

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

G_END_DECLS

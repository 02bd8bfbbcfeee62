/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/choices.h"
#include "io/reader.h"
#include "io/series.h"

G_BEGIN_DECLS

/* What a path holds. Members that the file does not have are %NULL or NaN. */
typedef struct
{
  char        *path;
  const char  *layout; /* "TIFF series", "TIFF", "multi-page TIFF", "HDF5 dataset", "DXchange", "NXtomo" */
  ReconFrames *projections;
  ReconFrames *darks;
  ReconFrames *flats;
  ReconFrames *flats_after;
  double      *angles;   /* radians, one per projection */
  gsize        n_angles; /* 0 where the file has none */
  GError      *angles_error; /* why those that the file has cannot be used; others may be given */
  ReconAngleUnit angle_unit;  /* that they were read by */
  double       angle_scale; /* and what they were multiplied by before, as thousandths of a degree are */
  GError      *unit_error;  /* why it may be the other one */
  double       pixel_size; /* µm at the sample */
  ReconSeriesGaps *gaps; /* what the numbers of a series' files say about its projections */
  GPtrArray   *notes;    /* (element-type utf8): what a user should know, such as frames left out */
  guint        n_warnings; /* the first ones of them, which say that something had to be guessed */
} ReconContents;

ReconContents *recon_contents_open (const char     *path,
                                    GError        **error);
ReconContents *recon_contents_open_as (const char       *path,
                                       ReconSeriesKind   wanted,
                                       GError          **error);
void           recon_contents_free (ReconContents  *self);
void           recon_contents_take_angles_error (ReconContents *self,
                                                  GError        *error);
void           recon_contents_note (ReconContents  *self,
                                    const char     *format,
                                    ...) G_GNUC_PRINTF (2, 3);
void           recon_contents_warn (ReconContents  *self,
                                    const char     *format,
                                    ...) G_GNUC_PRINTF (2, 3);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconContents, recon_contents_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/choices.h"
#include "config/config.h"
#include "tomography/tomography.h"

G_BEGIN_DECLS

/* What a configuration comes to. */
typedef struct
{
  guint              n_slices;
  guint             *numbers; /* of each slice, as in file names */
  guint              n_angles;
  double            *angles;  /* radians */
  guint              width;   /* columns that are used, after binning */
  guint              width_as_read;
  double             axis;       /* columns as read; NaN if it has to be found: nothing of that is done to tell this */
  double             pixel_size; /* µm in the slices, or NaN */
  gboolean           correct;
  gboolean           has_darks;
  gboolean           has_flats_after;
  gboolean           absorptivity;
  guint              slice_width;
  guint              slice_height;
  guint64            output_bytes; /* not compressed */
  ReconOutputFormat  format;
  char              *earlier;      /* (nullable): the earlier result at the output's place */
  GError            *output_error; /* (nullable): why the output can't go there */
  gboolean           interrupted;   /* a run that was interrupted has left something there */
  char              *partial;       /* (nullable): where that lies */
  guint              n_finished;    /* slices of it that stand on disk */
  guint              n_interrupted; /* slices that it was to make */
  GError            *resume_error;  /* (nullable): why it can't be gone on with */
  gboolean           input_changed; /* it can be, if the user says that the input holds the same images */
} ReconTomographyInfo;

ReconTomographyInfo *recon_tomography_describe  (ReconConfig          *config,
                                                 gboolean              looks_at_all,
                                                 ReconLog             *log,
                                                 GError              **error);
void                 recon_tomography_info_free (ReconTomographyInfo  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTomographyInfo, recon_tomography_info_free)

/* A job, and what its configuration comes to. */
ReconJob *recon_tomography_new_described_job (ReconConfig          *config,
                                              ReconResume           resume,
                                              ReconLog             *log,
                                              ReconTomographyInfo **info,
                                              GError              **error);

G_END_DECLS

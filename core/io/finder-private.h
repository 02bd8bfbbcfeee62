/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/finder-series.h"
#include "io/scan-finder.h"

G_BEGIN_DECLS

/* A search under way. */
typedef struct
{
  ReconFoundScan    *found;
  char              *root;        /* the folder that is looked through */
  char              *focus;       /* (nullable): the file in it that was named */
  GPtrArray         *folders;     /* (element-type ReconFinderFolder): below root */
  GPtrArray         *series;      /* (element-type ReconFinderSeries): in them */
  GPtrArray         *beside;      /* (nullable) (element-type ReconFinderSeries): references beside root */
  GPtrArray         *beside_folders; /* (nullable) (element-type ReconFinderFolder) */
  ReconFinderSeries *images;      /* (nullable): projections or sinograms, once they are chosen */
  gboolean           sinograms;
  guint              n_projections; /* of the images, and the size of the detector */
  guint              n_numbers;     /* (0 if unknown): with those that are missing */
  guint              n_rows;
} ReconFinder;

/* scan-finder.c */
void _recon_found_take  (ReconFoundScan *self,
                         ReconParameter  parameter,
                         const char     *value,
                         char           *reason);
void _recon_found_ask   (ReconFoundScan *self,
                         ReconParameter  parameter,
                         char           *text,
                         GPtrArray      *candidates);
void _recon_found_warn  (ReconFoundScan *self,
                         const char     *format,
                         ...) G_GNUC_PRINTF (2, 3);
void _recon_found_note  (ReconFoundScan *self,
                         const char     *format,
                         ...) G_GNUC_PRINTF (2, 3);

/* finder-images.c */
gboolean _recon_finder_choose_images     (ReconFinder  *self,
                                          GError      **error);

/* finder-references.c */
void     _recon_finder_choose_references (ReconFinder  *self);

/* finder-angles.c */
void     _recon_finder_choose_angles     (ReconFinder  *self);

/* finder-log.c */
gboolean recon_finder_read_log (ReconFinder             *self,
                                const ReconFinderFolder *folder);
gboolean recon_finder_log_has_angles (const char *path);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/finder-folders.h"
#include "io/finder-words.h"
#include "io/series-groups.h"

G_BEGIN_DECLS

/* Images that belong together by their names: the files of a series, or one file with one or many images. */
typedef struct
{
  char       *value;    /* the path that means these images and no others */
  char       *folder;   /* as ReconFinderFolder.path */
  char       *relative; /* as ReconFinderFolder.relative */
  GPtrArray  *names;    /* (element-type filename): the files, in natural order */
  char       *stem;     /* their name without extension, with # for the running number */
  gboolean    is_hdf5;
  gboolean    in_parts;  /* the files are one stack, each with another number of images */
  guint       n_numbers; /* that the names count, with those that are missing; 0 where they don't count */

  /* What the names say. */
  ReconRole   role;
  ReconWhen   when;
  char       *why;         /* (nullable): where the role is from, such as "the folder is named dark" */
  gboolean    by_letter;   /* the role is that of a name of one letter, such as d.tif */
  ReconRole   folder_role;
  char       *folder_why;
  char       *place;       /* the folders that are named after a scan rather than after a part of it */
  char       *folder_rest; /* what else the folders' names say; the same for the parts of one scan */
  char       *rest;        /* of the stem, likewise */

  /* What the files say, once it was asked for. */
  gboolean    probed;
  char       *refusal;  /* (nullable): why they cannot be read */
  guint       n_frames;
  guint       width;
  guint       height;
  gboolean    counts; /* whole numbers, as detectors write them */
  const char *layout;
  gsize       n_angles;      /* that an HDF5 scan has of its own */
  gboolean    has_own_flats; /* so has it */
  gboolean    has_own_darks;
  gboolean    is_whole; /* a scan of its own: an HDF5 file with references, or with angles that turn */
} ReconFinderSeries;

void               recon_finder_add_series      (const ReconFinderFolder *folder,
                                                 GPtrArray               *series);
gboolean           recon_finder_are_apart       (const ReconFinderSeries *a,
                                                 const ReconFinderSeries *b);
void               recon_finder_decide_roles    (GPtrArray               *series);
void               recon_finder_series_probe    (ReconFinderSeries       *self);
gboolean           recon_finder_series_is_scan  (ReconFinderSeries       *self);
ReconFinderSeries *recon_finder_series_new_path (const char              *path);
ReconFinderSeries *recon_finder_series_new_dataset (const char           *value,
                                                    const char           *path);
char              *recon_finder_series_describe (ReconFinderSeries       *self);
void               recon_finder_series_free     (ReconFinderSeries       *self);

/* finder-groups.c */
GPtrArray *recon_finder_group_names    (GPtrArray               *names,
                                        const char              *folder);
char      *recon_finder_make_stem      (const ReconSeriesGroup  *group);
char      *recon_finder_describe_files (const ReconFinderFolder *folder,
                                        GPtrArray               *names);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "io/finder-words.h"
#include "io/scan-finder.h"
#include "io/series.h"

G_BEGIN_DECLS

/* A folder that may belong to a scan, with the names of its files by kind, in natural order. */
typedef struct
{
  char       *path;     /* as the scan's path begins */
  char       *relative; /* to the folder where the search began; "" for that one */
  GPtrArray  *tiffs;    /* (element-type filename) */
  GPtrArray  *hdf5s;    /* (element-type filename) */
  GPtrArray  *texts;    /* (element-type filename): what may list angles or describe the scan */
  GHashTable *others;   /* extension → how many */
} ReconFinderFolder;

/* Which folders below are looked into. */
typedef enum
{
  RECON_FINDER_EVERYTHING,
  RECON_FINDER_REFERENCES, /* those that are named after darks or flats */
  RECON_FINDER_PARTS,      /* those, and those that are named after projections */
} ReconFinderScope;

GPtrArray *recon_finder_list_folders (const char        *path,
                                      ReconFinderScope   scope,
                                      GError           **error);
char      *recon_finder_join         (const char        *folder,
                                      const char        *name);

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

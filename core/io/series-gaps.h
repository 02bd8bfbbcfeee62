/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the words in a name say that its images are. */
typedef enum
{
  RECON_SERIES_UNKNOWN,
  RECON_SERIES_PROJECTIONS,
  RECON_SERIES_DARKS,
  RECON_SERIES_FLATS,
  RECON_SERIES_FLATS_AFTER,
  RECON_SERIES_PREVIEWS, /* small pictures for people */
} ReconSeriesKind;

/* What the numbers of a series say about the images that it had once. */
typedef enum
{
  RECON_NUMBERS_COMPLETE,
  RECON_NUMBERS_GAPS,      /* some are missing; the others keep their places */
  RECON_NUMBERS_HOLES,     /* so many are missing at once that it may be another reason */
  RECON_NUMBERS_IRREGULAR, /* they do not count: times, or a random choice */
} ReconNumbers;

typedef struct
{
  ReconNumbers  numbers;
  guint         n_places; /* of the complete series, from the first to the last number; 0 where that is not known */
  guint        *places;   /* (nullable): of each image in the complete series, from 0; NULL where none is missing */
  guint         n_missing;
  char         *pattern;  /* (nullable): what the names are called, for messages; set by who knows them */
  char         *missing;  /* (nullable): the missing numbers, the first ones of many: "17, 20–24, …" */
} ReconSeriesGaps;

ReconSeriesGaps *recon_series_gaps_find          (const gint64      *numbers,
                                                  gsize              n,
                                                  GArray            *others);
void             recon_series_gaps_free          (ReconSeriesGaps   *self);
ReconSeriesKind  recon_series_kind_guess         (const char        *name);
ReconSeriesGaps *recon_series_gaps_find_in_files (GPtrArray         *files,
                                                  GArray            *numbers,
                                                  const char *const *suffixes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSeriesGaps, recon_series_gaps_free)

G_END_DECLS

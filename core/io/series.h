/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* file-pattern.c */

void       recon_glob_append                (GString     *glob,
                                             const char  *text,
                                             gsize        length);
gboolean   recon_file_pattern_is_numbered   (const char  *path);
gboolean   recon_file_pattern_is_glob       (const char  *path);
GPtrArray *recon_file_pattern_find_numbered (const char  *path,
                                             GError     **error);
GPtrArray *recon_file_pattern_find_glob     (const char  *path,
                                             GError     **error);

/* file-series.c */

gboolean   recon_file_series_is_pattern (const char         *path);
gboolean   recon_file_series_has_suffix (const char         *name,
                                         const char *const  *suffixes);
GPtrArray *recon_file_series_find       (const char         *path,
                                         const char         *kind,
                                         const char *const  *suffixes,
                                         GError            **error);
int        recon_natural_compare        (const char         *a,
                                         const char         *b);
void       recon_natural_sort           (GPtrArray          *names);

/* series-names.c */

/* A number in a name. */
typedef struct
{
  gint64 value;
  gsize  start;  /* bytes from the beginning of the name, to its sign */
  gsize  length; /* with its sign */
} ReconSeriesField;

/* A name taken apart. */
typedef struct
{
  char             *name;
  char             *text; /* without the numbers, and with the usual extension */
  ReconSeriesField *fields;
  guint             n_fields;
} ReconSeriesName;

ReconSeriesName *recon_series_name_new            (const char             *name);
void             recon_series_name_free           (ReconSeriesName        *self);
gboolean         recon_series_name_equal          (const ReconSeriesName  *a,
                                                   const ReconSeriesName  *b);

void             recon_series_names_sort          (GPtrArray              *names,
                                                   guint                   field);
gboolean         recon_series_names_join_decimals (GPtrArray              *names);
int              recon_series_compare_values      (gconstpointer           a,
                                                   gconstpointer           b);
char            *recon_series_names_make_pattern  (GPtrArray              *names,
                                                   int                     running);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSeriesName, recon_series_name_free)

/* series-parts.c */

/* A stack that was written into several files. */
typedef struct
{
  char      *pattern; /* a glob for the names; it may match others too */
  GPtrArray *names;   /* (element-type filename): as they were given, the first part first */
  char      *lacks;   /* (nullable): the first name that is missing between them */
} ReconSeriesParts;

GPtrArray *recon_series_parts_find (GPtrArray        *names,
                                    const char       *folder);
void       recon_series_parts_free (ReconSeriesParts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSeriesParts, recon_series_parts_free)

/* series-groups.c */

/* Names that differ in one number, which runs. */
typedef struct
{
  char      *pattern; /* what gives these names: "proj_%04d.tif"; a glob where no such pattern does */
  char      *stem;    /* what comes before the number: "proj_"; the whole of a single name without one */
  GPtrArray *names;   /* (element-type filename): as they were given, by number, else in natural order */
  GArray    *numbers; /* (nullable) (element-type gint64): of each name, ascending; NULL for a name without number */
  gboolean   in_parts; /* one stack in several files */
  char      *lacks;    /* (nullable): the file that is missing between those */
} ReconSeriesGroup;

GPtrArray *recon_series_groups_find (GPtrArray         *names,
                                     const char        *folder);
void       recon_series_group_free  (ReconSeriesGroup  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSeriesGroup, recon_series_group_free)

/* series-gaps.c */

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

/* series-choice.c */

/* The files that a path means, of all those that it could. */
typedef struct
{
  GPtrArray *files;    /* (element-type filename): at least one, in order */
  GArray    *numbers;  /* (nullable) (element-type gint64): of each file, ascending; NULL where they have none */
  char      *pattern;  /* for messages: "proj_%04d.tif" */
  char      *left_out; /* (nullable): a sentence about the others */
} ReconSeries;

ReconSeries *recon_series_choose (const char         *path,
                                  ReconSeriesKind     wanted,
                                  const char         *kind,
                                  const char *const  *suffixes,
                                  GError            **error);
void         recon_series_remove (ReconSeries        *self,
                                  guint               file);
void         recon_series_free   (ReconSeries        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSeries, recon_series_free)

G_END_DECLS

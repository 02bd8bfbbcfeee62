/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* File names with one whole number in them, such as slice_%05d.tif. */
typedef struct
{
  char     *prefix;
  char     *suffix;
  guint     width; /* least number of digits, filled up from the left */
  gboolean  zeros; /* with zeros, else with spaces */
} ReconSliceNames;

ReconSliceNames *recon_slice_names_new    (const char             *pattern,
                                           GError                **error);
void             recon_slice_names_free   (ReconSliceNames        *self);
char            *recon_slice_names_format (const ReconSliceNames  *self,
                                           guint                   number);
gboolean         recon_slice_names_match  (const ReconSliceNames  *self,
                                           const char             *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSliceNames, recon_slice_names_free)

/* Where a series of files goes, and where it is until it is complete. */
typedef struct
{
  ReconSliceNames *names;
  char            *folder;
  char            *partial;
  char            *configuration;
  char            *partial_configuration;
  char            *ledger;
  char            *partial_ledger;
} ReconSeriesPaths;

ReconSeriesPaths *recon_series_paths_new   (const char              *path,
                                            GError                 **error);
void              recon_series_paths_free  (ReconSeriesPaths        *self);
gboolean          recon_series_paths_check (const ReconSeriesPaths  *self,
                                            GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSeriesPaths, recon_series_paths_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/slice-names.h"

G_BEGIN_DECLS

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

ReconSeriesPaths *recon_series_paths_new  (const char        *path,
                                           GError           **error);
void              recon_series_paths_free (ReconSeriesPaths  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSeriesPaths, recon_series_paths_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/series-gaps.h"

G_BEGIN_DECLS

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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

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

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

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

G_END_DECLS

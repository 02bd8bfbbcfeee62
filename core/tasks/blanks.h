/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a scan's raw values say about parts of it that hold nothing. */
typedef struct _ReconBlanks ReconBlanks;

/* How many, and the first of them. */
typedef struct
{
  guint n;
  guint first;
} ReconBlankParts;

typedef struct
{
  ReconBlankParts projections; /* in a slice or more, all values are equal or none is a number */
  ReconBlankParts columns;     /* in most slices, the same value at all angles, or never a number */
  gboolean        everything;  /* no slice shows anything */
} ReconBlankSummary;

ReconBlanks *recon_blanks_new       (guint              n_angles,
                                     guint              width,
                                     gboolean           is_raw);
void         recon_blanks_free      (ReconBlanks       *self);
void         recon_blanks_add       (ReconBlanks       *self,
                                     const float       *slice,
                                     gsize              pitch);
void         recon_blanks_summarise (ReconBlanks       *self,
                                     ReconBlankSummary *summary);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconBlanks, recon_blanks_free)

G_END_DECLS

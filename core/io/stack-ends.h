/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A text file that says for each page of a file being written where it ends: one line a page. */
typedef struct _ReconStackEnds ReconStackEnds;

ReconStackEnds *recon_stack_ends_new    (const char      *path,
                                         GError         **error);
ReconStackEnds *recon_stack_ends_open   (const char      *path,
                                         guint            n,
                                         GError         **error);
gboolean        recon_stack_ends_sync   (ReconStackEnds  *self,
                                         GError         **error);
gboolean        recon_stack_ends_append (ReconStackEnds  *self,
                                         guint64          end,
                                         GError         **error);
void            recon_stack_ends_free   (ReconStackEnds  *self);
gboolean        recon_stack_ends_find   (const char      *path,
                                         guint            page,
                                         guint64         *end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconStackEnds, recon_stack_ends_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/image.h"

G_BEGIN_DECLS

/* Small pictures of images of one size side by side, all with the same grey scale, as one PNG file. */
typedef struct _ReconContactSheet ReconContactSheet;

ReconContactSheet *recon_contact_sheet_new  (void);
void               recon_contact_sheet_free (ReconContactSheet  *self);
void               recon_contact_sheet_add  (ReconContactSheet  *self,
                                             ReconImage         *image,
                                             const char         *label,
                                             const char         *note,
                                             gboolean            marked);
gboolean           recon_contact_sheet_save (ReconContactSheet  *self,
                                             const char         *title,
                                             const char         *path,
                                             GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconContactSheet, recon_contact_sheet_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The folder of a trial's files, which get there when all of them are complete. */
typedef struct _ReconTrialFolder ReconTrialFolder;

ReconTrialFolder *recon_trial_folder_open   (const char        *path,
                                             gboolean           overwrite,
                                             GError           **error);
void              recon_trial_folder_free   (ReconTrialFolder  *self);
char             *recon_trial_folder_add    (ReconTrialFolder  *self,
                                             const char        *name);
gboolean          recon_trial_folder_finish (ReconTrialFolder  *self,
                                             GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTrialFolder, recon_trial_folder_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* The way back and forth between states of a configuration, in steps that people see as one. */
typedef struct _ReconHistory ReconHistory;

ReconHistory *recon_history_new            (void);
void          recon_history_free           (ReconHistory   *self);
void          recon_history_clear          (ReconHistory   *self);
void          recon_history_add            (ReconHistory   *self,
                                            ReconParameter  parameter,
                                            const char     *before,
                                            const char     *after);
void          recon_history_close          (ReconHistory   *self);
void          recon_history_begin_group    (ReconHistory   *self,
                                            const char     *label);
gboolean      recon_history_end_group      (ReconHistory   *self);
gboolean      recon_history_is_grouping    (ReconHistory   *self);
gboolean      recon_history_undo           (ReconHistory   *self,
                                            ReconConfig    *config);
gboolean      recon_history_redo           (ReconHistory   *self,
                                            ReconConfig    *config);
char         *recon_history_get_undo_label (ReconHistory   *self);
char         *recon_history_get_redo_label (ReconHistory   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconHistory, recon_history_free)

G_END_DECLS

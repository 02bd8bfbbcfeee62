/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/document.h"
#include "form/history.h"

G_BEGIN_DECLS

struct _ReconDocument
{
  GObject       parent_instance;

  ReconConfig  *config;
  ReconConfig  *saved;   /* what is in the file; the defaults without one */
  GFile        *file;    /* (nullable) */
  ReconHistory *history;

  /* What was last notified. */
  gboolean      modified;
  gboolean      can_undo;
  gboolean      can_redo;
  char         *undo_label;
  char         *redo_label;

  char         *autosave; /* (nullable): path of the file that keeps what is not saved */
  int           autosave_lock; /* open and locked while there is @autosave, else -1 */
};

char *_recon_document_dup_folder  (ReconDocument *self);
void _recon_document_take_saved   (ReconDocument *self,
                                   GFile         *file,
                                   ReconConfig   *saved);
void _recon_document_replace      (ReconDocument *self,
                                   ReconConfig   *config,
                                   GFile         *file,
                                   ReconConfig   *saved);
void _recon_document_update       (ReconDocument *self);
void _recon_document_emit_changed (ReconDocument *self);

G_END_DECLS

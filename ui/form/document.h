/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/log.h"
#include "config/config.h"

G_BEGIN_DECLS

/* A configuration with its file, what was changed since it was saved, and the way back.
 *
 * Properties, all notify: "file" (GFile, nullable), "title" (string), "modified", "can-undo", "can-redo" (boolean),
 * "undo-label", "redo-label" (string, such as "Axis"; nullable). Signal "changed": the configuration is another than a
 * moment ago (once, also where undo changes several values). */
#define RECON_TYPE_DOCUMENT (recon_document_get_type ())
G_DECLARE_FINAL_TYPE (ReconDocument, recon_document, RECON, DOCUMENT, GObject)

ReconDocument *recon_document_new         (void);
ReconConfig   *recon_document_get_config  (ReconDocument   *self);
gboolean       recon_document_load        (ReconDocument   *self,
                                           GFile           *file,
                                           ReconLog        *log,
                                           GError         **error);
gboolean       recon_document_save        (ReconDocument   *self,
                                           GFile           *file,
                                           GError         **error);
GFile         *recon_document_get_file    (ReconDocument   *self);
char          *recon_document_dup_title   (ReconDocument   *self);
gboolean       recon_document_get_modified (ReconDocument  *self);

/* Changes of one parameter that follow each other are one step to undo, until the visit ends; so are all that a group
 * makes. */
gboolean       recon_document_set         (ReconDocument   *self,
                                           ReconParameter   parameter,
                                           const char      *text,
                                           GError         **error);
gboolean       recon_document_means       (ReconDocument   *self,
                                           ReconParameter   parameter,
                                           const char      *text);
void           recon_document_use_settings (ReconDocument  *self,
                                            ReconConfig    *other);
void           recon_document_end_visit   (ReconDocument   *self);
void           recon_document_begin_group (ReconDocument   *self,
                                           const char      *label);
void           recon_document_end_group   (ReconDocument   *self);
void           recon_document_undo        (ReconDocument   *self);
void           recon_document_redo        (ReconDocument   *self);

/* Crash safety: what has not been saved is kept in the state folder, and offered at the next start. */
gboolean       recon_document_autosave    (ReconDocument   *self,
                                           GError         **error);
void           recon_document_drop_autosave (ReconDocument *self);
GPtrArray     *recon_document_list_autosaves (void);
GFile         *recon_document_get_autosave_origin (GFile   *autosave);
gboolean       recon_document_restore     (ReconDocument   *self,
                                           GFile           *autosave,
                                           GError         **error);

/* The command that does the same as the form's Reconstruct. */
char          *recon_document_to_command_line (ReconDocument *self);

G_END_DECLS

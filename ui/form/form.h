/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "client/client.h"
#include "form/document.h"

G_BEGIN_DECLS

/* The form that edits a document's configuration, and checks it as one types.
 *
 * Properties: "document" (ReconDocument), "client" (ReconClient, nullable: no checks of paths without), "n-problems"
 * (uint, read-only, notifies), "summary" (string, read-only, notifies: "64 slices, 512 × 512, 64 MB expected").
 * Signals: "find-axis": the button beside the axis was pressed; "resolved" (GVariant *): what the worker says of the
 * configuration as it stands (see Worker1.Resolve), or %NULL while that is not known; "scan-opened" (string path). */
#define RECON_TYPE_FORM (recon_form_get_type ())
G_DECLARE_FINAL_TYPE (ReconForm, recon_form, RECON, FORM, AdwBin)

GtkWidget  *recon_form_new          (ReconDocument  *document,
                                     ReconClient    *client);
GVariant   *recon_form_get_resolved (ReconForm      *self);
gboolean    recon_form_find_problem (ReconForm      *self,
                                     ReconParameter *parameter);
void        recon_form_show_problem (ReconForm      *self);
void        recon_form_show_row     (ReconForm      *self,
                                     ReconParameter  parameter);
void        recon_form_set_made     (ReconForm      *self,
                                     const char     *path);
GtkWidget  *recon_form_get_row      (ReconForm      *self,
                                     ReconParameter  parameter);
void        recon_form_check        (ReconForm      *self);
void        recon_form_start_search (ReconForm      *self);
void        recon_form_set_devices  (ReconForm      *self,
                                     GVariant       *devices);
void        recon_form_open_scan    (ReconForm      *self,
                                     const char     *path);
void        recon_form_choose_scan  (ReconForm      *self,
                                     gboolean        folder);
gboolean    recon_form_drop_paths   (ReconForm      *self,
                                     const char *const *paths);

G_END_DECLS

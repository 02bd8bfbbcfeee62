/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/checks.h"
#include "form/field.h"
#include "form/form.h"
#include "form/scan-row.h"

G_BEGIN_DECLS

struct _ReconForm
{
  AdwBin               parent_instance;

  ReconDocument       *document;
  ReconClient         *client; /* (nullable) */
  ReconChecks         *checks;

  GtkSearchBar        *search_bar;
  GtkSearchEntry      *search_entry;
  GtkWidget           *nothing_found;
  GtkWidget           *kind_rows[2];
  ReconScanRow        *scan_row;
  AdwPreferencesPage  *page;
  AdwPreferencesGroup *input_group;
  GtkCheckButton      *projections_check;
  GtkCheckButton      *sinograms_check;

  GPtrArray           *groups;    /* of AdwPreferencesGroup */
  ReconField         **rows;      /* by parameter */
  AdwExpanderRow     **expanders; /* by parameter (nullable): in which the row is */
  GArray              *order;     /* of ReconParameter: that of reading */

  gboolean             sinograms; /* what is put in; else projections */
  gboolean             updating;
  char               **remembered; /* by parameter (nullable): values that only the other kind of input takes */

  char                *scan_path;        /* (nullable): the scan that is being looked at */
  GCancellable        *scan_cancellable; /* (nullable): of the last one, and the questions about it */
  gboolean             scan_waits;       /* for the worker */
  GPtrArray           *scans;            /* those that were opened, each with the input that it gave */
  gconstpointer        scan_shown;       /* (nullable): the one of them that the row shows */
  gboolean             scan_noted;       /* it shows something else now */

  AdwActionRow        *nearby_row;
  char                *nearby_path;        /* (nullable): the projections that lack flats */
  GVariant            *nearby;             /* (nullable): what the worker found around them */
  GCancellable        *nearby_cancellable; /* (nullable): while it looks */

  guint                n_problems;
  char                *summary;
  guint64              free_bytes; /* where the output goes; G_MAXUINT64 while unknown */
  char                *output_place;
  char                *made; /* (nullable): where the last run has put its slices */
  GCancellable        *output_cancellable;
};

void _recon_form_build_rows     (ReconForm *self);
void _recon_form_set_sinograms  (ReconForm *self,
                                 gboolean   sinograms);
void _recon_form_update_rules   (ReconForm *self);
void _recon_form_update_hints   (ReconForm *self);
void _recon_form_update_checks  (ReconForm *self);
void _recon_form_look_at_output (ReconForm *self);
gboolean _recon_form_is_searching (ReconForm *self);
gboolean _recon_form_is_wanted  (ReconForm      *self,
                                 ReconParameter  parameter);
void _recon_form_update_sections (ReconForm *self);
void _recon_form_look_nearby    (ReconForm *self,
                                 gboolean   lacks_flats);
void _recon_form_use_nearby     (ReconForm *self);
void _recon_form_client_changed (ReconForm *self);
void _recon_form_forget_scan    (ReconForm *self);
void _recon_form_show_scan      (ReconForm *self);
void _recon_form_set_summary    (ReconForm *self,
                                 char      *summary);

G_END_DECLS

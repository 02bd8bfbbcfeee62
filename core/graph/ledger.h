/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a job has finished, one JSON object a line, beside the output: a header that says what the job is, then
 * {"finished": [first, n]} for every block that stands on disk.
 *
 * Whoever has a ledger open has it locked; the lock ends with the process, however that ends. */
typedef struct _ReconLedger ReconLedger;

ReconLedger  *recon_ledger_create       (const char    *path,
                                         JsonNode      *header,
                                         GError       **error);
ReconLedger  *recon_ledger_open         (const char    *path,
                                         GError       **error);
ReconLedger  *recon_ledger_peek         (const char    *path);
void          recon_ledger_free         (ReconLedger   *self);

gboolean      recon_ledger_check_free   (const char    *path,
                                         GError       **error);

JsonObject   *recon_ledger_get_header   (ReconLedger   *self);
guint         recon_ledger_get_finished (ReconLedger   *self,
                                         guint8        *finished,
                                         guint          n_slices);
gboolean      recon_ledger_is_kept      (ReconLedger   *self);
gboolean      recon_ledger_record       (ReconLedger   *self,
                                         guint          first,
                                         guint          n,
                                         GError       **error);
gboolean      recon_ledger_close        (ReconLedger   *self,
                                         GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconLedger, recon_ledger_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/client.h"
#include "form/document.h"

G_BEGIN_DECLS

/* Has a worker look at a document as it changes: at each path of images or angles by itself, and at the whole. The
 * newest question wins; nothing waits.
 *
 * Signals: "inspected" (uint ReconParameter): recon_checks_get_contents() and recon_checks_get_error() are others;
 * "resolved": recon_checks_get_resolved() and recon_checks_get_resolve_error() are. */
#define RECON_TYPE_CHECKS (recon_checks_get_type ())
G_DECLARE_FINAL_TYPE (ReconChecks, recon_checks, RECON, CHECKS, GObject)

ReconChecks  *recon_checks_new               (ReconDocument  *document,
                                              ReconClient    *client);
GVariant     *recon_checks_get_contents      (ReconChecks    *self,
                                              ReconParameter  parameter);
const GError *recon_checks_get_error         (ReconChecks    *self,
                                              ReconParameter  parameter);
GVariant     *recon_checks_get_answer        (ReconChecks    *self,
                                              ReconParameter  parameter);
GVariant     *recon_checks_get_resolved      (ReconChecks    *self);
const GError *recon_checks_get_resolve_error (ReconChecks    *self);
gboolean      recon_checks_is_known          (ReconChecks    *self);
void          recon_checks_ask_again         (ReconChecks    *self);

G_END_DECLS

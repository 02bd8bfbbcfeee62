/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

#include "base/visibility.h"

RECON_BEGIN_DECLS

/* The number of a parameter, as long as the program runs: another version may number them otherwise. */
typedef guint ReconParameter;

#define RECON_NO_PARAMETER G_MAXUINT

gboolean     recon_parameter_find_name (const char      *name,
                                        ReconParameter  *parameter);

/* What is to be done, and with what: all parameters. A job works on a copy of its own. */
#define RECON_TYPE_CONFIG (recon_config_get_type ())
G_DECLARE_FINAL_TYPE (ReconConfig, recon_config, RECON, CONFIG, GObject)

ReconConfig *recon_config_new          (void);
ReconConfig *recon_config_copy         (ReconConfig     *self);

/* Values are texts as they stand in files and on the command line. */
char        *recon_config_format       (ReconConfig     *self,
                                        ReconParameter   parameter);
gboolean     recon_config_parse        (ReconConfig     *self,
                                        ReconParameter   parameter,
                                        const char      *text,
                                        GError         **error);
void         recon_config_reset        (ReconConfig     *self,
                                        ReconParameter   parameter);
gboolean     recon_config_is_default   (ReconConfig     *self,
                                        ReconParameter   parameter);

JsonNode    *recon_config_to_json      (ReconConfig     *self);
gboolean     recon_config_set_json     (ReconConfig     *self,
                                        JsonNode        *node,
                                        GError         **error);

RECON_END_DECLS

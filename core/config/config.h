/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

#include "config/configuration.h"
#include "config/parameter.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 x0, y0, width, height;
} ReconBox;

void         recon_config_assign       (ReconConfig     *self,
                                        ReconConfig     *source);

gboolean     recon_config_is_automatic (ReconConfig     *self,
                                        ReconParameter   parameter);
const char  *recon_config_get_word     (ReconConfig     *self,
                                        ReconParameter   parameter);
gboolean     recon_config_has_word     (ReconConfig     *self,
                                        ReconParameter   parameter,
                                        const char      *word);
gboolean     recon_config_get_boolean  (ReconConfig     *self,
                                        ReconParameter   parameter);
gint64       recon_config_get_integer  (ReconConfig     *self,
                                        ReconParameter   parameter);
guint64      recon_config_get_size     (ReconConfig     *self,
                                        ReconParameter   parameter);
double       recon_config_get_number   (ReconConfig     *self,
                                        ReconParameter   parameter);
guint        recon_config_get_choice   (ReconConfig     *self,
                                        ReconParameter   parameter);
const char  *recon_config_get_text     (ReconConfig     *self,
                                        ReconParameter   parameter);
ReconBox     recon_config_get_box      (ReconConfig     *self,
                                        ReconParameter   parameter);

gboolean     recon_config_set_number   (ReconConfig     *self,
                                        ReconParameter   parameter,
                                        double           number);
gboolean     recon_config_set_integer  (ReconConfig     *self,
                                        ReconParameter   parameter,
                                        gint64           integer);
void         recon_config_set_boolean  (ReconConfig     *self,
                                        ReconParameter   parameter,
                                        gboolean         boolean);

G_END_DECLS

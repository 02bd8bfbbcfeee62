/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "client/client.h"

G_BEGIN_DECLS

/* The program: its windows, one for each configuration, and the worker that they share. */
#define RECON_TYPE_APPLICATION (recon_application_get_type ())
G_DECLARE_FINAL_TYPE (ReconApplication, recon_application, RECON, APPLICATION, AdwApplication)

ReconApplication *recon_application_new          (void);
ReconClient      *recon_application_get_client   (ReconApplication *self);
GSettings        *recon_application_get_settings (ReconApplication *self);

G_END_DECLS

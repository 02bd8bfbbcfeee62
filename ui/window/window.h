/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "client/client.h"
#include "form/document.h"

G_BEGIN_DECLS

/* The window of one configuration. */
#define RECON_TYPE_WINDOW (recon_window_get_type ())
G_DECLARE_FINAL_TYPE (ReconWindow, recon_window, RECON, WINDOW, AdwApplicationWindow)

ReconWindow   *recon_window_new          (AdwApplication  *application,
                                          ReconClient     *client,
                                          GSettings       *settings);
ReconDocument *recon_window_get_document (ReconWindow     *self);
gboolean       recon_window_is_untouched (ReconWindow     *self);
void           recon_window_open         (ReconWindow     *self,
                                          GFile           *file);
void           recon_window_restore      (ReconWindow     *self,
                                          GFile           *autosave);

G_END_DECLS

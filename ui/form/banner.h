/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A line across the window that something needs attention, with one thing to do about it.
 *
 * Properties, all notify: "title", "button-label" (string, nullable: no button), "revealed" (boolean). Signal
 * "button-clicked", "details-clicked", "closed". */
#define RECON_TYPE_BANNER (recon_banner_get_type ())
G_DECLARE_FINAL_TYPE (ReconBanner, recon_banner, RECON, BANNER, GtkWidget)

typedef enum
{
  RECON_BANNER_HINT,
  RECON_BANNER_WARNING, /* something is to be mended before a run */
  RECON_BANNER_ERROR,   /* something went wrong */
} ReconBannerLevel;

GtkWidget  *recon_banner_new              (const char  *title);
const char *recon_banner_get_title        (ReconBanner *self);
void        recon_banner_set_title        (ReconBanner *self,
                                           const char  *title);
const char *recon_banner_get_button_label (ReconBanner *self);
void        recon_banner_set_button_label (ReconBanner *self,
                                           const char  *label);
void        recon_banner_set_level        (ReconBanner *self,
                                           ReconBannerLevel level);
ReconBannerLevel recon_banner_get_level   (ReconBanner *self);
void        recon_banner_set_extras       (ReconBanner *self,
                                           gboolean     details,
                                           gboolean     closable);
gboolean    recon_banner_get_revealed     (ReconBanner *self);
void        recon_banner_set_revealed     (ReconBanner *self,
                                           gboolean     revealed);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Something to take hold of, with the pointer or by the arrow keys. It does not move by itself: its parent hears what
 * is wanted, and allocates. How it looks is up to style classes.
 *
 * Signals: "dragged" (double x, double y): where its middle is wanted, in the parent's coordinates; "stepped" (int dx,
 * int dy): how many steps to the right and down, 1 or with Shift 10. */
#define RECON_TYPE_HANDLE (recon_handle_get_type ())
G_DECLARE_FINAL_TYPE (ReconHandle, recon_handle, RECON, HANDLE, GtkWidget)

GtkWidget *recon_handle_new         (const char  *label,
                                     const char  *style_class);
void       recon_handle_allocate_at (ReconHandle *self,
                                     double       x,
                                     double       y);
void       recon_handle_set_value   (ReconHandle *self,
                                     double       value,
                                     const char  *text);

G_END_DECLS

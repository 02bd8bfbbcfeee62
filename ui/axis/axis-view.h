/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "axis/axis-query.h"
#include "client/client.h"
#include "form/document.h"
#include "viewer/image-view.h"

G_BEGIN_DECLS

/* Two projections half a turn apart, one upon the mirrored other, which is moved until they match: then the axis is
 * right. Images are only asked for while it is mapped.
 *
 * Property "overlay" (string: "difference", "sum", "blink"). Action axis.overlay('sum'). */
#define RECON_TYPE_AXIS_VIEW (recon_axis_view_get_type ())
G_DECLARE_FINAL_TYPE (ReconAxisView, recon_axis_view, RECON, AXIS_VIEW, GtkWidget)

void            recon_axis_view_connect      (ReconAxisView   *self,
                                              ReconDocument   *document,
                                              ReconClient     *client,
                                              ReconAxisQuery  *search);
void            recon_axis_view_set_resolved (ReconAxisView   *self,
                                              GVariant        *resolved);
void            recon_axis_view_show_row     (ReconAxisView   *self,
                                              double           row);
ReconImageView *recon_axis_view_get_view     (ReconAxisView   *self);

G_END_DECLS

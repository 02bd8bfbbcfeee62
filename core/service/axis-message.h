/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "axis/axis.h"

G_BEGIN_DECLS

/* A search for the axis as it travels between worker and client: see FindAxis in Worker1.xml. */

GVariant        *recon_axis_message_tell_settings (const ReconAxisSettings  *settings,
                                                   guint                     search);
gboolean         recon_axis_message_hear_settings (GVariant                 *told,
                                                   ReconAxisSettings        *settings,
                                                   char                    **rows,
                                                   GError                  **error);
GVariant        *recon_axis_message_tell_result   (const ReconAxisResult    *result);
ReconAxisResult *recon_axis_message_hear_result   (GVariant                 *told,
                                                   GError                  **error);

G_END_DECLS

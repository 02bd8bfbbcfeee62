/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "request/axis-result.h"
#include "wire/worker-image.h"

G_BEGIN_DECLS

/* What travels between worker and client, as dictionaries: see org.reconstruct.Worker1.xml. A client doesn't trust what
 * it gets. */

/* Members of a structure that travel under a key. */
typedef struct
{
  const char *key;
  char        type; /* 'u': guint; 'b': gboolean; 'd': double, and what is not finite doesn't travel */
  gsize       offset;
} ReconMessageField;

void              recon_message_insert                  (GVariantDict             *message,
                                                         const ReconMessageField  *fields,
                                                         gsize                     n,
                                                         gconstpointer             structure);
gboolean          recon_message_lookup                  (GVariant                 *message,
                                                         const ReconMessageField  *fields,
                                                         gsize                     n,
                                                         gpointer                  structure);

const char       *recon_view_get_name                   (ReconView                 view);
gboolean          recon_view_parse                      (const char               *name,
                                                         ReconView                *view);

/* An image, but for the pixels. */
GVariantDict     *recon_worker_image_to_message         (const ReconWorkerImage   *image);
ReconWorkerImage *recon_worker_image_from_message       (GVariant                 *message,
                                                         guint                    *width,
                                                         guint                    *height,
                                                         gsize                    *bytes,
                                                         gboolean                 *swapped,
                                                         GError                  **error);

/* A search for the axis. */
GVariant         *recon_axis_settings_to_message        (const ReconAxisSettings  *settings,
                                                         guint                     search);
gboolean          recon_axis_settings_from_message      (GVariant                 *message,
                                                         ReconAxisSettings        *settings,
                                                         char                    **rows,
                                                         GError                  **error);
GVariant         *recon_axis_result_to_message          (const ReconAxisResult    *result);
ReconAxisResult  *recon_axis_result_from_message        (GVariant                 *message,
                                                         GError                  **error);

G_END_DECLS

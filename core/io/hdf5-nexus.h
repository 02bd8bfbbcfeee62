/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5.h"

G_BEGIN_DECLS

/* Building blocks of a NeXus file. Text is of fixed length and nothing has a time, so that the same calls make the same
 * bytes. They return whether that succeeded; who calls makes an error of it, with recon_nexus_check(). The lock is
 * held. */

gboolean    recon_nexus_check      (gboolean       success,
                                    const char    *file,
                                    GError       **error);
gboolean    recon_nexus_put_text   (hid_t       object,
                                    const char *name,
                                    const char *text);
gboolean    recon_nexus_put_texts  (hid_t       object,
                                    const char *name,
                                    const char *texts,
                                    guint       n,
                                    gsize       size);
gboolean    recon_nexus_put_number (hid_t       object,
                                    const char *name,
                                    double      value);
gboolean    recon_nexus_make_text  (hid_t       group,
                                    const char *name,
                                    const char *text);
gboolean    recon_nexus_make_values (hid_t          group,
                                     const char    *name,
                                     hid_t          type,
                                     hid_t          memory_type,
                                     gconstpointer  values,
                                     guint          n,
                                     const char    *units,
                                     const char    *long_name);
ReconHdf5Id recon_nexus_make_group (hid_t       parent,
                                    const char *name,
                                    const char *nx_class);
ReconHdf5Id recon_nexus_make_plist (hid_t          plist_class);
ReconHdf5Id recon_nexus_make_access (void);

/* What HDF5 writes to can be exchanged under it. */
int         recon_nexus_get_descriptor (hid_t      file);
gboolean    recon_nexus_exchange   (hid_t          file,
                                    int            fd);
void        recon_nexus_abandon    (hid_t          file);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5.h"

G_BEGIN_DECLS

char    *recon_hdf5_read_string    (hid_t            root,
                                    const char      *path);
char    *recon_hdf5_read_attribute (hid_t            root,
                                    const char      *path,
                                    const char      *name);
double  *recon_hdf5_read_numbers   (hid_t            root,
                                    const char      *file,
                                    const char      *path,
                                    gsize           *n,
                                    GError         **error);
gsize    recon_hdf5_count_numbers  (hid_t            root,
                                    const char      *path);
double   recon_hdf5_read_number    (hid_t            root,
                                    const char      *path);

double   recon_hdf5_get_length_um  (hid_t            root,
                                    const char      *path,
                                    double           initial);

G_END_DECLS

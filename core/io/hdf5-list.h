/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5.h"

G_BEGIN_DECLS

/* What a file holds at a path. */
typedef struct
{
  char      *path;
  H5O_type_t type; /* H5O_TYPE_UNKNOWN for a link that leads nowhere */
  guint      depth; /* 1 for the children of the root */
} ReconHdf5Object;

GPtrArray *recon_hdf5_list              (hid_t       root,
                                         const char *group);
GPtrArray *recon_hdf5_list_until        (hid_t       root,
                                         const char *group,
                                         gint64      end,
                                         gboolean   *complete);
GPtrArray *recon_hdf5_find_datasets     (hid_t       root,
                                         GPtrArray  *objects,
                                         int         rank);
char      *recon_hdf5_describe_datasets (hid_t       root,
                                         const char *group);
char      *recon_hdf5_describe_paths    (hid_t       root,
                                         const char *before,
                                         GPtrArray  *paths);
char      *recon_hdf5_link_target       (hid_t       root,
                                         const char *path);
char      *recon_hdf5_find_broken_link  (hid_t       root,
                                         const char *path);
G_END_DECLS

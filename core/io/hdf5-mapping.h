/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5-values.h"

G_BEGIN_DECLS

/* A part of a dataset, bounds included. */
typedef struct
{
  int     rank;
  hsize_t first[H5S_MAX_RANK];
  hsize_t last[H5S_MAX_RANK];
} ReconHdf5Box;

/* A line of the table in a virtual dataset: these elements are those of that source. */
typedef struct
{
  char    *file;      /* as written, "." for the file with the virtual dataset */
  char    *dataset;
  hid_t    space;     /* which elements of the virtual dataset; of a pattern, those of its first block */
  hid_t    source;    /* which elements of the source */
  int      unlimited; /* the dimension in which they go on for as long as there are sources, or −1 */
  guint64  n_blocks;  /* of a pattern, each with a source of its own; else 1 */
  hsize_t  stride;    /* from one block to the next */
} ReconHdf5Mapping;

gboolean recon_hdf5_mapping_read      (ReconHdf5Mapping       *self,
                                       hid_t                   creation,
                                       gsize                   i);
gboolean recon_hdf5_mapping_limit     (ReconHdf5Mapping       *self,
                                       const ReconHdf5Shape   *shape);
void     recon_hdf5_mapping_clear     (ReconHdf5Mapping       *self);
char    *recon_hdf5_mapping_expand    (const char             *name,
                                       guint64                 block);
void     recon_hdf5_mapping_get_block (const ReconHdf5Mapping *self,
                                       guint64                 block,
                                       ReconHdf5Box           *box);
gboolean recon_hdf5_mapping_exceeds   (const ReconHdf5Mapping *self,
                                       const ReconHdf5Shape   *source);
gboolean recon_hdf5_mapping_project   (const ReconHdf5Mapping *self,
                                       guint64                 block,
                                       const ReconHdf5Shape   *source,
                                       const ReconHdf5Box     *part,
                                       ReconHdf5Box           *box);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconHdf5Mapping, recon_hdf5_mapping_clear)

G_END_DECLS

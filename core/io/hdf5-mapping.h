/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5-type.h"

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
  char         *file;    /* as written, "." for the file with the virtual dataset */
  char         *dataset;
  ReconHdf5Box  box;     /* bounds in the virtual dataset; of a pattern, those of the first block */
  gboolean      is_solid; /* all elements of the box are meant */
  int           pattern; /* the dimension in which blocks follow each other, each with its own source, or −1 */
  hsize_t       stride;  /* from one such block to the next */
  guint64       n_blocks; /* 1 where there is no pattern */
  guint64       n_elements; /* of the virtual dataset, in all blocks; G_MAXUINT64 where that is not known */
  ReconHdf5Box  source;  /* bounds in the source; rank −1 where they are unlimited */
  gboolean      is_all;  /* all of the source, whose size the table doesn't say: see recon_hdf5_mapping_set_source() */
  gboolean      source_is_solid;
} ReconHdf5Mapping;

gboolean recon_hdf5_mapping_read        (ReconHdf5Mapping       *self,
                                         hid_t                   creation,
                                         gsize                   i,
                                         const ReconHdf5Shape   *shape);
void     recon_hdf5_mapping_clear       (ReconHdf5Mapping       *self);
void     recon_hdf5_mapping_set_source  (ReconHdf5Mapping       *self,
                                         const ReconHdf5Shape   *source);
char    *recon_hdf5_mapping_expand      (const char             *name,
                                         guint64                 block);
void     recon_hdf5_mapping_get_block   (const ReconHdf5Mapping *self,
                                         guint64                 block,
                                         ReconHdf5Box           *box);
gboolean recon_hdf5_mapping_translate   (const ReconHdf5Mapping *self,
                                         const ReconHdf5Box     *block,
                                         const ReconHdf5Box     *part,
                                         ReconHdf5Box           *box);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconHdf5Mapping, recon_hdf5_mapping_clear)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/contents.h"
#include "io/hdf5.h"

G_BEGIN_DECLS

/* What a file's layout takes a dataset for, if it is given without a dataset. */
typedef enum
{
  RECON_HDF5_USE_PROJECTIONS = 1 << 0,
  RECON_HDF5_USE_DARKS       = 1 << 1,
  RECON_HDF5_USE_FLATS       = 1 << 2,
  RECON_HDF5_USE_FLATS_AFTER = 1 << 3,
} ReconHdf5Uses;

/* A dataset of numbers, or a link that leads nowhere: that has no dimensions. */
typedef struct
{
  char           *path;    /* may be any bytes */
  ReconHdf5Shape  shape;
  char           *refusal; /* (nullable): what is missing to read it */
  gboolean        chosen;  /* what the path that was asked about means as images */
  ReconHdf5Uses   uses;
} ReconHdf5Dataset;

/* Datasets are counted by their dimensions, which decide on what they may serve as; this many, and more. */
#define RECON_HDF5_N_RANKS 5

typedef struct
{
  char       *file;
  char       *object;   /* that the path names in it, "/" for the file as a whole */
  const char *layout;   /* (nullable): of the file without a dataset; %NULL where nothing is clear */
  GPtrArray  *datasets; /* (element-type ReconHdf5Dataset): the shallow before the deep */
  guint       n_left_out[RECON_HDF5_N_RANKS];
  gboolean    complete; /* else there was no time to look at all of the file */
} ReconHdf5Datasets;

ReconHdf5Datasets *recon_hdf5_datasets_list (const char        *path,
                                             ReconContents     *contents,
                                             gint64             patience);
void               recon_hdf5_datasets_free (ReconHdf5Datasets *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconHdf5Datasets, recon_hdf5_datasets_free)

G_END_DECLS

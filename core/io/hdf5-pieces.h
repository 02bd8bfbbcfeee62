/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "io/hdf5-view.h"
#include "io/plain-rows.h"

G_BEGIN_DECLS

/* How a dataset of images lies in its file, where it can be read without holding HDF5's lock all the time. */
typedef enum
{
  RECON_HDF5_BY_LIBRARY, /* it cannot */
  RECON_HDF5_PLAIN,      /* in one piece, as in memory */
  RECON_HDF5_CHUNKS,     /* in chunks, with no other filters than these */
} ReconHdf5Way;

typedef struct
{
  ReconHdf5Way    way;
  ReconHdf5View   view;
  guint           n_frames;
  guint           height;
  guint           width;
  ReconSampleType type;
  hid_t           memory_type; /* that of the file if it is one of this machine's, else H5T_NATIVE_FLOAT */
  ReconSampleType read_as;     /* what it is in memory then */

  int             file;        /* the dataset's file as HDF5 has it open, or −1 */
  guint64         file_bytes;  /* its size then */
  int             fd;          /* the same if it can be read past HDF5, or −1 */
  guint64         offset;      /* of the first image */
  guint64         frame_bytes; /* from one to the next */

  guint           chunk[3];    /* frames, rows, columns */
  gsize           chunk_bytes;
  gboolean        shuffled;
  gboolean        deflated;
  guint64        *addresses;   /* (nullable): of each chunk in the file, or 0; of chunks that are as wide as images */
} ReconHdf5Pieces;

/* The most bytes that a packed chunk may take: deflate makes noise a little larger. */
#define RECON_HDF5_MOST_STORED(bytes) ((bytes) + (bytes) / 8 + 1024)

/* What a thread needs to read chunks. All zeros is empty. */
typedef struct
{
  ReconScratch  stored;
  ReconScratch  chunk;
  ReconScratch  row;
  GConverter   *inflater;
} ReconHdf5Unpacker;

void     recon_hdf5_pieces_clear       (ReconHdf5Pieces       *self);
void     recon_hdf5_pieces_init        (ReconHdf5Pieces       *self,
                                        hid_t                  dataset,
                                        const ReconHdf5Shape  *shape,
                                        const ReconHdf5View   *view);
gsize    recon_hdf5_pieces_get_scratch_bytes (const ReconHdf5Pieces *self);
gboolean recon_hdf5_pieces_is_cut      (const ReconHdf5Pieces *self);
gboolean recon_hdf5_pieces_read        (const ReconHdf5Pieces *self,
                                        hid_t                  dataset,
                                        const ReconReading    *reading,
                                        ReconHdf5Unpacker     *unpacker,
                                        GCancellable          *cancellable);
void     recon_hdf5_unpacker_free      (ReconHdf5Unpacker     *self);

G_END_DECLS

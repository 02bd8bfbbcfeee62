/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5.h"
#include "io/reader.h"

G_BEGIN_DECLS

/* Size and type of a dataset. */
typedef struct
{
  int             rank;                /* 0 for a scalar, −1 where there is no data at all */
  hsize_t         dims[H5S_MAX_RANK];
  guint64         n_elements;          /* G_MAXUINT64 where it is not representable */
  gboolean        is_number;           /* an integer or a float */
  ReconSampleType type;                /* if so */
  gsize           size;                /* bytes of an element */
} ReconHdf5Shape;

char   *recon_hdf5_read_string    (hid_t        root,
                                   const char  *path);
char   *recon_hdf5_read_attribute (hid_t        root,
                                   const char  *path,
                                   const char  *name);
double *recon_hdf5_read_numbers   (hid_t        root,
                                   const char  *file,
                                   const char  *path,
                                   gsize       *n,
                                   GError     **error);
gsize   recon_hdf5_count_numbers  (hid_t        root,
                                   const char  *path);
double  recon_hdf5_read_number    (hid_t        root,
                                   const char  *path);

double recon_hdf5_get_length_um (hid_t       root,
                                 const char *path,
                                 double      initial);

gboolean recon_hdf5_shape_get        (hid_t            dataset,
                                      ReconHdf5Shape  *shape);
gboolean recon_hdf5_shape_check_type (hid_t            dataset,
                                      const char      *path,
                                      ReconHdf5Shape  *shape,
                                      GError         **error);
char    *recon_hdf5_shape_describe   (hid_t            dataset);

G_END_DECLS

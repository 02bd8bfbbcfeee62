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

gboolean    recon_hdf5_shape_get          (hid_t            dataset,
                                           ReconHdf5Shape  *shape);
gboolean    recon_hdf5_shape_check_type   (hid_t            dataset,
                                           const char      *path,
                                           ReconHdf5Shape  *shape,
                                           GError         **error);
char       *recon_hdf5_shape_describe     (hid_t            dataset);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/reader.h"

G_BEGIN_DECLS

/* Memory that grows to what is asked of it. All zeros is empty. */
typedef struct
{
  gpointer data;
  gsize    size;
} ReconScratch;

gpointer recon_scratch_get   (ReconScratch       *self,
                              gsize               size);
void     recon_scratch_clear (ReconScratch       *self);

/* An image that lies in a file as it does in memory, row after row. */
typedef struct
{
  int             fd;
  guint64         offset; /* of its first sample in the file, or where that would be if this is a part */
  gsize           row_bytes;
  guint           n_rows; /* of the image */
  ReconSampleType type;
  gboolean        swapped; /* samples have the other byte order than this machine */
} ReconPlainRows;

gsize    recon_plain_rows_scratch_bytes (gsize                 row_bytes,
                                         guint                 n_rows);
gboolean recon_plain_rows_read          (const ReconPlainRows *self,
                                         const ReconReading   *reading,
                                         gsize                 first,
                                         gsize                 end,
                                         float                *pixels,
                                         ReconScratch         *scratch);
gsize    recon_sample_type_get_bytes    (ReconSampleType       type);
void     recon_samples_to_float         (ReconSampleType       type,
                                         gconstpointer         samples,
                                         gsize                 n,
                                         float                *values);

G_END_DECLS

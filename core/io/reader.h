/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a sample is in the file. Whatever it is, it is read as float32. */
typedef enum
{
  RECON_SAMPLE_UINT8,
  RECON_SAMPLE_INT8,
  RECON_SAMPLE_UINT16,
  RECON_SAMPLE_INT16,
  RECON_SAMPLE_UINT32,
  RECON_SAMPLE_INT32,
  RECON_SAMPLE_UINT64,
  RECON_SAMPLE_INT64,
  RECON_SAMPLE_FLOAT16,
  RECON_SAMPLE_FLOAT32,
  RECON_SAMPLE_FLOAT64,
} ReconSampleType;

const char *recon_sample_type_get_name (ReconSampleType type);

/* A stack of images of one size and type. Images ("frames"), rows and columns count from 0.
 *
 * A reader is used by one thread at a time. */
#define RECON_TYPE_READER (recon_reader_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconReader, recon_reader, RECON, READER, GObject)

struct _ReconReaderClass
{
  GObjectClass parent_class;

  /* Arguments are checked already. */
  gboolean (*read) (ReconReader   *self,
                    guint          frame,
                    guint          n_frames,
                    guint          row,
                    guint          n_rows,
                    float         *pixels,
                    GCancellable  *cancellable,
                    GError       **error);
};

/* For subclasses: called once while the file is opened. */
void            recon_reader_set_layout      (ReconReader      *self,
                                              const char       *path,
                                              guint             n_frames,
                                              guint             height,
                                              guint             width,
                                              ReconSampleType   type,
                                              guint             batch);

const char     *recon_reader_get_path        (ReconReader      *self);
guint           recon_reader_get_n_frames    (ReconReader      *self);
guint           recon_reader_get_height      (ReconReader      *self);
guint           recon_reader_get_width       (ReconReader      *self);
ReconSampleType recon_reader_get_sample_type (ReconReader      *self);
guint           recon_reader_get_batch       (ReconReader      *self);

gboolean        recon_reader_read            (ReconReader      *self,
                                              guint             frame,
                                              guint             n_frames,
                                              guint             row,
                                              guint             n_rows,
                                              float            *pixels,
                                              GCancellable     *cancellable,
                                              GError          **error);

G_END_DECLS

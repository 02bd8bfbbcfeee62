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

/* Lines of images that are wanted: `n` of them, each of `height` rows, `stride` rows apart (at least `height`). */
typedef struct
{
  guint first; /* first row of the first line */
  guint height;
  guint stride;
  guint n;
} ReconLines;

/* The row of an image that is row @i of the n × height rows of the lines. */
static inline guint
recon_lines_get_row (const ReconLines *lines,
                     gsize             i)
{
  return lines->first + (guint) (i / lines->height) * lines->stride + (guint) (i % lines->height);
}

/* What is to be read, and to where: column c of row i of the lines of frames[j] is
 * pixels[j · frame_pitch + i · row_pitch + c]. */
typedef struct
{
  const guint *frames;
  guint        n_frames;
  ReconLines   lines;
  guint        column; /* the first one */
  guint        n_columns;
  float       *pixels;
  gsize        frame_pitch; /* samples */
  gsize        row_pitch;   /* samples */
} ReconReading;

/* A stack of images of one size and type. Images ("frames"), rows and columns count from 0.
 *
 * Once it is open, several threads may read from it at once. */
#define RECON_TYPE_READER (recon_reader_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconReader, recon_reader, RECON, READER, GObject)

struct _ReconReaderClass
{
  GObjectClass parent_class;

  /* Arguments are checked already, there is something to read. */
  gboolean (*read) (ReconReader         *self,
                    const ReconReading  *reading,
                    GCancellable        *cancellable,
                    GError             **error);

  /* (nullable): as recon_reader_check() */
  gboolean (*check) (ReconReader         *self,
                     const guint         *frames,
                     guint                n_frames,
                     guint                row,
                     guint                n_rows,
                     GError             **error);

  /* (nullable): as recon_reader_list_files() */
  void     (*list_files) (ReconReader    *self,
                          GPtrArray      *files);
};

/* For subclasses: called while the file is opened. */
void            recon_reader_set_layout      (ReconReader      *self,
                                              const char       *path,
                                              guint             n_frames,
                                              guint             height,
                                              guint             width,
                                              ReconSampleType   type,
                                              guint             batch);
void            recon_reader_set_pieces      (ReconReader      *self,
                                              guint             batch_rows,
                                              gsize             scratch_bytes);

const char     *recon_reader_get_path        (ReconReader      *self);
guint           recon_reader_get_n_frames    (ReconReader      *self);
guint           recon_reader_get_height      (ReconReader      *self);
guint           recon_reader_get_width       (ReconReader      *self);
ReconSampleType recon_reader_get_sample_type (ReconReader      *self);
guint           recon_reader_get_batch       (ReconReader      *self);
guint           recon_reader_get_batch_rows  (ReconReader      *self);
gsize           recon_reader_get_scratch_bytes (ReconReader    *self);

gboolean        recon_reader_check           (ReconReader      *self,
                                              const guint      *frames,
                                              guint             n_frames,
                                              guint             row,
                                              guint             n_rows,
                                              GError          **error);
void            recon_reader_list_files      (ReconReader      *self,
                                              GPtrArray        *files);

gboolean     recon_reader_read        (ReconReader         *self,
                                       guint                frame,
                                       guint                n_frames,
                                       guint                row,
                                       guint                n_rows,
                                       float               *pixels,
                                       GCancellable        *cancellable,
                                       GError             **error);
gboolean     recon_reader_read_lines  (ReconReader         *self,
                                       const ReconReading  *reading,
                                       GCancellable        *cancellable,
                                       GError             **error);
ReconReader *recon_uniform_reader_new (const char          *path,
                                       guint                height,
                                       guint                width,
                                       double               value);

/* Some images of a reader in a certain order: the projections, darks or flats of a scan. Immutable. */
typedef struct _ReconFrames ReconFrames;

ReconFrames *recon_frames_new_all  (ReconReader       *reader);
ReconFrames *recon_frames_new      (ReconReader       *reader,
                                    const guint       *index,
                                    guint              n);
ReconFrames *recon_frames_subset   (ReconFrames       *self,
                                    guint              start,
                                    guint              stop,
                                    guint              step);
void         recon_frames_free     (ReconFrames       *self);

ReconReader *recon_frames_get_reader (const ReconFrames  *self);
guint        recon_frames_get_n      (const ReconFrames  *self);
const guint *recon_frames_get_index  (const ReconFrames  *self);
gboolean    *recon_frame_list_parse  (const char         *text,
                                      guint               n_frames,
                                      GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconFrames, recon_frames_free)

G_END_DECLS

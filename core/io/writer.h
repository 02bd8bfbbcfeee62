/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "config/choices.h"
#include "io/grey.h"

G_BEGIN_DECLS

/* What is to be written. */
typedef struct
{
  guint            n_slices;
  guint            height;
  guint            width;
  const guint     *numbers;      /* n_slices: the number in each slice's file name */
  const double    *detector_row; /* n_slices: the detector row of each slice; for a page alone it may be NULL */
  double           x0, y0;       /* pixel (0, 0) in pixels of the full slice, for the axes */
  double           pixel_size;   /* mm, or NaN */
  ReconOutputType  type;
  double           minimum;      /* for integers: value that becomes 0 */
  double           maximum;      /* for integers: value that becomes the largest */
  ReconCompression compression;
  const char      *configuration; /* the resolved configuration, kept beside or in the result */
  const char      *description;   /* (nullable): in a page alone, without a detector row */
} ReconVolume;

/* Slices become a file or files. Until recon_writer_finish() everything has a temporary name, which ends
 * in ".partial"; a writer that is dropped before leaves that behind, and a later one can resume there.
 *
 * A writer is used by one thread at a time. */
#define RECON_TYPE_WRITER (recon_writer_get_type ())
G_DECLARE_DERIVABLE_TYPE (ReconWriter, recon_writer, RECON, WRITER, GObject)

struct _ReconWriterClass
{
  GObjectClass parent_class;

  gboolean (*result_exists) (ReconWriter        *self,
                             const guint        *numbers,
                             guint               n_slices,
                             char              **what);
  gboolean (*check)         (ReconWriter        *self,
                             GError            **error);
  gboolean (*open)          (ReconWriter        *self,
                             const ReconVolume  *volume, /* the writer's own copy */
                             const guint8       *finished,
                             GError            **error);
  gboolean (*write)         (ReconWriter        *self,
                             guint               slice,
                             gconstpointer       pixels, /* of the volume's type */
                             GError            **error);
  gboolean (*flush)         (ReconWriter        *self,
                             GError            **error);
  gboolean (*finish)        (ReconWriter        *self,
                             GError            **error);
};

ReconWriter       *recon_writer_new            (const char         *path,
                                                ReconOutputFormat   format,
                                                GError            **error);
gboolean           recon_writer_guess_format   (const char         *path,
                                                ReconOutputFormat  *format);

/* For subclasses, on construction. */
void               recon_writer_set_paths      (ReconWriter        *self,
                                                const char         *result,
                                                const char         *partial,
                                                const char         *ledger,
                                                const char         *partial_ledger);

const char        *recon_writer_get_path       (ReconWriter        *self);
const char        *recon_writer_get_partial    (ReconWriter        *self);
const char        *recon_writer_get_ledger     (ReconWriter        *self);
const char        *recon_writer_get_partial_ledger (ReconWriter    *self);
const char        *recon_writer_find_ledger    (ReconWriter        *self);
const ReconVolume *recon_writer_get_volume     (ReconWriter        *self);
void               recon_writer_set_overwrite  (ReconWriter        *self,
                                                gboolean            overwrite);
gboolean           recon_writer_get_overwrite  (ReconWriter        *self);

gboolean           recon_writer_result_exists  (ReconWriter        *self,
                                                const guint        *numbers,
                                                guint               n_slices,
                                                char              **what);
gboolean           recon_writer_check          (ReconWriter        *self,
                                                GError            **error);
gboolean           recon_writer_check_free     (ReconWriter        *self,
                                                const guint        *numbers,
                                                guint               n_slices,
                                                GError            **error);
gboolean           recon_writer_open           (ReconWriter        *self,
                                                const ReconVolume  *volume,
                                                const guint8       *finished,
                                                GError            **error);
gboolean           recon_writer_write          (ReconWriter        *self,
                                                guint               slice,
                                                const float        *pixels,
                                                GError            **error);
gboolean           recon_writer_flush          (ReconWriter        *self,
                                                GError            **error);
gboolean           recon_writer_finish         (ReconWriter        *self,
                                                GError            **error);

/* The formats that recon_writer_new() chooses from. */
ReconWriter *recon_tiff_series_writer_new (const char  *path,
                                           GError     **error);
ReconWriter *recon_tiff_stack_writer_new  (const char  *path,
                                           GError     **error);
ReconWriter *recon_hdf5_writer_new        (const char  *path,
                                           GError     **error);
gboolean     recon_hdf5_writer_split_path (const char  *path,
                                           char       **file,
                                           char       **dataset);
char        *recon_hdf5_writer_find_bare  (const char  *path);

G_END_DECLS

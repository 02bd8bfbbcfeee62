/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <tiffio.h>
#include <sys/stat.h>

#include "io/plain-rows.h"
#include "io/reader.h"
#include "io/series.h"

G_BEGIN_DECLS

/* tiff-layout.c */

/* How one page of a TIFF file is stored. A chunk is a strip or a tile: what is read and decoded at once. */
typedef struct
{
  guint            width;
  guint            height;
  ReconSampleType  type;
  guint16          compression;  /* COMPRESSION_… of libtiff */
  gboolean         tiled;
  guint            chunk_width;  /* the page's width for strips */
  guint            chunk_height; /* at most the page's height for strips */
  gsize            row_bytes;    /* of a chunk */
} ReconTiffLayout;

gboolean recon_tiff_layout_read     (ReconTiffLayout        *self,
                                     TIFF                   *tiff,
                                     const char             *where,
                                     guint64                 file_bytes,
                                     GError                **error);
gboolean recon_tiff_layout_is_alike (const ReconTiffLayout  *a,
                                     const ReconTiffLayout  *b);
guint    recon_tiff_get_max_ratio   (guint16                 compression);

/* tiff-image.c */

/* One open TIFF file, at one of its pages. Pages count from 0. */
typedef struct _ReconTiffImage ReconTiffImage;

/* Images of a file that has one page only: their samples lie one behind the other from the first on. */
typedef struct
{
  guint    n_claimed;
  guint    n_present;
  guint64  offset; /* of the first image, in the file */
  guint64  image_bytes;
  gboolean swapped;
} ReconTiffHidden;

gboolean               recon_tiff_image_is_tiff       (const char      *file);
ReconTiffImage        *recon_tiff_image_open          (const char      *file,
                                                       GError         **error);
void                   recon_tiff_image_free          (ReconTiffImage  *self);

const ReconTiffLayout *recon_tiff_image_get_layout    (ReconTiffImage  *self);
guint64                recon_tiff_image_get_directory (ReconTiffImage  *self);
gboolean               recon_tiff_image_is_last       (ReconTiffImage  *self);
gboolean               recon_tiff_image_find_hidden   (ReconTiffImage  *self,
                                                       ReconTiffHidden *hidden);
char                  *recon_tiff_image_describe      (ReconTiffImage  *self);
const char            *recon_tiff_image_get_description (ReconTiffImage *self);

gboolean               recon_tiff_image_next          (ReconTiffImage  *self,
                                                       GError         **error);
gboolean               recon_tiff_image_go_to         (ReconTiffImage  *self,
                                                       guint            page,
                                                       guint64          directory,
                                                       GError         **error);
gboolean               recon_tiff_image_read_rows     (ReconTiffImage  *self,
                                                       guint            row,
                                                       guint            n_rows,
                                                       guint            column,
                                                       guint            n_columns,
                                                       float           *pixels,
                                                       gsize            row_pitch,
                                                       GError         **error);
gboolean               recon_tiff_image_find_plain_rows (ReconTiffImage *self,
                                                         guint64        *offset);
int                    recon_tiff_image_get_fd        (ReconTiffImage  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTiffImage, recon_tiff_image_free)

/* tiff-frames.c */

/* ReconTiffFrame.plain */
#define RECON_TIFF_NOT_KNOWN 0
#define RECON_TIFF_NOT_PLAIN 1 /* no samples begin there: it is in the header */

/* Where an image is. */
typedef struct
{
  guint64 directory; /* in the file */
  guint64 plain;     /* its samples in the file, if they lie there as they do in memory */
  guint   file;
  guint   page;
  guint   size;   /* which of those that the files have */
  guint   hidden; /* 1 where no page of its own says so: only @plain does; 2 if its bytes are swapped too */
} ReconTiffFrame;

/* All images of a series of files. */
typedef struct
{
  GArray          *list;        /* (element-type ReconTiffFrame) */
  ReconTiffLayout  layout;      /* of the first page; only size and type are those of all pages */
  gsize            chunk_bytes; /* of the largest strip or tile */
  guint            n_claimed;   /* images of a stack that is cut off, or 0 */
} ReconTiffFrames;

gboolean recon_tiff_frames_find     (ReconTiffFrames  *self,
                                     ReconSeries      *series,
                                     const char       *path,
                                     GPtrArray        *warnings,
                                     GError          **error);
void     recon_tiff_frames_clear    (ReconTiffFrames  *self);
char    *recon_tiff_dimensions_read (const char       *description,
                                     guint64          *n_images);

/* tiff-handle.c */

/* Shows whether a file was written anew. */
typedef struct
{
  guint64 device;
  guint64 inode;
  guint64 bytes;
  gint64  seconds; /* of the last change */
  gint64  nanoseconds;
} ReconFileStamp;

/* What one thread has open of a series of TIFF files: nothing, or one file, by libtiff or plainly or both. */
typedef struct
{
  guint           file; /* its number in the series */
  ReconTiffImage *image;
  ReconFileStamp  stamp; /* of the file when the image was opened */
  gboolean        has_stamp;
  int             fd;
  ReconScratch    scratch;
} ReconTiffHandle;

ReconTiffHandle *recon_tiff_handle_new       (void);
void             recon_tiff_handle_free      (ReconTiffHandle       *self);

gboolean         recon_tiff_handle_open      (ReconTiffHandle       *self,
                                              guint                  file,
                                              const char            *path,
                                              GError               **error);
gboolean         recon_tiff_handle_has_image (ReconTiffHandle       *self,
                                              guint                  file);
int              recon_tiff_handle_get_fd    (ReconTiffHandle       *self,
                                              guint                  file,
                                              const char            *path,
                                              ReconFileStamp        *stamp);
gboolean         recon_file_stamp_equal      (const ReconFileStamp  *a,
                                              const ReconFileStamp  *b);

G_END_DECLS

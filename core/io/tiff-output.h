/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <tiffio.h>

#include "base/image.h"
#include "io/writer.h"

G_BEGIN_DECLS

typedef enum
{
  RECON_TIFF_OUTPUT_NEW,     /* a new file, in place of an old one */
  RECON_TIFF_OUTPUT_NEW_BIG, /* the same as BigTIFF, for more than 4 GiB */
  RECON_TIFF_OUTPUT_APPEND,  /* an existing file, to append pages */
  RECON_TIFF_OUTPUT_CHECK,   /* an existing file, to look at its pages, from the first one */
} ReconTiffOutputMode;

/* A TIFF file that is being written. */
typedef struct _ReconTiffOutput ReconTiffOutput;

ReconTiffOutput *recon_tiff_output_open      (int                   folder,
                                              const char           *path,
                                              ReconTiffOutputMode   mode,
                                              GError              **error);
gboolean         recon_tiff_output_sync      (ReconTiffOutput      *self,
                                              GError              **error);
gboolean         recon_tiff_output_close     (ReconTiffOutput      *self,
                                              GError              **error);
void             recon_tiff_output_free      (ReconTiffOutput      *self);

TIFF            *recon_tiff_output_get_tiff  (ReconTiffOutput      *self);
const char      *recon_tiff_output_get_text  (ReconTiffOutput      *self);
guint64          recon_tiff_output_get_size  (ReconTiffOutput      *self);
gboolean         recon_tiff_output_set_error (ReconTiffOutput      *self,
                                              GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTiffOutput, recon_tiff_output_free)

gboolean recon_tiff_page_needs_big (const ReconVolume  *volume);
gboolean recon_tiff_page_write     (ReconTiffOutput    *output,
                                    const ReconVolume  *volume,
                                    guint               slice,
                                    gconstpointer       pixels,
                                    GError            **error);
gboolean recon_tiff_page_save      (int                 folder,
                                    const char         *path,
                                    const ReconVolume  *volume,
                                    guint               slice,
                                    gconstpointer       pixels,
                                    gboolean            sync,
                                    GError            **error);
gboolean recon_tiff_page_fits      (ReconTiffOutput    *output,
                                    const ReconVolume  *volume);

gboolean recon_tiff_store (const char  *path,
                           ReconImage  *image,
                           GError     **error);

G_END_DECLS

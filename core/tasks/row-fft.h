/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "compute/device.h"

G_BEGIN_DECLS

/* Fourier transforms of rows of complex numbers on a GPU. */
typedef struct _ReconRowFft ReconRowFft;

ReconRowFft *recon_row_fft_new  (ReconDevice  *device,
                                 guint         length,
                                 guint         n_rows,
                                 GError      **error);
void         recon_row_fft_free (ReconRowFft  *self);
gboolean     recon_row_fft_run  (ReconRowFft  *self,
                                 cl_mem        rows,
                                 gboolean      backward,
                                 GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconRowFft, recon_row_fft_free)

G_END_DECLS

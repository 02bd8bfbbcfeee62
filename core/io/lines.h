/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/frames.h"

G_BEGIN_DECLS

/* Lines of images that are wanted: `n` of them, each of `height` rows, `stride` rows apart (at least `height`). */
typedef struct
{
  guint first; /* first row of the first line */
  guint height;
  guint stride;
  guint n;
} ReconLines;

/* Called with the rows of one line of one frame: height × width of the reader. Every line of every frame comes once;
 * the frames of a line come in their order. */
typedef void (*ReconLinesFunc) (guint        frame,
                                guint        line,
                                const float *rows,
                                gpointer     user_data);

gboolean recon_lines_foreach       (const ReconLines  *self,
                                    ReconFrames       *frames,
                                    gsize              limit,
                                    ReconLinesFunc     func,
                                    gpointer           user_data,
                                    GCancellable      *cancellable,
                                    GError           **error);
gsize    recon_lines_scratch_bytes (const ReconLines  *self,
                                    const ReconFrames *frames,
                                    gsize              limit);

G_END_DECLS

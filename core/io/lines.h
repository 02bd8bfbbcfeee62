/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/team.h"
#include "io/reader.h"

G_BEGIN_DECLS

/* The same lines of several images, read by several threads. */
typedef struct
{
  ReconLines   lines;
  ReconFrames *frames;
  guint        column; /* the first one */
  guint        n_columns;
} ReconLinesPart;

/* Called with the rows of one line of one frame: height × n_columns. Every line of every frame comes once. */
typedef void (*ReconLinesFunc) (guint        frame,
                                guint        line,
                                const float *rows,
                                gpointer     user_data);

typedef enum
{
  RECON_LINES_ANY_ORDER, /* several threads call at once */
  RECON_LINES_IN_ORDER,  /* one call at a time; the frames of a line come in their order */
} ReconLinesOrder;

gboolean recon_lines_read                 (const ReconLinesPart  *self,
                                           ReconTeam             *team,
                                           guint                  n_members,
                                           float                 *pixels,
                                           gsize                  frame_pitch,
                                           gsize                  row_pitch,
                                           GCancellable          *cancellable,
                                           GError               **error);
gboolean recon_lines_foreach              (const ReconLinesPart  *self,
                                           ReconTeam             *team,
                                           guint                  n_members,
                                           gsize                  limit,
                                           ReconLinesOrder        order,
                                           ReconLinesFunc         func,
                                           gpointer               user_data,
                                           GCancellable          *cancellable,
                                           GError               **error);
gsize    recon_lines_foreach_scratch_bytes (const ReconLinesPart *self,
                                            guint                 n_members,
                                            gsize                 limit);

G_END_DECLS

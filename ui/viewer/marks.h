/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/viewport.h"

G_BEGIN_DECLS

/* What is marked upon the image. Positions are in pixels of the image from the outer corner of the first one. */
typedef struct
{
  gboolean has_pin;
  int      pin_x; /* a pixel */
  int      pin_y;
  gboolean has_line;
  double   line[4]; /* x0, y0, x1, y1 */
} ReconMarks;

void recon_marks_snapshot (const ReconMarks    *self,
                           const ReconViewport *viewport,
                           int                  scale,
                           GtkSnapshot         *snapshot,
                           int                  width,
                           int                  height);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double   row;
  double   axis;        /* NaN: none */
  double   uncertainty;
  gboolean used;        /* (out): by the line */
} ReconAxisPoint;

/* The axis of a scan: one column for each row. */
typedef struct
{
  double row;         /* the middle of the rows that were used */
  double axis;        /* there */
  double uncertainty;
  double slope;       /* columns a row; NaN for fewer than three rows */
  double slope_uncertainty;
  guint  n_used;
} ReconAxisLine;

gboolean recon_axis_line_fit (ReconAxisPoint *points,
                              guint           n,
                              ReconAxisLine  *line);

G_END_DECLS

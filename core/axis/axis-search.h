/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/axis-rows.h"
#include "axis/axis.h"
#include "axis/row-search.h"
#include "axis/statistics.h"
#include "base/team.h"

G_BEGIN_DECLS

/* A search on its way; columns are those of the sinograms. */
typedef struct
{
  ReconAxisRows    *source;
  ReconAxisMethod   method;
  ReconAxisRange    range;
  guint             width;
  ReconTeam        *team;
  ReconRowSearch  **rows;
  guint             n;

  double            evidence; /* for the coarse axis, of all rows together */
  double            margin;   /* more than for any axis elsewhere */
  double            rival;    /* the best of those; NaN: none */
  ReconAxisLine     line;
  double            slice_off;       /* of where slices look best, from the line; NaN: nowhere */
  double            slice_tolerance; /* from the line, pixels */
  double            drift;           /* columns that the axis moves by during the scan; NaN: unknown */
  double            drift_uncertainty;
  double            unsteady;        /* pixels that parts of the scan are off an even drift; 0: as by chance */
} ReconAxisSearch;

ReconAxisResult *recon_axis_search          (ReconAxisRows            *rows,
                                             const ReconAxisSettings  *settings,
                                             GCancellable             *cancellable,
                                             GError                  **error);

/* Its parts. */
double              recon_axis_consensus             (ReconAxisSearch        *self);
double              recon_axis_search_get_column     (const ReconAxisSearch  *self,
                                                      double                  row);
ReconRowSearch     *recon_axis_search_get_middle_row (const ReconAxisSearch  *self);
gboolean            recon_axis_search_is_half        (const ReconAxisSearch  *self);
gboolean            recon_axis_search_drifts         (const ReconAxisSearch  *self);
void                recon_axis_compare_parts         (ReconAxisSearch        *self);
void                recon_axis_compare_methods       (ReconAxisSearch        *self);
ReconAxisResult    *recon_axis_answer                (const ReconAxisSearch  *self,
                                                      const ReconAxisRows    *rows);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/log.h"
#include "config/config.h"

G_BEGIN_DECLS

/* Axes at equal distances, to be looked at side by side. */
typedef struct
{
  double low;
  double step;
  guint  n;
} ReconAxisCandidates;

gboolean recon_axis_candidates_parse   (ReconAxisCandidates        *self,
                                        const char                 *text,
                                        GError                    **error);
double   recon_axis_candidates_get     (const ReconAxisCandidates  *self,
                                        guint                       candidate);
char    *recon_axis_candidates_format  (const ReconAxisCandidates  *self,
                                        guint                       candidate,
                                        gboolean                    pad);
guint    recon_axis_candidates_nearest (const ReconAxisCandidates  *self,
                                        double                      axis);

/* Where the slices about them go. */
typedef struct
{
  const char *folder;
  const char *rows;      /* (nullable): the first of them is made; %NULL for the middle of those that are selected */
  double      mark;      /* the axis whose candidate is marked; NaN for none */
  gboolean    overwrite; /* what an earlier trial has left there */
} ReconAxisTrialSettings;

gboolean recon_axis_candidates_write (const ReconAxisCandidates     *self,
                                      ReconConfig                   *config,
                                      const ReconAxisTrialSettings  *settings,
                                      ReconLog                      *log,
                                      GCancellable                  *cancellable,
                                      GError                       **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "config/choices.h"
#include "geometry/angles.h"
#include "io/angle-table.h"

G_BEGIN_DECLS

const char *recon_angle_unit_get_name    (ReconAngleUnit   unit);
int         recon_angle_unit_parse       (const char      *text,
                                          double          *scale);
int         recon_angle_unit_apply       (const char      *text,
                                          double          *angles,
                                          gsize            n_angles,
                                          double          *scale);
gboolean    recon_angle_unit_is_turn     (ReconAngleUnit   unit,
                                          const double    *angles,
                                          gsize            n_angles);
int         recon_angle_unit_judge       (const double    *angles,
                                          gsize            n_angles);
gboolean    recon_angle_unit_contradicts (ReconAngleUnit   unit,
                                          const double    *angles,
                                          gsize            n_angles);
char       *recon_angle_unit_describe    (const double    *angles,
                                          gsize            n_angles);
gboolean    recon_angle_unit_set_unclear (const char      *path,
                                          const double    *angles,
                                          gsize            n_angles,
                                          GError         **error);
gboolean    recon_angle_unit_set_contradiction (const char    *path,
                                                const char    *text,
                                                const double  *angles,
                                                gsize          n_angles,
                                                GError       **error);
void        recon_angle_unit_convert     (ReconAngleUnit   unit,
                                          double          *angles,
                                          gsize            n_angles);

char   *recon_angles_split_path (const char   *path);
double *recon_angles_read    (const char      *path,
                              int              unit,
                              GPtrArray       *notes,
                              GPtrArray       *warnings,
                              ReconAngleUnit  *used,
                              ReconAngleKeys **keys,
                              gsize           *n_angles,
                              GError         **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a table of angles says its lines are of: names or numbers of images, each once. */
typedef struct
{
  guint      column; /* from 1 */
  gboolean   are_numbers;
  GPtrArray *texts;  /* (element-type utf8): of each line */
} ReconAngleKeys;

ReconAngleKeys *recon_angle_keys_find  (GPtrArray             *lines,
                                        guint                  column,
                                        gboolean               decimal_comma);
void            recon_angle_keys_free  (ReconAngleKeys        *self);
gboolean        recon_angle_keys_match (const ReconAngleKeys  *self,
                                        const char            *path,
                                        GPtrArray             *files,
                                        guint                  n_images,
                                        guint                  n_places,
                                        guint                **order,
                                        GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconAngleKeys, recon_angle_keys_free)

G_END_DECLS

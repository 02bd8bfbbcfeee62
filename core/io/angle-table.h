/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Further columns are not looked at. */
#define RECON_ANGLE_LINE_COLUMNS 64

/* A line of a text file taken apart. */
typedef struct
{
  guint       n_columns;
  gboolean    is_number[RECON_ANGLE_LINE_COLUMNS];
  double      values[RECON_ANGLE_LINE_COLUMNS];
  const char *texts[RECON_ANGLE_LINE_COLUMNS]; /* not terminated */
  gsize       lengths[RECON_ANGLE_LINE_COLUMNS];
} ReconAngleLine;

gboolean recon_angle_line_is_comment        (const char            *line);
gboolean recon_angle_line_begins_with_digit (const char            *line);
void     recon_angle_line_parse             (ReconAngleLine        *self,
                                             const char            *line,
                                             gboolean               decimal_comma);
gboolean recon_angle_line_has_numbers       (const ReconAngleLine  *self);
gboolean recon_angle_line_is_title          (const ReconAngleLine  *self,
                                             guint                  column);
gboolean recon_angle_lines_find_comma       (const char            *path,
                                             const char            *text,
                                             gboolean               has_column,
                                             gboolean              *decimal,
                                             GError               **error);

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

double *recon_angle_table_read (const char  *path,
                                char        *text,
                                guint        column,
                                GPtrArray   *notes,
                                char       **unit,
                                ReconAngleKeys **keys,
                                gsize       *n_values,
                                GError     **error);

G_END_DECLS

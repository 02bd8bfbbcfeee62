/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A number in a name. */
typedef struct
{
  gint64 value;
  gsize  start;  /* bytes from the beginning of the name, to its sign */
  gsize  length; /* with its sign */
} ReconSeriesField;

/* A name taken apart. */
typedef struct
{
  char             *name;
  char             *text; /* without the numbers, and with the usual extension */
  ReconSeriesField *fields;
  guint             n_fields;
} ReconSeriesName;

ReconSeriesName *recon_series_name_new            (const char             *name);
void             recon_series_name_free           (ReconSeriesName        *self);
gboolean         recon_series_name_equal          (const ReconSeriesName  *a,
                                                   const ReconSeriesName  *b);

void             recon_series_names_sort          (GPtrArray              *names,
                                                   guint                   field);
gboolean         recon_series_names_join_decimals (GPtrArray              *names);
int              recon_series_compare_values      (gconstpointer           a,
                                                   gconstpointer           b);
char            *recon_series_names_make_pattern  (GPtrArray              *names,
                                                   int                     running);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconSeriesName, recon_series_name_free)

G_END_DECLS

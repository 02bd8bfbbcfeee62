/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Members of the object that is being built. */
void   bench_put_text       (JsonBuilder  *json,
                             const char   *name,
                             const char   *value);
void   bench_put_count      (JsonBuilder  *json,
                             const char   *name,
                             guint64       value);
void   bench_put_number     (JsonBuilder  *json,
                             const char   *name,
                             double        value);
double bench_put_statistics (JsonBuilder  *json,
                             const char   *name,
                             const double *values,
                             guint         n);

void   bench_print          (JsonBuilder  *json);

G_END_DECLS

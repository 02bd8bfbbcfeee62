/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* The value of one parameter. A configuration has one for each of its parameters; what has parameters of its own may
 * hold an array of them likewise. */
typedef struct
{
  const char *word; /* (nullable): leaves the value to the program; that of the table */
  union
  {
    gboolean boolean;
    gint64   integer;
    guint64  size;
    double   number;
    guint    choice;
    ReconBox box;
  };
  GRefString *text; /* the canonical text; the value itself of texts and paths */
} ReconValue;

gboolean recon_value_parse (ReconValue                *value,
                            const ReconParameterSpec  *spec,
                            const char                *text,
                            GError                   **error);
void     recon_value_copy  (ReconValue                *value,
                            const ReconValue          *source);
void     recon_value_clear (ReconValue                *value);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconValue, recon_value_clear)

G_END_DECLS

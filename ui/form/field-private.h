/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/field.h"

G_BEGIN_DECLS

/* What a row remembers beside itself. */
typedef struct
{
  ReconField      *field; /* not owned: it owns this */
  ReconDocument   *document;
  ReconParameter   parameter;
  guint            pause;

  char            *refused; /* (nullable): why what is typed is no value */
  gboolean         refused_shown;
  ReconFieldLevel  check_level;
  char            *check;
  char            *hint;
  char            *unavailable;

  ReconFieldLevel  level; /* as shown */
  char            *note;
} ReconFieldState;

ReconFieldState *_recon_field_get_state         (ReconField *self);
void             _recon_field_update_note       (ReconField *self);
void             _recon_field_update_accessible (ReconField *self);

G_END_DECLS

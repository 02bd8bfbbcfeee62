/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* One of the datasets of a file, or that the program chooses among them. */
typedef struct
{
  char     *value;   /* of the parameter, if this is chosen */
  char     *name;    /* for people */
  char     *detail;  /* what it holds, or why it can't serve */
  gboolean  usable;
  gboolean  current; /* the parameter has this value */
} ReconDatasetChoice;

/* What a parameter can be set to within the file that it names. */
typedef struct
{
  char      *file;
  GPtrArray *list; /* (element-type ReconDatasetChoice) */
  char      *rest; /* (nullable): what is not listed */
} ReconDatasetChoices;

ReconDatasetChoices *recon_dataset_choices_new      (ReconParameter             parameter,
                                                     const char                *value,
                                                     GVariant                  *answer,
                                                     GVariant                  *projections);
void                 recon_dataset_choices_free     (ReconDatasetChoices       *self);
gboolean             recon_dataset_choices_is_about (GVariant                  *answer,
                                                     const char                *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconDatasetChoices, recon_dataset_choices_free)

G_END_DECLS

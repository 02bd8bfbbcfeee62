/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/config.h"

G_BEGIN_DECLS

/* Ranks that datasets are counted by; the last one stands for all above, too. */
#define RECON_DATASET_N_RANKS  5
#define RECON_DATASET_MAX_RANK (RECON_DATASET_N_RANKS - 1)

/* One dataset, as a worker tells it; valid as long as the dictionary. */
typedef struct
{
  const char *path;
  const char *type;    /* (nullable) */
  const char *refusal; /* (nullable) */
  gboolean    chosen;
  guint64     dims[RECON_DATASET_MAX_RANK];
  gsize       rank;
} ReconDatasetInfo;

gboolean recon_dataset_info_read       (ReconDatasetInfo        *self,
                                        GVariant                *info);
gboolean recon_dataset_info_is_list    (ReconParameter           parameter);
gboolean recon_dataset_info_is_of_kind (const ReconDatasetInfo  *self,
                                        ReconParameter           parameter);
gboolean recon_dataset_info_describe   (const ReconDatasetInfo  *self,
                                        ReconParameter           parameter,
                                        GVariant                *projections,
                                        char                   **text);

G_END_DECLS

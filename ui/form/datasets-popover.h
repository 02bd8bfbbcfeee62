/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "form/dataset-choices.h"

G_BEGIN_DECLS

/* The datasets of a file, to choose one of. Signal "chosen" (string value): of the parameter. */
#define RECON_TYPE_DATASETS_POPOVER (recon_datasets_popover_get_type ())
G_DECLARE_FINAL_TYPE (ReconDatasetsPopover, recon_datasets_popover, RECON, DATASETS_POPOVER, GtkPopover)

void recon_datasets_popover_fill (ReconDatasetsPopover      *self,
                                  const ReconDatasetChoices *choices);

G_END_DECLS

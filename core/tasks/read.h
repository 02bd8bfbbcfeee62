/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/task.h"

G_BEGIN_DECLS

#define RECON_TYPE_READ (recon_read_get_type ())
G_DECLARE_FINAL_TYPE (ReconRead, recon_read, RECON, READ, ReconTask)

GPtrArray *recon_read_list_files (ReconRead *self);

G_END_DECLS

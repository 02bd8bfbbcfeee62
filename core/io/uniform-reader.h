/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/reader.h"

G_BEGIN_DECLS

/* A single image that has one value everywhere: a dark or flat of which a file says no more. */
#define RECON_TYPE_UNIFORM_READER (recon_uniform_reader_get_type ())
G_DECLARE_FINAL_TYPE (ReconUniformReader, recon_uniform_reader, RECON, UNIFORM_READER, ReconReader)

ReconReader *recon_uniform_reader_new (const char *path,
                                       guint       height,
                                       guint       width,
                                       double      value);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An output of a node. */
typedef struct
{
  int   node; /* -1 where there is none */
  guint port;
} ReconOutlet;

/* An input of a node. */
typedef struct
{
  guint node;
  guint input;
} ReconInlet;

G_END_DECLS

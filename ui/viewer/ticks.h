/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Round numbers along an axis. */
typedef struct
{
  double first;
  double step;
  guint  n;
} ReconTicks;

void  recon_ticks_choose (ReconTicks       *self,
                          double            low,
                          double            high,
                          guint             most);
char *recon_ticks_format (const ReconTicks *self,
                          guint             i);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/axis.h"
#include "options.h"
#include "switches.h"
#include "trials/candidates.h"

G_BEGIN_DECLS

/* What a command line asks the axis command for. */
typedef struct
{
  ReconOptions         options;
  ReconSwitches        switches;
  ReconAxisSettings    settings;
  char                *rows;   /* what the settings point to */
  gboolean             search; /* whether to find the axis */
  gboolean             json;
  gboolean             write;
  gboolean             trial;
  ReconAxisCandidates  candidates; /* if trial */
  char                *folder;     /* if trial */
} ReconAxisRequest;

gboolean recon_axis_request_parse (ReconAxisRequest  *self,
                                   int                argc,
                                   char             **argv,
                                   ReconLog          *log,
                                   GError           **error);
void     recon_axis_request_clear (ReconAxisRequest  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconAxisRequest, recon_axis_request_clear)

G_END_DECLS

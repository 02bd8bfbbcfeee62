/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "config/config.h"

G_BEGIN_DECLS

/* One parameter that a scan gives a value. */
typedef struct
{
  ReconParameter  parameter;
  char           *value;  /* as a configuration has it */
  char           *reason; /* part of a sentence */
} ReconFinding;

/* What only the user can say. */
typedef struct
{
  ReconParameter  parameter;  /* RECON_NO_PARAMETER where it is which scan is meant */
  char           *text;       /* a question */
  GPtrArray      *candidates; /* (element-type utf8): values for the parameter, or paths of scans */
} ReconQuestion;

/* What a scan consists of. */
typedef struct
{
  char      *path;
  GPtrArray *findings;  /* (element-type ReconFinding), in the order of the parameters */
  GPtrArray *questions; /* (element-type ReconQuestion) */
  GPtrArray *warnings;  /* (element-type utf8): what looks wrong */
  GPtrArray *notes;     /* (element-type utf8): what was seen and left out, and why */
} ReconFoundScan;

ReconFoundScan *recon_scan_find        (const char      *path,
                                        GError         **error);
void            recon_found_scan_free  (ReconFoundScan  *self);

const char     *recon_found_scan_get   (ReconFoundScan  *self,
                                        ReconParameter   parameter);
gboolean        recon_found_scan_apply (ReconFoundScan  *self,
                                        ReconConfig     *config,
                                        const gboolean  *given,
                                        ReconLog        *log,
                                        GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconFoundScan, recon_found_scan_free)

G_END_DECLS

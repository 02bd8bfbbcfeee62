/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How a second image, mirrored left to right, is laid upon the first. */
typedef enum
{
  RECON_OVERLAY_NONE,
  RECON_OVERLAY_DIFFERENCE, /* first minus second */
  RECON_OVERLAY_SUM,
  RECON_OVERLAY_BLINK,      /* now the one, now the other */
} ReconOverlay;

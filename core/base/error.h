/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/visibility.h"

RECON_BEGIN_DECLS

/**
 * ReconError:
 * @RECON_ERROR_CONFIG: a parameter is unknown, malformed or out of range.
 * @RECON_ERROR_INPUT: an input is missing or does not fit the others; found before work starts.
 * @RECON_ERROR_EXISTS: the output exists and may not be overwritten.
 * @RECON_ERROR_RESUME: there is nothing to resume, or it was made with other settings.
 * @RECON_ERROR_READ: an input could not be read (truncated, damaged, lost).
 * @RECON_ERROR_WRITE: an output could not be written (disk full, permission).
 * @RECON_ERROR_DEVICE: no usable OpenCL device, or a device failed.
 * @RECON_ERROR_MEMORY: the work does not fit the memory limit.
 * @RECON_ERROR_AXIS: there is no telling from the data where the rotation axis is.
 *
 * Why something failed. The text of every error says what, where (file, key, value) and what
 * to do about it. Texts start with a capital letter and end with a full stop.
 */
typedef enum
{
  RECON_ERROR_CONFIG,
  RECON_ERROR_INPUT,
  RECON_ERROR_EXISTS,
  RECON_ERROR_RESUME,
  RECON_ERROR_READ,
  RECON_ERROR_WRITE,
  RECON_ERROR_DEVICE,
  RECON_ERROR_MEMORY,
  RECON_ERROR_AXIS,
} ReconError;

#define RECON_ERROR (recon_error_quark ())

GQuark   recon_error_quark    (void);
gboolean recon_error_is_usage (const GError *error);

RECON_END_DECLS

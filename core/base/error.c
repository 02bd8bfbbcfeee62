/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"

G_DEFINE_QUARK (recon-error-quark, recon_error)

/**
 * recon_error_is_usage:
 * @error: an error
 *
 * Returns: whether @error lies in what was asked for (the configuration, the choice of files), so
 *   that another request would succeed, rather than in carrying it out. Programs exit with 2
 *   for the former and with 1 for the latter, but with 3 for #RECON_ERROR_AXIS.
 */
gboolean
recon_error_is_usage (const GError *error)
{
  return g_error_matches (error, RECON_ERROR, RECON_ERROR_CONFIG) ||
         g_error_matches (error, RECON_ERROR, RECON_ERROR_INPUT) ||
         g_error_matches (error, RECON_ERROR, RECON_ERROR_EXISTS) ||
         g_error_matches (error, RECON_ERROR, RECON_ERROR_RESUME);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/fail.h"

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

/**
 * recon_fail:
 * @error: return location
 * @code: why
 * @format: the text, as for printf()
 *
 * As g_set_error() in the domain of #ReconError.
 *
 * Returns: %FALSE, so that a function can end with it
 */
gboolean
recon_fail (GError     **error,
            ReconError   code,
            const char  *format,
            ...)
{
  va_list args;

  if (error == NULL)
    return FALSE;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (RECON_ERROR, code, format, args));
  va_end (args);

  return FALSE;
}

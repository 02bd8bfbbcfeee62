/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "scan-argument.h"

#include "io/hdf5.h"
#include "io/scan-finder.h"
#include "io/tiff-reader.h"
#include "other-scan.h"

/* SCAN on the command line: a folder or a file that stands for all of the input. */

/**
 * recon_scan_argument_is_data:
 * @path: an argument
 *
 * Returns: whether it can be a scan: a folder, or what is read as images
 */
gboolean
recon_scan_argument_is_data (const char *path)
{
  g_autofree char *file = NULL;
  g_autofree char *object = NULL;

  return g_file_test (path, G_FILE_TEST_IS_DIR) || recon_hdf5_split_path (path, &file, &object) ||
         recon_hdf5_is_file (path) || recon_tiff_reader_can_open (path);
}

/**
 * recon_scan_argument_apply:
 * @options: what the command line and the configuration say
 * @path: (nullable): the scan; %NULL where the inputs are given one by one
 * @log: (nullable): hears what was taken for what
 * @error: return location
 *
 * Finds the inputs in the scan and sets those that no option gives, whatever the configuration says of another scan.
 * What the configuration says of another scan besides its inputs is told: see recon_other_scan_apply().
 *
 * Returns: %FALSE with errors of recon_scan_find(), recon_found_scan_apply() or recon_other_scan_apply()
 */
gboolean
recon_scan_argument_apply (ReconOptions  *options,
                           const char    *path,
                           ReconLog      *log,
                           GError       **error)
{
  g_autoptr (ReconFoundScan) found = NULL;

  if (path != NULL)
    {
      found = recon_scan_find (path, error);
      if (found == NULL || !recon_found_scan_apply (found, options->config, options->given, log, error))
        return FALSE;
    }

  return recon_other_scan_apply (options, found, log, error);
}

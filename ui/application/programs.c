/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "application/programs.h"

#include <gio/gio.h>

/**
 * recon_program_folder:
 *
 * Returns: (transfer full) (nullable): the folder of the program that runs
 */
char *
recon_program_folder (void)
{
  g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);

  return path != NULL ? g_path_get_dirname (path) : NULL;
}

/**
 * recon_program_find:
 * @name: of a program of ours
 *
 * Looks beside the program that runs, then where programs are. What runs from a build tree finds its own companions,
 * not installed ones.
 *
 * Returns: (transfer full): the path, or just the name if there is none, so that starting it says what is missing
 */
char *
recon_program_find (const char *name)
{
  g_autofree char *folder = recon_program_folder ();
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;
  char *path;

  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);

  path = g_find_program_in_path (name);

  return path != NULL ? path : g_strdup (name);
}

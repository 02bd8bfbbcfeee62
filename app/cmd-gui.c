/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "commands.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <unistd.h>

/* `reconstruct gui` becomes the window, which is another program so that this one needs no GTK. */

#define GUI "reconstruct-gui"

/* What runs from a build tree starts the window of the same tree, what is installed the installed one. */
static char *
find_gui (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  const char *const folders[] = { folder, RECON_BINDIR };

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = folders[i] != NULL ? g_build_filename (folders[i], GUI, NULL) : NULL;

      if (path != NULL && g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (path, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&path);
    }

  return g_find_program_in_path (GUI);
}

int
recon_cmd_gui (int    argc,
               char **argv)
{
  g_autofree char *program = NULL;
  int code;

  if (argc > 1 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")))
    {
      g_print (_ ("Usage:\n  reconstruct gui [FILE…]\n\nOpens the window, with configuration files or images.\n"));
      return 0;
    }

  program = find_gui ();
  if (program == NULL)
    return recon_cmd_fail (g_error_new_literal (
        G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        _ ("The window is another program, reconstruct-gui, which is neither beside this one nor in PATH. Install the "
           "package reconstruct-gui, or build with GTK 4, libadwaita and libepoxy (meson configure -Dgui=enabled).")));

  argv[0] = program;
  execv (program, argv);
  code = errno;

  return recon_cmd_fail (g_error_new (G_IO_ERROR, g_io_error_from_errno (code), _ ("%s could not be started: %s."),
                                      program, g_strerror (code)));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "commands.h"
#include "config/config-file.h"
#include "config/config-paths.h"
#include "options.h"
#include "scan-argument.h"
#include "terminal.h"

/* The scan is the argument that is there and holds images; the other one is the file to write, which is also what -c
 * names. */
static gboolean
choose_paths (const ReconOptions  *options,
              char               **arguments,
              const char         **scan,
              const char         **path,
              GError             **error)
{
  *scan = NULL;
  *path = options->config_path;
  for (gsize i = 0; arguments != NULL && arguments[i] != NULL; i++)
    {
      const char **place = recon_scan_argument_is_data (arguments[i]) ? scan : path;

      if (*place != NULL)
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                       place == path ? _ ("More than one file is named: %s and %s. 'reconstruct init' writes one "
                                          "configuration file.")
                                     : _ ("More than one scan is named: %s and %s. A configuration describes one."),
                       *place, arguments[i]);
          return FALSE;
        }
      *place = arguments[i];
    }

  if (*path == NULL)
    *path = RECON_DEFAULT_CONFIG;

  return TRUE;
}

/* Without @force the name is taken before anything is written, so that no file of that name is ever lost. */
static gboolean
write_file (const char  *path,
            const char  *data,
            gboolean     force,
            GError     **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (GError) local = NULL;

  if (!force)
    {
      int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

      if (fd < 0 && errno == EEXIST)
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_EXISTS,
                       _ ("%s exists. Add --force to replace it, or name another file."), name);
          return FALSE;
        }
      if (fd < 0)
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot write %s: %s."), name, g_strerror (errno));
          return FALSE;
        }
      if (!g_close (fd, &local))
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot write %s: %s."), name, local->message);
          g_unlink (path);
          return FALSE;
        }
    }

  if (!g_file_set_contents_full (path, data, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0666, &local))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE, _ ("Cannot write %s: %s."), name, local->message);
      if (!force)
        g_unlink (path);
      return FALSE;
    }

  return TRUE;
}

static void
print_next (const char *path,
            gboolean    has_scan)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *named = g_str_equal (path, RECON_DEFAULT_CONFIG) ? g_strdup ("") : g_strconcat (" -c ", name, NULL);

  if (has_scan)
    g_print (_ ("Wrote %s. 'reconstruct axis -c %s --write' finds the axis; then run 'reconstruct tomo%s'.\n"), name,
             name, named);
  else
    g_print (_ ("Wrote %s. Edit it, at least [input] projections, then run 'reconstruct tomo%s'%s.\n"), name, named,
             *named == '\0' ? _ (" here") : "");
}

int
recon_cmd_init (int    argc,
                char **argv)
{
  g_auto (ReconOptions) options = { 0 };
  g_autoptr (ReconTerminal) terminal = recon_terminal_new (FALSE, FALSE);
  g_auto (GStrv) arguments = NULL;
  gboolean force = FALSE;
  const GOptionEntry entries[] = {
    { "force", 'f', 0, G_OPTION_ARG_NONE, &force, N_ ("Replace the file if it exists"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, N_ ("[SCAN] [FILE]") },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree char *folder = NULL;
  g_autofree char *data = NULL;
  const char *scan, *path;
  GError *error = NULL;

  if (!recon_options_parse_without_file (&options, &argc, &argv,
                                         _ ("Writes a configuration file with every parameter and its explanation, "
                                            RECON_DEFAULT_CONFIG "\nunless FILE or -c names another one. Parameters "
                                            "that are given stand in it as given,\nthe others with what is found in "
                                            "SCAN, a folder or file, or with their defaults."),
                                         entries, &error) ||
      !choose_paths (&options, arguments, &scan, &path, &error) ||
      (scan != NULL && !recon_scan_argument_apply (&options, scan, recon_terminal_get_log (terminal), &error)))
    return recon_cmd_fail (error);

  folder = g_path_get_dirname (path);
  recon_config_make_relative (options.config, folder);
  data = recon_config_to_data (options.config, TRUE);
  if (!write_file (path, data, force, &error))
    return recon_cmd_fail (error);

  print_next (path, scan != NULL);

  return 0;
}

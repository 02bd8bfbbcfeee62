/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "commands.h"
#include "config/config-file.h"
#include "config/config-paths.h"
#include "error.h"
#include "options.h"

/* The file to write: the argument, which is also what -c names. */
static gboolean
choose_path (const ReconOptions  *options,
             char               **files,
             const char         **path,
             GError             **error)
{
  guint n_files = files != NULL ? g_strv_length (files) : 0;

  if (n_files > 1 || (n_files == 1 && options->config_path != NULL))
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                           _ ("More than one file is named. 'reconstruct init' writes one configuration file."));
      return FALSE;
    }

  if (n_files == 1)
    *path = files[0];
  else if (options->config_path != NULL)
    *path = options->config_path;
  else
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

int
recon_cmd_init (int    argc,
                char **argv)
{
  g_auto (ReconOptions) options = { 0 };
  g_auto (GStrv) files = NULL;
  gboolean force = FALSE;
  const GOptionEntry entries[] = {
    { "force", 'f', 0, G_OPTION_ARG_NONE, &force, N_ ("Replace the file if it exists"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, N_ ("[FILE]") },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree char *folder = NULL;
  g_autofree char *data = NULL;
  g_autofree char *name = NULL;
  const char *path;
  GError *error = NULL;

  if (!recon_options_parse_without_file (&options, &argc, &argv,
                                         _ ("Writes a configuration file with every parameter and its explanation, "
                                            RECON_DEFAULT_CONFIG "\nunless FILE or -c names another one. Parameters "
                                            "that are given stand in it as given,\nthe others with their defaults."),
                                         entries, &error) ||
      !choose_path (&options, files, &path, &error))
    return recon_cmd_fail (error);

  folder = g_path_get_dirname (path);
  recon_config_make_relative (options.config, folder);
  data = recon_config_to_data (options.config, TRUE);
  if (!write_file (path, data, force, &error))
    return recon_cmd_fail (error);

  name = g_filename_display_name (path);
  if (g_str_equal (path, RECON_DEFAULT_CONFIG))
    g_print (_ ("Wrote %s. Edit it, at least [input] projections, then run 'reconstruct tomo' here.\n"), name);
  else
    g_print (_ ("Wrote %s. Edit it, at least [input] projections, then run 'reconstruct tomo -c %s'.\n"), name, name);

  return 0;
}

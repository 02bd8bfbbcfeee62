/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "switches.h"

#include <string.h>

/**
 * recon_switches_look_ahead:
 * @self: (out caller-allocates): the switches; clear with recon_switches_clear()
 * @argc: number of arguments, the command's name first
 * @argv: the arguments
 *
 * How much is shown and where it is logged is needed while the options are parsed, and where they are wrong.
 */
void
recon_switches_look_ahead (ReconSwitches  *self,
                           int             argc,
                           char          **argv)
{
  *self = (ReconSwitches) { 0 };

  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    {
      const char *argument = argv[i];
      gboolean is_bundle = g_regex_match_simple ("^-[qv]+$", argument, 0, 0);

      if (g_str_equal (argument, "--quiet") || (is_bundle && strchr (argument, 'q') != NULL))
        self->quiet = TRUE;
      if (g_str_equal (argument, "--verbose") || (is_bundle && strchr (argument, 'v') != NULL))
        self->verbose = TRUE;
      if (g_str_has_prefix (argument, "--log-file"))
        {
          const char *rest = argument + strlen ("--log-file");

          if (*rest == '=' || (*rest == '\0' && i + 1 < argc))
            {
              g_free (self->log_file);
              self->log_file = g_strdup (*rest == '=' ? rest + 1 : argv[i + 1]);
            }
        }
    }
}

void
recon_switches_clear (ReconSwitches *self)
{
  g_clear_pointer (&self->log_file, g_free);
}

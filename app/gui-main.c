/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

#include "application/application.h"
#include "base/time-zone.h"
#include "tasks/register.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr (ReconApplication) application = NULL;

  /* A file that is larger than a limit of the process is an error like any other of writing. */
  signal (SIGXFSZ, SIG_IGN);
  recon_time_zone_check ();

  setlocale (LC_ALL, "");
  g_set_prgname ("reconstruct-gui");
  g_set_application_name (_ ("Reconstruct"));
  gtk_window_set_default_icon_name (RECON_APP_ID);

  recon_tasks_register ();
  application = recon_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "application/application.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr (ReconApplication) application = NULL;

  setlocale (LC_ALL, "");
  g_set_prgname ("reconstruct-gui");
  g_set_application_name (_ ("Reconstruct"));
  gtk_window_set_default_icon_name (RECON_APP_ID);

  application = recon_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "log/log-pane.h"

#include <adwaita.h>
#include <string.h>

static guint
count_shown (ReconLogPane *pane)
{
  GtkWidget *list = GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (pane), RECON_TYPE_LOG_PANE, "list"));

  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list))));
}

static void
press (ReconLogPane *pane,
       const char   *button)
{
  gtk_toggle_button_set_active (
      GTK_TOGGLE_BUTTON (gtk_widget_get_template_child (GTK_WIDGET (pane), RECON_TYPE_LOG_PANE, button)), TRUE);
}

static void
test_levels (void)
{
  g_autoptr (ReconLogPane) pane = g_object_ref_sink (RECON_LOG_PANE (recon_log_pane_new ()));

  g_assert_cmpuint (count_shown (pane), ==, 0);
  recon_log_pane_append (pane, RECON_LOG_ERROR, 0, "lost");
  recon_log_pane_append (pane, RECON_LOG_WARNING, 0, "odd");
  recon_log_pane_append (pane, RECON_LOG_INFO, 0, "chosen");
  recon_log_pane_append (pane, RECON_LOG_DEBUG, 0, "detail");

  g_assert_cmpuint (count_shown (pane), ==, 3);
  press (pane, "all_button");
  g_assert_cmpuint (count_shown (pane), ==, 4);
  press (pane, "warnings_button");
  g_assert_cmpuint (count_shown (pane), ==, 2);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Only what nobody has seen and should is counted. */
static void
test_unseen (void)
{
  g_autoptr (ReconLogPane) pane = g_object_ref_sink (RECON_LOG_PANE (recon_log_pane_new ()));
  guint n_notified = 0, n_unseen;

  g_signal_connect_swapped (pane, "notify::n-unseen", G_CALLBACK (count_cb), &n_notified);
  recon_log_pane_append (pane, RECON_LOG_INFO, 0, "chosen");
  g_object_get (pane, "n-unseen", &n_unseen, NULL);
  g_assert_cmpuint (n_unseen, ==, 0);
  g_assert_cmpuint (n_notified, ==, 0);

  recon_log_pane_append (pane, RECON_LOG_WARNING, 0, "odd");
  recon_log_pane_append (pane, RECON_LOG_ERROR, 0, "lost");
  g_object_get (pane, "n-unseen", &n_unseen, NULL);
  g_assert_cmpuint (n_unseen, ==, 2);
  g_assert_cmpuint (n_notified, ==, 2);
}

/* The newest stay. */
static void
test_bounded (void)
{
  g_autoptr (ReconLogPane) pane = g_object_ref_sink (RECON_LOG_PANE (recon_log_pane_new ()));
  g_autofree char *text = NULL;
  g_autofree char *last = NULL;

  for (guint i = 0; i < 10500; i++)
    {
      g_autofree char *line = g_strdup_printf ("line %u.", i);

      recon_log_pane_append (pane, RECON_LOG_INFO, 0, line);
    }
  g_assert_cmpuint (count_shown (pane), <=, 10000);

  text = recon_log_pane_format (pane, G_MAXUINT);
  g_assert_null (strstr (text, "line 1."));
  g_assert_nonnull (strstr (text, "line 10499."));

  last = recon_log_pane_format (pane, 1);
  g_assert_true (g_str_has_suffix (last, "Information  line 10499.\n"));
  g_assert_cmpuint (strchr (last, '\n') - last, ==, strlen (last) - 1);
}

static void
test_goes (void)
{
  ReconLogPane *pane = g_object_ref_sink (RECON_LOG_PANE (recon_log_pane_new ()));

  recon_log_pane_append (pane, RECON_LOG_INFO, 0, "chosen");
  g_assert_finalize_object (pane);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/log-pane/levels", test_levels);
  g_test_add_func ("/log-pane/unseen", test_unseen);
  g_test_add_func ("/log-pane/bounded", test_bounded);
  g_test_add_func ("/log-pane/goes", test_goes);

  return g_test_run ();
}

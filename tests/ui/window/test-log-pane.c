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
wait (guint milliseconds)
{
  for (gint64 end = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND; g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
}

static GtkAdjustment *
get_adjustment (ReconLogPane *pane)
{
  GObject *scroller = gtk_widget_get_template_child (GTK_WIDGET (pane), RECON_TYPE_LOG_PANE, "scroller");

  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
}

static double
get_distance (ReconLogPane *pane)
{
  GtkAdjustment *adjustment = get_adjustment (pane);

  return gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) -
         gtk_adjustment_get_value (adjustment);
}

/* Lines are laid out as they come into sight, which may take a while. */
static void
wait_for_end (ReconLogPane *pane)
{
  for (guint i = 0; i < 50 && get_distance (pane) >= 2; i++)
    wait (100);
  g_assert_cmpfloat (get_distance (pane), <, 2);
}

static void
say (ReconLogPane *pane,
     guint         n)
{
  for (guint i = 0; i < n; i++)
    recon_log_pane_append (pane, RECON_LOG_INFO, 0, "A line that is long enough to take two lines where there is not "
                                                    "much room for it, as in the pane below the picture.");
}

/* The newest line is in sight from the beginning, and stays there, unless somebody looks at older ones. */
static void
test_follows (void)
{
  ReconLogPane *pane = RECON_LOG_PANE (recon_log_pane_new ());
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 400, 160);
  say (pane, 300);
  recon_log_pane_append_heading (pane, 0, "Run: /data/slices");
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (pane));
  gtk_window_present (GTK_WINDOW (window));
  wait (100);
  wait_for_end (pane);
  say (pane, 20);
  wait (100);
  wait_for_end (pane);

  gtk_adjustment_set_value (get_adjustment (pane), 0);
  wait (100);
  say (pane, 20);
  wait (400);
  g_assert_cmpfloat (get_distance (pane), >, 1000);

  gtk_window_destroy (GTK_WINDOW (window));
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
  g_test_add_func ("/log-pane/follows", test_follows);
  g_test_add_func ("/log-pane/goes", test_goes);

  return g_test_run ();
}

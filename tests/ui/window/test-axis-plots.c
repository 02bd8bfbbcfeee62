/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gtk/gtk.h>
#include <math.h>

#include "axis/axis-words.h"
#include "axis/row-plot.h"
#include "axis/score-curve.h"

/* The two plots of the second tab, with results that are made here. */

static const double axes[] = { 290, 292, 294, 296, 298 };
static const double scores[] = { 0.1, 0.4, 1, 0.5, 0.2 };

/* Rows 10 to 50; the fourth has no axis, the last one is off the line. */
static ReconAxisResult *
new_result (void)
{
  static const ReconAxisRow rows[] = {
    { 10, 294, 0.1, 0.9, TRUE },
    { 20, 294.5, 0.1, 0.8, TRUE },
    { 30, 295, 0.2, 0.8, TRUE },
    { 40, NAN, NAN, 0, FALSE },
    { 50, 340, 3, 0.2, FALSE },
  };
  ReconAxisResult *result = g_new0 (ReconAxisResult, 1);

  result->axis = 294.5;
  result->uncertainty = 0.08;
  result->middle = 319.5;
  result->confidence = RECON_AXIS_CONFIDENCE_HIGH;
  result->reason = g_strdup ("All methods agree.");
  result->tilt = 2.86;
  result->tilt_uncertainty = 0.5;
  result->middle_row = 20;
  result->rows = g_memdup2 (rows, sizeof rows);
  result->n_rows = G_N_ELEMENTS (rows);
  result->candidates = g_memdup2 (axes, sizeof axes);
  result->scores = g_memdup2 (scores, sizeof scores);
  result->n_candidates = G_N_ELEMENTS (axes);

  return result;
}

static void
keep_cb (GObject *object,
         double   value,
         double  *kept)
{
  *kept = value;
}

/* Presses a key as a shortcut controller sees it: by the bindings of the class. */
static gboolean
press (GtkWidget       *widget,
       guint            keyval,
       GdkModifierType  modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      for (guint k = 0; k < g_list_model_get_n_items (G_LIST_MODEL (controller)); k++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), k);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger) &&
              gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == keyval &&
              gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers)
            return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                                 gtk_shortcut_get_arguments (shortcut));
        }
    }

  return FALSE;
}

static void
draw (GtkWidget *window)
{
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
}

static void
test_curve_mark (void)
{
  ReconScoreCurve *curve = RECON_SCORE_CURVE (recon_score_curve_new ());
  GtkWidget *window = gtk_window_new ();
  double moved = 0;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (curve));
  g_signal_connect (curve, "mark-moved", G_CALLBACK (keep_cb), &moved);

  /* Nothing to move along. */
  g_assert_true (press (GTK_WIDGET (curve), GDK_KEY_Right, 0));
  g_assert_cmpfloat (moved, ==, 0);

  recon_score_curve_set_scores (curve, axes, scores, G_N_ELEMENTS (axes));
  recon_score_curve_set_estimate (curve, 294, 0.3);
  recon_score_curve_set_mark (curve, 295);
  g_assert_cmpfloat (moved, ==, 0);
  draw (window);

  g_assert_true (press (GTK_WIDGET (curve), GDK_KEY_Right, 0));
  g_assert_cmpfloat_with_epsilon (moved, 295.05, 1e-9);
  g_assert_true (press (GTK_WIDGET (curve), GDK_KEY_Left, GDK_SHIFT_MASK));
  g_assert_cmpfloat_with_epsilon (moved, 294.05, 1e-9);
  g_assert_true (press (GTK_WIDGET (curve), GDK_KEY_Left, GDK_CONTROL_MASK));
  g_assert_cmpfloat_with_epsilon (moved, 294.04, 1e-9);

  gtk_test_accessible_assert_role (curve, GTK_ACCESSIBLE_ROLE_SLIDER);
  gtk_test_accessible_assert_property (curve, GTK_ACCESSIBLE_PROPERTY_LABEL, "Score of the slice, axis at 294.04");
  gtk_test_accessible_assert_property (curve, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, moved);
  gtk_test_accessible_assert_property (curve, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 298.0);
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (curve)));

  /* An axis far away is drawn too. */
  recon_score_curve_set_mark (curve, 500);
  draw (window);

  g_object_ref (curve);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (curve);
}

/* What is no curve is not drawn, and there is nothing to drag. */
static void
test_curve_refused (void)
{
  static const double falling[] = { 3, 2, 1 }, equal[] = { 1, 1, 2 }, some[] = { 0, NAN, 1 };
  ReconScoreCurve *curve = g_object_ref_sink (RECON_SCORE_CURVE (recon_score_curve_new ()));
  double moved = 0;

  g_signal_connect (curve, "mark-moved", G_CALLBACK (keep_cb), &moved);
  recon_score_curve_set_scores (curve, falling, falling, 3);
  press (GTK_WIDGET (curve), GDK_KEY_Right, 0);
  recon_score_curve_set_scores (curve, equal, falling, 3);
  press (GTK_WIDGET (curve), GDK_KEY_Right, 0);
  recon_score_curve_set_scores (curve, axes, some, 3);
  press (GTK_WIDGET (curve), GDK_KEY_Right, 0);
  recon_score_curve_set_scores (curve, axes, scores, 1);
  press (GTK_WIDGET (curve), GDK_KEY_Right, 0);
  g_assert_cmpfloat (moved, ==, 0);
  g_assert_finalize_object (curve);
}

static void
test_rows_keys (void)
{
  ReconRowPlot *plot = RECON_ROW_PLOT (recon_row_plot_new ());
  GtkWidget *window = gtk_window_new ();
  g_autoptr (ReconAxisResult) result = new_result ();
  double row = -1;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (plot));
  draw (window);
  g_signal_connect (plot, "row-chosen", G_CALLBACK (keep_cb), &row);
  g_assert_true (press (GTK_WIDGET (plot), GDK_KEY_Right, 0));
  g_assert_cmpint (recon_row_plot_get_selected (plot), ==, -1);

  recon_row_plot_set_result (plot, result);
  gtk_test_accessible_assert_role (plot, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (plot, GTK_ACCESSIBLE_PROPERTY_LABEL, "Axis of 5 rows");
  draw (window);

  for (guint i = 0; i < 3; i++)
    g_assert_true (press (GTK_WIDGET (plot), GDK_KEY_Right, 0));
  g_assert_cmpfloat (row, ==, 30);
  gtk_test_accessible_assert_property (plot, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Axis of 5 rows; row 30: 295.00 ± 0.20 px");

  /* Over the one without an axis, and not beyond the last one. */
  press (GTK_WIDGET (plot), GDK_KEY_Right, 0);
  g_assert_cmpfloat (row, ==, 50);
  gtk_test_accessible_assert_property (plot, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Axis of 5 rows; row 50: 340.00 ± 3.00 px, not used");
  draw (window);
  press (GTK_WIDGET (plot), GDK_KEY_Right, 0);
  g_assert_cmpint (recon_row_plot_get_selected (plot), ==, 4);
  press (GTK_WIDGET (plot), GDK_KEY_Left, 0);
  g_assert_cmpfloat (row, ==, 30);

  recon_row_plot_set_result (plot, NULL);
  g_assert_cmpint (recon_row_plot_get_selected (plot), ==, -1);
  draw (window);

  g_object_ref (plot);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (plot);
}

/* Without any axis, and with a single row. */
static void
test_rows_few (void)
{
  ReconRowPlot *plot = RECON_ROW_PLOT (recon_row_plot_new ());
  GtkWidget *window = gtk_window_new ();
  g_autoptr (ReconAxisResult) result = new_result ();

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (plot));
  result->n_rows = 1;
  result->tilt = NAN;
  recon_row_plot_set_result (plot, result);
  draw (window);
  result->rows[0].axis = result->axis = NAN;
  recon_row_plot_set_result (plot, result);
  draw (window);
  press (GTK_WIDGET (plot), GDK_KEY_Right, 0);
  g_assert_cmpint (recon_row_plot_get_selected (plot), ==, -1);

  g_object_ref (plot);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (plot);
}

static void
test_words (void)
{
  g_autoptr (ReconAxisResult) result = new_result ();
  g_autofree char *axis = recon_axis_words_format_axis (result);
  g_autofree char *rows = recon_axis_words_format_rows (result);
  g_autofree char *none = NULL;

  g_assert_cmpstr (axis, ==, "294.50 ± 0.08 px");
  g_assert_cmpstr (rows, ==, "3 of 5 rows agree, tilt 2.86 ± 0.50° (+2.00 px from the first to the last)");
  result->confidence = RECON_AXIS_CONFIDENCE_NONE;
  none = recon_axis_words_format_axis (result);
  g_assert_cmpstr (none, ==, "No axis found");

  for (guint i = 0; i < RECON_AXIS_N_METHODS; i++)
    {
      g_assert_nonnull (recon_axis_words_get_method (i));
      g_assert_cmpstr (recon_axis_words_get_method (i), !=, "");
      g_assert_nonnull (recon_axis_words_get_explanation (i));
      g_assert_cmpstr (recon_axis_words_get_explanation (i), !=, "");
    }
  for (guint i = RECON_AXIS_CONFIDENCE_NONE; i <= RECON_AXIS_CONFIDENCE_HIGH; i++)
    {
      g_assert_cmpstr (recon_axis_words_get_confidence (i), !=, "");
      g_assert_nonnull (recon_axis_words_get_class (i));
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/axis-plots/curve/mark", test_curve_mark);
  g_test_add_func ("/axis-plots/curve/refused", test_curve_refused);
  g_test_add_func ("/axis-plots/rows/keys", test_rows_keys);
  g_test_add_func ("/axis-plots/rows/few", test_rows_few);
  g_test_add_func ("/axis-plots/words", test_words);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

#include "axis/axis-finder.h"
#include "axis/row-plot.h"

/* The group that finds the axis in each of its states. The worker is not started: a search fails at once, and results
 * are made here. */

typedef struct
{
  ReconDocument   *document;
  ReconClient     *client;
  ReconAxisQuery *search;
  ReconAxisFinder *finder;
  GtkWidget       *window;
  guint            n_changed;
} Fixture;

static void
count_cb (guint *count)
{
  *count += 1;
}

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  static const char *const nobody[] = { "/nonexistent", NULL };
  GtkWidget *page = adw_preferences_page_new ();

  f->document = recon_document_new ();
  f->client = recon_client_new (nobody);
  f->search = recon_axis_query_new (f->document, f->client);
  f->finder = g_object_new (RECON_TYPE_AXIS_FINDER, NULL);
  g_signal_connect_swapped (f->search, "changed", G_CALLBACK (count_cb), &f->n_changed);
  recon_axis_finder_connect (f->finder, f->search);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (f->finder));
  f->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (f->window), page);
  gtk_window_set_default_size (GTK_WINDOW (f->window), 380, 640);
  gtk_window_present (GTK_WINDOW (f->window));
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  g_object_ref (f->finder);
  gtk_window_destroy (GTK_WINDOW (f->window));
  while (recon_axis_query_get_state (f->search) == RECON_AXIS_QUERY_UNDER_WAY)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (f->finder);
  g_assert_finalize_object (f->search);
  g_assert_finalize_object (f->client);
  g_assert_finalize_object (f->document);
}

static ReconAxisResult *
new_result (ReconAxisConfidence confidence)
{
  static const ReconAxisRow rows[] = { { 0, 70.1, 0.05, 1, TRUE }, { 10, 70.2, 0.05, 1, TRUE } };
  ReconAxisResult *result = g_new0 (ReconAxisResult, 1);

  result->axis = confidence != RECON_AXIS_CONFIDENCE_NONE ? 70.1537 : (double) NAN;
  result->uncertainty = confidence != RECON_AXIS_CONFIDENCE_NONE ? 0.04 : (double) NAN;
  result->middle = 79.5;
  result->confidence = confidence;
  result->reason = g_strdup ("Two methods agree <within> 0.1 px & more.");
  result->tilt = NAN;
  result->middle_row = 5;
  if (confidence != RECON_AXIS_CONFIDENCE_NONE)
    {
      result->rows = g_memdup2 (rows, sizeof rows);
      result->n_rows = G_N_ELEMENTS (rows);
    }

  return result;
}

/* The widgets of a type that are shown, below a widget. */
static void
collect (GtkWidget *root,
         GType      type,
         GPtrArray *found)
{
  if (!gtk_widget_get_visible (root))
    return;
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    g_ptr_array_add (found, root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect (child, type, found);
}

/* The button of that label, without its mnemonic, or %NULL if none is shown. */
static GtkWidget *
find_button (Fixture    *f,
             const char *text)
{
  g_autoptr (GPtrArray) buttons = g_ptr_array_new ();

  collect (GTK_WIDGET (f->finder), GTK_TYPE_BUTTON, buttons);
  for (guint i = 0; i < buttons->len; i++)
    {
      const char *label = gtk_button_get_label (buttons->pdata[i]);
      g_auto (GStrv) parts = g_strsplit (label != NULL ? label : "", "_", -1);
      g_autofree char *plain = g_strjoinv ("", parts);

      if (g_str_equal (plain, text))
        return buttons->pdata[i];
    }

  return NULL;
}

static gboolean
shows (Fixture    *f,
       const char *text)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();

  collect (GTK_WIDGET (f->finder), GTK_TYPE_LABEL, labels);
  for (guint i = 0; i < labels->len; i++)
    if (strstr (gtk_label_get_text (labels->pdata[i]), text) != NULL)
      return TRUE;

  return FALSE;
}

static gboolean
shows_plot (Fixture *f)
{
  g_autoptr (GPtrArray) plots = g_ptr_array_new ();

  collect (GTK_WIDGET (f->finder), RECON_TYPE_ROW_PLOT, plots);

  return plots->len > 0;
}

static void
test_empty (Fixture       *f,
            gconstpointer  unused)
{
  GtkWidget *find = find_button (f, "Find Axis");

  g_assert_nonnull (find);
  g_assert_false (gtk_widget_get_sensitive (find));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (find), ==, "Choose Projections or Sinograms First");
  g_assert_null (find_button (f, "Use as Axis"));
  g_assert_false (shows_plot (f));
  g_assert_true (shows (f, "Automatic"));

  recon_axis_finder_set_ready (f->finder, TRUE);
  g_assert_true (gtk_widget_get_sensitive (find));
}

/* What GTK shows as the tooltip of a row lies over the next one. */
static void
test_tooltips (Fixture       *f,
               gconstpointer  unused)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  collect (GTK_WIDGET (f->finder), ADW_TYPE_PREFERENCES_ROW, rows);
  g_assert_cmpuint (rows->len, >=, 2);
  for (guint i = 0; i < rows->len; i++)
    g_assert_false (gtk_widget_get_has_tooltip (rows->pdata[i]));
}

/* From the press of the button to the message, in the group itself. */
static void
test_failed (Fixture       *f,
             gconstpointer  unused)
{
  recon_axis_finder_set_ready (f->finder, TRUE);
  g_signal_emit_by_name (find_button (f, "Find Axis"), "clicked");
  g_assert_cmpint (recon_axis_query_get_state (f->search), ==, RECON_AXIS_QUERY_UNDER_WAY);
  g_assert_nonnull (find_button (f, "Cancel"));
  g_assert_true (shows (f, "Searching"));

  while (recon_axis_query_get_state (f->search) == RECON_AXIS_QUERY_UNDER_WAY)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (recon_axis_query_get_state (f->search), ==, RECON_AXIS_QUERY_FAILED);
  g_assert_true (shows (f, "There is no worker."));
  g_assert_true (shows (f, "Failed"));
  g_assert_nonnull (find_button (f, "Find Axis"));
  g_assert_null (find_button (f, "Use as Axis"));
  g_assert_cmpuint (f->n_changed, ==, 2);
}

static void
test_cancelled (Fixture       *f,
                gconstpointer  unused)
{
  recon_axis_finder_set_ready (f->finder, TRUE);
  g_signal_emit_by_name (find_button (f, "Find Axis"), "clicked");
  g_signal_emit_by_name (find_button (f, "Cancel"), "clicked");
  g_assert_cmpint (recon_axis_query_get_state (f->search), ==, RECON_AXIS_QUERY_EMPTY);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  /* The answer of what was cancelled is not heard. */
  g_assert_cmpint (recon_axis_query_get_state (f->search), ==, RECON_AXIS_QUERY_EMPTY);
  g_assert_false (shows (f, "worker"));

  /* What was there before is there again. */
  recon_axis_query_take_result (f->search, new_result (RECON_AXIS_CONFIDENCE_HIGH));
  g_signal_emit_by_name (find_button (f, "Find Axis"), "clicked");
  g_assert_false (gtk_widget_get_sensitive (find_button (f, "Use as Axis")));
  g_signal_emit_by_name (find_button (f, "Cancel"), "clicked");
  g_assert_true (shows (f, "70.15 ± 0.04 px"));
  g_assert_true (gtk_widget_get_sensitive (find_button (f, "Use as Axis")));
}

static void
test_found (Fixture       *f,
            gconstpointer  unused)
{
  ReconConfig *config = recon_document_get_config (f->document);
  GtkWidget *use;

  recon_axis_query_take_result (f->search, new_result (RECON_AXIS_CONFIDENCE_HIGH));
  g_assert_true (shows (f, "70.15 ± 0.04 px"));
  g_assert_true (shows (f, "High confidence"));
  g_assert_true (shows (f, "Two methods agree <within> 0.1 px & more."));
  g_assert_true (shows (f, "2 of 2 rows agree"));
  g_assert_true (shows_plot (f));
  use = find_button (f, "Use as Axis");
  g_assert_true (gtk_widget_has_css_class (use, "suggested-action"));

  /* One step of its own to undo. */
  recon_document_set (f->document, RECON_PARAM_AXIS, "12", NULL);
  g_signal_emit_by_name (use, "clicked");
  g_assert_cmpfloat (recon_config_get_number (config, RECON_PARAM_AXIS), ==, 70.154);
  g_assert_false (gtk_widget_get_sensitive (use));
  recon_document_undo (f->document);
  g_assert_cmpfloat (recon_config_get_number (config, RECON_PARAM_AXIS), ==, 12);
  g_assert_true (gtk_widget_get_sensitive (use));
  g_assert_false (recon_axis_query_is_outdated (f->search));
}

static void
test_confidence (Fixture       *f,
                 gconstpointer  unused)
{
  recon_axis_query_take_result (f->search, new_result (RECON_AXIS_CONFIDENCE_MEDIUM));
  g_assert_true (shows (f, "Medium confidence"));
  g_assert_true (gtk_widget_has_css_class (find_button (f, "Use as Axis"), "suggested-action"));

  recon_axis_query_take_result (f->search, new_result (RECON_AXIS_CONFIDENCE_LOW));
  g_assert_true (shows (f, "Low confidence"));
  g_assert_false (gtk_widget_has_css_class (find_button (f, "Use as Axis"), "suggested-action"));
  g_assert_true (gtk_widget_get_sensitive (find_button (f, "Use as Axis")));

  recon_axis_query_take_result (f->search, new_result (RECON_AXIS_CONFIDENCE_NONE));
  g_assert_true (shows (f, "No axis found"));
  g_assert_true (shows (f, "Not found"));
  g_assert_null (find_button (f, "Use as Axis"));
  g_assert_false (shows_plot (f));
  g_assert_false (recon_axis_query_can_use (f->search));
}

/* Between candidates scores lie on straight lines, as in the curve; beyond them, and of another scan, there is none. */
static void
test_score (Fixture       *f,
            gconstpointer  unused)
{
  static const double candidates[] = { 69, 70, 71, 73 }, scores[] = { 0, 1, 0.5, 0.25 };
  ReconAxisResult *result = new_result (RECON_AXIS_CONFIDENCE_HIGH);

  g_assert_true (isnan (recon_axis_query_get_score (f->search, 70)));
  result->candidates = g_memdup2 (candidates, sizeof candidates);
  result->scores = g_memdup2 (scores, sizeof scores);
  result->n_candidates = G_N_ELEMENTS (candidates);
  recon_axis_query_take_result (f->search, result);
  g_assert_cmpfloat (recon_axis_query_get_score (f->search, 69), ==, 0);
  g_assert_cmpfloat (recon_axis_query_get_score (f->search, 70), ==, 1);
  g_assert_cmpfloat (recon_axis_query_get_score (f->search, 70.5), ==, 0.75);
  g_assert_cmpfloat (recon_axis_query_get_score (f->search, 72), ==, 0.375);
  g_assert_cmpfloat (recon_axis_query_get_score (f->search, 73), ==, 0.25);
  g_assert_true (isnan (recon_axis_query_get_score (f->search, 68.9)));
  g_assert_true (isnan (recon_axis_query_get_score (f->search, 73.1)));
  recon_document_set (f->document, RECON_PARAM_BIN, "2", NULL);
  g_assert_true (isnan (recon_axis_query_get_score (f->search, 70)));
}

/* Other projections: what was found is dimmed and of no use, until they are the same again. */
static void
test_outdated (Fixture       *f,
               gconstpointer  unused)
{
  recon_axis_query_take_result (f->search, new_result (RECON_AXIS_CONFIDENCE_HIGH));
  recon_document_set (f->document, recon_parameter ("reconstruction.filter"), "hann", NULL);
  g_assert_false (recon_axis_query_is_outdated (f->search));
  recon_document_set (f->document, RECON_PARAM_BIN, "2", NULL);
  g_assert_true (recon_axis_query_is_outdated (f->search));
  g_assert_true (shows (f, "Outdated"));
  g_assert_true (shows (f, "70.15 ± 0.04 px"));
  g_assert_false (gtk_widget_get_sensitive (find_button (f, "Use as Axis")));
  g_assert_false (gtk_widget_has_css_class (find_button (f, "Use as Axis"), "suggested-action"));

  recon_document_undo (f->document);
  g_assert_false (recon_axis_query_is_outdated (f->search));
  g_assert_false (shows (f, "Outdated"));
  g_assert_true (gtk_widget_get_sensitive (find_button (f, "Use as Axis")));
  recon_document_set (f->document, RECON_PARAM_ANGLE_STEP, "0.1", NULL);
  g_assert_true (recon_axis_query_is_outdated (f->search));
}

static void
add (const char *name,
     void      (*test) (Fixture *f, gconstpointer unused))
{
  g_test_add (name, Fixture, NULL, set_up, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  add ("/axis-finder/empty", test_empty);
  add ("/axis-finder/tooltips", test_tooltips);
  add ("/axis-finder/failed", test_failed);
  add ("/axis-finder/cancelled", test_cancelled);
  add ("/axis-finder/found", test_found);
  add ("/axis-finder/confidence", test_confidence);
  add ("/axis-finder/score", test_score);
  add ("/axis-finder/outdated", test_outdated);

  return g_test_run ();
}

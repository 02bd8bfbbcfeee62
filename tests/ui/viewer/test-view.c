/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/error.h"
#include "view-fixture.h"

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          guint      *count)
{
  (*count)++;
}

static void
test_properties (void)
{
  ReconImageView *view = RECON_IMAGE_VIEW (g_object_ref_sink (recon_image_view_new ()));
  g_autoptr (ReconImage) image = test_image_new (8, 8, 0);
  g_autofree char *map = NULL;
  guint count = 0;
  gboolean fit, lock, has_gl;
  double low, high;
  ReconImage *got = NULL;

  g_object_get (view, "fit", &fit, "lock-levels", &lock, "has-gl", &has_gl, "colour-map", &map, "low", &low, "high",
                &high, NULL);
  g_assert_true (fit);
  g_assert_false (lock);
  g_assert_false (has_gl);
  g_assert_cmpstr (map, ==, "grey");
  g_assert_cmpfloat (low, <, high);

  g_signal_connect (view, "notify", G_CALLBACK (count_cb), &count);
  g_object_set (view, "colour-map", "grey", "lock-levels", FALSE, "low", low, "high", high, NULL);
  g_object_set (view, "description", NULL, "profiling", FALSE, "fit", TRUE, "colour-map", "no such map", NULL);
  g_assert_cmpuint (count, ==, 0);

  g_object_set (view, "colour-map", "viridis", NULL);
  g_assert_cmpuint (count, ==, 1);
  g_object_set (view, "lock-levels", TRUE, NULL);
  g_assert_cmpuint (count, ==, 2);
  g_object_set (view, "description", "Slice 3 of 9", NULL);
  g_assert_cmpuint (count, ==, 3);
  g_object_set (view, "high", 2.0, NULL);
  g_assert_cmpuint (count, ==, 4);

  recon_image_view_set_image (view, image, 8, 8);
  recon_image_view_set_image (view, image, 8, 8);
  g_assert_cmpuint (count, ==, 5);
  g_object_get (view, "image", &got, NULL);
  g_assert_true (got == image);
  recon_image_unref (got);

  g_assert_finalize_object (view);
}

/* Whatever the order in which levels are set, both are what was asked for. */
static void
test_levels (void)
{
  static const double pairs[][2] = { { 5, 10 }, { -3, -1 }, { 100, 200 }, { -0.5, 0.5 } };
  ReconImageView *view = RECON_IMAGE_VIEW (g_object_ref_sink (recon_image_view_new ()));

  for (guint i = 0; i < 2 * G_N_ELEMENTS (pairs); i++)
    {
      const double *pair = pairs[i / 2];
      double low, high;

      if (i % 2 == 0)
        g_object_set (view, "low", pair[0], "high", pair[1], NULL);
      else
        g_object_set (view, "high", pair[1], "low", pair[0], NULL);
      g_object_get (view, "low", &low, "high", &high, NULL);
      g_assert_cmpfloat (low, ==, pair[0]);
      g_assert_cmpfloat (high, ==, pair[1]);
    }

  g_assert_finalize_object (view);
}

/* Levels follow the image, unless they are locked, or given after it. */
static void
test_levels_of_images (void)
{
  g_autoptr (ReconImage) first = test_image_new (10, 10, 0);
  g_autoptr (ReconImage) second = test_image_new (20, 20, 0);
  ViewFixture fixture;
  double high;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  view_fixture_set (&fixture, first);
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "view.full-range", NULL);
  g_object_get (fixture.view, "high", &high, NULL);
  g_assert_cmpfloat (high, ==, 17 * 9 + 9);

  view_fixture_set (&fixture, second);
  g_object_get (fixture.view, "high", &high, NULL);
  g_assert_cmpfloat (high, ==, 17 * 19 + 19);

  g_object_set (fixture.view, "lock-levels", TRUE, NULL);
  view_fixture_set (&fixture, first);
  g_object_get (fixture.view, "high", &high, NULL);
  g_assert_cmpfloat (high, ==, 17 * 19 + 19);

  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "view.percentiles", NULL);
  g_object_get (fixture.view, "high", &high, NULL);
  g_assert_cmpfloat (high, ==, 17 * 9 + 8);

  g_object_set (fixture.view, "lock-levels", FALSE, NULL);
  recon_image_view_set_image (fixture.view, second, 20, 20);
  g_object_set (fixture.view, "low", 1.0, "high", 4.0, NULL);
  view_fixture_wait (&fixture);
  g_object_get (fixture.view, "high", &high, NULL);
  g_assert_cmpfloat (high, ==, 4.0);
  view_fixture_clear (&fixture);
}

/* Levels that a user has moved are not lost with the next image. */
static void
test_levels_by_hand (void)
{
  g_autoptr (ReconImage) image = test_image_new (10, 10, 0);
  ViewFixture fixture;
  gboolean lock;
  double low, high;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  view_fixture_set (&fixture, image);
  g_signal_emit_by_name (fixture.view->levels_popover, "levels-moved", 3.0, 30.0);
  g_object_get (fixture.view, "low", &low, "high", &high, "lock-levels", &lock, NULL);
  g_assert_cmpfloat (low, ==, 3.0);
  g_assert_cmpfloat (high, ==, 30.0);
  g_assert_true (lock);
  view_fixture_clear (&fixture);
}

static void
test_accessible (void)
{
  g_autoptr (ReconImage) image = test_image_new (8, 4, 0);
  ViewFixture fixture;
  GtkAccessible *canvas;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  canvas = GTK_ACCESSIBLE (fixture.canvas);
  gtk_test_accessible_assert_role (canvas, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (canvas, GTK_ACCESSIBLE_PROPERTY_LABEL, "No image");

  g_object_set (fixture.view, "description", "Slice 512 of 1024", NULL);
  view_fixture_set (&fixture, image);
  gtk_test_accessible_assert_property (canvas, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Slice 512 of 1024, 8 by 4, values 0 to 58");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (fixture.view->readout_label), GTK_ACCESSIBLE_ROLE_STATUS);

  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (fixture.view)));
  g_assert_true (gtk_widget_is_focus (GTK_WIDGET (fixture.canvas)));
  view_fixture_clear (&fixture);
}

static void
activate (ViewFixture *fixture,
          const char  *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->view), action, NULL));
}

static void
test_zoom_actions (void)
{
  g_autoptr (ReconImage) image = test_image_new (400, 300, 0);
  ViewFixture fixture;
  gboolean fit;
  double zoom;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  view_fixture_set (&fixture, image);
  g_object_get (fixture.view, "zoom", &zoom, "fit", &fit, NULL);
  g_assert_cmpfloat (zoom, ==, 0.5);
  g_assert_true (fit);
  g_assert_cmpstr (gtk_button_get_label (fixture.view->zoom_button), ==, "50 %");

  activate (&fixture, "view.zoom-in");
  g_object_get (fixture.view, "zoom", &zoom, "fit", &fit, NULL);
  g_assert_cmpfloat_with_epsilon (zoom, 2.0 / 3.0, 1e-9);
  g_assert_false (fit);
  activate (&fixture, "view.one-to-one");
  activate (&fixture, "view.zoom-in");
  g_object_get (fixture.view, "zoom", &zoom, NULL);
  g_assert_cmpfloat (zoom, ==, 1.5);
  activate (&fixture, "view.zoom-out");
  activate (&fixture, "view.zoom-out");
  activate (&fixture, "view.fit");
  g_object_get (fixture.view, "zoom", &zoom, "fit", &fit, NULL);
  g_assert_cmpfloat (zoom, ==, 0.5);
  g_assert_true (fit);

  /* What part is seen stays when another image of the same size comes. */
  g_object_set (fixture.view, "zoom", 3.0, NULL);
  {
    ReconViewport before = recon_canvas_get_scene (fixture.canvas)->viewport;
    g_autoptr (ReconImage) other = test_image_new (400, 300, 1);

    view_fixture_set (&fixture, other);
    g_assert_cmpmem (&before, sizeof before, &recon_canvas_get_scene (fixture.canvas)->viewport, sizeof before);
  }
  view_fixture_clear (&fixture);
}

static void
test_map_actions (void)
{
  g_autoptr (ReconImage) image = test_image_new (40, 30, 0);
  g_autoptr (ReconImage) second = test_image_new (40, 30, 1);
  const ReconScene *scene;
  ViewFixture fixture;
  g_autofree char *map = NULL;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  view_fixture_set (&fixture, image);
  scene = recon_canvas_get_scene (fixture.canvas);
  activate (&fixture, "view.next-colour-map");
  g_assert_cmpint (scene->colour_map, ==, RECON_COLOUR_MAP_INVERTED);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture.view), "view.colour-map", "s", "magma"));
  g_assert_cmpint (scene->colour_map, ==, RECON_COLOUR_MAP_MAGMA);

  /* A difference has its own, and gives the chosen one back. Its levels lie about 0. */
  recon_image_view_set_overlay (fixture.view, second, RECON_OVERLAY_DIFFERENCE, 0);
  view_fixture_wait (&fixture);
  g_assert_cmpint (scene->colour_map, ==, RECON_COLOUR_MAP_DIVERGING);
  g_assert_cmpfloat (scene->levels.low, ==, -scene->levels.high);
  recon_image_view_set_overlay (fixture.view, NULL, RECON_OVERLAY_NONE, 0);
  view_fixture_wait (&fixture);
  g_assert_cmpint (scene->colour_map, ==, RECON_COLOUR_MAP_MAGMA);
  g_object_get (fixture.view, "colour-map", &map, NULL);
  g_assert_cmpstr (map, ==, "magma");
  view_fixture_clear (&fixture);
}

static void
test_without_image (void)
{
  static const char *const actions[] = {
    "view.zoom-in", "view.zoom-out", "view.fit", "view.one-to-one", "view.levels", "view.full-range",
    "view.percentiles", "view.profile", "view.copy", "view.copy-profile",
  };
  ViewFixture fixture;
  g_autoptr (GFile) file = g_file_new_for_path ("/nonexistent/image.png");
  g_autoptr (GError) error = NULL;
  g_autofree char *csv = NULL;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_activate_action (GTK_WIDGET (fixture.view), actions[i], NULL);
  g_assert_null (recon_image_view_get_image (fixture.view));
  csv = recon_image_view_format_profile (fixture.view);
  g_assert_null (csv);
  g_assert_false (recon_image_view_export_png (fixture.view, file, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);

  recon_image_view_set_image (fixture.view, NULL, 0, 0);
  recon_image_view_set_overlay (fixture.view, NULL, RECON_OVERLAY_SUM, 3.0);
  view_fixture_wait (&fixture);
  view_fixture_clear (&fixture);
}

/* The first entry that a walk through the widgets meets. */
static GtkWidget *
find_entry (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_ENTRY (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_entry (child);

  return found;
}

static void
test_entries (void)
{
  g_autoptr (ReconImage) image = test_image_new (64, 64, 1);
  ViewFixture fixture;
  GtkWidget *low;
  double before, value;

  view_fixture_init (&fixture, 600, 500, FALSE, 0);
  view_fixture_set (&fixture, image);
  low = find_entry (GTK_WIDGET (fixture.view->levels_popover));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (low), GTK_ACCESSIBLE_PROPERTY_LABEL, "Low level");

  gtk_editable_set_text (GTK_EDITABLE (low), " 12.5 ");
  g_signal_emit_by_name (low, "activate");
  g_object_get (fixture.view, "low", &before, NULL);
  g_assert_cmpfloat (before, ==, 12.5);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (low)), ==, "12.5");

  /* What is no number changes nothing, and is marked until it is one. */
  for (guint i = 0; i < 3; i++)
    {
      static const char *const wrong[] = { "abc", "", "1e999" };

      gtk_editable_set_text (GTK_EDITABLE (low), wrong[i]);
      g_signal_emit_by_name (low, "activate");
      g_object_get (fixture.view, "low", &value, NULL);
      g_assert_cmpfloat (value, ==, before);
      g_assert_true (gtk_widget_has_css_class (low, "error"));
    }
  gtk_editable_set_text (GTK_EDITABLE (low), "-3");
  g_signal_emit_by_name (low, "activate");
  g_object_get (fixture.view, "low", &value, NULL);
  g_assert_cmpfloat (value, ==, -3);
  g_assert_false (gtk_widget_has_css_class (low, "error"));
  view_fixture_clear (&fixture);
}

static void
test_popover (void)
{
  g_autoptr (ReconImage) image = test_image_new (64, 64, 1);
  ViewFixture fixture;

  view_fixture_init (&fixture, 600, 500, FALSE, 0);
  view_fixture_set (&fixture, image);
  activate (&fixture, "view.levels");
  while (!gtk_widget_get_mapped (GTK_WIDGET (fixture.view->levels_popover)))
    g_main_context_iteration (NULL, TRUE);
  activate (&fixture, "view.levels");
  while (gtk_widget_get_mapped (GTK_WIDGET (fixture.view->levels_popover)))
    g_main_context_iteration (NULL, TRUE);
  view_fixture_clear (&fixture);
}

static void
test_profile (void)
{
  g_autoptr (ReconImage) image = test_image_new (100, 80, 0);
  ViewFixture fixture;
  const ReconMarks *marks;
  GtkWidget *handle;
  g_autofree char *before = NULL, *after = NULL;
  g_auto (GStrv) lines = NULL;

  view_fixture_init (&fixture, 400, 500, FALSE, 0);
  view_fixture_set (&fixture, image);
  marks = recon_canvas_get_marks (fixture.canvas);
  g_assert_null (recon_image_view_format_profile (fixture.view));

  g_object_set (fixture.view, "profiling", TRUE, NULL);
  view_fixture_wait (&fixture);
  g_assert_true (marks->has_line);
  g_assert_true (gtk_revealer_get_reveal_child (fixture.view->profile_revealer));
  before = recon_image_view_format_profile (fixture.view);
  lines = g_strsplit (before, "\n", -1);
  g_assert_cmpstr (lines[0], ==, "distance_px,x_px,y_px,value");
  g_assert_cmpstr (lines[1], ==, "0,25,40,705");
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + 51 + 1);

  /* The handles' keys move the ends, and the border stops them. */
  handle = gtk_widget_get_last_child (GTK_WIDGET (fixture.canvas));
  g_signal_emit_by_name (handle, "stepped", 10, -1);
  g_assert_cmpfloat (marks->line[2], ==, 85.5);
  g_assert_cmpfloat (marks->line[3], ==, 39.5);
  g_signal_emit_by_name (handle, "stepped", 1000, 1000);
  g_assert_cmpfloat (marks->line[2], ==, 99.5);
  g_assert_cmpfloat (marks->line[3], ==, 79.5);
  after = recon_image_view_format_profile (fixture.view);
  g_assert_true (g_str_has_suffix (after, ",99,79,1442\n"));

  g_object_set (fixture.view, "profiling", FALSE, NULL);
  g_assert_false (marks->has_line);
  view_fixture_clear (&fixture);
}

static void
say_cb (ReconImageView *view,
        const char     *text,
        char          **said)
{
  g_free (*said);
  *said = g_strdup (text);
}

static void
test_copy (void)
{
  g_autoptr (ReconImage) image = test_image_new (101, 81, 0);
  ViewFixture fixture;
  g_autofree char *said = NULL;
  g_autofree char *readout = NULL;
  GdkContentProvider *content;
  GValue text = G_VALUE_INIT;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  view_fixture_set (&fixture, image);
  g_signal_connect (fixture.view, "message", G_CALLBACK (say_cb), &said);
  fixture.view->has_pointer = FALSE;
  activate (&fixture, "view.copy");
  g_assert_null (said);

  _recon_image_view_move_pin (fixture.view, 0, 0);
  _recon_image_view_move_pin (fixture.view, 3, -2);
  g_object_get (fixture.view, "readout", &readout, NULL);
  g_assert_cmpstr (readout, ==, "x 53  y 38  699");
  activate (&fixture, "view.copy");
  g_assert_cmpstr (said, ==, "Value copied");

  content = gdk_clipboard_get_content (gtk_widget_get_clipboard (GTK_WIDGET (fixture.view)));
  g_value_init (&text, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &text, NULL));
  g_assert_cmpstr (g_value_get_string (&text), ==, "x 53  y 38  699");
  g_value_unset (&text);
  view_fixture_clear (&fixture);
}

static void
test_readout_odd (void)
{
  float *values = g_new0 (float, 6);
  g_autoptr (ReconImage) image = NULL;
  static const char *const expected[] = {
    "x 0  y 0  NaN", "x 1  y 0  +Inf", "x 2  y 0  −Inf", "x 3  y 0  1.23457e-08", "x 4  y 0  0", "x 5  y 0  -2.5",
  };
  ReconMarks *marks;
  ViewFixture fixture;

  values[0] = NAN;
  values[1] = INFINITY;
  values[2] = -INFINITY;
  values[3] = 1.234567e-8f;
  values[5] = -2.5f;
  image = test_image_take (6, 1, values);
  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  view_fixture_set (&fixture, image);
  fixture.view->has_pointer = FALSE;
  marks = recon_canvas_get_marks (fixture.canvas);
  marks->has_pin = TRUE;
  marks->pin_y = 0;
  for (int i = 0; i < 6; i++)
    {
      g_autofree char *readout = NULL;

      marks->pin_x = i;
      _recon_image_view_update_readout (fixture.view);
      g_object_get (fixture.view, "readout", &readout, NULL);
      g_assert_cmpstr (readout, ==, expected[i]);
    }
  view_fixture_clear (&fixture);
}

/* Lengths and values come with their units where those are known. */
static void
test_readout_units (void)
{
  g_autoptr (ReconImage) image = test_image_new (101, 81, 0);
  g_autofree char *with_unit = NULL;
  g_autofree char *with_both = NULL;
  ViewFixture fixture;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  view_fixture_set (&fixture, image);
  fixture.view->has_pointer = FALSE;
  _recon_image_view_move_pin (fixture.view, 0, 0);
  _recon_image_view_move_pin (fixture.view, 3, -2);
  g_object_set (fixture.view, "value-unit", "1/px", NULL);
  g_object_get (fixture.view, "readout", &with_unit, NULL);
  g_assert_cmpstr (with_unit, ==, "x 53  y 38  699 1/px");
  g_object_set (fixture.view, "value-unit", "1/mm", "pixel-size", 6.5, NULL);
  g_object_get (fixture.view, "readout", &with_both, NULL);
  g_assert_cmpstr (with_both, ==, "x 53  y 38  699 1/mm  (0.3445, 0.2470 mm)");
  view_fixture_clear (&fixture);
}

/* An image of many pixels is prepared in a thread; the newest is shown in the end, whatever came between. */
static void
test_large (void)
{
  g_autoptr (ReconImage) a = test_image_new (1500, 1000, 0);
  g_autoptr (ReconImage) b = test_image_new (1400, 1100, 0);
  g_autoptr (ReconImage) c = test_image_new (20, 20, 0);
  ViewFixture fixture;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  recon_image_view_set_image (fixture.view, a, 1500, 1000);
  while (!fixture.view->preparing)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (fixture.view->picture);
  recon_image_view_set_image (fixture.view, c, 20, 20);
  recon_image_view_set_image (fixture.view, b, 1400, 1100);
  view_fixture_wait (&fixture);
  g_assert_true (recon_picture_get_request (fixture.view->picture)->first == b);
  g_assert_cmpfloat (recon_canvas_get_scene (fixture.canvas)->viewport.image_width, ==, 1400);

  /* Emptied while a thread is at work. */
  recon_image_view_set_image (fixture.view, a, 1500, 1000);
  while (!fixture.view->preparing)
    g_main_context_iteration (NULL, TRUE);
  recon_image_view_set_image (fixture.view, NULL, 0, 0);
  while (fixture.view->preparing)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (fixture.view->picture);
  view_fixture_clear (&fixture);
}

/* Closed while a thread is at work. */
static void
test_closed_early (void)
{
  g_autoptr (ReconImage) image = test_image_new (1500, 1000, 0);
  ViewFixture fixture;

  view_fixture_init (&fixture, 200, 150, FALSE, 0);
  recon_image_view_set_image (fixture.view, image, 1500, 1000);
  while (!fixture.view->preparing)
    g_main_context_iteration (NULL, TRUE);
  g_object_add_weak_pointer (G_OBJECT (fixture.view), (gpointer *) &fixture.view);
  gtk_window_destroy (fixture.window);
  while (fixture.view != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_finalize_with_image (void)
{
  ReconImageView *view = RECON_IMAGE_VIEW (g_object_ref_sink (recon_image_view_new ()));
  g_autoptr (ReconImage) image = test_image_new (8, 8, 0);

  recon_image_view_set_image (view, image, 8, 8);
  recon_image_view_set_overlay (view, image, RECON_OVERLAY_BLINK, 0);
  g_assert_true (_recon_image_view_prepare_now (view));
  g_assert_finalize_object (view);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/view/properties", test_properties);
  g_test_add_func ("/view/levels", test_levels);
  g_test_add_func ("/view/levels-of-images", test_levels_of_images);
  g_test_add_func ("/view/levels-by-hand", test_levels_by_hand);
  g_test_add_func ("/view/accessible", test_accessible);
  g_test_add_func ("/view/zoom-actions", test_zoom_actions);
  g_test_add_func ("/view/map-actions", test_map_actions);
  g_test_add_func ("/view/without-image", test_without_image);
  g_test_add_func ("/view/popover", test_popover);
  g_test_add_func ("/view/entries", test_entries);
  g_test_add_func ("/view/profile", test_profile);
  g_test_add_func ("/view/copy", test_copy);
  g_test_add_func ("/view/readout-odd", test_readout_odd);
  g_test_add_func ("/view/readout-units", test_readout_units);
  g_test_add_func ("/view/large", test_large);
  g_test_add_func ("/view/closed-early", test_closed_early);
  g_test_add_func ("/view/finalize-with-image", test_finalize_with_image);

  return g_test_run ();
}

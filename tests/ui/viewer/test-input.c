/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "view-fixture.h"

/* Real keys and a real pointer, by xdotool; skipped where that is not installed. The window's corner is that of the
 * screen, because nothing manages windows. */

static gboolean
have_xdotool (void)
{
  g_autofree char *path = g_find_program_in_path ("xdotool");

  if (path == NULL)
    g_test_skip ("xdotool is not installed");

  return path != NULL;
}

static void
done_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_subprocess_wait_check_finish (G_SUBPROCESS (object), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static gboolean
key_cb (gboolean        *seen,
        guint            key,
        guint            code,
        GdkModifierType  state)
{
  *seen = *seen || key == GDK_KEY_F12;

  return GDK_EVENT_PROPAGATE;
}

/* Tells of keys, also where an open popover keeps them to itself. */
static GtkEventController *
watch_keys (GtkWidget *widget,
            gboolean  *seen)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), seen);
  gtk_widget_add_controller (widget, keys);

  return keys;
}

/* Events come in their order: when the key at their end has been seen, all have. */
static void
perform (ViewFixture *fixture,
         const char  *command)
{
  g_autofree char *line = g_strconcat ("xdotool ", command, " key F12", NULL);
  GtkWidget *window = GTK_WIDGET (fixture->window), *popover = GTK_WIDGET (fixture->view->levels_popover);
  GtkEventController *keys, *popover_keys;
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE, seen = FALSE;

  keys = watch_keys (window, &seen);
  popover_keys = watch_keys (popover, &seen);

  process = g_subprocess_newv ((const char *const *) words, G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (process, NULL, done_cb, &done);
  while (!done || !seen)
    g_main_context_iteration (NULL, TRUE);
  gtk_widget_remove_controller (window, keys);
  gtk_widget_remove_controller (popover, popover_keys);
  view_fixture_wait (fixture);
}

static gboolean
start (ViewFixture *fixture,
       ReconImage  *image)
{
  if (!have_xdotool ())
    return FALSE;

  view_fixture_init (fixture, 400, 300, FALSE, 0);
  view_fixture_set (fixture, image);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->view));
  perform (fixture, "mousemove 200 100");

  return TRUE;
}

static ReconScene *
get_scene (ViewFixture *fixture)
{
  return recon_canvas_get_scene (fixture->canvas);
}

static void
test_keys (void)
{
  g_autoptr (ReconImage) image = test_image_new (800, 600, 0);
  ViewFixture fixture;
  ReconScene *scene;
  double x;

  if (!start (&fixture, image))
    return;

  scene = get_scene (&fixture);
  perform (&fixture, "key 1");
  g_assert_cmpfloat (scene->viewport.zoom, ==, 1.0);
  perform (&fixture, "key plus");
  g_assert_cmpfloat (scene->viewport.zoom, ==, 1.5);
  perform (&fixture, "key minus");
  g_assert_cmpfloat (scene->viewport.zoom, ==, 1.0);
  x = scene->viewport.x;
  perform (&fixture, "key Right");
  g_assert_cmpfloat (scene->viewport.x, >, x);
  perform (&fixture, "key Left");
  g_assert_cmpfloat (scene->viewport.x, ==, x);
  perform (&fixture, "key 0");
  g_assert_true (scene->viewport.fit);
  perform (&fixture, "key c");
  g_assert_cmpint (scene->colour_map, ==, RECON_COLOUR_MAP_INVERTED);
  perform (&fixture, "key p");
  g_assert_true (fixture.view->profiling);
  perform (&fixture, "key p");
  g_assert_false (fixture.view->profiling);
  perform (&fixture, "key h");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture.view->levels_popover)));
  perform (&fixture, "key Escape");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture.view->levels_popover)));
  view_fixture_clear (&fixture);
}

static void
test_wheel (void)
{
  g_autoptr (ReconImage) image = test_image_new (800, 600, 0);
  ViewFixture fixture;
  ReconScene *scene;
  double zoom, before[2], after[2];

  if (!start (&fixture, image))
    return;

  /* The first event of a wheel only tells GTK where it stands. */
  perform (&fixture, "click 4");
  scene = get_scene (&fixture);
  zoom = scene->viewport.zoom;
  recon_viewport_to_image (&scene->viewport, 200, 100, &before[0], &before[1]);
  perform (&fixture, "click 4");
  g_assert_cmpfloat (scene->viewport.zoom, >, zoom * 1.1);
  recon_viewport_to_image (&scene->viewport, 200, 100, &after[0], &after[1]);
  g_assert_cmpfloat_with_epsilon (before[0], after[0], 1.0);
  g_assert_cmpfloat_with_epsilon (before[1], after[1], 1.0);
  perform (&fixture, "click 5");
  g_assert_cmpfloat_with_epsilon (scene->viewport.zoom, zoom, 1e-9);

  /* That is for the window. */
  zoom = scene->viewport.zoom;
  perform (&fixture, "keydown alt click 4 keyup alt");
  g_assert_cmpfloat (scene->viewport.zoom, ==, zoom);
  view_fixture_clear (&fixture);
}

static void
test_readout (void)
{
  g_autoptr (ReconImage) image = test_image_new (400, 300, 0);
  ViewFixture fixture;
  g_autofree char *readout = NULL;
  g_autofree char *pinned = NULL;

  if (!start (&fixture, image))
    return;

  g_object_get (fixture.view, "readout", &readout, NULL);
  g_assert_cmpstr (readout, ==, "x 200  y 100  1900");
  perform (&fixture, "click 1");
  perform (&fixture, "mousemove 10 20");
  pinned = _recon_image_view_get_copy_text (fixture.view);
  g_assert_cmpstr (pinned, ==, "x 200  y 100  1900");
  g_assert_cmpstr (gtk_label_get_label (fixture.view->readout_label), ==,
                   "x 10  y 20  350\nPinned: x 200  y 100  1900");

  /* A second click lets it loose. */
  perform (&fixture, "mousemove 200 100 click 1");
  g_assert_false (recon_canvas_get_marks (fixture.canvas)->has_pin);
  perform (&fixture, "key ctrl+Right key Return");
  g_assert_false (recon_canvas_get_marks (fixture.canvas)->pin_x == 0);
  view_fixture_clear (&fixture);
}

static void
test_drags (void)
{
  g_autoptr (ReconImage) image = test_image_new (400, 300, 0);
  ViewFixture fixture;
  ReconScene *scene;
  ReconLevels levels;
  gboolean lock;

  if (!start (&fixture, image))
    return;

  scene = get_scene (&fixture);
  perform (&fixture, "mousedown 1 mousemove 220 110 mousemove 240 120 mouseup 1");
  g_assert_cmpfloat_with_epsilon (scene->viewport.x, -40, 1e-9);
  g_assert_cmpfloat_with_epsilon (scene->viewport.y, -20, 1e-9);
  g_assert_false (scene->viewport.fit);
  g_assert_false (recon_canvas_get_marks (fixture.canvas)->has_pin);

  levels = scene->levels;
  perform (&fixture, "mousemove 100 200 mousedown 3 mousemove 200 200 mousemove 300 200 mouseup 3");
  g_assert_cmpfloat_with_epsilon (scene->levels.high - scene->levels.low, 2 * (levels.high - levels.low), 1e-3);
  g_object_get (fixture.view, "lock-levels", &lock, NULL);
  g_assert_true (lock);
  levels = scene->levels;
  perform (&fixture, "mousemove 100 200 mousedown 3 mousemove 100 150 mousemove 100 140 mouseup 3");
  g_assert_cmpfloat (scene->levels.low, <, levels.low);

  g_object_set (fixture.view, "profiling", TRUE, "fit", TRUE, NULL);
  view_fixture_wait (&fixture);
  perform (&fixture, "mousemove 150 20 mousedown 1 mousemove 160 30 mousemove 210 60 mouseup 1");
  {
    const ReconMarks *marks = recon_canvas_get_marks (fixture.canvas);
    double start_x, start_y;

    recon_viewport_to_view (&scene->viewport, marks->line[0], marks->line[1], &start_x, &start_y);
    g_assert_cmpfloat_with_epsilon (start_x, 150, 1.5);
    g_assert_cmpfloat_with_epsilon (start_y, 20, 1.5);
    g_assert_cmpfloat_with_epsilon (marks->line[2] - marks->line[0], 60 / scene->viewport.zoom, 3);
    g_assert_cmpfloat_with_epsilon (marks->line[3] - marks->line[1], 40 / scene->viewport.zoom, 3);
  }
  view_fixture_clear (&fixture);
}

static void
moved_cb (ReconImageView *view,
          double          shift,
          double         *last)
{
  *last = shift;
}

static void
test_overlay (void)
{
  g_autoptr (ReconImage) image = test_image_new (400, 300, 0);
  ViewFixture fixture;
  double shift = 0;

  if (!start (&fixture, image))
    return;

  recon_image_view_set_overlay (fixture.view, image, RECON_OVERLAY_SUM, 2.5);
  view_fixture_wait (&fixture);
  g_signal_connect (fixture.view, "overlay-moved", G_CALLBACK (moved_cb), &shift);
  perform (&fixture, "key Right");
  g_assert_cmpfloat (shift, ==, 3.5);
  perform (&fixture, "key shift+Left");
  g_assert_cmpfloat (shift, ==, -6.5);
  perform (&fixture, "key ctrl+Right");
  g_assert_cmpfloat_with_epsilon (shift, -6.4, 1e-9);
  perform (&fixture, "mousedown 1 mousemove 230 100 mousemove 250 100 mouseup 1");
  g_assert_cmpfloat_with_epsilon (shift, 43.5, 1e-9);
  g_assert_cmpfloat (get_scene (&fixture)->shift, ==, shift);
  g_assert_true (get_scene (&fixture)->viewport.fit);

  /* The middle button pans. */
  perform (&fixture, "mousemove 200 100 mousedown 2 mousemove 210 100 mousemove 220 100 mouseup 2");
  g_assert_cmpfloat_with_epsilon (shift, 43.5, 1e-9);
  g_assert_cmpfloat (get_scene (&fixture)->viewport.x, ==, -20);
  view_fixture_clear (&fixture);
}

/* The handles of the profile: by pointer, and by keys. */
static void
test_handles (void)
{
  g_autoptr (ReconImage) image = test_image_new (400, 300, 0);
  ViewFixture fixture;
  g_autofree char *command = NULL;
  ReconMarks *marks;
  double before[4], x, y, zoom;

  if (!start (&fixture, image))
    return;

  g_object_set (fixture.view, "profiling", TRUE, NULL);
  view_fixture_wait (&fixture);
  marks = recon_canvas_get_marks (fixture.canvas);
  zoom = get_scene (&fixture)->viewport.zoom;
  for (guint i = 0; i < 4; i++)
    before[i] = marks->line[i];
  recon_viewport_to_view (&get_scene (&fixture)->viewport, before[2], before[3], &x, &y);
  command = g_strdup_printf ("mousemove %d %d mousedown 1 mousemove %d %d mousemove %d %d mouseup 1", (int) x, (int) y,
                             (int) x + 10, (int) y + 10, (int) x + 20, (int) y + 10);
  perform (&fixture, command);
  g_assert_cmpfloat (marks->line[0], ==, before[0]);
  g_assert_cmpfloat_with_epsilon (marks->line[2], before[2] + 20 / zoom, 0.01);
  g_assert_cmpfloat_with_epsilon (marks->line[3], before[3] + 10 / zoom, 0.01);

  x = marks->line[2];
  perform (&fixture, "key Left key shift+Left");
  g_assert_cmpfloat_with_epsilon (marks->line[2], x - 11, 0.01);
  view_fixture_clear (&fixture);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/input/keys", test_keys);
  g_test_add_func ("/input/wheel", test_wheel);
  g_test_add_func ("/input/readout", test_readout);
  g_test_add_func ("/input/drags", test_drags);
  g_test_add_func ("/input/overlay", test_overlay);
  g_test_add_func ("/input/handles", test_handles);

  return g_test_run ();
}

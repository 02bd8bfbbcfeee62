/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "axis/axis-finder.h"
#include "axis/film-strip.h"
#include "form/banner.h"
#include "window/image-stage.h"
#include "window-fixture.h"

/* The window with a real worker, used in the process. */

#define SCAN "--width=96 --rows=24 --angles=144 --axis=45.25 --photons=50000 --phantom=asymmetric"

static const char *
run_button_label (WindowFixture *self)
{
  GtkWidget *button = GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (self->window), RECON_TYPE_WINDOW,
                                                                 "run_button"));

  return gtk_button_get_label (GTK_BUTTON (button));
}

static gboolean
is_running (WindowFixture *self)
{
  return g_str_equal (run_button_label (self), "_Cancel");
}

static gboolean
is_not_running (WindowFixture *self)
{
  return !is_running (self);
}

static void
test_empty (WindowFixture *self,
            gconstpointer  unused)
{
  g_assert_true (recon_window_is_untouched (self->window));
  g_assert_null (window_fixture_get_image (self));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (self->window)), !=, NULL);
}

static double
get_mean_difference (const float *a,
                     const float *b,
                     gsize        n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += fabs ((double) a[i] - (double) b[i]);

  return sum / (double) n;
}

/* What the form says is what the viewer shows, and the axis matters. */
static void
test_preview (WindowFixture *self,
              gconstpointer  unused)
{
  g_autoptr (ReconImage) at_middle = NULL;
  ReconImage *image;

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_wait (self, window_fixture_has_image, "a slice is shown");
  at_middle = recon_image_ref (window_fixture_get_image (self));
  g_assert_cmpuint (recon_image_get_width (at_middle), ==, 96);

  window_fixture_set (self, "reconstruction.axis", "45.25", NULL);
  window_fixture_wait (self, window_fixture_is_idle, "the slice is made anew");
  image = window_fixture_get_image (self);
  g_assert_cmpfloat (get_mean_difference (recon_image_get_pixels (image), recon_image_get_pixels (at_middle), 96 * 96),
                     >, 1e-4);
}

static guint
get_index (WindowFixture *self)
{
  guint index;

  g_object_get (window_fixture_get_viewer (self), "index", &index, NULL);

  return index;
}

static gboolean
is_revealed (WindowFixture *self,
             const char    *name)
{
  GtkWidget *stage = find_widget (GTK_WIDGET (self->window), RECON_TYPE_IMAGE_STAGE);

  return gtk_revealer_get_reveal_child (GTK_REVEALER (gtk_widget_get_template_child (stage, RECON_TYPE_IMAGE_STAGE,
                                                                                    name)));
}

/* The first slices are often air: the one in the middle comes first, and stays until another one is chosen. */
static void
test_middle (WindowFixture *self,
             gconstpointer  unused)
{
  GtkWidget *viewer = GTK_WIDGET (window_fixture_get_viewer (self));
  g_autofree char *unit = NULL;

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_wait (self, window_fixture_has_image, "a slice is shown");
  g_assert_cmpuint (get_index (self), ==, 12);
  g_object_get (recon_viewer_pane_get_view (window_fixture_get_viewer (self)), "value-unit", &unit, NULL);
  g_assert_cmpstr (unit, ==, "1/px");

  window_fixture_set (self, "input.y-stop", "10", NULL);
  window_fixture_wait (self, window_fixture_is_idle, "a slice of less rows is shown");
  g_assert_cmpuint (get_index (self), ==, 5);

  gtk_widget_activate_action (viewer, "viewer.step", "i", 2);
  window_fixture_set (self, "input.y-stop", "end", NULL);
  window_fixture_wait (self, window_fixture_is_idle, "the chosen slice is shown");
  g_assert_cmpuint (get_index (self), ==, 7);
}

static gboolean
is_searching (WindowFixture *self)
{
  GtkWidget *finder = find_widget (GTK_WIDGET (self->window), RECON_TYPE_AXIS_FINDER);
  GtkButton *button = GTK_BUTTON (gtk_widget_get_template_child (finder, RECON_TYPE_AXIS_FINDER, "find_button"));

  return g_str_equal (gtk_button_get_label (button), "Ca_ncel");
}

/* As long as the axis is not set it is said what is assumed, and offered to find it. */
static void
test_offer_axis (WindowFixture *self,
                 gconstpointer  unused)
{
  g_autofree char *page = NULL;

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_wait (self, window_fixture_has_image, "a slice is shown");
  g_assert_true (is_revealed (self, "offer_revealer"));

  window_fixture_set (self, "reconstruction.axis", "45.25", NULL);
  g_assert_false (is_revealed (self, "offer_revealer"));
  window_fixture_set (self, "reconstruction.axis", "middle", NULL);
  g_assert_true (is_revealed (self, "offer_revealer"));

  window_fixture_wait (self, window_fixture_is_idle, "the slice is made anew");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.find-axis", NULL);
  g_object_get (self->window, "page", &page, NULL);
  g_assert_cmpstr (page, ==, "axis");
  window_fixture_wait (self, is_searching, "the axis is looked for");
}

/* The button of the test slice that is marked as the best. */
static GtkWidget *
find_best (GtkWidget *widget)
{
  if (GTK_IS_IMAGE (widget) && gtk_widget_get_visible (widget) &&
      g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (widget)), "starred-symbolic") == 0)
    return gtk_widget_get_ancestor (widget, GTK_TYPE_BUTTON);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_best (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
has_best (WindowFixture *self)
{
  return find_best (find_widget (GTK_WIDGET (self->window), RECON_TYPE_FILM_STRIP)) != NULL;
}

/* Of slices about several axes the one about the right axis is marked; plus looks closer at them. */
static void
test_scores (WindowFixture *self,
             gconstpointer  unused)
{
  GtkWidget *strip = find_widget (GTK_WIDGET (self->window), RECON_TYPE_FILM_STRIP);
  double step;

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_set (self, "reconstruction.axis", "47.25", NULL);
  g_object_set (self->window, "page", "axis", NULL);
  window_fixture_wait (self, has_best, "the sharpest slice is marked");
  gtk_widget_activate (find_best (strip));
  while (recon_config_get_number (recon_document_get_config (self->document), RECON_PARAM_AXIS) != 45.25)
    g_main_context_iteration (NULL, TRUE);

  gtk_widget_activate_action (strip, "strip.finer", NULL);
  g_object_get (strip, "step", &step, NULL);
  g_assert_cmpfloat (step, ==, 0.5);
}

static gboolean
has_trouble (WindowFixture *self)
{
  return is_revealed (self, "trouble_revealer");
}

static gboolean
has_no_trouble (WindowFixture *self)
{
  return !has_trouble (self);
}

/* Without flats there is no slice, but what was measured is seen, and why. Flats mend that. */
static void
test_no_flats (WindowFixture *self,
               gconstpointer  unused)
{
  g_autofree char *projections = window_fixture_path (self, "scan/projections");
  g_autofree char *flats = window_fixture_path (self, "scan/flats");
  g_autofree char *source = NULL;

  window_fixture_make_scan (self, SCAN);
  window_fixture_set (self, "input.projections", projections, NULL);
  window_fixture_wait (self, has_trouble, "it is said that there are no flats");
  g_assert_nonnull (window_fixture_get_image (self));
  g_assert_cmpuint (recon_image_get_height (window_fixture_get_image (self)), ==, 24);
  g_object_get (window_fixture_get_viewer (self), "source", &source, NULL);
  g_assert_cmpstr (source, ==, "slice");
  g_assert_false (is_revealed (self, "offer_revealer"));

  window_fixture_set (self, "input.flats", flats, NULL);
  window_fixture_wait (self, has_no_trouble, "flats make a slice");
  g_assert_cmpuint (recon_image_get_height (window_fixture_get_image (self)), ==, 96);
}

static gboolean
is_mapped (WindowFixture *self)
{
  return gtk_widget_get_mapped (GTK_WIDGET (window_fixture_get_viewer (self)));
}

static gboolean
is_unmapped (WindowFixture *self)
{
  return !is_mapped (self);
}

/* Behind the other page no slices are made, and the newest is as soon as it is in front again. */
static void
test_hidden_viewer (WindowFixture *self,
                    gconstpointer  unused)
{
  g_autoptr (ReconImage) before = NULL;

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_wait (self, window_fixture_has_image, "a slice is shown");
  before = recon_image_ref (window_fixture_get_image (self));

  g_object_set (self->window, "page", "axis", NULL);
  window_fixture_wait (self, is_unmapped, "the viewer is hidden");
  window_fixture_set (self, "reconstruction.axis", "45.25", NULL);
  g_assert_true (window_fixture_is_idle (self));
  g_assert_true (window_fixture_get_image (self) == before);

  g_object_set (self->window, "page", "reconstruction", NULL);
  window_fixture_wait (self, is_mapped, "the viewer is there again");
  g_assert_false (window_fixture_is_idle (self));
  window_fixture_wait (self, window_fixture_is_idle, "the slice is made anew");
  g_assert_true (window_fixture_get_image (self) != before);
}

static void
assert_slices_equal (WindowFixture *self)
{
  g_autofree char *slices = window_fixture_path (self, "slices");
  g_autofree char *expected = window_fixture_path (self, "expected");

  test_run_expect (self->folder, 0, "", "tomo -c scan/reco.conf --axis=45.25 -o expected");
  g_assert_cmpuint (test_compare_folders (slices, expected, "*.tif"), ==, 24);
}

/* Reconstruct writes what the command line writes, and the viewer shows it. */
static void
test_run_job (WindowFixture *self,
              gconstpointer  unused)
{
  g_autofree char *source = NULL;

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_set (self, "reconstruction.axis", "45.25", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, is_running, "the run has started");
  window_fixture_wait (self, is_not_running, "the run has ended");
  assert_slices_equal (self);

  g_object_get (window_fixture_get_viewer (self), "source", &source, NULL);
  g_assert_cmpstr (source, ==, "result");
  window_fixture_wait (self, window_fixture_has_image, "the result is shown");
}

static gboolean
exists (WindowFixture *self,
        const char    *name)
{
  g_autofree char *path = window_fixture_path (self, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* A second run waits for the first one, with the configuration as it was when it was asked for. */
static void
test_queue (WindowFixture *self,
            gconstpointer  unused)
{
  g_autofree char *first = window_fixture_path (self, "first");
  g_autofree char *second = window_fixture_path (self, "second");
  g_autofree char *third = window_fixture_path (self, "third");

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_set (self, "reconstruction.axis", "45.25", "output.path", first, NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, is_running, "the run has started");
  window_fixture_set (self, "output.path", second, NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.queue", NULL);
  window_fixture_set (self, "output.path", third, NULL);
  window_fixture_wait (self, is_not_running, "a run has ended");
  while (!exists (self, "second/slice_00023.tif"))
    g_main_context_iteration (NULL, FALSE);
  window_fixture_wait (self, is_not_running, "both runs have ended");

  g_assert_cmpuint (test_compare_folders (first, second, "*.tif"), ==, 24);
  g_assert_false (exists (self, "third"));
}

static AdwMessageDialog *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_mapped (GTK_WIDGET (window)))
        return ADW_MESSAGE_DIALOG (window);
    }

  return NULL;
}

static gboolean
has_dialog (WindowFixture *self)
{
  return find_dialog () != NULL;
}

/* An earlier result is lost only if the user says so. */
static void
test_overwrite (WindowFixture *self,
                gconstpointer  unused)
{
  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  test_run_expect (self->folder, 0, "", "tomo -c scan/reco.conf --axis=40 -o slices");
  window_fixture_set (self, "reconstruction.axis", "45.25", NULL);

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, has_dialog, "the user is asked");
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  g_assert_true (is_not_running (self));

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, has_dialog, "the user is asked again");
  adw_message_dialog_response (find_dialog (), "overwrite");
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  window_fixture_wait (self, is_running, "the run has started");
  window_fixture_wait (self, is_not_running, "the run has ended");
  assert_slices_equal (self);
}

/* What fails is said, and what was wrong can be mended. */
static gboolean
is_failed (WindowFixture *self)
{
  GtkWidget *banner = find_widget (GTK_WIDGET (self->window), RECON_TYPE_BANNER);
  g_autofree char *button = NULL;

  g_object_get (banner, "button-label", &button, NULL);

  return g_strcmp0 (button, "_Details") == 0;
}

static void
test_failure (WindowFixture *self,
              gconstpointer  unused)
{
  g_autofree char *slices = window_fixture_path (self, "slices");

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_set (self, "reconstruction.axis", "45.25", "output.path", "/proc/no/such/folder", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, is_failed, "the failure is said");
  g_assert_true (is_not_running (self));

  window_fixture_set (self, "output.path", slices, NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, is_running, "the next run has started");
  g_assert_false (is_failed (self));
  window_fixture_wait (self, is_not_running, "it has ended");
  assert_slices_equal (self);
}

/* The worker is killed while a slice is shown: the window stays, and goes on with a new one. */
static gboolean
is_lost (WindowFixture *self)
{
  return recon_client_get_state (self->client) == RECON_CLIENT_LOST;
}

static void
test_lost_worker (WindowFixture *self,
                  gconstpointer  unused)
{
  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_wait (self, window_fixture_has_image, "a slice is shown");

  kill (recon_client_get_pid (self->client), SIGKILL);
  window_fixture_wait (self, is_lost, "the loss is noticed");
  g_assert_nonnull (window_fixture_get_image (self));

  recon_client_start (self->client);
  window_fixture_wait (self, window_fixture_is_ready, "there is a new worker");
  window_fixture_set (self, "reconstruction.axis", "45.25", NULL);
  window_fixture_wait (self, window_fixture_has_image, "a slice is shown again");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/window/empty", WindowFixture, NULL, window_fixture_set_up, test_empty, window_fixture_tear_down);
  g_test_add ("/window/preview", WindowFixture, NULL, window_fixture_set_up, test_preview, window_fixture_tear_down);
  g_test_add ("/window/middle", WindowFixture, NULL, window_fixture_set_up, test_middle, window_fixture_tear_down);
  g_test_add ("/window/offer-axis", WindowFixture, NULL, window_fixture_set_up, test_offer_axis,
              window_fixture_tear_down);
  g_test_add ("/window/scores", WindowFixture, NULL, window_fixture_set_up, test_scores, window_fixture_tear_down);
  g_test_add ("/window/no-flats", WindowFixture, NULL, window_fixture_set_up, test_no_flats, window_fixture_tear_down);
  g_test_add ("/window/hidden-viewer", WindowFixture, NULL, window_fixture_set_up, test_hidden_viewer,
              window_fixture_tear_down);
  g_test_add ("/window/run", WindowFixture, NULL, window_fixture_set_up, test_run_job, window_fixture_tear_down);
  g_test_add ("/window/queue", WindowFixture, NULL, window_fixture_set_up, test_queue, window_fixture_tear_down);
  g_test_add ("/window/overwrite", WindowFixture, NULL, window_fixture_set_up, test_overwrite,
              window_fixture_tear_down);
  g_test_add ("/window/failure", WindowFixture, NULL, window_fixture_set_up, test_failure, window_fixture_tear_down);
  g_test_add ("/window/lost-worker", WindowFixture, NULL, window_fixture_set_up, test_lost_worker,
              window_fixture_tear_down);

  return g_test_run ();
}

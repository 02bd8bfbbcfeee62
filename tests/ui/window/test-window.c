/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "axis/axis-finder.h"
#include "axis/film-strip.h"
#include "form/banner.h"
#include "form/field.h"
#include "form/form.h"
#include "log/log-pane.h"
#include "window/image-bar.h"
#include "window/run-record.h"
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

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_best (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static guint
count_pictures (GtkWidget *widget)
{
  guint n = GTK_IS_PICTURE (widget) && gtk_picture_get_paintable (GTK_PICTURE (widget)) != NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_pictures (child);

  return n;
}

static gboolean
has_all_frames (WindowFixture *self)
{
  return count_pictures (find_widget (GTK_WIDGET (self->window), RECON_TYPE_FILM_STRIP)) == 9;
}

static gboolean
has_best (WindowFixture *self)
{
  return find_best (find_widget (GTK_WIDGET (self->window), RECON_TYPE_FILM_STRIP)) != NULL;
}

/* Of slices about several axes the one about the right axis is marked, as soon as the search has scores; plus looks
 * closer at them. */
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
  window_fixture_wait (self, has_all_frames, "there are all test slices");
  g_assert_false (has_best (self));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.find-axis", NULL);
  window_fixture_wait (self, has_best, "the best slice is marked");
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

/* The banner has the reason, and the picture only that it is a projection. */
static gboolean
is_told_once (WindowFixture *self)
{
  GtkWidget *stage = find_widget (GTK_WIDGET (self->window), RECON_TYPE_IMAGE_STAGE);
  ReconBanner *banner = RECON_BANNER (find_widget (GTK_WIDGET (self->window), RECON_TYPE_BANNER));
  GObject *label = gtk_widget_get_template_child (stage, RECON_TYPE_IMAGE_STAGE, "trouble_label");
  const char *text = gtk_label_get_label (GTK_LABEL (label));

  return recon_banner_get_revealed (banner) && strstr (recon_banner_get_title (banner), "there are no flats") != NULL &&
         g_str_equal (text, "A raw projection is shown until a slice can be made.");
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
  window_fixture_wait (self, is_told_once, "the reason stands in the banner");
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
  g_autofree char *slices = window_fixture_path (self, "slices");

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  test_run_expect (self->folder, 0, "", "tomo -c scan/reco.conf --axis=40 -o slices");
  window_fixture_set (self, "reconstruction.axis", "45.25", NULL);

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, has_dialog, "the user is asked");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (find_dialog ()), slices));
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

/* Many outputs have the same name: the folder tells them apart. */
static void
test_titles (void)
{
  static const char *const titles[][2] = {
    { "/data/scan-1/slices", "scan-1/slices" },
    { "/data/scan-2/slices", "scan-2/slices" },
    { "/slices", "/slices" },
    { "/data/all.h5", "data/all.h5" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autofree char *title = recon_run_get_title (titles[i][0]);

      g_assert_cmpstr (title, ==, titles[i][1]);
    }
}

/* What fails is said, and what was wrong can be mended. */
static ReconBanner *
get_banner (WindowFixture *self)
{
  return RECON_BANNER (find_widget (GTK_WIDGET (self->window), RECON_TYPE_BANNER));
}

static gboolean
is_failed (WindowFixture *self)
{
  return recon_banner_get_revealed (get_banner (self)) &&
         recon_banner_get_level (get_banner (self)) == RECON_BANNER_ERROR;
}

static gboolean
offers (WindowFixture *self,
        const char    *button)
{
  return recon_banner_get_revealed (get_banner (self)) &&
         g_strcmp0 (recon_banner_get_button_label (get_banner (self)), button) == 0;
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

  /* It takes the user to the row, in the words of the window. */
  g_assert_null (strstr (recon_banner_get_title (get_banner (self)), "output.path"));
  g_assert_true (offers (self, "_Show"));
  g_signal_emit_by_name (get_banner (self), "button-clicked");
  g_assert_nonnull (gtk_widget_get_ancestor (gtk_window_get_focus (GTK_WINDOW (self->window)), RECON_TYPE_FORM));

  /* What was mended is said no longer. */
  window_fixture_set (self, "output.path", slices, NULL);
  g_assert_false (is_failed (self));
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

  window_fixture_wait (self, window_fixture_is_ready, "there is a new worker");
  window_fixture_set (self, "reconstruction.axis", "45.25", NULL);
  window_fixture_wait (self, window_fixture_has_image, "a slice is shown again");
}

/* Whether an action can be taken, as a button for it says. */
static gboolean
is_enabled (WindowFixture *self,
            const char    *action)
{
  GtkWidget *button = gtk_button_new ();
  gboolean enabled;

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_parent (button, GTK_WIDGET (self->window));
  enabled = gtk_widget_is_sensitive (button);
  gtk_widget_unparent (button);

  return enabled;
}

/* Many blocks, so that a run can be ended in the middle. */
#define LONG_SCAN "--width=240 --rows=160 --angles=360 --axis=115.5 --photons=5000 --phantom=asymmetric"

static gboolean
has_finished_some (WindowFixture *self)
{
  g_autofree char *path = window_fixture_path (self, "slices.partial/ledger.jsonl");
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && strstr (text, "\"finished\"") != NULL;
}

static void
load_long_scan (WindowFixture *self)
{
  window_fixture_make_scan (self, LONG_SCAN);
  window_fixture_load_scan (self);
  window_fixture_set (self, "reconstruction.axis", "115.5", "compute.memory-limit", "24M", NULL);
}

static gboolean
is_resumable (WindowFixture *self)
{
  return is_enabled (self, "win.resume");
}

static gboolean
is_not_resumable (WindowFixture *self)
{
  return !is_enabled (self, "win.resume");
}

static void
answer (WindowFixture *self,
        const char    *response)
{
  window_fixture_wait (self, has_dialog, "the user is asked");
  adw_message_dialog_response (find_dialog (), response);
  gtk_window_close (GTK_WINDOW (find_dialog ()));
}

static gboolean
is_resolved (WindowFixture *self)
{
  return recon_form_get_resolved (RECON_FORM (find_widget (GTK_WIDGET (self->window), RECON_TYPE_FORM))) != NULL;
}

static void
assert_complete (WindowFixture *self)
{
  g_autofree char *last = window_fixture_path (self, "slices/slice_00159.tif");
  ReconField *row;

  g_assert_true (g_file_test (last, G_FILE_TEST_EXISTS));
  window_fixture_wait (self, is_not_resumable, "there is nothing more to go on with");
  g_assert_false (is_failed (self));

  /* What has just been made is no reason to warn. */
  row = RECON_FIELD (recon_form_get_row (RECON_FORM (find_widget (GTK_WIDGET (self->window), RECON_TYPE_FORM)),
                                         RECON_PARAM_OUTPUT_PATH));
  g_assert_cmpint (recon_field_get_level (row), !=, RECON_FIELD_WARNING);
}

/* What a cancelled run has finished is not thrown away unasked. */
static void
test_cancel (WindowFixture *self,
             gconstpointer  unused)
{
  g_autoptr (GPtrArray) records = NULL;
  const ReconRunRecord *newest;

  load_long_scan (self);
  g_assert_false (is_resumable (self));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, has_finished_some, "some slices are finished");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.cancel", NULL);
  window_fixture_wait (self, is_not_running, "the run has ended");
  window_fixture_wait (self, is_resumable, "it can be gone on with");
  g_assert_true (offers (self, "Con_tinue"));
  g_assert_cmpint (recon_banner_get_level (get_banner (self)), ==, RECON_BANNER_HINT);

  /* With other settings it can't, and neither is it thrown away. */
  window_fixture_set (self, "reconstruction.angle-offset", "0.5", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, has_dialog, "the user is asked");
  g_assert_false (adw_message_dialog_has_response (find_dialog (), "continue"));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (find_dialog ()), "“Angle Offset”"));
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  g_assert_true (is_not_running (self));
  g_assert_true (has_finished_some (self));

  window_fixture_set (self, "reconstruction.angle-offset", "0", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  answer (self, "continue");
  window_fixture_wait (self, is_running, "it goes on");
  window_fixture_wait (self, is_not_running, "it has ended");
  assert_complete (self);

  records = recon_run_history_load ();
  g_assert_cmpuint (records->len, >=, 2);
  newest = g_ptr_array_index (records, 0);
  g_assert_cmpstr (newest->state, ==, "done");
  g_assert_cmpuint (newest->n_done, ==, 160);
  g_assert_nonnull (strstr (newest->log, "Resuming"));
  g_assert_cmpstr (((const ReconRunRecord *) g_ptr_array_index (records, 1))->state, ==, "cancelled");
}

/* After a crash the worker starts again by itself, and the run is offered, also one that was to replace another. */
static void
test_crash (WindowFixture *self,
            gconstpointer  unused)
{
  load_long_scan (self);
  test_run_expect (self->folder, 0, "", "tomo -c scan/reco.conf --axis=100 --input.y-stop=10 -o slices");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  answer (self, "overwrite");
  window_fixture_wait (self, has_finished_some, "some slices are finished");
  kill (recon_client_get_pid (self->client), SIGKILL);
  window_fixture_wait (self, is_lost, "the loss is noticed");
  window_fixture_wait (self, window_fixture_is_ready, "there is a new worker");

  window_fixture_wait (self, is_resumable, "the run can be gone on with");
  g_assert_true (is_failed (self));
  g_assert_true (offers (self, "Con_tinue"));
  g_object_set (window_fixture_get_viewer (self), "source", "result", NULL);
  window_fixture_wait (self, window_fixture_has_image, "what was finished can be looked at");

  g_signal_emit_by_name (get_banner (self), "button-clicked");
  window_fixture_wait (self, is_running, "it goes on");
  window_fixture_wait (self, is_not_running, "it has ended");
  assert_complete (self);
}

static void
touch (WindowFixture *self,
       const char    *name)
{
  g_autofree char *path = window_fixture_path (self, name);

  g_assert_cmpint (g_utime (path, NULL), ==, 0);
}

/* Files that look changed may hold the same images: only the user knows. */
static void
test_trust (WindowFixture *self,
            gconstpointer  unused)
{
  load_long_scan (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, has_finished_some, "some slices are finished");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.cancel", NULL);
  window_fixture_wait (self, is_not_running, "the run has ended");
  touch (self, "scan/projections/proj_00003.tif");

  window_fixture_wait (self, is_resumable, "it can be gone on with");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.resume", NULL);
  answer (self, "trust");
  window_fixture_wait (self, is_running, "it goes on");
  window_fixture_wait (self, is_not_running, "it has ended");
  assert_complete (self);
}

static void
get_result_item (WindowFixture *self,
                 char         **label,
                 char         **action)
{
  GtkWidget *bar = find_widget (GTK_WIDGET (self->window), RECON_TYPE_IMAGE_BAR);
  GtkWidget *button = GTK_WIDGET (gtk_widget_get_template_child (bar, RECON_TYPE_IMAGE_BAR, "source_button"));
  GMenuModel *menu = gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (button));
  g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, 1, G_MENU_LINK_SECTION);
  int last = g_menu_model_get_n_items (section) - 1;

  g_menu_model_get_item_attribute (section, last, "label", "s", label);
  g_menu_model_get_item_attribute (section, last, "action", "s", action);
}

/* Before there is a result it can't be chosen, and it is said why. */
static void
test_no_result (WindowFixture *self,
                gconstpointer  unused)
{
  g_autofree char *label = NULL;
  g_autofree char *action = NULL;

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_wait (self, window_fixture_has_image, "a slice is shown");
  get_result_item (self, &label, &action);
  g_assert_cmpstr (action, ==, "viewer.no-source");
  g_assert_nonnull (strstr (label, "nothing is reconstructed yet"));

  g_clear_pointer (&label, g_free);
  g_clear_pointer (&action, g_free);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, is_running, "the run has started");
  window_fixture_wait (self, is_not_running, "the run has ended");
  get_result_item (self, &label, &action);
  g_assert_cmpstr (action, ==, "viewer.source");
}

static guint
count (const char *text,
       const char *what)
{
  guint n = 0;

  for (const char *found = strstr (text, what); found != NULL; found = strstr (found + 1, what))
    n++;

  return n;
}

/* Time goes forward in the log, but for midnight. */
static void
check_times (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    g_assert_true (g_ascii_isdigit (*lines[i]) && (strncmp (lines[i - 1], lines[i], strlen ("00:00:00")) <= 0 ||
                                                   g_str_has_prefix (lines[i], "00:")));
}

/* What is the same as before is not said again, whatever else changes, and a run stands under its heading. */
static void
test_log (WindowFixture *self,
          gconstpointer  unused)
{
  ReconLogPane *pane = RECON_LOG_PANE (find_widget (GTK_WIDGET (self->window), RECON_TYPE_LOG_PANE));
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;

  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_set (self, "input.darks", "", NULL);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *axis = g_strdup_printf ("4%u.5", i);

      window_fixture_set (self, "reconstruction.axis", axis, NULL);
      window_fixture_wait (self, is_resolved, "the form knows what that comes to");
      window_fixture_wait (self, window_fixture_is_idle, "a slice is shown");
    }
  before = recon_log_pane_format (pane, G_MAXUINT);
  g_assert_cmpuint (count (before, "There are no darks"), ==, 1);
  g_assert_cmpuint (count (before, "Device"), ==, 0);
  g_assert_cmpuint (count (before, "Run: "), ==, 0);

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.run", NULL);
  window_fixture_wait (self, is_running, "the run has started");
  window_fixture_wait (self, is_not_running, "the run has ended");
  text = recon_log_pane_format (pane, G_MAXUINT);
  g_assert_cmpuint (count (text, "Run: "), ==, 1);
  g_assert_nonnull (strstr (strstr (text, "Run: "), "Device"));
  g_assert_nonnull (strstr (strstr (text, "Run: "), "24 slices in "));
  check_times (text);
}

/* Whoever can't see the icon hears what a button does, and not the name of its class. */
static guint
assert_named (GtkWidget *widget)
{
  guint n = 0;

  /* GTK's own: of windows, and those of spin buttons, whose row is named. */
  if (GTK_IS_WINDOW_CONTROLS (widget) || GTK_IS_SPIN_BUTTON (widget) || GTK_IS_POPOVER (widget) ||
      GTK_IS_SCALE (widget) || GTK_IS_DROP_DOWN (widget) || !gtk_widget_get_visible (widget))
    return 0;

  if (GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget))
    {
      GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

      if (!gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL) &&
          !gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY) &&
          !(GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL) &&
          find_widget (widget, GTK_TYPE_LABEL) == NULL)
        g_error ("A %s (%s, in a %s) has no accessible name", G_OBJECT_TYPE_NAME (widget),
                 gtk_widget_get_tooltip_text (widget), G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)));
      n++;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += assert_named (child);

  return n;
}

static void
test_names (WindowFixture *self,
            gconstpointer  unused)
{
  g_assert_cmpuint (assert_named (GTK_WIDGET (self->window)), >, 30);
}

int
main (int    argc,
      char **argv)
{
  char *state = test_folder_new ();
  int status;

  g_setenv ("XDG_STATE_HOME", state, TRUE);
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
  g_test_add_func ("/window/titles", test_titles);
  g_test_add ("/window/failure", WindowFixture, NULL, window_fixture_set_up, test_failure, window_fixture_tear_down);
  g_test_add ("/window/cancel", WindowFixture, NULL, window_fixture_set_up, test_cancel, window_fixture_tear_down);
  g_test_add ("/window/crash", WindowFixture, NULL, window_fixture_set_up, test_crash, window_fixture_tear_down);
  g_test_add ("/window/trust", WindowFixture, NULL, window_fixture_set_up, test_trust, window_fixture_tear_down);
  g_test_add ("/window/no-result", WindowFixture, NULL, window_fixture_set_up, test_no_result,
              window_fixture_tear_down);
  g_test_add ("/window/log", WindowFixture, NULL, window_fixture_set_up, test_log, window_fixture_tear_down);
  g_test_add ("/window/names", WindowFixture, NULL, window_fixture_set_up, test_names, window_fixture_tear_down);
  g_test_add ("/window/lost-worker", WindowFixture, NULL, window_fixture_set_up, test_lost_worker,
              window_fixture_tear_down);

  status = g_test_run ();
  test_folder_remove (state);

  return status;
}

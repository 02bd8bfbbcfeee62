/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <stdlib.h>

#include "axis/axis-panel.h"
#include "axis/film-strip.h"
#include "bench-json.h"
#include "form/form.h"
#include "window/viewer-pane.h"
#include "window/window.h"

/* usage: bench-window RECONSTRUCT CONFIGURATION
 *
 * How long a user waits in the window: from the last path of a scan to the first picture, and from a key press in the
 * axis' field to the picture with the new axis, as the frame clock tells when it has been drawn. In the second tab the
 * pictures are the overlay and the test slice of the new axis. Each axis is a new one: nothing can have been kept.
 * Printed as JSON. */

#define N_AXES           15
#define PATIENCE_SECONDS 120

typedef struct
{
  AdwApplication *application;
  ReconClient    *client;
  ReconWindow    *window;
  ReconImageView *view;
  guint64         n_drawn; /* frames that have been painted since the picture changed */
  gboolean        changed;
} Bench;

static GtkWidget *
find (GtkWidget *root,
      GType      type)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
after_paint_cb (GdkFrameClock *clock,
                gpointer       user_data)
{
  Bench *bench = user_data;

  if (bench->changed)
    bench->n_drawn++;
}

static void
image_cb (Bench *bench)
{
  bench->changed = TRUE;
}

/* Until a picture that came after this call is on the screen and the viewer is done. Returns seconds, or a negative
 * number if none comes. */
static double
wait_for_picture (Bench *bench)
{
  gint64 start = g_get_monotonic_time ();
  gboolean busy;

  bench->changed = FALSE;
  bench->n_drawn = 0;
  while (bench->n_drawn == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      if (g_get_monotonic_time () - start > (gint64) PATIENCE_SECONDS * G_USEC_PER_SEC)
        return -1;
    }
  start = g_get_monotonic_time () - start;

  /* The full picture may follow a quick one. */
  do
    {
      g_main_context_iteration (NULL, FALSE);
      g_object_get (find (GTK_WIDGET (bench->window), RECON_TYPE_VIEWER_PANE), "busy", &busy, NULL);
    }
  while (busy);

  return (double) start / G_USEC_PER_SEC;
}

/* The test slice of the document's axis. */
static GtkWidget *
find_current (GtkWidget *root)
{
  if (GTK_IS_BUTTON (root) && gtk_widget_has_css_class (root, "current"))
    return find (root, GTK_TYPE_PICTURE);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_current (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Until the frame that came after a change has been painted; the change may be yet to come. */
static double
wait_for_frame (Bench    *bench,
                gboolean  changed)
{
  gint64 start = g_get_monotonic_time ();

  bench->changed = changed;
  bench->n_drawn = 0;
  while (bench->n_drawn == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      if (g_get_monotonic_time () - start > (gint64) PATIENCE_SECONDS * G_USEC_PER_SEC)
        return -1;
    }

  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

/* The other frames of the strip follow, and are not waited for: the next key comes as soon as a user sees what the last
 * one did. */
static gboolean
measure_axis_tab (Bench       *bench,
                  JsonBuilder *json)
{
  GtkWidget *strip = find (GTK_WIDGET (bench->window), RECON_TYPE_FILM_STRIP);
  GtkWidget *panel = find (GTK_WIDGET (bench->window), RECON_TYPE_AXIS_PANEL);
  GtkWidget *spin = find (panel, GTK_TYPE_SPIN_BUTTON);
  double overlay[N_AXES], slice[N_AXES];

  g_signal_handlers_disconnect_by_data (bench->view, bench);
  g_signal_connect_swapped (find_current (strip), "notify::paintable", G_CALLBACK (image_cb), bench);
  g_object_set (bench->window, "page", "axis", NULL);
  if (wait_for_frame (bench, FALSE) < 0)
    return FALSE;

  for (guint i = 0; i < N_AXES; i++)
    {
      g_signal_emit_by_name (spin, "change-value", GTK_SCROLL_STEP_UP);
      slice[i] = wait_for_frame (bench, FALSE);
      if (slice[i] < 0)
        return FALSE;
    }
  for (guint i = 0; i < N_AXES; i++)
    {
      g_signal_emit_by_name (spin, "change-value", GTK_SCROLL_STEP_UP);
      overlay[i] = wait_for_frame (bench, TRUE);
      if (overlay[i] < 0)
        return FALSE;
    }

  bench_put_statistics (json, "axis_slice", slice, N_AXES);
  bench_put_statistics (json, "axis_overlay", overlay, N_AXES);

  return TRUE;
}

static gboolean
wait_for_worker (Bench *bench)
{
  gint64 start = g_get_monotonic_time ();

  while (recon_client_get_state (bench->client) != RECON_CLIENT_READY)
    {
      g_main_context_iteration (NULL, TRUE);
      if (g_get_monotonic_time () - start > (gint64) PATIENCE_SECONDS * G_USEC_PER_SEC)
        return FALSE;
    }

  return TRUE;
}

static gboolean
measure (Bench        *bench,
         const char   *path,
         JsonBuilder  *json)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *row, *spin;
  double seconds[N_AXES], first;

  recon_window_open (bench->window, file);
  first = wait_for_picture (bench);
  if (first < 0)
    return FALSE;

  row = recon_form_get_row (RECON_FORM (find (GTK_WIDGET (bench->window), RECON_TYPE_FORM)), RECON_PARAM_AXIS);
  spin = find (row, GTK_TYPE_SPIN_BUTTON);
  for (guint i = 0; i < N_AXES; i++)
    {
      /* What the key does. */
      g_signal_emit_by_name (spin, "change-value", GTK_SCROLL_STEP_UP);
      seconds[i] = wait_for_picture (bench);
      if (seconds[i] < 0)
        return FALSE;
    }

  bench_put_number (json, "first", first);
  bench_put_statistics (json, "axis", seconds, N_AXES);
  bench_put_count (json, "columns", recon_image_get_width (recon_image_view_get_image (bench->view)));

  return measure_axis_tab (bench, json);
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { 0 };
  g_autoptr (JsonBuilder) json = json_builder_new ();
  const char *worker[] = { argc > 1 ? argv[1] : NULL, "worker", "--stdio", NULL };
  gboolean success;

  setlocale (LC_ALL, "");
  if (argc != 3)
    {
      g_printerr ("usage: bench-window RECONSTRUCT CONFIGURATION\n");
      return EXIT_FAILURE;
    }

  adw_init ();
  bench.application = g_object_new (ADW_TYPE_APPLICATION, "flags", G_APPLICATION_NON_UNIQUE, "resource-base-path",
                                    "/org/reconstruct/Reconstruct", NULL);
  if (!g_application_register (G_APPLICATION (bench.application), NULL, NULL))
    return EXIT_FAILURE;

  bench.client = recon_client_new (worker);
  recon_client_start (bench.client);
  bench.window = recon_window_new (bench.application, bench.client, NULL);
  bench.view = RECON_IMAGE_VIEW (find (GTK_WIDGET (bench.window), RECON_TYPE_IMAGE_VIEW));
  g_signal_connect_swapped (bench.view, "notify::image", G_CALLBACK (image_cb), &bench);
  gtk_window_present (GTK_WINDOW (bench.window));
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (bench.window)), "after-paint", G_CALLBACK (after_paint_cb),
                    &bench);

  json_builder_begin_object (json);
  success = wait_for_worker (&bench) && measure (&bench, argv[2], json);
  json_builder_end_object (json);
  if (success)
    bench_print (json);
  else
    g_printerr ("bench-window: no picture came\n");

  gtk_window_destroy (GTK_WINDOW (bench.window));
  recon_client_stop (bench.client);
  g_object_unref (bench.client);
  g_object_unref (bench.application);

  return success ? EXIT_SUCCESS : EXIT_FAILURE;
}

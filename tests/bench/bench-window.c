/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <stdlib.h>

#include "bench-json.h"
#include "form/form.h"
#include "window/viewer-pane.h"
#include "window/window.h"

/* usage: bench-window RECONSTRUCT CONFIGURATION
 *
 * How long a user waits in the window: from the last path of a scan to the first picture, and from a key press in the
 * axis' field to the picture with the new axis, as the frame clock tells when it has been drawn. Each axis is a new
 * one: nothing can have been kept. Printed as JSON. */

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

  return TRUE;
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

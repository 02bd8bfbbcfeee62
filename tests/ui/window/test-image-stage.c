/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "window/image-stage.h"

/* Where images are shown, without a worker: the test brings them. */

#define SIDE 16

typedef struct
{
  GtkWindow       *window;
  ReconImageStage *stage;
} StageFixture;

static void
set_up (StageFixture  *self,
        gconstpointer  unused)
{
  self->window = GTK_WINDOW (gtk_window_new ());
  self->stage = g_object_new (RECON_TYPE_IMAGE_STAGE, NULL);
  gtk_window_set_default_size (self->window, 400, 300);
  gtk_window_set_child (self->window, GTK_WIDGET (self->stage));
  gtk_window_present (self->window);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->window));
}

static void
tear_down (StageFixture  *self,
           gconstpointer  unused)
{
  gtk_window_destroy (self->window);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Shows an image all of whose pixels have one value. */
static void
show (StageFixture *self,
      float         value,
      guint         serial,
      guint         reduction,
      guint         index)
{
  guint side = SIDE / reduction;
  float *pixels = g_new (float, side * side);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, side * side * sizeof (float));
  g_autoptr (ReconImage) image = NULL;
  ReconWorkerImage shown = {
    .view = RECON_VIEW_SLICE,
    .index = index,
    .n_images = 9,
    .number = index,
    .reduction = reduction,
    .full_width = SIDE,
    .full_height = SIDE,
    .serial = serial,
  };

  for (guint i = 0; i < side * side; i++)
    pixels[i] = value;
  image = recon_image_new (side, side, bytes);
  shown.image = image;
  recon_image_stage_show_image (self->stage, &shown);
}

static void
press (StageFixture *self,
       const char   *signal)
{
  GtkWidget *view = GTK_WIDGET (recon_image_stage_get_view (self->stage));
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (view);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean handled;

      if (!GTK_IS_EVENT_CONTROLLER_KEY (controller))
        continue;
      if (g_str_equal (signal, "key-pressed"))
        g_signal_emit_by_name (controller, signal, GDK_KEY_space, 0, 0, &handled);
      else
        g_signal_emit_by_name (controller, signal, GDK_KEY_space, 0, 0);
    }
}

static void
assert_seen (StageFixture *self,
             double        value,
             guint         reduction)
{
  ReconImage *image = recon_image_view_get_image (recon_image_stage_get_view (self->stage));

  g_assert_cmpuint (recon_image_get_width (image), ==, SIDE / reduction);
  g_assert_cmpfloat ((double) recon_image_get_pixels (image)[0], ==, value);
}

static void
assert_compared (StageFixture *self,
                 double        before,
                 double        now,
                 guint         reduction)
{
  press (self, "key-pressed");
  assert_seen (self, before, 1);
  press (self, "key-released");
  assert_seen (self, now, reduction);
}

/* Space shows the settings before, in full resolution, however many rough images came in between. */
static void
test_compare (StageFixture  *self,
              gconstpointer  unused)
{
  show (self, 1, 1, 1, 4);
  show (self, 2, 2, 4, 4);
  assert_compared (self, 1, 2, 4);
  show (self, 2, 2, 1, 4);
  assert_compared (self, 1, 2, 1);
  show (self, 3, 3, 2, 4);
  show (self, 4, 4, 2, 4);
  assert_compared (self, 2, 4, 2);
  show (self, 4, 4, 1, 4);
  assert_compared (self, 2, 4, 1);
}

/* What was made anew and is the same was no change: the one before it is still compared with. */
static void
test_same (StageFixture  *self,
           gconstpointer  unused)
{
  show (self, 1, 1, 1, 4);
  show (self, 2, 2, 1, 4);
  show (self, 2, 3, 2, 4);
  show (self, 2, 3, 1, 4);
  assert_compared (self, 1, 2, 1);
}

/* Another slice is not compared with. */
static void
test_other_slice (StageFixture  *self,
                  gconstpointer  unused)
{
  show (self, 1, 1, 1, 4);
  show (self, 2, 2, 1, 5);
  assert_compared (self, 2, 2, 1);
}

/* What comes while the key is held is shown when it is let go; levels are those of the user. */
static void
test_held (StageFixture  *self,
           gconstpointer  unused)
{
  ReconImageView *view = recon_image_stage_get_view (self->stage);
  gboolean locked;

  show (self, 1, 1, 1, 4);
  show (self, 2, 2, 1, 4);
  press (self, "key-pressed");
  show (self, 3, 3, 1, 4);
  assert_seen (self, 2, 1);
  press (self, "key-released");
  assert_seen (self, 3, 1);
  g_object_get (view, "lock-levels", &locked, NULL);
  g_assert_false (locked);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/image-stage/compare", StageFixture, NULL, set_up, test_compare, tear_down);
  g_test_add ("/image-stage/same", StageFixture, NULL, set_up, test_same, tear_down);
  g_test_add ("/image-stage/other-slice", StageFixture, NULL, set_up, test_other_slice, tear_down);
  g_test_add ("/image-stage/held", StageFixture, NULL, set_up, test_held, tear_down);

  return g_test_run ();
}

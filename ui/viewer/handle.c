/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/handle.h"

#define LARGE_STEP 10

struct _ReconHandle
{
  GtkWidget parent_instance;

  double    grip_x; /* from the middle to where the pointer took hold */
  double    grip_y;
};

G_DEFINE_FINAL_TYPE (ReconHandle, recon_handle, GTK_TYPE_WIDGET)

enum
{
  DRAGGED,
  STEPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
drag_begin_cb (ReconHandle    *self,
               double          x,
               double          y,
               GtkGestureDrag *gesture)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->grip_x = x - gtk_widget_get_width (widget) / 2.0;
  self->grip_y = y - gtk_widget_get_height (widget) / 2.0;
  gtk_widget_grab_focus (widget);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

/* The gesture's coordinates move with the handle; the parent's stay. */
static void
drag_update_cb (ReconHandle    *self,
                double          offset_x,
                double          offset_y,
                GtkGestureDrag *gesture)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double start_x, start_y, x, y;

  if (!gtk_gesture_drag_get_start_point (gesture, &start_x, &start_y) ||
      !gtk_widget_translate_coordinates (widget, gtk_widget_get_parent (widget), start_x + offset_x,
                                         start_y + offset_y, &x, &y))
    return;

  g_signal_emit (self, signals[DRAGGED], 0, x - self->grip_x, y - self->grip_y);
}

static gboolean
step_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  int dx, dy;

  g_variant_get (args, "(ii)", &dx, &dy);
  g_signal_emit (widget, signals[STEPPED], 0, dx, dy);

  return GDK_EVENT_STOP;
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    int   dx;
    int   dy;
  } keys[] = {
    { GDK_KEY_Left, -1, 0 }, { GDK_KEY_Right, 1, 0 }, { GDK_KEY_Up, 0, -1 }, { GDK_KEY_Down, 0, 1 },
    { GDK_KEY_KP_Left, -1, 0 }, { GDK_KEY_KP_Right, 1, 0 }, { GDK_KEY_KP_Up, 0, -1 }, { GDK_KEY_KP_Down, 0, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_add_binding (widget_class, keys[i].key, 0, step_cb, "(ii)", keys[i].dx, keys[i].dy);
      gtk_widget_class_add_binding (widget_class, keys[i].key, GDK_SHIFT_MASK, step_cb, "(ii)",
                                    LARGE_STEP * keys[i].dx, LARGE_STEP * keys[i].dy);
    }
}

static void
recon_handle_class_init (ReconHandleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_css_name (widget_class, "grip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  add_keys (widget_class);

  /**
   * ReconHandle::dragged:
   * @self: the handle
   * @x: where its middle is wanted, in the coordinates of its parent
   * @y: the same
   */
  signals[DRAGGED] = g_signal_new ("dragged", RECON_TYPE_HANDLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);

  /**
   * ReconHandle::stepped:
   * @self: the handle
   * @dx: steps to the right
   * @dy: steps down
   */
  signals[STEPPED] = g_signal_new ("stepped", RECON_TYPE_HANDLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
recon_handle_init (ReconHandle *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grab");
}

/**
 * recon_handle_new:
 * @label: what it moves, for those who cannot see it
 * @style_class: how it looks
 *
 * Returns: (transfer floating): a handle
 */
GtkWidget *
recon_handle_new (const char *label,
                  const char *style_class)
{
  GtkWidget *self = g_object_new (RECON_TYPE_HANDLE, NULL);

  gtk_widget_add_css_class (self, style_class);
  gtk_widget_set_tooltip_text (self, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return self;
}

/**
 * recon_handle_allocate_at:
 * @self: a handle
 * @x: where its middle goes, in the parent's coordinates
 * @y: the same
 *
 * To be called where the parent allocates its children.
 */
void
recon_handle_allocate_at (ReconHandle *self,
                          double       x,
                          double       y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkRequisition size;
  graphene_point_t corner;

  gtk_widget_get_preferred_size (widget, NULL, &size);
  graphene_point_init (&corner, (float) (x - size.width / 2.0), (float) (y - size.height / 2.0));
  gtk_widget_allocate (widget, size.width, size.height, -1, gsk_transform_translate (NULL, &corner));
}

/**
 * recon_handle_set_value:
 * @self: a handle
 * @value: what it stands at
 * @text: the same in words
 *
 * Tells it to those who cannot see it.
 */
void
recon_handle_set_value (ReconHandle *self,
                        double       value,
                        const char  *text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, value,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/image-view-private.h"

#include <math.h>

/* Nearer than this to where it was pressed, a pointer has clicked and not dragged. */
#define CLICK_DISTANCE 4.0

#define WHEEL_FACTOR 1.25
#define PAN_KEY_STEP 48.0     /* pixels of the widget */
#define SCROLL_STEP 1.0       /* the same, per unit of a touchpad */
#define WINDOW_DISTANCE 200.0 /* the range becomes twice as wide */

static ReconScene *
get_scene (ReconImageView *self)
{
  return recon_canvas_get_scene (self->canvas);
}

static void
pan (ReconImageView *self,
     double          dx,
     double          dy)
{
  ReconViewport *viewport = &get_scene (self)->viewport;
  ReconViewport before = *viewport;
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  recon_viewport_pan (viewport, dx * scale, dy * scale);
  _recon_image_view_view_changed (self, &before);
}

static void
zoom_about (ReconImageView *self,
            double          zoom,
            double          x,
            double          y)
{
  ReconViewport *viewport = &get_scene (self)->viewport;
  ReconViewport before = *viewport;
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  recon_viewport_zoom_about (viewport, zoom, x * scale, y * scale);
  _recon_image_view_view_changed (self, &before);
}

static void
motion_cb (ReconImageView *self,
           double          x,
           double          y)
{
  self->has_pointer = TRUE;
  self->pointer_x = x;
  self->pointer_y = y;
  _recon_image_view_update_readout (self);
}

static void
leave_cb (ReconImageView *self)
{
  self->has_pointer = FALSE;
  _recon_image_view_update_readout (self);
}

static gboolean
is_touchpad (GtkEventControllerScroll *scroll)
{
  GdkDevice *device = gtk_event_controller_get_current_event_device (GTK_EVENT_CONTROLLER (scroll));

  return gtk_event_controller_scroll_get_unit (scroll) == GDK_SCROLL_UNIT_SURFACE ||
         (device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHPAD);
}

/* The wheel zooms, two fingers pan, and with Control both zoom. With Alt the slice changes, which is not done here. */
static gboolean
scroll_cb (ReconImageView           *self,
           double                    dx,
           double                    dy,
           GtkEventControllerScroll *scroll)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));
  const ReconViewport *viewport = &get_scene (self)->viewport;
  gboolean touchpad = is_touchpad (scroll);
  double x = self->pointer_x, y = self->pointer_y;

  if ((state & GDK_ALT_MASK) != 0 || self->picture == NULL)
    return GDK_EVENT_PROPAGATE;

  if (touchpad && (state & GDK_CONTROL_MASK) == 0)
    {
      pan (self, -dx * SCROLL_STEP, -dy * SCROLL_STEP);
      return GDK_EVENT_STOP;
    }

  if (!self->has_pointer)
    {
      x = gtk_widget_get_width (GTK_WIDGET (self->canvas)) / 2.0;
      y = gtk_widget_get_height (GTK_WIDGET (self->canvas)) / 2.0;
    }
  zoom_about (self, recon_viewport_scale_zoom (viewport, pow (WHEEL_FACTOR, touchpad ? -dy / 10.0 : -dy)), x, y);

  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (ReconImageView *self)
{
  self->drag_viewport = get_scene (self)->viewport;
}

static void
pinch_cb (ReconImageView *self,
          double          factor,
          GtkGesture     *gesture)
{
  double x, y;

  if (self->picture != NULL && gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    zoom_about (self, self->drag_viewport.zoom * factor, x, y);
}

static ReconDrag
choose_drag (ReconImageView *self,
             guint           button)
{
  switch (button)
    {
    case GDK_BUTTON_PRIMARY:
      return self->profiling ? RECON_DRAG_LINE :
             get_scene (self)->overlay != RECON_OVERLAY_NONE ? RECON_DRAG_OVERLAY : RECON_DRAG_PAN;
    case GDK_BUTTON_MIDDLE:
      return RECON_DRAG_PAN;
    case GDK_BUTTON_SECONDARY:
      return RECON_DRAG_LEVELS;
    default:
      return RECON_DRAG_NONE;
    }
}

static void
drag_begin_cb (ReconImageView *self,
               double          x,
               double          y,
               GtkGestureDrag *gesture)
{
  const ReconScene *scene = get_scene (self);

  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
  if (self->picture == NULL)
    return;

  self->drag = choose_drag (self, gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)));
  self->drag_viewport = scene->viewport;
  self->drag_levels = scene->levels;
  self->drag_shift = scene->shift;
}

/* Finer steps where one sees them. */
static double
round_shift (double shift,
             double zoom)
{
  double step = zoom >= 4.0 ? 0.1 : zoom >= 1.0 ? 0.5 : 1.0;

  return round (shift / step) * step;
}

static void
drag_line (ReconImageView *self,
           GtkGestureDrag *gesture,
           double          dx,
           double          dy)
{
  ReconMarks *marks = recon_canvas_get_marks (self->canvas);
  double x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  recon_canvas_get_position (self->canvas, x, y, &marks->line[0], &marks->line[1]);
  recon_canvas_get_position (self->canvas, x + dx, y + dy, &marks->line[2], &marks->line[3]);
  _recon_image_view_place_line (self);
  _recon_image_view_update_profile (self);
}

static void
drag_levels (ReconImageView *self,
             double          dx,
             double          dy)
{
  ReconLevels levels = self->drag_levels;
  double height = MAX (gtk_widget_get_height (GTK_WIDGET (self->canvas)), 1);

  recon_levels_drag (&levels, dx / WINDOW_DISTANCE, -dy / height);
  _recon_image_view_hand_levels (self, levels.low, levels.high);
}

static void
drag_update_cb (ReconImageView *self,
                double          dx,
                double          dy,
                GtkGestureDrag *gesture)
{
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  double zoom = self->drag_viewport.zoom / scale;

  if (hypot (dx, dy) < CLICK_DISTANCE)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  switch (self->drag)
    {
    case RECON_DRAG_PAN:
      get_scene (self)->viewport.x = self->drag_viewport.x;
      get_scene (self)->viewport.y = self->drag_viewport.y;
      pan (self, dx, dy);
      break;
    case RECON_DRAG_LINE:
      drag_line (self, gesture, dx, dy);
      break;
    case RECON_DRAG_OVERLAY:
      _recon_image_view_move_overlay (self, round_shift (self->drag_shift + dx / zoom, zoom));
      break;
    case RECON_DRAG_LEVELS:
      drag_levels (self, dx, dy);
      break;
    case RECON_DRAG_NONE:
    default:
      break;
    }
}

static void
drag_end_cb (ReconImageView *self,
             double          dx,
             double          dy,
             GtkGestureDrag *gesture)
{
  double x, y;

  if (hypot (dx, dy) < CLICK_DISTANCE && self->drag != RECON_DRAG_LEVELS && self->drag != RECON_DRAG_NONE &&
      gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) == GDK_BUTTON_PRIMARY &&
      gtk_gesture_drag_get_start_point (gesture, &x, &y))
    _recon_image_view_toggle_pin (self, x, y);
  self->drag = RECON_DRAG_NONE;
}

/* A drag that something else has taken over is no click. */
static void
drag_cancel_cb (ReconImageView *self)
{
  self->drag = RECON_DRAG_NONE;
}

static gboolean
is_on_canvas (ReconImageView *self)
{
  return gtk_widget_is_focus (GTK_WIDGET (self->canvas)) && self->picture != NULL;
}

/* Arrows pan; with Control they move the pin. An overlay takes them: by a pixel, with Shift ten, with Control a
 * tenth. */
static gboolean
arrow_cb (GtkWidget *widget,
          GVariant  *args,
          gpointer   user_data)
{
  ReconImageView *self = RECON_IMAGE_VIEW (widget);
  const ReconScene *scene = get_scene (self);
  int dx, dy, modifiers;

  if (!is_on_canvas (self))
    return GDK_EVENT_PROPAGATE;

  g_variant_get (args, "(iii)", &dx, &dy, &modifiers);
  if (scene->overlay != RECON_OVERLAY_NONE && dx != 0)
    {
      double step = modifiers == GDK_SHIFT_MASK ? 10.0 : modifiers == GDK_CONTROL_MASK ? 0.1 : 1.0;

      _recon_image_view_move_overlay (self, round ((scene->shift + dx * step) * 1000.0) / 1000.0);
    }
  else if (modifiers == GDK_CONTROL_MASK)
    _recon_image_view_move_pin (self, dx, dy);
  else
    {
      double step = modifiers == GDK_SHIFT_MASK ? PAN_KEY_STEP / 8.0 : PAN_KEY_STEP;

      pan (self, -dx * step, -dy * step);
    }

  return GDK_EVENT_STOP;
}

static gboolean
pin_cb (GtkWidget *widget,
        GVariant  *args,
        gpointer   user_data)
{
  ReconImageView *self = RECON_IMAGE_VIEW (widget);

  if (!is_on_canvas (self))
    return GDK_EVENT_PROPAGATE;

  if (self->has_pointer)
    _recon_image_view_toggle_pin (self, self->pointer_x, self->pointer_y);
  else
    _recon_image_view_move_pin (self, 0, 0);

  return GDK_EVENT_STOP;
}

static void
add_arrows (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint keys[2];
    int   dx;
    int   dy;
  } arrows[] = {
    { { GDK_KEY_Left, GDK_KEY_KP_Left }, -1, 0 },
    { { GDK_KEY_Right, GDK_KEY_KP_Right }, 1, 0 },
    { { GDK_KEY_Up, GDK_KEY_KP_Up }, 0, -1 },
    { { GDK_KEY_Down, GDK_KEY_KP_Down }, 0, 1 },
  };
  static const GdkModifierType modifiers[] = { 0, GDK_SHIFT_MASK, GDK_CONTROL_MASK };

  for (gsize i = 0; i < G_N_ELEMENTS (arrows); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (modifiers); j++)
      for (gsize k = 0; k < G_N_ELEMENTS (arrows[i].keys); k++)
        gtk_widget_class_add_binding (widget_class, arrows[i].keys[k], modifiers[j], arrow_cb, "(iii)",
                                      arrows[i].dx, arrows[i].dy, (int) modifiers[j]);
}

/**
 * _recon_image_view_add_keys:
 * @widget_class: the class of views
 *
 * Keys that act while the focus is in the view.
 */
void
_recon_image_view_add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint           key;
    GdkModifierType modifiers;
    const char     *action;
  } keys[] = {
    { GDK_KEY_plus, 0, "view.zoom-in" },
    { GDK_KEY_plus, GDK_SHIFT_MASK, "view.zoom-in" },
    { GDK_KEY_equal, 0, "view.zoom-in" },
    { GDK_KEY_KP_Add, 0, "view.zoom-in" },
    { GDK_KEY_minus, 0, "view.zoom-out" },
    { GDK_KEY_KP_Subtract, 0, "view.zoom-out" },
    { GDK_KEY_0, 0, "view.fit" },
    { GDK_KEY_KP_0, 0, "view.fit" },
    { GDK_KEY_1, 0, "view.one-to-one" },
    { GDK_KEY_KP_1, 0, "view.one-to-one" },
    { GDK_KEY_h, 0, "view.levels" },
    { GDK_KEY_c, 0, "view.next-colour-map" },
    { GDK_KEY_p, 0, "view.profile" },
    { GDK_KEY_b, 0, "view.scale-bar" },
    { GDK_KEY_c, GDK_CONTROL_MASK, "view.copy" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers, keys[i].action, NULL);
  add_arrows (widget_class);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, pin_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, pin_cb, NULL);
}

/**
 * _recon_image_view_add_input:
 * @self: a new view
 *
 * Pointer, wheel and touch.
 */
void
_recon_image_view_add_input (ReconImageView *self)
{
  GtkWidget *canvas = GTK_WIDGET (self->canvas);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (canvas, motion);

  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (canvas, scroll);

  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (canvas, GTK_EVENT_CONTROLLER (pinch));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  gtk_widget_add_controller (canvas, GTK_EVENT_CONTROLLER (drag));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/canvas-private.h"

#include <glib/gi18n.h>

#include "viewer/cairo-renderer.h"
#include "viewer/handle.h"

G_DEFINE_FINAL_TYPE (ReconCanvas, recon_canvas, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_HAS_GL,
  N_PROPERTIES
};

enum
{
  VIEW_CHANGED,
  LINE_MOVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

/**
 * _recon_canvas_set_has_gl:
 * @self: a canvas
 * @has_gl: whether OpenGL works
 */
void
_recon_canvas_set_has_gl (ReconCanvas *self,
                          gboolean     has_gl)
{
  if (self->has_gl == has_gl)
    return;

  self->has_gl = has_gl;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_GL]);
}

static void
get_line_position (ReconCanvas *self,
                   guint        end,
                   double      *x,
                   double      *y)
{
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  recon_viewport_to_view (&self->scene.viewport, self->marks.line[2 * end], self->marks.line[2 * end + 1], x, y);
  *x /= scale;
  *y /= scale;
}

static void
move_line_end (ReconCanvas *self,
               guint        end,
               double       x,
               double       y)
{
  const ReconViewport *viewport = &self->scene.viewport;

  self->marks.line[2 * end] = CLAMP (x, 0.5, MAX (viewport->image_width - 0.5, 0.5));
  self->marks.line[2 * end + 1] = CLAMP (y, 0.5, MAX (viewport->image_height - 0.5, 0.5));
  recon_canvas_redraw (self);
  g_signal_emit (self, signals[LINE_MOVED], 0);
}

static void
handle_dragged_cb (ReconCanvas *self,
                   double       x,
                   double       y,
                   GtkWidget   *handle)
{
  double image_x, image_y;

  recon_canvas_get_position (self, x, y, &image_x, &image_y);
  move_line_end (self, handle == self->handles[1], image_x, image_y);
}

static void
handle_stepped_cb (ReconCanvas *self,
                   int          dx,
                   int          dy,
                   GtkWidget   *handle)
{
  guint end = handle == self->handles[1];

  move_line_end (self, end, self->marks.line[2 * end] + dx, self->marks.line[2 * end + 1] + dy);
}

static void
recon_canvas_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  *minimum = 64;
  *natural = 256;
}

static void
recon_canvas_size_allocate (GtkWidget *widget,
                            int        width,
                            int        height,
                            int        baseline)
{
  ReconCanvas *self = RECON_CANVAS (widget);
  ReconViewport *viewport = &self->scene.viewport;
  int scale = gtk_widget_get_scale_factor (widget);

  gtk_widget_allocate (self->area, width, height, -1, NULL);
  if (viewport->view_width != width * scale || viewport->view_height != height * scale)
    {
      recon_viewport_set_view_size (viewport, width * scale, height * scale);
      g_clear_object (&self->texture);
      g_signal_emit (self, signals[VIEW_CHANGED], 0);
    }

  for (guint end = 0; end < 2; end++)
    {
      double x, y;

      if (!gtk_widget_should_layout (self->handles[end]))
        continue;
      get_line_position (self, end, &x, &y);
      recon_handle_allocate_at (RECON_HANDLE (self->handles[end]), x, y);
    }
}

static void
snapshot_texture (ReconCanvas *self,
                  GtkSnapshot *snapshot,
                  int          width,
                  int          height)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  const GdkRGBA ground = {
    (RECON_COLOUR_GROUND >> 16 & 0xff) / 255.0f,
    (RECON_COLOUR_GROUND >> 8 & 0xff) / 255.0f,
    (RECON_COLOUR_GROUND & 0xff) / 255.0f,
    1.0f,
  };

  if (self->scene.picture != NULL && self->texture == NULL)
    self->texture = recon_cairo_renderer_draw (&self->scene);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
  else
    gtk_snapshot_append_color (snapshot, &ground, &bounds);
}

static void
recon_canvas_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  ReconCanvas *self = RECON_CANVAS (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  if (self->without_gl)
    snapshot_texture (self, snapshot, width, height);
  else
    gtk_widget_snapshot_child (widget, self->area, snapshot);

  if (self->scene.picture != NULL)
    _recon_canvas_snapshot_marks (self, snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  for (guint end = 0; end < 2; end++)
    gtk_widget_snapshot_child (widget, self->handles[end], snapshot);
}

static void
recon_canvas_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_HAS_GL:
      g_value_set_boolean (value, RECON_CANVAS (object)->has_gl);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_canvas_dispose (GObject *object)
{
  ReconCanvas *self = RECON_CANVAS (object);

  /* The area is unrealized here, which frees the renderer in its context. */
  g_clear_pointer (&self->area, gtk_widget_unparent);
  g_clear_pointer (&self->handles[0], gtk_widget_unparent);
  g_clear_pointer (&self->handles[1], gtk_widget_unparent);
  g_clear_object (&self->texture);
  self->scene.picture = NULL;
  g_clear_pointer (&self->picture, recon_picture_unref);

  G_OBJECT_CLASS (recon_canvas_parent_class)->dispose (object);
}

static void
recon_canvas_class_init (ReconCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = recon_canvas_get_property;
  object_class->dispose = recon_canvas_dispose;
  widget_class->measure = recon_canvas_measure;
  widget_class->size_allocate = recon_canvas_size_allocate;
  widget_class->snapshot = recon_canvas_snapshot;

  properties[PROP_HAS_GL] = g_param_spec_boolean ("has-gl", NULL, NULL, FALSE,
                                                  G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * ReconCanvas::view-changed:
   * @self: the canvas
   *
   * The viewport is another one because the size is.
   */
  signals[VIEW_CHANGED] = g_signal_new ("view-changed", RECON_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 0);

  /**
   * ReconCanvas::line-moved:
   * @self: the canvas
   *
   * An end of the line was moved by its handle.
   */
  signals[LINE_MOVED] = g_signal_new ("line-moved", RECON_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
recon_canvas_init (ReconCanvas *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  recon_viewport_init (&self->scene.viewport);
  recon_levels_set (&self->scene.levels, 0.0, 1.0);

  _recon_canvas_add_area (self);

  self->handles[0] = recon_handle_new (_ ("Start of the profile"), "round");
  self->handles[1] = recon_handle_new (_ ("End of the profile"), "round");
  for (guint end = 0; end < 2; end++)
    {
      g_signal_connect_swapped (self->handles[end], "dragged", G_CALLBACK (handle_dragged_cb), self);
      g_signal_connect_swapped (self->handles[end], "stepped", G_CALLBACK (handle_stepped_cb), self);
      gtk_widget_set_visible (self->handles[end], FALSE);
      gtk_widget_set_parent (self->handles[end], widget);
    }

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
}

/**
 * recon_canvas_get_scene:
 * @self: a canvas
 *
 * Returns: (transfer none): what is shown; after changing it call recon_canvas_redraw()
 */
ReconScene *
recon_canvas_get_scene (ReconCanvas *self)
{
  return &self->scene;
}

/**
 * recon_canvas_get_marks:
 * @self: a canvas
 *
 * Returns: (transfer none): what is marked; after changing it call recon_canvas_redraw()
 */
ReconMarks *
recon_canvas_get_marks (ReconCanvas *self)
{
  return &self->marks;
}

/**
 * recon_canvas_set_picture:
 * @self: a canvas
 * @picture: (nullable): a picture
 *
 * Replaces the picture of the scene.
 */
void
recon_canvas_set_picture (ReconCanvas  *self,
                          ReconPicture *picture)
{
  if (picture != NULL)
    recon_picture_ref (picture);
  g_clear_pointer (&self->picture, recon_picture_unref);
  self->picture = picture;
  self->scene.picture = picture;
  if (picture != NULL)
    recon_viewport_set_image_size (&self->scene.viewport, recon_picture_get_request (picture)->full_width,
                                   recon_picture_get_request (picture)->full_height);
  recon_canvas_redraw (self);
}

/**
 * recon_canvas_redraw:
 * @self: a canvas
 *
 * Shows the scene and the marks as they are now.
 */
void
recon_canvas_redraw (ReconCanvas *self)
{
  if (self->area == NULL)
    return;

  g_clear_object (&self->texture);
  gtk_widget_set_child_visible (self->area, !self->without_gl);
  if (!self->without_gl)
    gtk_gl_area_queue_render (GTK_GL_AREA (self->area));

  for (guint end = 0; end < 2; end++)
    {
      g_autofree char *text = NULL;

      gtk_widget_set_visible (self->handles[end], self->marks.has_line);
      if (!self->marks.has_line)
        continue;
      text = g_strdup_printf (_ ("x %.1f, y %.1f"), self->marks.line[2 * end] - 0.5,
                              self->marks.line[2 * end + 1] - 0.5);
      recon_handle_set_value (RECON_HANDLE (self->handles[end]), self->marks.line[2 * end] - 0.5, text);
    }
  if (self->marks.has_line)
    gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
recon_canvas_get_has_gl (ReconCanvas *self)
{
  return self->has_gl;
}

/**
 * recon_canvas_set_scale:
 * @self: a canvas
 * @has_scale_bar: whether a bar upon the picture tells lengths
 * @pixel_size: of the image, in µm; 0 if it isn't known
 */
void
recon_canvas_set_scale (ReconCanvas *self,
                        gboolean     has_scale_bar,
                        double       pixel_size)
{
  self->has_scale_bar = has_scale_bar;
  self->pixel_size = pixel_size;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * recon_canvas_get_position:
 * @self: a canvas
 * @x: position in the widget
 * @y: the same
 * @image_x: (out): position in the image, from the outer corner of the first pixel
 * @image_y: (out): the same
 */
void
recon_canvas_get_position (ReconCanvas *self,
                           double       x,
                           double       y,
                           double      *image_x,
                           double      *image_y)
{
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  recon_viewport_to_image (&self->scene.viewport, x * scale, y * scale, image_x, image_y);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/canvas.h"

#include <glib/gi18n.h>

#include "viewer/cairo-renderer.h"
#include "viewer/gl-program.h"
#include "viewer/gl-renderer.h"
#include "viewer/handle.h"

struct _ReconCanvas
{
  GtkWidget        parent_instance;

  GtkWidget       *area;
  GtkWidget       *handles[2]; /* of the line's ends */
  ReconGlRenderer *renderer;
  guint            largest_texture;
  gboolean         has_gl;
  gboolean         gl_failed; /* and would again */
  gboolean         force_gl;
  gboolean         without_gl; /* drawn by the processor */

  ReconScene       scene;
  ReconPicture    *picture; /* the scene's */
  ReconMarks       marks;
  GdkTexture      *texture; /* of the scene without OpenGL, until it changes */
};

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

static void
set_has_gl (ReconCanvas *self,
            gboolean     has_gl)
{
  if (self->has_gl == has_gl)
    return;

  self->has_gl = has_gl;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_GL]);
}

static void
give_up_gl (ReconCanvas  *self,
            const GError *error)
{
  g_info ("Images are drawn without OpenGL: %s", error->message);
  self->gl_failed = TRUE;
  self->without_gl = TRUE;
  set_has_gl (self, FALSE);
  recon_canvas_redraw (self);
}

static void
area_realize_cb (ReconCanvas *self)
{
  GtkGLArea *area = GTK_GL_AREA (self->area);
  g_autoptr (GError) error = NULL;

  if (self->gl_failed)
    return;

  gtk_gl_area_make_current (area);
  if (gtk_gl_area_get_error (area) != NULL)
    {
      give_up_gl (self, gtk_gl_area_get_error (area));
      return;
    }

  /* What only pretends to be a graphics card takes several times as long as our own renderer. */
  if (!self->force_gl && recon_gl_is_software ())
    {
      self->without_gl = TRUE;
      set_has_gl (self, TRUE);
      recon_canvas_redraw (self);
      return;
    }

  self->renderer = recon_gl_renderer_new (gtk_gl_area_get_context (area), self->largest_texture, &error);
  if (self->renderer == NULL)
    give_up_gl (self, error);
  else
    set_has_gl (self, TRUE);
}

static void
area_unrealize_cb (ReconCanvas *self)
{
  if (self->renderer != NULL)
    {
      gtk_gl_area_make_current (GTK_GL_AREA (self->area));
      g_clear_pointer (&self->renderer, recon_gl_renderer_free);
    }
  set_has_gl (self, FALSE);
}

static gboolean
redraw_cb (gpointer user_data)
{
  recon_canvas_redraw (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
give_up_cb (gpointer user_data)
{
  ReconCanvas *self = user_data;

  self->gl_failed = TRUE;
  self->without_gl = TRUE;
  set_has_gl (self, FALSE);
  recon_canvas_redraw (self);

  return G_SOURCE_REMOVE;
}

static gboolean
area_render_cb (ReconCanvas *self)
{
  g_autoptr (GError) error = NULL;
  gboolean complete = TRUE;

  if (self->renderer == NULL)
    return FALSE;

  if (!recon_gl_renderer_draw (self->renderer, &self->scene, &complete, &error))
    {
      /* This is in the middle of drawing; the widget may be drawn anew only after it. */
      g_clear_pointer (&self->renderer, recon_gl_renderer_free);
      g_idle_add_full (G_PRIORITY_HIGH_IDLE, give_up_cb, g_object_ref (self), g_object_unref);
      g_info ("Images are drawn without OpenGL: %s", error->message);
    }
  else if (!complete)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, redraw_cb, g_object_ref (self), g_object_unref);

  return TRUE;
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
    recon_marks_snapshot (&self->marks, &self->scene.viewport, gtk_widget_get_scale_factor (widget), snapshot,
                          width, height);
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

  self->area = gtk_gl_area_new ();
  gtk_gl_area_set_auto_render (GTK_GL_AREA (self->area), FALSE);
  gtk_widget_set_can_target (self->area, FALSE);
  g_signal_connect_swapped (self->area, "realize", G_CALLBACK (area_realize_cb), self);
  g_signal_connect_swapped (self->area, "unrealize", G_CALLBACK (area_unrealize_cb), self);
  g_signal_connect_swapped (self->area, "render", G_CALLBACK (area_render_cb), self);
  gtk_widget_set_parent (self->area, widget);

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

/**
 * recon_canvas_limit_gl:
 * @self: a canvas that is not realized
 * @use_es: whether OpenGL ES shall be used
 * @largest_texture: columns and rows that a texture may have, or 0 for what the driver allows
 *
 * Does as if the card could do less, and takes it even where the processor would be faster, for tests.
 */
void
recon_canvas_limit_gl (ReconCanvas *self,
                       gboolean     use_es,
                       guint        largest_texture)
{
  g_return_if_fail (!gtk_widget_get_realized (GTK_WIDGET (self)));

  self->force_gl = TRUE;
  gtk_gl_area_set_use_es (GTK_GL_AREA (self->area), use_es);
  self->largest_texture = largest_texture;
}

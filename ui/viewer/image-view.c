/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/image-view-private.h"

#define RESOURCES "/org/reconstruct/Reconstruct/viewer/"

G_DEFINE_FINAL_TYPE (ReconImageView, recon_image_view, GTK_TYPE_WIDGET)

enum
{
  OVERLAY_MOVED,
  MESSAGE,
  N_SIGNALS
};

static GParamSpec *properties[RECON_IMAGE_VIEW_N_PROPERTIES];
static guint signals[N_SIGNALS];

void
_recon_image_view_notify (ReconImageView *self,
                          guint           property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/**
 * _recon_image_view_say:
 * @self: a view
 * @text: what has been done
 *
 * Tells the window.
 */
void
_recon_image_view_say (ReconImageView *self,
                       const char     *text)
{
  g_signal_emit (self, signals[MESSAGE], 0, text);
}

static void
update_zoom_label (ReconImageView *self)
{
  double zoom = recon_canvas_get_scene (self->canvas)->viewport.zoom;
  g_autofree char *text = zoom < 0.095 ? g_strdup_printf ("%.1f %%", zoom * 100.0) :
                          g_strdup_printf ("%.0f %%", zoom * 100.0);

  gtk_button_set_label (self->zoom_button, text);
}

/**
 * _recon_image_view_view_changed:
 * @self: a view
 * @before: (nullable): the viewport as it was
 *
 * To be called after the viewport has been changed.
 */
void
_recon_image_view_view_changed (ReconImageView      *self,
                                const ReconViewport *before)
{
  const ReconViewport *viewport = &recon_canvas_get_scene (self->canvas)->viewport;

  update_zoom_label (self);
  recon_canvas_redraw (self->canvas);
  _recon_image_view_update_readout (self);
  if (before == NULL || before->zoom != viewport->zoom)
    _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_ZOOM);
  if (before != NULL && before->fit != viewport->fit)
    _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_FIT);
}

static void
set_colour_map (ReconImageView *self,
                const char     *id)
{
  ReconColourMap map;

  if (!recon_colour_map_from_id (id, &map) || map == self->colour_map)
    return;

  self->colour_map = map;
  _recon_image_view_update_colours (self);
  _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_COLOUR_MAP);
}

static void
set_profiling (ReconImageView *self,
               gboolean        profiling)
{
  if (self->profiling == profiling)
    return;

  self->profiling = profiling;
  _recon_image_view_place_line (self);
  _recon_image_view_update_profile (self);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->canvas), profiling ? "crosshair" : NULL);
  _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_PROFILING);
}

static void
set_viewport (ReconImageView *self,
              gboolean        fit,
              double          zoom)
{
  ReconViewport *viewport = &recon_canvas_get_scene (self->canvas)->viewport;
  ReconViewport before = *viewport;

  if (fit || zoom <= 0)
    recon_viewport_set_fit (viewport, fit);
  else
    recon_viewport_set_zoom (viewport, zoom);
  _recon_image_view_view_changed (self, &before);
}

static void
canvas_resized_cb (ReconImageView *self)
{
  update_zoom_label (self);
  _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_ZOOM);
}

static void
has_gl_cb (ReconImageView *self)
{
  _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_HAS_GL);
}

static void
levels_moved_cb (ReconImageView *self,
                 double          low,
                 double          high)
{
  _recon_image_view_hand_levels (self, low, high);
}

/* Nobody sees the histogram before. */
static void
popover_shown_cb (ReconImageView *self)
{
  if (self->histogram_stale)
    _recon_image_view_queue_prepare (self);
}

static void
recon_image_view_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  ReconImageView *self = RECON_IMAGE_VIEW (object);
  const ReconScene *scene = recon_canvas_get_scene (self->canvas);

  switch (id)
    {
    case RECON_IMAGE_VIEW_PROP_IMAGE:
      g_value_set_boxed (value, self->wanted.first);
      break;
    case RECON_IMAGE_VIEW_PROP_FIT:
      g_value_set_boolean (value, scene->viewport.fit);
      break;
    case RECON_IMAGE_VIEW_PROP_ZOOM:
      g_value_set_double (value, scene->viewport.zoom);
      break;
    case RECON_IMAGE_VIEW_PROP_COLOUR_MAP:
      g_value_set_static_string (value, recon_colour_map_get_id (self->colour_map));
      break;
    case RECON_IMAGE_VIEW_PROP_LOW:
      g_value_set_double (value, scene->levels.low);
      break;
    case RECON_IMAGE_VIEW_PROP_HIGH:
      g_value_set_double (value, scene->levels.high);
      break;
    case RECON_IMAGE_VIEW_PROP_LOCK_LEVELS:
      g_value_set_boolean (value, self->lock_levels);
      break;
    case RECON_IMAGE_VIEW_PROP_READOUT:
      g_value_set_string (value, self->readout);
      break;
    case RECON_IMAGE_VIEW_PROP_PROFILING:
      g_value_set_boolean (value, self->profiling);
      break;
    case RECON_IMAGE_VIEW_PROP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;
    case RECON_IMAGE_VIEW_PROP_HAS_GL:
      g_value_set_boolean (value, recon_canvas_get_has_gl (self->canvas));
      break;
    case RECON_IMAGE_VIEW_PROP_SCALE_BAR:
      g_value_set_boolean (value, self->scale_bar);
      break;
    case RECON_IMAGE_VIEW_PROP_PIXEL_SIZE:
      g_value_set_double (value, self->pixel_size);
      break;
    case RECON_IMAGE_VIEW_PROP_VALUE_UNIT:
      g_value_set_string (value, self->value_unit);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_image_property (ReconImageView *self,
                    ReconImage     *image)
{
  recon_image_view_set_image (self, image, image != NULL ? recon_image_get_width (image) : 0,
                              image != NULL ? recon_image_get_height (image) : 0);
}

static void
set_description (ReconImageView *self,
                 const char     *description)
{
  if (g_strcmp0 (self->description, description) == 0)
    return;

  g_free (self->description);
  self->description = g_strdup (description);
  _recon_image_view_update_label (self);
  _recon_image_view_notify (self, RECON_IMAGE_VIEW_PROP_DESCRIPTION);
}

static void
recon_image_view_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  ReconImageView *self = RECON_IMAGE_VIEW (object);

  switch (id)
    {
    case RECON_IMAGE_VIEW_PROP_IMAGE:
      set_image_property (self, g_value_get_boxed (value));
      break;
    case RECON_IMAGE_VIEW_PROP_FIT:
      set_viewport (self, g_value_get_boolean (value), 0.0);
      break;
    case RECON_IMAGE_VIEW_PROP_ZOOM:
      set_viewport (self, FALSE, g_value_get_double (value));
      break;
    case RECON_IMAGE_VIEW_PROP_COLOUR_MAP:
      set_colour_map (self, g_value_get_string (value));
      break;
    case RECON_IMAGE_VIEW_PROP_LOW:
    case RECON_IMAGE_VIEW_PROP_HIGH:
      _recon_image_view_set_level (self, id, g_value_get_double (value));
      break;
    case RECON_IMAGE_VIEW_PROP_LOCK_LEVELS:
      if (self->lock_levels == g_value_get_boolean (value))
        break;
      self->lock_levels = g_value_get_boolean (value);
      _recon_image_view_notify (self, id);
      break;
    case RECON_IMAGE_VIEW_PROP_PROFILING:
      set_profiling (self, g_value_get_boolean (value));
      break;
    case RECON_IMAGE_VIEW_PROP_DESCRIPTION:
      set_description (self, g_value_get_string (value));
      break;
    case RECON_IMAGE_VIEW_PROP_SCALE_BAR:
      _recon_image_view_set_scale (self, id, g_value_get_boolean (value), self->pixel_size);
      break;
    case RECON_IMAGE_VIEW_PROP_PIXEL_SIZE:
      _recon_image_view_set_scale (self, id, self->scale_bar, g_value_get_double (value));
      break;
    case RECON_IMAGE_VIEW_PROP_VALUE_UNIT:
      _recon_image_view_set_value_unit (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
recon_image_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RECON_IMAGE_VIEW (widget)->canvas));
}

static void
recon_image_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (recon_image_view_parent_class)->map (widget);

  _recon_image_view_update_blink (RECON_IMAGE_VIEW (widget));
}

static void
recon_image_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (recon_image_view_parent_class)->unmap (widget);

  _recon_image_view_update_blink (RECON_IMAGE_VIEW (widget));
}

static void
recon_image_view_dispose (GObject *object)
{
  ReconImageView *self = RECON_IMAGE_VIEW (object);
  GtkWidget *child;

  g_clear_handle_id (&self->prepare_source, g_source_remove);
  g_clear_handle_id (&self->blink_source, g_source_remove);
  if (self->canvas != NULL)
    g_signal_handlers_disconnect_by_data (self->canvas, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_IMAGE_VIEW);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  recon_picture_request_clear (&self->wanted);
  g_clear_pointer (&self->picture, recon_picture_unref);

  G_OBJECT_CLASS (recon_image_view_parent_class)->dispose (object);
}

static void
recon_image_view_finalize (GObject *object)
{
  ReconImageView *self = RECON_IMAGE_VIEW (object);

  g_free (self->description);
  g_free (self->readout);
  g_free (self->value_unit);

  G_OBJECT_CLASS (recon_image_view_parent_class)->finalize (object);
}

static void
add_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags read_flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[RECON_IMAGE_VIEW_PROP_IMAGE] = g_param_spec_boxed ("image", NULL, NULL, RECON_TYPE_IMAGE, flags);
  properties[RECON_IMAGE_VIEW_PROP_FIT] = g_param_spec_boolean ("fit", NULL, NULL, TRUE, flags);
  properties[RECON_IMAGE_VIEW_PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, 0.0, 1e6, 1.0, flags);
  properties[RECON_IMAGE_VIEW_PROP_COLOUR_MAP] = g_param_spec_string ("colour-map", NULL, NULL, "grey", flags);
  properties[RECON_IMAGE_VIEW_PROP_LOW] =
    g_param_spec_double ("low", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0.0, flags);
  properties[RECON_IMAGE_VIEW_PROP_HIGH] =
    g_param_spec_double ("high", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 1.0, flags);
  properties[RECON_IMAGE_VIEW_PROP_LOCK_LEVELS] = g_param_spec_boolean ("lock-levels", NULL, NULL, FALSE, flags);
  properties[RECON_IMAGE_VIEW_PROP_READOUT] = g_param_spec_string ("readout", NULL, NULL, NULL, read_flags);
  properties[RECON_IMAGE_VIEW_PROP_PROFILING] = g_param_spec_boolean ("profiling", NULL, NULL, FALSE, flags);
  properties[RECON_IMAGE_VIEW_PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);
  properties[RECON_IMAGE_VIEW_PROP_HAS_GL] = g_param_spec_boolean ("has-gl", NULL, NULL, FALSE, read_flags);
  properties[RECON_IMAGE_VIEW_PROP_SCALE_BAR] = g_param_spec_boolean ("scale-bar", NULL, NULL, FALSE, flags);
  properties[RECON_IMAGE_VIEW_PROP_PIXEL_SIZE] =
    g_param_spec_double ("pixel-size", NULL, NULL, 0.0, G_MAXDOUBLE, 0.0, flags);
  properties[RECON_IMAGE_VIEW_PROP_VALUE_UNIT] = g_param_spec_string ("value-unit", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, RECON_IMAGE_VIEW_N_PROPERTIES, properties);
}

static void
add_signals (void)
{
  /**
   * ReconImageView::overlay-moved:
   * @self: the view
   * @shift: how far the second image now lies to the right, in pixels
   *
   * The second image was dragged or moved with the arrow keys.
   */
  signals[OVERLAY_MOVED] = g_signal_new ("overlay-moved", RECON_TYPE_IMAGE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  /**
   * ReconImageView::message:
   * @self: the view
   * @text: what has been done, such as a file saved
   *
   * Something that the user asked for is finished.
   */
  signals[MESSAGE] = g_signal_new ("message", RECON_TYPE_IMAGE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (RECON_TYPE_CANVAS);
  g_type_ensure (RECON_TYPE_LEVELS_POPOVER);
  g_type_ensure (RECON_TYPE_PROFILE_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class, RESOURCES "image-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconImageView, canvas);
  gtk_widget_class_bind_template_child (widget_class, ReconImageView, readout_label);
  gtk_widget_class_bind_template_child (widget_class, ReconImageView, levels_button);
  gtk_widget_class_bind_template_child (widget_class, ReconImageView, levels_popover);
  gtk_widget_class_bind_template_child (widget_class, ReconImageView, zoom_button);
  gtk_widget_class_bind_template_child (widget_class, ReconImageView, profile_revealer);
  gtk_widget_class_bind_template_child (widget_class, ReconImageView, profile_plot);
  gtk_widget_class_bind_template_child (widget_class, ReconImageView, profile_label);
  gtk_widget_class_bind_template_callback (widget_class, levels_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, popover_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, canvas_resized_cb);
  gtk_widget_class_bind_template_callback (widget_class, has_gl_cb);
  gtk_widget_class_bind_template_callback (widget_class, gtk_widget_grab_focus);
  gtk_widget_class_bind_template_callback (widget_class, _recon_image_view_update_profile);
}

static void
recon_image_view_class_init (ReconImageViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = recon_image_view_get_property;
  object_class->set_property = recon_image_view_set_property;
  object_class->dispose = recon_image_view_dispose;
  object_class->finalize = recon_image_view_finalize;
  widget_class->grab_focus = recon_image_view_grab_focus;
  widget_class->map = recon_image_view_map;
  widget_class->unmap = recon_image_view_unmap;

  add_properties (object_class);
  add_signals ();
  gtk_widget_class_set_css_name (widget_class, "imageview");
  bind_template (widget_class);
  _recon_image_view_add_actions (widget_class);
  _recon_image_view_add_keys (widget_class);
}

/* Style and icons, once for each display. */
static void
add_style (GdkDisplay *display)
{
  g_autoptr (GtkCssProvider) provider = NULL;

  if (g_object_get_data (G_OBJECT (display), "recon-viewer-style") != NULL)
    return;

  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, RESOURCES "viewer.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display), RESOURCES "icons");
  g_object_set_data_full (G_OBJECT (display), "recon-viewer-style", g_object_ref (provider), g_object_unref);
}

static void
recon_image_view_init (ReconImageView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_style (gtk_widget_get_display (GTK_WIDGET (self)));
  recon_levels_popover_set_levels (self->levels_popover, &recon_canvas_get_scene (self->canvas)->levels);
  _recon_image_view_add_input (self);
  _recon_image_view_update_label (self);
  _recon_image_view_enable_actions (self);
}

/**
 * recon_image_view_new:
 *
 * Returns: (transfer floating): a view without an image
 */
GtkWidget *
recon_image_view_new (void)
{
  return g_object_new (RECON_TYPE_IMAGE_VIEW, NULL);
}

/**
 * _recon_image_view_move_overlay:
 * @self: a view with an overlay
 * @shift: how far the second image lies to the right, in pixels
 *
 * Moves it, and says so.
 */
void
_recon_image_view_move_overlay (ReconImageView *self,
                                double          shift)
{
  recon_image_view_set_overlay (self, self->wanted.second, self->wanted.overlay, shift);
  g_signal_emit (self, signals[OVERLAY_MOVED], 0, shift);
}

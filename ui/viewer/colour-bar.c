/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/colour-bar.h"

struct _ReconColourBar
{
  GtkWidget       parent_instance;

  ReconColourMap  map;
  GdkTexture     *texture;
};

G_DEFINE_FINAL_TYPE (ReconColourBar, recon_colour_bar, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_MAP,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
set_map (ReconColourBar *self,
         const char     *id)
{
  ReconColourMap map;

  if (!recon_colour_map_from_id (id, &map) || map == self->map)
    return;

  self->map = map;
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAP]);
}

static void
recon_colour_bar_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 32 : 16;
  *natural = *minimum;
}

static void
recon_colour_bar_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  ReconColourBar *self = RECON_COLOUR_BAR (widget);
  float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  GskRoundedRect outline;

  if (self->texture == NULL)
    self->texture = recon_colour_bar_make_texture (self->map);

  gsk_rounded_rect_init_from_rect (&outline, &bounds, 3);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
recon_colour_bar_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_MAP:
      g_value_set_static_string (value, recon_colour_map_get_id (RECON_COLOUR_BAR (object)->map));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_colour_bar_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_MAP:
      set_map (RECON_COLOUR_BAR (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_colour_bar_dispose (GObject *object)
{
  g_clear_object (&RECON_COLOUR_BAR (object)->texture);

  G_OBJECT_CLASS (recon_colour_bar_parent_class)->dispose (object);
}

static void
recon_colour_bar_class_init (ReconColourBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = recon_colour_bar_get_property;
  object_class->set_property = recon_colour_bar_set_property;
  object_class->dispose = recon_colour_bar_dispose;
  widget_class->measure = recon_colour_bar_measure;
  widget_class->snapshot = recon_colour_bar_snapshot;

  properties[PROP_MAP] = g_param_spec_string ("map", NULL, NULL, "grey",
                                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
recon_colour_bar_init (ReconColourBar *self)
{
}

/**
 * recon_colour_bar_make_texture:
 * @map: a colour map
 *
 * Returns: (transfer full): its colours, 256 × 1
 */
GdkTexture *
recon_colour_bar_make_texture (ReconColourMap map)
{
  const guint32 *table = recon_colour_map_get_table (map);
  guint32 pixels[RECON_COLOUR_MAP_SIZE];
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < RECON_COLOUR_MAP_SIZE; i++)
    pixels[i] = 0xff000000u | table[i];
  bytes = g_bytes_new (pixels, sizeof pixels);

  return gdk_memory_texture_new (RECON_COLOUR_MAP_SIZE, 1, GDK_MEMORY_DEFAULT, bytes, sizeof pixels);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/banner.h"

#include <glib/gi18n.h>

struct _ReconBanner
{
  GtkWidget    parent_instance;

  GtkRevealer      *revealer;
  GtkImage         *icon;
  GtkLabel         *label;
  GtkButton        *button;
  GtkButton        *details_button;
  GtkButton        *close_button;
  char             *button_label;
  ReconBannerLevel  level;
};

G_DEFINE_FINAL_TYPE (ReconBanner, recon_banner, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_BUTTON_LABEL,
  PROP_REVEALED,
  N_PROPERTIES
};

enum
{
  BUTTON_CLICKED,
  DETAILS_CLICKED,
  CLOSED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
clicked_cb (ReconBanner *self)
{
  g_signal_emit (self, signals[BUTTON_CLICKED], 0);
}

static void
details_clicked_cb (ReconBanner *self)
{
  g_signal_emit (self, signals[DETAILS_CLICKED], 0);
}

static void
close_clicked_cb (ReconBanner *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
recon_banner_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ReconBanner *self = RECON_BANNER (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, recon_banner_get_title (self));
      break;
    case PROP_BUTTON_LABEL:
      g_value_set_string (value, self->button_label);
      break;
    case PROP_REVEALED:
      g_value_set_boolean (value, recon_banner_get_revealed (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_banner_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  ReconBanner *self = RECON_BANNER (object);

  switch (id)
    {
    case PROP_TITLE:
      recon_banner_set_title (self, g_value_get_string (value));
      break;
    case PROP_BUTTON_LABEL:
      recon_banner_set_button_label (self, g_value_get_string (value));
      break;
    case PROP_REVEALED:
      recon_banner_set_revealed (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* A child that has faded out still takes its room. */
static void
child_revealed_cb (ReconBanner *self)
{
  if (!gtk_revealer_get_child_revealed (self->revealer) && !gtk_revealer_get_reveal_child (self->revealer))
    gtk_widget_set_visible (GTK_WIDGET (self->revealer), FALSE);
}

static void
recon_banner_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  if (child != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (recon_banner_parent_class)->dispose (object);
}

static void
recon_banner_finalize (GObject *object)
{
  g_free (RECON_BANNER (object)->button_label);

  G_OBJECT_CLASS (recon_banner_parent_class)->finalize (object);
}

static void
recon_banner_class_init (ReconBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = recon_banner_get_property;
  object_class->set_property = recon_banner_set_property;
  object_class->dispose = recon_banner_dispose;
  object_class->finalize = recon_banner_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  properties[PROP_BUTTON_LABEL] = g_param_spec_string ("button-label", NULL, NULL, NULL, flags);
  properties[PROP_REVEALED] = g_param_spec_boolean ("revealed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[BUTTON_CLICKED] = g_signal_new ("button-clicked", RECON_TYPE_BANNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
  signals[DETAILS_CLICKED] = g_signal_new ("details-clicked", RECON_TYPE_BANNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 0);
  signals[CLOSED] = g_signal_new ("closed", RECON_TYPE_BANNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_widget_class_set_css_name (widget_class, "reconbanner");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/form/banner.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, ReconBanner, icon);
  gtk_widget_class_bind_template_child (widget_class, ReconBanner, label);
  gtk_widget_class_bind_template_child (widget_class, ReconBanner, button);
  gtk_widget_class_bind_template_child (widget_class, ReconBanner, details_button);
  gtk_widget_class_bind_template_child (widget_class, ReconBanner, close_button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, details_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, child_revealed_cb);
}

static void
recon_banner_init (ReconBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  recon_banner_set_level (self, RECON_BANNER_WARNING);
}

/**
 * recon_banner_new:
 * @title: what needs attention
 *
 * Returns: (transfer floating): a banner that is not revealed yet
 */
GtkWidget *
recon_banner_new (const char *title)
{
  return g_object_new (RECON_TYPE_BANNER, "title", title, NULL);
}

const char *
recon_banner_get_title (ReconBanner *self)
{
  g_return_val_if_fail (RECON_IS_BANNER (self), NULL);

  return gtk_label_get_text (self->label);
}

void
recon_banner_set_title (ReconBanner *self,
                        const char  *title)
{
  g_return_if_fail (RECON_IS_BANNER (self));

  if (title == NULL)
    title = "";
  if (g_str_equal (title, gtk_label_get_text (self->label)))
    return;

  gtk_label_set_text (self->label, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

const char *
recon_banner_get_button_label (ReconBanner *self)
{
  g_return_val_if_fail (RECON_IS_BANNER (self), NULL);

  return self->button_label;
}

/**
 * recon_banner_set_button_label:
 * @self: a banner
 * @label: (nullable): what can be done, with a mnemonic; %NULL for no button
 */
void
recon_banner_set_button_label (ReconBanner *self,
                               const char  *label)
{
  g_return_if_fail (RECON_IS_BANNER (self));

  if (g_strcmp0 (label, self->button_label) == 0)
    return;

  g_free (self->button_label);
  self->button_label = g_strdup (label);
  gtk_button_set_use_underline (self->button, TRUE);
  gtk_button_set_label (self->button, label != NULL ? label : "");
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUTTON_LABEL]);
}

/**
 * recon_banner_set_level:
 * @self: a banner
 * @level: how bad it is, which icon, word and colour say
 */
void
recon_banner_set_level (ReconBanner      *self,
                        ReconBannerLevel  level)
{
  static const char *const classes[] = { "hint", "warning", "error" };
  static const char *const icons[] = { "dialog-information-symbolic", "dialog-warning-symbolic",
                                       "dialog-error-symbolic" };
  const char *const words[] = { _ ("Note"), _ ("Warning"), _ ("Error") };

  g_return_if_fail (RECON_IS_BANNER (self));
  g_return_if_fail (level < G_N_ELEMENTS (classes));

  gtk_widget_remove_css_class (GTK_WIDGET (self), classes[self->level]);
  gtk_widget_add_css_class (GTK_WIDGET (self), classes[level]);
  gtk_image_set_from_icon_name (self->icon, icons[level]);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->icon), words[level]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, words[level], -1);
  self->level = level;
}

ReconBannerLevel
recon_banner_get_level (ReconBanner *self)
{
  g_return_val_if_fail (RECON_IS_BANNER (self), RECON_BANNER_HINT);

  return self->level;
}

/**
 * recon_banner_set_extras:
 * @self: a banner
 * @details: whether there is more to read
 * @closable: whether it can be put away
 */
void
recon_banner_set_extras (ReconBanner *self,
                         gboolean     details,
                         gboolean     closable)
{
  g_return_if_fail (RECON_IS_BANNER (self));

  gtk_widget_set_visible (GTK_WIDGET (self->details_button), details);
  gtk_widget_set_visible (GTK_WIDGET (self->close_button), closable);
}

gboolean
recon_banner_get_revealed (ReconBanner *self)
{
  g_return_val_if_fail (RECON_IS_BANNER (self), FALSE);

  return gtk_revealer_get_reveal_child (self->revealer);
}

void
recon_banner_set_revealed (ReconBanner *self,
                           gboolean     revealed)
{
  g_return_if_fail (RECON_IS_BANNER (self));

  if (revealed == gtk_revealer_get_reveal_child (self->revealer))
    return;

  if (revealed)
    gtk_widget_set_visible (GTK_WIDGET (self->revealer), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, revealed);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVEALED]);
}

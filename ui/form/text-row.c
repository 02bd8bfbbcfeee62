/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/text-row.h"

#include <glib/gi18n.h>

#include "form/row-help.h"

/* AdwEntryRow has no place for what came of looking at the text. */
typedef struct
{
  GtkBox   *box;
  GtkEntry *entry;
  GtkLabel *abridged; /* what is shown in place of a long path that is not edited */
  GtkLabel *note;
  GtkImage *icon;
  gboolean  updating;
} ReconTextRowPrivate;

static void recon_text_row_field_init     (ReconFieldInterface *iface);
static void recon_text_row_buildable_init (GtkBuildableIface   *iface);

G_DEFINE_TYPE_WITH_CODE (ReconTextRow, recon_text_row, ADW_TYPE_PREFERENCES_ROW,
                         G_ADD_PRIVATE (ReconTextRow)
                         G_IMPLEMENT_INTERFACE (RECON_TYPE_FIELD, recon_text_row_field_init)
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, recon_text_row_buildable_init))

static GtkBuildableIface *parent_buildable_iface;

static ReconTextRowPrivate *
get_private (gpointer self)
{
  return recon_text_row_get_instance_private (self);
}

static char *
read_entry (ReconTextRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (get_private (self)->entry));
  const char *automatic = recon_parameter_get_spec (recon_field_get_parameter (RECON_FIELD (self)))->automatic;
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  if (automatic != NULL && (*stripped == '\0' || g_utf8_collate (stripped, _ ("Automatic")) == 0))
    return g_strdup (automatic);

  return g_strdup (text);
}

/* An entry shows the beginning or the end of a text; of a path both tell something. */
static void
update_abridged (ReconTextRow *self)
{
  ReconTextRowPrivate *priv = get_private (self);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (priv->entry));
  const ReconParameterSpec *spec = recon_parameter_get_spec (recon_field_get_parameter (RECON_FIELD (self)));
  gboolean is_path = spec->type == RECON_PARAMETER_PATH;
  gboolean edited = gtk_widget_get_state_flags (GTK_WIDGET (priv->entry)) & GTK_STATE_FLAG_FOCUS_WITHIN;
  gboolean shown = is_path && !edited && *text != '\0';
  g_autofree char *help = NULL;

  if (!is_path)
    return;

  gtk_label_set_label (priv->abridged, text);
  gtk_widget_set_visible (GTK_WIDGET (priv->abridged), shown);
  help = *text != '\0' ? g_strdup_printf ("%s\n%s", text, _ (spec->help)) : g_strdup (_ (spec->help));
  recon_row_help_set_text (GTK_WIDGET (self), help);
  if (shown)
    gtk_widget_add_css_class (GTK_WIDGET (priv->entry), "abridged");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (priv->entry), "abridged");
}

static void
entry_state_cb (ReconTextRow *self)
{
  update_abridged (self);
}

static void
recon_text_row_setup (ReconField *field)
{
  GtkEntry *entry = get_private (field)->entry;

  const ReconParameterSpec *spec = recon_parameter_get_spec (recon_field_get_parameter (field));
  const char *placeholder = spec->placeholder != NULL ? _ (spec->placeholder)
                                                      : spec->automatic != NULL ? _ ("Automatic") : "";

  gtk_entry_set_placeholder_text (entry, placeholder);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_PLACEHOLDER, placeholder, -1);
}

static void
recon_text_row_show_value (ReconField *field,
                           gboolean    tidy)
{
  ReconTextRowPrivate *priv = get_private (field);
  g_autofree char *text = recon_field_format (field);
  g_autofree char *present = read_entry (RECON_TEXT_ROW (field));

  if (!tidy && recon_field_means (field, present))
    return;

  if (recon_parameter_means_automatic (recon_field_get_parameter (field), text))
    *text = '\0';
  if (g_str_equal (text, gtk_editable_get_text (GTK_EDITABLE (priv->entry))))
    return;

  priv->updating = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (priv->entry), text);
  /* The end of a long path tells more than its beginning. */
  gtk_editable_set_position (GTK_EDITABLE (priv->entry), -1);
  priv->updating = FALSE;
  update_abridged (RECON_TEXT_ROW (field));
}

static void
recon_text_row_show_note (ReconField      *field,
                          ReconFieldLevel  level,
                          const char      *note)
{
  ReconTextRowPrivate *priv = get_private (field);

  recon_field_show_below (priv->note, level, note);
  recon_field_show_icon (priv->icon, level);
}

static GtkWidget *
recon_text_row_get_control (ReconField *field)
{
  return GTK_WIDGET (get_private (field)->entry);
}

static void
recon_text_row_field_init (ReconFieldInterface *iface)
{
  iface->setup = recon_text_row_setup;
  iface->show_value = recon_text_row_show_value;
  iface->show_note = recon_text_row_show_note;
  iface->get_control = recon_text_row_get_control;
}

static void
changed_cb (ReconTextRow *self)
{
  g_autofree char *text = NULL;

  if (get_private (self)->updating)
    return;

  text = read_entry (self);
  recon_field_commit (RECON_FIELD (self), text);
  /* It may be set without the focus, by what helps somebody who can't type. */
  update_abridged (self);
}

static void
activate_cb (ReconTextRow *self)
{
  recon_field_finish (RECON_FIELD (self));
}

/* Anywhere in the row is the entry. */
static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            ReconTextRow    *self)
{
  gtk_entry_grab_focus_without_selecting (get_private (self)->entry);
}

static void
recon_text_row_add_child (GtkBuildable *buildable,
                          GtkBuilder   *builder,
                          GObject      *child,
                          const char   *type)
{
  if (g_strcmp0 (type, "suffix") == 0)
    gtk_box_append (get_private (buildable)->box, GTK_WIDGET (child));
  else
    parent_buildable_iface->add_child (buildable, builder, child, type);
}

static void
recon_text_row_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = recon_text_row_add_child;
}

static void
recon_text_row_class_init (ReconTextRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/form/text-row.ui");
  gtk_widget_class_bind_template_child_private (widget_class, ReconTextRow, box);
  gtk_widget_class_bind_template_child_private (widget_class, ReconTextRow, entry);
  gtk_widget_class_bind_template_child_private (widget_class, ReconTextRow, abridged);
  gtk_widget_class_bind_template_child_private (widget_class, ReconTextRow, note);
  gtk_widget_class_bind_template_child_private (widget_class, ReconTextRow, icon);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_state_cb);
}

static void
recon_text_row_init (ReconTextRow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/**
 * recon_text_row_get_editable:
 * @self: a row
 *
 * Returns: (transfer none): where its text is typed
 */
GtkEditable *
recon_text_row_get_editable (ReconTextRow *self)
{
  g_return_val_if_fail (RECON_IS_TEXT_ROW (self), NULL);

  return GTK_EDITABLE (get_private (self)->entry);
}

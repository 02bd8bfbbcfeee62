/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/spin-row.h"

#include <glib/gi18n.h>
#include <math.h>

#include "form/numbers.h"
#include "form/words-button.h"

/* AdwActionRow would squeeze what there is to say into the column beside the button.
 *
 * The document has the value, and the text of the entry is written here alone: GtkSpinButton would round it to a fixed
 * number of digits, and overwrite what it cannot read. Its adjustment only serves the buttons and keys. */
struct _ReconSpinRow
{
  AdwPreferencesRow  parent_instance;

  GtkBox            *box;
  GtkImage          *icon;
  GtkSpinButton     *spin;
  GtkAdjustment     *adjustment;
  GtkLabel          *unit;
  GtkWidget         *reset;
  GtkLabel          *note;

  gboolean           updating;  /* what changes is not the user's doing */
  double             automatic; /* what an automatic value comes to; NaN while unknown */
};

static void recon_spin_row_field_init (ReconFieldInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ReconSpinRow, recon_spin_row, ADW_TYPE_PREFERENCES_ROW,
                               G_IMPLEMENT_INTERFACE (RECON_TYPE_FIELD, recon_spin_row_field_init))

static const ReconParameterSpec *
get_spec (ReconSpinRow *self)
{
  return recon_parameter_get_spec (recon_field_get_parameter (RECON_FIELD (self)));
}

/* What is in the entry, as files would have it. */
static char *
read_entry (ReconSpinRow *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->spin))));
  const char *automatic = get_spec (self)->automatic;

  if (automatic != NULL && (*text == '\0' || g_utf8_collate (text, _ ("Automatic")) == 0))
    return g_strdup (automatic);

  return recon_numbers_from_user (text, recon_numbers_get_point ());
}

static void
write_entry (ReconSpinRow *self,
             const char   *text)
{
  g_autofree char *shown = NULL;

  if (!recon_parameter_means_automatic (recon_field_get_parameter (RECON_FIELD (self)), text))
    shown = recon_numbers_to_user (text, recon_numbers_get_point ());
  gtk_editable_set_text (GTK_EDITABLE (self->spin), shown != NULL ? shown : "");
}

/* Where the buttons start from. */
static double
get_start (ReconSpinRow *self,
           const char   *text)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (recon_field_get_parameter (RECON_FIELD (self)));
  char *end;
  double value = g_ascii_strtod (text, &end);

  /* A word is no number, and where no word is the automatic one, a number is. */
  if (end != text && !recon_parameter_means_automatic (recon_field_get_parameter (RECON_FIELD (self)), text))
    return value;

  return CLAMP (isnan (self->automatic) ? 0.0 : self->automatic, spec->minimum, spec->maximum);
}

static void
recon_spin_row_show_value (ReconField *field,
                           gboolean    tidy)
{
  ReconSpinRow *self = RECON_SPIN_ROW (field);
  g_autofree char *text = recon_field_format (field);
  g_autofree char *present = read_entry (self);
  gboolean was_updating = self->updating;

  self->updating = TRUE;
  if (tidy || !recon_field_means (field, present))
    write_entry (self, text);
  gtk_adjustment_set_value (self->adjustment, get_start (self, text));
  self->updating = was_updating;

  gtk_widget_set_visible (self->reset, get_spec (self)->automatic != NULL &&
                                         !recon_words_button_is_needed (recon_field_get_parameter (field)) &&
                                         !recon_parameter_means_automatic (recon_field_get_parameter (field), text));
}

static void
recon_spin_row_show_note (ReconField      *field,
                          ReconFieldLevel  level,
                          const char      *note)
{
  ReconSpinRow *self = RECON_SPIN_ROW (field);

  recon_field_show_below (self->note, level, note);
  recon_field_show_icon (self->icon, level);
}

static GtkWidget *
recon_spin_row_get_control (ReconField *field)
{
  return GTK_WIDGET (RECON_SPIN_ROW (field)->spin);
}

static void
recon_spin_row_setup (ReconField *field)
{
  ReconSpinRow *self = RECON_SPIN_ROW (field);
  const ReconParameterSpec *spec = get_spec (self);

  self->updating = TRUE;
  gtk_adjustment_configure (self->adjustment, 0, spec->minimum, spec->maximum, spec->step, 10 * spec->step, 0);
  gtk_label_set_text (self->unit, spec->unit != NULL ? spec->unit : "");
  gtk_widget_set_visible (GTK_WIDGET (self->unit), spec->unit != NULL);
  self->updating = FALSE;

  if (recon_words_button_is_needed (recon_field_get_parameter (field)))
    gtk_box_append (self->box, recon_words_button_new (field));
  if (spec->automatic != NULL)
    {
      GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (self->spin));

      gtk_text_set_placeholder_text (GTK_TEXT (text), _ ("Automatic"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->spin), GTK_ACCESSIBLE_PROPERTY_PLACEHOLDER,
                                      _ ("Automatic"), -1);
    }
}

static void
recon_spin_row_field_init (ReconFieldInterface *iface)
{
  iface->setup = recon_spin_row_setup;
  iface->show_value = recon_spin_row_show_value;
  iface->show_note = recon_spin_row_show_note;
  iface->get_control = recon_spin_row_get_control;
}

static void
changed_cb (ReconSpinRow *self)
{
  g_autofree char *text = NULL;

  if (self->updating)
    return;

  text = read_entry (self);
  recon_field_commit (RECON_FIELD (self), text);
}

/* A button, or a key such as Page Up. */
static void
value_changed_cb (ReconSpinRow *self)
{
  g_autofree char *before = NULL;
  g_autofree char *step = NULL;
  g_autofree char *text = NULL;

  if (self->updating)
    return;

  before = recon_field_format (RECON_FIELD (self));
  step = recon_numbers_round (get_spec (self)->step, 15);
  text = recon_numbers_round (gtk_adjustment_get_value (self->adjustment),
                              MAX (recon_numbers_count_decimals (before), recon_numbers_count_decimals (step)));
  recon_field_commit (RECON_FIELD (self), text);
}

/* The spin button asks what its text means: nothing that the document does not know already. */
static int
input_cb (GtkSpinButton *spin,
          double        *value,
          ReconSpinRow  *self)
{
  *value = gtk_adjustment_get_value (self->adjustment);

  return TRUE;
}

static gboolean
output_cb (GtkSpinButton *spin,
           ReconSpinRow  *self)
{
  return TRUE;
}

static void
reset_cb (ReconSpinRow *self)
{
  recon_field_commit (RECON_FIELD (self), get_spec (self)->automatic);
  recon_field_finish (RECON_FIELD (self));
}

/* Who scrolls the form must not turn numbers under the pointer. */
static void
disable_scrolling (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    }
}

static void
recon_spin_row_class_init (ReconSpinRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/form/spin-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconSpinRow, box);
  gtk_widget_class_bind_template_child (widget_class, ReconSpinRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ReconSpinRow, spin);
  gtk_widget_class_bind_template_child (widget_class, ReconSpinRow, adjustment);
  gtk_widget_class_bind_template_child (widget_class, ReconSpinRow, unit);
  gtk_widget_class_bind_template_child (widget_class, ReconSpinRow, reset);
  gtk_widget_class_bind_template_child (widget_class, ReconSpinRow, note);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, value_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, input_cb);
  gtk_widget_class_bind_template_callback (widget_class, output_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}

static void
recon_spin_row_init (ReconSpinRow *self)
{
  self->automatic = NAN;
  /* Not before recon_spin_row_setup() is there anything to change. */
  self->updating = TRUE;

  gtk_widget_init_template (GTK_WIDGET (self));
  disable_scrolling (GTK_WIDGET (self->spin));
  g_signal_connect_swapped (gtk_editable_get_delegate (GTK_EDITABLE (self->spin)), "activate",
                            G_CALLBACK (recon_field_finish), self);
}

/**
 * recon_spin_row_new:
 * @document: a document
 * @parameter: one of its numbers
 *
 * Returns: (transfer floating): a row that edits it
 */
GtkWidget *
recon_spin_row_new (ReconDocument  *document,
                    ReconParameter  parameter)
{
  ReconParameterType type = recon_parameter_get_spec (parameter)->type;

  g_return_val_if_fail (type == RECON_PARAMETER_INTEGER || type == RECON_PARAMETER_NUMBER, NULL);

  return recon_field_new (document, parameter);
}

/**
 * recon_spin_row_add_suffix:
 * @self: a row
 * @widget: what goes to its end
 */
void
recon_spin_row_add_suffix (ReconSpinRow *self,
                           GtkWidget    *widget)
{
  g_return_if_fail (RECON_IS_SPIN_ROW (self));

  gtk_box_append (self->box, widget);
}

/**
 * recon_spin_row_set_automatic:
 * @self: a row
 * @value: what the automatic value comes to; NaN while that is not known
 *
 * From there the buttons start.
 */
void
recon_spin_row_set_automatic (ReconSpinRow *self,
                              double        value)
{
  g_return_if_fail (RECON_IS_SPIN_ROW (self));

  self->automatic = value;
  recon_spin_row_show_value (RECON_FIELD (self), FALSE);
}

/**
 * recon_spin_row_set_maximum:
 * @self: a row
 * @maximum: how far the buttons go, or more than the parameter's range for all of it
 *
 * What is typed may go beyond, as far as the parameter does: it is not for this row to know whether the data change.
 */
void
recon_spin_row_set_maximum (ReconSpinRow *self,
                            double        maximum)
{
  const ReconParameterSpec *spec;

  g_return_if_fail (RECON_IS_SPIN_ROW (self));

  spec = recon_parameter_get_spec (recon_field_get_parameter (RECON_FIELD (self)));
  self->updating = TRUE;
  gtk_adjustment_set_upper (self->adjustment, MIN (maximum, spec->maximum));
  self->updating = FALSE;
  recon_spin_row_show_value (RECON_FIELD (self), FALSE);
}

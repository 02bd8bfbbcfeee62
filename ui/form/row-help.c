/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/row-help.h"

/* A tooltip of a row would lie over the next one, which is what one reads on to, and GTK doesn't let it be elsewhere
 * than at the pointer. What it says stands beside the form instead, in a bubble that points to its row. */

/* As long as GTK's tooltips take. */
#define DELAY_MS 500

#define MAX_CHARS 36

typedef struct
{
  GtkWidget *row; /* not owned */
  GtkWidget *bubble; /* (nullable): while it is shown */
  guint      delay;
} RowHelp;

static void
hide (RowHelp *self)
{
  g_clear_handle_id (&self->delay, g_source_remove);
  g_clear_pointer (&self->bubble, gtk_widget_unparent);
}

static void
row_help_free (RowHelp *self)
{
  g_clear_handle_id (&self->delay, g_source_remove);
  g_free (self);
}

static gboolean
show_cb (gpointer user_data)
{
  RowHelp *self = user_data;
  const char *text = gtk_widget_get_tooltip_text (self->row);
  GtkWidget *label;

  self->delay = 0;
  if (text == NULL || !gtk_widget_get_mapped (self->row))
    return G_SOURCE_REMOVE;

  label = gtk_label_new (text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);

  self->bubble = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->bubble), label);
  gtk_popover_set_autohide (GTK_POPOVER (self->bubble), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->bubble),
                            gtk_widget_get_direction (self->row) == GTK_TEXT_DIR_RTL ? GTK_POS_LEFT : GTK_POS_RIGHT);
  gtk_widget_set_can_target (self->bubble, FALSE);
  gtk_widget_set_can_focus (self->bubble, FALSE);
  gtk_widget_add_css_class (self->bubble, "help");
  gtk_widget_set_parent (self->bubble, self->row);
  gtk_popover_popup (GTK_POPOVER (self->bubble));

  return G_SOURCE_REMOVE;
}

static void
enter_cb (RowHelp *self)
{
  hide (self);
  self->delay = g_timeout_add (DELAY_MS, show_cb, self);
}

/* Who uses the row has found it. */
static void
pressed_cb (RowHelp    *self,
            int         n_press,
            double      x,
            double      y,
            GtkGesture *gesture)
{
  hide (self);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
}

/**
 * recon_row_help_add:
 * @row: a row with a tooltip's text
 *
 * Shows that text beside the form, when the pointer rests on the row.
 */
void
recon_row_help_add (GtkWidget *row)
{
  RowHelp *self = g_new0 (RowHelp, 1);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_return_if_fail (GTK_IS_WIDGET (row));

  self->row = row;
  gtk_widget_set_has_tooltip (row, FALSE);
  g_object_set_data_full (G_OBJECT (row), "recon-row-help", self, (GDestroyNotify) row_help_free);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (hide), self);
  gtk_widget_add_controller (row, motion);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));

  g_signal_connect_swapped (row, "unmap", G_CALLBACK (hide), self);
  g_signal_connect_swapped (row, "destroy", G_CALLBACK (hide), self);
}

/**
 * recon_row_help_set_text:
 * @row: a row that has help
 * @text: what is shown from now on
 */
void
recon_row_help_set_text (GtkWidget  *row,
                         const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (row));

  gtk_widget_set_tooltip_text (row, text);
  gtk_widget_set_has_tooltip (row, FALSE);
}

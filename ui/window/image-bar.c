/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/image-bar.h"

#include <glib/gi18n.h>

struct _ReconImageBar
{
  GtkWidget        parent_instance;

  GMenu           *result_section;
  GtkMenuButton   *source_button;
  GtkLabel        *source_label;
  GtkAdjustment   *adjustment;
  GtkScale        *scale;
  GtkSpinButton   *spin;
  GtkLabel        *count_label;
  GtkToggleButton *live_button;
  gboolean         setting; /* the widgets are being set to a state, not used */
};

G_DEFINE_FINAL_TYPE (ReconImageBar, recon_image_bar, GTK_TYPE_WIDGET)

enum
{
  INDEX_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
index_changed_cb (ReconImageBar *self)
{
  if (!self->setting)
    g_signal_emit (self, signals[INDEX_CHOSEN], 0, (guint) gtk_adjustment_get_value (self->adjustment));
}

/* Keys are those of the picture. */
static void
menu_closed_cb (ReconImageBar *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-picture", NULL);
}

static void
recon_image_bar_dispose (GObject *object)
{
  GtkWidget *widget = GTK_WIDGET (object);
  GtkWidget *child;

  gtk_widget_dispose_template (widget, RECON_TYPE_IMAGE_BAR);
  while ((child = gtk_widget_get_first_child (widget)) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (recon_image_bar_parent_class)->dispose (object);
}

static void
recon_image_bar_class_init (ReconImageBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = recon_image_bar_dispose;

  signals[INDEX_CHOSEN] = g_signal_new ("index-chosen", RECON_TYPE_IMAGE_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/image-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, result_section);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, source_button);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, source_label);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, adjustment);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, scale);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, spin);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, count_label);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, live_button);
  gtk_widget_class_bind_template_callback (widget_class, index_changed_cb);
}

static void
recon_image_bar_init (ReconImageBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_menu_button_get_popover (self->source_button), "closed", G_CALLBACK (menu_closed_cb),
                           self, G_CONNECT_SWAPPED);
  recon_image_bar_set_has_result (self, FALSE, FALSE);
}

/**
 * recon_image_bar_set_has_result:
 * @self: a bar
 * @has_result: whether there are slices of a run to be looked at
 * @is_running: whether a run makes some
 *
 * Without them the result can't be chosen, and the menu says why.
 */
void
recon_image_bar_set_has_result (ReconImageBar *self,
                                gboolean       has_result,
                                gboolean       is_running)
{
  g_autoptr (GMenuItem) item = NULL;

  g_return_if_fail (RECON_IS_IMAGE_BAR (self));

  /* Nobody has the second action, so that the item is insensitive. */
  if (has_result)
    item = g_menu_item_new (_ ("_Result"), "viewer.source::result");
  else
    item = g_menu_item_new (is_running ? _ ("Result (No Slice Is Finished Yet)")
                                       : _ ("Result (Nothing Is Reconstructed Yet)"),
                            "viewer.no-result");
  g_menu_remove_all (self->result_section);
  g_menu_append_item (self->result_section, item);
}

/**
 * recon_image_bar_show:
 * @self: a bar
 * @choice: which image is looked at
 */
void
recon_image_bar_show (ReconImageBar          *self,
                      const ReconImageChoice *choice)
{
  guint n = recon_image_choice_get_n_images (choice);
  g_autofree char *count = NULL;

  g_return_if_fail (RECON_IS_IMAGE_BAR (self));

  self->setting = TRUE;
  gtk_adjustment_set_upper (self->adjustment, n > 0 ? n - 1 : 0);
  gtk_adjustment_set_value (self->adjustment, recon_image_choice_get_index (choice));
  self->setting = FALSE;

  gtk_widget_set_sensitive (GTK_WIDGET (self->scale), n > 1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->spin), n > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->live_button), choice->source == RECON_SOURCE_SLICE);
  gtk_label_set_label (self->source_label, recon_image_source_get_title (choice->source));

  if (n > 0)
    count = g_strdup_printf (_ ("of %u"), n);
  gtk_label_set_label (self->count_label, count != NULL ? count : "");
}

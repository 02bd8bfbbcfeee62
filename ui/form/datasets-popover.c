/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/datasets-popover.h"

#include <glib/gi18n.h>

/* Letters of a line, of which names and reasons may need more. */
#define LINE 42

struct _ReconDatasetsPopover
{
  GtkPopover   parent_instance;

  GtkLabel    *title;
  GtkListBox  *list;
  GtkLabel    *rest;

  GtkViewport *held; /* (nullable): weak; that does not follow the focus while this is shown */
};

G_DEFINE_FINAL_TYPE (ReconDatasetsPopover, recon_datasets_popover, GTK_TYPE_POPOVER)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
activated_cb (ReconDatasetsPopover *self,
              GtkListBoxRow        *row)
{
  g_autofree char *value = g_strdup (g_object_get_data (G_OBJECT (row), "value"));

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[CHOSEN], 0, value);
}

static GtkWidget *
make_label (const char         *text,
            PangoEllipsizeMode  ellipsize)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "max-width-chars", LINE,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  if (ellipsize != PANGO_ELLIPSIZE_NONE)
    gtk_label_set_ellipsize (GTK_LABEL (label), ellipsize);
  else
    {
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
    }

  return label;
}

/* A row that can't be chosen still takes the focus, so that everybody can hear why. */
static void
describe_row (GtkWidget                *row,
              const ReconDatasetChoice *choice)
{
  g_autofree char *present = choice->current ? g_strdup_printf (_ ("Chosen now. %s"), choice->detail) : NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, choice->name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, present != NULL ? present : choice->detail, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_SELECTED, choice->current,
                               GTK_ACCESSIBLE_STATE_DISABLED, !choice->usable, -1);
}

static GtkWidget *
make_row (const ReconDatasetChoice *choice)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "spacing", 12, "margin-top", 4, "margin-bottom", 4, "margin-start", 6,
                                 "margin-end", 6, NULL);
  GtkWidget *texts = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "hexpand", TRUE, NULL);
  GtkWidget *name = make_label (choice->name, PANGO_ELLIPSIZE_MIDDLE);
  GtkWidget *detail = make_label (choice->detail, PANGO_ELLIPSIZE_NONE);
  GtkWidget *mark = g_object_new (GTK_TYPE_IMAGE, "icon-name", "object-select-symbolic", "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, "opacity", choice->current ? 1.0 : 0.0, NULL);

  gtk_widget_add_css_class (detail, "caption");
  gtk_widget_add_css_class (detail, "dim-label");
  if (!choice->usable)
    gtk_widget_add_css_class (name, "dim-label");
  gtk_box_append (GTK_BOX (texts), name);
  gtk_box_append (GTK_BOX (texts), detail);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), mark);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), choice->usable);
  gtk_widget_set_tooltip_text (row, choice->name);
  g_object_set_data_full (G_OBJECT (row), "value", g_strdup (choice->value), g_free);
  g_object_set_data (G_OBJECT (row), "current", GINT_TO_POINTER (choice->current));

  return row;
}

/* What is chosen now, or could be first. */
static GtkListBoxRow *
find_first (ReconDatasetsPopover *self)
{
  GtkListBoxRow *first = NULL;
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (g_object_get_data (G_OBJECT (row), "current") != NULL)
        return row;
      if (first == NULL && gtk_list_box_row_get_activatable (row))
        first = row;
    }

  return first;
}

/* A viewport of GTK brings into view whatever has the focus below it, also what is in a popover: the form would scroll
 * away from below this one as its list is walked through. */
static void
hold_form (ReconDatasetsPopover *self)
{
  GtkWidget *viewport = gtk_widget_get_ancestor (gtk_widget_get_parent (GTK_WIDGET (self)), GTK_TYPE_VIEWPORT);

  if (viewport == NULL || !gtk_viewport_get_scroll_to_focus (GTK_VIEWPORT (viewport)))
    return;

  g_set_weak_pointer (&self->held, GTK_VIEWPORT (viewport));
  gtk_viewport_set_scroll_to_focus (self->held, FALSE);
}

static void
release_form (ReconDatasetsPopover *self)
{
  if (self->held != NULL)
    gtk_viewport_set_scroll_to_focus (self->held, TRUE);
  g_clear_weak_pointer (&self->held);
}

static void
recon_datasets_popover_map (GtkWidget *widget)
{
  GtkListBoxRow *row = find_first (RECON_DATASETS_POPOVER (widget));

  hold_form (RECON_DATASETS_POPOVER (widget));
  GTK_WIDGET_CLASS (recon_datasets_popover_parent_class)->map (widget);

  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
recon_datasets_popover_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (recon_datasets_popover_parent_class)->unmap (widget);

  release_form (RECON_DATASETS_POPOVER (widget));
}

static void
recon_datasets_popover_dispose (GObject *object)
{
  release_form (RECON_DATASETS_POPOVER (object));

  G_OBJECT_CLASS (recon_datasets_popover_parent_class)->dispose (object);
}

static void
recon_datasets_popover_class_init (ReconDatasetsPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = recon_datasets_popover_dispose;
  widget_class->map = recon_datasets_popover_map;
  widget_class->unmap = recon_datasets_popover_unmap;

  signals[CHOSEN] = g_signal_new ("chosen", RECON_TYPE_DATASETS_POPOVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/reconstruct/Reconstruct/form/datasets-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconDatasetsPopover, title);
  gtk_widget_class_bind_template_child (widget_class, ReconDatasetsPopover, list);
  gtk_widget_class_bind_template_child (widget_class, ReconDatasetsPopover, rest);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
recon_datasets_popover_init (ReconDatasetsPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * recon_datasets_popover_fill:
 * @self: a popover
 * @choices: what it offers from now on
 */
void
recon_datasets_popover_fill (ReconDatasetsPopover      *self,
                             const ReconDatasetChoices *choices)
{
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  GtkListBoxRow *row;

  g_return_if_fail (RECON_IS_DATASETS_POPOVER (self));
  g_return_if_fail (choices != NULL);

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < choices->list->len; i++)
    {
      const ReconDatasetChoice *choice = g_ptr_array_index (choices->list, i);
      GtkWidget *widget = make_row (choice);

      gtk_list_box_append (self->list, widget);
      /* The list says that it isn't selected. */
      describe_row (widget, choice);
    }

  name = g_path_get_basename (choices->file);
  title = g_strdup_printf (_ ("Datasets in %s"), name);
  gtk_label_set_text (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_label_set_text (self->rest, choices->rest != NULL ? choices->rest : "");
  gtk_widget_set_visible (GTK_WIDGET (self->rest), choices->rest != NULL);
}

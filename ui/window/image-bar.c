/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/image-bar.h"

#include <glib/gi18n.h>

#define SPACING 6

struct _ReconImageBar
{
  GtkWidget        parent_instance;

  GtkMenuButton   *source_button;
  GtkLabel        *source_label;
  GtkAdjustment   *adjustment;
  GtkScale        *scale;
  GtkWidget       *tail; /* of the scale */
  GtkSpinButton   *spin;
  GtkLabel        *count_label;
  GtkToggleButton *live_button;
  GMenu           *menu;
  char            *refusals; /* (nullable): all that are in the menu */
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

/* All in one line, or, where there is no room for that, the number of the image in a line above the rest. */

static int
measure (GtkWidget      *widget,
         GtkOrientation  orientation)
{
  int minimum;

  if (!gtk_widget_should_layout (widget))
    return 0;

  gtk_widget_measure (widget, orientation, -1, &minimum, NULL, NULL, NULL);

  return minimum;
}

/* What the scale and the number beside it take, and the buttons. */
static void
measure_lines (ReconImageBar  *self,
               GtkOrientation  orientation,
               int            *number,
               int            *buttons)
{
  int scale = measure (GTK_WIDGET (self->scale), orientation), tail = measure (self->tail, orientation);
  int source = measure (GTK_WIDGET (self->source_button), orientation);
  int live = measure (GTK_WIDGET (self->live_button), orientation);
  gboolean wide = orientation == GTK_ORIENTATION_HORIZONTAL;

  *number = wide ? scale + SPACING + tail : MAX (scale, tail);
  *buttons = wide ? source + SPACING + live : MAX (source, live);
}

static gboolean
has_one_line (ReconImageBar *self,
              int            width)
{
  int number, buttons;

  measure_lines (self, GTK_ORIENTATION_HORIZONTAL, &number, &buttons);

  return width >= number + SPACING + buttons;
}

static void
recon_image_bar_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  ReconImageBar *self = RECON_IMAGE_BAR (widget);
  int number, buttons;

  measure_lines (self, orientation, &number, &buttons);
  *minimum = MAX (number, buttons);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = number + SPACING + buttons;
  else
    {
      if (for_size >= 0 && !has_one_line (self, for_size))
        *minimum = number + SPACING + buttons;
      *natural = *minimum;
    }
}

static GtkSizeRequestMode
recon_image_bar_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* From the left, or in languages that are written so, from the right. */
static void
allocate (ReconImageBar *self,
          GtkWidget     *widget,
          int            start,
          int            y,
          int            width,
          int            height)
{
  int whole = gtk_widget_get_width (GTK_WIDGET (self));
  int x = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? whole - start - width : start;

  if (gtk_widget_should_layout (widget))
    gtk_widget_size_allocate (widget, &(GtkAllocation) { x, y, width, height }, -1);
}

static void
recon_image_bar_size_allocate (GtkWidget *widget,
                               int        width,
                               int        height,
                               int        baseline)
{
  ReconImageBar *self = RECON_IMAGE_BAR (widget);
  GtkWidget *source = GTK_WIDGET (self->source_button), *live = GTK_WIDGET (self->live_button);
  int source_width = measure (source, GTK_ORIENTATION_HORIZONTAL);
  int live_width = measure (live, GTK_ORIENTATION_HORIZONTAL);
  int tail_width = measure (self->tail, GTK_ORIENTATION_HORIZONTAL);
  int first = 0, last = width, top = 0;

  if (has_one_line (self, width))
    {
      first = source_width + SPACING;
      last = live_width > 0 ? width - live_width - SPACING : width;
    }
  else
    {
      int buttons;

      measure_lines (self, GTK_ORIENTATION_VERTICAL, &top, &buttons);
    }

  allocate (self, GTK_WIDGET (self->scale), first, 0, last - first - tail_width - SPACING, top > 0 ? top : height);
  allocate (self, self->tail, last - tail_width, 0, tail_width, top > 0 ? top : height);
  if (top > 0)
    top += SPACING;
  allocate (self, source, 0, top, source_width, height - top);
  allocate (self, live, width - live_width, top, live_width, height - top);
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
  ReconImageBar *self = RECON_IMAGE_BAR (object);
  GtkWidget *widget = GTK_WIDGET (object);
  GtkWidget *child;

  gtk_widget_dispose_template (widget, RECON_TYPE_IMAGE_BAR);
  g_clear_object (&self->menu);
  g_clear_pointer (&self->refusals, g_free);
  while ((child = gtk_widget_get_first_child (widget)) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (recon_image_bar_parent_class)->dispose (object);
}

static void
recon_image_bar_class_init (ReconImageBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = recon_image_bar_dispose;
  widget_class->measure = recon_image_bar_measure;
  widget_class->size_allocate = recon_image_bar_size_allocate;
  widget_class->get_request_mode = recon_image_bar_get_request_mode;

  signals[INDEX_CHOSEN] = g_signal_new ("index-chosen", RECON_TYPE_IMAGE_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/image-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, source_button);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, source_label);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, adjustment);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, scale);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, tail);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, spin);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, count_label);
  gtk_widget_class_bind_template_child (widget_class, ReconImageBar, live_button);
  gtk_widget_class_bind_template_callback (widget_class, index_changed_cb);
}

static void
recon_image_bar_init (ReconImageBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->menu = g_menu_new ();
  gtk_menu_button_set_menu_model (self->source_button, G_MENU_MODEL (self->menu));
  g_signal_connect_object (gtk_menu_button_get_popover (self->source_button), "closed", G_CALLBACK (menu_closed_cb),
                           self, G_CONNECT_SWAPPED);
}

static void
append_source (GMenu            *menu,
               ReconImageSource  source,
               const char       *refusal)
{
  g_autofree char *text = refusal != NULL ? g_strdup_printf ("%s: %s", recon_image_source_get_label (source), refusal) :
                          g_strdup (recon_image_source_get_label (source));
  g_autoptr (GMenuItem) item = g_menu_item_new (text, NULL);

  /* There is no such action as the second, which makes an item insensitive. */
  g_menu_item_set_action_and_target (item, refusal == NULL ? "viewer.source" : "viewer.no-source", "s",
                                     recon_image_source_get_word (source));
  g_menu_append_item (menu, item);
}

/* What can be looked at, and of the rest why not: what is measured, what is made of it, what is left of a run. */
static void
fill_menu (ReconImageBar          *self,
           const ReconImageChoice *choice)
{
  static const ReconImageSource sections[][4] = {
    { RECON_SOURCE_PROJECTION, RECON_SOURCE_DARK, RECON_SOURCE_FLAT, RECON_SOURCE_FLAT_AFTER },
    { RECON_SOURCE_CORRECTED, RECON_SOURCE_SINOGRAM, RECON_SOURCE_SLICE, RECON_SOURCE_RESULT },
  };
  g_autoptr (GString) refusals = g_string_new (NULL);

  for (guint i = 0; i < RECON_N_SOURCES; i++)
    {
      const char *refusal = recon_image_choice_get_refusal (choice, i);

      g_string_append_printf (refusals, "%s\n", refusal != NULL ? refusal : "");
    }
  if (g_strcmp0 (refusals->str, self->refusals) == 0)
    return;

  g_free (self->refusals);
  self->refusals = g_strdup (refusals->str);
  g_menu_remove_all (self->menu);
  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      g_autoptr (GMenu) section = g_menu_new ();

      for (gsize j = 0; j < G_N_ELEMENTS (sections[i]); j++)
        append_source (section, sections[i][j], recon_image_choice_get_refusal (choice, sections[i][j]));
      g_menu_append_section (self->menu, NULL, G_MENU_MODEL (section));
    }
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

  fill_menu (self, choice);

  if (n > 0)
    count = g_strdup_printf (_ ("of %u"), n);
  gtk_label_set_label (self->count_label, count != NULL ? count : "");
}

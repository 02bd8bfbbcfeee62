/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-finder.h"

#include <glib/gi18n.h>
#include <math.h>

#include "axis/axis-words.h"
#include "axis/row-plot.h"
#include "form/row-help.h"

struct _ReconAxisFinder
{
  AdwPreferencesGroup  parent_instance;

  GtkSpinner          *spinner;
  GtkButton           *find_button;
  AdwComboRow         *method_row;
  GtkWidget           *rows_row;
  GtkEntry            *rows_entry;
  AdwActionRow        *result_row;
  GtkWidget           *verdict;
  GtkImage            *verdict_icon;
  GtkLabel            *verdict_label;
  GtkWidget           *plot_row;
  GtkLabel            *rows_label;
  ReconRowPlot        *plot;
  GtkWidget           *use_row;
  GtkWidget           *use_button;

  ReconAxisQuery      *search;
  const void          *shown; /* the result in the plot, only to be compared */
  gboolean             ready; /* there is a scan, and somebody to look at it */
  gboolean             start_when_ready;
};

G_DEFINE_FINAL_TYPE (ReconAxisFinder, recon_axis_finder, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  ROW_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_verdict (ReconAxisFinder     *self,
              ReconAxisConfidence  confidence)
{
  const char *classes[] = { "verdict", recon_axis_words_get_class (confidence), NULL };

  gtk_widget_set_visible (self->verdict, TRUE);
  gtk_widget_set_css_classes (self->verdict, classes);
  gtk_image_set_from_icon_name (self->verdict_icon, recon_axis_words_get_icon (confidence));
  gtk_label_set_label (self->verdict_label, recon_axis_words_get_confidence (confidence));
}

static void
set_dimmed (GtkWidget *widget,
            gboolean   dimmed)
{
  if (dimmed)
    gtk_widget_add_css_class (widget, "outdated");
  else
    gtk_widget_remove_css_class (widget, "outdated");
}

static gboolean
has_points (const ReconAxisResult *result)
{
  for (guint i = 0; i < result->n_rows; i++)
    if (isfinite (result->rows[i].axis))
      return TRUE;

  return FALSE;
}

static void
show_result (ReconAxisFinder       *self,
             const ReconAxisResult *result,
             gboolean               dimmed)
{
  g_autofree char *title = recon_axis_words_format_axis (result);
  g_autofree char *rows = recon_axis_words_format_rows (result);
  gboolean used = recon_axis_query_is_used (self->search);
  gboolean can_use = recon_axis_query_can_use (self->search) && !used;
  g_autofree char *subtitle = NULL;

  if (recon_axis_query_is_outdated (self->search))
    subtitle = g_strdup (_ ("Outdated: the settings of the scan have changed. Find the axis again."));
  else
    subtitle = g_strdup (result->reason);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->result_row), title);
  adw_action_row_set_subtitle (self->result_row, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->result_row), TRUE);
  show_verdict (self, result->confidence);
  set_dimmed (GTK_WIDGET (self->result_row), dimmed);

  gtk_widget_set_visible (self->plot_row, has_points (result));
  gtk_label_set_label (self->rows_label, rows);
  set_dimmed (self->plot_row, dimmed);

  gtk_widget_set_visible (self->use_row, result->confidence != RECON_AXIS_CONFIDENCE_NONE);
  gtk_widget_set_sensitive (self->use_button, can_use);
  gtk_widget_set_tooltip_text (self->use_button, used ? _ ("This Is the Axis Already") : NULL);
  if (can_use && result->confidence >= RECON_AXIS_CONFIDENCE_MEDIUM)
    gtk_widget_add_css_class (self->use_button, "suggested-action");
  else
    gtk_widget_remove_css_class (self->use_button, "suggested-action");
}

/* Without a result: what is under way, or what went wrong. */
static void
show_text (ReconAxisFinder *self,
           const char      *title,
           const char      *text,
           gboolean         failed)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->result_row), title);
  adw_action_row_set_subtitle (self->result_row, text);
  gtk_widget_set_visible (GTK_WIDGET (self->result_row), TRUE);
  gtk_widget_set_visible (self->plot_row, FALSE);
  gtk_widget_set_visible (self->use_row, FALSE);
  set_dimmed (GTK_WIDGET (self->result_row), FALSE);
  gtk_widget_set_visible (self->verdict, failed);
  if (failed)
    {
      gtk_widget_set_css_classes (self->verdict, (const char *[]) { "verdict", "error", NULL });
      gtk_image_set_from_icon_name (self->verdict_icon, "dialog-error-symbolic");
      gtk_label_set_label (self->verdict_label, _ ("Failed"));
    }
}

static void
update_button (ReconAxisFinder *self)
{
  gboolean searching = recon_axis_query_get_state (self->search) == RECON_AXIS_QUERY_UNDER_WAY;

  gtk_button_set_label (self->find_button, searching ? _ ("Ca_ncel") : _ ("_Find Axis"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->find_button), searching || self->ready);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->find_button),
                               searching     ? _ ("End the Search") :
                               !self->ready  ? _ ("Choose Projections or Sinograms First") :
                                               _ ("Look for the Rotation Axis in Some Rows of the Scan"));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), searching);
  gtk_spinner_set_spinning (self->spinner, searching);
}

static void
update (ReconAxisFinder *self)
{
  const ReconAxisResult *result = recon_axis_query_get_result (self->search);

  update_button (self);
  switch (recon_axis_query_get_state (self->search))
    {
    case RECON_AXIS_QUERY_UNDER_WAY:
      if (result != NULL)
        show_result (self, result, TRUE);
      else
        show_text (self, _ ("Searching…"), _ ("Rows of the scan are read and compared."), FALSE);
      break;
    case RECON_AXIS_QUERY_DONE:
      show_result (self, result, recon_axis_query_is_outdated (self->search));
      break;
    case RECON_AXIS_QUERY_FAILED:
      show_text (self, _ ("No result"), recon_axis_query_get_message (self->search), TRUE);
      break;
    case RECON_AXIS_QUERY_EMPTY:
    default:
      gtk_widget_set_visible (GTK_WIDGET (self->result_row), FALSE);
      gtk_widget_set_visible (self->plot_row, FALSE);
      gtk_widget_set_visible (self->use_row, FALSE);
      break;
    }
}

static void
search_changed_cb (ReconAxisFinder *self)
{
  const ReconAxisResult *result = recon_axis_query_get_result (self->search);

  /* The row that was chosen stays so as long as the result is the same. A new one is made before the old one goes. */
  if (result != self->shown)
    recon_row_plot_set_result (self->plot, result);
  self->shown = result;
  update (self);
}

static void
find_clicked_cb (ReconAxisFinder *self)
{
  if (recon_axis_query_get_state (self->search) == RECON_AXIS_QUERY_UNDER_WAY)
    recon_axis_query_cancel (self->search);
  else
    recon_axis_finder_start (self);
}

static void
use_clicked_cb (ReconAxisFinder *self)
{
  recon_axis_query_use (self->search);
}

static void
row_chosen_cb (ReconAxisFinder *self,
               double           row)
{
  g_signal_emit (self, signals[ROW_CHOSEN], 0, row);
}

static void
method_changed_cb (ReconAxisFinder *self)
{
  guint selected = adw_combo_row_get_selected (self->method_row);

  if (selected < RECON_AXIS_N_METHODS)
    recon_row_help_set_text (GTK_WIDGET (self->method_row), recon_axis_words_get_explanation (selected));
}

/* The list of methods says of each one what it is good for. */

static void
setup_item_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *label = gtk_label_new (NULL);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      if (i == 1)
        {
          gtk_label_set_wrap (GTK_LABEL (label), TRUE);
          gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
          gtk_widget_add_css_class (label, "caption");
          gtk_widget_add_css_class (label, "dim-label");
        }
      gtk_box_append (GTK_BOX (box), label);
    }
  gtk_list_item_set_child (item, box);
}

static void
bind_item_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  GtkWidget *title = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  ReconAxisMethod method = (ReconAxisMethod) gtk_list_item_get_position (item);

  gtk_label_set_label (GTK_LABEL (title), recon_axis_words_get_method (method));
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (title)), recon_axis_words_get_explanation (method));
}

static void
fill_methods (ReconAxisFinder *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  for (guint i = 0; i < RECON_AXIS_N_METHODS; i++)
    gtk_string_list_append (titles, recon_axis_words_get_method (i));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_item_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_item_cb), NULL);
  adw_combo_row_set_list_factory (self->method_row, factory);
  adw_combo_row_set_model (self->method_row, G_LIST_MODEL (titles));
  method_changed_cb (self);
}

static void
recon_axis_finder_dispose (GObject *object)
{
  ReconAxisFinder *self = RECON_AXIS_FINDER (object);

  if (self->search != NULL)
    recon_axis_query_cancel (self->search);
  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_AXIS_FINDER);
  g_clear_object (&self->search);

  G_OBJECT_CLASS (recon_axis_finder_parent_class)->dispose (object);
}

static void
recon_axis_finder_class_init (ReconAxisFinderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = recon_axis_finder_dispose;

  signals[ROW_CHOSEN] = g_signal_new ("row-chosen", RECON_TYPE_AXIS_FINDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  g_type_ensure (RECON_TYPE_ROW_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/axis-finder.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, spinner);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, find_button);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, method_row);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, rows_row);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, rows_entry);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, result_row);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, verdict);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, verdict_icon);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, verdict_label);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, plot_row);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, rows_label);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, plot);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, use_row);
  gtk_widget_class_bind_template_child (widget_class, ReconAxisFinder, use_button);
  gtk_widget_class_bind_template_callback (widget_class, find_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, method_changed_cb);
}

static void
recon_axis_finder_init (ReconAxisFinder *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_methods (self);
  recon_row_help_add (GTK_WIDGET (self->method_row));
  recon_row_help_add (self->rows_row);
}

/**
 * recon_axis_finder_connect:
 * @self: a new group
 * @search: what it starts and shows
 *
 * To be called once.
 */
void
recon_axis_finder_connect (ReconAxisFinder *self,
                           ReconAxisQuery  *search)
{
  g_return_if_fail (RECON_IS_AXIS_FINDER (self));
  g_return_if_fail (self->search == NULL);

  self->search = g_object_ref (search);
  g_signal_connect_object (search, "changed", G_CALLBACK (search_changed_cb), self, G_CONNECT_SWAPPED);
  search_changed_cb (self);
}

/**
 * recon_axis_finder_start:
 * @self: a group
 *
 * Begins to look for the axis in the way that is chosen, unless that is under way; as soon as the scan is known.
 */
void
recon_axis_finder_start (ReconAxisFinder *self)
{
  ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autofree char *rows = NULL;

  g_return_if_fail (RECON_IS_AXIS_FINDER (self));

  self->start_when_ready = !self->ready;
  if (!self->ready || recon_axis_query_get_state (self->search) == RECON_AXIS_QUERY_UNDER_WAY)
    return;

  rows = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->rows_entry))));
  settings.method = (ReconAxisMethod) adw_combo_row_get_selected (self->method_row);
  settings.rows = *rows != '\0' ? rows : NULL;
  recon_axis_query_start (self->search, &settings);
}

/**
 * recon_axis_finder_set_ready:
 * @self: a group
 * @ready: whether there is a scan to look at
 */
void
recon_axis_finder_set_ready (ReconAxisFinder *self,
                             gboolean         ready)
{
  g_return_if_fail (RECON_IS_AXIS_FINDER (self));

  self->ready = ready;
  update_button (self);
  if (ready && self->start_when_ready)
    recon_axis_finder_start (self);
}

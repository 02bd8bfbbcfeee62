/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "log/log-pane.h"

#include <glib/gi18n.h>

#define MAX_RECORDS 10000

/* What counts as the end in sight. */
#define END_PIXELS 48

#define SCROLL_MS    50
#define SCROLL_STEPS 8

/* So that the oldest records don't go one by one. */
#define RECORDS_DROPPED_AT_ONCE 1000

struct _ReconLogPane
{
  GtkWidget             parent_instance;

  GtkWidget            *bar;
  GtkStack             *stack;
  GtkScrolledWindow    *scroller;
  GtkListView          *list;
  GtkToggleButton      *warnings_button;
  GtkToggleButton      *normal_button;
  GtkToggleButton      *all_button;

  GListStore           *records;
  GtkCustomFilter      *filter;
  GtkFilterListModel   *shown;
  int                   level; /* the least important that is shown */
  guint                 n_unseen;
  guint                 scroll_source;
  guint                 n_steps; /* of going to the end */
  double                last_value, last_upper; /* of the adjustment, at the last of them */
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (ReconLogPane, recon_log_pane, GTK_TYPE_WIDGET)

enum
{
  PROP_N_UNSEEN = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static const char *
icon_name (int level)
{
  switch (level)
    {
    case RECON_LOG_ERROR:
      return "dialog-error-symbolic";
    case RECON_LOG_WARNING:
      return "dialog-warning-symbolic";
    case RECON_LOG_INFO:
      return "dialog-information-symbolic";
    default:
      return "view-more-horizontal-symbolic";
    }
}

static gboolean
filter_cb (gpointer item,
           gpointer user_data)
{
  ReconLogPane *self = user_data;

  return recon_log_record_is_heading (item) || recon_log_record_get_level (item) <= self->level;
}

static void
level_toggled_cb (ReconLogPane *self)
{
  int level = RECON_LOG_INFO;

  if (gtk_toggle_button_get_active (self->warnings_button))
    level = RECON_LOG_WARNING;
  else if (gtk_toggle_button_get_active (self->all_button))
    level = RECON_LOG_DEBUG;

  if (level == self->level)
    return;

  self->level = level;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *clock = gtk_label_new (NULL);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *text = gtk_label_new (NULL);

  gtk_widget_add_css_class (clock, "numeric");
  gtk_widget_add_css_class (clock, "dim-label");
  gtk_widget_set_valign (clock, GTK_ALIGN_START);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_widget_set_hexpand (text, TRUE);

  gtk_box_append (GTK_BOX (box), clock);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), text);
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_selectable (item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  ReconLogRecord *record = gtk_list_item_get_item (item);
  GtkWidget *clock = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *icon = gtk_widget_get_next_sibling (clock);
  GtkWidget *text = gtk_widget_get_next_sibling (icon);

  gtk_label_set_label (GTK_LABEL (clock), recon_log_record_get_clock (record));
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), icon_name (recon_log_record_get_level (record)));
  gtk_widget_set_tooltip_text (icon, recon_log_record_get_word (record));
  gtk_label_set_label (GTK_LABEL (text), recon_log_record_get_text (record));
  gtk_widget_set_visible (icon, !recon_log_record_is_heading (record));
  if (recon_log_record_is_heading (record))
    gtk_widget_add_css_class (text, "heading");
  else
    gtk_widget_remove_css_class (text, "heading");
}

static void
copy_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  g_autofree char *text = recon_log_pane_format (RECON_LOG_PANE (widget), G_MAXUINT);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
save_response_cb (ReconLogPane *self,
                  int           response)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_autofree char *text = recon_log_pane_format (self, G_MAXUINT);
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->chooser);
  if (response != GTK_RESPONSE_ACCEPT || file == NULL)
    return;

  if (!g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, &error))
    {
      g_autofree char *message = g_strdup_printf (_ ("The log could not be saved: %s"), error->message);

      recon_log_pane_append (self, RECON_LOG_ERROR, g_get_real_time (), message);
    }
}

static void
save_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  ReconLogPane *self = RECON_LOG_PANE (widget);

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_ ("Save Log"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "reconstruct.log");
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (save_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
set_n_unseen (ReconLogPane *self,
              guint         n_unseen)
{
  if (n_unseen == self->n_unseen)
    return;

  self->n_unseen = n_unseen;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNSEEN]);
}

static gboolean
shows_end (ReconLogPane *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  return gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) -
             gtk_adjustment_get_value (adjustment) < END_PIXELS;
}

/* While it is gone to the end somebody has gone up. */
static gboolean
was_led_away (ReconLogPane *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  return self->n_steps > 0 && gtk_adjustment_get_value (adjustment) < self->last_value - END_PIXELS &&
         gtk_adjustment_get_upper (adjustment) >= self->last_upper;
}

/* To the line, as the list only guesses how high lines are that it doesn't show; what it guesses changes as it shows
 * them, so that the end takes some steps. */
static gboolean
scroll_down_cb (gpointer user_data)
{
  ReconLogPane *self = user_data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->shown));

  if (was_led_away (self))
    {
      self->scroll_source = 0;
      return G_SOURCE_REMOVE;
    }

  if (n > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", n - 1);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  self->last_value = gtk_adjustment_get_value (adjustment);
  self->last_upper = gtk_adjustment_get_upper (adjustment);
  if (++self->n_steps < SCROLL_STEPS)
    return G_SOURCE_CONTINUE;

  self->scroll_source = 0;

  return G_SOURCE_REMOVE;
}

static void
follow_soon (ReconLogPane *self)
{
  self->n_steps = 0;
  if (self->scroll_source == 0)
    self->scroll_source = g_timeout_add (SCROLL_MS, scroll_down_cb, self);
}

/* The end stays in sight, unless somebody looks at older lines. */
static void
follow (ReconLogPane *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && (shows_end (self) || (self->scroll_source != 0 && !was_led_away (self))))
    follow_soon (self);
}

static void
recon_log_pane_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (recon_log_pane_parent_class)->map (widget);

  set_n_unseen (RECON_LOG_PANE (widget), 0);
  follow_soon (RECON_LOG_PANE (widget));
}

static void
recon_log_pane_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ReconLogPane *self = RECON_LOG_PANE (object);

  switch (id)
    {
    case PROP_N_UNSEEN:
      g_value_set_uint (value, self->n_unseen);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_log_pane_dispose (GObject *object)
{
  ReconLogPane *self = RECON_LOG_PANE (object);
  GtkWidget *child;

  g_clear_handle_id (&self->scroll_source, g_source_remove);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), RECON_TYPE_LOG_PANE);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->shown);
  g_clear_object (&self->records);

  G_OBJECT_CLASS (recon_log_pane_parent_class)->dispose (object);
}

static void
recon_log_pane_class_init (ReconLogPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = recon_log_pane_get_property;
  object_class->dispose = recon_log_pane_dispose;
  widget_class->map = recon_log_pane_map;

  properties[PROP_N_UNSEEN] = g_param_spec_uint ("n-unseen", NULL, NULL, 0, G_MAXUINT, 0,
                                                 G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/window/log-pane.ui");
  gtk_widget_class_set_css_name (widget_class, "logpane");
  gtk_widget_class_bind_template_child (widget_class, ReconLogPane, bar);
  gtk_widget_class_bind_template_child (widget_class, ReconLogPane, stack);
  gtk_widget_class_bind_template_child (widget_class, ReconLogPane, scroller);
  gtk_widget_class_bind_template_child (widget_class, ReconLogPane, list);
  gtk_widget_class_bind_template_child (widget_class, ReconLogPane, warnings_button);
  gtk_widget_class_bind_template_child (widget_class, ReconLogPane, normal_button);
  gtk_widget_class_bind_template_child (widget_class, ReconLogPane, all_button);
  gtk_widget_class_bind_template_callback (widget_class, level_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);

  gtk_widget_class_install_action (widget_class, "log.copy", NULL, copy_cb);
  gtk_widget_class_install_action (widget_class, "log.save", NULL, save_cb);
}

static void
recon_log_pane_init (ReconLogPane *self)
{
  GtkNoSelection *selection;

  self->level = RECON_LOG_INFO;
  self->records = g_list_store_new (RECON_TYPE_LOG_RECORD);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->filter = gtk_custom_filter_new (filter_cb, self, NULL);
  self->shown = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->records)), GTK_FILTER (self->filter));
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
}

GtkWidget *
recon_log_pane_new (void)
{
  return g_object_new (RECON_TYPE_LOG_PANE, NULL);
}

/* Takes the record. */
static void
append (ReconLogPane   *self,
        ReconLogRecord *record)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->records)) >= MAX_RECORDS)
    g_list_store_splice (self->records, 0, RECORDS_DROPPED_AT_ONCE, NULL, 0);
  /* Before there is one line more: whether the end is in sight. */
  follow (self);
  g_list_store_append (self->records, record);
  g_object_unref (record);
  gtk_stack_set_visible_child_name (self->stack, "records");
}

/**
 * recon_log_pane_append:
 * @self: a log
 * @level: a #ReconLogLevel or %RECON_LOG_ERROR
 * @time: µs since 1970
 * @text: what was said
 *
 * Adds a line at the end; the oldest ones go where there are too many.
 */
void
recon_log_pane_append (ReconLogPane *self,
                       int           level,
                       gint64        time,
                       const char   *text)
{
  g_return_if_fail (RECON_IS_LOG_PANE (self));

  append (self, recon_log_record_new (level, time, text));
  if (level <= RECON_LOG_WARNING && !gtk_widget_get_mapped (GTK_WIDGET (self)))
    set_n_unseen (self, self->n_unseen + 1);
}

/**
 * recon_log_pane_append_heading:
 * @self: a log
 * @time: µs since 1970
 * @text: what the lines that follow are of
 */
void
recon_log_pane_append_heading (ReconLogPane *self,
                               gint64        time,
                               const char   *text)
{
  ReconLogRecord *record = recon_log_record_new (RECON_LOG_INFO, time, text);

  g_return_if_fail (RECON_IS_LOG_PANE (self));

  recon_log_record_set_heading (record);
  append (self, record);
}

/**
 * recon_log_pane_format:
 * @self: a log
 * @n_newest: how many lines at most, of any level
 *
 * Returns: (transfer full): the newest lines as text
 */
char *
recon_log_pane_format (ReconLogPane *self,
                       guint         n_newest)
{
  GListModel *model = G_LIST_MODEL (self->records);
  guint n = g_list_model_get_n_items (model);
  GString *text = g_string_new (NULL);

  for (guint i = n > n_newest ? n - n_newest : 0; i < n; i++)
    {
      g_autoptr (ReconLogRecord) record = g_list_model_get_item (model, i);

      recon_log_record_append_to (record, text);
    }

  return g_string_free (text, FALSE);
}

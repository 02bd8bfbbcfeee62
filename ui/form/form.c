/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/form.h"

#include "form/banner.h"
#include "form/device-row.h"
#include "form/form-private.h"
#include "form/path-row.h"
#include "form/row-help.h"

/* The rows know their parameters. Here is what lies between them: where they are (form-rows.c), what their values come
 * to (form-hints.c), and what the worker says of them (checks.c, form-checks.c). */

G_DEFINE_FINAL_TYPE (ReconForm, recon_form, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_DOCUMENT,
  PROP_CLIENT,
  PROP_N_PROBLEMS,
  PROP_SUMMARY,
  N_PROPERTIES
};

enum
{
  FIND_AXIS,
  RESOLVED,
  SCAN_OPENED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

/* Takes the text. */
void
_recon_form_set_summary (ReconForm *self,
                         char      *summary)
{
  if (g_strcmp0 (summary, self->summary) == 0)
    {
      g_free (summary);
      return;
    }

  g_free (self->summary);
  self->summary = summary;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUMMARY]);
}

static void
level_changed_cb (ReconForm *self)
{
  guint n = 0;

  for (guint i = 0; i < recon_parameter_count (); i++)
    n += recon_field_get_level (self->rows[i]) == RECON_FIELD_ERROR;

  _recon_form_update_rules (self);
  if (n == self->n_problems)
    return;

  self->n_problems = n;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_PROBLEMS]);
}

static void
changed_cb (ReconForm *self)
{
  _recon_form_update_rules (self);
  _recon_form_update_hints (self);
  _recon_form_update_checks (self);
  _recon_form_look_at_output (self);
  _recon_form_show_scan (self);
}

static void
inspected_cb (ReconChecks *checks,
              guint        parameter,
              ReconForm   *self)
{
  _recon_form_update_hints (self);
  _recon_form_update_checks (self);
}

static void
resolved_cb (ReconChecks *checks,
             ReconForm   *self)
{
  if (recon_checks_is_known (checks))
    {
      _recon_form_update_hints (self);
      _recon_form_update_checks (self);
    }
  g_signal_emit (self, signals[RESOLVED], 0, recon_checks_get_resolved (checks));
}

/* What was put aside belongs to another file. */
static void
file_changed_cb (ReconForm *self)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    g_clear_pointer (&self->remembered[i], g_free);
  _recon_form_forget_scan (self);
}

static void
search_changed_cb (ReconForm *self)
{
  if (self->checks != NULL)
    _recon_form_update_rules (self);
}

static void
kind_toggled_cb (ReconForm *self)
{
  if (!self->updating)
    _recon_form_set_sinograms (self, !gtk_check_button_get_active (self->projections_check));
}

static void
recon_form_constructed (GObject *object)
{
  ReconForm *self = RECON_FORM (object);

  G_OBJECT_CLASS (recon_form_parent_class)->constructed (object);

  g_assert (self->document != NULL);
  _recon_form_build_rows (self);
  for (gsize i = 0; i < G_N_ELEMENTS (self->kind_rows); i++)
    recon_row_help_add (self->kind_rows[i]);
  self->checks = recon_checks_new (self->document, self->client);

  for (guint i = 0; i < recon_parameter_count (); i++)
    g_signal_connect_object (self->rows[i], "level-changed", G_CALLBACK (level_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->document, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->document, "notify::file", G_CALLBACK (file_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->checks, "inspected", G_CALLBACK (inspected_cb), self, 0);
  g_signal_connect_object (self->checks, "resolved", G_CALLBACK (resolved_cb), self, 0);
  if (self->client != NULL)
    g_signal_connect_object (self->client, "notify::state", G_CALLBACK (_recon_form_client_changed), self,
                             G_CONNECT_SWAPPED);
  changed_cb (self);
}

static void
recon_form_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  ReconForm *self = RECON_FORM (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_N_PROBLEMS:
      g_value_set_uint (value, self->n_problems);
      break;
    case PROP_SUMMARY:
      g_value_set_string (value, self->summary);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_form_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  ReconForm *self = RECON_FORM (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      self->document = g_value_dup_object (value);
      break;
    case PROP_CLIENT:
      self->client = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
recon_form_dispose (GObject *object)
{
  ReconForm *self = RECON_FORM (object);

  if (self->checks != NULL)
    g_object_run_dispose (G_OBJECT (self->checks));
  g_clear_object (&self->checks);
  g_cancellable_cancel (self->scan_cancellable);
  g_clear_object (&self->scan_cancellable);
  g_cancellable_cancel (self->nearby_cancellable);
  g_clear_object (&self->nearby_cancellable);
  g_cancellable_cancel (self->output_cancellable);
  g_clear_object (&self->output_cancellable);
  g_clear_object (&self->client);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (recon_form_parent_class)->dispose (object);
}

static void
recon_form_finalize (GObject *object)
{
  ReconForm *self = RECON_FORM (object);

  for (guint i = 0; i < recon_parameter_count (); i++)
    g_free (self->remembered[i]);
  g_free (self->remembered);
  g_ptr_array_unref (self->groups);
  g_free (self->rows);
  g_free (self->expanders);
  g_array_unref (self->order);
  g_free (self->scan_path);
  g_clear_pointer (&self->scans, g_ptr_array_unref);
  g_free (self->nearby_path);
  g_clear_pointer (&self->nearby, g_variant_unref);
  g_free (self->summary);
  g_free (self->output_place);
  g_free (self->made);

  G_OBJECT_CLASS (recon_form_parent_class)->finalize (object);
}

static void
recon_form_class_init (ReconFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = recon_form_constructed;
  object_class->get_property = recon_form_get_property;
  object_class->set_property = recon_form_set_property;
  object_class->dispose = recon_form_dispose;
  object_class->finalize = recon_form_finalize;

  properties[PROP_DOCUMENT] = g_param_spec_object ("document", NULL, NULL, RECON_TYPE_DOCUMENT, construct);
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, RECON_TYPE_CLIENT, construct);
  properties[PROP_N_PROBLEMS] = g_param_spec_uint ("n-problems", NULL, NULL, 0, G_MAXUINT, 0, readable);
  properties[PROP_SUMMARY] = g_param_spec_string ("summary", NULL, NULL, "", readable);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[FIND_AXIS] = g_signal_new ("find-axis", RECON_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);
  signals[RESOLVED] = g_signal_new ("resolved", RECON_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_VARIANT);
  signals[SCAN_OPENED] = g_signal_new ("scan-opened", RECON_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/reconstruct/Reconstruct/form/form.ui");
  gtk_widget_class_bind_template_child (widget_class, ReconForm, scan_row);
  gtk_widget_class_bind_template_child (widget_class, ReconForm, nearby_row);
  gtk_widget_class_bind_template_child (widget_class, ReconForm, search_bar);
  gtk_widget_class_bind_template_child (widget_class, ReconForm, search_entry);
  gtk_widget_class_bind_template_child (widget_class, ReconForm, nothing_found);
  gtk_widget_class_bind_template_child_full (widget_class, "projections_kind", FALSE,
                                             G_STRUCT_OFFSET (ReconForm, kind_rows[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "sinograms_kind", FALSE,
                                             G_STRUCT_OFFSET (ReconForm, kind_rows[1]));
  gtk_widget_class_bind_template_child (widget_class, ReconForm, page);
  gtk_widget_class_bind_template_child (widget_class, ReconForm, input_group);
  gtk_widget_class_bind_template_child (widget_class, ReconForm, projections_check);
  gtk_widget_class_bind_template_child (widget_class, ReconForm, sinograms_check);
  gtk_widget_class_bind_template_callback (widget_class, kind_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "use_nearby_cb",
                                                G_CALLBACK (_recon_form_use_nearby));
  gtk_widget_class_bind_template_callback_full (widget_class, "open_scan_cb", G_CALLBACK (recon_form_open_scan));
}

static void
recon_form_init (ReconForm *self)
{
  g_type_ensure (RECON_TYPE_SCAN_ROW);
  self->free_bytes = G_MAXUINT64;
  self->summary = g_strdup ("");
  self->groups = g_ptr_array_new ();
  self->rows = g_new0 (ReconField *, recon_parameter_count ());
  self->expanders = g_new0 (AdwExpanderRow *, recon_parameter_count ());
  self->order = g_array_new (FALSE, FALSE, sizeof (ReconParameter));
  self->remembered = g_new0 (char *, recon_parameter_count ());
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
}

/**
 * recon_form_new:
 * @document: what to edit
 * @client: (nullable): who looks at paths and at the whole; nothing is checked without
 *
 * Returns: (transfer floating): a form
 */
GtkWidget *
recon_form_new (ReconDocument *document,
                ReconClient   *client)
{
  g_return_val_if_fail (RECON_IS_DOCUMENT (document), NULL);

  return g_object_new (RECON_TYPE_FORM, "document", document, "client", client, NULL);
}

/**
 * recon_form_get_resolved:
 * @self: a form
 *
 * Returns: (transfer none) (nullable): what the worker says of the configuration as it stands (see Worker1.Resolve);
 *   %NULL while that is not known
 */
GVariant *
recon_form_get_resolved (ReconForm *self)
{
  g_return_val_if_fail (RECON_IS_FORM (self), NULL);

  return recon_checks_get_resolved (self->checks);
}

/**
 * recon_form_find_problem:
 * @self: a form
 * @parameter: (out): the first parameter, in the order of reading, whose row keeps a run from starting
 *
 * Returns: whether there is one
 */
gboolean
recon_form_find_problem (ReconForm      *self,
                         ReconParameter *parameter)
{
  g_return_val_if_fail (RECON_IS_FORM (self), FALSE);

  for (guint i = 0; i < self->order->len; i++)
    {
      ReconParameter candidate = g_array_index (self->order, ReconParameter, i);

      if (recon_field_get_level (self->rows[candidate]) != RECON_FIELD_ERROR)
        continue;

      *parameter = candidate;
      return TRUE;
    }

  return FALSE;
}

/**
 * recon_form_show_row:
 * @self: a form
 * @parameter: a parameter
 *
 * Goes to the row, wherever it is folded away.
 */
void
recon_form_show_row (ReconForm      *self,
                     ReconParameter  parameter)
{
  g_return_if_fail (RECON_IS_FORM (self));
  g_return_if_fail (parameter < recon_parameter_count ());

  if (self->expanders[parameter] != NULL)
    adw_expander_row_set_expanded (self->expanders[parameter], TRUE);
  gtk_widget_grab_focus (recon_field_get_control (self->rows[parameter]));
}

/**
 * recon_form_show_problem:
 * @self: a form
 *
 * Goes to the first row that keeps a run from starting, if there is one.
 */
void
recon_form_show_problem (ReconForm *self)
{
  ReconParameter parameter;

  if (recon_form_find_problem (self, &parameter))
    recon_form_show_row (self, parameter);
}

/**
 * recon_form_set_made:
 * @self: a form
 * @path: where a run has just put its slices
 *
 * What lies there is what was wished for, and no reason to warn.
 */
void
recon_form_set_made (ReconForm  *self,
                     const char *path)
{
  g_return_if_fail (RECON_IS_FORM (self));

  g_free (self->made);
  self->made = g_canonicalize_filename (path, NULL);
  _recon_form_update_checks (self);
}

/**
 * recon_form_get_row:
 * @self: a form
 * @parameter: a parameter
 *
 * Returns: (transfer none): its row, a #ReconField
 */
GtkWidget *
recon_form_get_row (ReconForm      *self,
                    ReconParameter  parameter)
{
  g_return_val_if_fail (RECON_IS_FORM (self), NULL);
  g_return_val_if_fail (parameter < recon_parameter_count (), NULL);

  return GTK_WIDGET (self->rows[parameter]);
}

/**
 * recon_form_check:
 * @self: a form
 *
 * Looks at everything once more, because files may have changed: a run has ended, or the window is active again.
 */
void
recon_form_check (ReconForm *self)
{
  g_return_if_fail (RECON_IS_FORM (self));

  recon_checks_ask_again (self->checks);
  g_clear_pointer (&self->output_place, g_free);
  _recon_form_look_at_output (self);
}

/**
 * recon_form_drop_paths:
 * @self: a form
 * @paths: (array zero-terminated=1): folders or files that were dropped beside the rows
 *
 * Opens the scan that they are. Several files stand for the folder that holds them.
 *
 * Returns: whether that was possible
 */
gboolean
recon_form_drop_paths (ReconForm         *self,
                       const char *const *paths)
{
  g_autoslist (GFile) files = NULL;

  g_return_val_if_fail (RECON_IS_FORM (self), FALSE);
  g_return_val_if_fail (paths != NULL, FALSE);

  for (gsize i = 0; paths[i] != NULL; i++)
    files = g_slist_append (files, g_file_new_for_path (paths[i]));

  return recon_scan_row_take_files (self->scan_row, files);
}

/**
 * recon_form_choose_scan:
 * @self: a form
 * @folder: whether it is a folder; else a file
 *
 * Shows a dialog in which a scan is chosen.
 */
void
recon_form_choose_scan (ReconForm *self,
                        gboolean   folder)
{
  g_return_if_fail (RECON_IS_FORM (self));

  recon_scan_row_choose (self->scan_row, folder);
}

/**
 * recon_form_set_devices:
 * @self: a form
 * @devices: (nullable): what Worker1.ListDevices says
 *
 * Offers them to choose from.
 */
void
recon_form_set_devices (ReconForm *self,
                        GVariant  *devices)
{
  g_return_if_fail (RECON_IS_FORM (self));

  recon_device_row_set_devices (RECON_DEVICE_ROW (self->rows[RECON_PARAM_DEVICE]), devices);
}

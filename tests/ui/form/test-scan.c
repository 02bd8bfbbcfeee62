/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "form-rig.h"
#include "form/device-row.h"
#include "form/scan-row.h"

/* A scan is opened as one thing, settings are found by words, and devices are chosen from a list. */

#define FOUND                                                                                                          \
  "{'values': <{'input.projections': '/data/scan/tomo', 'input.flats': '/data/scan/flats'}>,"                          \
  " 'reasons': <{'input.projections': 'the folder is named so', 'input.flats': 'so is this'}>,"                        \
  " 'warnings': <@as []>, 'notes': <['previews were left out']>, 'questions': <@aa{sv} []>}"

static GtkWidget *
find_widget (GtkWidget *widget,
             GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static AdwExpanderRow *
get_scan_row (FormRig *f)
{
  return ADW_EXPANDER_ROW (find_widget (GTK_WIDGET (f->form), RECON_TYPE_SCAN_ROW));
}

static void
remember_cb (ReconForm   *form,
             const char  *path,
             char       **opened)
{
  g_free (*opened);
  *opened = g_strdup (path);
}

static void
test_open (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  g_autofree char *opened = NULL;

  g_signal_connect (f.form, "scan-opened", G_CALLBACK (remember_cb), &opened);
  form_rig_set (&f, RECON_PARAM_AXIS, "17");
  form_rig_set (&f, RECON_PARAM_DARKS, "/data/other/darks");
  form_rig_set (&f, recon_parameter ("reconstruction.filter"), "hann");

  recon_form_open_scan (f.form, "/data/scan");
  g_assert_nonnull (strstr (adw_expander_row_get_subtitle (get_scan_row (&f)), "/data/scan"));
  fake_client_answer (f.client, "find /data/scan", FOUND);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "/data/scan/tomo");
  form_rig_assert_text (&f, RECON_PARAM_FLATS, "/data/scan/flats");
  g_assert_cmpstr (opened, ==, "/data/scan");
  g_assert_true (adw_expander_row_get_enable_expansion (get_scan_row (&f)));

  /* What was of another scan is gone, what is a matter of taste is not; all of it is one step. */
  form_rig_assert_text (&f, RECON_PARAM_DARKS, "");
  form_rig_assert_text (&f, RECON_PARAM_AXIS, "middle");
  form_rig_assert_text (&f, recon_parameter ("reconstruction.filter"), "hann");
  recon_document_undo (f.document);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "");
  form_rig_assert_text (&f, RECON_PARAM_AXIS, "17");
}

/* The row is about the scan that the document has. */
static void
test_undone (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  recon_form_open_scan (f.form, "/data/a");
  fake_client_answer (f.client, "find /data/a", "{'values': <{'input.projections': '/data/a/tomo'}>}");
  recon_form_open_scan (f.form, "/data/b");
  fake_client_answer (f.client, "find /data/b", "{'values': <{'input.projections': '/data/b/tomo'}>}");
  g_assert_cmpstr (adw_expander_row_get_subtitle (get_scan_row (&f)), ==, "/data/b");

  recon_document_undo (f.document);
  g_assert_cmpstr (adw_expander_row_get_subtitle (get_scan_row (&f)), ==, "/data/a");
  recon_document_undo (f.document);
  g_assert_cmpstr (adw_expander_row_get_subtitle (get_scan_row (&f)), ==, "Open or drop a folder or a file");
  g_assert_false (adw_expander_row_get_enable_expansion (get_scan_row (&f)));
  recon_document_redo (f.document);
  g_assert_cmpstr (adw_expander_row_get_subtitle (get_scan_row (&f)), ==, "/data/a");
  form_rig_set (&f, recon_parameter ("reconstruction.filter"), "hann");
  g_assert_true (adw_expander_row_get_enable_expansion (get_scan_row (&f)));
  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/c/tomo");
  g_assert_cmpstr (adw_expander_row_get_subtitle (get_scan_row (&f)), ==, "Open or drop a folder or a file");
}

/* The last scan that was opened is meant, whichever answer comes first. */
static void
test_newest (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  recon_form_open_scan (f.form, "/data/a");
  recon_form_open_scan (f.form, "/data/b");
  fake_client_answer (f.client, "find /data/b", "{'values': <{'input.projections': '/data/b/tomo'}>}");
  fake_client_answer (f.client, "find /data/a", "{'values': <{'input.projections': '/data/a/tomo'}>}");
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "/data/b/tomo");
}

static void
test_failure (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/before");
  recon_form_open_scan (f.form, "/data/none");
  fake_client_fail (f.client, "find /data/none", RECON_ERROR, RECON_ERROR_INPUT,
                    "There are no images. Give them with --projections=PATH (input.projections).");
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "/data/before");
  g_assert_nonnull (strstr (adw_expander_row_get_subtitle (get_scan_row (&f)), "There are no images"));
  g_assert_null (strstr (adw_expander_row_get_subtitle (get_scan_row (&f)), "--projections"));
  g_assert_nonnull (strstr (adw_expander_row_get_subtitle (get_scan_row (&f)), "/data/none\n"));

  /* What is said of it is past with the next change, and no path is said twice. */
  form_rig_set (&f, RECON_PARAM_DARKS, "/data/darks");
  g_assert_cmpstr (adw_expander_row_get_subtitle (get_scan_row (&f)), ==, "Open or drop a folder or a file");
  recon_form_open_scan (f.form, "/data/none");
  fake_client_fail (f.client, "find /data/none", RECON_ERROR, RECON_ERROR_INPUT, "/data/none holds no images.");
  g_assert_cmpstr (adw_expander_row_get_subtitle (get_scan_row (&f)), ==,
                   "/data/none holds no images. The scan before is kept.");
}

/* A worker that is starting is asked when it is there. */
static void
test_waits (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  fake_client_set_state (f.client, RECON_CLIENT_STARTING);
  recon_form_open_scan (f.form, "/data/scan");
  g_assert_cmpuint (fake_client_count (f.client), ==, 0);
  fake_client_set_state (f.client, RECON_CLIENT_READY);
  fake_client_answer (f.client, "find /data/scan", FOUND);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "/data/scan/tomo");
}

static GtkWidget *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *item = windows; item != NULL; item = item->next)
    if (ADW_IS_MESSAGE_DIALOG (item->data) && gtk_widget_get_visible (item->data))
      return item->data;

  return NULL;
}

/* A folder of several scans asks which; what is unclear in one is asked, too. */
static void
test_questions (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  GtkWidget *dialog, *list;

  gtk_window_present (GTK_WINDOW (f.window));
  recon_form_open_scan (f.form, "/data");
  fake_client_answer (f.client, "find /data",
                      "{'questions': <[{'parameter': <''>, 'text': <'Which one?'>, "
                      "'candidates': <['/data/a', '/data/b']>}]>}");
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "");
  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  list = find_widget (dialog, GTK_TYPE_LIST_BOX);
  g_signal_emit_by_name (list, "row-activated", gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1));
  form_rig_settle ();

  fake_client_answer (f.client, "find /data/b",
                      "{'values': <{'input.projections': '/data/b/tomo'}>, "
                      "'questions': <[{'parameter': <'input.darks'>, 'text': <'Which darks?'>, "
                      "'candidates': <['/data/b/d1', '/data/b/d2']>}]>}");
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "/data/b/tomo");
  dialog = find_dialog ();
  list = find_widget (dialog, GTK_TYPE_LIST_BOX);
  g_signal_emit_by_name (list, "row-activated", gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0));
  form_rig_settle ();
  form_rig_assert_text (&f, RECON_PARAM_DARKS, "/data/b/d1");
  g_assert_null (find_dialog ());
}

/* Where flats are missing, those that lie around the projections are offered, and not taken unasked. */
static void
test_nearby (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  GObject *child = gtk_widget_get_template_child (GTK_WIDGET (f.form), RECON_TYPE_FORM, "nearby_row");
  GtkWidget *row = GTK_WIDGET (child);

  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/scan/tomo");
  form_rig_wait_for_questions (&f, 2);
  fake_client_answer (f.client, "/data/scan/tomo", "{'layout': <'TIFF series'>}");
  fake_client_fail (f.client, "resolve", RECON_ERROR, RECON_ERROR_INPUT,
                    "Flat-field correction is on, but there are no flats: input.flats is empty. Give them with "
                    "--flats=PATH, or turn the correction off with --no-correct.");
  g_assert_false (gtk_widget_get_visible (row));
  fake_client_answer (f.client, "find /data/scan/tomo", FOUND);
  form_rig_assert_text (&f, RECON_PARAM_FLATS, "");
  g_assert_true (gtk_widget_get_visible (row));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "/data/scan/flats");

  g_signal_emit_by_name (find_widget (row, GTK_TYPE_BUTTON), "clicked");
  form_rig_assert_text (&f, RECON_PARAM_FLATS, "/data/scan/flats");
}

static guint
count_shown (FormRig *f)
{
  guint n = 0;

  for (guint i = 0; i < recon_parameter_count (); i++)
    n += gtk_widget_get_visible (recon_form_get_row (f->form, i));

  return n;
}

static void
search (FormRig    *f,
        const char *words)
{
  GtkEditable *entry = GTK_EDITABLE (find_widget (GTK_WIDGET (f->form), GTK_TYPE_SEARCH_ENTRY));

  recon_form_start_search (f->form);
  gtk_editable_set_text (entry, words);
  /* The entry waits a moment for more letters. */
  g_signal_emit_by_name (entry, "search-changed");
}

/* Rows are found by their titles, by names in files, by help, and by what earlier programs call them. */
static void
test_search (void)
{
  const struct
  {
    const char     *words;
    ReconParameter  parameter;
  } cases[] = {
    { "use absorptivity", recon_parameter ("flat-field.absorptivity") },
    { "Do flat-field correction", recon_parameter ("flat-field.correct") },
    { "region y-step", RECON_PARAM_Y_STEP },
    { "slices", RECON_PARAM_OUTPUT_PATH },
    { "center of rotation", RECON_PARAM_AXIS },
    { "MEMORY", RECON_PARAM_MEMORY_LIMIT },
    { "input.bin", RECON_PARAM_BIN },
  };
  g_auto (FormRig) f = form_rig_set_up ();
  guint n_all = count_shown (&f);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      search (&f, cases[i].words);
      g_assert_true (gtk_widget_get_visible (recon_form_get_row (f.form, cases[i].parameter)));
      g_assert_cmpuint (count_shown (&f), <, n_all / 2);
    }

  search (&f, "nothing of that");
  g_assert_cmpuint (count_shown (&f), ==, 0);
  search (&f, "");
  g_assert_cmpuint (count_shown (&f), ==, n_all);
}

static void
test_devices (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  AdwComboRow *row = ADW_COMBO_ROW (recon_form_get_row (f.form, RECON_PARAM_DEVICE));
  g_autoptr (GVariant) devices = g_variant_ref_sink (
      g_variant_new_parsed ("[{'name': <'Radeon'>}, {'name': <'Old'>, 'refusal': <'too old'>}, "
                            "{'name': <'Twin'>}, {'name': <'Twin'>}, {'name': <'Twin 2'>}]"));

  g_assert_true (RECON_IS_DEVICE_ROW (row));
  recon_form_set_devices (f.form, devices);
  /* Four kinds, and those that can be used. */
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (row)), ==, 8);

  adw_combo_row_set_selected (row, 4);
  form_rig_assert_text (&f, RECON_PARAM_DEVICE, "Radeon");
  /* A name that means several says too little. */
  adw_combo_row_set_selected (row, 5);
  form_rig_assert_text (&f, RECON_PARAM_DEVICE, "2");
  adw_combo_row_set_selected (row, 7);
  form_rig_assert_text (&f, RECON_PARAM_DEVICE, "Twin 2");

  /* What is in a file is shown, whatever it is. */
  form_rig_set (&f, RECON_PARAM_DEVICE, "0,2");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 8);
  form_rig_set (&f, RECON_PARAM_DEVICE, "gpu");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 2);
}

static void
test_use_settings (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  g_autoptr (ReconConfig) other = recon_config_new ();

  recon_config_parse (other, RECON_PARAM_PROJECTIONS, "/data/other", NULL);
  recon_config_parse (other, RECON_PARAM_AXIS, "42.5", NULL);
  recon_config_parse (other, RECON_PARAM_Y_START, "10", NULL);
  recon_config_parse (other, RECON_PARAM_OUTPUT_PATH, "/data/other/slices", NULL);
  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/mine");
  recon_document_use_settings (f.document, other);
  form_rig_assert_text (&f, RECON_PARAM_AXIS, "42.5");
  form_rig_assert_text (&f, RECON_PARAM_Y_START, "10");
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "/data/mine");
  form_rig_assert_text (&f, RECON_PARAM_OUTPUT_PATH, "slices");
  recon_document_undo (f.document);
  form_rig_assert_text (&f, RECON_PARAM_AXIS, "middle");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/scan/open", test_open);
  g_test_add_func ("/scan/undone", test_undone);
  g_test_add_func ("/scan/newest", test_newest);
  g_test_add_func ("/scan/failure", test_failure);
  g_test_add_func ("/scan/waits", test_waits);
  g_test_add_func ("/scan/questions", test_questions);
  g_test_add_func ("/scan/nearby", test_nearby);
  g_test_add_func ("/scan/search", test_search);
  g_test_add_func ("/scan/devices", test_devices);
  g_test_add_func ("/scan/use-settings", test_use_settings);

  return g_test_run ();
}

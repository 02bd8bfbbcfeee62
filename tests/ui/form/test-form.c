/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "form-rig.h"
#include "form/checks.h"
#include "form/field.h"
#include "form/problems.h"

static ReconField *
get_row (FormRig        *f,
         ReconParameter  parameter)
{
  return RECON_FIELD (recon_form_get_row (f->form, parameter));
}

static gboolean
is_shown (FormRig        *f,
          ReconParameter  parameter)
{
  return gtk_widget_get_visible (recon_form_get_row (f->form, parameter));
}

static void
assert_note (FormRig         *f,
             ReconParameter   parameter,
             ReconFieldLevel  level,
             const char      *expected)
{
  g_assert_cmpstr (recon_field_get_note (get_row (f, parameter)), ==, expected);
  g_assert_cmpint (recon_field_get_level (get_row (f, parameter)), ==, level);
}

static guint
get_n_problems (FormRig *f)
{
  guint n;

  g_object_get (f->form, "n-problems", &n, NULL);

  return n;
}

#define RADIOS "{'layout': <'TIFF series'>, 'projections': <(uint32 1500, uint32 2048, uint32 2016, 'uint16')>}"
#define SMALL "{'layout': <'TIFF series'>, 'projections': <(uint32 1, uint32 2048, uint32 1024, 'float32')>}"
#define RESOLVED                                                                                                       \
  "{'width': <uint32 2016>, 'n-slices': <uint32 64>, 'n-angles': <uint32 1501>, 'first-angle': <0.0>, "                \
  "'last-angle': <3.14159265358979>, 'axis': <1007.5>, 'width-as-read': <uint32 2016>, 'correct': <true>, "            \
  "'absorptivity': <true>, 'pixel-size': <0.65>, 'slice-width': <uint32 512>, 'slice-height': <uint32 512>, "          \
  "'output-bytes': <uint64 64000000>, 'warnings': <@as %s>}"

static void
resolve (FormRig    *f,
         const char *warnings)
{
  g_autoptr (GString) answer = g_string_new (RESOLVED);

  g_string_replace (answer, "%s", warnings, 1);
  fake_client_answer (f->client, "resolve", answer->str);
}

static void
test_every_row (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_assert_cmpint (recon_field_get_parameter (get_row (&f, i)), ==, i);
      g_assert_true (gtk_widget_is_ancestor (recon_form_get_row (f.form, i), GTK_WIDGET (f.form)));
    }
}

static void
test_rules (void)
{
  const struct
  {
    ReconParameter  shown;
    ReconParameter  decides;
    const char     *by;
  } rules[] = {
    { recon_parameter ("reconstruction.filter-cutoff"), recon_parameter ("reconstruction.filter"), "butterworth" },
    { recon_parameter ("reconstruction.filter-order"), recon_parameter ("reconstruction.filter"), "butterworth" },
    { RECON_PARAM_ANGLE_UNIT, RECON_PARAM_ANGLES, "angles.txt" },
    { RECON_PARAM_OUTPUT_MINIMUM, RECON_PARAM_OUTPUT_TYPE, "uint8" },
    { RECON_PARAM_OUTPUT_MAXIMUM, RECON_PARAM_OUTPUT_TYPE, "uint16" },
    { RECON_PARAM_PERCENTILE_LOW, RECON_PARAM_OUTPUT_TYPE, "uint16" },
    { RECON_PARAM_PERCENTILE_HIGH, RECON_PARAM_OUTPUT_TYPE, "uint16" },
  };
  g_auto (FormRig) f = form_rig_set_up ();

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_assert_false (is_shown (&f, rules[i].shown));
      form_rig_set (&f, rules[i].decides, rules[i].by);
      g_assert_true (is_shown (&f, rules[i].shown));
      form_rig_set (&f, rules[i].decides, recon_parameter_get_spec (rules[i].decides)->initial);
      g_assert_false (is_shown (&f, rules[i].shown));
    }

  form_rig_set (&f, RECON_PARAM_OUTPUT_TYPE, "uint8");
  form_rig_set (&f, RECON_PARAM_OUTPUT_MINIMUM, "0");
  g_assert_false (is_shown (&f, RECON_PARAM_PERCENTILE_LOW));
  g_assert_true (is_shown (&f, RECON_PARAM_PERCENTILE_HIGH));

  g_assert_true (is_shown (&f, RECON_PARAM_FLATS));
  form_rig_set (&f, recon_parameter ("flat-field.correct"), "no");
  g_assert_false (is_shown (&f, RECON_PARAM_FLATS));
  g_assert_true (is_shown (&f, recon_parameter ("flat-field.absorptivity")));
}

/* The check button before a row of that title. */
static GtkWidget *
find_check (GtkWidget  *widget,
            const char *label)
{
  if (GTK_IS_CHECK_BUTTON (widget) &&
      gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label) == NULL)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_check (child, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_kind_of_input (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  GtkWidget *projections = find_check (GTK_WIDGET (f.form), "Projections");
  GtkWidget *sinograms = find_check (GTK_WIDGET (f.form), "Sinograms");
  g_autofree char *label = NULL;

  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "radios");
  form_rig_set (&f, RECON_PARAM_FLATS, "flats");
  form_rig_set (&f, recon_parameter ("flat-field.correct"), "yes");
  g_assert_true (is_shown (&f, RECON_PARAM_PROJECTIONS));
  g_assert_false (is_shown (&f, RECON_PARAM_SINOGRAMS));

  gtk_check_button_set_active (GTK_CHECK_BUTTON (sinograms), TRUE);
  g_assert_false (is_shown (&f, RECON_PARAM_PROJECTIONS));
  g_assert_true (is_shown (&f, RECON_PARAM_SINOGRAMS));
  g_assert_true (is_shown (&f, RECON_PARAM_FLATS));
  g_assert_true (is_shown (&f, recon_parameter ("flat-field.correct")));
  g_assert_false (is_shown (&f, recon_parameter ("flat-field.dark-scale")));
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "");
  form_rig_assert_text (&f, RECON_PARAM_FLATS, "");
  form_rig_assert_text (&f, recon_parameter ("flat-field.correct"), "auto");
  form_rig_set (&f, RECON_PARAM_SINOGRAMS, "sinos");

  /* Flats make them raw. */
  form_rig_set (&f, RECON_PARAM_FLATS, "flats of sinos");
  g_assert_true (is_shown (&f, recon_parameter ("flat-field.dark-scale")));
  form_rig_set (&f, RECON_PARAM_FLATS, "");

  /* Neither is lost. */
  gtk_check_button_set_active (GTK_CHECK_BUTTON (projections), TRUE);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "radios");
  form_rig_assert_text (&f, RECON_PARAM_FLATS, "flats");
  form_rig_assert_text (&f, recon_parameter ("flat-field.correct"), "yes");
  form_rig_assert_text (&f, RECON_PARAM_SINOGRAMS, "");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (sinograms), TRUE);
  form_rig_assert_text (&f, RECON_PARAM_SINOGRAMS, "sinos");

  /* One gesture, one step; the buttons follow. */
  g_object_get (f.document, "undo-label", &label, NULL);
  g_assert_cmpstr (label, ==, "Kind of Input");
  recon_document_undo (f.document);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, "radios");
  form_rig_assert_text (&f, RECON_PARAM_FLATS, "flats");
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (projections)));
  g_assert_true (is_shown (&f, RECON_PARAM_FLATS));
  recon_document_redo (f.document);
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (sinograms)));

  /* A file may give both, and then both show. */
  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "radios");
  g_assert_true (is_shown (&f, RECON_PARAM_PROJECTIONS));
  g_assert_true (is_shown (&f, RECON_PARAM_SINOGRAMS));
}

static void
resolved_cb (ReconForm  *form,
             GVariant   *resolved,
             GVariant  **last)
{
  *last = resolved;
}

static void
test_answers (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  GVariant *last = NULL;
  g_autofree char *summary = NULL;

  g_signal_connect (f.form, "resolved", G_CALLBACK (resolved_cb), &last);
  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/radios");
  form_rig_set (&f, RECON_PARAM_FLATS, "/data/flats");
  form_rig_wait_for_questions (&f, 3);

  fake_client_answer (f.client, "/data/radios", RADIOS);
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_GOOD, "1500 images, 2016 × 2048, 16 bit");
  fake_client_answer (f.client, "/data/flats", SMALL);
  assert_note (&f, RECON_PARAM_FLATS, RECON_FIELD_ERROR,
               "Flats are 1024 × 2048 but projections are 2016 × 2048. Choose flats of the same size.");
  g_assert_cmpuint (get_n_problems (&f), ==, 1);

  resolve (&f, "['reconstruction.angle-step and input.flats are odd', 'There are no darks: taking 0. Give them with "
               "--darks=PATH.', 'Something else']");
  g_assert_nonnull (last);
  g_assert_true (last == recon_form_get_resolved (f.form));
  g_object_get (f.form, "summary", &summary, NULL);
  g_assert_cmpstr (summary, ==, "64 slices, 512 × 512, 64.0\u00a0MB");

  assert_note (&f, RECON_PARAM_ANGLE_STEP, RECON_FIELD_WARNING, "“Angle Step” and “Flats” are odd");
  assert_note (&f, RECON_PARAM_DARKS, RECON_FIELD_WARNING, "There are no darks: taking 0. Give them with “Darks”.");
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_WARNING, "Something else");
  assert_note (&f, RECON_PARAM_AXIS, RECON_FIELD_PLAIN, "1007.5, the middle");
  assert_note (&f, RECON_PARAM_Y_STOP, RECON_FIELD_PLAIN, "All 2048 rows");
  assert_note (&f, RECON_PARAM_PROJECTION_STOP, RECON_FIELD_PLAIN, "All 1500 projections");
  assert_note (&f, RECON_PARAM_PIXEL_SIZE, RECON_FIELD_PLAIN, "0.65 µm, from the file");
  assert_note (&f, recon_parameter ("flat-field.correct"), RECON_FIELD_PLAIN, "On for this scan");
  assert_note (&f, recon_parameter ("reconstruction.roi"), RECON_FIELD_PLAIN, "All of it: 512 × 512");
  assert_note (&f, recon_parameter ("flat-field.interpolate"), RECON_FIELD_PLAIN,
               "This scan has no last flats to interpolate with");
  g_assert_false (gtk_widget_get_sensitive (recon_form_get_row (f.form, recon_parameter ("flat-field.interpolate"))));
  g_assert_cmpuint (get_n_problems (&f), ==, 1);

  /* What was said is of another configuration now. */
  form_rig_set (&f, RECON_PARAM_FLATS, "");
  g_assert_null (last);
  g_assert_null (recon_form_get_resolved (f.form));
  assert_note (&f, RECON_PARAM_FLATS, RECON_FIELD_PLAIN, NULL);
  g_assert_cmpuint (get_n_problems (&f), ==, 0);
  form_rig_wait_for_questions (&f, 1);
  resolve (&f, "[]");
  assert_note (&f, RECON_PARAM_ANGLE_STEP, RECON_FIELD_PLAIN,
               "0.12° each, 180° in all");
}

static void
test_angles (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  form_rig_set (&f, RECON_PARAM_ANGLE_STEP, "0.0174532925199433");
  form_rig_set (&f, RECON_PARAM_ANGLE_OFFSET, "-1.5707963267949");
  assert_note (&f, RECON_PARAM_ANGLE_STEP, RECON_FIELD_PLAIN, "1°");
  assert_note (&f, RECON_PARAM_ANGLE_OFFSET, RECON_FIELD_PLAIN, "-90°");
}

static void
test_newest_question_wins (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/old");
  form_rig_wait_for_questions (&f, 2);
  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/new");
  g_assert_true (fake_client_is_cancelled (f.client, 0));
  g_assert_true (fake_client_is_cancelled (f.client, 1));
  form_rig_wait_for_questions (&f, 4);

  fake_client_fail (f.client, "resolve", RECON_ERROR, RECON_ERROR_INPUT, "/data/old does not exist.");
  fake_client_answer (f.client, "/data/new", RADIOS);
  fake_client_answer (f.client, "/data/old", SMALL);
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_GOOD, "1500 images, 2016 × 2048, 16 bit");
  resolve (&f, "[]");
  g_assert_nonnull (recon_form_get_resolved (f.form));
  g_assert_cmpuint (get_n_problems (&f), ==, 0);
}

/* Another parameter does not make the form look at the same files again. */
static void
test_paths_are_asked_once (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/radios");
  form_rig_wait_for_questions (&f, 2);
  fake_client_answer (f.client, "/data/radios", RADIOS);
  resolve (&f, "[]");
  form_rig_set (&f, RECON_PARAM_AXIS, "7");
  form_rig_wait_for_questions (&f, 1);
  g_assert_cmpstr (fake_client_get_question (f.client, 0), ==, "resolve");
  resolve (&f, "[]");

  /* Unless somebody says that they may have changed. */
  recon_form_check (f.form);
  form_rig_wait_for_questions (&f, 2);
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_GOOD, "1500 images, 2016 × 2048, 16 bit");
  fake_client_answer (f.client, "/data/radios", SMALL);
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_GOOD, "1 image, 1024 × 2048, 32 bit float");
}

static void
test_errors (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  GtkWidget *row = recon_form_get_row (f.form, RECON_PARAM_PROJECTION_STOP);

  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/radios");
  form_rig_wait_for_questions (&f, 2);
  fake_client_answer (f.client, "/data/radios", RADIOS);
  fake_client_fail (f.client, "resolve", RECON_ERROR, RECON_ERROR_CONFIG,
                    "Projections up to input.projection-stop=2000 are selected, but there are 1500 (/data/radios).");
  assert_note (&f, RECON_PARAM_PROJECTION_STOP, RECON_FIELD_ERROR,
               "Projections up to “End of Projections” = 2000 are selected, but there are 1500 (/data/radios).");
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_GOOD, "1500 images, 2016 × 2048, 16 bit");
  g_assert_cmpuint (get_n_problems (&f), ==, 1);
  g_assert_null (recon_form_get_resolved (f.form));

  /* Its row is folded away; now it is not. */
  gtk_window_present (GTK_WINDOW (f.window));
  gtk_test_widget_wait_for_draw (f.window);
  recon_form_show_problem (f.form);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (f.window)), row));

  /* A hidden row shows when it is to blame. */
  form_rig_set (&f, RECON_PARAM_BIN, "2");
  form_rig_wait_for_questions (&f, 1);
  g_assert_false (is_shown (&f, recon_parameter ("reconstruction.filter-order")));
  fake_client_fail (f.client, "resolve", RECON_ERROR, RECON_ERROR_CONFIG, "reconstruction.filter-order is bad.");
  g_assert_true (is_shown (&f, recon_parameter ("reconstruction.filter-order")));
  assert_note (&f, RECON_PARAM_PROJECTION_STOP, RECON_FIELD_PLAIN, "All 1500 projections");
  g_assert_cmpuint (get_n_problems (&f), ==, 1);
}

/* Relative paths start from where the program was started, which nobody sees. */
static void
test_relative_path (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  g_autofree char *folder = g_get_current_dir ();
  g_autofree char *expected = g_strdup_printf ("radios does not exist. The path starts from %s.", folder);

  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "radios");
  form_rig_wait_for_questions (&f, 2);
  fake_client_fail (f.client, "radios", RECON_ERROR, RECON_ERROR_INPUT, "radios does not exist.");
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_ERROR, expected);
}

static void
test_output (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/radios");
  form_rig_wait_for_questions (&f, 2);
  fake_client_answer (f.client, "resolve", "{'output-exists': <'64 slices'>, 'output-bytes': <uint64 1>}");
  assert_note (&f, RECON_PARAM_OUTPUT_PATH, RECON_FIELD_WARNING,
               "There is an earlier result: 64 slices. Choose another folder, or overwrite it.");

  form_rig_set (&f, RECON_PARAM_OVERWRITE, "yes");
  form_rig_wait_for_questions (&f, 2);
  fake_client_answer (f.client, "resolve", "{'output-exists': <'64 slices'>}");
  assert_note (&f, RECON_PARAM_OUTPUT_PATH, RECON_FIELD_WARNING, "Will be replaced: 64 slices");

  form_rig_set (&f, RECON_PARAM_OUTPUT_PATH, "/data/radios");
  form_rig_wait_for_questions (&f, 2);
  fake_client_answer (f.client, "resolve", "{'output-problem': <'output.path = /data/radios would replace "
                                           "input.projections (/data/radios). Choose another --output.'>}");
  assert_note (&f, RECON_PARAM_OUTPUT_PATH, RECON_FIELD_ERROR,
               "“Output: Path” = /data/radios would replace “Projections” (/data/radios). "
               "Choose another “Output: Path”.");
  g_assert_cmpuint (get_n_problems (&f), ==, 1);
}

/* Nothing is asked before the worker is there, and its end is no problem of the configuration. */
static void
test_states (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  fake_client_set_state (f.client, RECON_CLIENT_LOST);
  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/radios");
  for (gint64 end = g_get_monotonic_time () + 400 * G_TIME_SPAN_MILLISECOND; g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (fake_client_count (f.client), ==, 0);

  fake_client_set_state (f.client, RECON_CLIENT_READY);
  form_rig_wait_for_questions (&f, 2);
  fake_client_fail (f.client, "/data/radios", G_IO_ERROR, G_IO_ERROR_CLOSED, "The worker has ended.");
  fake_client_fail (f.client, "resolve", G_IO_ERROR, G_IO_ERROR_CLOSED, "The worker has ended.");
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_PLAIN, NULL);
  g_assert_cmpuint (get_n_problems (&f), ==, 0);

  /* A new one is asked the same. */
  fake_client_set_state (f.client, RECON_CLIENT_STARTING);
  fake_client_set_state (f.client, RECON_CLIENT_READY);
  form_rig_wait_for_questions (&f, 2);
}

static void
test_without_client (void)
{
  g_autoptr (ReconDocument) document = recon_document_new ();
  GtkWidget *form = g_object_ref_sink (recon_form_new (document, NULL));

  recon_document_set (document, RECON_PARAM_PROJECTIONS, "/data/radios", NULL);
  form_rig_settle ();
  g_assert_null (recon_form_get_resolved (RECON_FORM (form)));
  g_assert_finalize_object (form);
}

static void
test_drop (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  /* Several files stand for the folder that holds them. */
  g_assert_true (recon_form_drop_paths (f.form, (const char *[]) { "/data/a/1.tif", "/data/a/2.tif", NULL }));
  g_assert_cmpstr (fake_client_get_question (f.client, 0), ==, "find /data/a");
  g_assert_false (recon_form_drop_paths (f.form, (const char *[]) { "/data/a/1.tif", "/data/b/2.tif", NULL }));
  g_assert_true (recon_form_drop_paths (f.form, (const char *[]) { "/data/s.h5", NULL }));
  g_assert_cmpstr (fake_client_get_question (f.client, 1), ==, "find /data/s.h5");
}

static void
count_cb (ReconForm *form,
          guint     *n)
{
  (*n)++;
}

static GtkWidget *
find_button (GtkWidget  *widget,
             const char *tooltip)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_widget_get_tooltip_text (widget), tooltip) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, tooltip);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_find_axis (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  GtkWidget *row = recon_form_get_row (f.form, RECON_PARAM_AXIS);
  guint n = 0;

  g_signal_connect (f.form, "find-axis", G_CALLBACK (count_cb), &n);
  g_signal_emit_by_name (find_button (row, "Find the Axis"), "clicked");
  g_assert_cmpuint (n, ==, 1);
}

static void
test_reset (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  GtkWidget *reset = find_button (recon_form_get_row (f.form, RECON_PARAM_PIXEL_SIZE), "Set to Automatic");

  g_assert_false (gtk_widget_get_visible (reset));
  form_rig_set (&f, RECON_PARAM_PIXEL_SIZE, "7");
  g_assert_true (gtk_widget_get_visible (reset));
  g_signal_emit_by_name (reset, "clicked");
  form_rig_assert_text (&f, RECON_PARAM_PIXEL_SIZE, "auto");
}

static GtkWidget *
find_menu_button (GtkWidget *widget)
{
  if (GTK_IS_MENU_BUTTON (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_menu_button (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* An axis may be left to the program in two ways, each a step to undo. */
static void
test_axis_words (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  GtkWidget *row = recon_form_get_row (f.form, RECON_PARAM_AXIS);
  GtkWidget *button = find_menu_button (row);
  GMenuModel *menu = gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (button));

  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 2);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Leave It to the Program");
  g_assert_false (gtk_widget_get_visible (find_button (row, "Set to Automatic")));
  form_rig_set (&f, RECON_PARAM_AXIS, "7");
  g_assert_true (gtk_widget_activate_action (button, "words.choose", "s", "auto"));
  form_rig_assert_text (&f, RECON_PARAM_AXIS, "auto");
  g_assert_true (gtk_widget_activate_action (button, "words.choose", "s", "middle"));
  form_rig_assert_text (&f, RECON_PARAM_AXIS, "middle");
  recon_document_undo (f.document);
  form_rig_assert_text (&f, RECON_PARAM_AXIS, "auto");
  recon_document_undo (f.document);
  form_rig_assert_text (&f, RECON_PARAM_AXIS, "7");
}

static void
expand (GtkWidget *widget)
{
  if (ADW_IS_EXPANDER_ROW (widget))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    expand (child);
}

/* Everything unfolded, and shown as far as another row decides. */
static void
show_all (FormRig *f)
{
  form_rig_set (f, recon_parameter ("reconstruction.filter"), "butterworth");
  form_rig_set (f, RECON_PARAM_OUTPUT_TYPE, "uint16");
  form_rig_set (f, RECON_PARAM_ANGLES, "/data/angles.txt");
  form_rig_set (f, RECON_PARAM_AXIS, "1007.25");
  expand (GTK_WIDGET (f->form));
  gtk_window_present (GTK_WINDOW (f->window));
  gtk_test_widget_wait_for_draw (f->window);
}

static void
test_narrow (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  int minimum, natural;

  show_all (&f);
  gtk_widget_measure (GTK_WIDGET (f.form), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
}

/* Tab goes through all controls, downwards. */
static void
test_focus_order (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  g_autofree gboolean *seen = g_new0 (gboolean, recon_parameter_count ());
  double last_y = -1;

  show_all (&f);
  gtk_window_set_focus (GTK_WINDOW (f.window), NULL);

  for (guint i = 0; i < 4 * recon_parameter_count (); i++)
    {
      GtkWidget *focus;
      double x, y;

      if (!gtk_widget_child_focus (GTK_WIDGET (f.form), GTK_DIR_TAB_FORWARD))
        break;

      focus = gtk_window_get_focus (GTK_WINDOW (f.window));
      /* Within the scrolled page, so that the scrolling does not count. */
      g_assert_true (gtk_widget_translate_coordinates (
          focus, gtk_widget_get_parent (gtk_widget_get_ancestor (focus, ADW_TYPE_PREFERENCES_GROUP)), 0,
          gtk_widget_get_height (focus) / 2.0, &x, &y));
      /* Controls of one row are beside each other. */
      g_assert_cmpfloat (y, >, last_y - 24);
      last_y = MAX (y, last_y);

      for (guint p = 0; p < recon_parameter_count (); p++)
        {
          GtkWidget *control = recon_field_get_control (get_row (&f, p));

          if (focus == control || gtk_widget_is_ancestor (focus, control))
            seen[p] = TRUE;
        }
    }

  for (guint p = 0; p < recon_parameter_count (); p++)
    if (seen[p] != is_shown (&f, p))
      g_error ("%s %s", recon_parameter_get_spec (p)->name, seen[p] ? "is hidden but has focus" : "has no focus");
}

static void
assert_big_enough (GtkWidget *widget)
{
  if ((GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget)) && gtk_widget_get_mapped (widget))
    {
      graphene_rect_t bounds;

      /* With its padding. */
      g_assert_true (gtk_widget_compute_bounds (widget, widget, &bounds));
      g_assert_cmpfloat (bounds.size.width, >=, 32);
      g_assert_cmpfloat (bounds.size.height, >=, 32);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_big_enough (child);
}

static void
test_targets (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  show_all (&f);
  assert_big_enough (GTK_WIDGET (f.form));
}

static void
assert_about (const char     *message,
              int             code,
              ReconParameter  expected)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = g_error_new_literal (RECON_ERROR, code, message);
  ReconParameter parameter;

  recon_config_parse (config, RECON_PARAM_PROJECTIONS, "/data/radios", NULL);
  recon_config_parse (config, RECON_PARAM_FLATS, "/data/flats", NULL);
  recon_config_parse (config, RECON_PARAM_FLATS_AFTER, "/data/flats-after", NULL);
  recon_config_parse (config, RECON_PARAM_DARKS, "dark", NULL);

  g_assert_true (recon_problems_find (config, error, &parameter));
  g_assert_cmpint (parameter, ==, expected);
}

static void
test_problems (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "Something else.");
  ReconParameter parameter;

  assert_about ("The axis 9 lies outside. Choose reconstruction.axis in 0 … 5.", RECON_ERROR_CONFIG, RECON_PARAM_AXIS);
  assert_about ("input.flats-after is odd, input.flats is not.", RECON_ERROR_CONFIG, RECON_PARAM_FLATS_AFTER);
  assert_about ("reconstruction.angle-step is odd.", RECON_ERROR_CONFIG, RECON_PARAM_ANGLE_STEP);
  assert_about ("Flats are 2 × 2 (/data/flats) but projections are 3 × 3 (/data/radios).", RECON_ERROR_INPUT,
                RECON_PARAM_FLATS);
  assert_about ("/data/flats-after is damaged.", RECON_ERROR_READ, RECON_PARAM_FLATS_AFTER);
  assert_about ("/data/flats/7.tif is damaged.", RECON_ERROR_READ, RECON_PARAM_FLATS);
  assert_about ("The darkness of /more/data/flats is odd.", RECON_ERROR_READ, RECON_PARAM_PROJECTIONS);
  assert_about ("No rotation axis is given. Give it with --axis=COLUMN.", RECON_ERROR_CONFIG, RECON_PARAM_AXIS);
  assert_about ("Give them with --flats=PATH.", RECON_ERROR_INPUT, RECON_PARAM_FLATS);
  assert_about ("The graphics card has ended.", RECON_ERROR_DEVICE, RECON_PARAM_DEVICE);
  assert_about ("Too much.", RECON_ERROR_MEMORY, RECON_PARAM_MEMORY_LIMIT);
  assert_about ("The disk is full.", RECON_ERROR_WRITE, RECON_PARAM_OUTPUT_PATH);
  assert_about ("Odd.", RECON_ERROR_INPUT, RECON_PARAM_PROJECTIONS);
  g_assert_false (recon_problems_find (config, error, &parameter));
}

/* What GTK shows as the tooltip of a row lies over the next one. */
static void
check_tooltips (GtkWidget *widget)
{
  g_assert_false (ADW_IS_PREFERENCES_ROW (widget) && gtk_widget_get_has_tooltip (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_tooltips (child);
}

static void
test_tooltips (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  check_tooltips (GTK_WIDGET (f.form));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/form/every-row", test_every_row);
  g_test_add_func ("/form/rules", test_rules);
  g_test_add_func ("/form/kind-of-input", test_kind_of_input);
  g_test_add_func ("/form/answers", test_answers);
  g_test_add_func ("/form/angles", test_angles);
  g_test_add_func ("/form/newest-question-wins", test_newest_question_wins);
  g_test_add_func ("/form/paths-are-asked-once", test_paths_are_asked_once);
  g_test_add_func ("/form/errors", test_errors);
  g_test_add_func ("/form/relative-path", test_relative_path);
  g_test_add_func ("/form/output", test_output);
  g_test_add_func ("/form/states", test_states);
  g_test_add_func ("/form/without-client", test_without_client);
  g_test_add_func ("/form/drop", test_drop);
  g_test_add_func ("/form/find-axis", test_find_axis);
  g_test_add_func ("/form/reset", test_reset);
  g_test_add_func ("/form/axis-words", test_axis_words);
  g_test_add_func ("/form/narrow", test_narrow);
  g_test_add_func ("/form/focus-order", test_focus_order);
  g_test_add_func ("/form/tooltips", test_tooltips);
  g_test_add_func ("/form/targets", test_targets);
  g_test_add_func ("/form/problems", test_problems);

  return g_test_run ();
}

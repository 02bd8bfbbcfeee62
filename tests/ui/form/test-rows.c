/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <string.h>

#include "form/banner.h"
#include "form/choice-row.h"
#include "form/device-row.h"
#include "form/field.h"
#include "form/numbers.h"
#include "form/path-row.h"
#include "form/spin-row.h"
#include "form/switch-row.h"
#include "form/text-row.h"

/* Rows of a document, each in a list and a window as in the form. */
typedef struct
{
  ReconDocument *document;
  GtkWidget     *window;
  GtkWidget     *group;
  ReconField    *row;
  GtkWidget     *control;
} Fixture;

static Fixture
set_up (ReconParameter parameter)
{
  Fixture f = { .document = recon_document_new () };

  f.row = RECON_FIELD (recon_field_new (f.document, parameter));
  f.control = recon_field_get_control (f.row);
  f.group = adw_preferences_group_new ();
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (f.group), GTK_WIDGET (f.row));
  f.window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (f.window), f.group);

  return f;
}

static void
tear_down (Fixture *f)
{
  g_object_ref (f->row);
  gtk_window_destroy (GTK_WINDOW (f->window));
  g_assert_finalize_object (f->row);
  g_assert_finalize_object (f->document);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, tear_down)

static void
set (Fixture    *f,
     const char *text)
{
  g_autoptr (GError) error = NULL;

  recon_document_set (f->document, recon_field_get_parameter (f->row), text, &error);
  g_assert_no_error (error);
}

static void
assert_text (Fixture    *f,
             const char *expected)
{
  g_autofree char *text = recon_field_format (f->row);

  g_assert_cmpstr (text, ==, expected);
}

static void
type (Fixture    *f,
      const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (f->control), text);
}

static void
assert_shown (Fixture    *f,
              const char *expected)
{
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (f->control)), ==, expected);
}

/* Some valid values of a parameter, as files have them. */
static GPtrArray *
make_values (ReconParameter parameter)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  g_autofree const char **words = recon_parameter_get_words (parameter);
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (values, g_strdup (words[i]));

  switch (spec->type)
    {
    case RECON_PARAMETER_INTEGER:
      g_ptr_array_add (values, g_strdup ("7"));
      g_ptr_array_add (values, g_strdup_printf ("%.0f", spec->maximum));
      break;
    case RECON_PARAMETER_NUMBER:
      g_ptr_array_add (values, g_strdup (spec->minimum < 0 ? "-0.123456789012" : "0.123456789012"));
      g_ptr_array_add (values, g_strdup ("1e-5"));
      if (spec->minimum > 1e-5 || spec->maximum < 1e-5)
        g_ptr_array_set_size (values, values->len - 1);
      break;
    case RECON_PARAMETER_SIZE:
      g_ptr_array_add (values, g_strdup ("3G"));
      break;
    case RECON_PARAMETER_BOX:
      g_ptr_array_add (values, g_strdup ("1,2,3,4"));
      break;
    case RECON_PARAMETER_TEXT:
      g_ptr_array_add (values, g_strdup (parameter == RECON_PARAM_DEVICE ? "gpu" : "3,7-12 & <b>"));
      break;
    case RECON_PARAMETER_PATH:
      g_ptr_array_add (values, g_strdup ("/data/ä & <b>_%05d.tif"));
      g_ptr_array_add (values, g_strdup ("file.h5:/entry/data"));
      break;
    case RECON_PARAMETER_BOOLEAN:
    case RECON_PARAMETER_CHOICE:
    default:
      break;
    }

  return values;
}

/* What is in the list of devices before any is known. */
static const char *const device_kinds[] = { "auto", "all", "gpu", "cpu" };

/* What its user would see, as files have it. */
static char *
read_row (ReconField *row)
{
  ReconParameter parameter = recon_field_get_parameter (row);
  g_autofree const char **words = recon_parameter_get_words (parameter);
  GtkWidget *control = recon_field_get_control (row);
  const char *text;

  if (RECON_IS_SWITCH_ROW (row))
    return g_strdup (gtk_switch_get_active (GTK_SWITCH (control)) ? "yes" : "no");
  if (RECON_IS_CHOICE_ROW (row))
    return g_strdup (words[adw_combo_row_get_selected (ADW_COMBO_ROW (row))]);

  if (RECON_IS_DEVICE_ROW (row))
    return g_strdup (device_kinds[adw_combo_row_get_selected (ADW_COMBO_ROW (row))]);

  text = gtk_editable_get_text (GTK_EDITABLE (control));
  if (*text == '\0' && recon_parameter_get_spec (parameter)->automatic != NULL)
    return g_strdup (recon_parameter_get_spec (parameter)->automatic);

  return g_strdup (text);
}

/* What its user would do. */
static void
write_row (ReconField *row,
           const char *value)
{
  ReconParameter parameter = recon_field_get_parameter (row);
  g_autofree const char **words = recon_parameter_get_words (parameter);
  GtkWidget *control = recon_field_get_control (row);

  if (RECON_IS_SWITCH_ROW (row))
    gtk_switch_set_active (GTK_SWITCH (control), g_str_equal (value, "yes"));
  else if (RECON_IS_CHOICE_ROW (row))
    {
      for (guint i = 0; words[i] != NULL; i++)
        if (g_str_equal (words[i], value))
          adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
    }
  else if (RECON_IS_DEVICE_ROW (row))
    {
      for (guint i = 0; i < G_N_ELEMENTS (device_kinds); i++)
        if (g_str_equal (device_kinds[i], value))
          adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
    }
  else
    gtk_editable_set_text (GTK_EDITABLE (control), recon_parameter_means_automatic (parameter, value) ? "" : value);
}

static void
test_every_parameter (void)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      g_auto (Fixture) f = set_up (i);
      g_autoptr (GPtrArray) values = make_values (i);
      g_autofree char *first = read_row (f.row);

      g_assert_cmpint (recon_field_get_parameter (f.row), ==, i);
      /* Of a path, it begins with the whole of that. */
      g_assert_true (g_str_has_suffix (gtk_widget_get_tooltip_text (GTK_WIDGET (f.row)), spec->help));
      g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (f.row)), ==, recon_parameter_get_title (i));
      gtk_test_accessible_assert_property (f.control, GTK_ACCESSIBLE_PROPERTY_LABEL, recon_parameter_get_title (i));
      gtk_test_accessible_assert_property (f.control, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, spec->help);
      g_assert_cmpstr (first, ==, spec->initial);

      for (guint v = 0; v < values->len; v++)
        {
          const char *value = values->pdata[v];
          g_autofree char *shown = NULL;

          /* There, */
          set (&f, value);
          shown = read_row (f.row);
          g_assert_cmpstr (shown, ==, value);

          /* and back. */
          set (&f, spec->initial);
          write_row (f.row, value);
          assert_text (&f, value);
          g_assert_cmpint (recon_field_get_level (f.row), ==, RECON_FIELD_PLAIN);
        }
    }
}

static void
test_bad_text (void)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      g_auto (Fixture) f = set_up (i);
      g_autofree char *description = NULL;

      if (!RECON_IS_SPIN_ROW (f.row) && !RECON_IS_TEXT_ROW (f.row))
        continue;
      if (spec->type == RECON_PARAMETER_PATH || spec->type == RECON_PARAMETER_TEXT)
        continue;

      /* Half a number is no mistake yet. */
      type (&f, "1x");
      assert_text (&f, spec->initial);
      g_assert_cmpint (recon_field_get_level (f.row), ==, RECON_FIELD_PLAIN);

      recon_field_finish (f.row);
      g_assert_cmpint (recon_field_get_level (f.row), ==, RECON_FIELD_ERROR);
      g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (f.row), "error"));
      g_assert_nonnull (strstr (recon_field_get_note (f.row), "is '1x'. It must be "));
      g_assert_true (g_str_has_prefix (recon_field_get_note (f.row), recon_parameter_get_title (i)));
      gtk_test_accessible_assert_state (f.control, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
      description = g_strconcat (recon_field_get_note (f.row), " ", spec->help, NULL);
      gtk_test_accessible_assert_property (f.control, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description);
      assert_shown (&f, "1x");
      assert_text (&f, spec->initial);

      /* What the document has comes back with the next value of its own, or with what is right. */
      write_row (f.row, spec->initial);
      g_assert_cmpint (recon_field_get_level (f.row), ==, RECON_FIELD_PLAIN);
      g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (f.row), "error"));
      gtk_test_accessible_assert_state (f.control, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_FALSE);
    }
}

static void
test_bad_text_and_undo (void)
{
  g_auto (Fixture) f = set_up (RECON_PARAM_AXIS);

  set (&f, "10");
  recon_document_end_visit (f.document);
  set (&f, "20");
  type (&f, "2O");
  recon_field_finish (f.row);
  g_assert_cmpint (recon_field_get_level (f.row), ==, RECON_FIELD_ERROR);
  recon_document_undo (f.document);
  assert_shown (&f, "10");
  g_assert_cmpint (recon_field_get_level (f.row), ==, RECON_FIELD_PLAIN);
}

static void
test_typing (void)
{
  g_auto (Fixture) f = set_up (RECON_PARAM_AXIS);

  /* Nobody's text is rewritten under the fingers, */
  type (&f, "51.");
  assert_text (&f, "51");
  assert_shown (&f, "51.");
  type (&f, "051.50");
  assert_text (&f, "51.5");
  assert_shown (&f, "051.50");
  gtk_spin_button_update (GTK_SPIN_BUTTON (f.control));
  assert_shown (&f, "051.50");

  /* but when he has done with it. */
  recon_field_finish (f.row);
  assert_shown (&f, "51.5");

  /* All of it is one step, and the next visit another. */
  type (&f, "7");
  recon_document_undo (f.document);
  assert_text (&f, "51.5");
  recon_document_undo (f.document);
  assert_text (&f, "middle");
  assert_shown (&f, "");
}

static void
test_automatic (void)
{
  g_auto (Fixture) f = set_up (RECON_PARAM_AXIS);
  GtkText *text = GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (f.control)));

  g_assert_cmpstr (gtk_text_get_placeholder_text (text), ==, "Automatic");
  type (&f, "3");
  type (&f, "");
  assert_text (&f, "middle");
  type (&f, "3");
  type (&f, " Automatic ");
  assert_text (&f, "middle");
  type (&f, "3");
  type (&f, "middle");
  assert_text (&f, "middle");
  recon_field_finish (f.row);
  assert_shown (&f, "");

  /* The buttons start from what it comes to. */
  recon_spin_row_set_automatic (RECON_SPIN_ROW (f.row), 511.5);
  assert_text (&f, "middle");
  assert_shown (&f, "");
  gtk_spin_button_spin (GTK_SPIN_BUTTON (f.control), GTK_SPIN_STEP_FORWARD, 0.25);
  assert_text (&f, "511.75");
  assert_shown (&f, "511.75");
}

/* A number has no automatic word, so that an empty entry is a mistake. */
static void
test_empty (void)
{
  g_auto (Fixture) f = set_up (recon_parameter ("flat-field.dark-scale"));

  type (&f, "");
  recon_field_finish (f.row);
  assert_text (&f, "1");
  g_assert_cmpint (recon_field_get_level (f.row), ==, RECON_FIELD_ERROR);
}

static void
test_steps (void)
{
  g_auto (Fixture) f = set_up (RECON_PARAM_PERCENTILE_LOW);

  /* Sums of 0.1 stay short. */
  set (&f, "0.1");
  for (guint i = 0; i < 7; i++)
    gtk_spin_button_spin (GTK_SPIN_BUTTON (f.control), GTK_SPIN_STEP_FORWARD, 0.1);
  assert_text (&f, "0.8");

  /* Digits that were typed are kept. */
  set (&f, "0.12345");
  gtk_spin_button_spin (GTK_SPIN_BUTTON (f.control), GTK_SPIN_STEP_FORWARD, 0.1);
  assert_text (&f, "0.22345");
  gtk_spin_button_spin (GTK_SPIN_BUTTON (f.control), GTK_SPIN_HOME, 0);
  assert_text (&f, "0");
  gtk_spin_button_spin (GTK_SPIN_BUTTON (f.control), GTK_SPIN_STEP_BACKWARD, 0.1);
  assert_text (&f, "0");
}

static void
test_maximum (void)
{
  g_auto (Fixture) f = set_up (RECON_PARAM_AXIS);

  recon_spin_row_set_maximum (RECON_SPIN_ROW (f.row), 100);
  set (&f, "99.9");
  gtk_spin_button_spin (GTK_SPIN_BUTTON (f.control), GTK_SPIN_STEP_FORWARD, 0.25);
  assert_text (&f, "100");

  /* The core knows more than the row. */
  type (&f, "200");
  assert_text (&f, "200");
  recon_spin_row_set_maximum (RECON_SPIN_ROW (f.row), 50);
  assert_text (&f, "200");
  assert_shown (&f, "200");
}

/* What a wheel over a widget comes to: all controllers that would see it. */
static guint
scroll (GtkWidget           *widget,
        double               dy,
        GtkPropagationPhase  except)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean handled;

      if (!GTK_IS_EVENT_CONTROLLER_SCROLL (controller) ||
          gtk_event_controller_get_propagation_phase (controller) == except)
        continue;
      g_signal_emit_by_name (controller, "scroll", 0.0, dy, &handled);
      n++;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += scroll (child, dy, except);

  return n;
}

static void
test_scrolling (void)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_auto (Fixture) f = set_up (i);
      g_autofree char *before = NULL;
      double dy = recon_parameter_get_spec (i)->maximum > 1 ? -1 : 1;

      if (RECON_IS_SPIN_ROW (f.row))
        set (&f, "1");
      before = recon_field_format (f.row);
      scroll (GTK_WIDGET (f.row), dy, GTK_PHASE_NONE);
      assert_text (&f, before);

      /* It is the phase that keeps the wheel away: the controller itself would turn the number. */
      if (RECON_IS_SPIN_ROW (f.row))
        {
          g_assert_cmpuint (scroll (GTK_WIDGET (f.row), dy, GTK_PHASE_CAPTURE), >, 0);
          g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (f.control)), !=, 1);
        }
    }
}

static void
test_notes (void)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_auto (Fixture) f = set_up (i);

      recon_field_set_hint (f.row, "a & <b>");
      g_assert_cmpstr (recon_field_get_note (f.row), ==, "a & <b>");
      g_assert_cmpint (recon_field_get_level (f.row), ==, RECON_FIELD_PLAIN);
      recon_field_set_check (f.row, RECON_FIELD_WARNING, "odd");
      g_assert_cmpstr (recon_field_get_note (f.row), ==, "odd");
      g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (f.row), "warning"));
      recon_field_set_check (f.row, RECON_FIELD_GOOD, "well");
      g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (f.row), "warning"));
      g_assert_cmpint (recon_field_get_level (f.row), ==, RECON_FIELD_GOOD);
      recon_field_set_unavailable (f.row, "no use");
      g_assert_cmpstr (recon_field_get_note (f.row), ==, "no use");
      g_assert_false (gtk_widget_is_sensitive (f.control));
      recon_field_set_unavailable (f.row, NULL);
      g_assert_cmpstr (recon_field_get_note (f.row), ==, "well");
      g_assert_true (gtk_widget_is_sensitive (f.control));
      recon_field_set_check (f.row, RECON_FIELD_PLAIN, NULL);
      g_assert_cmpstr (recon_field_get_note (f.row), ==, "a & <b>");
    }
}

static void
test_paths (void)
{
  g_auto (Fixture) f = set_up (RECON_PARAM_FLATS);
  g_autoptr (GFile) one = g_file_new_for_path ("/data/flats/a.tif");
  g_autoptr (GFile) two = g_file_new_for_path ("/data/flats/b.tif");
  g_autoptr (GFile) other = g_file_new_for_path ("/data/darks/c.tif");
  g_autoptr (GFile) far_away = g_file_new_for_uri ("nowhere://host/a.tif");
  g_autoptr (GSList) files = g_slist_append (NULL, one);

  g_assert_true (recon_path_row_take_files (RECON_PATH_ROW (f.row), files));
  assert_text (&f, "/data/flats/a.tif");
  files = g_slist_append (files, two);
  g_assert_true (recon_path_row_take_files (RECON_PATH_ROW (f.row), files));
  assert_text (&f, "/data/flats");
  files = g_slist_append (files, other);
  g_assert_false (recon_path_row_take_files (RECON_PATH_ROW (f.row), files));
  g_assert_false (recon_path_row_take_files (RECON_PATH_ROW (f.row), NULL));
  files->data = far_away;
  g_slist_free (g_steal_pointer (&files->next));
  g_assert_false (recon_path_row_take_files (RECON_PATH_ROW (f.row), files));
  assert_text (&f, "/data/flats");

  /* Each drop is a step. */
  recon_document_undo (f.document);
  assert_text (&f, "/data/flats/a.tif");
}

/* What is seen of a path is what the row holds, however that was set. */
static void
test_abridged (void)
{
  g_auto (Fixture) f = set_up (RECON_PARAM_FLATS);
  GObject *label = gtk_widget_get_template_child (GTK_WIDGET (f.row), RECON_TYPE_TEXT_ROW, "abridged");

  gtk_editable_set_text (recon_text_row_get_editable (RECON_TEXT_ROW (f.row)), "/data/one");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, "/data/one");
  gtk_editable_set_text (recon_text_row_get_editable (RECON_TEXT_ROW (f.row)), "/data/two");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, "/data/two");
  recon_document_set (f.document, RECON_PARAM_FLATS, "/data/three", NULL);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, "/data/three");
}

static void
assert_from_user (const char *text,
                  const char *point,
                  const char *expected)
{
  g_autofree char *number = recon_numbers_from_user (text, point);

  g_assert_cmpstr (number, ==, expected);
}

static void
assert_rounded (double      value,
                guint       n_decimals,
                const char *expected)
{
  g_autofree char *text = recon_numbers_round (value, n_decimals);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_numbers (void)
{
  g_autofree char *shown = recon_numbers_to_user ("-1.5e-7", ",");

  g_assert_cmpstr (shown, ==, "-1,5e-7");
  assert_from_user ("-1,5e-7", ",", "-1.5e-7");
  assert_from_user (" 1.5 ", ",", "1.5");
  assert_from_user ("1.234,5", ",", "1.234,5");
  assert_from_user ("1,5", ".", "1,5");
  assert_from_user ("\u22122", ".", "-2");
  assert_from_user ("1\u066B5", "\u066B", "1.5");

  g_assert_cmpuint (recon_numbers_count_decimals ("12"), ==, 0);
  g_assert_cmpuint (recon_numbers_count_decimals ("0.25"), ==, 2);
  g_assert_cmpuint (recon_numbers_count_decimals ("1e-6"), ==, 6);
  g_assert_cmpuint (recon_numbers_count_decimals ("1.5e-6"), ==, 7);
  g_assert_cmpuint (recon_numbers_count_decimals ("1.25e1"), ==, 1);
  g_assert_cmpuint (recon_numbers_count_decimals ("1e20"), ==, 0);

  assert_rounded (0.1 + 0.2, 1, "0.3");
  assert_rounded (-0.04, 1, "0");
  assert_rounded (1e300, 2, "1e300");
  assert_rounded (1e-6 + 1e-6, 6, "2e-6");
  assert_rounded (1e-20, 20, "1e-20");
}

static void
count_cb (GObject *object,
          guint   *n)
{
  (*n)++;
}

static int
get_banner_height (GtkWidget *banner)
{
  int minimum, natural;

  gtk_widget_measure (banner, GTK_ORIENTATION_VERTICAL, -1, &minimum, &natural, NULL, NULL);

  return natural;
}

static void
test_banner (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *banner = recon_banner_new ("2 settings need attention");
  GtkWidget *button;
  guint n_clicked = 0;

  gtk_window_set_child (GTK_WINDOW (window), banner);
  g_signal_connect (banner, "button-clicked", G_CALLBACK (count_cb), &n_clicked);
  gtk_test_accessible_assert_role (banner, GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_test_accessible_assert_property (banner, GTK_ACCESSIBLE_PROPERTY_LABEL, "2 settings need attention");
  g_assert_false (recon_banner_get_revealed (RECON_BANNER (banner)));

  g_object_set (banner, "title", "1 setting needs attention", "button-label", "_Show", "revealed", TRUE, NULL);
  g_assert_cmpstr (recon_banner_get_title (RECON_BANNER (banner)), ==, "1 setting needs attention");
  g_assert_cmpstr (recon_banner_get_button_label (RECON_BANNER (banner)), ==, "_Show");
  g_assert_true (recon_banner_get_revealed (RECON_BANNER (banner)));

  button = GTK_WIDGET (gtk_widget_get_template_child (banner, RECON_TYPE_BANNER, "button"));
  g_assert_true (gtk_widget_get_visible (button));
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (n_clicked, ==, 1);
  recon_banner_set_button_label (RECON_BANNER (banner), NULL);
  g_assert_false (gtk_widget_get_visible (button));

  /* It takes room only while there is something to read. */
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  g_assert_cmpint (get_banner_height (banner), >, 0);
  g_object_set (banner, "revealed", FALSE, NULL);
  while (get_banner_height (banner) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_object_set (banner, "revealed", TRUE, NULL);
  g_assert_cmpint (get_banner_height (banner), >, 0);

  g_object_ref (banner);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (banner);
}

/* What the pointer does, for all that listen. */
static void
emit_motion (GtkWidget  *widget,
             const char *signal)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_EVENT_CONTROLLER_MOTION (controller))
        continue;
      if (g_str_equal (signal, "enter"))
        g_signal_emit_by_name (controller, signal, 1.0, 1.0);
      else
        g_signal_emit_by_name (controller, signal);
    }
}

static GtkWidget *
find_help (GtkWidget *row)
{
  for (GtkWidget *child = gtk_widget_get_first_child (row); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER (child) && gtk_widget_has_css_class (child, "help"))
      return child;

  return NULL;
}

/* What a row is for stands beside it, not over the next one; and goes with the pointer, or with the row. */
static void
test_help (void)
{
  g_auto (Fixture) f = set_up (recon_parameter ("flat-field.method"));
  GtkWidget *row = GTK_WIDGET (f.row);
  graphene_rect_t bounds;
  GdkSurface *surface;

  gtk_window_present (GTK_WINDOW (f.window));
  gtk_test_widget_wait_for_draw (row);
  for (guint i = 0; i < 2; i++)
    {
      emit_motion (row, "enter");
      while (find_help (row) == NULL || !gtk_widget_get_mapped (find_help (row)))
        g_main_context_iteration (NULL, TRUE);
      gtk_test_widget_wait_for_draw (row);
      surface = gtk_native_get_surface (GTK_NATIVE (find_help (row)));
      g_assert_true (gtk_widget_compute_bounds (row, f.window, &bounds));
      /* But for its shadow. */
      g_assert_cmpint (gdk_popup_get_position_x (GDK_POPUP (surface)), >=,
                       (int) (bounds.origin.x + bounds.size.width) - 32);

      /* The second time it is left open. */
      if (i == 0)
        emit_motion (row, "leave");
      g_assert_true ((find_help (row) == NULL) == (i == 0));
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/rows/every-parameter", test_every_parameter);
  g_test_add_func ("/rows/bad-text", test_bad_text);
  g_test_add_func ("/rows/bad-text-and-undo", test_bad_text_and_undo);
  g_test_add_func ("/rows/typing", test_typing);
  g_test_add_func ("/rows/automatic", test_automatic);
  g_test_add_func ("/rows/empty", test_empty);
  g_test_add_func ("/rows/steps", test_steps);
  g_test_add_func ("/rows/maximum", test_maximum);
  g_test_add_func ("/rows/scrolling", test_scrolling);
  g_test_add_func ("/rows/notes", test_notes);
  g_test_add_func ("/rows/paths", test_paths);
  g_test_add_func ("/rows/abridged", test_abridged);
  g_test_add_func ("/rows/numbers", test_numbers);
  g_test_add_func ("/rows/banner", test_banner);
  g_test_add_func ("/rows/help", test_help);

  return g_test_run ();
}

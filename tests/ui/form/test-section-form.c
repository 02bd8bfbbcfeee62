/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "form-rig.h"
#include "form/field.h"
#include "test-section.h"

/* A section that the form has never heard of is a group of its own, made from what its rows declare. */

static GtkWidget *
get_row (FormRig    *f,
         const char *name)
{
  return recon_form_get_row (f->form, recon_parameter (name));
}

static gboolean
is_shown (FormRig    *f,
          const char *name)
{
  return gtk_widget_get_visible (get_row (f, name));
}

static const char *
get_group (FormRig    *f,
           const char *name)
{
  GtkWidget *group = gtk_widget_get_ancestor (get_row (f, name), ADW_TYPE_PREFERENCES_GROUP);

  /* The rows of an expander are in a list of their own within the group. */
  return adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (group));
}

static const char *
get_expander (FormRig    *f,
              const char *name)
{
  GtkWidget *expander = gtk_widget_get_ancestor (get_row (f, name), ADW_TYPE_EXPANDER_ROW);

  return expander != NULL ? adw_preferences_row_get_title (ADW_PREFERENCES_ROW (expander)) : NULL;
}

/* The titles of the groups, from above. */
static void
append_groups (GtkWidget *widget,
               GString   *titles)
{
  if (ADW_IS_PREFERENCES_GROUP (widget))
    g_string_append_printf (titles, "%s;", adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    append_groups (child, titles);
}

static void
test_places (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  g_autoptr (GString) titles = g_string_new (NULL);

  append_groups (GTK_WIDGET (f.form), titles);
  g_assert_cmpstr (titles->str, ==, "Input;Flat-Field Correction;Ring Removal;Reconstruction;Output;");

  g_assert_cmpstr (get_group (&f, "rings.window"), ==, "Ring Removal");
  g_assert_null (get_expander (&f, "rings.window"));
  g_assert_cmpstr (get_group (&f, "rings.buffer"), ==, "Ring Removal");
  g_assert_cmpstr (get_expander (&f, "rings.buffer"), ==, "More Settings");
  g_assert_cmpstr (get_group (&f, "compute.sort-threads"), ==, "Reconstruction");
  g_assert_cmpstr (get_expander (&f, "compute.sort-threads"), ==, "Device and Memory");

  /* The program's own, as ever. */
  g_assert_cmpstr (get_group (&f, "flat-field.correct"), ==, "Input");
  g_assert_cmpstr (get_group (&f, "input.flats-after"), ==, "Flat-Field Correction");
  g_assert_null (get_expander (&f, "input.flats-after"));
  g_assert_cmpstr (get_expander (&f, "input.angle-unit"), ==, "More Input Settings");
  g_assert_cmpstr (get_expander (&f, "flat-field.dark-scale"), ==, "More Correction Settings");
  g_assert_cmpstr (get_expander (&f, "reconstruction.force"), ==, "More Reconstruction Settings");
  g_assert_cmpstr (get_expander (&f, "output.overwrite"), ==, "More Output Settings");
}

static void
test_rows (void)
{
  g_auto (FormRig) f = form_rig_set_up ();
  GListModel *choices = adw_combo_row_get_model (ADW_COMBO_ROW (get_row (&f, "rings.method")));
  g_autoptr (GtkStringObject) last = g_list_model_get_item (choices, 1);
  g_autofree char *line = NULL;

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      GtkWidget *row = recon_form_get_row (f.form, i);

      g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, spec->title);
      g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (row), spec->help));
    }
  g_assert_cmpuint (g_list_model_get_n_items (choices), ==, 2);
  g_assert_cmpstr (gtk_string_object_get_string (last), ==, "By Sorting");

  g_assert_true (is_shown (&f, "rings.method"));
  g_assert_false (is_shown (&f, "rings.window"));
  adw_combo_row_set_selected (ADW_COMBO_ROW (get_row (&f, "rings.method")), 1);
  form_rig_assert_text (&f, recon_parameter ("rings.method"), "sorting");
  g_assert_true (is_shown (&f, "rings.window"));

  line = recon_document_to_command_line (f.document);
  g_assert_nonnull (strstr (line, " --rings.method=sorting "));
}

static void
test_hints (void)
{
  g_auto (FormRig) f = form_rig_set_up ();

  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/radios");
  form_rig_wait_for_questions (&f, 2);
  fake_client_answer (f.client, "resolve", "{'safe': <true>}");
  g_assert_cmpstr (recon_field_get_note (RECON_FIELD (get_row (&f, "rings.safe"))), ==, "On for this scan");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  test_section_register ();

  g_test_add_func ("/section-form/places", test_places);
  g_test_add_func ("/section-form/rows", test_rows);
  g_test_add_func ("/section-form/hints", test_hints);

  return g_test_run ();
}

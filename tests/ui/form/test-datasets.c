/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <string.h>

#include "base/error.h"
#include "form-rig.h"
#include "form/dataset-choices.h"
#include "form/datasets-popover.h"
#include "form/field.h"

#define SCAN_FILE    "/data/scan.h5"
#define SEVERAL_FILE "/data/several.h5"

/* Takes the name of a dataset, its dimensions, and what else there is to say. */
#define DATASET(path, dimensions, more)                                                                                \
  "{'path': <'" path "'>, 'dimensions': <@at " dimensions ">, 'type': <'uint16'>" more "}"

/* A scan whose layout says what each dataset is, with others. */
#define SCAN                                                                                                           \
  "'file': <'" SCAN_FILE "'>, 'file-layout': <'DXchange'>, 'datasets-complete': <true>, 'datasets': <["                \
  DATASET ("/exchange/data", "[181, 2, 640]", ", 'uses': <['projections']>") ","                                       \
  DATASET ("/exchange/data_dark", "[10, 2, 640]", ", 'uses': <['darks']>") ","                                         \
  DATASET ("/exchange/data_white", "[10, 2, 640]", ", 'uses': <['flats']>") ","                                        \
  DATASET ("/exchange/theta", "[181]", "") ","                                                                         \
  DATASET ("/other/theta", "[90, 1]", "") ","                                                                          \
  DATASET ("/other/angles", "[1, 181]", "") ","                                                                        \
  DATASET ("/other/dark", "[2, 640]", "") ","                                                                          \
  DATASET ("/other/small", "[10, 2, 64]", "")                                                                          \
  "]>, 'datasets-left-out': <@au [0, 7, 0, 2, 1]>"

#define CONTENTS "'layout': <'DXchange'>, 'projections': <(uint32 181, uint32 2, uint32 640, 'uint16')>"

/* Several stacks, of which none is meant more than others, and what can't be taken. */
#define SEVERAL                                                                                                        \
  "'file': <'" SEVERAL_FILE "'>, 'datasets-complete': <true>, 'datasets': <["                                          \
  DATASET ("/a", "[181, 2, 640]", "") ","                                                                              \
  DATASET ("/one two/räume: b", "[181, 2, 640]", "") ","                                                               \
  DATASET ("/packed", "[181, 2, 640]", ", 'refusal': <'Its filter is missing.'>") ","                                  \
  DATASET ("/image", "[2, 640]", "") ","                                                                               \
  DATASET ("/many", "[3, 181, 2, 640]", "") ","                                                                        \
  DATASET ("/none", "[0, 2, 640]", "") ","                                                                             \
  "{'path': <'/lost'>, 'dimensions': <@at []>, 'refusal': <'It links to gone.h5:/data, which is not there.'>},"        \
  DATASET ("/theta", "[181]", "")                                                                                      \
  "]>, 'datasets-left-out': <@au [0, 7, 0, 0, 0]>"

#define AMBIGUOUS "'problem': <'/data/several.h5 holds several stacks of images. Choose one.'>"

static GVariant *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *variant = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);

  return variant;
}

/* The choices as lines: a star for the current one, a dash for one that can't serve. */
static void
assert_choices (ReconParameter  parameter,
                const char     *value,
                const char     *answer,
                const char     *projections,
                const char     *expected)
{
  g_autoptr (GVariant) told = parse (answer);
  g_autoptr (GVariant) of_projections = projections != NULL ? parse (projections) : NULL;
  g_autoptr (ReconDatasetChoices) choices = recon_dataset_choices_new (parameter, value, told, of_projections);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; choices != NULL && i < choices->list->len; i++)
    {
      const ReconDatasetChoice *choice = g_ptr_array_index (choices->list, i);

      g_string_append_printf (text, "%s%s%s (%s)\n", choice->current ? "*" : "", choice->usable ? "" : "-",
                              choice->name, choice->detail);
      if (choice->name[0] == '/')
        {
          g_autofree char *own = g_strconcat (choices->file, ":", choice->name, NULL);

          g_assert_cmpstr (choice->value, ==, own);
        }
      else
        g_assert_cmpstr (choice->value, ==, choices->file);
    }
  if (choices != NULL && choices->rest != NULL)
    g_string_append (text, choices->rest);

  g_assert_cmpstr (text->str, ==, expected);
}

#define THREE_MORE "3 more are not listed. Type a colon and the path behind the file."

static void
test_projections (void)
{
  assert_choices (RECON_PARAM_PROJECTIONS, SCAN_FILE, "{" CONTENTS ", " SCAN "}", NULL,
                  "*Automatic (DXchange: /exchange/data)\n"
                  "/exchange/data (181 images, 640 × 2, 16 bit)\n"
                  "/exchange/data_dark (10 images, 640 × 2, 16 bit)\n"
                  "/exchange/data_white (10 images, 640 × 2, 16 bit)\n"
                  "-/other/dark (A single image, where several are needed)\n"
                  "/other/small (10 images, 64 × 2, 16 bit)\n" THREE_MORE);
  assert_choices (RECON_PARAM_PROJECTIONS, SEVERAL_FILE, "{" AMBIGUOUS ", " SEVERAL "}", NULL,
                  "/a (181 images, 640 × 2, 16 bit)\n"
                  "/one two/räume: b (181 images, 640 × 2, 16 bit)\n"
                  "-/packed (Its filter is missing.)\n"
                  "-/image (A single image, where several are needed)\n"
                  "-/many (Images have 3 dimensions (frames, rows, columns), this has 4)\n"
                  "-/none (It is empty)\n"
                  "-/lost (It links to gone.h5:/data, which is not there.)\n");
}

/* Those of another size than the projections can't serve, and the file alone stands for its own darks. */
static void
test_references (void)
{
  assert_choices (RECON_PARAM_DARKS, SCAN_FILE ":/other/dark", "{" SCAN "}", "{" CONTENTS "}",
                  "Automatic (DXchange: /exchange/data_dark)\n"
                  "/exchange/data (181 images, 640 × 2, 16 bit)\n"
                  "/exchange/data_dark (10 images, 640 × 2, 16 bit)\n"
                  "/exchange/data_white (10 images, 640 × 2, 16 bit)\n"
                  "*/other/dark (1 image, 640 × 2, 16 bit)\n"
                  "-/other/small (10 images, 64 × 2, 16 bit, but projections are 640 × 2)\n" THREE_MORE);
}

static void
test_angles (void)
{
  assert_choices (RECON_PARAM_ANGLES, SCAN_FILE, "{" SCAN "}", "{" CONTENTS "}",
                  "/exchange/theta (181 numbers, 16 bit)\n"
                  "-/other/theta (90 numbers, 16 bit, but there are 181 projections)\n"
                  "/other/angles (181 numbers, 16 bit)\n"
                  "7 more are not listed. Type a colon and the path behind the file.");
  /* The only one is there to be found, and then there is nothing else. */
  assert_choices (RECON_PARAM_ANGLES, SEVERAL_FILE, "{" AMBIGUOUS ", " SEVERAL "}", NULL,
                  "-/lost (It links to gone.h5:/data, which is not there.)\n"
                  "/theta (181 numbers, 16 bit)\n"
                  "7 more are not listed. Type a colon and the path behind the file.");
  assert_choices (RECON_PARAM_ANGLES, SEVERAL_FILE ":/theta", "{" AMBIGUOUS ", " SEVERAL "}", NULL, "");
}

/* A dataset that the path names by another link, or by its group, is the current one, too. */
static void
test_other_names (void)
{
  const char *answer = "{'file': <'/data/x.h5'>, 'datasets': <[" DATASET ("/a", "[4, 3, 2]", "") "," DATASET (
      "/b", "[4, 3, 2]", ", 'chosen': <true>") "]>, 'datasets-complete': <false>}";
  const char *more = "There may be more: the file has too much in it to list all. Type a colon and the path of another "
                     "one behind the file.";
  g_autofree char *by_link =
      g_strconcat ("/a (4 images, 2 × 3, 16 bit)\n*/b (4 images, 2 × 3, 16 bit)\n", more, NULL);
  g_autofree char *by_path =
      g_strconcat ("*/a (4 images, 2 × 3, 16 bit)\n/b (4 images, 2 × 3, 16 bit)\n", more, NULL);

  assert_choices (RECON_PARAM_PROJECTIONS, "/data/x.h5:/link", answer, NULL, by_link);
  /* An answer of a moment ago. */
  assert_choices (RECON_PARAM_PROJECTIONS, "/data/x.h5:/a", answer, NULL, by_path);
  assert_choices (RECON_PARAM_PROJECTIONS, "/data/x.h55", answer, NULL, "");
  assert_choices (RECON_PARAM_PROJECTIONS, "/data/x.h5:a", answer, NULL, "");
  assert_choices (RECON_PARAM_PROJECTIONS, "/data/y.h5", answer, NULL, "");
}

/* Nothing is offered where there is nothing to choose. */
static void
test_nothing (void)
{
  const char *one = "{'file': <'/data/x.h5'>, 'file-layout': <'HDF5 dataset'>, 'datasets': <[" DATASET (
      "/a", "[4, 3, 2]", ", 'uses': <['projections']>") "," DATASET ("/b", "[4]", "") "]>}";

  assert_choices (RECON_PARAM_PROJECTIONS, "/data/x.h5", one, NULL, "");
  assert_choices (RECON_PARAM_PROJECTIONS, "/data/x.h5", "{'layout': <'TIFF series'>}", NULL, "");
  /* Types are not trusted. */
  assert_choices (RECON_PARAM_PROJECTIONS, "/data/x.h5", "{'file': <7>, 'datasets': <[{'path': <1>}]>}", NULL, "");
  assert_choices (RECON_PARAM_PROJECTIONS, "/data/x.h5", "{'file': <'/data/x.h5'>, 'datasets': <[{'path': <1>}]>}",
                  NULL, "");
}

/* Popovers need a window that is seen. */
static FormRig
open_form (void)
{
  FormRig f = form_rig_set_up ();

  gtk_window_present (GTK_WINDOW (f.window));
  gtk_test_widget_wait_for_draw (f.window);

  return f;
}

/* As form_rig_wait_for_questions(), among others. */
static void
wait_for_question (FormRig    *f,
                   const char *question)
{
  for (;;)
    {
      for (guint i = 0; i < fake_client_count (f->client); i++)
        if (g_str_equal (fake_client_get_question (f->client, i), question))
          return;
      g_main_context_iteration (NULL, TRUE);
    }
}

typedef gboolean (*Test) (GtkWidget *widget);

/* The first such widget below @widget, which may be that itself. */
static GtkWidget *
find (GtkWidget *widget,
      Test       test)
{
  if (test (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, test);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
is_datasets_button (GtkWidget *widget)
{
  return GTK_IS_MENU_BUTTON (widget) &&
         RECON_IS_DATASETS_POPOVER (gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget)));
}

static gboolean
is_list (GtkWidget *widget)
{
  return GTK_IS_LIST_BOX (widget);
}

static GtkWidget *
get_button (FormRig        *f,
            ReconParameter  parameter)
{
  return find (recon_form_get_row (f->form, parameter), is_datasets_button);
}

static gboolean
is_offered (FormRig        *f,
            ReconParameter  parameter)
{
  return gtk_widget_get_visible (get_button (f, parameter));
}

/* Opens the popover of a row and returns its list. */
static GtkListBox *
pop_up (FormRig        *f,
        ReconParameter  parameter)
{
  GtkWidget *button = get_button (f, parameter);
  GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));

  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  while (!gtk_widget_get_mapped (GTK_WIDGET (popover)))
    g_main_context_iteration (NULL, TRUE);

  return GTK_LIST_BOX (find (GTK_WIDGET (popover), is_list));
}

static void
activate (GtkListBox *list,
          int         index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, index);

  g_signal_emit_by_name (row, "activate");
  form_rig_settle ();
}

static void
assert_note (FormRig         *f,
             ReconParameter   parameter,
             ReconFieldLevel  level,
             const char      *expected)
{
  ReconField *row = RECON_FIELD (recon_form_get_row (f->form, parameter));

  g_assert_cmpstr (recon_field_get_note (row), ==, expected);
  g_assert_cmpint (recon_field_get_level (row), ==, level);
}

#define CHOOSE "several.h5 does not say which of its datasets is meant. Choose one in the list beside."

/* Chooses, which is one step to undo whatever was done just before, and goes on showing what there is. */
static void
test_row (void)
{
  g_auto (FormRig) f = open_form ();
  GtkWidget *button = get_button (&f, RECON_PARAM_PROJECTIONS);
  GtkListBox *list;

  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Datasets for Projections");
  g_assert_false (is_offered (&f, RECON_PARAM_PROJECTIONS));
  form_rig_set (&f, RECON_PARAM_PROJECTIONS, SEVERAL_FILE);
  form_rig_wait_for_questions (&f, 2);
  fake_client_answer (f.client, SEVERAL_FILE, "{" AMBIGUOUS ", " SEVERAL "}");
  g_assert_true (is_offered (&f, RECON_PARAM_PROJECTIONS));
  g_assert_false (is_offered (&f, RECON_PARAM_DARKS));
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_ERROR, CHOOSE);
  fake_client_fail (f.client, "resolve", RECON_ERROR, RECON_ERROR_INPUT, SEVERAL_FILE " holds several stacks.");
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_ERROR, CHOOSE);

  list = pop_up (&f, RECON_PARAM_PROJECTIONS);
  gtk_test_accessible_assert_property (list, GTK_ACCESSIBLE_PROPERTY_LABEL, "Datasets in several.h5");
  g_assert_null (gtk_list_box_get_row_at_index (list, 7));
  /* One that can't serve can't be chosen. */
  activate (list, 2);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, SEVERAL_FILE);
  activate (list, 1);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, SEVERAL_FILE ":/one two/räume: b");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)))));

  /* There still is what was known of the file, with the focus where it was. */
  g_assert_true (is_offered (&f, RECON_PARAM_PROJECTIONS));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (f.window)), button));
  list = pop_up (&f, RECON_PARAM_PROJECTIONS);
  activate (list, 0);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, SEVERAL_FILE ":/a");

  recon_document_undo (f.document);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, SEVERAL_FILE ":/one two/räume: b");
  recon_document_undo (f.document);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, SEVERAL_FILE);
  recon_document_redo (f.document);
  form_rig_assert_text (&f, RECON_PARAM_PROJECTIONS, SEVERAL_FILE ":/one two/räume: b");

  /* What is wrong with another dataset is told as it is. */
  form_rig_set (&f, RECON_PARAM_PROJECTIONS, SEVERAL_FILE ":/image/no");
  wait_for_question (&f, SEVERAL_FILE ":/image/no");
  fake_client_answer (f.client, SEVERAL_FILE ":/image/no", "{'problem': <'There is no /image/no.'>, " SEVERAL "}");
  assert_note (&f, RECON_PARAM_PROJECTIONS, RECON_FIELD_ERROR, "There is no /image/no.");
  g_assert_true (is_offered (&f, RECON_PARAM_PROJECTIONS));

  /* Another file is another matter. */
  form_rig_set (&f, RECON_PARAM_PROJECTIONS, "/data/radios");
  g_assert_false (is_offered (&f, RECON_PARAM_PROJECTIONS));
}

/* What can be chosen for darks depends on the projections, and angles are offered though they are no images. */
static void
test_other_rows (void)
{
  g_auto (FormRig) f = open_form ();
  GtkListBox *list;
  GtkListBoxRow *row;

  form_rig_set (&f, RECON_PARAM_PROJECTIONS, SCAN_FILE);
  form_rig_set (&f, RECON_PARAM_DARKS, SCAN_FILE ":/other/dark");
  form_rig_set (&f, RECON_PARAM_ANGLES, SEVERAL_FILE);
  form_rig_wait_for_questions (&f, 4);
  fake_client_answer (f.client, SCAN_FILE ":/other/dark", "{" CONTENTS ", " SCAN "}");
  fake_client_answer (f.client, SEVERAL_FILE, "{" AMBIGUOUS ", " SEVERAL "}");
  list = pop_up (&f, RECON_PARAM_DARKS);
  g_assert_true (gtk_list_box_row_get_activatable (gtk_list_box_get_row_at_index (list, 5)));
  gtk_popover_popdown (gtk_menu_button_get_popover (GTK_MENU_BUTTON (get_button (&f, RECON_PARAM_DARKS))));
  form_rig_settle ();
  fake_client_answer (f.client, SCAN_FILE, "{" CONTENTS ", " SCAN "}");

  list = pop_up (&f, RECON_PARAM_DARKS);
  row = gtk_list_box_get_row_at_index (list, 5);
  g_assert_false (gtk_list_box_row_get_activatable (row));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, "/other/small");
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "10 images, 64 × 2, 16 bit, but projections are 640 × 2");
  gtk_test_accessible_assert_state (row, GTK_ACCESSIBLE_STATE_DISABLED, TRUE);
  /* The focus begins where the choice is. */
  row = gtk_list_box_get_row_at_index (list, 4);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (f.window)) == GTK_WIDGET (row));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Chosen now. 1 image, 640 × 2, 16 bit");
  gtk_test_accessible_assert_state (row, GTK_ACCESSIBLE_STATE_SELECTED, TRUE);
  activate (list, 0);
  form_rig_assert_text (&f, RECON_PARAM_DARKS, SCAN_FILE);

  g_assert_true (is_offered (&f, RECON_PARAM_ANGLES));
  assert_note (&f, RECON_PARAM_ANGLES, RECON_FIELD_PLAIN, NULL);
}

static gboolean
is_scrolled (GtkWidget *widget)
{
  return GTK_IS_SCROLLED_WINDOW (widget);
}

/* A list that is longer than the window scrolls by itself: the form stays below it, and follows the focus later. */
static void
test_long_list (void)
{
  g_auto (FormRig) f = open_form ();
  g_autoptr (GString) answer = g_string_new ("{" AMBIGUOUS ", 'file': <'" SEVERAL_FILE "'>, 'datasets': <[");
  GtkWidget *form = find (GTK_WIDGET (f.form), is_scrolled);
  GtkAdjustment *of_form = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (form));
  GtkAdjustment *of_list;
  GtkListBox *list;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (answer, "%s{'path': <'/%u'>, 'dimensions': <[uint64 4, 3, 2]>, 'type': <'uint8'>}",
                            i > 0 ? ", " : "", i);
  g_string_append (answer, "]>}");
  form_rig_set (&f, RECON_PARAM_PROJECTIONS, SEVERAL_FILE);
  form_rig_wait_for_questions (&f, 2);
  fake_client_answer (f.client, SEVERAL_FILE, answer->str);

  list = pop_up (&f, RECON_PARAM_PROJECTIONS);
  of_list = gtk_scrolled_window_get_vadjustment (
      GTK_SCROLLED_WINDOW (gtk_widget_get_ancestor (GTK_WIDGET (list), GTK_TYPE_SCROLLED_WINDOW)));
  while (gtk_adjustment_get_upper (of_list) < 1000)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (gtk_adjustment_get_value (of_list), ==, 0);
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (list, 99)));
  while (gtk_adjustment_get_value (of_list) < 1000)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (gtk_adjustment_get_value (of_form), ==, 0);

  gtk_menu_button_popdown (GTK_MENU_BUTTON (get_button (&f, RECON_PARAM_PROJECTIONS)));
  form_rig_settle ();
  gtk_widget_grab_focus (recon_field_get_control (RECON_FIELD (recon_form_get_row (f.form, RECON_PARAM_OUTPUT_PATH))));
  while (gtk_adjustment_get_value (of_form) == 0)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/datasets/projections", test_projections);
  g_test_add_func ("/datasets/references", test_references);
  g_test_add_func ("/datasets/angles", test_angles);
  g_test_add_func ("/datasets/other-names", test_other_names);
  g_test_add_func ("/datasets/nothing", test_nothing);
  g_test_add_func ("/datasets/row", test_row);
  g_test_add_func ("/datasets/other-rows", test_other_rows);
  g_test_add_func ("/datasets/long-list", test_long_list);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "config/config-file.h"
#include "config/config.h"
#include "form/document.h"
#include "options.h"
#include "support.h"

static void
set (ReconDocument  *document,
     ReconParameter  parameter,
     const char     *text)
{
  g_autoptr (GError) error = NULL;

  recon_document_set (document, parameter, text, &error);
  g_assert_no_error (error);
}

static void
assert_text (ReconDocument  *document,
             ReconParameter  parameter,
             const char     *expected)
{
  g_autofree char *text = recon_config_format (recon_document_get_config (document), parameter);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_labels (ReconDocument *document,
               const char    *undo,
               const char    *redo)
{
  g_autofree char *undo_label = NULL;
  g_autofree char *redo_label = NULL;
  gboolean can_undo, can_redo;

  g_object_get (document, "undo-label", &undo_label, "redo-label", &redo_label, "can-undo", &can_undo, "can-redo",
                &can_redo, NULL);
  g_assert_cmpstr (undo_label, ==, undo);
  g_assert_cmpstr (redo_label, ==, redo);
  g_assert_true (can_undo == (undo != NULL));
  g_assert_true (can_redo == (redo != NULL));
}

static GFile *
write_file (const char *folder,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  return g_file_new_for_path (path);
}

static void
assert_contents (GFile      *file,
                 const char *expected)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_load_contents (file, NULL, &text, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
count_cb (gpointer  object,
          guint    *n)
{
  (*n)++;
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           guint      *n)
{
  (*n)++;
}

static void
test_undo (void)
{
  g_autoptr (ReconDocument) document = recon_document_new ();
  guint n_changed = 0;

  g_signal_connect (document, "changed", G_CALLBACK (count_cb), &n_changed);
  assert_labels (document, NULL, NULL);

  set (document, RECON_PARAM_AXIS, "1");
  set (document, RECON_PARAM_AXIS, "10");
  set (document, RECON_PARAM_AXIS, "10.0");
  g_assert_cmpuint (n_changed, ==, 2);
  set (document, recon_parameter ("reconstruction.filter"), "hann");
  set (document, RECON_PARAM_AXIS, "20");
  recon_document_end_visit (document);
  set (document, RECON_PARAM_AXIS, "30");
  assert_labels (document, "Axis", NULL);

  recon_document_undo (document);
  assert_text (document, RECON_PARAM_AXIS, "20");
  recon_document_undo (document);
  assert_text (document, RECON_PARAM_AXIS, "10");
  assert_labels (document, "Filter", "Axis");
  recon_document_undo (document);
  assert_text (document, recon_parameter ("reconstruction.filter"), "ramp");
  recon_document_undo (document);
  assert_text (document, RECON_PARAM_AXIS, "middle");
  assert_labels (document, NULL, "Axis");
  g_assert_cmpuint (n_changed, ==, 9);
  recon_document_undo (document);
  g_assert_cmpuint (n_changed, ==, 9);

  for (guint i = 0; i < 5; i++)
    recon_document_redo (document);
  assert_text (document, RECON_PARAM_AXIS, "30");
  assert_text (document, recon_parameter ("reconstruction.filter"), "hann");
  g_assert_cmpuint (n_changed, ==, 13);

  /* Another way forward replaces the one that was there. */
  recon_document_undo (document);
  set (document, RECON_PARAM_BIN, "2");
  assert_labels (document, "Bin Pixels", NULL);
}

/* A visit that comes back to where it began leaves no step. */
static void
test_visit_without_change (void)
{
  g_autoptr (ReconDocument) document = recon_document_new ();

  set (document, recon_parameter ("reconstruction.filter"), "hann");
  set (document, RECON_PARAM_AXIS, "1");
  set (document, RECON_PARAM_AXIS, "middle");
  recon_document_end_visit (document);
  assert_labels (document, "Filter", NULL);
}

static void
test_refused (void)
{
  g_autoptr (ReconDocument) document = recon_document_new ();
  g_autoptr (GError) error = NULL;
  guint n_changed = 0;

  g_signal_connect (document, "changed", G_CALLBACK (count_cb), &n_changed);
  g_assert_false (recon_document_set (document, RECON_PARAM_AXIS, "left", &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  assert_text (document, RECON_PARAM_AXIS, "middle");
  assert_labels (document, NULL, NULL);
  g_assert_cmpuint (n_changed, ==, 0);
}

static void
test_groups (void)
{
  g_autoptr (ReconDocument) document = recon_document_new ();
  guint n_changed = 0;

  set (document, RECON_PARAM_PROJECTIONS, "radios");
  g_signal_connect (document, "changed", G_CALLBACK (count_cb), &n_changed);
  recon_document_begin_group (document, "Input");
  set (document, RECON_PARAM_PROJECTIONS, "");
  recon_document_begin_group (document, "Inner");
  set (document, RECON_PARAM_SINOGRAMS, "sinos");
  recon_document_end_visit (document);
  recon_document_end_group (document);
  set (document, RECON_PARAM_BIN, "2");
  g_assert_cmpuint (n_changed, ==, 0);
  recon_document_end_group (document);
  g_assert_cmpuint (n_changed, ==, 1);
  set (document, RECON_PARAM_BIN, "3");
  assert_labels (document, "Bin Pixels", NULL);

  recon_document_undo (document);
  assert_labels (document, "Input", "Bin Pixels");
  recon_document_undo (document);
  assert_text (document, RECON_PARAM_PROJECTIONS, "radios");
  assert_text (document, RECON_PARAM_SINOGRAMS, "");
  assert_text (document, RECON_PARAM_BIN, "1");
  assert_labels (document, "Projections", "Input");

  /* A group in which nothing happens leaves everything as it is. */
  n_changed = 0;
  recon_document_begin_group (document, "Nothing");
  set (document, RECON_PARAM_BIN, "1");
  recon_document_end_group (document);
  g_assert_cmpuint (n_changed, ==, 0);
  assert_labels (document, "Projections", "Input");
  recon_document_redo (document);
  assert_text (document, RECON_PARAM_SINOGRAMS, "sinos");
}

static void
test_modified (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autoptr (ReconDocument) document = recon_document_new ();
  g_autoptr (GFile) file = write_file (folder, "a.conf", "# mine\n\n[reconstruction]\naxis=7\n\n[other]\nkey=1\n");
  g_autoptr (GError) error = NULL;
  guint n_modified = 0;
  g_autofree char *title = NULL;

  recon_document_load (document, file, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (recon_document_get_modified (document));
  g_assert_true (g_file_equal (recon_document_get_file (document), file));
  title = recon_document_dup_title (document);
  g_assert_cmpstr (title, ==, "a.conf");
  assert_text (document, RECON_PARAM_AXIS, "7");

  g_signal_connect (document, "notify::modified", G_CALLBACK (notify_cb), &n_modified);
  set (document, RECON_PARAM_AXIS, "8");
  g_assert_true (recon_document_get_modified (document));
  recon_document_undo (document);
  g_assert_false (recon_document_get_modified (document));
  recon_document_redo (document);
  g_assert_cmpuint (n_modified, ==, 3);

  recon_document_save (document, file, &error);
  g_assert_no_error (error);
  g_assert_false (recon_document_get_modified (document));
  assert_contents (file, "# mine\n\n[reconstruction]\naxis=8\n\n[other]\nkey=1\n");

  /* The way back leads past what was saved. */
  recon_document_undo (document);
  assert_text (document, RECON_PARAM_AXIS, "7");
  g_assert_true (recon_document_get_modified (document));

  test_folder_remove (g_steal_pointer (&folder));
}

static void
test_save_as (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autoptr (ReconDocument) document = recon_document_new ();
  g_autoptr (GFile) file = write_file (folder, "a.conf", "# mine\n\n[reconstruction]\n# where it turns\naxis=7\n");
  g_autoptr (GFile) other = write_file (folder, "b.conf", "# not mine\n[reconstruction]\nfilter=hann\n");
  g_autoptr (GFile) third = g_file_get_child (file, "x");
  g_autoptr (GError) error = NULL;
  guint n_file = 0;

  recon_document_load (document, file, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (document, "notify::file", G_CALLBACK (notify_cb), &n_file);
  set (document, RECON_PARAM_BIN, "2");

  /* Nothing of what was there stays, and everything of the document's own file. */
  recon_document_save (document, other, &error);
  g_assert_no_error (error);
  assert_contents (other, "# mine\n\n[reconstruction]\n# where it turns\naxis=7\n\n[input]\nbin=2\n");
  assert_contents (file, "# mine\n\n[reconstruction]\n# where it turns\naxis=7\n");
  g_assert_true (g_file_equal (recon_document_get_file (document), other));
  g_assert_cmpuint (n_file, ==, 1);

  /* a.conf is a file and no folder. */
  g_assert_false (recon_document_save (document, third, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
  g_assert_true (g_file_equal (recon_document_get_file (document), other));
  g_clear_error (&error);

  g_assert_false (recon_document_load (document, third, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  assert_text (document, RECON_PARAM_BIN, "2");

  test_folder_remove (g_steal_pointer (&folder));
}

static void
test_no_local_path (void)
{
  g_autoptr (ReconDocument) document = recon_document_new ();
  g_autoptr (GFile) file = g_file_new_for_uri ("nowhere://host/a.conf");
  g_autoptr (GError) error = NULL;

  g_assert_false (recon_document_save (document, file, &error));
  g_assert_cmpstr (error->message, ==, "nowhere://host/a.conf is not in a folder of this computer. Copy it to one.");
}

static guint
count_files (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "reconstruct", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* A process that ends without saving. */
static void
leave_changes (GFile      *file,
               const char *axis)
{
  pid_t pid = fork ();
  int status;

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      ReconDocument *document = recon_document_new ();
      gboolean done = (file == NULL || recon_document_load (document, file, NULL, NULL)) &&
                      recon_document_set (document, RECON_PARAM_AXIS, axis, NULL) &&
                      recon_document_autosave (document, NULL) && recon_document_autosave (document, NULL);

      _exit (done ? 0 : 1);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
}

static void
test_autosave (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autoptr (ReconDocument) document = recon_document_new ();
  g_autoptr (GFile) file = write_file (folder, "a.conf", "[reconstruction]\naxis=7\n");
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;

  /* Nothing to keep. */
  g_assert_true (recon_document_autosave (document, &error));
  g_assert_cmpuint (count_files (), ==, 0);

  /* One file, however often, and none once it is saved. */
  for (guint i = 0; i < 3; i++)
    {
      set (document, RECON_PARAM_BIN, i % 2 == 0 ? "2" : "3");
      recon_document_autosave (document, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (count_files (), ==, 1);
    }
  found = recon_document_list_autosaves ();
  g_assert_cmpuint (found->len, ==, 0);
  recon_document_save (document, file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (), ==, 0);

  /* None after it was dropped, or taken back. */
  set (document, RECON_PARAM_BIN, "4");
  recon_document_autosave (document, &error);
  recon_document_undo (document);
  recon_document_autosave (document, &error);
  g_assert_cmpuint (count_files (), ==, 0);
  recon_document_redo (document);
  recon_document_autosave (document, &error);
  g_assert_cmpuint (count_files (), ==, 1);
  recon_document_drop_autosave (document);
  g_assert_cmpuint (count_files (), ==, 0);

  test_folder_remove (g_steal_pointer (&folder));
}

static void
test_restore (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autoptr (ReconDocument) document = recon_document_new ();
  g_autoptr (ReconDocument) late = recon_document_new ();
  g_autoptr (GFile) file = write_file (folder, "a.conf", "# mine\n\n[reconstruction]\naxis=7\n");
  g_autoptr (GFile) origin = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;

  leave_changes (file, "8.5");
  found = recon_document_list_autosaves ();
  g_assert_cmpuint (found->len, ==, 1);
  origin = recon_document_get_autosave_origin (found->pdata[0]);
  g_assert_true (g_file_equal (origin, file));

  recon_document_restore (document, found->pdata[0], &error);
  g_assert_no_error (error);
  assert_text (document, RECON_PARAM_AXIS, "8.5");
  g_assert_true (recon_document_get_modified (document));
  g_assert_true (g_file_equal (recon_document_get_file (document), file));
  assert_labels (document, NULL, NULL);

  /* It has one owner. */
  none = recon_document_list_autosaves ();
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_false (recon_document_restore (late, found->pdata[0], &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
  g_clear_error (&error);

  set (document, RECON_PARAM_AXIS, "9");
  recon_document_autosave (document, &error);
  g_assert_cmpuint (count_files (), ==, 1);
  recon_document_save (document, file, &error);
  g_assert_no_error (error);
  assert_contents (file, "# mine\n\n[reconstruction]\naxis=9\n");
  g_assert_cmpuint (count_files (), ==, 0);

  test_folder_remove (g_steal_pointer (&folder));
}

/* What had no file yet, and what is damaged. */
static void
test_restore_without_file (void)
{
  g_autoptr (ReconDocument) document = recon_document_new ();
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GFile) damaged = NULL;
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "reconstruct", NULL);
  g_autoptr (GError) error = NULL;

  leave_changes (NULL, "8.5");
  found = recon_document_list_autosaves ();
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_null (recon_document_get_autosave_origin (found->pdata[0]));
  recon_document_restore (document, found->pdata[0], &error);
  g_assert_no_error (error);
  g_assert_null (recon_document_get_file (document));
  g_assert_true (recon_document_get_modified (document));

  damaged = write_file (folder, "b.autosave", "\xff");
  g_assert_false (recon_document_restore (document, damaged, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  assert_text (document, RECON_PARAM_AXIS, "8.5");
  g_assert_true (g_file_delete (damaged, NULL, NULL));

  recon_document_drop_autosave (document);
  g_assert_cmpuint (count_files (), ==, 0);
}

static void
assert_command_line (ReconDocument *document,
                     const char    *expected)
{
  g_autofree char *line = recon_document_to_command_line (document);
  g_auto (ReconOptions) options = { 0 };
  g_auto (GStrv) words = NULL;
  g_autofree char **rest = NULL;
  g_autoptr (GError) error = NULL;
  char **arguments;
  int n_words;

  if (expected != NULL)
    g_assert_cmpstr (line, ==, expected);

  g_shell_parse_argv (line, &n_words, &words, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (words[0], ==, "reconstruct");
  rest = g_memdup2 (words, (n_words + 1) * sizeof (char *));
  arguments = rest + 1;
  n_words--;
  recon_options_parse (&options, &n_words, &arguments, "Reconstructs.", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n_words, ==, 1);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autofree char *text = recon_config_format (options.config, i);
      g_autofree char *present = recon_config_format (recon_document_get_config (document), i);
      g_autofree char *whole = NULL;

      /* Paths mean the same in any folder. */
      if (recon_parameter_get_spec (i)->type == RECON_PARAMETER_PATH && *present != '\0')
        whole = g_canonicalize_filename (present, NULL);
      g_assert_cmpstr (text, ==, whole != NULL ? whole : present);
    }
}

/* Another valid value than the default. */
static char *
other_value (ReconParameter parameter)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  g_autofree const char **words = recon_parameter_get_words (parameter);

  switch (spec->type)
    {
    case RECON_PARAMETER_BOOLEAN:
      return g_strdup (g_str_equal (spec->initial, "no") ? "yes" : "no");
    case RECON_PARAMETER_CHOICE:
      return g_strdup (g_str_equal (words[0], spec->initial) && words[1] != NULL ? words[1] : words[0]);
    case RECON_PARAMETER_INTEGER:
      return g_strdup ("7");
    case RECON_PARAMETER_NUMBER:
      return g_strdup (spec->minimum < 0 ? "-0.25" : "0.75");
    case RECON_PARAMETER_SIZE:
      return g_strdup ("3G");
    case RECON_PARAMETER_BOX:
      return g_strdup ("1,2,3,4");
    case RECON_PARAMETER_TEXT:
    case RECON_PARAMETER_PATH:
    default:
      return g_strdup ("it's \"here\" & $HOME/ä *;~ \\ -x");
    }
}

/* Paths start from the folder of the file, in the form as in the file. */
static void
test_paths (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autoptr (ReconDocument) document = recon_document_new ();
  g_autoptr (GFile) file = write_file (folder, "reco.conf", "[input]\nprojections=raw\n");
  g_autofree char *raw = g_build_filename (folder, "raw", NULL);
  g_autofree char *slices = g_build_filename (folder, "slices", NULL);
  g_autofree char *darks = g_build_filename (folder, "darks", NULL);
  g_autofree char *name = g_file_get_path (file);
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;

  recon_document_load (document, file, NULL, &error);
  g_assert_no_error (error);
  assert_text (document, RECON_PARAM_PROJECTIONS, raw);
  assert_text (document, RECON_PARAM_OUTPUT_PATH, slices);
  g_assert_false (recon_document_get_modified (document));

  set (document, RECON_PARAM_DARKS, "darks");
  assert_text (document, RECON_PARAM_DARKS, darks);
  g_assert_true (recon_document_means (document, RECON_PARAM_DARKS, "darks"));
  recon_document_save (document, file, &error);
  g_assert_no_error (error);
  g_file_get_contents (name, &data, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (data, ==, "[input]\nprojections=raw\ndarks=darks\n");

  /* Once it has a file, the default lies beside that. */
  g_clear_object (&document);
  document = recon_document_new ();
  assert_text (document, RECON_PARAM_OUTPUT_PATH, "slices");
  recon_document_save (document, file, &error);
  g_assert_no_error (error);
  assert_text (document, RECON_PARAM_OUTPUT_PATH, slices);
  g_assert_false (recon_document_get_modified (document));

  test_folder_remove (g_steal_pointer (&folder));
}

static void
test_command_line (void)
{
  g_autofree char *folder = test_folder_new ();
  g_autofree char *here = g_get_current_dir ();
  g_autoptr (ReconDocument) document = recon_document_new ();
  g_autoptr (GFile) trap = write_file (folder, "reco.conf", "[reconstruction]\naxis=3\n");
  g_autofree char *output = NULL;
  g_autofree char *empty = NULL;
  g_autofree char *some = NULL;

  /* A reco.conf where the line is run changes nothing. */
  g_assert_cmpint (g_chdir (folder), ==, 0);
  output = g_canonicalize_filename ("slices", NULL);
  empty = g_strdup_printf ("reconstruct tomo --path=%s --config=/dev/null", output);
  assert_command_line (document, empty);
  set (document, RECON_PARAM_PROJECTIONS, "/data/scan 1/radios");
  set (document, RECON_PARAM_ANGLE_STEP, "-0.5");
  set (document, recon_parameter ("flat-field.correct"), "no");
  some = g_strdup_printf ("reconstruct tomo --projections='/data/scan 1/radios' --correct=no "
                          "--angle-step=-0.5 --path=%s --config=/dev/null",
                          output);
  assert_command_line (document, some);
  set (document, RECON_PARAM_PROJECTIONS, "--axis=3");
  assert_command_line (document, NULL);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autofree char *text = other_value (i);

      set (document, i, text);
      assert_command_line (document, NULL);
    }

  g_assert_cmpint (g_chdir (here), ==, 0);
  test_folder_remove (g_steal_pointer (&folder));
}

static void
test_titles (void)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      g_autofree const char **words = recon_parameter_get_words (i);

      g_assert_cmpint (strlen (recon_parameter_get_title (i)), >, 3);
      g_assert_true ((spec->files != 0) == (spec->type == RECON_PARAMETER_PATH));
      g_assert_true ((spec->step > 0) ==
                     (spec->type == RECON_PARAMETER_NUMBER || spec->type == RECON_PARAMETER_INTEGER));

      /* Every word has a title of its own, so that nobody has to read "tiff-stack". */
      for (guint w = 0; words[w] != NULL; w++)
        g_assert_cmpstr (recon_parameter_get_word_title (i, words[w]), !=, words[w]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *state = test_folder_new ();
  int status;

  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/document/undo", test_undo);
  g_test_add_func ("/document/visit-without-change", test_visit_without_change);
  g_test_add_func ("/document/refused", test_refused);
  g_test_add_func ("/document/groups", test_groups);
  g_test_add_func ("/document/modified", test_modified);
  g_test_add_func ("/document/save-as", test_save_as);
  g_test_add_func ("/document/no-local-path", test_no_local_path);
  g_test_add_func ("/document/autosave", test_autosave);
  g_test_add_func ("/document/restore", test_restore);
  g_test_add_func ("/document/restore-without-file", test_restore_without_file);
  g_test_add_func ("/document/command-line", test_command_line);
  g_test_add_func ("/document/paths", test_paths);
  g_test_add_func ("/document/titles", test_titles);

  status = g_test_run ();
  test_folder_remove (g_steal_pointer (&state));

  return status;
}

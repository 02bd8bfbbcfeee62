/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "form/message-words.h"

/* What the core says, in the words of the window. */

static void
assert_reworded (const char *message,
                 const char *expected)
{
  g_autofree char *text = recon_message_words_reword (message);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_words (void)
{
  assert_reworded ("Give it with --axis=COLUMN.", "Give it with “Axis”.");
  assert_reworded ("Give them with --projections=PATH (input.projections), or not.",
                   "Give them with “Projections”, or not.");
  assert_reworded ("Write --reconstruction.angle-step=0.1.", "Write “Angle Step” = 0.1.");
  assert_reworded ("--darks=PATH, --darks and input.darks=/DATA", "“Darks”, “Darks” and “Darks” = /DATA");
  assert_reworded ("input.projection-start=7 is not less than projection-stop=3",
                   "“First Projection” = 7 is not less than “End of Projections” = 3");
  assert_reworded ("input.projection-start, projection-stop and projection-step.",
                   "“First Projection”, “End of Projections” and “Every n-th Projection”.");
  assert_reworded ("reconstruction.angle-offset and angle-step", "“Angle Offset” and “Angle Step”");
  assert_reworded ("flat-field.correct=yes, or turn it off with --no-correct.",
                   "“Flat-Field Correction” = On, or turn it off with “Flat-Field Correction” = Off.");
  assert_reworded ("input.angle-unit=degree", "“Unit of the Angles” = Degree");
  assert_reworded ("Choose another --output or allow --overwrite.",
                   "Choose another “Output: Path” or allow “Overwrite”.");
  assert_reworded ("Is reconstruction.method or flat-field.method wrong?",
                   "Is “Reconstruction: Method” or “Flat-Field Correction: Method” wrong?");
  assert_reworded ("Start again without --resume.", "Start anew.");
}

/* What only looks like a name is left alone: words, parts of paths, other programs' options. */
static void
test_others (void)
{
  const char *const texts[] = {
    "--darkness, input.darks-2, my-input.darks",
    "/data/input.darks, /data/y-start/1.tif, a/crop-left, input.darks.old",
    "repair the file with h5clear --status",
    "the axis, the darks and the output",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_reworded (texts[i], texts[i]);
}

/* Nothing of the command line may be left. */
static void
assert_plain (const char *message)
{
  g_autofree char *text = recon_message_words_reword (message);
  g_auto (GStrv) words = g_strsplit_set (text, " ,;:()“”\"'", -1);

  for (char **word = words; *word != NULL; word++)
    {
      if (g_str_has_prefix (*word, "--") && !g_str_has_prefix (*word, "--status"))
        g_error ("%s still says %s", text, *word);

      for (guint i = 0; i < recon_parameter_count (); i++)
        if (g_str_has_prefix (*word, recon_parameter_get_spec (i)->name))
          g_error ("%s still says %s", text, *word);
    }
}

/* The texts of one source that are for users, with something in the places of what is filled in. */
static guint
check_source (const char *path)
{
  g_autoptr (GRegex) marked = g_regex_new ("\\b_ \\(\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*)+)|"
                                           "recon_log_warning \\([^\"]*?((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*)+)",
                                           0, 0, NULL);
  g_autoptr (GRegex) joints = g_regex_new ("\"\\s*\"", 0, 0, NULL);
  g_autoptr (GRegex) names = g_regex_new ("--%s=PATH \\(%s\\)", 0, 0, NULL);
  g_autoptr (GRegex) formats = g_regex_new ("%[-+0-9.]*l?[sugdfi]", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *source = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &source, NULL, NULL));
  for (g_regex_match (marked, source, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *first = g_match_info_fetch (match, 1);
      g_autofree char *second = g_match_info_fetch (match, 2);
      g_autofree char *text = g_strdup (first != NULL && *first != '\0' ? first : second);
      g_autofree char *joined = g_regex_replace_literal (joints, g_strstrip (text), -1, 0, "", 0, NULL);
      g_autofree char *unquoted = g_strndup (joined + 1, strlen (joined) - 2);
      g_autofree char *escaped = g_strcompress (unquoted);
      g_autofree char *named = g_regex_replace_literal (names, escaped, -1, 0, "--darks=PATH (input.darks)", 0, NULL);
      g_autofree char *filled = g_regex_replace_literal (formats, named, -1, 0, "17", 0, NULL);

      assert_plain (filled);
      n += strstr (filled, "--") != NULL;
    }

  return n;
}

static guint
check_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      /* Synthetic scans are made by the command line only. */
      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        n += g_str_equal (name, "phantom") ? 0 : check_folder (child);
      else if (g_str_has_suffix (name, ".c"))
        n += check_source (child);
    }

  return n;
}

static void
test_all_messages (void)
{
  g_autofree char *core = g_build_filename (g_getenv ("RECONSTRUCT_SOURCE"), "core", NULL);

  g_assert_cmpuint (check_folder (core), >, 30);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message-words/words", test_words);
  g_test_add_func ("/message-words/others", test_others);
  g_test_add_func ("/message-words/all", test_all_messages);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "config/conditions.h"
#include "config/config-file.h"
#include "config/config.h"
#include "options.h"
#include "tasks/infos.h"
#include "tasks/tasks.h"
#include "test-section.h"

/* A section that is declared once is in files, options, JSON and help. */

static void
set (ReconConfig *config,
     const char  *name,
     const char  *text)
{
  g_autoptr (GError) error = NULL;

  recon_config_parse (config, recon_parameter (name), text, &error);
  g_assert_no_error (error);
}

static void
assert_text (ReconConfig *config,
             const char  *name,
             const char  *expected)
{
  g_autofree char *text = recon_config_format (config, recon_parameter (name));

  g_assert_cmpstr (text, ==, expected);
}

static void
record_cb (ReconLog   *log,
           int         level,
           const char *text,
           gpointer    user_data)
{
  g_string_append_printf (user_data, "%s\n", text);
}

static gboolean
load (ReconConfig *config,
      const char  *data,
      GString     *said)
{
  g_autoptr (ReconLog) log = recon_log_new ();

  g_signal_connect (log, "record", G_CALLBACK (record_cb), said);

  return recon_config_load_data (config, data, strlen (data), "test", log, NULL);
}

static void
test_order (void)
{
  static const char *const sections[] = { "input", "flat-field", "rings", "reconstruction", "output", "compute" };
  guint n = 0;

  g_assert_cmpuint (recon_section_count (), ==, G_N_ELEMENTS (sections));
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    g_assert_cmpstr (recon_section_get (i)->name, ==, sections[i]);

  /* As users see them: section by section, what tasks add before what is to be last. */
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const char *section = recon_parameter_get_spec (recon_parameter_nth (i))->section;

      while (!g_str_equal (sections[n], section))
        g_assert_cmpuint (++n, <, G_N_ELEMENTS (sections));
    }
  g_assert_cmpuint (recon_parameter_nth (recon_parameter_count () - 1), ==, RECON_PARAM_VARIANT);
  g_assert_cmpuint (recon_parameter_nth (recon_parameter_count () - 2), ==, recon_parameter ("compute.kernel"));
  g_assert_cmpuint (recon_parameter_nth (recon_parameter_count () - 3), ==, recon_parameter ("compute.sort-threads"));
  g_assert_cmpuint (recon_parameter_nth (0), ==, RECON_PARAM_PROJECTIONS);
}

static void
test_values (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconConfig) copy = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *property = NULL;
  ReconBox box;

  g_assert_cmpint (recon_config_get_integer (config, recon_parameter ("rings.window")), ==, 21);
  g_assert_cmpuint (recon_config_get_size (config, recon_parameter ("rings.buffer")), ==, 16 << 20);
  set (config, "rings.method", "Sorting");
  set (config, "rings.region", "1,2,3,4");
  g_assert_true (recon_config_set_integer (config, recon_parameter ("rings.window"), 31));
  g_assert_true (recon_config_set_number (config, recon_parameter ("rings.strength"), 0.1));
  recon_config_set_boolean (config, recon_parameter ("rings.safe"), TRUE);
  g_assert_false (recon_config_set_integer (config, recon_parameter ("rings.window"), 1000));
  g_assert_false (recon_config_set_number (config, recon_parameter ("rings.strength"), 1.5));

  copy = recon_config_copy (config);
  recon_config_reset (config, recon_parameter ("rings.window"));
  assert_text (config, "rings.window", "21");
  assert_text (copy, "rings.window", "31");
  assert_text (copy, "rings.strength", "0.1");
  assert_text (copy, "rings.safe", "yes");
  g_assert_cmpuint (recon_config_get_choice (copy, recon_parameter ("rings.method")), ==, 1);
  box = recon_config_get_box (copy, recon_parameter ("rings.region"));
  g_assert_cmpint (box.width, ==, 3);
  g_object_get (copy, "rings-window", &property, NULL);
  g_assert_cmpstr (property, ==, "31");

  g_assert_false (recon_config_parse (copy, recon_parameter ("rings.method"), "sortin", &error));
  g_assert_cmpstr (error->message, ==,
                   "rings.method is 'sortin'. It must be one of none, sorting; did you mean 'sorting'?");
}

static void
test_files (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconConfig) read = recon_config_new ();
  g_autoptr (GString) said = g_string_new (NULL);
  g_autofree char *data = NULL;

  set (config, "rings.method", "sorting");
  set (config, "rings.mask", "mask.tif");
  set (config, "compute.sort-threads", "4");
  data = recon_config_to_data (config, TRUE);
  g_assert_nonnull (strstr (data, "\n# Ring Removal\n[rings]\n\n# How rings are removed\n"
                                  "# one of none, sorting; default none\nmethod=sorting\n"));
  g_assert_nonnull (strstr (data, "\n# Columns of the median\n# unit px, range 1…999, default 21\nwindow=21\n"));
  g_assert_true (load (read, data, said));
  assert_text (read, "rings.method", "sorting");
  assert_text (read, "rings.mask", "mask.tif");
  assert_text (read, "compute.sort-threads", "4");
  g_assert_cmpstr (said->str, ==, "");

  g_assert_true (load (read, "[rings]\nwindwo=3\n[ring]\n", said));
  g_assert_cmpstr (said->str, ==,
                   "test, line 2: there is no parameter rings.windwo, it is ignored; did you mean rings.window?\n"
                   "test, line 3: there is no group [ring], its keys are ignored; did you mean [rings]?\n");
}

static void
test_json (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) given = json_from_string ("{'rings': {'window': 41, 'smooth': true, 'strength': 'auto'}}", NULL);
  g_autoptr (GError) error = NULL;
  JsonObject *rings;

  recon_config_set_json (config, given, &error);
  g_assert_no_error (error);
  node = recon_config_to_json (config);
  rings = json_object_get_object_member (json_node_get_object (node), "rings");
  g_assert_cmpint (json_object_get_int_member (rings, "window"), ==, 41);
  g_assert_true (json_object_get_boolean_member (rings, "smooth"));
  g_assert_cmpstr (json_object_get_string_member (rings, "strength"), ==, "auto");
  g_assert_cmpint (json_object_get_int_member (rings, "buffer"), ==, 16 << 20);
}

/* Parses "tomo" with one argument. Returns: (nullable): the error's message */
static char *
parse (ReconOptions *options,
       const char   *argument)
{
  char *arguments[] = { (char *) "tomo", (char *) argument, NULL };
  char **argv = arguments;
  int argc = 2;
  g_autoptr (GError) error = NULL;

  recon_options_parse_without_file (options, &argc, &argv, NULL, NULL, &error);

  return error != NULL ? g_strdup (error->message) : NULL;
}

static void
test_options (void)
{
  static const struct
  {
    const char *option;
    const char *name;
    const char *text;
  } taken[] = {
    { "--rings.window=31", "rings.window", "31" },
    { "--rings.size=33", "rings.window", "33" },
    { "--ring-size=35", "rings.window", "35" },
    { "--rings.smooth", "rings.smooth", "yes" },
    { "--smooth", "rings.smooth", "yes" },
    { "--no-rings.safe", "rings.safe", "no" },
    { "--rings.method=sorting", "rings.method", "sorting" },
    /* What a short name means does not depend on the tasks that there are. */
    { "--method=fbp", "reconstruction.method", "fbp" },
    { "--angle-step=0.5", "reconstruction.angle-step", "0.5" },
    { "--reconstruction.angle-step=0.5", "reconstruction.angle-step", "0.5" },
    { "--threads=3", "compute.threads", "3" },
    /* Earlier names. */
    { "--input.angle-step=3", "input.projection-step", "3" },
    { "--input.angle-start=2", "input.projection-start", "2" },
    { "--angle-stop=9", "input.projection-stop", "9" },
  };
  static const struct
  {
    const char *option;
    const char *message;
  } refused[] = {
    { "--window=3", "Unknown option --window; did you mean --rings.window?" },
    { "--rings.windwo=3", "Unknown option --rings.windwo; did you mean --rings.window?" },
    { "--rings.axis=3", "Unknown option --rings.axis; did you mean --reconstruction.axis?" },
    { "--rings.window=0", "Option --rings.window: rings.window is '0'. It must be a whole number in px: 1…999." },
    { "--no-rings.window",
      "Option --no-rings.window does not exist: rings.window is not yes or no (unit px, range 1…999, default 21)." },
  };
  g_autofree char *help = recon_options_describe ();

  for (gsize i = 0; i < G_N_ELEMENTS (taken); i++)
    {
      g_auto (ReconOptions) options = { 0 };
      g_autofree char *message = parse (&options, taken[i].option);

      g_assert_cmpstr (message, ==, NULL);
      assert_text (options.config, taken[i].name, taken[i].text);
      g_assert_true (options.given[recon_parameter (taken[i].name)]);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_auto (ReconOptions) options = { 0 };
      g_autofree char *message = parse (&options, refused[i].option);

      g_assert_cmpstr (message, ==, refused[i].message);
    }

  g_assert_nonnull (strstr (help, "\nRing Removal [rings]\n  --rings.method=WORD\n      How rings are removed\n"));
  g_assert_nonnull (strstr (help, "\n  --smooth, --no-smooth\n      Whether rings are smoothed\n"));
}

/* Scripts have these; none may go or come to mean something else. */
static void
test_reserved (void)
{
  static const char *const reserved[] = {
    "input.projections", "input.sinograms", "input.darks", "input.flats", "input.flats-after", "input.angles",
    "input.angle-unit", "input.rotate", "input.flip", "input.y-start", "input.y-stop", "input.y-step",
    "input.projection-start", "input.projection-stop", "input.projection-step", "input.exclude", "input.crop-left",
    "input.crop-right", "input.bin", "input.strict", "flat-field.correct", "flat-field.absorptivity",
    "flat-field.fix-nan-inf", "flat-field.interpolate", "flat-field.dark-scale", "flat-field.clip-minimum",
    "reconstruction.method", "reconstruction.axis", "reconstruction.angle-step", "reconstruction.angle-offset",
    "reconstruction.filter", "reconstruction.filter-cutoff", "reconstruction.filter-order", "reconstruction.padding",
    "reconstruction.roi", "reconstruction.circle", "reconstruction.pixel-size", "reconstruction.force", "output.path",
    "output.format", "output.type", "output.minimum", "output.maximum", "output.percentile-low",
    "output.percentile-high", "output.compression", "output.overwrite", "compute.device", "compute.memory-limit",
    "compute.threads", "compute.kernel", "compute.variant",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (reserved); i++)
    {
      ReconParameter parameter;

      g_assert_true (recon_parameter_find_option (strchr (reserved[i], '.') + 1, &parameter));
      g_assert_cmpstr (recon_parameter_get_spec (parameter)->name, ==, reserved[i]);
      g_assert_true (recon_parameter_get_spec (parameter)->option != recon_parameter_get_spec (parameter)->name);
    }
}

/* Files of earlier versions: read under the old name, left as they are, and written under the new name. */
static void
test_aliases (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (JsonNode) json = json_from_string ("{'input': {'angle-start': 5}, 'rings': {'size': 7}}", NULL);
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (folder, "old.conf", NULL);
  g_autofree char *same = NULL;
  g_autofree char *other = NULL;
  const char *old = "[input]\n# every third\nangle-step=03\n\n[rings]\nsize=5\n";

  recon_config_set_json (config, json, &error);
  g_assert_no_error (error);
  assert_text (config, "input.projection-start", "5");
  assert_text (config, "rings.window", "7");
  recon_config_reset (config, RECON_PARAM_PROJECTION_START);

  g_assert_true (load (config, "[input]\nprojection-step=2\nangle-step=4\n", said));
  assert_text (config, "input.projection-step", "4");
  g_assert_cmpstr (said->str, ==,
                   "test, line 3: input.projection-step is given again, after line 2; the last one counts.\n");

  g_file_set_contents (path, old, -1, NULL);
  recon_config_load (config, path, NULL, &error);
  g_assert_no_error (error);
  assert_text (config, "input.projection-step", "3");
  assert_text (config, "rings.window", "5");
  recon_config_save (config, path, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &same, NULL, NULL);
  g_assert_cmpstr (same, ==, old);

  set (config, "input.projection-step", "6");
  recon_config_save (config, path, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &other, NULL, NULL);
  g_assert_null (strstr (other, "angle-step"));
  g_assert_nonnull (strstr (other, "projection-step=6\n"));
  g_assert_nonnull (strstr (other, "size=5\n"));
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_applies (void)
{
  static const struct
  {
    const char *name;
    const char *given[3]; /* "NAME = TEXT" */
    gboolean    applies;
  } cases[] = {
    { "rings.method", { NULL }, TRUE },
    { "rings.window", { NULL }, FALSE },
    { "rings.window", { "rings.method = sorting" }, TRUE },
    { "rings.strength", { "rings.method = sorting" }, FALSE },
    { "rings.strength", { "rings.method = sorting", "rings.mask = a.tif" }, TRUE },
    { "rings.strength", { "rings.method = sorting", "rings.smooth = on" }, TRUE },
    { "rings.strength", { "rings.smooth = on" }, FALSE },
    { "flat-field.method", { NULL }, FALSE },
    { "flat-field.method", { "input.projections = p" }, TRUE },
    { "flat-field.method", { "input.sinograms = s" }, FALSE },
    { "flat-field.method", { "input.sinograms = s", "input.flats = f" }, TRUE },
    { "flat-field.method", { "input.sinograms = s", "flat-field.correct = yes" }, TRUE },
    { "flat-field.method", { "input.projections = p", "flat-field.correct = no" }, FALSE },
    { "output.percentile-low", { "output.type = uint8" }, TRUE },
    { "output.percentile-low", { "output.type = uint8", "output.minimum = 0" }, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ReconConfig) config = recon_config_new ();

      for (gsize k = 0; cases[i].given[k] != NULL; k++)
        {
          g_auto (GStrv) parts = g_strsplit (cases[i].given[k], " = ", 2);

          set (config, parts[0], parts[1]);
        }
      if (recon_parameter_applies (recon_parameter (cases[i].name), config) != cases[i].applies)
        g_error ("%s, case %" G_GSIZE_FORMAT, cases[i].name, i);
    }
}

/* What contradicts itself ends the program at once. */
static const struct
{
  ReconParameterSpec  row;
  const char         *said;
} wrong[] = {
  { { "a", RECON_PARAMETER_INTEGER, "01", .maximum = 9, .title = "A", .help = "A" }, "*Default of rings.a: write 1*" },
  { { "a", RECON_PARAMETER_INTEGER, "10", .maximum = 9, .title = "A", .help = "A" }, "*rings.a is '10'*" },
  { { "a", RECON_PARAMETER_CHOICE, "b", .choices = RECON_WORDS ("b"), .title = "A", .help = "A" }, "*has a title*" },
  { { "a", RECON_PARAMETER_TEXT, "", .help = "A" }, "*rings.a has no title*" },
  { { "a", RECON_PARAMETER_TEXT, "", .title = "A", .help = "A", .applies = "b = 1" }, "*no parameter rings.b*" },
  { { "a", RECON_PARAMETER_TEXT, "", .title = "A", .help = "A", .applies = "output.type = int" }, "*never 'int'*" },
  { { "a", RECON_PARAMETER_TEXT, "", .title = "A", .help = "A", .section = "other" }, "*in no section*" },
  { { "a", RECON_PARAMETER_TEXT, "", .title = "A", .help = "A", .after = "rings.b" }, "*comes after rings.b*" },
  { { "axis", RECON_PARAMETER_TEXT, "", .title = "A", .help = "A", .flags = RECON_PARAMETER_SHORT },
    "*Two parameters are called axis*" },
  { { "a", RECON_PARAMETER_TEXT, "", .title = "A", .help = "A", .aliases = RECON_WORDS ("input.bin") },
    "*Two parameters are called input.bin*" },
};

static void
register_wrong (gconstpointer data)
{
  const ReconParameterSection section = { .name = "rings", .title = "Rings", .rows = data, .n_rows = 1 };

  test_section_register_with (&section);
}

static void
test_wrong (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *path = g_strdup_printf ("/registration/wrong/%" G_GSIZE_FORMAT "/subprocess", i);

  g_test_trap_subprocess (path, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr (wrong[i].said);
}

static void
use_early (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();

  g_assert_not_reached ();
}

static void
register_twice (void)
{
  guint n;

  recon_tasks_register ();
  n = recon_section_count ();
  recon_tasks_register ();
  g_assert_cmpuint (recon_section_count (), ==, n);
  test_section_register ();
}

static void
register_section_twice (void)
{
  static const ReconParameterSection section = { .name = "flat-field", .title = "Another" };
  const ReconParameterSection *const sections[] = { recon_flat_field_info.section, &section, NULL };

  recon_parameters_register (sections);
}

static void
show_nowhere (void)
{
  static const ReconParameterSection section = { .name = "rings", .title = "Rings", .within = "nowhere" };
  const ReconParameterSection *const sections[] = { recon_flat_field_info.section, &section, NULL };

  recon_parameters_register (sections);
}

static void
look_up_unknown (void)
{
  recon_tasks_register ();
  recon_parameter ("nothing.at-all");
}

static const struct
{
  const char *name;
  GTestFunc   function;
  const char *said;
} misuses[] = {
  { "early", use_early, "*used before recon_tasks_register*" },
  { "twice", register_twice, "*registered twice*" },
  { "section-twice", register_section_twice, "*Two sections are called flat-field*" },
  { "nowhere", show_nowhere, "*rings is shown in nowhere*" },
  { "unknown", look_up_unknown, "*There is no parameter nothing.at-all*" },
};

static void
test_misuse (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *path = g_strdup_printf ("/registration/misuse/%s/subprocess", misuses[i].name);

  g_test_trap_subprocess (path, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr (misuses[i].said);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* A table is made once in a process. */
  if (!g_test_subprocess ())
    test_section_register ();

  g_test_add_func ("/registration/order", test_order);
  g_test_add_func ("/registration/values", test_values);
  g_test_add_func ("/registration/files", test_files);
  g_test_add_func ("/registration/json", test_json);
  g_test_add_func ("/registration/options", test_options);
  g_test_add_func ("/registration/reserved", test_reserved);
  g_test_add_func ("/registration/aliases", test_aliases);
  g_test_add_func ("/registration/applies", test_applies);
  for (gsize i = 0; i < G_N_ELEMENTS (misuses); i++)
    {
      g_autofree char *path = g_strdup_printf ("/registration/misuse/%s", misuses[i].name);
      g_autofree char *inner = g_strconcat (path, "/subprocess", NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_misuse);
      g_test_add_func (inner, misuses[i].function);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strdup_printf ("/registration/wrong/%" G_GSIZE_FORMAT, i);
      g_autofree char *inner = g_strconcat (path, "/subprocess", NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_wrong);
      g_test_add_data_func (inner, &wrong[i].row, register_wrong);
    }

  return g_test_run ();
}

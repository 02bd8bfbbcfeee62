/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "options.h"
#include "support.h"

/* A run of the parser on a line that is split as a shell splits it. */
typedef struct
{
  ReconOptions   options;
  gboolean       resume;
  char          *log_file;
  int            argc;
  char         **given; /* owns the words */
  char         **argv;  /* what is left of them */
  GString       *said;
  GError        *error;
} Run;

static void
run_clear (Run *run)
{
  recon_options_clear (&run->options);
  g_free (run->log_file);
  g_strfreev (run->given);
  g_free (run->argv);
  g_string_free (run->said, TRUE);
  g_clear_error (&run->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static void
record_cb (ReconLog   *log,
           int         level,
           const char *text,
           gpointer    user_data)
{
  g_string_append_printf (user_data, "%s%s\n", level == RECON_LOG_WARNING ? "warning: " : "", text);
}

static gboolean
parse (Run        *run,
       const char *line,
       gboolean    with_file)
{
  const GOptionEntry extra[] = {
    { "resume", 'r', 0, G_OPTION_ARG_NONE, &run->resume, "Resume", NULL },
    { "log-file", 'l', 0, G_OPTION_ARG_FILENAME, &run->log_file, "Log", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autofree char *command = g_strconcat ("tomo ", line, NULL);
  g_autoptr (GError) error = NULL;

  *run = (Run) { .said = g_string_new (NULL) };
  g_signal_connect (log, "record", G_CALLBACK (record_cb), run->said);
  g_shell_parse_argv (command, &run->argc, &run->given, &error);
  g_assert_no_error (error);
  run->argv = g_memdup2 (run->given, (run->argc + 1) * sizeof (char *));

  if (with_file)
    return recon_options_parse (&run->options, &run->argc, &run->argv, "Reconstructs.", extra, log, &run->error);
  else
    return recon_options_parse_without_file (&run->options, &run->argc, &run->argv, "Writes.", extra, &run->error);
}

static void
parse_well (Run        *run,
            const char *line)
{
  parse (run, line, TRUE);
  g_assert_no_error (run->error);
}

static void
assert_text (const Run      *run,
             ReconParameter  parameter,
             const char     *expected)
{
  g_autofree char *text = recon_config_format (run->options.config, parameter);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_refused (const char *line,
                const char *message)
{
  g_auto (Run) run = { 0 };

  g_assert_false (parse (&run, line, TRUE));
  g_assert_nonnull (run.error);
  g_assert_true (run.error->domain == G_OPTION_ERROR || recon_error_is_usage (run.error));
  g_assert_cmpstr (run.error->message, ==, message);
}

static void
write_config (const char *name,
              const char *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (name, text, -1, &error);
  g_assert_no_error (error);
}

static void
test_forms (void)
{
  g_auto (Run) run = { 0 };

  parse_well (&run, "--axis=3 --reconstruction.filter hann --angle-offset -0.5 --input.angle-step=2 "
                    "--reconstruction.angle-step 0.01 --darks= -o out --y-stop 7 --device 'gpu = 1'");
  g_assert_cmpint (run.argc, ==, 1);
  assert_text (&run, RECON_PARAM_AXIS, "3");
  assert_text (&run, recon_parameter ("reconstruction.filter"), "hann");
  assert_text (&run, RECON_PARAM_ANGLE_OFFSET, "-0.5");
  assert_text (&run, RECON_PARAM_PROJECTION_STEP, "2");
  assert_text (&run, RECON_PARAM_ANGLE_STEP, "0.01");
  assert_text (&run, RECON_PARAM_DARKS, "");
  assert_text (&run, RECON_PARAM_OUTPUT_PATH, "out");
  assert_text (&run, RECON_PARAM_Y_STOP, "7");
  assert_text (&run, RECON_PARAM_DEVICE, "gpu = 1");
}

static void
test_last_wins (void)
{
  g_auto (Run) run = { 0 };

  parse_well (&run, "--axis=3 -o a --axis 4 --circle --output=b --no-circle --reconstruction.axis=5 --path=c "
                    "--output.path=d");
  assert_text (&run, RECON_PARAM_AXIS, "5");
  assert_text (&run, recon_parameter ("reconstruction.circle"), "no");
  assert_text (&run, RECON_PARAM_OUTPUT_PATH, "d");
}

static void
test_booleans (void)
{
  g_auto (Run) run = { 0 };

  parse_well (&run, "--correct --absorptivity=auto --no-fix-nan-inf --interpolate off --circle yes --overwrite file");
  assert_text (&run, recon_parameter ("flat-field.correct"), "yes");
  assert_text (&run, recon_parameter ("flat-field.absorptivity"), "auto");
  assert_text (&run, recon_parameter ("flat-field.fix-nan-inf"), "no");
  assert_text (&run, recon_parameter ("flat-field.interpolate"), "no");
  assert_text (&run, recon_parameter ("reconstruction.circle"), "yes");
  assert_text (&run, RECON_PARAM_OVERWRITE, "yes");
  g_assert_cmpint (run.argc, ==, 2);
  g_assert_cmpstr (run.argv[1], ==, "file");
}

static void
test_extra (void)
{
  g_auto (Run) run = { 0 };
  g_auto (Run) shorts = { 0 };

  /* The value of a command's own option is not an option, whatever it looks like. */
  parse_well (&run, "one --log-file --axis=3 --resume two --bin=2 -- --axis=4");
  g_assert_true (run.resume);
  g_assert_cmpstr (run.log_file, ==, "--axis=3");
  assert_text (&run, RECON_PARAM_AXIS, "middle");
  assert_text (&run, RECON_PARAM_BIN, "2");
  g_assert_cmpstr (run.argv[1], ==, "one");
  g_assert_cmpstr (run.argv[2], ==, "two");
  g_assert_cmpstr (run.argv[run.argc - 1], ==, "--axis=4");

  parse_well (&shorts, "-r -l -o -oslices --log-file=x");
  g_assert_true (shorts.resume);
  g_assert_cmpstr (shorts.log_file, ==, "x");
  assert_text (&shorts, RECON_PARAM_OUTPUT_PATH, "slices");
  g_assert_cmpint (shorts.argc, ==, 1);
}

static void
test_refusals (void)
{
  assert_refused ("--axsi=3", "Unknown option --axsi; did you mean --axis?");
  assert_refused ("--y_start=3", "Unknown option --y_start; did you mean --y-start?");
  assert_refused ("--reconstrution.axis=3", "Unknown option --reconstrution.axis; did you mean --reconstruction.axis?");
  assert_refused ("--no-corect", "Unknown option --no-corect; did you mean --no-correct?");
  assert_refused ("--resum", "Unknown option --resum; did you mean --resume?");
  assert_refused ("--confg=x", "Unknown option --confg; did you mean --config?");
  assert_refused ("--colour=red", "Unknown option --colour; --help lists the options.");
  assert_refused ("--no-axis", "Option --no-axis does not exist: reconstruction.axis is not yes or no (unit px, range "
                  "-1000000…1000000, middle or auto, default middle).");
  assert_refused ("-x", "Unknown option -x");
  assert_refused ("--axis",
                  "Option --axis needs a value. (unit px, range -1000000…1000000, middle or auto, default middle)");
  assert_refused ("--bin --axis=3", "Option --bin needs a value. (unit px, range 1…64, default 1)");
  assert_refused ("-o", "Option -o needs a value. (path, default slices)");
  assert_refused ("-c", "Option -c needs a value.");
  assert_refused ("--no-circle=yes", "Option --no-circle takes no value.");
  assert_refused ("--resume=no", "Option --resume takes no value.");
  assert_refused ("--input.axis=3", "Unknown option --input.axis; did you mean --reconstruction.axis?");
  assert_refused ("--bin=65", "Option --bin: input.bin is '65'. It must be a whole number in px: 1…64.");
  assert_refused ("--circle=perhaps",
                  "Option --circle: reconstruction.circle is 'perhaps'. It must be one of yes, no.");
}

static void
test_missing_file (void)
{
  g_auto (Run) run = { 0 };

  g_assert_false (parse (&run, "-c missing.conf", TRUE));
  g_assert_error (run.error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_assert_nonnull (strstr (run.error->message, "missing.conf: No such file or directory"));
  g_assert_nonnull (strstr (run.error->message, "'reconstruct init missing.conf'"));
}

static void
test_precedence (void)
{
  g_auto (Run) defaults = { 0 };
  g_auto (Run) found = { 0 };
  g_auto (Run) chosen = { 0 };
  g_auto (Run) without = { 0 };

  parse_well (&defaults, "--bin=8");
  g_assert_cmpstr (defaults.said->str, ==, "Configuration: built-in defaults, no reco.conf here\n");
  g_assert_null (defaults.options.config_path);
  assert_text (&defaults, RECON_PARAM_AXIS, "middle");

  write_config ("reco.conf", "[reconstruction]\naxis=5\nfilter=hann\ncircle=yes\n");
  write_config ("other.conf", "[reconstruction]\naxis=6\naxsi=7\n");

  parse_well (&found, "--filter=cosine --no-circle");
  g_assert_cmpstr (found.said->str, ==, "Configuration: reco.conf\n");
  g_assert_cmpstr (found.options.config_path, ==, "reco.conf");
  assert_text (&found, RECON_PARAM_AXIS, "5");
  assert_text (&found, recon_parameter ("reconstruction.filter"), "cosine");
  assert_text (&found, recon_parameter ("reconstruction.circle"), "no");

  /* Wherever -c stands, and the last one; the default file is not read then. */
  parse_well (&chosen, "--padding=zero -c missing.conf --config=other.conf");
  g_assert_cmpstr (chosen.said->str, ==,
                   "Configuration: other.conf\n"
                   "warning: other.conf, line 3: there is no parameter reconstruction.axsi, it is ignored; did you "
                   "mean reconstruction.axis?\n");
  assert_text (&chosen, RECON_PARAM_AXIS, "6");
  assert_text (&chosen, recon_parameter ("reconstruction.filter"), "ramp");
  assert_text (&chosen, recon_parameter ("reconstruction.padding"), "zero");

  parse (&without, "-c missing.conf --bin=2", FALSE);
  g_assert_no_error (without.error);
  g_assert_cmpstr (without.options.config_path, ==, "missing.conf");
  assert_text (&without, RECON_PARAM_AXIS, "middle");
  assert_text (&without, RECON_PARAM_BIN, "2");

  g_assert_cmpint (g_unlink ("reco.conf"), ==, 0);
  g_assert_cmpint (g_unlink ("other.conf"), ==, 0);
}

static void
test_bad_file (void)
{
  write_config ("reco.conf", "[input]\nbin=65\n");
  assert_refused ("--axis=3", "reco.conf, line 2: input.bin is '65'. It must be a whole number in px: 1…64.");
  /* The file is wrong whatever the command line says over it. */
  assert_refused ("--bin=3", "reco.conf, line 2: input.bin is '65'. It must be a whole number in px: 1…64.");
  g_assert_cmpint (g_unlink ("reco.conf"), ==, 0);
}

static void
test_help_subprocess (void)
{
  g_auto (Run) run = { 0 };

  parse (&run, "--axis=left --help", TRUE);
  g_assert_not_reached ();
}

static void
test_help (void)
{
  /* Even where the configuration file is bad. */
  write_config ("reco.conf", "nonsense");
  g_test_trap_subprocess ("/options/help/subprocess", 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*Reconstructs.*-c, --config=FILE*-o, --output=PATH*-r, --resume*"
                             "Input ?input?*  --axis=NUMBER\n      Rotation axis*"
                             "      unit px, range -1000000?1000000, middle or auto, default middle\n*");
  g_assert_cmpint (g_unlink ("reco.conf"), ==, 0);
}

static void
test_describe (void)
{
  g_autofree char *text = recon_options_describe ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    g_assert_cmpint (g_utf8_strlen (lines[i], -1), <=, 80);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      g_autofree char *option = g_strdup_printf ("\n  --%s%s", spec->option,
                                                 spec->type == RECON_PARAMETER_BOOLEAN ? ", --no-" : "=");

      g_assert_nonnull (strstr (text, option));
    }
}

int
main (int    argc,
      char **argv)
{
  char *folder = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);

  /* --help ends the subprocess, which can remove nothing then and works in the folder of its parent. */
  if (!g_test_subprocess ())
    {
      folder = test_folder_new ();
      g_setenv ("TEST_OPTIONS_FOLDER", folder, TRUE);
    }
  g_assert_cmpint (g_chdir (g_getenv ("TEST_OPTIONS_FOLDER")), ==, 0);

  g_test_add_func ("/options/forms", test_forms);
  g_test_add_func ("/options/last-wins", test_last_wins);
  g_test_add_func ("/options/booleans", test_booleans);
  g_test_add_func ("/options/extra", test_extra);
  g_test_add_func ("/options/refusals", test_refusals);
  g_test_add_func ("/options/missing-file", test_missing_file);
  g_test_add_func ("/options/precedence", test_precedence);
  g_test_add_func ("/options/bad-file", test_bad_file);
  g_test_add_func ("/options/help", test_help);
  g_test_add_func ("/options/help/subprocess", test_help_subprocess);
  g_test_add_func ("/options/describe", test_describe);

  status = g_test_run ();

  g_assert_cmpint (g_chdir ("/"), ==, 0);
  if (folder != NULL)
    test_folder_remove (folder);

  return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run-job.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "error.h"
#include "options.h"
#include "terminal.h"
#include "tomography.h"

/* Runs the job of a configuration in the foreground: what `tomo` and `run` share. */

#define EXIT_INTERRUPTED 130

typedef struct
{
  GMainLoop    *loop;
  GCancellable *cancellable;
  guint         n_interrupts;
  GError       *error;
} Run;

typedef struct
{
  gboolean resume;
  gboolean quiet;
  gboolean verbose;
  char    *log_file;
} Switches;

static void
switches_clear (Switches *switches)
{
  g_free (switches->log_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Switches, switches_clear)

/* The first Ctrl-C ends the job in good order, the second one ends the program. */
static gboolean
interrupt_cb (gpointer user_data)
{
  Run *run = user_data;

  if (run->n_interrupts++ > 0)
    _exit (EXIT_INTERRUPTED);

  fputs (_ ("\nStopping after what is in work; once more to stop at once\n"), stderr);
  g_cancellable_cancel (run->cancellable);

  return G_SOURCE_CONTINUE;
}

static void
finished_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Run *run = user_data;

  recon_job_run_finish (RECON_JOB (object), result, &run->error);
  g_main_loop_quit (run->loop);
}

/* Takes the error. */
static int
fail (ReconTerminal *terminal,
      GError        *error)
{
  g_autofree char *line = g_strconcat ("error: ", error->message, NULL);

  recon_terminal_note (terminal, line);

  return recon_cmd_fail (error);
}

static void
say_summary (ReconJob    *job,
             ReconLog    *log,
             ReconConfig *config)
{
  g_autofree char *costs = recon_job_format_costs (job);
  ReconJobProgress progress;

  recon_job_get_progress (job, &progress);
  recon_log_info (log, ngettext ("%u slice in %s (%.1f s)", "%u slices in %s (%.1f s)", progress.n_slices),
                  progress.n_slices, recon_config_get_text (config, RECON_PARAM_OUTPUT_PATH), progress.elapsed);
  recon_log_info (log, _ ("At work: %s"), costs);
}

static int
end_badly (Run           *run,
           ReconJob      *job,
           ReconTerminal *terminal)
{
  ReconJobProgress progress;

  recon_job_get_progress (job, &progress);
  if (g_error_matches (run->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      recon_terminal_note (terminal, "cancelled");
      if (progress.n_kept > 0)
        fprintf (stderr, _ ("reconstruct: Cancelled; %u of %u slices are finished. Go on with --resume.\n"),
                 progress.n_kept, progress.n_slices);
      else
        fputs (_ ("reconstruct: Cancelled; no slice is finished.\n"), stderr);
      g_clear_error (&run->error);
      return EXIT_INTERRUPTED;
    }

  if (progress.n_kept > 0)
    {
      g_autofree char *message = g_steal_pointer (&run->error->message);

      run->error->message = g_strdup_printf (_ ("%s %u of %u slices are finished and not made again with --resume."),
                                             message, progress.n_kept, progress.n_slices);
    }

  return fail (terminal, g_steal_pointer (&run->error));
}

static int
run_in_loop (ReconJob      *job,
             ReconTerminal *terminal,
             ReconConfig   *config)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Run run = { .loop = loop, .cancellable = cancellable };
  guint interrupt = g_unix_signal_add (SIGINT, interrupt_cb, &run);
  guint terminate = g_unix_signal_add (SIGTERM, interrupt_cb, &run);

  recon_terminal_start (terminal, job);
  recon_job_run_async (job, cancellable, finished_cb, &run);
  g_main_loop_run (loop);
  recon_terminal_stop (terminal);
  g_source_remove (interrupt);
  g_source_remove (terminate);

  if (run.error != NULL)
    return end_badly (&run, job, terminal);

  say_summary (job, recon_terminal_get_log (terminal), config);

  return 0;
}

/* How much is shown and where it is logged is needed while the options are parsed, and where they are wrong. */
static Switches
look_ahead (int    argc,
            char **argv)
{
  Switches switches = { 0 };

  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    {
      const char *argument = argv[i];
      gboolean is_bundle = g_regex_match_simple ("^-[qv]+$", argument, 0, 0);

      if (g_str_equal (argument, "--quiet") || (is_bundle && strchr (argument, 'q') != NULL))
        switches.quiet = TRUE;
      if (g_str_equal (argument, "--verbose") || (is_bundle && strchr (argument, 'v') != NULL))
        switches.verbose = TRUE;
      if (g_str_has_prefix (argument, "--log-file"))
        {
          const char *rest = argument + strlen ("--log-file");

          if (*rest == '=' || (*rest == '\0' && i + 1 < argc))
            {
              g_free (switches.log_file);
              switches.log_file = g_strdup (*rest == '=' ? rest + 1 : argv[i + 1]);
            }
        }
    }

  return switches;
}

/**
 * recon_run_job:
 * @argc: number of arguments, the command's name first
 * @argv: the arguments
 * @summary: what the command does, for --help
 *
 * Returns: the exit status
 */
int
recon_run_job (int          argc,
               char       **argv,
               const char  *summary)
{
  g_auto (Switches) ahead = look_ahead (argc, argv);
  g_auto (Switches) switches = { 0 };
  g_autoptr (ReconTerminal) terminal = recon_terminal_new (ahead.quiet, ahead.verbose);
  ReconLog *log = recon_terminal_get_log (terminal);
  const GOptionEntry entries[] = {
    { "resume", 0, 0, G_OPTION_ARG_NONE, &switches.resume, N_ ("Go on with what an interrupted run has left"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &switches.quiet, N_ ("Show warnings and errors only"), NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &switches.verbose, N_ ("Show every detail"), NULL },
    { "log-file", 0, 0, G_OPTION_ARG_FILENAME, &switches.log_file, N_ ("Append what is said to a file"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL
  };
  g_auto (ReconOptions) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconJob) job = NULL;

  if (!recon_options_parse (&options, &argc, &argv, summary, entries, log, &error))
    {
      if (ahead.log_file != NULL)
        recon_terminal_open_file (terminal, ahead.log_file, NULL);
      return fail (terminal, g_steal_pointer (&error));
    }

  if (switches.log_file != NULL && !recon_terminal_open_file (terminal, switches.log_file, &error))
    return fail (terminal, g_steal_pointer (&error));

  if (argc > 1)
    {
      g_set_error (&error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("'%s' is not an option. Paths are given as --projections=PATH, --output=PATH; see --help."),
                   argv[1]);
      return fail (terminal, g_steal_pointer (&error));
    }

  job = recon_tomography_new_job (options.config, switches.resume, log, &error);
  if (job == NULL)
    return fail (terminal, g_steal_pointer (&error));

  return run_in_loop (job, terminal, options.config);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run-job.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "commands.h"
#include "run-graph.h"
#include "options.h"
#include "scan-argument.h"
#include "switches.h"
#include "terminal.h"
#include "tomography/tomography.h"

/* Runs the job of a configuration in the foreground: what `tomo` and `run` share. */

typedef struct
{
  GMainLoop    *loop;
  GCancellable *cancellable;
  guint         n_interrupts;
  GError       *error;
} Run;

/* The first Ctrl-C ends the job in good order, the second one ends the program. */
static gboolean
interrupt_cb (gpointer user_data)
{
  Run *run = user_data;

  if (run->n_interrupts++ > 0)
    _exit (RECON_EXIT_INTERRUPTED);

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

/**
 * recon_run_fail:
 * @terminal: where a command shows what it does
 * @error: (transfer full): why it fails
 *
 * Returns: the exit status
 */
int
recon_run_fail (ReconTerminal *terminal,
                GError        *error)
{
  g_autofree char *line = g_strconcat ("error: ", error->message, NULL);

  recon_terminal_note (terminal, line);

  return recon_cmd_fail (error);
}

static void
say_summary (ReconJob   *job,
             ReconLog   *log,
             const char *output)
{
  g_autofree char *costs = recon_job_format_costs (job);
  ReconJobProgress progress;

  recon_job_get_progress (job, &progress);
  recon_log_info (log, ngettext ("%u slice in %s (%.1f s)", "%u slices in %s (%.1f s)", progress.n_slices),
                  progress.n_slices, output, progress.elapsed);
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
      return RECON_EXIT_INTERRUPTED;
    }

  if (progress.n_kept > 0)
    {
      g_autofree char *message = g_steal_pointer (&run->error->message);

      run->error->message = g_strdup_printf (_ ("%s %u of %u slices are finished and not made again with --resume."),
                                             message, progress.n_kept, progress.n_slices);
    }

  return recon_run_fail (terminal, g_steal_pointer (&run->error));
}

/**
 * recon_run_in_loop:
 * @job: a job
 * @terminal: where its progress is shown
 * @output: where its slices go
 * @trace_path: (nullable): a file for what was done when
 *
 * Runs a job in the foreground; Ctrl-C ends it.
 *
 * Returns: the exit status
 */
int
recon_run_in_loop (ReconJob      *job,
                   ReconTerminal *terminal,
                   const char    *output,
                   const char    *trace_path)
{
  g_autoptr (ReconTrace) trace = trace_path != NULL ? recon_trace_new (trace_path) : NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Run run = { .loop = loop, .cancellable = cancellable };
  guint interrupt = g_unix_signal_add (SIGINT, interrupt_cb, &run);
  guint terminate = g_unix_signal_add (SIGTERM, interrupt_cb, &run);

  if (trace != NULL)
    recon_job_set_trace (job, trace);
  recon_terminal_start (terminal, job);
  recon_job_run_async (job, cancellable, finished_cb, &run);
  g_main_loop_run (loop);
  recon_terminal_stop (terminal);
  g_source_remove (interrupt);
  g_source_remove (terminate);

  if (run.error != NULL)
    return end_badly (&run, job, terminal);

  say_summary (job, recon_terminal_get_log (terminal), output);
  if (trace != NULL && !recon_trace_write (trace, &run.error))
    return recon_run_fail (terminal, g_steal_pointer (&run.error));

  return 0;
}

/**
 * recon_run_choose_resume:
 * @resume: whether --resume is given
 * @trust_inputs: whether --trust-inputs is
 * @result: (out): what they mean
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if they don't go together
 */
gboolean
recon_run_choose_resume (gboolean      resume,
                         gboolean      trust_inputs,
                         ReconResume  *result,
                         GError      **error)
{
  *result = !resume ? RECON_RESUME_NO : trust_inputs ? RECON_RESUME_TRUSTING : RECON_RESUME_CHECKED;
  if (resume || !trust_inputs)
    return TRUE;

  g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                       _ ("--trust-inputs says something of an interrupted run; give it with --resume."));
  return FALSE;
}

/* What is said meanwhile goes to standard error: standard output is the graph. */
static int
print_graph_of (ReconConfig   *config,
                ReconTerminal *terminal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconGraph) graph = recon_tomography_make_graph (config, NULL, &error);

  if (graph == NULL)
    return recon_run_fail (terminal, g_steal_pointer (&error));

  recon_print_graph (graph);

  return 0;
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
  g_auto (ReconSwitches) ahead = { 0 };
  g_auto (ReconSwitches) switches = { 0 };
  gboolean resume = FALSE;
  gboolean trust_inputs = FALSE;
  gboolean print_graph = FALSE;
  ReconResume goes_on;
  g_autofree char *trace = NULL;
  g_auto (GStrv) scans = NULL;
  g_autoptr (ReconTerminal) terminal = NULL;
  ReconLog *log;
  const GOptionEntry entries[] = {
    { "resume", 0, 0, G_OPTION_ARG_NONE, &resume, N_ ("Go on with what an interrupted run has left"), NULL },
    { "print-graph", 0, 0, G_OPTION_ARG_NONE, &print_graph,
      N_ ("Print what would run as a graph (JSON) for 'reconstruct graph run', and run nothing"), NULL },
    { "trace", 0, 0, G_OPTION_ARG_FILENAME, &trace,
      N_ ("Write what was done when, for chrome://tracing or ui.perfetto.dev"), N_ ("FILE") },
    { "trust-inputs", 0, 0, G_OPTION_ARG_NONE, &trust_inputs, RECON_TRUST_INPUTS_HELP, NULL },
    RECON_SWITCH_ENTRIES (switches),
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &scans, NULL, N_ ("[SCAN]") },
    G_OPTION_ENTRY_NULL
  };
  g_auto (ReconOptions) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconJob) job = NULL;

  recon_switches_look_ahead (&ahead, argc, argv);
  terminal = recon_terminal_new (ahead.quiet, ahead.verbose);
  log = recon_terminal_get_log (terminal);

  if (!recon_options_parse (&options, &argc, &argv, summary, entries, log, &error))
    {
      if (ahead.log_file != NULL)
        recon_terminal_open_file (terminal, ahead.log_file, NULL);
      return recon_run_fail (terminal, g_steal_pointer (&error));
    }

  if (switches.log_file != NULL && !recon_terminal_open_file (terminal, switches.log_file, &error))
    return recon_run_fail (terminal, g_steal_pointer (&error));

  if (scans != NULL && scans[1] != NULL)
    {
      g_set_error (&error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("'%s' is one scan too many. Other paths are given as --darks=PATH, --output=PATH; see --help."),
                   scans[1]);
      return recon_run_fail (terminal, g_steal_pointer (&error));
    }

  if (!recon_scan_argument_apply (&options, scans != NULL ? scans[0] : NULL, log, &error))
    return recon_run_fail (terminal, g_steal_pointer (&error));

  if (!recon_run_choose_resume (resume, trust_inputs, &goes_on, &error))
    return recon_run_fail (terminal, g_steal_pointer (&error));

  if (print_graph)
    return print_graph_of (options.config, terminal);

  job = recon_tomography_new_job (options.config, goes_on, log, &error);
  if (job == NULL)
    return recon_run_fail (terminal, g_steal_pointer (&error));

  return recon_run_in_loop (job, terminal, recon_config_get_text (options.config, RECON_PARAM_OUTPUT_PATH), trace);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "axis-report.h"
#include "axis-request.h"
#include "axis/axis.h"
#include "axis/one-sided.h"
#include "base/error.h"
#include "commands.h"
#include "config/config-file.h"
#include "config/config.h"
#include "interrupt.h"
#include "other-scan.h"
#include "terminal.h"

/* What the work needs and leaves. */
typedef struct
{
  const ReconAxisRequest *request;
  ReconLog               *log;
  ReconAxisResult        *result; /* (nullable) */
} Task;

/* Takes the error. */
static int
fail (ReconTerminal *terminal,
      GError        *error)
{
  g_autofree char *line = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      recon_terminal_note (terminal, "cancelled");
      g_printerr (_ ("reconstruct: Cancelled; nothing was written.\n"));
      g_error_free (error);
      return RECON_EXIT_INTERRUPTED;
    }

  line = g_strconcat ("error: ", error->message, NULL);
  recon_terminal_note (terminal, line);

  return recon_cmd_fail (error);
}

static gboolean
search (gpointer       data,
        GCancellable  *cancellable,
        GError       **error)
{
  Task *task = data;
  g_autoptr (ReconConfig) config = recon_config_copy (task->request->options.config);

  /* Whatever axis there is, it is not asked for, nor is a warning about it. */
  recon_config_parse (config, RECON_PARAM_AXIS, "auto", NULL);
  task->result = recon_axis_find (config, &task->request->settings, task->log, cancellable, error);

  return task->result != NULL;
}

static gboolean
write_axis (const ReconAxisRequest  *request,
            const ReconAxisResult   *result,
            ReconLog                *log,
            GError                 **error)
{
  const char *path = request->options.config_path;
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autofree char *name = g_filename_display_name (path);

  /* Only the axis: what the command line gives besides was for this search. */
  if (!recon_config_load (config, path, NULL, error))
    return FALSE;

  if (recon_other_scan_is_of (config, request->options.config))
    recon_log_warning (log, _ ("%s names another scan as its input: the axis in it is no longer that scan's"), name);
  recon_axis_result_store (result, config);
  if (!recon_config_save (config, path, error))
    return FALSE;

  recon_log_info (log, _ ("Wrote reconstruction.axis = %.7g into %s"), recon_axis_result_get_column (result), name);

  return TRUE;
}

/* What 'tomo' would say of it. */
static void
warn_of_half (const ReconAxisResult *result,
              ReconLog              *log)
{
  if (result->half && result->overlap < RECON_ONE_SIDED_OVERLAP * (2 * result->middle + 1))
    recon_log_warning (log, _ ("Half acquisition is not put together yet: 'tomo' refuses this scan without --force "
                               "(reconstruction.force)."));
}

/* Returns: the exit status */
static int
find_axis (Task          *task,
           ReconTerminal *terminal)
{
  const ReconAxisRequest *request = task->request;
  g_autofree char *text = NULL;
  GError *error = NULL;

  if (!recon_work_until_interrupted (search, task, &error))
    return fail (terminal, error);

  recon_axis_report_rows (task->result, task->log);
  warn_of_half (task->result, task->log);
  text = request->json ? recon_axis_report_json (task->result) : recon_axis_report_text (task->result);
  g_print (request->json ? "%s\n" : "%s", text);
  recon_terminal_note (terminal, text);

  if (task->result->confidence == RECON_AXIS_CONFIDENCE_NONE)
    {
      if (request->write)
        g_printerr (_ ("reconstruct: No axis was found, so %s stays as it is.\n"), request->options.config_path);
      return RECON_EXIT_NO_AXIS;
    }

  if (request->write && !write_axis (request, task->result, task->log, &error))
    return fail (terminal, error);

  return 0;
}

static double
get_mark (const Task *task)
{
  if (task->result != NULL)
    return recon_axis_result_get_column (task->result);

  return recon_config_get_number (task->request->options.config, RECON_PARAM_AXIS);
}

static gboolean
try_axes (gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  Task *task = data;
  const ReconAxisRequest *request = task->request;
  const ReconAxisTrialSettings settings = {
    .folder = request->folder,
    .rows = request->rows,
    .mark = get_mark (task),
    .overwrite = recon_config_get_boolean (request->options.config, RECON_PARAM_OVERWRITE),
  };

  return recon_axis_candidates_write (&request->candidates, request->options.config, &settings, task->log, cancellable,
                                      error);
}

static int
run (const ReconAxisRequest *request,
     ReconTerminal          *terminal)
{
  Task task = { .request = request, .log = recon_terminal_get_log (terminal) };
  GError *error = NULL;
  int status = 0;

  if (request->search)
    status = find_axis (&task, terminal);

  /* An axis that could not be found is one more reason to look at several. */
  if (request->trial && (status == 0 || status == RECON_EXIT_NO_AXIS))
    {
      if (recon_work_until_interrupted (try_axes, &task, &error))
        recon_log_info (task.log, _ ("%u slices and contact-sheet.png in %s"), request->candidates.n, request->folder);
      else
        status = fail (terminal, error);
    }
  g_clear_pointer (&task.result, recon_axis_result_free);

  return status;
}

int
recon_cmd_axis (int    argc,
                char **argv)
{
  g_auto (ReconSwitches) ahead = { 0 };
  g_auto (ReconAxisRequest) request = { 0 };
  g_autoptr (ReconTerminal) terminal = NULL;
  GError *error = NULL;
  gboolean parsed;

  recon_switches_look_ahead (&ahead, argc, argv);
  terminal = recon_terminal_new (ahead.quiet, ahead.verbose);

  parsed = recon_axis_request_parse (&request, argc, argv, recon_terminal_get_log (terminal), &error);
  if (ahead.log_file != NULL && !recon_terminal_open_file (terminal, ahead.log_file, parsed ? &error : NULL) && parsed)
    return fail (terminal, error);
  if (!parsed)
    return fail (terminal, error);

  return run (&request, terminal);
}

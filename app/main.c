/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "base/printable.h"
#include "base/threads.h"
#include "base/time-zone.h"
#include "commands.h"
#include "config/text.h"
#include "tasks/register.h"

typedef struct
{
  const char *name;
  int (*run) (int argc, char **argv);
  const char *summary;
  gboolean    works; /* reads, computes or serves, in several threads */
} Command;

static const Command commands[] = {
  { "init", recon_cmd_init, N_ ("Write a configuration file that explains every parameter") },
  { "tomo", recon_cmd_tomo, N_ ("Reconstruct slices of a parallel-beam scan"), TRUE },
  { "run", recon_cmd_run, N_ ("Run the job that the configuration describes"), TRUE },
  { "graph", recon_cmd_graph, N_ ("Run, check or show a graph of tasks from a file"), TRUE },
  { "launch", recon_cmd_launch, N_ ("Run a graph of tasks that is written as one line"), TRUE },
  { "tasks", recon_cmd_tasks, N_ ("List the tasks that graphs are made of, or explain one") },
  { "axis", recon_cmd_axis, N_ ("Find the rotation axis of a scan, or try several"), TRUE },
  { "info", recon_cmd_info, N_ ("Say what files hold: frames, size, type, angles, darks, flats") },
  { "devices", recon_cmd_devices, N_ ("List the OpenCL devices, and why one is refused"), TRUE },
  { "phantom", recon_cmd_phantom, N_ ("Write a synthetic scan and its ground truth"), TRUE },
  { "gui", recon_cmd_gui, N_ ("Open the window") },
  { "worker", recon_cmd_worker, N_ ("Work for another program, such as the window"), TRUE },
};

static char *
make_usage (void)
{
  GString *text = g_string_new (_ ("Usage:\n  reconstruct COMMAND [OPTION…]\n\nCommands:\n"));

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "  %-9s %s\n", commands[i].name, _ (commands[i].summary));

  g_string_append (text, _ ("\nOptions:\n"
                            "  -h, --help  Show this text\n"
                            "  --version   Show the version\n"
                            "\n'reconstruct COMMAND --help' explains a command.\n"));

  return g_string_free (text, FALSE);
}

int
recon_cmd_fail (GError *error)
{
  int status = 1;

  if (recon_error_is_usage (error) || error->domain == G_OPTION_ERROR)
    status = 2;
  else if (g_error_matches (error, RECON_ERROR, RECON_ERROR_AXIS))
    status = RECON_EXIT_NO_AXIS;

  g_printerr ("reconstruct: %s\n", error->message);
  g_error_free (error);

  return status;
}

static int
refuse_command (const char *name)
{
  const char *names[G_N_ELEMENTS (commands) + 1] = { NULL };
  const char *nearest;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    names[i] = commands[i].name;

  nearest = recon_nearest_word (name, names);
  if (nearest != NULL)
    g_printerr (_ ("reconstruct: There is no command '%s'; did you mean '%s'?\n"), name, nearest);
  else
    g_printerr (_ ("reconstruct: There is no command '%s'; 'reconstruct --help' lists them.\n"), name);

  return 2;
}

/* Where the caller has closed standard streams, the next files that are opened would get their numbers, and messages
 * would be written into them. */
static void
open_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    {
      if (fcntl (fd, F_GETFD) < 0 && errno == EBADF && open ("/dev/null", O_RDWR) != fd)
        _exit (1);
    }
}

/* What was printed may have got lost on a full disk. */
static int
check_output (int status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;

  g_printerr (_ ("reconstruct: Standard output could not be written in full.\n"));

  return MAX (status, 1);
}

/* Names of files and of what is in them may hold orders to the terminal: all that is printed goes through here. */
static void
print (FILE       *stream,
       const char *text)
{
  g_autofree char *shown = recon_printable_text (text);
  g_autofree char *converted = NULL;
  const char *charset;

  if (!g_get_charset (&charset))
    converted = g_convert_with_fallback (shown, -1, charset, "UTF-8", "?", NULL, NULL, NULL);

  fputs (converted != NULL ? converted : shown, stream);
  fflush (stream);
}

static void
print_cb (const char *text)
{
  print (stdout, text);
}

static void
print_error_cb (const char *text)
{
  print (stderr, text);
}

static int
run (const Command  *command,
     int             argc,
     char          **argv)
{
  g_autofree char *program = g_strconcat ("reconstruct ", command->name, NULL);
  g_autoptr (GError) error = NULL;

  g_set_prgname (program); /* as the usage line of its --help has it */
  if (command->works && !recon_threads_check (&error))
    return recon_cmd_fail (g_steal_pointer (&error));

  return check_output (command->run (argc, argv));
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *usage = NULL;

  open_standard_streams ();
  /* What is larger than a limit of the process (ulimit -f) is an error like any other of writing. */
  signal (SIGXFSZ, SIG_IGN);
  recon_time_zone_check ();

  /* Messages follow the user's language; numbers in files and options are those of the C locale. */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  g_set_print_handler (print_cb);
  g_set_printerr_handler (print_error_cb);

  recon_tasks_register ();
  usage = make_usage ();

  if (argc < 2)
    {
      g_printerr ("%s", usage);
      return 2;
    }

  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))
    {
      g_print ("%s", usage);
      return 0;
    }

  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("reconstruct %s\n", RECON_VERSION);
      return 0;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (argv[1], commands[i].name))
      return run (&commands[i], argc - 1, argv + 1);

  return refuse_command (argv[1]);
}

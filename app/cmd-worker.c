/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <unistd.h>

#include "service/dbus-server.h"
#include "wire/transport.h"

/* `reconstruct worker --stdio` does what one client asks for over its standard input and output. */

/* A block that a device works on, or a disk that doesn't answer, must not keep a worker that nobody wants any more. Who
 * ends it may wait for the block; a client that is gone doesn't. */
#define END_SECONDS  60
#define LEFT_SECONDS 10

typedef struct
{
  GMainLoop    *loop;
  GCancellable *cancellable;
  guint         deadline;
  GError       *error;
} Worker;

static gboolean
deadline_cb (gpointer user_data)
{
  g_printerr (_ ("reconstruct: What was under way has not ended within %d s and is given up.\n"),
              GPOINTER_TO_INT (user_data));
  _exit (1);
}

static void
set_deadline (Worker *worker,
              int     seconds)
{
  if (worker->deadline == 0)
    worker->deadline = g_timeout_add_seconds ((guint) seconds, deadline_cb, GINT_TO_POINTER (seconds));
}

static gboolean
terminate_cb (gpointer user_data)
{
  Worker *worker = user_data;

  set_deadline (worker, END_SECONDS);
  g_cancellable_cancel (worker->cancellable);

  return G_SOURCE_CONTINUE;
}

static void
closing_cb (Worker *worker)
{
  set_deadline (worker, LEFT_SECONDS);
}

static void
served_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Worker *worker = user_data;

  recon_dbus_server_run_finish (RECON_SERVICE (object), result, &worker->error);
  g_main_loop_quit (worker->loop);
}

static GError *
new_errno_error (const char *what)
{
  int code = errno;

  return g_error_new (G_IO_ERROR, g_io_error_from_errno (code), "%s: %s.", what, g_strerror (code));
}

/* Takes standard input and output for the client alone, so that nothing that a library prints can spoil what is said to
 * it: what is printed goes to standard error, and who reads finds nothing. */
static GIOStream *
take_stdio (GError **error)
{
  int in_fd = fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  int out_fd = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  int nothing = open ("/dev/null", O_RDWR | O_CLOEXEC);

  if (in_fd < 0 || out_fd < 0 || nothing < 0 || dup2 (nothing, STDIN_FILENO) < 0 ||
      dup2 (STDERR_FILENO, STDOUT_FILENO) < 0)
    {
      g_propagate_error (error, new_errno_error (_ ("Standard input and output can't be taken over")));
      return NULL;
    }
  close (nothing);

  return recon_transport_new (in_fd, out_fd, error);
}

static int
serve (GIOStream *stream)
{
  g_autoptr (ReconService) service = recon_service_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Worker worker = { .loop = loop, .cancellable = cancellable };
  guint terminate = g_unix_signal_add (SIGTERM, terminate_cb, &worker);

  /* Ctrl-C in a terminal goes to the client as well, who knows what it means. */
  signal (SIGINT, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);

  g_signal_connect_swapped (service, "closing", G_CALLBACK (closing_cb), &worker);
  recon_dbus_server_run_async (service, stream, cancellable, served_cb, &worker);
  g_main_loop_run (loop);

  g_source_remove (terminate);
  g_clear_handle_id (&worker.deadline, g_source_remove);
  if (worker.error != NULL && !g_error_matches (worker.error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return recon_cmd_fail (worker.error);
  g_clear_error (&worker.error);

  return 0;
}

int
recon_cmd_worker (int    argc,
                  char **argv)
{
  gboolean stdio = FALSE;
  const GOptionEntry entries[] = {
    { "stdio", 0, 0, G_OPTION_ARG_NONE, &stdio, N_ ("Speak D-Bus over standard input and output"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GIOStream) stream = NULL;
  GError *error = NULL;

  g_option_context_set_summary (context, _ ("Works for another program, such as the window: looks at files, makes\n"
                                            "previews, runs jobs. It ends when that program leaves."));
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return recon_cmd_fail (error);
  if (argc > 1)
    return recon_cmd_fail (g_error_new (G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                                        _ ("worker takes no arguments, but was given \"%s\"."), argv[1]));
  if (!stdio)
    return recon_cmd_fail (g_error_new_literal (
        G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
        _ ("A worker is started by the program that it works for, as 'reconstruct worker --stdio'. To reconstruct "
           "from the command line use 'reconstruct tomo', for the window 'reconstruct gui'.")));
  if (isatty (STDIN_FILENO) || isatty (STDOUT_FILENO))
    return recon_cmd_fail (g_error_new_literal (
        G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
        _ ("Standard input and output are a terminal, but a worker speaks D-Bus over them with the program that "
           "started it.")));

  stream = take_stdio (&error);

  return stream != NULL ? serve (stream) : recon_cmd_fail (error);
}

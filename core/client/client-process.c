/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/client-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/transport.h"

/* Lines of standard error that are kept, to report why a process ended. */
#define N_LINES 8
#define LONGEST_LINE 1000

/* What a process that is left may take for an orderly end, before it is killed. The worker itself gives up earlier. */
#define LEAVE_SECONDS 90

/* Processes that a worker has started may keep its standard error open. */
#define LAST_WORDS_MS 1000

struct _ReconClientProcess
{
  GObject parent_instance;

  GSubprocess *process;
  GString     *rest;  /* of standard error, not yet a line */
  GQueue       lines; /* the last ones */
  gboolean     exited;
  gboolean     silent; /* standard error has come to its end */
  gboolean     ended; /* "ended" was emitted */
  guint        timer;
};

G_DEFINE_FINAL_TYPE (ReconClientProcess, recon_client_process, G_TYPE_OBJECT)

enum
{
  LINE,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
recon_client_process_finalize (GObject *object)
{
  ReconClientProcess *self = RECON_CLIENT_PROCESS (object);

  g_clear_object (&self->process);
  g_string_free (self->rest, TRUE);
  g_queue_clear_full (&self->lines, g_free);

  G_OBJECT_CLASS (recon_client_process_parent_class)->finalize (object);
}

static void
recon_client_process_class_init (ReconClientProcessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = recon_client_process_finalize;

  signals[LINE] = g_signal_new ("line", RECON_TYPE_CLIENT_PROCESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ENDED] = g_signal_new ("ended", RECON_TYPE_CLIENT_PROCESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
recon_client_process_init (ReconClientProcess *self)
{
  self->rest = g_string_new (NULL);
  g_queue_init (&self->lines);
}

static void
emit_end (ReconClientProcess *self)
{
  if (self->ended || !self->exited)
    return;

  self->ended = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_signal_emit (self, signals[ENDED], 0);
}

/* The timer holds no reference: waiting for the process does. */
static gboolean
read_enough_cb (gpointer user_data)
{
  ReconClientProcess *self = user_data;

  self->timer = 0;
  emit_end (self);

  return G_SOURCE_REMOVE;
}

static gboolean
waited_enough_cb (gpointer user_data)
{
  ReconClientProcess *self = user_data;

  self->timer = 0;
  recon_client_process_kill (self);

  return G_SOURCE_REMOVE;
}

static void
take_line (ReconClientProcess *self,
           const char         *bytes,
           gsize               n)
{
  g_autofree char *line = g_utf8_make_valid (bytes, (gssize) n);

  g_signal_emit (self, signals[LINE], 0, line);
  g_queue_push_tail (&self->lines, g_steal_pointer (&line));
  if (g_queue_get_length (&self->lines) > N_LINES)
    g_free (g_queue_pop_head (&self->lines));
}

static void
take_lines (ReconClientProcess *self,
            gboolean            all)
{
  GString *rest = self->rest;
  gsize start = 0;

  while (start < rest->len)
    {
      const char *end = memchr (rest->str + start, '\n', rest->len - start);
      gsize n = end != NULL ? (gsize) (end - rest->str) - start : rest->len - start;

      if (end == NULL && !all && n < LONGEST_LINE)
        break;
      n = MIN (n, LONGEST_LINE);
      if (n > 0)
        take_line (self, rest->str + start, n);
      start += n + (start + n < rest->len && rest->str[start + n] == '\n');
    }
  g_string_erase (rest, 0, (gssize) start);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (ReconClientProcess) self = user_data;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);
  gsize n = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &n) : NULL;

  if (n > 0)
    {
      g_string_append_len (self->rest, data, (gssize) n);
      take_lines (self, FALSE);
      g_input_stream_read_bytes_async (G_INPUT_STREAM (object), 4096, G_PRIORITY_DEFAULT, NULL, read_cb,
                                       g_object_ref (self));
      return;
    }

  take_lines (self, TRUE);
  self->silent = TRUE;
  emit_end (self);
}

static void
exited_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (ReconClientProcess) self = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL);
  self->exited = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->silent)
    emit_end (self);
  else
    self->timer = g_timeout_add_full (G_PRIORITY_DEFAULT, LAST_WORDS_MS, read_enough_cb, g_object_ref (self),
                                      g_object_unref);
}

/* One socket is the process's standard input and output. */
static GSubprocess *
spawn (const char *const  *argv,
       int                 fd,
       GError            **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  int second = fcntl (fd, F_DUPFD_CLOEXEC, 3);

  if (second < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _ ("No socket for a worker: %s."),
                   g_strerror (code));
      close (fd);
      return NULL;
    }

  g_subprocess_launcher_take_stdin_fd (launcher, fd);
  g_subprocess_launcher_take_stdout_fd (launcher, second);

  return g_subprocess_launcher_spawnv (launcher, argv, error);
}

/**
 * recon_client_process_new:
 * @argv: (array zero-terminated=1): program and arguments; looked for in PATH
 * @stream: (out) (transfer full): to its standard input and output
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a process that has been started
 */
ReconClientProcess *
recon_client_process_new (const char *const  *argv,
                          GIOStream         **stream,
                          GError            **error)
{
  g_autoptr (ReconClientProcess) self = g_object_new (RECON_TYPE_CLIENT_PROCESS, NULL);
  g_autoptr (GIOStream) ours = NULL;
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _ ("No socket for a worker: %s."),
                   g_strerror (code));
      return NULL;
    }

  ours = recon_transport_new (fds[0], fds[0], error);
  if (ours == NULL)
    {
      close (fds[1]);
      return NULL;
    }
  self->process = spawn (argv, fds[1], error);
  if (self->process == NULL)
    return NULL;

  g_subprocess_wait_async (self->process, NULL, exited_cb, g_object_ref (self));
  g_input_stream_read_bytes_async (g_subprocess_get_stderr_pipe (self->process), 4096, G_PRIORITY_DEFAULT, NULL,
                                   read_cb, g_object_ref (self));
  *stream = g_steal_pointer (&ours);

  return g_steal_pointer (&self);
}

GPid
recon_client_process_get_pid (ReconClientProcess *self)
{
  const char *identifier = g_subprocess_get_identifier (self->process);

  return identifier != NULL ? (GPid) g_ascii_strtoll (identifier, NULL, 10) : 0;
}

void
recon_client_process_kill (ReconClientProcess *self)
{
  if (!self->exited)
    g_subprocess_force_exit (self->process);
}

/* Nothing more is wanted of it: its connection is closed, and it is killed if it doesn't end. */
void
recon_client_process_leave (ReconClientProcess *self)
{
  if (!self->exited && self->timer == 0)
    self->timer = g_timeout_add_seconds (LEAVE_SECONDS, waited_enough_cb, self);
}

/* Returns: (transfer full): how the process ended, and its last words */
char *
recon_client_process_describe_end (ReconClientProcess *self)
{
  GString *text = g_string_new (NULL);

  if (g_subprocess_get_if_signaled (self->process))
    g_string_append_printf (text, _ ("The worker was ended by signal %d (%s)."),
                            g_subprocess_get_term_sig (self->process),
                            g_strsignal (g_subprocess_get_term_sig (self->process)));
  else if (g_subprocess_get_exit_status (self->process) != 0)
    g_string_append_printf (text, _ ("The worker ended with exit status %d."),
                            g_subprocess_get_exit_status (self->process));
  else
    g_string_append (text, _ ("The worker ended."));

  if (self->lines.length > 0)
    g_string_append (text, _ (" Its last words were:"));
  for (GList *link = self->lines.head; link != NULL; link = link->next)
    g_string_append_printf (text, "\n%s", (const char *) link->data);

  return g_string_free (text, FALSE);
}

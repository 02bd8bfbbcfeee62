/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* pipe2 */
#include "config.h"

#include "worker-rig.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config/config-file.h"
#include "config/config.h"
#include "wire/transport.h"

const char *
rig_way_name (RigWay way)
{
  return way == RIG_SOCKET ? "socket" : "pipes";
}

char **
rig_argv (RigWay way)
{
  const char *program = g_getenv ("RECONSTRUCT");
  const char *const socket[] = { program, "worker", "--stdio", NULL };
  const char *const pipes[] = { "sh", "-c", "cat | \"$0\" worker --stdio | cat", program, NULL };

  g_assert_nonnull (program);

  return g_strdupv ((char **) (way == RIG_SOCKET ? socket : pipes));
}

ReconClient *
rig_client_new (RigWay way)
{
  g_auto (GStrv) argv = rig_argv (way);
  ReconClient *client = recon_client_new ((const char *const *) argv);

  recon_client_start (client);
  rig_wait (recon_client_get_state (client) != RECON_CLIENT_STARTING);
  if (recon_client_get_state (client) != RECON_CLIENT_READY)
    g_error ("%s", recon_client_get_lost_reason (client));

  return client;
}

static void
gone_cb (gpointer  data,
         GObject  *object)
{
  gboolean *gone = data;

  *gone = TRUE;
}

/* Nothing keeps a client that has been stopped, when what it still had to say is said. */
void
rig_client_free (ReconClient *client)
{
  gboolean gone = FALSE;

  recon_client_stop (client);
  g_object_weak_ref (G_OBJECT (client), gone_cb, &gone);
  g_object_unref (client);
  rig_wait (gone);
}

ReconConfig *
rig_config_new (const char *path,
                ...)
{
  g_autoptr (GError) error = NULL;
  ReconConfig *config = recon_config_new ();
  const char *name;
  va_list args;

  recon_config_load (config, path, NULL, &error);
  g_assert_no_error (error);

  va_start (args, path);
  while ((name = va_arg (args, const char *)) != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (name, ".", 2);
      ReconParameter parameter;

      g_assert_true (recon_parameter_find (parts[0], parts[1], &parameter));
      recon_config_parse (config, parameter, va_arg (args, const char *), &error);
      g_assert_no_error (error);
    }
  va_end (args);

  return config;
}

/* What a client sends of a configuration, whose own paths start from its folder. */
char *
rig_config_read (const char *path)
{
  g_autoptr (ReconConfig) config = rig_config_new (path, NULL);

  return recon_config_to_data (config, FALSE);
}

void
rig_wait_for (ReconClientJob *job,
              const char     *state)
{
  while (!g_str_equal (recon_client_job_get_state (job), state))
    {
      if (recon_client_job_has_ended (job))
        g_error ("The job is %s, not %s: %s", recon_client_job_get_state (job), state,
                 recon_client_job_get_message (job));
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

GVariant *
rig_inspect (ReconClient *client,
             const char  *path,
             GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  recon_client_inspect_async (client, path, NULL, result_cb, &result);
  rig_wait (result != NULL);

  return recon_client_answer_finish (client, result, error);
}

GVariant *
rig_find_scan (ReconClient *client,
               const char  *path,
               GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  recon_client_find_scan_async (client, path, NULL, result_cb, &result);
  rig_wait (result != NULL);

  return recon_client_answer_finish (client, result, error);
}

GVariant *
rig_resolve (ReconClient *client,
             ReconConfig *config,
             GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  recon_client_resolve_async (client, config, NULL, result_cb, &result);
  rig_wait (result != NULL);

  return recon_client_answer_finish (client, result, error);
}

GVariant *
rig_list_devices (ReconClient *client,
                  GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  recon_client_list_devices_async (client, NULL, result_cb, &result);
  rig_wait (result != NULL);

  return recon_client_answer_finish (client, result, error);
}

ReconWorkerImage *
rig_read_image (ReconClient *client,
                const char  *path,
                guint        index,
                GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  recon_client_read_image_async (client, path, index, NULL, result_cb, &result);
  rig_wait (result != NULL);

  return recon_client_image_finish (result, error);
}

ReconWorkerImage *
rig_get_image (ReconClientJob *job,
               guint           index,
               GError        **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  recon_client_job_get_image_async (job, index, NULL, result_cb, &result);
  rig_wait (result != NULL);

  return recon_client_image_finish (result, error);
}

/* The worker gets real pipes, or one socket, and the stream is the other end. */
static GIOStream *
spawn (RigWay        way,
       GSubprocess **process)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  const char *const argv[] = { g_getenv ("RECONSTRUCT"), "worker", "--stdio", NULL };
  int ours[2], theirs[2];
  GIOStream *stream;

  if (way == RIG_SOCKET)
    {
      int fds[2];

      g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
      ours[0] = ours[1] = fds[0];
      theirs[0] = fds[1];
      theirs[1] = fcntl (fds[1], F_DUPFD_CLOEXEC, 3);
    }
  else
    {
      int in[2], out[2];

      g_assert_cmpint (pipe2 (in, O_CLOEXEC), ==, 0);
      g_assert_cmpint (pipe2 (out, O_CLOEXEC), ==, 0);
      ours[0] = out[0];
      ours[1] = in[1];
      theirs[0] = in[0];
      theirs[1] = out[1];
    }

  g_subprocess_launcher_take_stdin_fd (launcher, theirs[0]);
  g_subprocess_launcher_take_stdout_fd (launcher, theirs[1]);
  *process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  stream = recon_transport_new (ours[0], ours[1], &error);
  g_assert_no_error (error);

  return stream;
}

RigRaw *
rig_raw_new (RigWay way)
{
  RigRaw *raw = g_new0 (RigRaw, 1);
  g_autoptr (GIOStream) stream = spawn (way, &raw->process);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  recon_transport_register_errors ();
  recon_transport_connect (stream, NULL, result_cb, &result);
  rig_wait (result != NULL);
  raw->connection = g_dbus_connection_new_finish (result, &error);
  g_assert_no_error (error);
  g_dbus_connection_start_message_processing (raw->connection);

  return raw;
}

/* The worker ends by itself, and in order, when its client leaves. */
void
rig_raw_free (RigRaw *raw)
{
  g_autoptr (GError) error = NULL;

  if (!g_dbus_connection_is_closed (raw->connection))
    g_dbus_connection_close_sync (raw->connection, NULL, NULL);
  g_object_unref (raw->connection);
  g_subprocess_wait (raw->process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (raw->process));
  g_assert_cmpint (g_subprocess_get_exit_status (raw->process), ==, 0);
  g_object_unref (raw->process);
  g_free (raw);
}

GVariant *
rig_raw_call (RigRaw      *raw,
              const char  *method,
              GVariant    *parameters,
              GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GVariant *reply;

  g_dbus_connection_call (raw->connection, NULL, RECON_WORKER_PATH, RECON_WORKER_INTERFACE, method, parameters, NULL,
                          G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, result_cb, &result);
  rig_wait (result != NULL);
  reply = g_dbus_connection_call_finish (raw->connection, result, error);
  if (reply == NULL && error != NULL)
    g_dbus_error_strip_remote_error (*error);

  return reply;
}

guint
rig_count_fds (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", (int) pid);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

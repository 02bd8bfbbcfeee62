/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* sched_setaffinity */
#include "config.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

#include "command.h"
#include "support.h"
#include "worker-rig.h"

/* Workers that end in the middle of their work, by a crash, a signal or because their client is gone: the client knows,
 * another worker can go on, and nothing stays behind. */

#define WIDTH  160
#define ROWS   128
#define ANGLES 240

typedef struct
{
  char *folder;
} Fixture;

static char *shared; /* a folder with scan/ and expected/ */

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = test_folder_new ();
  g_assert_cmpint (g_chdir (shared), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  test_folder_remove (fixture->folder);
}

static ReconConfig *
new_config (const char *output)
{
  return rig_config_new ("scan/reco.conf", "output.path", output, "compute.memory-limit", "20M", NULL);
}

/* Sends a signal to the worker as soon as the first block is done. */
static void
kill_cb (ReconClientJob *job,
         guint           first,
         guint           n,
         ReconClient    *client)
{
  if (first == 0)
    kill (recon_client_get_pid (client), SIGKILL);
}

static void
terminate_cb (ReconClientJob *job,
              guint           first,
              guint           n,
              ReconClient    *client)
{
  if (first == 0)
    kill (recon_client_get_pid (client), SIGTERM);
}

static void
resume (ReconClient *client,
        ReconConfig *config,
        const char  *out)
{
  g_autoptr (ReconClientJob) job = NULL;
  guint n_done;

  recon_client_start (client);
  job = recon_client_run (client, config, RECON_RESUME_CHECKED);
  rig_wait_for (job, "running");
  n_done = recon_client_job_get_progress (job)->n_done;
  g_assert_cmpuint (n_done, >, 0);
  rig_wait_for (job, "done");
  g_assert_cmpint (recon_client_get_state (client), ==, RECON_CLIENT_READY);
  g_assert_null (recon_client_get_lost_reason (client));
  g_assert_cmpuint (test_compare_folders ("expected", out, "slice_*.tif"), ==, ROWS);
}

static void
test_killed (Fixture       *fixture,
             gconstpointer  unused)
{
  ReconClient *client = rig_client_new (RIG_SOCKET);
  g_autofree char *out = g_build_filename (fixture->folder, "out", NULL);
  g_autoptr (ReconConfig) config = new_config (out);
  g_autoptr (ReconClientJob) job = recon_client_run (client, config, RECON_RESUME_NO);
  g_autoptr (ReconClientJob) queued = recon_client_run (client, config, RECON_RESUME_NO);
  const ReconPreviewRequest request = { .view = RECON_VIEW_SLICE, .reduction = 1 };
  g_autoptr (ReconClientJob) preview = recon_client_preview (client, config, &request);
  g_autoptr (ReconWorkerImage) none = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (job, "block-done", G_CALLBACK (kill_cb), client);
  rig_wait (recon_client_get_state (client) == RECON_CLIENT_LOST);
  g_assert_nonnull (strstr (recon_client_get_lost_reason (client), "signal 9"));
  g_assert_cmpint (recon_client_get_pid (client), ==, 0);

  g_assert_cmpstr (recon_client_job_get_state (job), ==, "failed");
  g_assert_cmpstr (recon_client_job_get_message (job), ==, recon_client_get_lost_reason (client));
  g_assert_cmpstr (recon_client_job_get_state (queued), ==, "failed");
  g_assert_cmpstr (recon_client_job_get_state (preview), ==, "failed");

  resume (client, config, out);

  /* Jobs of another worker are not taken for jobs of this one, which has the same number. */
  none = rig_get_image (job, 0, &error);
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);

  g_clear_object (&job);
  g_clear_object (&queued);
  g_clear_object (&preview);
  rig_client_free (client);
}

static void
kill_image_cb (ReconClientJob   *job,
               ReconWorkerImage *image,
               ReconClient      *client)
{
  kill (recon_client_get_pid (client), SIGKILL);
}

static void
set_cb (ReconClientJob   *job,
        ReconWorkerImage *image,
        gboolean         *set)
{
  *set = TRUE;
}

static void
test_killed_preview (Fixture       *fixture,
                     gconstpointer  unused)
{
  ReconClient *client = rig_client_new (RIG_SOCKET);
  g_autoptr (ReconConfig) config = rig_config_new ("scan/reco.conf", NULL);
  const ReconPreviewRequest request = { .view = RECON_VIEW_SLICE, .reduction = 1 };
  g_autoptr (ReconClientJob) job = recon_client_preview (client, config, &request);
  g_autoptr (ReconClientJob) again = NULL;
  gboolean came = FALSE;

  g_signal_connect (job, "image", G_CALLBACK (kill_image_cb), client);
  rig_wait (recon_client_job_has_ended (job));
  g_assert_cmpint (recon_client_get_state (client), ==, RECON_CLIENT_LOST);
  g_assert_cmpstr (recon_client_job_get_state (job), ==, "failed");

  recon_client_start (client);
  again = recon_client_preview (client, config, &request);
  g_signal_connect (again, "image", G_CALLBACK (set_cb), &came);
  rig_wait (came);

  g_clear_object (&job);
  g_clear_object (&again);
  rig_client_free (client);
}

/* SIGTERM ends the job as Ctrl-C does that of the command line. */
static void
test_terminated (Fixture       *fixture,
                 gconstpointer  unused)
{
  ReconClient *client = rig_client_new (RIG_SOCKET);
  g_autofree char *out = g_build_filename (fixture->folder, "out", NULL);
  g_autoptr (ReconConfig) config = new_config (out);
  g_autoptr (ReconClientJob) job = recon_client_run (client, config, RECON_RESUME_NO);

  g_signal_connect (job, "block-done", G_CALLBACK (terminate_cb), client);
  rig_wait (recon_client_get_state (client) == RECON_CLIENT_LOST);
  g_assert_cmpstr (recon_client_job_get_state (job), ==, "cancelled");
  g_assert_cmpstr (recon_client_get_lost_reason (client), ==, "The worker ended.");
  resume (client, config, out);

  g_clear_object (&job);
  rig_client_free (client);
}

static void
interrupt_cb (ReconClientJob *job,
              guint           first,
              guint           n,
              ReconClient    *client)
{
  kill (recon_client_get_pid (client), SIGINT);
}

/* Ctrl-C is for the client. */
static void
test_interrupted (Fixture       *fixture,
                  gconstpointer  unused)
{
  ReconClient *client = rig_client_new (RIG_SOCKET);
  g_autofree char *out = g_build_filename (fixture->folder, "out", NULL);
  g_autoptr (ReconConfig) config = new_config (out);
  g_autoptr (ReconClientJob) job = recon_client_run (client, config, RECON_RESUME_NO);

  g_signal_connect (job, "block-done", G_CALLBACK (interrupt_cb), client);
  rig_wait_for (job, "done");

  g_clear_object (&job);
  rig_client_free (client);
}

static void
block_cb (GDBusConnection *connection,
          const char      *sender,
          const char      *path,
          const char      *interface,
          const char      *signal,
          GVariant        *parameters,
          gpointer         user_data)
{
  gboolean *done = user_data;

  *done = TRUE;
}

/* A client that is gone, without a word, in the middle of a run: the worker ends in order, and the run can be
 * resumed. */
static void
test_client_gone (Fixture       *fixture,
                  gconstpointer  way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_autofree char *out = g_build_filename (fixture->folder, "out", NULL);
  g_autofree char *ledger = g_build_filename (fixture->folder, "out.partial", "ledger.jsonl", NULL);
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;
  guint subscription;

  text = rig_config_read ("scan/reco.conf");
  whole = g_strdup_printf ("%s\n[output]\npath = %s\n[compute]\nmemory-limit = 20M\n", text, out);
  subscription = g_dbus_connection_signal_subscribe (raw->connection, NULL, "org.reconstruct.Worker1", "BlockDone",
                                                     NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, block_cb, &done, NULL);
  g_variant_unref (rig_raw_call (raw, "Submit", g_variant_new ("(sa{sv})", whole, NULL), &error));
  g_assert_no_error (error);
  g_variant_unref (rig_raw_call (raw, "Start", g_variant_new ("(u)", 1), &error));
  g_assert_no_error (error);
  rig_wait (done);
  g_dbus_connection_signal_unsubscribe (raw->connection, subscription);
  rig_raw_free (raw);

  g_assert_true (g_file_test (ledger, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
  test_run_expect (shared, 0, "", "tomo -c scan/reco.conf -o %s --memory-limit=20M --resume", out);
  g_assert_cmpuint (test_compare_folders ("expected", out, "slice_*.tif"), ==, ROWS);
}

/* A client that is gone while previews are idle or busy, or that never spoke. */
static void
test_left_idle (Fixture       *fixture,
                gconstpointer  way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  text = rig_config_read ("scan/reco.conf");
  for (guint i = 1; i <= 2; i++)
    {
      g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

      g_variant_dict_insert (&options, "continuous", "b", TRUE);
      g_variant_unref (rig_raw_call (raw, "Submit", g_variant_new ("(s@a{sv})", text, g_variant_dict_end (&options)),
                                     &error));
      g_assert_no_error (error);
      g_variant_unref (rig_raw_call (raw, "Start", g_variant_new ("(u)", i), &error));
      g_assert_no_error (error);
      if (i == 1)
        g_variant_unref (rig_raw_call (raw, "Wait", g_variant_new ("(u)", i), &error));
      g_assert_no_error (error);
    }
  rig_raw_free (raw);

  rig_raw_free (rig_raw_new (GPOINTER_TO_INT (way)));
}

static void
stay_cb (gpointer unused)
{
  cpu_set_t one;

  CPU_ZERO (&one);
  CPU_SET (sched_getcpu (), &one);
  sched_setaffinity (0, sizeof one, &one);
}

/* A client that has left when the worker comes to look. On one processor its threads hear of that in the order in which
 * it is missed most easily. */
static void
test_left_at_once (Fixture       *fixture,
                   gconstpointer  unused)
{
  static const char hello[] = "\0AUTH ANONYMOUS\r\nBEGIN\r\n";

  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (GSubprocessLauncher) launcher =
          g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
      g_autoptr (GBytes) bytes = g_bytes_new_static (hello, sizeof hello - 1);
      g_autoptr (GSubprocess) process = NULL;
      g_autoptr (GError) error = NULL;

      g_subprocess_launcher_set_child_setup (launcher, stay_cb, NULL, NULL);
      process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("RECONSTRUCT"), "worker", "--stdio", NULL);
      g_assert_no_error (error);
      g_subprocess_communicate (process, bytes, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_subprocess_get_if_exited (process));
      g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
    }
}

/* A client that asks and asks, reads nothing and is gone, while somebody else holds the other end of the pipe. */
static void
test_never_read (Fixture       *fixture,
                 gconstpointer  unused)
{
  static const char hello[] = "\0AUTH ANONYMOUS\r\nBEGIN\r\n";
  g_autoptr (GDBusMessage) message =
      g_dbus_message_new_method_call (NULL, "/org/reconstruct/Worker1", "org.reconstruct.Worker1", "ListDevices");
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  GOutputStream *input;
  gint64 started;

  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("RECONSTRUCT"), "worker", "--stdio", NULL);
  g_assert_no_error (error);
  input = g_subprocess_get_stdin_pipe (process);
  g_output_stream_write_all (input, hello, sizeof hello - 1, NULL, NULL, &error);
  for (guint i = 1; i <= 400; i++)
    {
      gsize length;
      g_autofree guchar *blob = NULL;

      g_dbus_message_set_serial (message, i);
      blob = g_dbus_message_to_blob (message, &length, G_DBUS_CAPABILITY_FLAGS_NONE, &error);
      g_output_stream_write_all (input, blob, length, NULL, NULL, &error);
    }
  g_assert_no_error (error);
  /* Meanwhile the answers fill the pipe. */
  g_usleep (1500000);

  started = g_get_monotonic_time ();
  g_output_stream_close (input, NULL, &error);
  g_assert_no_error (error);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_test_message ("Ended after %g s", (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 30 * G_USEC_PER_SEC);
}

static void
test_usage (Fixture       *fixture,
            gconstpointer  unused)
{
  test_run_expect (fixture->folder, 2, "reconstruct worker --stdio", "worker");
  test_run_expect (fixture->folder, 2, "takes no arguments", "worker --stdio scan");
  test_run_expect (fixture->folder, 0, "", "worker --help");
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);

  shared = test_folder_new ();
  test_run_expect (shared, 0, "",
                   "phantom scan --width=%u --rows=%u --angles=%u --axis=77.7 --photons=5000 --phantom=asymmetric "
                   "--no-truth",
                   WIDTH, ROWS, ANGLES);
  test_run_expect (shared, 0, "", "tomo -c scan/reco.conf -o expected");

  g_test_add ("/worker-end/killed", Fixture, NULL, set_up, test_killed, tear_down);
  g_test_add ("/worker-end/killed-preview", Fixture, NULL, set_up, test_killed_preview, tear_down);
  g_test_add ("/worker-end/terminated", Fixture, NULL, set_up, test_terminated, tear_down);
  g_test_add ("/worker-end/interrupted", Fixture, NULL, set_up, test_interrupted, tear_down);
  for (guint way = 0; way < RIG_N_WAYS; way++)
    {
      g_autofree char *gone = g_strdup_printf ("/worker-end/%s/client-gone", rig_way_name (way));
      g_autofree char *idle = g_strdup_printf ("/worker-end/%s/left-idle", rig_way_name (way));

      g_test_add (gone, Fixture, GUINT_TO_POINTER (way), set_up, test_client_gone, tear_down);
      g_test_add (idle, Fixture, GUINT_TO_POINTER (way), set_up, test_left_idle, tear_down);
    }
  g_test_add ("/worker-end/left-at-once", Fixture, NULL, set_up, test_left_at_once, tear_down);
  g_test_add ("/worker-end/never-read", Fixture, NULL, set_up, test_never_read, tear_down);
  g_test_add ("/worker-end/usage", Fixture, NULL, set_up, test_usage, tear_down);

  status = g_test_run ();
  test_folder_remove (shared);

  return status;
}

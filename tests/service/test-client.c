/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "fake-worker.h"
#include "support.h"
#include "worker-rig.h"

/* The client with workers that are none: whatever they do, it says what is wrong and is ready for another. */

static ReconClient *
start (const char *kind)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *const argv[] = { self, "--fake", kind, NULL };
  ReconClient *client = recon_client_new (argv);

  recon_client_start (client);

  return client;
}

static void
expect_lost (ReconClient *client,
             const char  *reason)
{
  rig_wait (recon_client_get_state (client) == RECON_CLIENT_LOST);
  if (strstr (recon_client_get_lost_reason (client), reason) == NULL)
    g_error ("Lost because: %s\nexpected: %s", recon_client_get_lost_reason (client), reason);
  g_assert_cmpint (recon_client_get_pid (client), ==, 0);
}

static void
test_missing (void)
{
  const char *const argv[] = { "/nowhere/reconstruct", "worker", NULL };
  ReconClient *client = recon_client_new (argv);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) none = NULL;

  g_assert_cmpint (recon_client_get_state (client), ==, RECON_CLIENT_STOPPED);
  none = rig_inspect (client, "x", &error);
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);

  recon_client_start (client);
  expect_lost (client, "/nowhere/reconstruct");
  g_clear_error (&error);
  none = rig_inspect (client, "x", &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);

  rig_client_free (client);
}

static void
log_cb (ReconClient *client,
        guint        job,
        int          level,
        gint64       time,
        const char  *text,
        GString     *heard)
{
  g_assert_cmpuint (job, ==, 0);
  g_string_append_printf (heard, "%s|", text);
}

/* How it ended, and its last words, also to the log. */
static void
test_words (void)
{
  ReconClient *client = start ("words");
  g_autoptr (GString) heard = g_string_new (NULL);

  g_signal_connect (client, "log", G_CALLBACK (log_cb), heard);
  expect_lost (client, "exit status 3");
  g_assert_nonnull (strstr (recon_client_get_lost_reason (client), "one line\nNot this \xef\xbf\xbd time."));
  g_assert_cmpstr (heard->str, ==, "one line|Not this \xef\xbf\xbd time.|");

  rig_client_free (client);
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  guint *n = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) none = recon_client_answer_finish (RECON_CLIENT (object), result, &error);

  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  (*n)++;
}

/* Calls and jobs that wait for a worker end with it. */
static void
test_not_ours (void)
{
  static const struct
  {
    const char *kind;
    const char *reason;
  } cases[] = {
    { "words", "did not answer as one does" }, { "chatter", "did not answer as one does" },
    { "old", "is of version 0.0.1" },          { "mute", "does not say its version" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ReconClient *client = start (cases[i].kind);
      g_autoptr (ReconConfig) config = recon_config_new ();
      g_autoptr (ReconClientJob) job = recon_client_run (client, config, RECON_RESUME_NO);
      guint n = 0;

      recon_client_inspect_async (client, "x", NULL, closed_cb, &n);
      rig_wait (recon_client_get_state (client) == RECON_CLIENT_LOST);
      g_test_message ("%s: %s", cases[i].kind, recon_client_get_lost_reason (client));
      if (!g_str_equal (cases[i].kind, "words"))
        g_assert_nonnull (strstr (recon_client_get_lost_reason (client), cases[i].reason));
      g_assert_cmpstr (recon_client_job_get_state (job), ==, "failed");
      g_assert_cmpstr (recon_client_job_get_message (job), ==, recon_client_get_lost_reason (client));
      rig_wait (n == 1);

      g_clear_object (&job);
      rig_client_free (client);
    }
}

static void
gone_cb (gpointer  data,
         GObject  *object)
{
  gboolean *gone = data;

  *gone = TRUE;
}

/* A worker that never answers keeps nobody from stopping, or from forgetting the client. */
static void
test_silent (void)
{
  ReconClient *client = start ("silent");
  gboolean gone = FALSE;
  guint n = 0;

  recon_client_inspect_async (client, "x", NULL, closed_cb, &n);
  g_assert_cmpint (recon_client_get_state (client), ==, RECON_CLIENT_STARTING);
  g_assert_cmpint (recon_client_get_pid (client), >, 0);
  recon_client_stop (client);
  g_assert_cmpint (recon_client_get_state (client), ==, RECON_CLIENT_STOPPED);
  rig_wait (n == 1);
  rig_client_free (client);

  client = start ("silent");
  g_object_weak_ref (G_OBJECT (client), gone_cb, &gone);
  g_object_unref (client);
  rig_wait (gone);
}

static void
test_lies (void)
{
  ReconClient *client = start ("liar");
  static const char *const lies[] = { "no-width",  "text-height", "flat",        "view",      "handle", "no-fds",
                                      "unsealed",  "small",       "large",       "file",      "many",   "short",
                                      "huge",      "overflow",    "text-pixels", "no-pixels", "endless", "stuck" };
  guint fds = 0;

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (lies); i++)
    {
      const char *lie = lies[i % G_N_ELEMENTS (lies)];
      g_autoptr (GError) error = NULL;
      g_autoptr (ReconWorkerImage) image = rig_read_image (client, lie, 0, &error);

      if (i == G_N_ELEMENTS (lies))
        fds = rig_count_fds (getpid ());
      g_assert_cmpint (recon_client_get_state (client), ==, RECON_CLIENT_READY);
      if (image != NULL)
        g_error ("%s was believed", lie);
      g_test_message ("%s: %s", lie, error->message);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
  g_assert_cmpuint (rig_count_fds (getpid ()), <=, fds);

  rig_client_free (client);
}

/* Another byte order is no lie. */
static void
test_swapped (void)
{
  ReconClient *client = start ("liar");
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconWorkerImage) image = rig_read_image (client, "swapped", 0, &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (recon_image_get_pixels (image->image)[0], ==, 1);
  g_assert_cmpfloat (recon_image_get_pixels (image->image)[1], ==, 2);
  g_assert_cmpfloat (recon_image_get_pixels (image->image)[2], ==, 0);

  rig_client_free (client);
}

/* Signals of wrong types, and replies. */
static void
test_wrong_types (void)
{
  ReconClient *client = start ("liar");
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconClientJob) job = recon_client_run (client, config, RECON_RESUME_NO);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) none = NULL;

  rig_wait_for (job, "running");
  g_assert_cmpuint (recon_client_job_get_progress (job)->n_done, ==, 0);

  none = rig_inspect (client, "anything", &error);
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpint (recon_client_get_state (client), ==, RECON_CLIENT_READY);

  g_clear_object (&job);
  rig_client_free (client);
}

/* The end of a worker ends a call, and says how; then there is another. */
static void
test_dies_in_call (void)
{
  ReconClient *client = start ("liar");
  static const struct
  {
    const char *path;
    const char *reason;
  } ends[] = { { "die", "signal 6" }, { "noise", "spoke nonsense" }, { "die", "signal 6" } };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) none = NULL;

      if (g_str_equal (ends[i].path, "noise"))
        g_test_expect_message ("GLib-GIO", G_LOG_LEVEL_WARNING, "*malformed*");
      none = rig_inspect (client, ends[i].path, &error);
      g_test_assert_expected_messages ();
      g_assert_null (none);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
      expect_lost (client, ends[i].reason);
      recon_client_start (client);
    }
  rig_wait (recon_client_get_state (client) == RECON_CLIENT_READY);

  rig_client_free (client);
}

static void
cancelled_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) none = recon_client_answer_finish (RECON_CLIENT (object), result, &error);

  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *(gboolean *) user_data = TRUE;
}

static void
test_cancel_call (void)
{
  ReconClient *client = start ("liar");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean cancelled = FALSE;

  rig_wait (recon_client_get_state (client) == RECON_CLIENT_READY);
  recon_client_inspect_async (client, "x", cancellable, cancelled_cb, &cancelled);
  g_cancellable_cancel (cancellable);
  rig_wait (cancelled);

  rig_client_free (client);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--fake"))
    return fake_worker_run (argv[2]);

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/client/missing", test_missing);
  g_test_add_func ("/client/words", test_words);
  g_test_add_func ("/client/not-ours", test_not_ours);
  g_test_add_func ("/client/silent", test_silent);
  g_test_add_func ("/client/lies", test_lies);
  g_test_add_func ("/client/swapped", test_swapped);
  g_test_add_func ("/client/wrong-types", test_wrong_types);
  g_test_add_func ("/client/dies-in-call", test_dies_in_call);
  g_test_add_func ("/client/cancel-call", test_cancel_call);

  return g_test_run ();
}

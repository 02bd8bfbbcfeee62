/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "command.h"
#include "io/contents.h"
#include "support.h"
#include "worker-rig.h"

/* Jobs that make all slices: the same bytes as the command line's, one after the other, to be cancelled and resumed,
 * and to be looked at while they run. */

/* Blocks enough that a run can be caught in the middle. */
#define WIDTH  160
#define ROWS   128
#define ANGLES 240

typedef struct
{
  char *folder;
} Fixture;

static char *shared; /* a folder with scan/ and expected/, for all tests of this program */

static void
set_up (Fixture       *fixture,
        gconstpointer  way)
{
  fixture->folder = test_folder_new ();
  g_assert_cmpint (g_chdir (shared), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  way)
{
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  test_folder_remove (fixture->folder);
}

static char *
in_folder (Fixture    *fixture,
           const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

/* With the least memory that there can be, so that the job has many blocks. */
static ReconConfig *
new_config (const char *output)
{
  return rig_config_new ("scan/reco.conf", "output.path", output, "compute.memory-limit", "20M", NULL);
}

typedef struct
{
  guint    n_done;
  guint    n_slices;
  double   elapsed;
  guint    n_progress;
  guint    n_blocks;
  guint    next_slice;
  GString *states;
} Heard;

static void
progress_cb (ReconClientJob *job,
             Heard          *heard)
{
  const ReconClientProgress *progress = recon_client_job_get_progress (job);

  g_assert_cmpuint (progress->n_done, >=, heard->n_done);
  g_assert_cmpuint (progress->n_done, <=, progress->n_slices);
  g_assert_cmpfloat (progress->elapsed, >=, heard->elapsed);
  g_assert_cmpfloat (progress->rate, >=, 0);
  heard->n_done = progress->n_done;
  heard->n_slices = progress->n_slices;
  heard->elapsed = progress->elapsed;
  heard->n_progress++;
}

static void
block_done_cb (ReconClientJob *job,
               guint           first,
               guint           n,
               Heard          *heard)
{
  g_assert_cmpuint (first, ==, heard->next_slice);
  heard->next_slice = first + n;
  heard->n_blocks++;
}

static void
state_cb (ReconClientJob *job,
          GParamSpec     *pspec,
          Heard          *heard)
{
  g_string_append_printf (heard->states, "%s ", recon_client_job_get_state (job));
}

static void
listen (ReconClientJob *job,
        Heard          *heard)
{
  *heard = (Heard) { .states = g_string_new (NULL) };
  g_signal_connect (job, "progress", G_CALLBACK (progress_cb), heard);
  g_signal_connect (job, "notify::state", G_CALLBACK (state_cb), heard);
  g_signal_connect (job, "block-done", G_CALLBACK (block_done_cb), heard);
}

/* Stops listening. */
static void
check_states (ReconClientJob *job,
              Heard          *heard,
              const char     *expected)
{
  g_assert_cmpstr (heard->states->str, ==, expected);
  g_string_free (heard->states, TRUE);
  g_signal_handlers_disconnect_by_data (job, heard);
}

/* The values of a slice that stands in a file. */
static ReconImage *
read_slice (const char *output,
            guint       index)
{
  g_autofree char *path = g_strdup_printf ("%s/slice_%05u.tif", output, index);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconContents) contents = recon_contents_open (path, &error);
  g_autoptr (GBytes) bytes = NULL;
  gsize size = WIDTH * WIDTH * sizeof (float);
  float *pixels = g_malloc (size);

  g_assert_no_error (error);
  recon_reader_read (recon_frames_get_reader (contents->projections), 0, 1, 0, WIDTH, pixels, NULL, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new_take (pixels, size);

  return recon_image_new (WIDTH, WIDTH, bytes);
}

static void
check_image (ReconWorkerImage *image,
             guint             index)
{
  g_autoptr (ReconImage) expected = read_slice ("expected", index);

  g_assert_cmpuint (image->index, ==, index);
  g_assert_cmpuint (image->number, ==, index);
  g_assert_cmpuint (image->n_images, ==, ROWS);
  g_assert_cmpint (image->view, ==, RECON_VIEW_SLICE);
  g_assert_true (g_bytes_equal (recon_image_get_bytes (image->image), recon_image_get_bytes (expected)));
}

static void
test_run_whole (Fixture       *fixture,
                gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autofree char *out = in_folder (fixture, "out");
  g_autoptr (ReconConfig) config = new_config (out);
  g_autoptr (ReconClientJob) job = recon_client_run (client, config, RECON_RESUME_NO);
  g_autoptr (ReconClientJob) again = NULL;
  Heard heard;

  g_assert_cmpstr (recon_client_job_get_state (job), ==, "queued");
  listen (job, &heard);
  rig_wait_for (job, "done");
  g_assert_cmpuint (heard.n_done, ==, ROWS);
  g_assert_cmpuint (heard.n_slices, ==, ROWS);
  g_assert_cmpuint (heard.next_slice, ==, ROWS);
  g_assert_cmpuint (heard.n_blocks, >, 3);
  /* Ten a second, and one at the end. */
  g_assert_cmpuint (heard.n_progress, <=, (guint) (heard.elapsed * 10) + 2);
  check_states (job, &heard, "preparing running done ");
  g_assert_cmpuint (test_compare_folders ("expected", out, "slice_*.tif"), ==, ROWS);

  /* Now there is a result. */
  again = recon_client_run (client, config, RECON_RESUME_NO);
  rig_wait (recon_client_job_has_ended (again));
  g_assert_cmpstr (recon_client_job_get_state (again), ==, "failed");
  g_assert_nonnull (strstr (recon_client_job_get_message (again), "There is an earlier result"));
  g_clear_object (&again);
  g_clear_object (&job);

  rig_client_free (client);
}

/* Finished slices come while the job runs, the others don't; afterwards they are read from the files. */
static void
block_image_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  guint *n_images = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconWorkerImage) image =
      recon_client_image_finish (result, &error);

  g_assert_no_error (error);
  check_image (image, image->index);
  (*n_images)++;
}

typedef struct
{
  guint n_asked;
  guint n_images;
} Looks;

static void
look_cb (ReconClientJob *job,
         guint           first,
         guint           n,
         Looks          *looks)
{
  recon_client_job_get_image_async (job, first, NULL, block_image_cb, &looks->n_images);
  recon_client_job_get_image_async (job, first + n - 1, NULL, block_image_cb, &looks->n_images);
  looks->n_asked += 2;
}

static void
test_images (Fixture       *fixture,
             gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  static const char *const formats[] = { "tiff", "tiff-stack", "hdf5" };
  static const char *const names[] = { "out", "out.tif", "out.h5" };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *out = in_folder (fixture, names[i]);
      g_autoptr (ReconConfig) config = rig_config_new ("scan/reco.conf", "output.path", out, "output.format",
                                                       formats[i], "compute.memory-limit", "20M", NULL);
      g_autoptr (ReconClientJob) job = recon_client_run (client, config, RECON_RESUME_NO);
      g_autoptr (ReconWorkerImage) image = NULL;
      g_autoptr (ReconWorkerImage) none = NULL;
      g_autoptr (GError) error = NULL;
      Looks looks = { 0 };

      g_signal_connect (job, "block-done", G_CALLBACK (look_cb), &looks);
      none = rig_get_image (job, ROWS - 1, &error);
      g_assert_null (none);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
      g_clear_error (&error);

      rig_wait_for (job, "done");
      rig_wait (looks.n_images == looks.n_asked);
      g_assert_cmpuint (looks.n_asked, >, 6);

      image = rig_get_image (job, 77, &error);
      g_assert_no_error (error);
      check_image (image, 77);
      none = rig_get_image (job, ROWS, &error);
      g_assert_null (none);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    }

  rig_client_free (client);
}

static void
cancel_cb (ReconClientJob *job,
           guint           first,
           guint           n,
           gpointer        unused)
{
  recon_client_job_cancel (job);
}

/* It is told what was left, and whether that can be gone on with. */
static void
check_interrupted (ReconClient *client,
                   ReconConfig *config,
                   guint        n_done)
{
  g_autoptr (ReconConfig) other = recon_config_copy (config);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) resolved = rig_resolve (client, config, &error);
  g_autoptr (GVariant) otherwise = NULL;
  const char *problem;
  guint n, n_all;

  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (resolved, "interrupted", "(uu)", &n, &n_all));
  g_assert_cmpuint (n, >=, n_done);
  g_assert_cmpuint (n_all, ==, ROWS);
  g_assert_false (g_variant_lookup (resolved, "resume-problem", "&s", &problem));

  recon_config_parse (other, RECON_PARAM_ANGLE_OFFSET, "0.5", NULL);
  otherwise = rig_resolve (client, other, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (otherwise, "resume-problem", "&s", &problem));
  g_assert_nonnull (strstr (problem, "reconstruction.angle-offset"));
  g_assert_false (g_variant_lookup (otherwise, "input-changed", "b", NULL));
}

/* Puts a dark in the place of a projection. */
static void
lose_beam (const char *scan,
           const char *projection)
{
  g_autofree char *dark = g_build_filename (scan, "darks", "dark_00000.tif", NULL);
  g_autofree char *path = g_build_filename (scan, "projections", projection, NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_file_get_contents (dark, &bytes, &n, &error);
  g_assert_no_error (error);
  g_file_set_contents (path, bytes, n, &error);
  g_assert_no_error (error);
}

/* What a run leaves out by itself is no other setting when it is to be gone on with. */
static void
test_resume_without_beam (Fixture       *fixture,
                          gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autofree char *out = in_folder (fixture, "out");
  g_autofree char *scan = in_folder (fixture, "scan");
  g_autofree char *path = in_folder (fixture, "scan/reco.conf");
  g_autoptr (ReconConfig) config = NULL;
  g_autoptr (ReconClientJob) job = NULL, resumed = NULL;

  test_run_expect (fixture->folder, 0, "",
                   "phantom scan --width=%u --rows=%u --angles=%u --axis=77.7 --phantom=asymmetric --no-truth", WIDTH,
                   ROWS, ANGLES);
  lose_beam (scan, "proj_00020.tif");
  config = rig_config_new (path, "output.path", out, "compute.memory-limit", "20M", NULL);
  job = recon_client_run (client, config, RECON_RESUME_NO);
  g_signal_connect (job, "block-done", G_CALLBACK (cancel_cb), NULL);
  rig_wait_for (job, "cancelled");

  check_interrupted (client, config, 1);
  resumed = recon_client_run (client, config, RECON_RESUME_CHECKED);
  rig_wait_for (resumed, "done");

  rig_client_free (client);
}

/* Cancelled after the first block, a job leaves a ledger, and another one goes on. */
static void
test_cancel_and_resume (Fixture       *fixture,
                        gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autofree char *out = in_folder (fixture, "out");
  g_autofree char *ledger = in_folder (fixture, "out.partial/ledger.jsonl");
  g_autoptr (ReconConfig) config = new_config (out);
  g_autoptr (ReconClientJob) job = recon_client_run (client, config, RECON_RESUME_NO);
  g_autoptr (ReconClientJob) resumed = NULL;
  g_autoptr (ReconWorkerImage) image = NULL;
  g_autoptr (GError) error = NULL;
  guint n_done, n_resumed;

  g_signal_connect (job, "block-done", G_CALLBACK (cancel_cb), NULL);
  rig_wait_for (job, "cancelled");
  g_assert_cmpstr (recon_client_job_get_message (job), ==, "");
  n_done = recon_client_job_get_progress (job)->n_done;
  g_assert_cmpuint (n_done, >, 0);
  g_assert_cmpuint (n_done, <, ROWS);
  g_assert_true (g_file_test (ledger, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
  image = rig_get_image (job, 0, &error);
  g_assert_no_error (error);
  check_image (image, 0);

  check_interrupted (client, config, n_done);
  resumed = recon_client_run (client, config, RECON_RESUME_CHECKED);
  rig_wait_for (resumed, "running");
  n_resumed = recon_client_job_get_progress (resumed)->n_done;
  g_assert_cmpuint (n_resumed, >=, n_done);
  /* A slice of the earlier run can be looked at as one of this. */
  g_clear_pointer (&image, recon_worker_image_free);
  image = rig_get_image (resumed, 1, &error);
  g_assert_no_error (error);
  check_image (image, 1);
  rig_wait_for (resumed, "done");
  g_assert_cmpuint (test_compare_folders ("expected", out, "slice_*.tif"), ==, ROWS);

  rig_client_free (client);
}

/* The second begins when the first has ended; one that is cancelled while it waits never does. */
static void
check_turn_cb (ReconClientJob *job,
               GParamSpec     *pspec,
               ReconClientJob *earlier)
{
  if (!g_str_equal (recon_client_job_get_state (job), "queued"))
    g_assert_true (recon_client_job_has_ended (earlier));
}

static void
test_queue (Fixture       *fixture,
            gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  ReconClientJob *jobs[4];

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *name = g_strdup_printf ("out%u", i);
      g_autofree char *out = in_folder (fixture, name);
      g_autoptr (ReconConfig) config =
          i == 2 ? rig_config_new ("scan/reco.conf", "output.path", "", NULL) : new_config (out);

      jobs[i] = recon_client_run (client, config, RECON_RESUME_NO);
    }
  g_signal_connect (jobs[3], "notify::state", G_CALLBACK (check_turn_cb), jobs[2]);
  g_signal_connect (jobs[2], "notify::state", G_CALLBACK (check_turn_cb), jobs[0]);
  recon_client_job_cancel (jobs[1]);
  rig_wait_for (jobs[3], "done");

  g_assert_cmpstr (recon_client_job_get_state (jobs[0]), ==, "done");
  g_assert_cmpstr (recon_client_job_get_state (jobs[1]), ==, "cancelled");
  g_assert_cmpstr (recon_client_job_get_state (jobs[2]), ==, "failed");
  g_assert_nonnull (strstr (recon_client_job_get_message (jobs[2]), "There is no output path"));
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *name = g_strdup_printf ("out%u", i);
      g_autofree char *out = in_folder (fixture, name);

      g_assert_cmpint (g_file_test (out, G_FILE_TEST_EXISTS), ==, i == 0 || i == 3);
      g_object_unref (jobs[i]);
    }

  rig_client_free (client);
}

typedef struct
{
  guint  n_devices;
  gint64 last;
} LogHeard;

static void
log_cb (ReconClient *client,
        guint        job,
        int          level,
        gint64       time,
        const char  *text,
        LogHeard    *heard)
{
  g_assert_cmpint (time, >=, heard->last);
  heard->last = time;
  if (job == 1 && level == RECON_LOG_INFO && g_str_has_prefix (text, "Device "))
    heard->n_devices++;
}

/* What a job has to say comes with its number, in order. */
static void
test_log_and_wait (Fixture       *fixture,
                   gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autofree char *out = in_folder (fixture, "out");
  g_autoptr (ReconConfig) config = new_config (out);
  g_autoptr (ReconClientJob) job = recon_client_run (client, config, RECON_RESUME_NO);
  LogHeard heard = { 0 };

  g_signal_connect (client, "log", G_CALLBACK (log_cb), &heard);
  rig_wait_for (job, "done");
  g_assert_cmpuint (heard.n_devices, ==, 1);
  g_clear_object (&job);

  rig_client_free (client);
}

/* Waiting ends with the job; then it can be removed. */
static void
test_wait (Fixture       *fixture,
           gconstpointer  way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_autofree char *text = NULL;
  g_autofree char *output = in_folder (fixture, "out");
  g_autofree char *whole = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) waited = NULL;
  const char *state, *message;

  text = rig_config_read ("scan/reco.conf");
  whole = g_strdup_printf ("%s\n[output]\npath = %s\n", text, output);

  g_variant_unref (rig_raw_call (raw, "Submit", g_variant_new ("(sa{sv})", whole, NULL), &error));
  g_assert_no_error (error);
  g_variant_unref (rig_raw_call (raw, "Start", g_variant_new ("(u)", 1), &error));
  g_assert_no_error (error);
  g_assert_null (rig_raw_call (raw, "Remove", g_variant_new ("(u)", 1), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);

  waited = rig_raw_call (raw, "Wait", g_variant_new ("(u)", 1), &error);
  g_assert_no_error (error);
  g_variant_get (waited, "(&s&s)", &state, &message);
  g_assert_cmpstr (message, ==, "");
  g_assert_cmpstr (state, ==, "done");
  g_assert_cmpuint (test_compare_folders ("expected", output, "slice_*.tif"), ==, ROWS);
  g_variant_unref (rig_raw_call (raw, "Remove", g_variant_new ("(u)", 1), &error));
  g_assert_no_error (error);

  rig_raw_free (raw);
}

static void
test_devices (Fixture       *fixture,
              gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) devices = rig_list_devices (client, &error);
  g_autoptr (GVariant) first = NULL;
  const char *name, *type;
  guint64 memory;

  g_assert_no_error (error);
  g_assert_cmpuint (g_variant_n_children (devices), >, 0);
  first = g_variant_get_child_value (devices, 0);
  g_assert_true (g_variant_lookup (first, "name", "&s", &name));
  g_assert_true (g_variant_lookup (first, "platform", "&s", &name));
  g_assert_true (g_variant_lookup (first, "type", "&s", &type));
  g_assert_true (g_variant_lookup (first, "memory", "t", &memory));
  g_assert_cmpuint (memory, >, 0);

  rig_client_free (client);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "run", test_run_whole }, { "images", test_images }, { "cancel-and-resume", test_cancel_and_resume },
    { "queue", test_queue },   { "log", test_log_and_wait }, { "wait", test_wait },
    { "devices", test_devices }, { "resume-without-beam", test_resume_without_beam },
  };
  int status;

  g_test_init (&argc, &argv, NULL);

  shared = test_folder_new ();
  test_run_expect (shared, 0, "",
                   "phantom scan --width=%u --rows=%u --angles=%u --axis=77.7 --photons=5000 --phantom=asymmetric "
                   "--no-truth",
                   WIDTH, ROWS, ANGLES);
  test_run_expect (shared, 0, "", "tomo -c scan/reco.conf -o expected");

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint way = 0; way < RIG_N_WAYS; way++)
      {
        g_autofree char *path = g_strdup_printf ("/service-jobs/%s/%s", rig_way_name (way), tests[i].name);

        g_test_add (path, Fixture, GUINT_TO_POINTER (way), set_up, tests[i].test, tear_down);
      }

  status = g_test_run ();
  test_folder_remove (shared);

  return status;
}

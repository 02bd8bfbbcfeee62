/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "command.h"
#include "support.h"
#include "worker-rig.h"

/* Continuous jobs: what is shown is what was asked for last, and the same as a job would write. */

#define WIDTH  96
#define ROWS   24
#define ANGLES 150

typedef struct
{
  char *unused;
} Fixture;

static char *shared; /* a folder with scan/ and expected/ */

static void
set_up (Fixture       *fixture,
        gconstpointer  way)
{
  g_assert_cmpint (g_chdir (shared), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  way)
{
  g_assert_cmpint (g_chdir ("/"), ==, 0);
}

/* Keeps the newest image, and counts. */
typedef struct
{
  ReconWorkerImage *image;
  guint             n;
} Shown;

static void
image_cb (ReconClientJob   *job,
          ReconWorkerImage *image,
          Shown            *shown)
{
  if (shown->image != NULL)
    g_assert_cmpuint (image->serial, >=, shown->image->serial);
  g_clear_pointer (&shown->image, recon_worker_image_free);
  shown->image = recon_worker_image_copy (image);
  shown->n++;
}

static ReconClientJob *
preview (ReconClient               *client,
         ReconConfig               *config,
         const ReconPreviewRequest *request,
         Shown                     *shown)
{
  ReconClientJob *job = recon_client_preview (client, config, request);

  *shown = (Shown) { 0 };
  g_signal_connect (job, "image", G_CALLBACK (image_cb), shown);

  return job;
}

/* A full image of what was asked for last has come, and nothing more is to come. */
static gboolean
is_settled (ReconClientJob            *job,
            const Shown               *shown,
            const ReconPreviewRequest *request)
{
  if (recon_client_job_has_ended (job))
    g_error ("The preview is %s: %s", recon_client_job_get_state (job), recon_client_job_get_message (job));

  return g_str_equal (recon_client_job_get_state (job), "idle") && shown->image != NULL &&
         shown->image->view == request->view && shown->image->index == request->index &&
         shown->image->reduction == request->reduction;
}

/* The slice that a new worker's preview makes first. */
static GBytes *
make_slice (RigWay       way,
            ReconConfig *config,
            guint        index)
{
  ReconClient *client = rig_client_new (way);
  const ReconPreviewRequest request = { .view = RECON_VIEW_SLICE, .index = index, .reduction = 1 };
  Shown shown;
  g_autoptr (ReconClientJob) job = preview (client, config, &request, &shown);
  GBytes *bytes;

  rig_wait (is_settled (job, &shown, &request));
  bytes = g_bytes_ref (recon_image_get_bytes (shown.image->image));
  recon_worker_image_free (shown.image);
  recon_client_job_cancel (job);
  rig_wait_for (job, "cancelled");
  g_clear_object (&job);
  rig_client_free (client);

  return bytes;
}

static void
test_views (Fixture       *fixture,
            gconstpointer  way)
{
  static const struct
  {
    ReconPreviewRequest request;
    guint               n_images, width, height, full_width, full_height;
  } cases[] = {
    { { RECON_VIEW_PROJECTION, 140, 1 }, ANGLES, WIDTH, ROWS, WIDTH, ROWS },
    { { RECON_VIEW_CORRECTED, 3, 1 }, ANGLES, WIDTH, ROWS, WIDTH, ROWS },
    { { RECON_VIEW_SINOGRAM, 20, 1 }, ROWS, WIDTH, ANGLES, WIDTH, ANGLES },
    { { RECON_VIEW_SLICE, 7, 1 }, ROWS, WIDTH, WIDTH, WIDTH, WIDTH },
    { { RECON_VIEW_FLAT, 0, 1 }, 1, WIDTH, ROWS, WIDTH, ROWS },
    { { RECON_VIEW_SLICE, 7, 2 }, ROWS, WIDTH / 2, WIDTH / 2, WIDTH, WIDTH },
    { { RECON_VIEW_SLICE, 8, 4 }, ROWS, WIDTH / 4, WIDTH / 4, WIDTH, WIDTH },
  };
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autoptr (ReconConfig) config = rig_config_new ("scan/reco.conf", NULL);
  Shown shown;
  g_autoptr (ReconClientJob) job = preview (client, config, &cases[0].request, &shown);
  g_autoptr (ReconWorkerImage) image = NULL;
  g_autoptr (ReconWorkerImage) file = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (i > 0)
        recon_client_job_update (job, config, &cases[i].request);
      rig_wait (is_settled (job, &shown, &cases[i].request));
      g_assert_cmpuint (shown.image->n_images, ==, cases[i].n_images);
      g_assert_cmpuint (shown.image->number, ==, cases[i].request.index);
      g_assert_cmpuint (recon_image_get_width (shown.image->image), ==, cases[i].width);
      g_assert_cmpuint (recon_image_get_height (shown.image->image), ==, cases[i].height);
      g_assert_cmpuint (shown.image->full_width, ==, cases[i].full_width);
      g_assert_cmpuint (shown.image->full_height, ==, cases[i].full_height);
      g_assert_cmpuint (shown.image->serial, ==, i + 1);

      if (i == 3)
        {
          file = rig_read_image (client, "expected/slice_00007.tif", 0, &error);
          g_assert_no_error (error);
          g_assert_true (g_bytes_equal (recon_image_get_bytes (file->image),
                                        recon_image_get_bytes (shown.image->image)));
        }
    }

  /* Asked for, the newest image comes once more, whatever the index. */
  image = rig_get_image (job, 1000, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (image->index, ==, 8);
  g_assert_true (g_bytes_equal (recon_image_get_bytes (image->image), recon_image_get_bytes (shown.image->image)));

  recon_worker_image_free (shown.image);
  recon_client_job_cancel (job);
  rig_wait_for (job, "cancelled");
  g_clear_object (&job);
  rig_client_free (client);
}

/* Of many requests in a row the last one is what is shown in the end, and it is shown right. */
static void
test_newest (Fixture       *fixture,
             gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autoptr (ReconConfig) config = rig_config_new ("scan/reco.conf", NULL);
  ReconPreviewRequest request = { .view = RECON_VIEW_SLICE, .index = 5, .reduction = 1 };
  g_autoptr (GBytes) expected = NULL;
  Shown shown;
  g_autoptr (ReconClientJob) job = preview (client, config, &request, &shown);

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *axis = g_strdup_printf ("%g", 30 + i * 0.25);

      recon_config_parse (config, RECON_PARAM_AXIS, axis, NULL);
      recon_config_parse (config, recon_parameter ("reconstruction.filter"), i % 2 == 0 ? "hann" : "ramp", NULL);
      request.index = i % ROWS;
      recon_client_job_update (job, config, &request);
      /* Some before the worker has given the job a number, some while images are made. */
      for (guint k = 0; i >= 20 && k < i % 7; k++)
        g_main_context_iteration (NULL, FALSE);
      if (i >= 20 && i % 3 == 0)
        g_usleep (500);
      if (i % 11 == 10)
        rig_wait (is_settled (job, &shown, &request));
    }
  rig_wait (is_settled (job, &shown, &request));

  expected = make_slice (GPOINTER_TO_INT (way), config, request.index);
  g_assert_true (g_bytes_equal (recon_image_get_bytes (shown.image->image), expected));
  g_assert_cmpuint (shown.n, <, 60);

  recon_worker_image_free (shown.image);
  recon_client_job_cancel (job);
  rig_wait_for (job, "cancelled");
  g_clear_object (&job);
  rig_client_free (client);
}

/* What can't be made leaves the job idle, with a message; the next request can succeed. */
static void
test_failures (Fixture       *fixture,
               gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autoptr (ReconConfig) wrong = rig_config_new ("scan/reco.conf", "input.projections", "nowhere", NULL);
  g_autoptr (ReconConfig) config = rig_config_new ("scan/reco.conf", NULL);
  ReconPreviewRequest request = { .view = RECON_VIEW_SLICE, .index = 5, .reduction = 1 };
  Shown shown;
  g_autoptr (ReconClientJob) job = preview (client, wrong, &request, &shown);

  rig_wait_for (job, "idle");
  g_assert_nonnull (strstr (recon_client_job_get_message (job), "nowhere"));
  g_assert_null (shown.image);

  recon_client_job_update (job, config, &request);
  rig_wait (is_settled (job, &shown, &request));
  g_assert_cmpstr (recon_client_job_get_message (job), ==, "");

  request.index = ROWS;
  recon_client_job_update (job, config, &request);
  rig_wait (*recon_client_job_get_message (job) != '\0');
  g_assert_cmpstr (recon_client_job_get_state (job), ==, "idle");

  request.index = ROWS - 1;
  recon_client_job_update (job, config, &request);
  rig_wait (is_settled (job, &shown, &request));
  g_assert_cmpstr (recon_client_job_get_message (job), ==, "");

  recon_worker_image_free (shown.image);
  recon_client_job_cancel (job);
  rig_wait_for (job, "cancelled");
  /* After the end nothing happens any more. */
  recon_client_job_update (job, config, &request);
  recon_client_job_cancel (job);
  g_assert_cmpstr (recon_client_job_get_state (job), ==, "cancelled");
  g_clear_object (&job);
  rig_client_free (client);
}

/* Previews beside each other, and beside a run. */
static void
test_together (Fixture       *fixture,
               gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autofree char *folder = test_folder_new ();
  g_autofree char *out = g_build_filename (folder, "out", NULL);
  g_autoptr (ReconConfig) config = rig_config_new ("scan/reco.conf", "output.path", out, NULL);
  const ReconPreviewRequest slice = { .view = RECON_VIEW_SLICE, .index = 5, .reduction = 1 };
  const ReconPreviewRequest sinogram = { .view = RECON_VIEW_SINOGRAM, .index = 6, .reduction = 1 };
  Shown shown[2];
  g_autoptr (ReconClientJob) run = recon_client_run (client, config, RECON_RESUME_NO);
  g_autoptr (ReconClientJob) first = preview (client, config, &slice, &shown[0]);
  g_autoptr (ReconClientJob) second = preview (client, config, &sinogram, &shown[1]);

  rig_wait (is_settled (first, &shown[0], &slice));
  rig_wait (is_settled (second, &shown[1], &sinogram));
  rig_wait_for (run, "done");
  g_assert_cmpuint (test_compare_folders ("expected", out, "slice_*.tif"), ==, ROWS);

  recon_worker_image_free (shown[0].image);
  recon_worker_image_free (shown[1].image);
  g_clear_object (&run);
  g_clear_object (&first);
  g_clear_object (&second);
  rig_client_free (client);
  test_folder_remove (g_steal_pointer (&folder));
}

/* The same without our client: serials, waiting for the idle state, removal of what idles. */
static void
test_raw (Fixture       *fixture,
          gconstpointer  way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_autofree char *text = NULL;
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GError) error = NULL;
  const char *state, *message;
  guint serial;

  text = rig_config_read ("scan/reco.conf");
  g_variant_dict_insert (&options, "continuous", "b", TRUE);
  g_variant_unref (rig_raw_call (raw, "Submit", g_variant_new ("(s@a{sv})", text, g_variant_dict_end (&options)),
                                 &error));
  g_assert_no_error (error);
  g_variant_unref (rig_raw_call (raw, "Start", g_variant_new ("(u)", 1), &error));
  g_assert_no_error (error);

  for (guint i = 2; i < 5; i++)
    {
      g_autoptr (GVariant) changes = g_variant_ref_sink (g_variant_new_parsed ("{'reconstruction.axis': '50'}"));
      g_autoptr (GVariant) none = NULL;
      g_autoptr (GVariant) continued = NULL;
      g_autoptr (GVariant) waited = NULL;
      g_autoptr (GVariant) image = NULL;
      g_autoptr (GVariant) told = NULL;

      /* A wrong change changes nothing. */
      none = rig_raw_call (raw, "Continue",
                           g_variant_new_parsed ("(uint32 1, {'input.bin': '2', 'input.cellar': '1'}, @a{sv} {})"),
                           &error);
      g_assert_null (none);
      g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
      g_clear_error (&error);

      continued = rig_raw_call (raw, "Continue", g_variant_new ("(u@a{ss}a{sv})", 1, changes, NULL), &error);
      g_assert_no_error (error);
      g_variant_get (continued, "(u)", &serial);
      g_assert_cmpuint (serial, ==, i);
      waited = rig_raw_call (raw, "Wait", g_variant_new ("(u)", 1), &error);
      g_assert_no_error (error);
      g_variant_get (waited, "(&s&s)", &state, &message);
      g_assert_cmpstr (message, ==, "");
      g_assert_cmpstr (state, ==, "idle");
      image = rig_raw_call (raw, "GetImage", g_variant_new ("(uu)", 1, 0), &error);
      g_assert_no_error (error);
      told = g_variant_get_child_value (image, 0);
      g_assert_true (g_variant_lookup (told, "serial", "u", &serial));
      g_assert_cmpuint (serial, ==, i);
      g_assert_true (g_variant_lookup (told, "width", "u", &serial));
      g_assert_cmpuint (serial, ==, WIDTH);
    }

  g_variant_unref (rig_raw_call (raw, "Remove", g_variant_new ("(u)", 1), &error));
  g_assert_no_error (error);
  g_assert_null (rig_raw_call (raw, "Wait", g_variant_new ("(u)", 1), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  rig_raw_free (raw);
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
    { "views", test_views },       { "newest", test_newest }, { "failures", test_failures },
    { "together", test_together }, { "raw", test_raw },
  };
  int status;

  g_test_init (&argc, &argv, NULL);

  shared = test_folder_new ();
  test_run_expect (shared, 0, "", "phantom scan --width=%u --rows=%u --angles=%u --axis=44.7 --no-truth", WIDTH, ROWS,
                   ANGLES);
  test_run_expect (shared, 0, "", "tomo -c scan/reco.conf -o expected");

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint way = 0; way < RIG_N_WAYS; way++)
      {
        g_autofree char *path = g_strdup_printf ("/service-preview/%s/%s", rig_way_name (way), tests[i].name);

        g_test_add (path, Fixture, GUINT_TO_POINTER (way), set_up, tests[i].test, tear_down);
      }

  status = g_test_run ();
  test_folder_remove (shared);

  return status;
}

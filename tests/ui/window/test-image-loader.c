/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-jobs.h"
#include "window/image-loader.h"

/* The loader with a worker whose images come when the test says so. */

typedef struct
{
  ReconDocument    *document;
  ReconClient      *client;
  ReconImageLoader *loader;
  guint             n_images;
  guint             index; /* of the last image */
  char             *failure;
} Fixture;

static void
image_cb (Fixture          *self,
          ReconWorkerImage *image)
{
  self->n_images++;
  self->index = image->index;
}

static void
failed_cb (Fixture    *self,
           const char *message)
{
  g_free (self->failure);
  self->failure = g_strdup (message);
}

static void
set_up (Fixture       *self,
        gconstpointer  unused)
{
  self->document = recon_document_new ();
  self->client = fake_client_new ();
  self->loader = recon_image_loader_new (self->document, self->client);
  g_signal_connect_swapped (self->loader, "image", G_CALLBACK (image_cb), self);
  g_signal_connect_swapped (self->loader, "failed", G_CALLBACK (failed_cb), self);
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  if (self->loader != NULL)
    g_assert_finalize_object (self->loader);
  g_assert_finalize_object (self->client);
  g_assert_finalize_object (self->document);
  g_free (self->failure);
}

static gboolean
is_busy (Fixture *self)
{
  gboolean busy;

  g_object_get (self->loader, "busy", &busy, NULL);

  return busy;
}

static void
test_preview (Fixture       *self,
              gconstpointer  unused)
{
  ReconClientJob *job;

  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, 3);
  g_assert_true (is_busy (self));
  job = fake_client_get_preview (self->client);
  g_assert_cmpint (fake_job_get_request (job)->view, ==, RECON_VIEW_SLICE);
  g_assert_cmpuint (fake_job_get_request (job)->index, ==, 3);

  /* The same job goes on, and what was asked for before is not told of. */
  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, 4);
  g_assert_true (fake_client_get_preview (self->client) == job);
  g_assert_cmpuint (fake_job_get_n_requests (job), ==, 2);
  fake_job_send (job, RECON_VIEW_SLICE, 3);
  fake_job_send (job, RECON_VIEW_SINOGRAM, 4);
  g_assert_cmpuint (self->n_images, ==, 0);
  fake_job_send (job, RECON_VIEW_SLICE, 4);
  fake_job_rest (job, "");
  g_assert_cmpuint (self->n_images, ==, 1);
  g_assert_cmpuint (self->index, ==, 4);
  g_assert_false (is_busy (self));
  g_assert_null (self->failure);

  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, 5);
  fake_job_rest (job, "There is no such row");
  g_assert_cmpstr (self->failure, ==, "There is no such row");
  g_assert_false (is_busy (self));
}

/* Where a slice can't be made, a projection as it was measured may come in its place. */
static void
test_raw (Fixture       *self,
          gconstpointer  unused)
{
  ReconClientJob *job;

  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, RECON_PREVIEW_MIDDLE);
  job = fake_client_get_preview (self->client);
  fake_job_rest (job, "There are no flats");
  g_assert_true (recon_image_loader_ask_raw (self->loader, 2));
  g_assert_cmpint (fake_job_get_request (job)->view, ==, RECON_VIEW_PROJECTION);
  g_assert_cmpuint (fake_job_get_request (job)->index, ==, 2);
  g_assert_false (recon_image_loader_ask_raw (self->loader, 2));
  fake_job_send (job, RECON_VIEW_SLICE, 2);
  g_assert_cmpuint (self->n_images, ==, 0);
  fake_job_send (job, RECON_VIEW_PROJECTION, 2);
  g_assert_cmpuint (self->n_images, ==, 1);

  /* What is asked for next is that again, and the middle has its own index. */
  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, RECON_PREVIEW_MIDDLE);
  fake_job_send (job, RECON_VIEW_PROJECTION, 2);
  g_assert_cmpuint (self->n_images, ==, 1);
  fake_job_send (job, RECON_VIEW_SLICE, 7);
  g_assert_cmpuint (self->index, ==, 7);

  recon_image_loader_ask (self->loader, RECON_SOURCE_PROJECTION, 2);
  g_assert_false (recon_image_loader_ask_raw (self->loader, 2));
}

/* A worker that was lost takes its jobs along. */
static void
test_lost_worker (Fixture       *self,
                  gconstpointer  unused)
{
  g_autoptr (ReconClientJob) job = NULL;

  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, 3);
  job = g_object_ref (fake_client_get_preview (self->client));
  fake_job_end (job);
  fake_client_set_state (self->client, RECON_CLIENT_LOST);
  g_assert_false (is_busy (self));

  fake_client_set_state (self->client, RECON_CLIENT_READY);
  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, 3);
  g_assert_true (fake_client_get_preview (self->client) != job);
  g_assert_true (is_busy (self));
  fake_job_send (job, RECON_VIEW_SLICE, 3);
  g_assert_cmpuint (self->n_images, ==, 0);
}

/* One image of a result at a time; of what is asked for meanwhile the newest. */
static void
test_result (Fixture       *self,
             gconstpointer  unused)
{
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 1);
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 2);
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 3);
  g_assert_cmpuint (fake_client_get_n_readings (self->client), ==, 1);
  g_assert_true (is_busy (self));

  fake_client_end_reading (self->client, NULL);
  g_assert_cmpuint (self->n_images, ==, 0);
  g_assert_true (is_busy (self));
  fake_client_end_reading (self->client, NULL);
  g_assert_cmpuint (self->n_images, ==, 1);
  g_assert_cmpuint (self->index, ==, 3);
  g_assert_false (is_busy (self));

  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 4);
  fake_client_end_reading (self->client, "The file has been cut off");
  g_assert_cmpstr (self->failure, ==, "The file has been cut off");
  g_assert_false (is_busy (self));
  g_assert_cmpuint (fake_client_get_n_readings (self->client), ==, 0);
}

/* While a run goes on its slices are the result. */
static void
test_run (Fixture       *self,
          gconstpointer  unused)
{
  g_autoptr (ReconClientJob) run = fake_job_new ();

  recon_image_loader_set_run (self->loader, run);
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 7);
  g_assert_cmpuint (fake_client_get_n_readings (self->client), ==, 0);
  g_assert_cmpuint (fake_job_get_n_readings (run), ==, 1);
  fake_job_end_reading (run);
  g_assert_cmpuint (self->index, ==, 7);

  recon_image_loader_set_run (self->loader, NULL);
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 8);
  fake_client_end_reading (self->client, NULL);
  g_assert_cmpuint (self->index, ==, 8);
}

/* From the result to a preview while both are under way: busy is what is looked at. */
static void
test_change (Fixture       *self,
             gconstpointer  unused)
{
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 1);
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 2);
  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, 2);
  fake_client_end_reading (self->client, NULL);
  g_assert_cmpuint (self->n_images, ==, 0);
  g_assert_cmpuint (fake_client_get_n_readings (self->client), ==, 0);
  g_assert_true (is_busy (self));
  g_assert_cmpuint (fake_job_get_n_requests (fake_client_get_preview (self->client)), ==, 1);

  fake_job_send (fake_client_get_preview (self->client), RECON_VIEW_SLICE, 2);
  fake_job_rest (fake_client_get_preview (self->client), "");
  g_assert_cmpuint (self->n_images, ==, 1);
  g_assert_false (is_busy (self));

  /* And back: the preview doesn't say when the result has come. */
  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, 3);
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 3);
  fake_job_rest (fake_client_get_preview (self->client), "There is no such row");
  g_assert_true (is_busy (self));
  g_assert_null (self->failure);
  fake_client_end_reading (self->client, NULL);
  g_assert_cmpuint (self->n_images, ==, 2);
  g_assert_false (is_busy (self));
}

/* Nobody hears of an image whose input is gone. */
static void
test_drop (Fixture       *self,
           gconstpointer  unused)
{
  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, 2);
  recon_image_loader_drop (self->loader);
  fake_job_send (fake_client_get_preview (self->client), RECON_VIEW_SLICE, 2);
  fake_job_rest (fake_client_get_preview (self->client), "");
  g_assert_cmpuint (self->n_images, ==, 0);
  g_assert_false (is_busy (self));

  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 1);
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 2);
  recon_image_loader_drop (self->loader);
  fake_client_end_reading (self->client, NULL);
  g_assert_cmpuint (self->n_images, ==, 0);
  g_assert_cmpuint (fake_client_get_n_readings (self->client), ==, 0);
  g_assert_false (is_busy (self));
}

/* The window may close while an image is read and another one waits. */
static void
test_disposed (Fixture       *self,
               gconstpointer  unused)
{
  g_autoptr (ReconClientJob) job = NULL;
  gpointer loader = self->loader;

  recon_image_loader_ask (self->loader, RECON_SOURCE_SLICE, 2);
  job = g_object_ref (fake_client_get_preview (self->client));
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 1);
  recon_image_loader_ask (self->loader, RECON_SOURCE_RESULT, 2);

  g_object_run_dispose (loader);
  g_object_add_weak_pointer (loader, &loader);
  g_clear_object (&self->loader);
  g_assert_true (fake_job_is_cancelled (job));
  g_assert_nonnull (loader);
  fake_client_end_reading (self->client, NULL);
  g_assert_null (loader);
  g_assert_cmpuint (self->n_images, ==, 0);
  g_assert_null (self->failure);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/image-loader/preview", Fixture, NULL, set_up, test_preview, tear_down);
  g_test_add ("/image-loader/raw", Fixture, NULL, set_up, test_raw, tear_down);
  g_test_add ("/image-loader/lost-worker", Fixture, NULL, set_up, test_lost_worker, tear_down);
  g_test_add ("/image-loader/result", Fixture, NULL, set_up, test_result, tear_down);
  g_test_add ("/image-loader/run", Fixture, NULL, set_up, test_run, tear_down);
  g_test_add ("/image-loader/change", Fixture, NULL, set_up, test_change, tear_down);
  g_test_add ("/image-loader/drop", Fixture, NULL, set_up, test_drop, tear_down);
  g_test_add ("/image-loader/disposed", Fixture, NULL, set_up, test_disposed, tear_down);

  return g_test_run ();
}

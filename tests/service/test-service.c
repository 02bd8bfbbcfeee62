/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "command.h"
#include "service/service.h"
#include "support.h"

/* The service in this process, without any transport: calls, events, and its end. */

#define WIDTH 32
#define ROWS  3

typedef struct
{
  char         *folder;
  ReconService *service;
  GString      *events;
  gboolean      closed;
} Fixture;

static void
event_cb (ReconService *service,
          const char   *name,
          GVariant     *arguments,
          Fixture      *fixture)
{
  const char *state;

  if (!g_str_equal (name, "StateChanged"))
    return;
  g_variant_get (arguments, "(u&s&s)", NULL, &state, NULL);
  g_string_append_printf (fixture->events, "%s ", state);
}

static void
closed_cb (ReconService *service,
           Fixture      *fixture)
{
  g_assert_false (fixture->closed);
  fixture->closed = TRUE;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = test_folder_new ();
  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
  fixture->service = recon_service_new ();
  fixture->events = g_string_new (NULL);
  g_signal_connect (fixture->service, "event", G_CALLBACK (event_cb), fixture);
  g_signal_connect (fixture->service, "closed", G_CALLBACK (closed_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  gpointer service = fixture->service;

  recon_service_close (fixture->service);
  while (!fixture->closed)
    g_main_context_iteration (NULL, TRUE);

  /* Nothing that has ended keeps it, but a thread may just be about to let go of it. */
  g_object_add_weak_pointer (G_OBJECT (fixture->service), &service);
  g_object_unref (fixture->service);
  while (service != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_string_free (fixture->events, TRUE);
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  test_folder_remove (fixture->folder);
}

typedef struct
{
  GVariant *answer;
  GBytes   *pixels;
  GError   *error;
  gboolean  done;
} Answer;

static void
answer_cb (GVariant     *value,
           GBytes       *pixels,
           const GError *error,
           gpointer      user_data)
{
  Answer *answer = user_data;

  g_assert_false (answer->done);
  answer->answer = value != NULL ? g_variant_ref (value) : NULL;
  answer->pixels = pixels != NULL ? g_bytes_ref (pixels) : NULL;
  answer->error = error != NULL ? g_error_copy (error) : NULL;
  answer->done = TRUE;
}

/* Returns: (nullable): the answer to a call */
static GVariant *
call (Fixture     *fixture,
      const char  *method,
      GVariant    *arguments,
      GBytes     **pixels,
      GError     **error)
{
  Answer answer = { NULL };

  recon_service_call (fixture->service, method, arguments, answer_cb, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);

  g_assert_true ((answer.answer == NULL) == (answer.error != NULL));
  if (pixels != NULL)
    *pixels = answer.pixels;
  else
    g_assert_null (answer.pixels);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);

  return answer.answer;
}

static void
test_wrong_calls (Fixture       *fixture,
                  gconstpointer  unused)
{
  static const struct
  {
    const char *method;
    const char *arguments;
    const char *message;
  } rows[] = {
    { "Dance", "()", "There is no method Dance." },
    { "Start", "('1',)", "Start has arguments (u), not (s)." },
    { "Start", "(uint32 7,)", "There is no job 7." },
    { "Submit", "('', {'reduction': <uint32 3>})", "The reduction is 3. It may be 1, 2 or 4." },
    { "Inspect", "('nowhere',)", "nowhere" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (call (fixture, rows[i].method, g_variant_new_parsed (rows[i].arguments), NULL, &error));
      g_assert_nonnull (strstr (error->message, rows[i].message));
    }
}

static void
test_job (Fixture       *fixture,
          gconstpointer  unused)
{
  g_autofree char *text = NULL;
  g_autoptr (GVariant) submitted = NULL;
  g_autoptr (GVariant) started = NULL;
  g_autoptr (GVariant) waited = NULL;
  g_autoptr (GVariant) image = NULL;
  g_autoptr (GVariant) content = NULL;
  g_autoptr (GBytes) pixels = NULL;
  g_autoptr (GError) error = NULL;
  guint job, width, index;
  const char *state;

  test_run_expect (fixture->folder, 0, "", "phantom scan --width=%d --rows=%d --angles=48", WIDTH, ROWS);
  g_assert_cmpint (g_chdir ("scan"), ==, 0);
  g_assert_true (g_file_get_contents ("reco.conf", &text, NULL, NULL));

  submitted = call (fixture, "Submit", g_variant_new ("(s@a{sv})", text, g_variant_new_parsed ("@a{sv} {}")), NULL,
                    &error);
  g_assert_no_error (error);
  g_variant_get (submitted, "(u)", &job);
  started = call (fixture, "Start", g_variant_new ("(u)", job), NULL, &error);
  g_assert_no_error (error);
  waited = call (fixture, "Wait", g_variant_new ("(u)", job), NULL, &error);
  g_assert_no_error (error);
  g_variant_get (waited, "(&s&s)", &state, NULL);
  g_assert_cmpstr (state, ==, "done");
  g_assert_cmpstr (fixture->events->str, ==, "preparing running done ");

  image = call (fixture, "GetImage", g_variant_new ("(uu)", job, ROWS - 1), &pixels, &error);
  g_assert_no_error (error);
  content = g_variant_get_child_value (image, 0);
  g_assert_true (g_variant_lookup (content, "width", "u", &width));
  g_assert_true (g_variant_lookup (content, "index", "u", &index));
  g_assert_cmpuint (width, ==, WIDTH);
  g_assert_cmpuint (index, ==, ROWS - 1);
  g_assert_cmpuint (g_bytes_get_size (pixels), ==, WIDTH * WIDTH * sizeof (float));
}

/* A call that waits for a job which is not started is answered when the service closes. */
static void
test_close (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr (GVariant) submitted = NULL;
  Answer wait = { NULL };
  const char *state;

  submitted = call (fixture, "Submit", g_variant_new_parsed ("('', @a{sv} {})"), NULL, NULL);
  g_assert_nonnull (submitted);
  recon_service_call (fixture->service, "Wait", g_variant_new ("(u)", 1), answer_cb, &wait);
  g_assert_false (wait.done);

  recon_service_hold (fixture->service);
  recon_service_close (fixture->service);
  g_assert_true (wait.done);
  g_variant_get (wait.answer, "(&s&s)", &state, NULL);
  g_assert_cmpstr (state, ==, "cancelled");
  g_variant_unref (wait.answer);

  g_assert_false (fixture->closed);
  recon_service_release (fixture->service);
  g_assert_true (fixture->closed);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/service/wrong-calls", Fixture, NULL, set_up, test_wrong_calls, tear_down);
  g_test_add ("/service/job", Fixture, NULL, set_up, test_job, tear_down);
  g_test_add ("/service/close", Fixture, NULL, set_up, test_close, tear_down);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "client/client.h"
#include "command.h"
#include "support.h"
#include "wire/messages.h"
#include "wire/transport.h"
#include "worker-rig.h"

/* The search for the axis over the border of processes: what was found comes through as it is, and a search ends when
 * nobody wants it any more. */

#define AXIS 74.25

static char *shared; /* a folder with scan/ and blank/ */

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

static ReconAxisResult *
find (ReconClient              *client,
      ReconConfig              *config,
      const ReconAxisSettings  *settings,
      GError                  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  recon_client_find_axis_async (client, config, settings, NULL, found_cb, &result);
  rig_wait (result != NULL);

  return recon_client_find_axis_finish (client, result, error);
}

static void
test_find (gconstpointer way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autoptr (ReconConfig) config = rig_config_new ("scan/reco.conf", "reconstruction.axis", "middle", NULL);
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconAxisResult) found = find (client, config, &settings, &error);

  g_assert_no_error (error);
  g_assert_cmpint (found->confidence, >=, RECON_AXIS_CONFIDENCE_MEDIUM);
  g_assert_cmpfloat_with_epsilon (found->axis, AXIS, 0.25);
  g_assert_cmpfloat (found->uncertainty, >=, 0);
  g_assert_cmpfloat (found->middle, ==, 79.5);
  g_assert_cmpstr (found->reason, !=, "");
  g_assert_false (found->half);
  g_assert_cmpuint (found->n_rows, >=, 1);
  g_assert_cmpuint (found->n_candidates, >=, 3);
  for (guint i = 1; i < found->n_candidates; i++)
    g_assert_cmpfloat (found->candidates[i], >, found->candidates[i - 1]);

  rig_client_free (client);
}

/* Nothing but the beam. No axis is no error, and NaN does not travel as a number. */
static void
test_blank (gconstpointer way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autoptr (ReconConfig) config =
      rig_config_new ("blank/reco.conf", "input.projections", "blank/flats", "input.angles", "", "reconstruction.axis",
                      "middle", NULL);
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconAxisResult) found = find (client, config, &settings, &error);

  g_assert_no_error (error);
  g_assert_cmpint (found->confidence, ==, RECON_AXIS_CONFIDENCE_NONE);
  g_assert_true (isnan (found->axis));
  g_assert_cmpstr (found->reason, !=, "");

  rig_client_free (client);
}

static void
test_settings (gconstpointer way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autoptr (ReconConfig) config = rig_config_new ("scan/reco.conf", "reconstruction.axis", "middle", NULL);
  ReconAxisSettings settings = { .method = RECON_AXIS_WEDGE, .rows = "3,8", .low = 60, .high = 90 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconAxisResult) found = find (client, config, &settings, &error);
  g_autoptr (ReconAxisResult) none = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (found->method, ==, RECON_AXIS_WEDGE);
  g_assert_cmpuint (found->n_rows, ==, 2);
  g_assert_cmpfloat (found->rows[0].row, ==, 3);
  g_assert_cmpfloat (found->rows[1].row, ==, 8);

  /* Errors keep their domain and say what was wrong. */
  settings.rows = "5000";
  none = find (client, config, &settings, &error);
  g_assert_null (none);
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, RECON_ERROR);
  g_assert_nonnull (strstr (error->message, "5000"));

  rig_client_free (client);
}

static void
test_wrong_calls (gconstpointer way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GError) error = NULL;

  g_variant_dict_insert (&options, "method", "s", "guess");
  g_assert_null (rig_raw_call (raw, "FindAxis", g_variant_new ("(s@a{sv})", "", g_variant_dict_end (&options)),
                               &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, "guess"));
  g_clear_error (&error);

  g_assert_null (rig_raw_call (raw, "FindAxis", g_variant_new ("(sa{sv})", "[input]\nbin = many\n", NULL), &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_clear_error (&error);

  /* There is nothing to cancel. */
  g_variant_unref (rig_raw_call (raw, "CancelFindAxis", g_variant_new ("(u)", 5), &error));
  g_assert_no_error (error);

  rig_raw_free (raw);
}

static void
call (RigRaw        *raw,
      guint          number,
      GAsyncResult **result)
{
  g_autofree char *text = NULL;
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  text = rig_config_read ("scan/reco.conf");
  g_variant_dict_insert (&options, "search", "u", number);
  g_dbus_connection_call (raw->connection, NULL, RECON_WORKER_PATH, RECON_WORKER_INTERFACE, "FindAxis",
                          g_variant_new ("(s@a{sv})", text, g_variant_dict_end (&options)), NULL,
                          G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, found_cb, result);
}

static void
assert_cancelled (RigRaw       *raw,
                  GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (g_dbus_connection_call_finish (raw->connection, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The worker itself says that it has ended the search. */
static void
test_cancel_number (gconstpointer way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  call (raw, 7, &first);
  g_variant_unref (rig_raw_call (raw, "CancelFindAxis", g_variant_new ("(u)", 7), &error));
  g_assert_no_error (error);
  rig_wait (first != NULL);
  assert_cancelled (raw, first);

  /* Another number is another search. */
  call (raw, 8, &second);
  g_variant_unref (rig_raw_call (raw, "CancelFindAxis", g_variant_new ("(u)", 7), &error));
  g_assert_no_error (error);
  rig_wait (second != NULL);
  reply = g_dbus_connection_call_finish (raw->connection, second, &error);
  g_assert_no_error (error);

  rig_raw_free (raw);
}

static void
test_newer (gconstpointer way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  call (raw, 1, &first);
  call (raw, 2, &second);
  rig_wait (first != NULL && second != NULL);
  assert_cancelled (raw, first);
  reply = g_dbus_connection_call_finish (raw->connection, second, &error);
  g_assert_no_error (error);

  rig_raw_free (raw);
}

/* A worker whose client leaves ends, although a search is under way: the rig waits for it. */
static void
test_left (gconstpointer way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_autoptr (GAsyncResult) result = NULL;

  call (raw, 1, &result);
  g_dbus_connection_flush_sync (raw->connection, NULL, NULL);
  rig_raw_free (raw);
  rig_wait (result != NULL);
}

/* The client's own cancellable, while the worker starts and while it searches; the next search is not concerned. */
static void
test_cancellable (gconstpointer way)
{
  g_auto (GStrv) argv = rig_argv (GPOINTER_TO_INT (way));
  ReconClient *client = recon_client_new ((const char *const *) argv);
  g_autoptr (ReconConfig) config = rig_config_new ("scan/reco.conf", NULL);
  const ReconAxisSettings settings = RECON_AXIS_SETTINGS_INIT;

  recon_client_start (client);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GAsyncResult) next = NULL;
      g_autoptr (ReconAxisResult) found = NULL;
      g_autoptr (GError) error = NULL;

      recon_client_find_axis_async (client, config, &settings, cancellable, found_cb, &result);
      g_cancellable_cancel (cancellable);
      recon_client_find_axis_async (client, config, &settings, NULL, found_cb, &next);
      rig_wait (result != NULL && next != NULL);
      g_assert_null (recon_client_find_axis_finish (client, result, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
      found = recon_client_find_axis_finish (client, next, &error);
      g_assert_no_error (error);
      g_assert_cmpint (found->confidence, !=, RECON_AXIS_CONFIDENCE_NONE);
    }

  rig_client_free (client);
}

/* Without a worker: what is told is what is heard, and what is not complete is refused. */
static void
test_message (void)
{
  ReconAxisRow rows[] = { { 1, 2, 0.5, 0.25, TRUE }, { 3, NAN, NAN, 0, FALSE } };
  double candidates[] = { 1, 2, 3 }, scores[] = { 0.5, 1, 0.25 };
  ReconAxisResult result = {
    .axis = 2, .uncertainty = 0.5, .middle = 3.5, .confidence = RECON_AXIS_CONFIDENCE_LOW,
    .reason = (char *) "because", .tilt = NAN, .drift = -1.5, .drift_uncertainty = 0.125, .middle_row = 4,
    .method = RECON_AXIS_FULL_TURN, .half = TRUE,
    .overlap = 12, .rows = rows, .n_rows = 2, .candidates = candidates, .scores = scores, .n_candidates = 3,
  };
  g_autoptr (GVariant) told = g_variant_ref_sink (recon_axis_result_to_message (&result));
  g_autoptr (ReconAxisResult) heard = NULL;
  g_autoptr (GVariant) tilt = g_variant_lookup_value (told, "tilt", NULL);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (told);
  g_autoptr (GVariant) broken = NULL;
  g_autoptr (GError) error = NULL;

  heard = recon_axis_result_from_message (told, &error);
  g_assert_no_error (error);
  g_assert_null (tilt);
  g_assert_true (isnan (heard->tilt));
  g_assert_cmpfloat (heard->drift, ==, -1.5);
  g_assert_cmpfloat (heard->drift_uncertainty, ==, 0.125);
  g_assert_true (recon_axis_result_drifts (heard));
  g_assert_cmpfloat (heard->axis, ==, 2);
  g_assert_cmpfloat (heard->uncertainty, ==, 0.5);
  g_assert_cmpfloat (heard->middle, ==, 3.5);
  g_assert_cmpfloat (heard->middle_row, ==, 4);
  g_assert_cmpint (heard->confidence, ==, RECON_AXIS_CONFIDENCE_LOW);
  g_assert_cmpstr (heard->reason, ==, "because");
  g_assert_cmpint (heard->method, ==, RECON_AXIS_FULL_TURN);
  g_assert_true (heard->half);
  g_assert_cmpfloat (heard->overlap, ==, 12);
  g_assert_cmpuint (heard->n_rows, ==, 2);
  g_assert_cmpfloat (heard->rows[0].score, ==, 0.25);
  g_assert_true (heard->rows[0].used);
  g_assert_true (isnan (heard->rows[1].axis));
  g_assert_cmpuint (heard->n_candidates, ==, 3);
  g_assert_cmpmem (heard->candidates, sizeof candidates, candidates, sizeof candidates);
  g_assert_cmpmem (heard->scores, sizeof scores, scores, sizeof scores);

  g_variant_dict_insert_value (&dict, "scores",
                               g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, scores, 2, sizeof (double)));
  broken = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_assert_null (recon_axis_result_from_message (broken, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_message_refused (void)
{
  static const struct
  {
    const char *confidence, *method;
    double      uncertainty;
  } cases[] = { { "sure", "auto", 1 }, { "high", "guess", 1 }, { "high", "auto", -1 }, { "high", "auto", NAN } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
      g_autoptr (GVariant) told = NULL;
      g_autoptr (GError) error = NULL;

      g_variant_dict_insert (&dict, "confidence", "s", cases[i].confidence);
      g_variant_dict_insert (&dict, "method", "s", cases[i].method);
      g_variant_dict_insert (&dict, "axis", "d", 5.0);
      g_variant_dict_insert (&dict, "uncertainty", "d", cases[i].uncertainty);
      told = g_variant_ref_sink (g_variant_dict_end (&dict));
      g_assert_null (recon_axis_result_from_message (told, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *name;
    void      (*test) (gconstpointer way);
  } cases[] = {
    { "find", test_find },       { "blank", test_blank },   { "settings", test_settings },
    { "wrong-calls", test_wrong_calls }, { "cancel-number", test_cancel_number }, { "newer", test_newer },
    { "left", test_left },       { "cancellable", test_cancellable },
  };
  int status;

  g_test_init (&argc, &argv, NULL);

  shared = test_folder_new ();
  test_run_expect (shared, 0, "", "phantom scan --width=160 --rows=12 --angles=240 --axis=%g --no-truth", AXIS);
  test_run_expect (shared, 0, "", "phantom blank --width=160 --rows=12 --angles=2 --flats=120 --no-truth");
  g_assert_cmpint (g_chdir (shared), ==, 0);

  for (guint way = 0; way < RIG_N_WAYS; way++)
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      {
        g_autofree char *name = g_strdup_printf ("/axis/%s/%s", rig_way_name (way), cases[i].name);

        g_test_add_data_func (name, GUINT_TO_POINTER (way), cases[i].test);
      }
  g_test_add_func ("/axis/message", test_message);
  g_test_add_func ("/axis/message/refused", test_message_refused);

  status = g_test_run ();
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  test_folder_remove (shared);

  return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "graph/ledger.h"
#include "support.h"

static JsonNode *
make_header (void)
{
  return json_from_string ("{ \"slices\": 10, \"configuration\": { \"a\": \"b\" } }", NULL);
}

static void
test_round_trip (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "ledger.jsonl", NULL);
  g_autoptr (JsonNode) header = make_header ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconLedger) ledger = recon_ledger_create (path, header, &error);
  g_autoptr (ReconLedger) again = NULL;
  guint8 finished[10] = { 0 };
  const guint8 expected[10] = { 0, 0, 1, 1, 1, 0, 0, 0, 1, 1 };

  g_assert_no_error (error);
  g_assert_true (recon_ledger_record (ledger, 2, 3, &error));
  /* A range that reaches beyond the job's slices is cut. */
  g_assert_true (recon_ledger_record (ledger, 8, 100, &error));
  g_assert_true (recon_ledger_close (ledger, &error));

  again = recon_ledger_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (recon_ledger_get_header (again), "slices"), ==, 10);
  g_assert_cmpuint (recon_ledger_get_finished (again, finished, 10), ==, 5);
  g_assert_cmpmem (finished, 10, expected, 10);

  test_folder_remove (folder);
}

/* The job was killed while it wrote a line: that line doesn't count, and the next one isn't glued to it. */
static void
test_torn_line (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "ledger.jsonl", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconLedger) ledger = NULL;
  g_autoptr (ReconLedger) again = NULL;
  g_autofree char *text = NULL;
  guint8 finished[10] = { 0 };

  g_assert_true (g_file_set_contents (path, "{\"slices\":10}\n{\"finished\":[0,2]}\n{\"finished\":[2,", -1, NULL));
  ledger = recon_ledger_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (recon_ledger_get_finished (ledger, finished, 10), ==, 2);
  g_assert_true (recon_ledger_record (ledger, 5, 1, &error));
  g_assert_true (recon_ledger_close (ledger, &error));

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "{\"slices\":10}\n{\"finished\":[0,2]}\n{\"finished\":[5,1]}\n");

  again = recon_ledger_open (path, &error);
  memset (finished, 0, sizeof finished);
  g_assert_cmpuint (recon_ledger_get_finished (again, finished, 10), ==, 3);

  test_folder_remove (folder);
}

static void
test_damaged (void)
{
  static const char *const texts[] = { "", "no ledger\n", "[1, 2]\n", "{\"slices\": 1}" };
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "ledger.jsonl", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      g_assert_null (recon_ledger_open (path, &error));
      g_assert_error (error, RECON_ERROR, RECON_ERROR_RESUME);
      g_assert_nonnull (strstr (error->message, path));
    }

  test_folder_remove (folder);
}

/* Whatever a line says, only ranges count. */
static void
test_odd_lines (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "ledger.jsonl", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconLedger) ledger = NULL;
  guint8 finished[4] = { 0 };

  g_assert_true (g_file_set_contents (path,
                                      "{\"slices\":4}\n{\"finished\":[-1,2]}\n{\"finished\":3}\n{\"note\":1}\n"
                                      "{\"finished\":[1]}\n{\"finished\":[99999999999,1]}\n{\"finished\":[3,1]}\n",
                                      -1, NULL));
  ledger = recon_ledger_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (recon_ledger_get_finished (ledger, finished, 4), ==, 1);
  g_assert_cmpuint (finished[3], ==, 1);

  test_folder_remove (folder);
}

/* One job at a time: while one has the ledger open, no other can start, resume or take the place. */
static void
test_lock (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "ledger.jsonl", NULL);
  g_autoptr (JsonNode) header = make_header ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconLedger) ledger = NULL;

  g_assert_true (recon_ledger_check_free (path, &error));
  ledger = recon_ledger_create (path, header, &error);
  g_assert_no_error (error);

  g_assert_false (recon_ledger_check_free (path, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (recon_ledger_open (path, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (recon_ledger_create (path, header, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);

  /* The refused ones have left it as it was. */
  g_assert_true (recon_ledger_record (ledger, 0, 1, &error));
  g_clear_pointer (&ledger, recon_ledger_free);
  g_assert_true (recon_ledger_check_free (path, &error));
  ledger = recon_ledger_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (recon_ledger_get_header (ledger), "slices"), ==, 10);

  test_folder_remove (folder);
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (recon_ledger_open ("/nowhere/ledger.jsonl", &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_RESUME);
  g_assert_nonnull (strstr (error->message, "without --resume"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ledger/round-trip", test_round_trip);
  g_test_add_func ("/ledger/torn-line", test_torn_line);
  g_test_add_func ("/ledger/damaged", test_damaged);
  g_test_add_func ("/ledger/odd-lines", test_odd_lines);
  g_test_add_func ("/ledger/lock", test_lock);
  g_test_add_func ("/ledger/missing", test_missing);

  return g_test_run ();
}

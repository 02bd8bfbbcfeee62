/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "command.h"
#include "form/field.h"
#include "form/form.h"
#include "support.h"

/* The form with a real worker: what it says must find its row. */

#define PATIENCE_SECONDS 60

static char *
make_path (const char *folder,
           const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
set_path (ReconDocument  *document,
          ReconParameter  parameter,
          const char     *folder,
          const char     *name)
{
  g_autofree char *path = make_path (folder, name);
  g_autoptr (GError) error = NULL;

  recon_document_set (document, parameter, path, &error);
  g_assert_no_error (error);
}

static guint
get_n_problems (ReconForm *form)
{
  guint n;

  g_object_get (form, "n-problems", &n, NULL);

  return n;
}

/* Until the form has an answer of that kind. */
static void
wait_for (ReconForm *form,
          gboolean   well)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;

  while (well ? recon_form_get_resolved (form) == NULL || get_n_problems (form) > 0 : get_n_problems (form) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }
}

/* What is wrong with a value shows on the row, and nowhere else; and it is well again without. */
static void
assert_problem (ReconDocument  *document,
                ReconForm      *form,
                ReconParameter  parameter,
                const char     *bad,
                ReconParameter  expected,
                const char     *part)
{
  g_autoptr (GError) error = NULL;
  ReconField *row = RECON_FIELD (recon_form_get_row (form, expected));

  g_test_message ("%s = %s", recon_parameter_get_spec (parameter)->name, bad);
  recon_document_end_visit (document);
  recon_document_set (document, parameter, bad, &error);
  g_assert_no_error (error);
  wait_for (form, FALSE);
  g_assert_cmpuint (get_n_problems (form), ==, 1);
  g_assert_cmpint (recon_field_get_level (row), ==, RECON_FIELD_ERROR);
  if (strstr (recon_field_get_note (row), part) == NULL)
    g_error ("\"%s\" lacks \"%s\"", recon_field_get_note (row), part);
  g_assert_null (strstr (recon_field_get_note (row), "input."));
  g_assert_null (strstr (recon_field_get_note (row), "--"));

  recon_document_end_visit (document);
  recon_document_undo (document);
  wait_for (form, TRUE);
}

static void
test_scan (ReconDocument *document,
           ReconForm     *form,
           const char    *folder)
{
  ReconField *axis = RECON_FIELD (recon_form_get_row (form, RECON_PARAM_AXIS));
  ReconField *projections = RECON_FIELD (recon_form_get_row (form, RECON_PARAM_PROJECTIONS));
  g_autofree char *small = make_path (folder, "small/flats");
  g_autofree char *radios = make_path (folder, "scan/projections");
  g_autofree char *summary = NULL;

  wait_for (form, TRUE);
  g_assert_cmpstr (recon_field_get_note (projections), ==, "30 images, 24 × 8, 16 bit");
  g_object_get (form, "summary", &summary, NULL);
  g_assert_true (g_str_has_prefix (summary, "8 slices, 24 × 24, "));
  g_assert_cmpstr (recon_field_get_note (axis), ==,
                   "No rotation axis is given: taking the middle of the detector, 11.5 px. Give it with “Axis”.");
  g_assert_cmpint (recon_field_get_level (axis), ==, RECON_FIELD_WARNING);

  /* Said by the form or by the worker, whoever is first. */
  assert_problem (document, form, RECON_PARAM_FLATS, small, RECON_PARAM_FLATS,
                  " but projections are 24 × 8. Choose flats of the same size.");
  assert_problem (document, form, RECON_PARAM_FLATS, "/nowhere", RECON_PARAM_FLATS, "/nowhere does not exist");
  assert_problem (document, form, RECON_PARAM_PROJECTIONS, "/nowhere", RECON_PARAM_PROJECTIONS, "does not exist");
  assert_problem (document, form, RECON_PARAM_AXIS, "5000", RECON_PARAM_AXIS, "outside the detector");
  assert_problem (document, form, RECON_PARAM_Y_STOP, "5000", RECON_PARAM_Y_STOP, "have 8 rows");
  assert_problem (document, form, RECON_PARAM_PROJECTION_STOP, "5000", RECON_PARAM_PROJECTION_STOP, "there are 30");
  assert_problem (document, form, RECON_PARAM_CROP_LEFT, "24", RECON_PARAM_CROP_LEFT, "No columns are left");
  assert_problem (document, form, RECON_PARAM_ANGLES, "/nowhere", RECON_PARAM_ANGLES, "/nowhere");
  assert_problem (document, form, recon_parameter ("reconstruction.roi"), "0,0,100,100",
                  recon_parameter ("reconstruction.roi"), "");
  assert_problem (document, form, RECON_PARAM_OUTPUT_PATH, radios, RECON_PARAM_OUTPUT_PATH, "Path");
}

static void
test_worker (void)
{
  const char *const argv[] = { g_getenv ("RECONSTRUCT"), "worker", "--stdio", NULL };
  g_autofree char *folder = test_folder_new ();
  g_autoptr (ReconDocument) document = recon_document_new ();
  g_autoptr (ReconClient) client = recon_client_new (argv);
  g_autoptr (ReconForm) form = NULL;

  test_run_expect (folder, 0, "", "phantom scan --no-truth --width=24 --rows=8 --angles=30");
  test_run_expect (folder, 0, "", "phantom small --no-truth --width=16 --rows=8 --angles=30");

  form = g_object_ref_sink (RECON_FORM (recon_form_new (document, client)));
  set_path (document, RECON_PARAM_PROJECTIONS, folder, "scan/projections");
  set_path (document, RECON_PARAM_DARKS, folder, "scan/darks");
  set_path (document, RECON_PARAM_FLATS, folder, "scan/flats");
  set_path (document, RECON_PARAM_OUTPUT_PATH, folder, "slices");

  /* The worker comes later than the values. */
  recon_client_start (client);
  test_scan (document, form, folder);

  recon_client_stop (client);
  test_folder_remove (g_steal_pointer (&folder));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/form/worker", test_worker);

  return g_test_run ();
}

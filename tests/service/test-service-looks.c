/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "command.h"
#include "support.h"
#include "test-hdf5.h"
#include "test-tiff.h"
#include "wire/worker-image.h"
#include "worker-rig.h"

/* What a worker does without any device: it looks at files, and answers wrong calls. All of it over a socket and over
 * pipes. */

typedef struct
{
  char *folder;
  char *conf;
} Fixture;

#define N_ANGLES 90

static void
set_up (Fixture       *fixture,
        gconstpointer  way)
{
  fixture->folder = test_folder_new ();
  fixture->conf = g_build_filename (fixture->folder, "scan", "reco.conf", NULL);
  test_run_expect (fixture->folder, 0, "", "phantom scan --width=32 --rows=7 --angles=%u --axis=14.5 --no-truth",
                   N_ANGLES);
  /* The scan's configuration has paths from there on, and the worker is where we are. */
  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  way)
{
  g_free (fixture->conf);
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  test_folder_remove (fixture->folder);
}

static void
test_inspect (Fixture       *fixture,
              gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autofree char *path = g_build_filename (fixture->folder, "scan", "projections", NULL);
  g_autofree char *missing = g_build_filename (fixture->folder, "nowhere", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) contents = rig_inspect (client, path, &error);
  g_autoptr (GVariant) none = NULL;
  g_autoptr (GVariant) notes = NULL;
  const char *layout, *type;
  guint n, height, width;

  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (contents, "layout", "&s", &layout));
  g_assert_cmpstr (layout, ==, "TIFF series");
  g_assert_true (g_variant_lookup (contents, "projections", "(uuu&s)", &n, &height, &width, &type));
  g_assert_cmpuint (n, ==, N_ANGLES);
  g_assert_cmpuint (height, ==, 7);
  g_assert_cmpuint (width, ==, 32);
  g_assert_cmpstr (type, ==, "uint16");
  g_assert_false (g_variant_lookup (contents, "darks", "(uuu&s)", &n, &height, &width, &type));
  g_assert_true (g_variant_lookup (contents, "n-angles", "u", &n));
  g_assert_cmpuint (n, ==, 0);
  notes = g_variant_lookup_value (contents, "notes", G_VARIANT_TYPE_STRING_ARRAY);
  g_assert_nonnull (notes);

  /* Domain, code and text of an error come through. */
  none = rig_inspect (client, missing, &error);
  g_assert_null (none);
  g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, missing));
  g_assert_false (g_dbus_error_is_remote_error (error));

  rig_client_free (client);
}

static void
assert_pair (GVariant   *found,
             const char *dict,
             const char *name,
             const char *expected)
{
  g_autoptr (GVariant) pairs = g_variant_lookup_value (found, dict, G_VARIANT_TYPE ("a{ss}"));
  const char *text = NULL;

  g_assert_nonnull (pairs);
  g_assert_true (g_variant_lookup (pairs, name, "&s", &text));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_find_scan (Fixture       *fixture,
                gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autofree char *copy = g_build_filename (fixture->folder, "scan", "dark.tif", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) found = rig_find_scan (client, "scan", &error);
  g_autoptr (GVariant) unclear = NULL;
  g_autoptr (GVariant) questions = NULL;
  g_autoptr (GVariant) question = NULL;
  g_autoptr (GVariant) notes = NULL;
  g_autofree const char **candidates = NULL;
  g_autoptr (GVariant) none = NULL;
  const char *parameter;

  g_assert_no_error (error);
  assert_pair (found, "values", "input.projections", "scan/projections");
  assert_pair (found, "values", "input.darks", "scan/darks");
  assert_pair (found, "values", "input.flats", "scan/flats");
  assert_pair (found, "values", "input.angles", "scan/angles.txt");
  assert_pair (found, "reasons", "input.darks", "10 images of 32 × 7: the folder is named darks");
  questions = g_variant_lookup_value (found, "questions", G_VARIANT_TYPE ("aa{sv}"));
  g_assert_cmpuint (g_variant_n_children (questions), ==, 0);
  notes = g_variant_lookup_value (found, "notes", G_VARIANT_TYPE_STRING_ARRAY);
  g_assert_nonnull (notes);
  g_clear_pointer (&questions, g_variant_unref);

  /* Other darks make a question. */
  test_tiff_write (copy, &(TestTiff) { .width = 32, .height = 7, .type = RECON_SAMPLE_UINT16 }, NULL);
  unclear = rig_find_scan (client, "scan", &error);
  g_assert_no_error (error);
  questions = g_variant_lookup_value (unclear, "questions", G_VARIANT_TYPE ("aa{sv}"));
  g_assert_cmpuint (g_variant_n_children (questions), ==, 1);
  question = g_variant_get_child_value (questions, 0);
  g_assert_true (g_variant_lookup (question, "parameter", "&s", &parameter));
  g_assert_cmpstr (parameter, ==, "input.darks");
  g_assert_true (g_variant_lookup (question, "candidates", "^a&s", &candidates));
  g_assert_cmpuint (g_strv_length ((char **) candidates), ==, 2);

  none = rig_find_scan (client, "nowhere", &error);
  g_assert_null (none);
  g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);

  rig_client_free (client);
}

/* The dictionary of a dataset. */
static GVariant *
find_dataset (GVariant   *contents,
              const char *path)
{
  g_autoptr (GVariant) datasets = g_variant_lookup_value (contents, "datasets", G_VARIANT_TYPE ("aa{sv}"));

  g_assert_nonnull (datasets);
  for (gsize i = 0; i < g_variant_n_children (datasets); i++)
    {
      g_autoptr (GVariant) dataset = g_variant_get_child_value (datasets, i);
      const char *present;

      g_assert_true (g_variant_lookup (dataset, "path", "&s", &present));
      if (g_str_equal (present, path))
        return g_steal_pointer (&dataset);
    }

  g_error ("There is no %s", path);
}

/* Of a file that is not clear, what there is to choose from; and then the same of what was chosen. */
static void
test_datasets (Fixture       *fixture,
               gconstpointer  way)
{
  const TestHdf5Storage storage = { .type = H5T_STD_U16LE };
  const gsize dims[3] = { 4, 3, 2 };
  const double values[24] = { 1, 2, 3 };
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autofree char *file = g_build_filename (fixture->folder, "several.h5", NULL);
  g_autofree char *path = g_strconcat (file, ":/räume/b", NULL);
  g_autoptr (GVariant) contents = NULL;
  g_autoptr (GVariant) dataset = NULL;
  g_autoptr (GVariant) chosen = NULL;
  g_autoptr (GVariant) named = NULL;
  g_autoptr (GVariant) dimensions = NULL;
  g_autoptr (GVariant) left_out = NULL;
  g_autoptr (GError) error = NULL;
  const char *text;
  gboolean is;

  test_hdf5_write (file, "/a", &storage, 3, dims, values);
  test_hdf5_write (file, "/räume/b", &storage, 3, dims, values);

  contents = rig_inspect (client, file, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (contents, "problem", "&s", &text));
  g_assert_nonnull (strstr (text, "holds several stacks of images"));
  g_assert_false (g_variant_lookup (contents, "layout", "&s", &text));
  g_assert_false (g_variant_lookup (contents, "file-layout", "&s", &text));
  g_assert_true (g_variant_lookup (contents, "file", "&s", &text));
  g_assert_cmpstr (text, ==, file);
  g_assert_true (g_variant_lookup (contents, "datasets-complete", "b", &is));
  g_assert_true (is);
  left_out = g_variant_lookup_value (contents, "datasets-left-out", G_VARIANT_TYPE ("au"));
  g_assert_cmpuint (g_variant_n_children (left_out), ==, 5);

  dataset = find_dataset (contents, "/räume/b");
  dimensions = g_variant_ref_sink (g_variant_new_parsed ("@at [4, 3, 2]"));
  named = g_variant_lookup_value (dataset, "dimensions", G_VARIANT_TYPE ("at"));
  g_assert_true (g_variant_equal (named, dimensions));
  g_assert_true (g_variant_lookup (dataset, "type", "&s", &text));
  g_assert_cmpstr (text, ==, "uint16");
  g_assert_false (g_variant_lookup (dataset, "chosen", "b", &is));
  g_assert_false (g_variant_lookup (dataset, "refusal", "&s", &text));

  g_clear_pointer (&contents, g_variant_unref);
  contents = rig_inspect (client, path, &error);
  g_assert_no_error (error);
  g_assert_false (g_variant_lookup (contents, "problem", "&s", &text));
  g_assert_true (g_variant_lookup (contents, "layout", "&s", &text));
  g_assert_cmpstr (text, ==, "HDF5 dataset");
  chosen = find_dataset (contents, "/räume/b");
  g_assert_true (g_variant_lookup (chosen, "chosen", "b", &is));
  g_assert_true (is);

  rig_client_free (client);
}

static void
check_number (GVariant   *resolved,
              const char *key,
              guint       expected)
{
  guint value;

  g_assert_true (g_variant_lookup (resolved, key, "u", &value));
  g_assert_cmpuint (value, ==, expected);
}

/* Folders that have to be made can be, and are not left. */
static void
check_far_away (Fixture     *fixture,
               ReconClient *client,
               ReconConfig *config)
{
  g_autofree char *outer = g_build_filename (fixture->folder, "new", NULL);
  g_autofree char *path = g_build_filename (outer, "and", "newer", "slices", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) resolved = NULL;

  recon_config_parse (config, RECON_PARAM_OUTPUT_PATH, path, NULL);
  resolved = rig_resolve (client, config, &error);
  g_assert_no_error (error);
  g_assert_false (g_variant_lookup (resolved, "output-problem", "&s", NULL));
  g_assert_false (g_file_test (outer, G_FILE_TEST_EXISTS));
}

/* What lies at the output's place and can't be one is known before a run, too. */
static void
check_impossible (Fixture     *fixture,
                  ReconClient *client,
                  ReconConfig *config)
{
  g_autofree char *file = g_build_filename (fixture->folder, "notes", NULL);
  g_autofree char *folder = g_build_filename (fixture->folder, "mine", NULL);
  g_autofree char *foreign = g_build_filename (folder, "reco.conf", NULL);
  g_autofree char *stack = g_build_filename (fixture->folder, "folder.tif", NULL);
  const char *const paths[] = { file, "/dev/null", folder, stack };

  g_assert_true (g_file_set_contents (file, "mine", -1, NULL));
  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  g_assert_cmpint (g_mkdir (stack, 0777), ==, 0);
  g_assert_true (g_file_set_contents (foreign, "mine", -1, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) resolved = NULL;
      const char *text;

      recon_config_parse (config, RECON_PARAM_OUTPUT_PATH, paths[i], NULL);
      resolved = rig_resolve (client, config, &error);
      g_assert_no_error (error);
      g_assert_true (g_variant_lookup (resolved, "output-problem", "&s", &text));
      g_assert_nonnull (strstr (text, paths[i]));
    }
}

static void
test_resolve (Fixture       *fixture,
              gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autofree char *out = g_build_filename (fixture->folder, "out", NULL);
  g_autofree char *earlier = g_build_filename (out, "slice_00003.tif", NULL);
  g_autofree char *projections = g_build_filename (fixture->folder, "scan", "projections", NULL);
  g_autoptr (ReconConfig) config = rig_config_new (fixture->conf, "output.path", out, "input.y-start", "2", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) resolved = rig_resolve (client, config, &error);
  g_autoptr (GVariant) again = NULL;
  g_autoptr (GVariant) searched = NULL;
  g_autoptr (GVariant) unwritable = NULL;
  g_autoptr (GVariant) inside = NULL;
  g_autoptr (GVariant) wrong = NULL;
  TestTiff how = { .width = 3, .height = 3 };
  guint first, second;
  guint64 bytes;
  double value;
  gboolean correct;
  const char *text;

  g_assert_no_error (error);
  check_number (resolved, "width", 32);
  check_number (resolved, "width-as-read", 32);
  check_number (resolved, "n-slices", 5);
  check_number (resolved, "n-angles", N_ANGLES);
  check_number (resolved, "slice-width", 32);
  check_number (resolved, "slice-height", 32);
  g_assert_true (g_variant_lookup (resolved, "output-bytes", "t", &bytes));
  g_assert_cmpuint (bytes, ==, 5 * 32 * 32 * 4);
  g_assert_true (g_variant_lookup (resolved, "axis", "d", &value));
  g_assert_cmpfloat (value, ==, 14.5);
  g_assert_true (g_variant_lookup (resolved, "first-angle", "d", &value));
  g_assert_cmpfloat_with_epsilon (value, 0, 1e-9);
  g_assert_true (g_variant_lookup (resolved, "last-angle", "d", &value));
  g_assert_cmpfloat_with_epsilon (value, G_PI * (N_ANGLES - 1) / N_ANGLES, 1e-9);
  g_assert_true (g_variant_lookup (resolved, "correct", "b", &correct));
  g_assert_true (correct);
  g_assert_true (g_variant_lookup (resolved, "opposite", "(uu)", &first, &second));
  g_assert_cmpuint (first, ==, 0);
  g_assert_cmpuint (second, ==, N_ANGLES - 1);
  g_assert_false (g_variant_lookup (resolved, "output-exists", "&s", &text));
  g_assert_false (g_variant_lookup (resolved, "output-problem", "&s", &text));

  /* An axis that has to be found is not looked for yet. */
  recon_config_parse (config, RECON_PARAM_AXIS, "auto", NULL);
  searched = rig_resolve (client, config, &error);
  g_assert_no_error (error);
  g_assert_false (g_variant_lookup (searched, "axis", "d", &value));
  check_number (searched, "width-as-read", 32);
  recon_config_parse (config, RECON_PARAM_AXIS, "14.5", NULL);

  /* An earlier result is told; it is no error. */
  g_assert_cmpint (g_mkdir (out, 0777), ==, 0);
  test_tiff_write (earlier, &how, NULL);
  again = rig_resolve (client, config, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (again, "output-exists", "&s", &text));
  g_assert_nonnull (strstr (text, "1 slice"));

  /* Where nothing can be made that is known before a run, and nothing is left of the attempt. */
  recon_config_parse (config, RECON_PARAM_OUTPUT_PATH, "/proc/no/such/folder", NULL);
  unwritable = rig_resolve (client, config, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (unwritable, "output-problem", "&s", &text));
  g_assert_nonnull (strstr (text, "/proc/no"));
  check_far_away (fixture, client, config);
  check_impossible (fixture, client, config);

  /* Nor is an output that can't be: the scan can still be looked at. */
  recon_config_parse (config, RECON_PARAM_OUTPUT_PATH, projections, NULL);
  inside = rig_resolve (client, config, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (inside, "output-problem", "&s", &text));
  g_assert_nonnull (strstr (text, "Choose another --output"));

  recon_config_parse (config, RECON_PARAM_Y_STOP, "1", NULL);
  wrong = rig_resolve (client, config, &error);
  g_assert_null (wrong);
  g_assert_true (error->domain == RECON_ERROR);

  rig_client_free (client);
}

/* An image of more than one message's worth, where it is sent inline. */
static void
test_read_image (Fixture       *fixture,
                 gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  g_autofree char *path = g_build_filename (fixture->folder, "large.tif", NULL);
  TestTiff how = { .width = 2900, .height = 3001, .n_pages = 2, .type = RECON_SAMPLE_UINT16 };
  g_autoptr (ReconWorkerImage) image = NULL;
  g_autoptr (ReconWorkerImage) last = NULL;
  g_autoptr (GError) error = NULL;
  const float *pixels;
  gsize size;

  test_tiff_write (path, &how, NULL);
  image = rig_read_image (client, path, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (recon_image_get_width (image->image), ==, how.width);
  g_assert_cmpuint (recon_image_get_height (image->image), ==, how.height);
  g_assert_cmpuint (image->full_width, ==, how.width);
  g_assert_cmpuint (image->n_images, ==, 2);
  g_assert_cmpuint (image->index, ==, 1);
  g_assert_cmpuint (image->number, ==, 1);
  g_assert_cmpuint (image->reduction, ==, 1);
  size = g_bytes_get_size (recon_image_get_bytes (image->image));
  g_assert_cmpuint (size, ==, (gsize) how.width * how.height * sizeof (float));
  g_assert_cmpuint (size, >, 2 * RECON_PART_BYTES);

  pixels = recon_image_get_pixels (image->image);
  for (guint row = 0; row < how.height; row++)
    for (guint column = 0; column < how.width; column++)
      {
        double expected = test_tiff_value (how.type, 1, row, column);

        if (pixels[(gsize) row * how.width + column] != (float) expected)
          g_error ("row %u, column %u: %g, not %g", row, column,
                   (double) pixels[(gsize) row * how.width + column], expected);
      }

  last = rig_read_image (client, path, 80, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (last->index, ==, 1);

  rig_client_free (client);
}

/* The pixels of an image that is sent in parts are kept until they are fetched or released, and no longer. */
static void
test_tokens (Fixture       *fixture,
             gconstpointer  unused)
{
  RigRaw *raw = rig_raw_new (RIG_PIPES);
  g_autofree char *path = g_build_filename (fixture->folder, "large.tif", NULL);
  TestTiff how = { .width = 2900, .height = 1500, .type = RECON_SAMPLE_UINT8 };
  const gsize bytes = 2900 * 1500 * 4;
  guint tokens[2];
  g_autoptr (GError) error = NULL;

  test_tiff_write (path, &how, NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GVariant) reply = rig_raw_call (raw, "ReadImage", g_variant_new ("(su)", path, 0), &error);
      g_autoptr (GVariant) told = NULL;
      g_autoptr (GVariant) pixels = NULL;

      g_assert_no_error (error);
      told = g_variant_get_child_value (reply, 0);
      pixels = g_variant_lookup_value (told, "pixels", G_VARIANT_TYPE_BYTESTRING);
      g_assert_cmpuint (g_variant_get_size (pixels), ==, RECON_PART_BYTES);
      g_assert_true (g_variant_lookup (told, "token", "u", &tokens[i]));
    }
  g_assert_cmpuint (tokens[0], !=, tokens[1]);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GVariant) beyond =
          rig_raw_call (raw, "GetPixels", g_variant_new ("(ut)", tokens[i], (guint64) bytes), &error);
      g_autoptr (GVariant) rest = NULL;
      g_autoptr (GVariant) gone = NULL;

      g_assert_null (beyond);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
      g_clear_error (&error);

      rest = i == 0 ? rig_raw_call (raw, "GetPixels", g_variant_new ("(ut)", tokens[i], (guint64) RECON_PART_BYTES),
                                    &error)
                    : rig_raw_call (raw, "ReleasePixels", g_variant_new ("(u)", tokens[i]), &error);
      g_assert_no_error (error);

      gone = rig_raw_call (raw, "GetPixels", g_variant_new ("(ut)", tokens[i], (guint64) 0), &error);
      g_assert_null (gone);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
      g_clear_error (&error);
    }

  rig_raw_free (raw);
}

static void
expect_error (RigRaw     *raw,
              GQuark      domain,
              int         code,
              const char *text,
              const char *method,
              GVariant   *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = rig_raw_call (raw, method, parameters, &error);

  g_test_message ("%s: %s", method, error != NULL ? error->message : "no error");
  g_assert_null (reply);
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, text));
}

static GVariant *
new_submission (const char *configuration,
                const char *option,
                GVariant   *value)
{
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (option != NULL)
    g_variant_dict_insert_value (&options, option, value);

  return g_variant_new ("(s@a{sv})", configuration, g_variant_dict_end (&options));
}

static void
test_wrong_calls (Fixture       *fixture,
                  gconstpointer  way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  static const char *const of_job[] = { "Start", "Cancel", "Wait", "Describe", "Remove" };

  for (gsize i = 0; i < G_N_ELEMENTS (of_job); i++)
    expect_error (raw, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no job 7", of_job[i], g_variant_new ("(u)", 7));
  expect_error (raw, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no job 7", "GetImage", g_variant_new ("(uu)", 7, 0));
  expect_error (raw, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no job 7", "Continue",
                g_variant_new ("(ua{ss}a{sv})", 7, NULL, NULL));

  /* The text of a configuration is checked at once, with file and line. */
  expect_error (raw, RECON_ERROR, RECON_ERROR_CONFIG, "line 3", "Submit",
                new_submission ("[reconstruction]\n# a comment\naxis = left\n", NULL, NULL));
  expect_error (raw, RECON_ERROR, RECON_ERROR_CONFIG, "line 2", "Resolve",
                g_variant_new ("(s)", "[input]\nbin = 0\n"));
  expect_error (raw, RECON_ERROR, RECON_ERROR_CONFIG, "no view 'cellar'", "Submit",
                new_submission ("", "view", g_variant_new_string ("cellar")));
  expect_error (raw, RECON_ERROR, RECON_ERROR_CONFIG, "1, 2 or 4", "Submit",
                new_submission ("", "reduction", g_variant_new_uint32 (3)));
  expect_error (raw, RECON_ERROR, RECON_ERROR_INPUT, "", "Inspect", g_variant_new ("(s)", ""));
  expect_error (raw, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS, "", "Start", g_variant_new ("(s)", "7"));
  expect_error (raw, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD, "", "Explode", NULL);

  rig_raw_free (raw);
}

/* The life of jobs that never run. */
static void
test_list (Fixture       *fixture,
           gconstpointer  way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_autofree char *configuration = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) waited = NULL;
  g_autoptr (GVariant) list = NULL;
  g_autoptr (GVariant) description = NULL;
  g_autoptr (GVariant) dictionary = NULL;
  g_autofree char *text = NULL;
  const char *state, *message;
  gboolean continuous;
  guint number;

  configuration = rig_config_read (fixture->conf);
  for (guint i = 1; i <= 3; i++)
    {
      g_autoptr (GVariant) reply = rig_raw_call (
          raw, "Submit", new_submission (configuration, "continuous", g_variant_new_boolean (i == 2)), &error);

      g_assert_no_error (error);
      g_variant_get (reply, "(u)", &number);
      g_assert_cmpuint (number, ==, i);
    }

  expect_error (raw, G_IO_ERROR, G_IO_ERROR_FAILED, "queued", "Continue",
                g_variant_new ("(ua{ss}a{sv})", 2, NULL, NULL));
  expect_error (raw, G_IO_ERROR, G_IO_ERROR_PENDING, "no image", "GetImage", g_variant_new ("(uu)", 2, 0));
  expect_error (raw, G_IO_ERROR, G_IO_ERROR_PENDING, "Slice 0 is not finished", "GetImage",
                g_variant_new ("(uu)", 1, 0));

  /* Without having begun, a job is cancelled at once; then it can't be started. */
  g_variant_unref (rig_raw_call (raw, "Cancel", g_variant_new ("(u)", 1), &error));
  g_assert_no_error (error);
  waited = rig_raw_call (raw, "Wait", g_variant_new ("(u)", 1), &error);
  g_assert_no_error (error);
  g_variant_get (waited, "(&s&s)", &state, &message);
  g_assert_cmpstr (state, ==, "cancelled");
  g_assert_cmpstr (message, ==, "");
  expect_error (raw, G_IO_ERROR, G_IO_ERROR_EXISTS, "Job 1", "Start", g_variant_new ("(u)", 1));

  g_variant_unref (rig_raw_call (raw, "Remove", g_variant_new ("(u)", 3), &error));
  g_assert_no_error (error);
  expect_error (raw, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no job 3", "Wait", g_variant_new ("(u)", 3));

  list = rig_raw_call (raw, "List", NULL, &error);
  g_assert_no_error (error);
  text = g_variant_print (list, FALSE);
  g_assert_cmpstr (text, ==, "([(1, 'cancelled'), (2, 'queued')],)");

  description = rig_raw_call (raw, "Describe", g_variant_new ("(u)", 2), &error);
  g_assert_no_error (error);
  dictionary = g_variant_get_child_value (description, 0);
  g_assert_true (g_variant_lookup (dictionary, "state", "&s", &state));
  g_assert_cmpstr (state, ==, "queued");
  g_assert_true (g_variant_lookup (dictionary, "continuous", "b", &continuous));
  g_assert_true (continuous);
  g_assert_true (g_variant_lookup (dictionary, "configuration", "&s", &message));
  g_assert_nonnull (strstr (message, "axis=14.5"));

  rig_raw_free (raw);
}

static void
test_version (Fixture       *fixture,
              gconstpointer  way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      raw->connection, NULL, "/org/reconstruct/Worker1", "org.freedesktop.DBus.Properties", "Get",
      g_variant_new ("(ss)", "org.reconstruct.Worker1", "Version"), G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE, -1,
      NULL, &error);
  g_autoptr (GVariant) value = NULL;

  g_assert_no_error (error);
  g_variant_get (reply, "(v)", &value);
  g_assert_cmpstr (g_variant_get_string (value, NULL), ==, RECON_VERSION);

  rig_raw_free (raw);
}

/* Neither side keeps a descriptor of a call, whether it carried an image or failed. */
static void
test_many_calls (Fixture       *fixture,
                 gconstpointer  way)
{
  RigRaw *raw = rig_raw_new (GPOINTER_TO_INT (way));
  g_autofree char *path = g_build_filename (fixture->folder, "small.tif", NULL);
  TestTiff how = { .width = 5, .height = 4 };
  GPid worker = (GPid) g_ascii_strtoll (g_subprocess_get_identifier (raw->process), NULL, 10);
  guint before = 0, of_worker = 0;

  test_tiff_write (path, &how, NULL);
  for (guint i = 0; i < 2050; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) reply = NULL;

      switch (i % 3)
        {
        case 0:
          reply = rig_raw_call (raw, "ReadImage", g_variant_new ("(su)", path, 0), &error);
          g_assert_no_error (error);
          break;
        case 1:
          reply = rig_raw_call (raw, "ReadImage", g_variant_new ("(su)", "/nowhere", 0), &error);
          g_assert_nonnull (error);
          break;
        default:
          reply = rig_raw_call (raw, "List", NULL, &error);
          g_assert_no_error (error);
        }
      /* By then both have all that they keep for good. */
      if (i == 50)
        {
          before = rig_count_fds (getpid ());
          of_worker = rig_count_fds (worker);
        }
    }
  g_assert_cmpuint (rig_count_fds (getpid ()), <=, before + 1);
  /* A message that is on its way may hold one. */
  g_assert_cmpuint (rig_count_fds (worker), <=, of_worker + 3);

  rig_raw_free (raw);
}

/* Calls that are under way when the worker is stopped end. */
static void
count_closed_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  guint *n = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) contents = recon_client_answer_finish (RECON_CLIENT (object), result, &error);

  if (contents == NULL)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
      (*n)++;
    }
  else
    *n += 1000;
}

static void
test_stop (Fixture       *fixture,
           gconstpointer  way)
{
  ReconClient *client = rig_client_new (GPOINTER_TO_INT (way));
  guint n = 0;

  for (guint i = 0; i < 20; i++)
    recon_client_inspect_async (client, "scan/projections", NULL, count_closed_cb, &n);
  recon_client_stop (client);
  g_assert_cmpint (recon_client_get_state (client), ==, RECON_CLIENT_STOPPED);
  g_assert_null (recon_client_get_lost_reason (client));
  recon_client_inspect_async (client, "scan/projections", NULL, count_closed_cb, &n);
  rig_wait (n == 21);

  /* And again. */
  recon_client_start (client);
  recon_client_inspect_async (client, "scan/projections", NULL, count_closed_cb, &n);
  rig_wait (n == 1021);
  g_assert_cmpint (recon_client_get_state (client), ==, RECON_CLIENT_READY);

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
    { "inspect", test_inspect }, { "find-scan", test_find_scan }, { "datasets", test_datasets },
    { "resolve", test_resolve },
    { "read-image", test_read_image },
    { "wrong-calls", test_wrong_calls }, { "list", test_list }, { "version", test_version },
    { "many-calls", test_many_calls }, { "stop", test_stop },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    for (guint way = 0; way < RIG_N_WAYS; way++)
      {
        g_autofree char *path = g_strdup_printf ("/service/%s/%s", rig_way_name (way), tests[i].name);

        g_test_add (path, Fixture, GUINT_TO_POINTER (way), set_up, tests[i].test, tear_down);
      }
  g_test_add ("/service/pipes/tokens", Fixture, NULL, set_up, test_tokens, tear_down);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "config/choices.h"
#include "config/config-file.h"
#include "config/config.h"
#include "options.h"
#include "support.h"

/* Walks the whole table of parameters, so that a new one is tested without a new line here. */

static gboolean
is_text (const ReconParameterSpec *spec)
{
  return spec->type == RECON_PARAMETER_TEXT || spec->type == RECON_PARAMETER_PATH;
}

static gboolean
is_numeric (const ReconParameterSpec *spec)
{
  return spec->type == RECON_PARAMETER_INTEGER || spec->type == RECON_PARAMETER_NUMBER ||
         spec->type == RECON_PARAMETER_SIZE;
}

static char *
number_text (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.17g", value));
}

static char *
whole_text (double value)
{
  return g_strdup_printf ("%.0f", value);
}

static void
add_copies (GPtrArray         *values,
            const char *const *texts)
{
  for (gsize i = 0; texts[i] != NULL; i++)
    g_ptr_array_add (values, g_strdup (texts[i]));
}

/* Texts that a parameter must take: extremes, words in any case, values between. */
static GPtrArray *
valid_values (ReconParameter parameter)
{
  static const char *const texts[] = {
    "", "a b", " leading", "trailing ", "\tboth\t", "C:\\data\\new\\", "#hash;semi=colon[x]", "µ/ä €/%05d*.tif",
    "file.h5:/entry/data", "\\s\\n", "'\"", NULL,
  };
  static const char *const booleans[] = { "Yes", "TRUE", "true", "on", "1", "No", "False", "OFF", "0", " yes ", NULL };
  static const char *const boxes[] = {
    "0,0,1,1", " 3, 4 ,50,60 ", "2147483647,2147483647,2147483647,2147483647", NULL,
  };
  static const char *const sizes[] = { "500M", "1.5G", "16GiB", "16 gb", "20000001", "100000000B", "99.5m", NULL };
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);
  g_autofree const char **words = recon_parameter_get_words (parameter);
  guint state = parameter;

  g_ptr_array_add (values, g_strdup (spec->initial));
  add_copies (values, words);
  for (gsize i = 0; words[i] != NULL; i++)
    g_ptr_array_add (values, g_ascii_strup (words[i], -1));

  if (is_text (spec))
    add_copies (values, texts);
  else if (spec->type == RECON_PARAMETER_BOOLEAN)
    add_copies (values, booleans);
  else if (spec->type == RECON_PARAMETER_BOX)
    add_copies (values, boxes);
  else if (spec->type == RECON_PARAMETER_SIZE)
    add_copies (values, sizes);

  if (is_numeric (spec))
    for (guint i = 0; i < 12; i++)
      {
        double part = i < 2 ? i : test_random (&state);
        double value = spec->minimum * (1 - part) + spec->maximum * part;

        g_ptr_array_add (values, spec->type == RECON_PARAMETER_NUMBER ? number_text (value) : whole_text (value));
      }

  return values;
}

static GPtrArray *
invalid_values (ReconParameter parameter)
{
  static const char *const everywhere[] = { "", " ", "nonsense", "nan", "inf", "-inf", "0x10", "12px", "1e999", NULL };
  static const char *const lines[] = { "two\nlines", "carriage\rreturn", "\xff\xfe", NULL };
  static const char *const boxes[] = {
    "1,2,3", "1,2,3,4,5", "0,0,0,1", "0,0,1,0", "-1,0,1,1", "0,0,1,2147483648", "1;2;3;4", "1.5,0,2,2", NULL,
  };
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);

  add_copies (values, lines);
  if (!is_text (spec))
    add_copies (values, everywhere);
  if (spec->type == RECON_PARAMETER_BOX)
    add_copies (values, boxes);
  if (spec->words == NULL && !is_text (spec))
    g_ptr_array_add (values, g_strdup ("auto"));

  if (spec->type == RECON_PARAMETER_NUMBER && spec->maximum < G_MAXDOUBLE)
    {
      g_ptr_array_add (values, number_text (nextafter (spec->minimum, -INFINITY)));
      g_ptr_array_add (values, number_text (nextafter (spec->maximum, INFINITY)));
    }
  else if (is_numeric (spec) && spec->type != RECON_PARAMETER_NUMBER)
    {
      g_ptr_array_add (values, whole_text (spec->minimum - 1));
      g_ptr_array_add (values, whole_text (spec->maximum + 1));
    }
  if (spec->type == RECON_PARAMETER_INTEGER)
    {
      g_ptr_array_add (values, g_strdup ("1.5"));
      g_ptr_array_add (values, g_strdup ("99999999999999999999"));
    }

  return values;
}

static void
test_records (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      g_autofree char *name = g_strdup_printf ("%s.%s", spec->section, spec->key);
      g_autofree char *property = g_strdup_printf ("%s-%s", spec->section, spec->key);
      g_autofree char *range = recon_parameter_spec_describe_range (recon_parameter_get_spec (i));
      g_autofree char *description = recon_parameter_spec_describe (recon_parameter_get_spec (i));
      ReconParameter found;

      g_test_message ("%s", name);
      g_assert_cmpstr (spec->name, ==, name);
      g_assert_cmpstr (spec->property, ==, property);
      g_assert_true (g_hash_table_add (names, (char *) spec->name));
      g_assert_cmpuint (strlen (recon_section_find (spec->section)->title), >, 0);
      g_assert_true (recon_parameter_find (spec->section, spec->key, &found));
      g_assert_cmpuint (found, ==, i);

      g_assert_cmpuint (strlen (spec->help), >=, 10);
      g_assert_true (g_ascii_isalpha (spec->help[0]));
      g_assert_false (g_str_has_suffix (spec->help, "."));
      g_assert_null (strchr (spec->help, '\n'));
      g_assert_cmpuint (strlen (range), >, 0);
      g_assert_nonnull (strstr (description, spec->initial));
      if (spec->words != NULL)
        g_assert_cmpstr (spec->automatic, ==, spec->words[0]);
      for (guint w = 0; spec->words != NULL && spec->words[w] != NULL; w++)
        g_assert_nonnull (strstr (range, spec->words[w]));
      if (is_numeric (spec))
        g_assert_cmpfloat (spec->minimum, <, spec->maximum);
      g_assert_true ((spec->choices != NULL) == (spec->type == RECON_PARAMETER_CHOICE));
      /* "no-" is for switching off. */
      g_assert_false (g_str_has_prefix (spec->key, "no-"));
    }
}

static void
test_defaults (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      g_autofree char *text = recon_config_format (config, i);

      /* recon_config_is_default() compares texts: the table must have the canonical ones. */
      g_assert_cmpstr (text, ==, spec->initial);
      g_assert_true (recon_config_is_default (config, i));
      g_assert_true (recon_config_is_automatic (config, i) ==
                     (spec->words != NULL && g_strv_contains (spec->words, spec->initial)));
      g_assert_true (recon_config_is_automatic (config, i) == (recon_config_get_word (config, i) != NULL));
    }
}

static void
assert_same (ReconConfig    *a,
             ReconConfig    *b,
             ReconParameter  parameter)
{
  g_autofree char *a_text = recon_config_format (a, parameter);
  g_autofree char *b_text = recon_config_format (b, parameter);

  g_assert_cmpstr (a_text, ==, b_text);
  g_assert_true (recon_config_is_automatic (a, parameter) == recon_config_is_automatic (b, parameter));
  g_assert_cmpstr (recon_config_get_word (a, parameter), ==, recon_config_get_word (b, parameter));
}

static void
check_key_file (ReconConfig    *config,
                ReconParameter  parameter)
{
  for (guint comments = 0; comments < 2; comments++)
    {
      g_autofree char *data = recon_config_to_data (config, comments);
      g_autoptr (ReconConfig) read = recon_config_new ();
      g_autoptr (GError) error = NULL;

      recon_config_load_data (read, data, strlen (data), "test", NULL, &error);
      g_assert_no_error (error);
      assert_same (config, read, parameter);
    }
}

static void
check_json (ReconConfig    *config,
            ReconParameter  parameter)
{
  g_autoptr (JsonNode) node = recon_config_to_json (config);
  g_autofree char *text = json_to_string (node, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) parsed = json_from_string (text, &error);
  g_autoptr (ReconConfig) read = recon_config_new ();

  g_assert_no_error (error);
  recon_config_set_json (read, parsed, &error);
  g_assert_no_error (error);
  assert_same (config, read, parameter);
}

static void
check_property (ReconConfig    *config,
                ReconParameter  parameter)
{
  const char *property = recon_parameter_get_spec (parameter)->property;
  g_autoptr (ReconConfig) other = recon_config_new ();
  g_autofree char *text = NULL;

  g_object_get (config, property, &text, NULL);
  g_object_set (other, property, text, NULL);
  assert_same (config, other, parameter);
}

static void
check_option (ReconConfig    *config,
              ReconParameter  parameter,
              const char     *first,
              const char     *second)
{
  char *arguments[] = { (char *) "tomo", (char *) first, (char *) second, NULL };
  char **argv = arguments;
  int argc = second != NULL ? 3 : 2;
  g_auto (ReconOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  recon_options_parse (&options, &argc, &argv, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (argc, ==, 1);
  assert_same (config, options.config, parameter);
}

static void
check_options (ReconConfig    *config,
               ReconParameter  parameter,
               const char     *value)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  g_autofree char *full = g_strdup_printf ("--%s=%s", spec->name, value);
  g_autofree char *full_name = g_strdup_printf ("--%s", spec->name);
  g_autofree char *key = g_strdup_printf ("--%s=%s", spec->key, value);
  g_autofree char *key_name = g_strdup_printf ("--%s", spec->key);

  check_option (config, parameter, full, NULL);
  check_option (config, parameter, full_name, value);
  if (spec->option == spec->key)
    {
      check_option (config, parameter, key, NULL);
      check_option (config, parameter, key_name, value);
    }
}

static void
test_round_trips (void)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autoptr (GPtrArray) values = valid_values (i);

      for (guint k = 0; k < values->len; k++)
        {
          const char *value = g_ptr_array_index (values, k);
          g_autoptr (ReconConfig) config = recon_config_new ();
          g_autoptr (ReconConfig) again = recon_config_new ();
          g_autoptr (GError) error = NULL;
          g_autofree char *text = NULL;

          g_test_message ("%s is '%s'", recon_parameter_get_spec (i)->name, value);
          recon_config_parse (config, i, value, &error);
          g_assert_no_error (error);

          text = recon_config_format (config, i);
          recon_config_parse (again, i, text, &error);
          g_assert_no_error (error);
          assert_same (config, again, i);

          check_key_file (config, i);
          check_json (config, i);
          check_property (config, i);
          check_options (config, i, value);
        }
    }
}

/* Saves and loads files in which every parameter has one of its values, until each value has had its turn. */
static void
test_saved_files (void)
{
  gboolean more = TRUE;

  for (guint round = 0; more; round++)
    {
      g_autoptr (ReconConfig) config = recon_config_new ();
      g_autoptr (ReconConfig) read = recon_config_new ();
      g_autoptr (GError) error = NULL;

      more = FALSE;
      for (guint i = 0; i < recon_parameter_count (); i++)
        {
          g_autoptr (GPtrArray) values = valid_values (i);

          more = more || round + 1 < values->len;
          recon_config_parse (config, i, g_ptr_array_index (values, round % values->len), &error);
          g_assert_no_error (error);
        }

      recon_config_save (config, "saved.conf", &error);
      g_assert_no_error (error);
      recon_config_load (read, "saved.conf", NULL, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < recon_parameter_count (); i++)
        assert_same (config, read, i);
    }
}

static void
check_refused (ReconParameter  parameter,
               const char     *value)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autofree char *range = recon_parameter_spec_describe_range (recon_parameter_get_spec (parameter));
  g_autofree char *shown = g_strescape (value, NULL);
  g_autoptr (GError) error = NULL;

  g_test_message ("%s must not be '%s'", spec->name, shown);
  g_assert_false (recon_config_parse (config, parameter, value, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_true (g_str_has_prefix (error->message, spec->name));
  g_assert_null (strchr (error->message, '\n'));
  if (!is_text (spec))
    g_assert_nonnull (strstr (error->message, range));
  g_assert_true (recon_config_is_default (config, parameter));
}

static void
test_refusals (void)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autoptr (GPtrArray) values = invalid_values (i);

      for (guint k = 0; k < values->len; k++)
        check_refused (i, g_ptr_array_index (values, k));
    }
}

static void
check_switch (ReconParameter  parameter,
              const char     *prefix,
              const char     *name,
              gboolean        expected)
{
  g_autofree char *option = g_strdup_printf ("--%s%s", prefix, name);
  char *arguments[] = { (char *) "tomo", option, NULL };
  char **argv = arguments;
  int argc = 2;
  g_auto (ReconOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  recon_options_parse (&options, &argc, &argv, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (argc, ==, 1);
  g_assert_false (recon_config_is_automatic (options.config, parameter));
  g_assert_true (recon_config_get_boolean (options.config, parameter) == expected);
}

static void
test_switches (void)
{
  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);

      if (spec->type != RECON_PARAMETER_BOOLEAN)
        continue;

      check_switch (i, "", spec->name, TRUE);
      check_switch (i, "no-", spec->name, FALSE);
      if (spec->option == spec->key)
        {
          check_switch (i, "", spec->key, TRUE);
          check_switch (i, "no-", spec->key, FALSE);
        }
    }
}

static void
test_choices (void)
{
  const struct
  {
    ReconParameter  parameter;
    guint           n;
    guint           value;
    const char     *word;
  } expected[] = {
    { RECON_PARAM_ANGLE_UNIT, 2, RECON_ANGLE_UNIT_DEGREE, "degree" },
    { RECON_PARAM_ROTATE, 4, RECON_ROTATE_90, "90" },
    { RECON_PARAM_ROTATE, 4, RECON_ROTATE_270, "270" },
    { RECON_PARAM_FLIP, 3, RECON_FLIP_HORIZONTAL, "horizontal" },
    { RECON_PARAM_FLIP, 3, RECON_FLIP_VERTICAL, "vertical" },
    { recon_parameter ("flat-field.method"), 2, RECON_REDUCTION_MEDIAN, "median" },
    { RECON_PARAM_METHOD, 1, RECON_METHOD_FBP, "fbp" },
    { recon_parameter ("reconstruction.filter"), 8, RECON_FILTER_SHEPP_LOGAN, "shepp-logan" },
    { recon_parameter ("reconstruction.filter"), 8, RECON_FILTER_COSINE, "cosine" },
    { recon_parameter ("reconstruction.filter"), 8, RECON_FILTER_HANN, "hann" },
    { recon_parameter ("reconstruction.filter"), 8, RECON_FILTER_HAMMING, "hamming" },
    { recon_parameter ("reconstruction.filter"), 8, RECON_FILTER_PARZEN, "parzen" },
    { recon_parameter ("reconstruction.filter"), 8, RECON_FILTER_BUTTERWORTH, "butterworth" },
    { recon_parameter ("reconstruction.filter"), 8, RECON_FILTER_NONE, "none" },
    { recon_parameter ("reconstruction.padding"), 3, RECON_PADDING_EDGE, "edge" },
    { recon_parameter ("reconstruction.padding"), 3, RECON_PADDING_MIRROR, "mirror" },
    { RECON_PARAM_OUTPUT_FORMAT, 3, RECON_OUTPUT_FORMAT_TIFF_STACK, "tiff-stack" },
    { RECON_PARAM_OUTPUT_FORMAT, 3, RECON_OUTPUT_FORMAT_HDF5, "hdf5" },
    { RECON_PARAM_OUTPUT_TYPE, 3, RECON_OUTPUT_TYPE_UINT16, "uint16" },
    { RECON_PARAM_OUTPUT_TYPE, 3, RECON_OUTPUT_TYPE_UINT8, "uint8" },
    { RECON_PARAM_COMPRESSION, 3, RECON_COMPRESSION_DEFLATE, "deflate" },
    { RECON_PARAM_COMPRESSION, 3, RECON_COMPRESSION_LZW, "lzw" },
    { recon_parameter ("compute.kernel"), 3, RECON_KERNEL_PLAIN, "plain" },
    { recon_parameter ("compute.kernel"), 3, RECON_KERNEL_DIRECT, "direct" },
    { recon_parameter ("compute.kernel"), 3, RECON_KERNEL_MERGED, "merged" },
    { RECON_PARAM_VARIANT, 2, RECON_VARIANT_CPU, "cpu" },
    { RECON_PARAM_VARIANT, 2, RECON_VARIANT_GPU, "gpu" },
  };
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (ReconConfig) config = recon_config_new ();
      g_autoptr (GError) error = NULL;

      recon_config_parse (config, expected[i].parameter, expected[i].word, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (recon_config_get_choice (config, expected[i].parameter), ==, expected[i].value);
      g_assert_cmpuint (g_strv_length ((char **) recon_parameter_get_spec (expected[i].parameter)->choices), ==,
                        expected[i].n);
      g_hash_table_add (seen, GUINT_TO_POINTER (expected[i].parameter));
    }

  /* Those of tasks have their values in the files of the tasks. */
  for (guint i = 0; i < RECON_N_FIXED_PARAMETERS; i++)
    if (recon_parameter_get_spec (i)->type == RECON_PARAMETER_CHOICE)
      g_assert_true (g_hash_table_contains (seen, GUINT_TO_POINTER (i)));
}

int
main (int    argc,
      char **argv)
{
  char *folder = test_folder_new ();
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (g_chdir (folder), ==, 0);

  g_test_add_func ("/parameter-table/records", test_records);
  g_test_add_func ("/parameter-table/defaults", test_defaults);
  g_test_add_func ("/parameter-table/choices", test_choices);
  g_test_add_func ("/parameter-table/round-trips", test_round_trips);
  g_test_add_func ("/parameter-table/saved-files", test_saved_files);
  g_test_add_func ("/parameter-table/refusals", test_refusals);
  g_test_add_func ("/parameter-table/switches", test_switches);

  status = g_test_run ();

  g_assert_cmpint (g_chdir ("/"), ==, 0);
  test_folder_remove (folder);

  return status;
}

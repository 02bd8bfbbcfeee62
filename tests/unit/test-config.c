/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "config/config-file.h"
#include "config/config.h"
#include "config/text.h"

static void
set (ReconConfig    *config,
     ReconParameter  parameter,
     const char     *text)
{
  g_autoptr (GError) error = NULL;

  recon_config_parse (config, parameter, text, &error);
  g_assert_no_error (error);
}

static void
assert_text (ReconConfig    *config,
             ReconParameter  parameter,
             const char     *expected)
{
  g_autofree char *text = recon_config_format (config, parameter);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_refused (ReconParameter  parameter,
                const char     *text,
                const char     *message)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (recon_config_parse (config, parameter, text, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_numbers (void)
{
  static const struct
  {
    double      value;
    const char *text;
  } expected[] = {
    { 0.0, "0" },
    { -0.0, "-0" },
    { 0.1, "0.1" },
    { 1e-6, "1e-6" },
    { 234.5, "234.5" },
    { 1e20, "1e20" },
    { -1.5e-300, "-1.5e-300" },
    { 123456789012345680.0, "1.2345678901234568e17" },
    { 1.0 / 3.0, "0.3333333333333333" },
    { 0.1 + 0.2, "0.30000000000000004" },
    { G_MAXDOUBLE, "1.7976931348623157e308" },
    { 5e-324, "4.94065645841247e-324" },
  };
  double value;

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *text = recon_number_to_text (expected[i].value);

      g_assert_cmpstr (text, ==, expected[i].text);
      g_assert_true (recon_number_from_text (text, &value));
      g_assert_cmpfloat (value, ==, expected[i].value);
    }

  g_assert_true (recon_number_from_text ("-0", &value));
  g_assert_false (signbit (value));
  g_assert_true (recon_number_from_text ("+1.50E+2", &value));
  g_assert_cmpfloat (value, ==, 150.0);
  g_assert_false (recon_number_from_text ("1.5.2", &value));
  g_assert_false (recon_number_from_text ("1e", &value));
  g_assert_false (recon_number_from_text ("0x1p3", &value));
}

static void
test_sizes (void)
{
  static const struct
  {
    const char *given;
    guint64     bytes;
    const char *text;
  } expected[] = {
    { "0", 0, "0" },
    { "1000", 1000, "1000" },
    { "1024", 1024, "1K" },
    { "1.5K", 1536, "1536" },
    { "500M", G_GUINT64_CONSTANT (524288000), "500M" },
    { "1.5G", G_GUINT64_CONSTANT (1610612736), "1536M" },
    { "16GiB", G_GUINT64_CONSTANT (17179869184), "16G" },
    { "16 gb", G_GUINT64_CONSTANT (17179869184), "16G" },
    { "2T", G_GUINT64_CONSTANT (2199023255552), "2T" },
    { "2048T", G_GUINT64_CONSTANT (2251799813685248), "2048T" },
    { "12B", 12, "12" },
  };
  static const char *const refused[] = { "", "G", "1X", "1GX", "1iB", "-1G", "1e3", "9999999T", "1.2.3G", "1GiBs" };
  guint64 bytes;

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *text = NULL;

      g_assert_true (recon_size_from_text (expected[i].given, &bytes));
      g_assert_cmpuint (bytes, ==, expected[i].bytes);
      text = recon_size_to_text (bytes);
      g_assert_cmpstr (text, ==, expected[i].text);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_false (recon_size_from_text (refused[i], &bytes));
}

static void
test_nearest (void)
{
  static const char *const words[] = { "ramp", "shepp-logan", "none", NULL };

  g_assert_cmpuint (recon_edit_distance ("", ""), ==, 0);
  g_assert_cmpuint (recon_edit_distance ("", "abc"), ==, 3);
  g_assert_cmpuint (recon_edit_distance ("kitten", "sitting"), ==, 3);
  g_assert_cmpuint (recon_edit_distance ("rmap", "ramp"), ==, 1);
  g_assert_cmpuint (recon_edit_distance ("Y_START", "y-start"), ==, 0);

  g_assert_cmpstr (recon_nearest_word ("rmap", words), ==, "ramp");
  g_assert_cmpstr (recon_nearest_word ("shep-logan", words), ==, "shepp-logan");
  g_assert_null (recon_nearest_word ("butterworth", words));
  g_assert_null (recon_nearest_word ("x", words));

  g_assert_cmpstr (recon_parameter_nearest ("reconstruction", "axsi"), ==, "reconstruction.axis");
  g_assert_cmpstr (recon_parameter_nearest (NULL, "mehtod"), ==, "flat-field.method");
  g_assert_cmpstr (recon_parameter_nearest ("reconstruction", "mehtod"), ==, "reconstruction.method");
  g_assert_cmpstr (recon_parameter_nearest ("output", "axis"), ==, "reconstruction.axis");
  g_assert_null (recon_parameter_nearest ("output", "colour"));
}

static void
test_nearest_long (void)
{
  g_autofree char *edge = g_strnfill (64, 'a');
  g_autofree char *over = g_strnfill (65, 'a');
  g_autofree char *huge = g_strnfill (1000000, 'x');

  g_assert_cmpuint (recon_edit_distance (edge, edge), ==, 0);
  g_assert_cmpuint (recon_edit_distance (edge, ""), ==, 64);
  g_assert_cmpuint (recon_edit_distance (over, over), ==, G_MAXUINT);
  g_assert_false (recon_names_similar (over, over));
  g_assert_null (recon_parameter_nearest (huge, huge));
}

static void
test_abridge (void)
{
  g_autofree char *line = recon_text_abridge ("a\nb\tc");
  g_autofree char *invalid = recon_text_abridge ("a\xff");
  g_autofree char *huge = g_strnfill (1000000, 'x');
  g_autofree char *abridged = recon_text_abridge (huge);

  g_assert_cmpstr (line, ==, "a b c");
  g_assert_true (g_utf8_validate (invalid, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (abridged, -1), ==, 81);
  g_assert_true (g_str_has_suffix (abridged, "…"));
}

static void
test_find (void)
{
  ReconParameter parameter;

  g_assert_true (recon_parameter_find ("reconstruction", "axis", &parameter));
  g_assert_cmpuint (parameter, ==, RECON_PARAM_AXIS);
  g_assert_false (recon_parameter_find ("output", "axis", NULL));
  g_assert_true (recon_parameter_find_name ("flat-field.correct", &parameter));
  g_assert_cmpuint (parameter, ==, recon_parameter ("flat-field.correct"));
  g_assert_false (recon_parameter_find_name ("axis", NULL));
  g_assert_cmpstr (recon_parameter_get_spec (RECON_PARAM_AXIS)->option, ==, "axis");
  g_assert_cmpstr (recon_parameter_get_spec (recon_parameter ("flat-field.method"))->option, ==, "flat-field.method");
}

static void
test_getters (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  ReconBox box;

  set (config, RECON_PARAM_AXIS, " 234.50 ");
  set (config, RECON_PARAM_Y_STOP, "100");
  set (config, recon_parameter ("flat-field.correct"), "True");
  set (config, recon_parameter ("reconstruction.filter"), "Hann");
  set (config, RECON_PARAM_MEMORY_LIMIT, "1.5GiB");
  set (config, recon_parameter ("reconstruction.roi"), "1, 2, 30, 40");
  set (config, RECON_PARAM_DARKS, " darks ");

  g_assert_cmpfloat (recon_config_get_number (config, RECON_PARAM_AXIS), ==, 234.5);
  g_assert_cmpint (recon_config_get_integer (config, RECON_PARAM_Y_STOP), ==, 100);
  g_assert_true (recon_config_get_boolean (config, recon_parameter ("flat-field.correct")));
  g_assert_cmpuint (recon_config_get_choice (config, recon_parameter ("reconstruction.filter")), ==, 3);
  g_assert_cmpuint (recon_config_get_size (config, RECON_PARAM_MEMORY_LIMIT), ==, G_GUINT64_CONSTANT (1610612736));
  g_assert_cmpstr (recon_config_get_text (config, RECON_PARAM_DARKS), ==, " darks ");
  box = recon_config_get_box (config, recon_parameter ("reconstruction.roi"));
  g_assert_cmpint (box.x0, ==, 1);
  g_assert_cmpint (box.y0, ==, 2);
  g_assert_cmpint (box.width, ==, 30);
  g_assert_cmpint (box.height, ==, 40);

  assert_text (config, RECON_PARAM_AXIS, "234.5");
  assert_text (config, recon_parameter ("flat-field.correct"), "yes");
  assert_text (config, recon_parameter ("reconstruction.filter"), "hann");
  assert_text (config, RECON_PARAM_MEMORY_LIMIT, "1536M");
  assert_text (config, recon_parameter ("reconstruction.roi"), "1,2,30,40");
}

static void
test_automatic (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  ReconBox box;

  set (config, RECON_PARAM_AXIS, "3");
  set (config, RECON_PARAM_AXIS, "MIDDLE");
  set (config, recon_parameter ("flat-field.correct"), "yes");
  set (config, recon_parameter ("flat-field.correct"), "Auto");
  set (config, recon_parameter ("reconstruction.roi"), "1,2,3,4");
  set (config, recon_parameter ("reconstruction.roi"), "all");

  g_assert_true (recon_config_is_automatic (config, RECON_PARAM_AXIS));
  assert_text (config, RECON_PARAM_AXIS, "middle");
  g_assert_true (isnan (recon_config_get_number (config, RECON_PARAM_AXIS)));
  g_assert_cmpint (recon_config_get_integer (config, RECON_PARAM_Y_STOP), ==, -1);
  g_assert_true (recon_config_is_automatic (config, recon_parameter ("flat-field.correct")));
  g_assert_false (recon_config_get_boolean (config, recon_parameter ("flat-field.correct")));
  g_assert_cmpuint (recon_config_get_size (config, RECON_PARAM_MEMORY_LIMIT), ==, 0);
  g_assert_cmpuint (recon_config_get_choice (config, RECON_PARAM_OUTPUT_FORMAT), ==, 0);
  box = recon_config_get_box (config, recon_parameter ("reconstruction.roi"));
  g_assert_cmpint (box.x0 + box.y0 + box.width + box.height, ==, 0);
}

/* A parameter may be left to the program in several ways. */
static void
test_words (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconConfig) read = recon_config_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autofree const char **words = recon_parameter_get_words (RECON_PARAM_AXIS);
  g_autofree char *range = recon_parameter_spec_describe_range (recon_parameter_get_spec (RECON_PARAM_AXIS));
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (words[0], ==, "middle");
  g_assert_cmpstr (words[1], ==, "auto");
  g_assert_null (words[2]);
  g_assert_cmpstr (range, ==, "-1000000…1000000, middle or auto");
  g_assert_cmpstr (recon_config_get_word (config, RECON_PARAM_AXIS), ==, "middle");

  set (config, RECON_PARAM_AXIS, " AUTO ");
  assert_text (config, RECON_PARAM_AXIS, "auto");
  g_assert_cmpstr (recon_config_get_word (config, RECON_PARAM_AXIS), ==, "auto");
  g_assert_true (recon_config_is_automatic (config, RECON_PARAM_AXIS));
  g_assert_false (recon_config_is_default (config, RECON_PARAM_AXIS));
  g_assert_true (isnan (recon_config_get_number (config, RECON_PARAM_AXIS)));

  node = recon_config_to_json (config);
  g_assert_true (recon_config_set_json (read, node, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (recon_config_get_word (read, RECON_PARAM_AXIS), ==, "auto");

  recon_config_reset (read, RECON_PARAM_AXIS);
  data = recon_config_to_data (config, TRUE);
  g_assert_true (recon_config_load_data (read, data, strlen (data), "test", NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (recon_config_get_word (read, RECON_PARAM_AXIS), ==, "auto");

  set (config, RECON_PARAM_AXIS, "7.5");
  g_assert_null (recon_config_get_word (config, RECON_PARAM_AXIS));
  assert_refused (RECON_PARAM_AXIS, "atuo",
                  "reconstruction.axis is 'atuo'. It must be a number in px: -1000000…1000000, middle or auto; did you "
                  "mean 'auto'?");
  assert_refused (RECON_PARAM_PIXEL_SIZE, "middle",
                  "reconstruction.pixel-size is 'middle'. It must be a number in µm: 1e-6…1000000 or auto.");
}

static void
test_messages (void)
{
  assert_refused (recon_parameter ("reconstruction.filter"), "rmap",
                  "reconstruction.filter is 'rmap'. It must be one of ramp, shepp-logan, cosine, hann, hamming, "
                  "parzen, butterworth, none; did you mean 'ramp'?");
  assert_refused (RECON_PARAM_AXIS, "left",
                  "reconstruction.axis is 'left'. It must be a number in px: -1000000…1000000, middle or auto.");
  assert_refused (RECON_PARAM_AXIS, "midle",
                  "reconstruction.axis is 'midle'. It must be a number in px: -1000000…1000000, middle or auto; did "
                  "you mean 'middle'?");
  assert_refused (recon_parameter ("flat-field.dark-scale"), "1,5",
                  "flat-field.dark-scale is '1,5'. It must be a number: 0…1000000. Decimals follow a point, "
                  "not a comma.");
  assert_refused (RECON_PARAM_BIN, "65", "input.bin is '65'. It must be a whole number in px: 1…64.");
  assert_refused (recon_parameter ("reconstruction.circle"), "maybe",
                  "reconstruction.circle is 'maybe'. It must be one of yes, no.");
  assert_refused (RECON_PARAM_METHOD, "sirt", "reconstruction.method is 'sirt'. It must be fbp.");
  assert_refused (RECON_PARAM_PROJECTIONS, "a\nb", "input.projections is 'a b'. It must be one line of UTF-8 text.");
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    user_data)
{
  guint *count = user_data;

  (*count)++;
}

static void
test_properties (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autofree char *text = NULL;
  guint n_axis = 0;
  guint n_all = 0;

  g_signal_connect (config, "notify::reconstruction-axis", G_CALLBACK (count_cb), &n_axis);
  g_signal_connect (config, "notify", G_CALLBACK (count_cb), &n_all);

  g_object_set (config, "reconstruction-axis", "12.50", NULL);
  g_assert_cmpuint (n_axis, ==, 1);
  g_object_get (config, "reconstruction-axis", &text, NULL);
  g_assert_cmpstr (text, ==, "12.5");

  g_object_set (config, "reconstruction-axis", "1.25e1", NULL);
  set (config, RECON_PARAM_AXIS, "12.5");
  g_assert_cmpuint (n_axis, ==, 1);

  g_assert_false (recon_config_parse (config, RECON_PARAM_AXIS, "no number", NULL));
  g_assert_cmpuint (n_axis, ==, 1);
  assert_text (config, RECON_PARAM_AXIS, "12.5");

  g_object_set (config, "reconstruction-axis", NULL, NULL);
  g_assert_true (recon_config_is_default (config, RECON_PARAM_AXIS));
  g_assert_cmpuint (n_axis, ==, 2);
  recon_config_reset (config, RECON_PARAM_AXIS);
  g_assert_cmpuint (n_axis, ==, 2);
  g_assert_cmpuint (n_all, ==, 2);
}

static void
test_copy (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconConfig) copy = NULL;
  guint n_all = 0;

  set (config, RECON_PARAM_PROJECTIONS, "scan.h5");
  set (config, RECON_PARAM_AXIS, "5");
  copy = recon_config_copy (config);
  set (config, RECON_PARAM_PROJECTIONS, "other.h5");

  g_assert_cmpstr (recon_config_get_text (copy, RECON_PARAM_PROJECTIONS), ==, "scan.h5");
  g_assert_cmpfloat (recon_config_get_number (copy, RECON_PARAM_AXIS), ==, 5.0);
  g_assert_true (recon_config_is_automatic (copy, RECON_PARAM_Y_STOP));

  g_signal_connect (copy, "notify", G_CALLBACK (count_cb), &n_all);
  recon_config_assign (copy, config);
  g_assert_cmpuint (n_all, ==, 1);
  assert_text (copy, RECON_PARAM_PROJECTIONS, "other.h5");
}

static void
test_json_types (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (JsonNode) node = NULL;
  JsonObject *root;
  JsonObject *reconstruction;

  set (config, RECON_PARAM_AXIS, "5");
  set (config, RECON_PARAM_MEMORY_LIMIT, "1G");
  node = recon_config_to_json (config);
  root = json_node_get_object (node);
  g_assert_cmpuint (json_object_get_size (root), ==, recon_section_count ());

  reconstruction = json_object_get_object_member (root, "reconstruction");
  g_assert_true (json_node_get_value_type (json_object_get_member (reconstruction, "axis")) == G_TYPE_DOUBLE);
  g_assert_true (json_node_get_value_type (json_object_get_member (reconstruction, "circle")) == G_TYPE_BOOLEAN);
  g_assert_true (json_node_get_value_type (json_object_get_member (reconstruction, "filter-order")) == G_TYPE_INT64);
  g_assert_cmpstr (json_object_get_string_member (reconstruction, "roi"), ==, "all");
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (root, "compute"), "memory-limit"), ==,
                   1073741824);
}

static void
assert_json (const char *json,
             const char *message)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (json, &error);

  g_assert_no_error (error);
  if (message == NULL)
    {
      recon_config_set_json (config, node, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat (recon_config_get_number (config, RECON_PARAM_AXIS), ==, 7.0);
      return;
    }

  g_assert_false (recon_config_set_json (config, node, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_assert_cmpstr (error->message, ==, message);
  /* Not even what came before the error. */
  for (guint i = 0; i < recon_parameter_count (); i++)
    g_assert_true (recon_config_is_default (config, i));
}

static void
test_json_input (void)
{
  g_autofree const char **sections = recon_section_get_names ();
  g_autofree char *all = g_strjoinv (", ", (char **) sections);
  g_autofree char *no_group = g_strdup_printf ("There is no group of parameters 'inputs'; there are %s.", all);

  assert_json ("{\"reconstruction\":{\"axis\":7}}", NULL);
  assert_json ("{\"reconstruction\":{\"axis\":7.0,\"filter-order\":2.0,\"circle\":true},\"output\":{}}", NULL);
  assert_json ("{\"reconstruction\":{\"axis\":\"7\"},\"compute\":{\"memory-limit\":\"1G\",\"threads\":\"auto\"}}",
               NULL);

  assert_json ("[1]", "A configuration in JSON must be an object with a member per group of parameters.");
  assert_json ("{\"input\":5}", "The JSON member 'input' must be an object of parameters.");
  assert_json ("{\"reconstruction\":{\"axis\":7},\"inputs\":{}}", no_group);
  assert_json ("{\"reconstruction\":{\"axis\":7,\"fliter\":1}}",
               "There is no parameter reconstruction.fliter; did you mean reconstruction.filter?");
  assert_json ("{\"input\":{\"bin\":8,\"projections\":5}}", "input.projections is 5. It must be a JSON string.");
  assert_json ("{\"input\":{\"projections\":null}}", "input.projections is null. It must be a JSON string.");
  assert_json ("{\"input\":{\"bin\":0}}", "input.bin is '0'. It must be a whole number in px: 1…64.");
  assert_json ("{\"input\":{\"bin\":true}}", "input.bin is 'true'. It must be a whole number in px: 1…64.");
  assert_json ("{\"input\":{\"bin\":[1]}}", "input.bin is '[1]'. It must be a whole number in px: 1…64.");
  assert_json ("{\"flat-field\":{\"dark-scale\":1e999}}",
               "flat-field.dark-scale is 'inf'. It must be a number: 0…1000000.");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/config/numbers", test_numbers);
  g_test_add_func ("/config/sizes", test_sizes);
  g_test_add_func ("/config/nearest", test_nearest);
  g_test_add_func ("/config/nearest/long", test_nearest_long);
  g_test_add_func ("/config/abridge", test_abridge);
  g_test_add_func ("/config/find", test_find);
  g_test_add_func ("/config/getters", test_getters);
  g_test_add_func ("/config/automatic", test_automatic);
  g_test_add_func ("/config/words", test_words);
  g_test_add_func ("/config/messages", test_messages);
  g_test_add_func ("/config/properties", test_properties);
  g_test_add_func ("/config/copy", test_copy);
  g_test_add_func ("/config/json/types", test_json_types);
  g_test_add_func ("/config/json/input", test_json_input);

  return g_test_run ();
}

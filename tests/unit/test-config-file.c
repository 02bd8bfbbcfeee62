/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "config/config-file.h"
#include "config/config.h"
#include "support.h"

static void
record_cb (ReconLog   *log,
           int         level,
           const char *text,
           gpointer    user_data)
{
  GString *said = user_data;

  g_assert_cmpint (level, ==, RECON_LOG_WARNING);
  g_string_append_printf (said, "%s\n", text);
}

/* Loads a text and asserts the warnings, one a line. */
static ReconConfig *
load (const char *text,
      const char *warnings)
{
  ReconConfig *config = recon_config_new ();
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_signal_connect (log, "record", G_CALLBACK (record_cb), said);
  recon_config_load_data (config, text, strlen (text), "a.conf", log, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (said->str, ==, warnings);

  return config;
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
assert_refused (const char *data,
                gssize      length,
                const char *message)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;
  /* Without a 0 at the end, so that a sanitizer sees reads past it. */
  gsize n = length < 0 ? strlen (data) : (gsize) length;
  g_autofree char *bytes = g_memdup2 (data, n);

  g_assert_false (recon_config_load_data (config, bytes, n, "a.conf", NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_assert_cmpstr (error->message, ==, message);
  for (guint i = 0; i < recon_parameter_count (); i++)
    g_assert_true (recon_config_is_default (config, i));
}

static void
test_load (void)
{
  g_autoptr (ReconConfig) config = NULL;

  config = load ("# comment\r\n[input]\r\n  projections = my scan/*.tif\r\n darks=\\sdarks\r\n; a=b\n"
                 "flats=C:\\\\flats;#1 \t\nflats-after=a\\s\n"
                 "[reconstruction]\naxis=  234.50  \ncircle=True\n\n[input]\ny-stop=END\nbin=2",
                 "a.conf, line 5: there is no parameter input.; a, it is ignored.\n");
  assert_text (config, RECON_PARAM_PROJECTIONS, "my scan/*.tif");
  assert_text (config, RECON_PARAM_DARKS, " darks");
  assert_text (config, RECON_PARAM_FLATS, "C:\\flats;#1");
  assert_text (config, RECON_PARAM_FLATS_AFTER, "a ");
  assert_text (config, RECON_PARAM_AXIS, "234.5");
  assert_text (config, recon_parameter ("reconstruction.circle"), "yes");
  assert_text (config, RECON_PARAM_Y_STOP, "end");
  assert_text (config, RECON_PARAM_BIN, "2");
}

static void
test_load_little (void)
{
  static const char *const texts[] = { "", "\n", "#", "[input]", "\xef\xbb\xbf", "\xef\xbb\xbf[input]\nbin=1" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (ReconConfig) config = load (texts[i], "");

      for (guint k = 0; k < recon_parameter_count (); k++)
        g_assert_true (recon_config_is_default (config, k));
    }
}

static void
test_keeps_others (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;

  recon_config_parse (config, RECON_PARAM_AXIS, "3", NULL);
  recon_config_parse (config, RECON_PARAM_BIN, "2", NULL);
  recon_config_load_data (config, "[input]\nbin=1\n", 14, "a.conf", NULL, &error);
  g_assert_no_error (error);
  assert_text (config, RECON_PARAM_AXIS, "3");
  assert_text (config, RECON_PARAM_BIN, "1");
}

static void
test_warnings (void)
{
  g_autoptr (ReconConfig) axis = load ("[reconstruction]\n# x\naxsi=3\nfilter=hann\n",
                                       "a.conf, line 3: there is no parameter reconstruction.axsi, it is ignored; did "
                                       "you mean reconstruction.axis?\n");
  g_autoptr (ReconConfig) moved = load ("[output]\n\naxis=3\ncolour=red\n",
                                        "a.conf, line 3: there is no parameter output.axis, it is ignored; did you "
                                        "mean reconstruction.axis?\n"
                                        "a.conf, line 4: there is no parameter output.colour, it is ignored.\n");
  g_autoptr (ReconConfig) group = load ("[reconstuction]\naxis=3\nwhat=4\n\n[general]\nx=1\n",
                                        "a.conf, line 1: there is no group [reconstuction], its keys are ignored; did "
                                        "you mean [reconstruction]?\n"
                                        "a.conf, line 5: there is no group [general], its keys are ignored.\n");
  g_autoptr (ReconConfig) twice = load ("[reconstruction]\naxis=3\n[input]\n[reconstruction]\naxis=4\n",
                                        "a.conf, line 5: reconstruction.axis is given again, after line 2; the last "
                                        "one counts.\n");

  assert_text (axis, RECON_PARAM_AXIS, "middle");
  assert_text (axis, recon_parameter ("reconstruction.filter"), "hann");
  assert_text (moved, RECON_PARAM_AXIS, "middle");
  assert_text (group, RECON_PARAM_AXIS, "middle");
  assert_text (twice, RECON_PARAM_AXIS, "4");
}

static void
test_bad_values (void)
{
  assert_refused ("[input]\nprojections=a\n\nbin=100\n", -1,
                  "a.conf, line 4: input.bin is '100'. It must be a whole number in px: 1…64.");
  assert_refused ("[reconstruction]\nfilter=rmap\n", -1,
                  "a.conf, line 2: reconstruction.filter is 'rmap'. It must be one of ramp, shepp-logan, cosine, hann, "
                  "hamming, parzen, butterworth, none; did you mean 'ramp'?");
  assert_refused ("[input]\nbin=2\nbin=x\n", -1,
                  "a.conf, line 3: input.bin is 'x'. It must be a whole number in px: 1…64.");
  assert_refused ("[input]\nprojections=C:\\data\n", -1,
                  "a.conf, line 2: input.projections is 'C:\\data'. A single backslash has a special meaning here; "
                  "write '\\\\' for one.");
  assert_refused ("[input]\nprojections=a\\nb\n", -1,
                  "a.conf, line 2: input.projections is 'a b'. It must be one line of UTF-8 text.");
}

static void
test_bad_syntax (void)
{
  assert_refused ("bin=1\n", -1,
                  "a.conf, line 1: 'bin=1' is neither '[group]', nor 'key=value' below a group, nor a comment, which "
                  "starts with '#'.");
  assert_refused ("[input]\n\nbin 1\n", -1,
                  "a.conf, line 3: 'bin 1' is neither '[group]', nor 'key=value' below a group, nor a comment, which "
                  "starts with '#'.");
  assert_refused ("#\n[input\n", -1,
                  "a.conf, line 2: '[input' is neither '[group]', nor 'key=value' below a group, nor a comment, which "
                  "starts with '#'.");
  assert_refused ("[input]\n=3", -1,
                  "a.conf, line 2: '=3' is neither '[group]', nor 'key=value' below a group, nor a comment, which "
                  "starts with '#'.");
  assert_refused ("[input]\nbin=1\n[output]\nEncoding=latin1\n[input]\nEncoding=latin1\n", -1,
                  "a.conf, line 6: 'Encoding=latin1' asks for another encoding than UTF-8. Save the file as UTF-8 and "
                  "remove the line.");
  assert_refused ("[input]\nbin=1\ndarks=\xe4\n", -1,
                  "a.conf, line 3: this is not UTF-8 text. Save the file as UTF-8, or choose a configuration file.");
  assert_refused ("[input]\n\0bin=1\n", 15,
                  "a.conf, line 2: this is not UTF-8 text. Save the file as UTF-8, or choose a configuration file.");
}

/* Pieces of key files in all orders: nothing may crash, and what is refused must say why. */
static void
test_arbitrary (void)
{
  static const char *const pieces[] = {
    "[", "]", "=", "\n", "\r", "#", "\\", " ", "input", "bin", "1", "\xff", "ä", "[input]\n", "bin=1\n", "Encoding=x\n",
    "key[de]=1\n", "[a]\n", "\t", ";",
  };
  guint state = 1;
  guint n_good = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (ReconConfig) config = recon_config_new ();
      g_autoptr (GError) error = NULL;
      guint n = (guint) (test_random (&state) * 12);

      for (guint k = 0; k < n; k++)
        g_string_append (text, pieces[(gsize) (test_random (&state) * G_N_ELEMENTS (pieces))]);

      if (recon_config_load_data (config, text->str, text->len, "a.conf", NULL, &error))
        {
          g_assert_no_error (error);
          n_good++;
        }
      else
        {
          g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
          if (!g_str_has_prefix (error->message, "a.conf, line "))
            {
              g_autofree char *shown = g_strescape (text->str, NULL);

              g_test_message ("'%s': %s", shown, error->message);
            }
          /* A syntax error without a line would mean that we and GKeyFile differ on what a line is. */
          g_assert_true (g_str_has_prefix (error->message, "a.conf, line "));
        }
    }

  g_assert_cmpuint (n_good, >, 100);
}

static void
save_over (const char *before,
           const char *after,
           ...)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  va_list changes;
  const char *text;

  if (before != NULL)
    {
      recon_config_load_data (config, before, strlen (before), "before", NULL, &error);
      g_assert_no_error (error);
      g_file_set_contents ("a.conf", before, -1, &error);
      g_assert_no_error (error);
    }

  va_start (changes, after);
  while ((text = va_arg (changes, const char *)) != NULL)
    {
      recon_config_parse (config, va_arg (changes, guint), text, &error);
      g_assert_no_error (error);
    }
  va_end (changes);

  recon_config_save (config, "a.conf", &error);
  g_assert_no_error (error);
  g_file_get_contents ("a.conf", &data, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (data, ==, after);
  g_assert_cmpint (g_unlink ("a.conf"), ==, 0);
}

static void
test_save (void)
{
  const char *file = "# My beam time\n\n[reconstruction]\n# from the log book\naxis=234.50\nfilter=ramp\n\n[mine]\n"
                     "note=keep this; please\nnote[de]=behalte das\n\n[input]\n# later\nprojections=a\\\\b\nfuture=1\n";

  /* Nothing changed: nothing changes, not even how a value is written. */
  save_over (file, file, NULL);

  save_over (file,
             "# My beam time\n\n[reconstruction]\n# from the log book\naxis=235\nfilter=ramp\n\n[mine]\n"
             "note=keep this; please\nnote[de]=behalte das\n\n[input]\n# later\nprojections=a\\\\b\nfuture=1\nbin=2\n"
             "\n[output]\npath=o\n",
             "235", RECON_PARAM_AXIS, "2", RECON_PARAM_BIN, "o", RECON_PARAM_OUTPUT_PATH, NULL);

  /* Back to the default: the key stays, with that. */
  save_over ("[reconstruction]\naxis=3\n", "[reconstruction]\naxis=middle\n", "middle", RECON_PARAM_AXIS, NULL);

  save_over ("[input]\nbin=1\nbin=3\n", "[input]\nbin=1\nbin=2\n", "2", RECON_PARAM_BIN, NULL);
  save_over (NULL, "", NULL);
  save_over (NULL, "[input]\nprojections=\\s#;\\\\ä\\s\n", " #;\\ä ", RECON_PARAM_PROJECTIONS, NULL);
}

static void
test_save_replaces_bad_value (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;

  g_file_set_contents ("a.conf", "[input]\nbin=many\nx=1\n", -1, &error);
  g_assert_no_error (error);
  recon_config_save (config, "a.conf", &error);
  g_assert_no_error (error);
  g_file_get_contents ("a.conf", &data, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (data, ==, "[input]\nbin=1\nx=1\n");
}

static void
test_save_link (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconConfig) read = recon_config_new ();
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_file_set_contents ("target.conf", "[input]\nbin=1\n", -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod ("target.conf", 0600), ==, 0);
  g_assert_cmpint (symlink ("target.conf", "link.conf"), ==, 0);

  recon_config_parse (config, RECON_PARAM_BIN, "4", NULL);
  recon_config_save (config, "link.conf", &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test ("link.conf", G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_stat ("target.conf", &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  recon_config_load (read, "target.conf", NULL, &error);
  g_assert_no_error (error);
  assert_text (read, RECON_PARAM_BIN, "4");
}

static void
assert_save_fails (const char *path,
                   ReconError  code,
                   const char *part)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (recon_config_save (config, path, &error));
  g_assert_error (error, RECON_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_save_fails (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;

  assert_save_fails ("nowhere/a.conf", RECON_ERROR_WRITE, "nowhere/a.conf: ");

  g_file_set_contents ("notes.txt", "Buy milk\n", -1, &error);
  g_assert_no_error (error);
  assert_save_fails ("notes.txt", RECON_ERROR_CONFIG, "notes.txt, line 1: 'Buy milk'");
  g_file_get_contents ("notes.txt", &data, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (data, ==, "Buy milk\n");
}

static void
assert_load_fails (const char *path,
                   const char *part)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (recon_config_load (config, path, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_load_fails (void)
{
  assert_load_fails ("missing.conf", "No such file or directory. Choose another one, or write one with "
                                     "'reconstruct init missing.conf'.");
  assert_load_fails (".", "directory");
  assert_load_fails ("/dev/zero", "more than 1048576 bytes");
}

static void
test_to_data (void)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autofree char *commented = NULL;
  g_autofree char *plain = NULL;
  g_auto (GStrv) lines = NULL;
  guint n_keys = 0;

  recon_config_parse (config, RECON_PARAM_BIN, "2", NULL);
  commented = recon_config_to_data (config, TRUE);
  plain = recon_config_to_data (config, FALSE);

  g_assert_nonnull (strstr (commented, "# Average n by n detector pixels into one before anything else\n"
                                       "# unit px, range 1…64, default 1\n"
                                       "bin=2\n"));
  g_assert_nonnull (strstr (commented, "\n# Flat-Field Correction\n[flat-field]\n"));
  g_assert_nonnull (strstr (commented, "\n# one of zero, edge, mirror; default edge\npadding=edge\n"));
  g_assert_nonnull (strstr (commented, "# Relative paths start from the folder of this file"));

  g_assert_true (g_str_has_prefix (plain, "[input]\nprojections=\n"));
  g_assert_null (strchr (plain, '#'));
  lines = g_strsplit (plain, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    n_keys += strchr (lines[i], '=') != NULL;
  g_assert_cmpuint (n_keys, ==, recon_parameter_count ());
}

int
main (int    argc,
      char **argv)
{
  char *folder = test_folder_new ();
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (g_chdir (folder), ==, 0);

  g_test_add_func ("/config-file/load", test_load);
  g_test_add_func ("/config-file/load/little", test_load_little);
  g_test_add_func ("/config-file/load/keeps-others", test_keeps_others);
  g_test_add_func ("/config-file/load/warnings", test_warnings);
  g_test_add_func ("/config-file/load/bad-values", test_bad_values);
  g_test_add_func ("/config-file/load/bad-syntax", test_bad_syntax);
  g_test_add_func ("/config-file/load/arbitrary", test_arbitrary);
  g_test_add_func ("/config-file/load/fails", test_load_fails);
  g_test_add_func ("/config-file/save", test_save);
  g_test_add_func ("/config-file/save/replaces-bad-value", test_save_replaces_bad_value);
  g_test_add_func ("/config-file/save/link", test_save_link);
  g_test_add_func ("/config-file/save/fails", test_save_fails);
  g_test_add_func ("/config-file/to-data", test_to_data);

  status = g_test_run ();

  g_assert_cmpint (g_chdir ("/"), ==, 0);
  test_folder_remove (folder);

  return status;
}

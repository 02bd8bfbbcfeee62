/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/printable.h"

static void
test_texts (void)
{
  static const struct
  {
    const char *text;
    const char *as_text;
    const char *as_line;
  } cases[] = {
    { "", "", "" },
    { "Größe 5 µm → 7", "Größe 5 µm → 7", "Größe 5 µm → 7" },
    { "a\tb\nc", "a\tb\nc", "a\tb\\x0ac" },
    { "\x1b[2Jx\x07\r", "\\x1b[2Jx\\x07\\x0d", "\\x1b[2Jx\\x07\\x0d" },
    { "\x7f\x08", "\\x7f\\x08", "\\x7f\\x08" },
    /* The same orders as single characters, and the direction of writing. */
    { "\xc2\x9b\x32J", "\\x9b2J", "\\x9b2J" },
    { "a\xe2\x80\xae" "b\xe2\x81\xa6", "a\\u202eb\\u2066", "a\\u202eb\\u2066" },
    { "a\xff" "b", "a\xef\xbf\xbd" "b", "a\xef\xbf\xbd" "b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = recon_printable_text (cases[i].text);
      g_autofree char *line = recon_printable_line (cases[i].text);

      g_assert_cmpstr (text, ==, cases[i].as_text);
      g_assert_cmpstr (line, ==, cases[i].as_line);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/printable/texts", test_texts);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "options.h"

#include <glib/gi18n.h>

#define WIDTH  80
#define INDENT "      "

/* Appends a paragraph, indented, broken between words so that lines fit a terminal. */
void
recon_options_append_wrapped (GString    *text,
                              const char *paragraph)
{
  g_auto (GStrv) words = g_strsplit (paragraph, " ", -1);
  glong column = WIDTH;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      glong length = g_utf8_strlen (words[i], -1);

      if (column + 1 + length > WIDTH)
        {
          g_string_append_printf (text, "%s" INDENT "%s", i > 0 ? "\n" : "", words[i]);
          column = sizeof INDENT - 1 + length;
        }
      else
        {
          g_string_append_printf (text, " %s", words[i]);
          column += 1 + length;
        }
    }

  g_string_append_c (text, '\n');
}

/* What stands for the value of an option. */
static const char *
placeholder (const ReconParameterSpec *spec)
{
  switch (spec->type)
    {
    case RECON_PARAMETER_INTEGER:
      return _ ("INTEGER");
    case RECON_PARAMETER_NUMBER:
      return _ ("NUMBER");
    case RECON_PARAMETER_SIZE:
      return _ ("SIZE");
    case RECON_PARAMETER_BOX:
      return "X0,Y0,WIDTH,HEIGHT";
    case RECON_PARAMETER_CHOICE:
      return _ ("WORD");
    case RECON_PARAMETER_PATH:
      return _ ("PATH");
    case RECON_PARAMETER_BOOLEAN:
    case RECON_PARAMETER_TEXT:
    default:
      return _ ("TEXT");
    }
}

static void
append_parameter (GString                  *text,
                  const ReconParameterSpec *spec)
{
  const char *name = spec->option;
  g_autofree char *description = recon_parameter_spec_describe (spec);

  if (spec->type == RECON_PARAMETER_BOOLEAN)
    g_string_append_printf (text, "  --%s, --no-%s\n", name, name);
  else
    g_string_append_printf (text, "  --%s=%s\n", name, placeholder (spec));

  recon_options_append_wrapped (text, _ (spec->help));
  recon_options_append_wrapped (text, description);
}

/**
 * recon_options_describe:
 *
 * Returns: (transfer full): the part of --help that explains the parameters, group by group
 */
char *
recon_options_describe (void)
{
  GString *text = g_string_new (_ ("Parameters, by group. Each is a key of the configuration file as well. The name\n"
                                   "with its group, --GROUP.KEY=VALUE, always works; the short one where it is shown\n"
                                   "below. Those that are yes or no are also switched by --KEY and --no-KEY.\n"));
  const char *section = NULL;

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (recon_parameter_nth (i));

      if (spec->section != section)
        g_string_append_printf (text, "\n%s [%s]\n", _ (recon_section_find (spec->section)->title), spec->section);
      section = spec->section;
      append_parameter (text, spec);
    }

  return g_string_free (text, FALSE);
}

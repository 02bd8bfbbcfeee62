/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis-request.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "config/text.h"
#include "io/writer.h"
#include "scan-argument.h"

/* As typed. */
typedef struct
{
  char  *method;
  char  *range;
  char  *trial;
  char **scans; /* (nullable) */
} Typed;

static void
typed_clear (Typed *typed)
{
  g_free (typed->method);
  g_free (typed->range);
  g_free (typed->trial);
  g_strfreev (typed->scans);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static const char *
get_summary (void)
{
  return _ ("Finds the rotation axis of a scan: of SCAN, a file or folder, or of the one that the configuration\n"
            "describes. Prints where it is and how sure that is; the reason too, unless the confidence is high.\n"
            "\n"
            "With --trial=LO:HI:STEP it makes the first of --rows, or the middle one, about each of these axes\n"
            "instead: 32-bit TIFF files and contact-sheet.png in the folder --output, otherwise in one that is\n"
            "named like the configured output with \"-axis\" behind it. --roi makes a part of the slice, which the\n"
            "sheet then shows larger. The one next to the configured axis is marked in the sheet; add --axis=auto\n"
            "to have the axis found as well and that one marked.\n"
            "\n"
            "Exit status: 0 if the axis was found, 3 if there is no telling where it is, 2 if the request or the\n"
            "configuration is wrong, 1 for other failures, 130 after Ctrl-C.");
}

static gboolean
parse_range (const char         *text,
             ReconAxisSettings  *settings,
             GError            **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  g_autofree char *shown = recon_text_abridge (text);

  if (g_strv_length (parts) != 2 || !recon_number_from_text (g_strstrip (parts[0]), &settings->low) ||
      !recon_number_from_text (g_strstrip (parts[1]), &settings->high))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("--range=%s are no two columns. Give the first and the last between which the axis lies, such as "
                      "--range=280:310."),
                   shown);
      return FALSE;
    }

  if (settings->low >= settings->high)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("--range=%s ends where it begins or before. The first column must be less than the last one."),
                   shown);
      return FALSE;
    }

  return TRUE;
}

static gboolean
take_scan (ReconAxisRequest  *self,
           const Typed       *typed,
           ReconLog          *log,
           GError           **error)
{
  /* An axis that the configuration has isn't used. */
  self->options.given[RECON_PARAM_AXIS] = TRUE;

  if (typed->scans != NULL && typed->scans[1] != NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("'%s' is one scan too many: the axis of one scan is found at a time. Darks and flats are given "
                      "as --darks=PATH, --flats=PATH; see --help."),
                   typed->scans[1]);
      return FALSE;
    }

  return recon_scan_argument_apply (&self->options, typed->scans != NULL ? typed->scans[0] : NULL, log, error);
}

/* Without what makes it a file or the name of one: slices.h5:/data, stack.tif, slices/slice_%05d.tif. */
static char *
get_stem (const char *output)
{
  g_autofree char *path = g_strdup (output);
  char *colon = strstr (path, ":/");
  ReconOutputFormat format = RECON_OUTPUT_FORMAT_TIFF;
  char *dot;

  if (strchr (path, '%') != NULL)
    return g_path_get_dirname (path);

  recon_writer_guess_format (path, &format);
  if (format == RECON_OUTPUT_FORMAT_TIFF)
    {
      g_autofree char *name = g_path_get_basename (path);

      for (gsize n = strlen (path); n > 1 && path[n - 1] == '/'; n--)
        path[n - 1] = '\0';

      return g_str_equal (name, ".") || g_str_equal (name, "..") ? g_canonicalize_filename (path, NULL)
                                                                 : g_steal_pointer (&path);
    }

  if (colon != NULL)
    *colon = '\0';
  dot = strrchr (path, '.');
  if (dot != NULL)
    *dot = '\0';

  return g_steal_pointer (&path);
}

static gboolean
choose_folder (ReconAxisRequest  *self,
               GError           **error)
{
  const char *output = recon_config_get_text (self->options.config, RECON_PARAM_OUTPUT_PATH);
  g_autofree char *stem = NULL;
  ReconOutputFormat format;

  if (*output == '\0')
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                           _ ("There is no folder for the trial slices. Name one with --output=FOLDER."));
      return FALSE;
    }

  if (self->options.given[RECON_PARAM_OUTPUT_PATH])
    {
      if (strchr (output, '%') != NULL || !recon_writer_guess_format (output, &format) ||
          format != RECON_OUTPUT_FORMAT_TIFF)
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                       _ ("--output=%s names files, but trial slices have names of their own. Name a folder."), output);
          return FALSE;
        }
      self->folder = g_strdup (output);
      return TRUE;
    }

  stem = get_stem (output);
  self->folder = g_strconcat (stem, "-axis", NULL);

  return TRUE;
}

static gboolean
check_trial (ReconAxisRequest  *self,
             const Typed       *typed,
             GError           **error)
{
  const char *idle = self->json             ? "--json"
                     : self->write          ? "--write"
                     : typed->method != NULL ? "--method"
                     : typed->range != NULL  ? "--range"
                                             : NULL;

  if (!self->search && idle != NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("%s is of no use with --trial, which only makes slices about the axes that it is given. Add "
                      "--axis=auto to have the axis found as well."),
                   idle);
      return FALSE;
    }

  return recon_axis_candidates_parse (&self->candidates, typed->trial, error) && choose_folder (self, error);
}

static gboolean
check (ReconAxisRequest  *self,
       const Typed       *typed,
       GError           **error)
{
  self->trial = typed->trial != NULL;
  self->search = !self->trial || recon_config_has_word (self->options.config, RECON_PARAM_AXIS, "auto");

  if (self->write && !self->options.config_named)
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                           _ ("--write puts the axis into a configuration file. Say into which one: -c FILE."));
      return FALSE;
    }

  self->settings.rows = self->rows;

  return (typed->method == NULL || recon_axis_method_find (typed->method, &self->settings.method, error)) &&
         (typed->range == NULL || parse_range (typed->range, &self->settings, error)) &&
         (!self->trial || check_trial (self, typed, error));
}

/**
 * recon_axis_request_parse:
 * @self: (out caller-allocates): the request; clear with recon_axis_request_clear(), also after a failure
 * @argc: number of arguments, the command's name first
 * @argv: the arguments
 * @log: (nullable): hears which configuration file is used, and warnings about it
 * @error: return location
 *
 * Reads the arguments of 'reconstruct axis'; --help ends the program.
 *
 * Returns: %FALSE with the errors of recon_options_parse(), or #RECON_ERROR_CONFIG
 */
gboolean
recon_axis_request_parse (ReconAxisRequest  *self,
                          int                argc,
                          char             **argv,
                          ReconLog          *log,
                          GError           **error)
{
  g_auto (Typed) typed = { 0 };
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_STRING, &self->rows,
      N_ ("Detector rows to look at: 120, or 10,20,30, or some of 100:900, or 100:900:50"), N_ ("ROWS") },
    { "method", 0, 0, G_OPTION_ARG_STRING, &typed.method,
      N_ ("auto (default: all that suit the scan), pair, wedge, full-turn, centroid, entropy, negativity or sharpness"),
      N_ ("NAME") },
    { "range", 0, 0, G_OPTION_ARG_STRING, &typed.range, N_ ("Columns between which the axis lies"), N_ ("LO:HI") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, N_ ("Print everything that was found as a JSON object"), NULL },
    { "write", 0, 0, G_OPTION_ARG_NONE, &self->write,
      N_ ("Put the axis into the configuration file that -c names; comments stay"), NULL },
    { "trial", 0, 0, G_OPTION_ARG_STRING, &typed.trial, N_ ("Make a slice about each of these axes instead"),
      N_ ("LO:HI:STEP") },
    RECON_SWITCH_ENTRIES (self->switches),
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &typed.scans, NULL, N_ ("[SCAN]") },
    G_OPTION_ENTRY_NULL
  };

  *self = (ReconAxisRequest) { .settings = RECON_AXIS_SETTINGS_INIT };

  return recon_options_parse (&self->options, &argc, &argv, get_summary (), entries, log, error) &&
         take_scan (self, &typed, log, error) && check (self, &typed, error);
}

void
recon_axis_request_clear (ReconAxisRequest *self)
{
  recon_options_clear (&self->options);
  recon_switches_clear (&self->switches);
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->folder, g_free);
}

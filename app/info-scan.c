/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "info-scan.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/printable.h"
#include "tomography/describe.h"

/* What a folder or file means as a scan, and what reconstructing it would say. */

/* Columns of the labels. */
#define LABEL_WIDTH 13

void
recon_info_print_row (const char *label,
                      const char *format,
                      ...)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  line = recon_printable_line (text);

  /* Padding counts characters and not bytes. */
  g_print ("  %s%*s%s\n", label, (int) MAX (LABEL_WIDTH - g_utf8_strlen (label, -1), 1), "", line);
}

static void
print_findings (ReconFoundScan *found)
{
  for (guint i = 0; i < found->findings->len; i++)
    {
      const ReconFinding *finding = g_ptr_array_index (found->findings, i);

      recon_info_print_row (i == 0 ? _ ("Scan") : "", "%s = %s (%s)",
                            recon_parameter_get_spec (finding->parameter)->key, finding->value, finding->reason);
    }
}

static void
print_questions (ReconFoundScan *found)
{
  for (guint i = 0; i < found->questions->len; i++)
    {
      const ReconQuestion *question = g_ptr_array_index (found->questions, i);

      recon_info_print_row (i == 0 ? _ ("Unclear") : "", "%s", question->text);
      for (guint k = 0; k < question->candidates->len; k++)
        recon_info_print_row ("", "  %s", (char *) g_ptr_array_index (question->candidates, k));
    }
}

static void
print_list (const char *label,
            GPtrArray  *texts)
{
  for (guint i = 0; i < texts->len; i++)
    recon_info_print_row (i == 0 ? label : "", "%s", (char *) g_ptr_array_index (texts, i));
}

static void
warning_cb (ReconLog   *log,
            int         level,
            const char *text,
            GPtrArray  *warnings)
{
  if (level == RECON_LOG_WARNING)
    g_ptr_array_add (warnings, g_strdup (text));
}

static gboolean
is_noted (const ReconContents *contents,
          const char          *text)
{
  for (guint i = 0; i < contents->notes->len; i++)
    if (g_str_equal (g_ptr_array_index (contents->notes, i), text))
      return TRUE;

  return FALSE;
}

/* Opens the scan as a run would, with what the program takes by itself. */
static void
print_checks (ReconFoundScan      *found,
              const ReconContents *contents)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autoptr (GPtrArray) said = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) warnings = g_ptr_array_new ();
  g_autoptr (ReconTomographyInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (log, "record", G_CALLBACK (warning_cb), said);
  if (recon_found_scan_apply (found, config, NULL, log, &error))
    info = recon_tomography_describe (config, TRUE, log, &error);

  for (guint i = 0; i < said->len; i++)
    if (!is_noted (contents, g_ptr_array_index (said, i)))
      g_ptr_array_add (warnings, g_ptr_array_index (said, i));
  print_list (_ ("Warnings"), warnings);
  if (error != NULL && found->questions->len == 0)
    recon_info_print_row (_ ("Problem"), "%s", error->message);
}

/* Single stacks are often looked at without being a scan. */
static gboolean
is_more (ReconFoundScan *found)
{
  const char *projections = recon_found_scan_get (found, RECON_PARAM_PROJECTIONS);

  return found->findings->len > 1 || found->questions->len > 0 || g_strcmp0 (projections, found->path) != 0;
}

/**
 * recon_info_print_scan:
 * @found: a scan
 * @contents: (nullable): its images, if they are clear
 *
 * Prints what was taken for what, what is unclear, and the warnings that reconstructing it would give.
 */
void
recon_info_print_scan (ReconFoundScan      *found,
                       const ReconContents *contents)
{
  gboolean is_scan = contents != NULL && (contents->flats != NULL || contents->flats_after != NULL);

  if (is_more (found))
    {
      print_findings (found);
      print_questions (found);
      print_list (_ ("Left out"), found->notes);
    }

  if (contents != NULL && (is_scan || is_more (found)))
    print_checks (found, contents);
}

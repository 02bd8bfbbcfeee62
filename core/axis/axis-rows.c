/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-rows.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "graph/evaluator.h"
#include "graph/memory.h"
#include "pipeline/pipeline.h"

/* Which rows of a scan are looked at, and reading them. Rows at equal distances are read in one go: from projections in
 * files of their own, each of which is opened once. */

/* Few rows tell the axis, and more of them how it is tilted. */
#define ROWS 7
#define MOST_ROWS 64

static gboolean
parse_row (const char *text,
           guint      *row)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  guint64 value;

  if (!g_ascii_string_to_unsigned (stripped, 10, 0, G_MAXINT, &value, NULL))
    return FALSE;
  *row = (guint) value;

  return TRUE;
}

static void
set_rows_error (const char  *rows,
                GError     **error)
{
  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("'%s' are no rows. Give one (120), several (10,20,30), some of those from one to before another "
                  "(100:900), or those at a distance (100:900:50)."),
               rows);
}

static gboolean
check_row (ReconScan   *scan,
           guint        row,
           guint        n_rows,
           GError     **error)
{
  if (row < n_rows)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("Row %u is beyond the last one, %u. Rows count from 0, in projections as read."), row, n_rows - 1);

  return FALSE;
}

/* Some rows of [start, stop), not too near its ends. */
static ReconRowChoice
spread (guint start,
        guint stop,
        guint bin,
        guint most)
{
  const guint n_binned = MAX ((stop - start) / bin, 1);
  const guint n = MIN (MIN (ROWS, n_binned), MAX (most, 1));
  const guint step = n_binned / n;

  return (ReconRowChoice) { start + (n_binned - (n - 1) * step - 1) / 2 * bin, step, n };
}

static gboolean
parse_range (ReconScan       *scan,
             const char      *text,
             guint            n_rows,
             guint            bin,
             guint            most,
             ReconRowChoice  *choice,
             GError         **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);
  const guint n = g_strv_length (parts);
  guint start, stop, step;

  if (n < 2 || n > 3 || !parse_row (parts[0], &start) || !parse_row (parts[1], &stop) ||
      (n == 3 && (!parse_row (parts[2], &step) || step == 0)) || start >= stop)
    {
      set_rows_error (text, error);
      return FALSE;
    }
  if (!check_row (scan, start, n_rows, error) || !check_row (scan, stop - 1, n_rows, error))
    return FALSE;

  start = MIN (start, n_rows - bin);
  if (n == 2)
    *choice = spread (start, stop, bin, most);
  else
    {
      step = MAX (step / bin, 1);
      *choice = (ReconRowChoice) { start, step, (stop - start + step * bin - 1) / (step * bin) };
      while (choice->n > 1 && start + (choice->n - 1) * step * bin + bin > n_rows)
        choice->n--;
    }

  return TRUE;
}

/* Rows at the same distance as those before are read with them. */
static void
add_choice (GArray         *choices,
            ReconRowChoice  choice,
            guint           bin)
{
  ReconRowChoice *last = choices->len > 0 ? &g_array_index (choices, ReconRowChoice, choices->len - 1) : NULL;
  guint distance = last != NULL && choice.start > last->start ? choice.start - last->start : 0;

  if (choice.n == 1 && distance > 0 && distance % bin == 0 &&
      (last->n == 1 || distance == last->n * last->step * bin))
    {
      if (last->n == 1)
        last->step = distance / bin;
      last->n++;
      return;
    }
  g_array_append_val (choices, choice);
}

static gboolean
check_number (const GArray  *choices,
              guint          most,
              GError       **error)
{
  guint n = 0;

  for (guint i = 0; i < choices->len; i++)
    n += g_array_index (choices, ReconRowChoice, i).n;
  if (n > MOST_ROWS)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                 _ ("%u rows are chosen to look for the axis, but at most %u are looked at. Choose fewer."), n,
                 MOST_ROWS);
  else if (n > most)
    g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY,
                 _ ("%u rows are chosen to look for the axis, but memory serves for %u. Choose fewer, or raise "
                    "--memory-limit."),
                 n, most);
  else
    return TRUE;

  return FALSE;
}

/**
 * recon_row_choices_make:
 * @config: a configuration
 * @scan: its scan
 * @rows: (nullable): the user's choice, as #ReconAxisSettings has it; %NULL leaves it to the program
 * @most: rows that memory serves for
 * @error: return location
 *
 * Returns: (transfer full) (element-type ReconRowChoice): at least one; %NULL with #RECON_ERROR_CONFIG if @rows are
 *   none or are beyond the detector, or #RECON_ERROR_MEMORY
 */
GArray *
recon_row_choices_make (ReconConfig  *config,
                        ReconScan    *scan,
                        const char   *rows,
                        guint         most,
                        GError      **error)
{
  const guint bin = (guint) recon_config_get_integer (config, RECON_PARAM_BIN);
  const guint n_rows = recon_scan_get_n_rows_as_read (scan);
  g_autoptr (GArray) choices = g_array_new (FALSE, FALSE, sizeof (ReconRowChoice));
  g_auto (GStrv) words = NULL;
  ReconRowChoice choice;

  if (rows == NULL || *rows == '\0')
    {
      const guint start = (guint) recon_config_get_integer (config, RECON_PARAM_Y_START);

      choice = spread (start, recon_config_is_automatic (config, RECON_PARAM_Y_STOP)
                                ? n_rows
                                : (guint) recon_config_get_integer (config, RECON_PARAM_Y_STOP),
                       bin, most);
      g_array_append_val (choices, choice);
      return g_steal_pointer (&choices);
    }

  words = g_strsplit (rows, ",", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (strchr (words[i], ':') != NULL)
        {
          if (!parse_range (scan, words[i], n_rows, bin, most, &choice, error))
            return NULL;
        }
      else
        {
          choice = (ReconRowChoice) { .step = 1, .n = 1 };
          if (!parse_row (words[i], &choice.start))
            {
              set_rows_error (rows, error);
              return NULL;
            }
          if (!check_row (scan, choice.start, n_rows, error))
            return NULL;
          /* A bin that would reach beyond the last row ends there. */
          choice.start = MIN (choice.start, n_rows - bin);
        }
      add_choice (choices, choice, bin);
    }

  return check_number (choices, most, error) ? g_steal_pointer (&choices) : NULL;
}

static void
set_rows (ReconConfig           *config,
          const ReconRowChoice  *choice)
{
  const guint bin = (guint) recon_config_get_integer (config, RECON_PARAM_BIN);

  recon_config_set_integer (config, RECON_PARAM_Y_START, choice->start);
  recon_config_set_integer (config, RECON_PARAM_Y_STOP, choice->start + (choice->n - 1) * choice->step * bin + bin);
  recon_config_set_integer (config, RECON_PARAM_Y_STEP, choice->step);
}

/* At most half of what may be used: the search makes copies. */
static guint
get_most_rows (ReconConfig *config,
               ReconScan   *scan)
{
  guint64 limit = recon_config_is_automatic (config, RECON_PARAM_MEMORY_LIMIT)
                    ? recon_memory_available () / 2
                    : recon_config_get_size (config, RECON_PARAM_MEMORY_LIMIT);
  guint64 row = (guint64) recon_scan_get_geometry (scan)->n_angles * recon_scan_get_width (scan) * sizeof (float);

  return (guint) CLAMP (limit / (4 * MAX (row, 1)), 1, G_MAXUINT16);
}

static gboolean
allocate (ReconScan  *scan,
          guint       n,
          float     **data,
          GError    **error)
{
  gsize bytes;

  if (!g_size_checked_mul (&bytes, recon_scan_get_geometry (scan)->n_angles, recon_scan_get_width (scan)) ||
      !g_size_checked_mul (&bytes, bytes, n) || !g_size_checked_mul (&bytes, bytes, sizeof (float)))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("%u sinograms of %u × %u values are larger than any "
                                                              "memory."),
                   n, recon_scan_get_width (scan), recon_scan_get_geometry (scan)->n_angles);
      return FALSE;
    }
  *data = recon_host_memory_new (bytes, error);

  return *data != NULL;
}

/* Takes one row out of those that were read, line by line. */
static float *
take_row (ReconArray  *rows,
          guint        row,
          ReconScan   *scan,
          GError     **error)
{
  const gsize width = recon_scan_get_width (scan), pitch = recon_array_get_pitch (rows) * width;
  const float *from = recon_array_read (rows, error);
  float *to;

  if (from == NULL || !allocate (scan, 1, &to, error))
    return NULL;

  for (guint i = 0; i < recon_scan_get_geometry (scan)->n_angles; i++)
    memcpy (to + i * width, from + i * pitch + row * width, width * sizeof *to);

  return to;
}

/* All rows of the scan, corrected as for a reconstruction. */
static gboolean
read_rows (ReconAxisRows   *self,
           ReconConfig     *config,
           ReconScan       *scan,
           ReconEvaluator  *evaluator,
           GCancellable    *cancellable,
           GError         **error)
{
  g_autoptr (ReconGraph) graph = recon_graph_new ();
  const guint read = recon_graph_add (graph, recon_tomography_new_read (config, scan), NULL);
  const guint node = recon_tomography_add_flat_field (graph, config, scan, read, read, NULL);
  g_autoptr (ReconArray) rows = NULL;
  ReconRegion whole;

  if (!recon_graph_shape (graph, NULL, error))
    return FALSE;

  recon_region_init_whole (&whole, recon_task_get_output (recon_graph_get_task (graph, node), 0));
  rows = recon_evaluator_get (evaluator, graph, (ReconOutlet) { (int) node, 0 }, &whole, cancellable, error);
  if (rows == NULL)
    return FALSE;

  for (guint i = 0; i < recon_scan_get_geometry (scan)->n_rows; i++)
    {
      self->sinograms[self->n] = take_row (rows, i, scan, error);
      self->rows[self->n] = recon_scan_get_geometry (scan)->detector_rows[i];
      if (self->sinograms[self->n] == NULL)
        return FALSE;
      self->n++;
    }

  return TRUE;
}

/* Reads one run of rows. */
static gboolean
read_choice (ReconAxisRows         *self,
             ReconConfig           *config,
             ReconScan             *scan,
             ReconEvaluator        *evaluator,
             const ReconRowChoice  *choice,
             GCancellable          *cancellable,
             GError               **error)
{
  g_autoptr (ReconScan) part = NULL;

  set_rows (config, choice);
  part = recon_scan_new_part (scan, config, cancellable, error);

  return part != NULL && read_rows (self, config, part, evaluator, cancellable, error);
}

/**
 * recon_axis_rows_read:
 * @scan: a scan
 * @config: the configuration that it was opened with; its axis is not looked at
 * @rows: (nullable): which ones, as #ReconAxisSettings has them
 * @cancellable: (nullable): to stop early
 * @error: return location
 *
 * Reads some detector rows of a scan at all angles, and corrects them as configured, but with the logarithm.
 *
 * Returns: (transfer full): one row at least; %NULL with the errors of recon_scan_new_part() and
 * recon_tomography_open_device(), #RECON_ERROR_CONFIG for rows that there are not, #RECON_ERROR_READ,
 * #RECON_ERROR_MEMORY or %G_IO_ERROR_CANCELLED
 */
ReconAxisRows *
recon_axis_rows_read (ReconScan      *scan,
                      ReconConfig    *config,
                      const char     *rows,
                      GCancellable   *cancellable,
                      GError        **error)
{
  g_autoptr (ReconAxisRows) self = g_new0 (ReconAxisRows, 1);
  g_autoptr (ReconConfig) copy = recon_config_copy (config);
  g_autoptr (ReconDevice) device = NULL;
  g_autoptr (ReconEvaluator) evaluator = NULL;
  g_autoptr (GArray) choices = NULL;
  guint n = 0;

  recon_config_parse (copy, RECON_PARAM_AXIS, "auto", NULL);
  recon_config_reset (copy, recon_parameter ("flat-field.absorptivity"));
  choices = recon_row_choices_make (copy, scan, rows, get_most_rows (copy, scan), error);
  if (choices == NULL)
    return NULL;
  for (guint i = 0; i < choices->len; i++)
    n += g_array_index (choices, ReconRowChoice, i).n;

  device = recon_tomography_open_device (copy, error);
  if (device == NULL)
    return NULL;
  evaluator = recon_evaluator_new (device, 1);
  recon_evaluator_set_keeping (evaluator, FALSE);

  self->geometry = recon_geometry_ref (recon_scan_get_geometry (scan));
  self->width = recon_scan_get_width (scan);
  self->width_as_read = recon_scan_get_width_as_read (scan);
  self->rows = g_new (double, n);
  self->sinograms = g_new0 (float *, n);
  for (guint i = 0; i < choices->len; i++)
    if (!read_choice (self, copy, scan, evaluator, &g_array_index (choices, ReconRowChoice, i), cancellable, error))
      return NULL;

  return g_steal_pointer (&self);
}

void
recon_axis_rows_free (ReconAxisRows *self)
{
  for (guint i = 0; i < self->n; i++)
    recon_host_memory_free (self->sinograms[i]);
  g_free (self->sinograms);
  g_free (self->rows);
  g_clear_pointer (&self->geometry, recon_geometry_unref);
  g_free (self);
}

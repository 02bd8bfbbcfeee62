/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/row-choice.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"

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

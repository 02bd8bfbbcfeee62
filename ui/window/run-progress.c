/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/run-progress.h"

#include <glib/gi18n.h>

/**
 * recon_format_seconds:
 * @seconds: a duration
 *
 * Returns: (transfer full): such as "0.2 s", "21 s", "3 min 5 s", "2 h 10 min"
 */
char *
recon_format_seconds (double seconds)
{
  guint64 whole = (guint64) CLAMP (seconds + 0.5, 0, 1e9);

  if (seconds > 0 && seconds < 9.95)
    return g_strdup_printf (_ ("%.1f s"), seconds);
  if (whole < 60)
    return g_strdup_printf (_ ("%u s"), (guint) whole);
  if (whole < 3600)
    return g_strdup_printf (_ ("%u min %u s"), (guint) (whole / 60), (guint) (whole % 60));

  return g_strdup_printf (_ ("%u h %u min"), (guint) (whole / 3600), (guint) (whole / 60 % 60));
}

/**
 * recon_run_progress_format:
 * @n_done: slices that are finished
 * @n_slices: slices of the run
 * @work: slices' worth of work done, also on slices that are not finished
 * @rate: slices a second, or 0 while unknown
 * @remaining: seconds, or a negative number while unknown
 *
 * Returns: (transfer full): such as "Slice 212 of 1024 · 21 % · 38/s · 21 s left"
 */
char *
recon_run_progress_format (guint  n_done,
                           guint  n_slices,
                           double work,
                           double rate,
                           double remaining)
{
  GString *text = g_string_new (NULL);

  /* What is finished is not said to be before the end. */
  g_string_append_printf (text, _ ("Slice %u of %u"), n_done, n_slices);
  if (n_slices > 0 && n_done < n_slices)
    g_string_append_printf (text, _ (" · %u %%"), (guint) (100 * CLAMP (work / n_slices, 0, 0.99)));
  if (rate > 0)
    g_string_append_printf (text, rate < 10 ? _ (" · %.1f/s") : _ (" · %.0f/s"), rate);
  if (remaining >= 0 && n_done < n_slices)
    {
      g_autofree char *left = recon_format_seconds (remaining);

      g_string_append_printf (text, _ (" · %s left"), left);
    }

  return g_string_free (text, FALSE);
}

/**
 * recon_run_progress_describe:
 * @job: a run
 *
 * Returns: (transfer full): what it does, see recon_run_progress_format()
 */
char *
recon_run_progress_describe (ReconClientJob *job)
{
  const char *state = recon_client_job_get_state (job);
  const ReconClientProgress *progress = recon_client_job_get_progress (job);

  if (g_str_equal (state, "queued"))
    return g_strdup (_ ("Waiting for its turn"));

  if (*progress->preparing != '\0' && progress->n_done == 0)
    return g_strdup_printf (_ ("%u of %u kernels prepared, once, for %s"), progress->n_prepared,
                            progress->n_to_prepare, progress->preparing);
  if (g_str_equal (state, "preparing") || progress->n_slices == 0)
    return g_strdup (_ ("Preparing: opening the scan and the device"));

  return recon_run_progress_format (progress->n_done, progress->n_slices, progress->work, progress->rate,
                                    progress->remaining);
}

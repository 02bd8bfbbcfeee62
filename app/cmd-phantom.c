/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "commands.h"
#include "config/config-file.h"
#include "config/config.h"
#include "phantom-request.h"

#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 5)

/* The configuration lies beside them, so that the folder can be moved. */
static gboolean
set_inputs (ReconConfig                 *config,
            const ReconRawScanSettings  *settings,
            ReconScanFormat              format,
            GError                     **error)
{
  if (format == RECON_SCAN_FORMAT_TIFF)
    return recon_config_parse (config, RECON_PARAM_PROJECTIONS, "projections", error) &&
           recon_config_parse (config, RECON_PARAM_ANGLES, "angles.txt", error) &&
           recon_config_parse (config, RECON_PARAM_ANGLE_UNIT, "radian", error) &&
           (settings->n_darks == 0 || recon_config_parse (config, RECON_PARAM_DARKS, "darks", error)) &&
           (settings->n_flats == 0 || recon_config_parse (config, RECON_PARAM_FLATS, "flats", error)) &&
           (settings->n_flats_after == 0 ||
            recon_config_parse (config, RECON_PARAM_FLATS_AFTER, "flats_after", error));

  /* The layouts say which frames are which, but Data Exchange has no word for flats afterwards. */
  return recon_config_parse (config, RECON_PARAM_PROJECTIONS, "scan.h5", error) &&
         (settings->n_flats_after == 0 || format != RECON_SCAN_FORMAT_DXCHANGE ||
          recon_config_parse (config, RECON_PARAM_FLATS_AFTER, "scan.h5:/exchange/data_white_post", error));
}

static gboolean
write_config (const ReconRawScanSettings  *settings,
              ReconScanFormat              format,
              const char                  *folder,
              GError                     **error)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autofree char *path = g_build_filename (folder, "reco.conf", NULL);
  g_autofree char *data = NULL;
  g_autoptr (GError) local = NULL;
  char axis[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (axis, sizeof axis, settings->axis);

  if (!set_inputs (config, settings, format, error) ||
      !recon_config_parse (config, RECON_PARAM_AXIS, axis, error))
    return FALSE;

  data = recon_config_to_data (config, TRUE);

  if (!g_file_set_contents_full (path, data, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0666, &local))
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_WRITE,
                   _ ("The scan in %s is complete, but its configuration could not be written: %s."),
                   folder, local->message);
      return FALSE;
    }

  return TRUE;
}

typedef struct
{
  GCancellable *cancellable;
  gboolean      terminal;
  gint64        shown; /* monotonic time */
} Watch;

static gboolean
interrupt_cb (gpointer user_data)
{
  Watch *watch = user_data;

  g_cancellable_cancel (watch->cancellable);

  return G_SOURCE_CONTINUE;
}

static void
progress_cb (guint    done,
             guint    total,
             gpointer user_data)
{
  Watch *watch = user_data;
  gint64 now = g_get_monotonic_time ();

  /* The work runs in this thread, so the signals are looked at from here. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  if (!watch->terminal || (now - watch->shown < PROGRESS_INTERVAL && done < total))
    return;

  watch->shown = now;
  fputs ("\r\033[K", stderr);

  if (done < total)
    g_printerr (_ ("Image %u of %u"), done, total);
}

static int
write_scan (const ReconPhantomRequest *request,
            const ReconRawScan        *scan)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Watch watch = { cancellable, isatty (STDERR_FILENO), 0 };
  guint interrupt = g_unix_signal_add (SIGINT, interrupt_cb, &watch);
  guint terminate = g_unix_signal_add (SIGTERM, interrupt_cb, &watch);
  ReconScanWriteFlags flags = RECON_SCAN_WRITE_NONE;
  GError *error = NULL;
  gboolean written;

  if (request->force)
    flags |= RECON_SCAN_WRITE_OVERWRITE;
  if (request->truth)
    flags |= RECON_SCAN_WRITE_TRUTH;

  written = recon_raw_scan_write (scan, request->folder, request->format, flags, progress_cb, &watch, cancellable,
                                  &error) &&
            write_config (&request->settings, request->format, request->folder, &error);
  g_source_remove (interrupt);
  g_source_remove (terminate);

  if (written)
    return 0;

  if (watch.terminal && watch.shown > 0)
    fputs ("\r\033[K", stderr);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_printerr (_ ("reconstruct: Cancelled; nothing was written.\n"));
      g_error_free (error);
      return RECON_EXIT_INTERRUPTED;
    }

  return recon_cmd_fail (error);
}

/* How far the sample reaches from the axis at most, in pixels. */
static double
get_reach (const ReconRawScanSettings *settings)
{
  double reach = 0.0;

  for (gsize i = 0; i < settings->phantom->n; i++)
    {
      const ReconEllipsoid *e = &settings->phantom->ellipsoids[i];

      if (e->value > 0.0)
        reach = MAX (reach, hypot (e->x, e->y) + MAX (e->a, e->b));
    }

  return reach * settings->radius;
}

static void
say_what_was_written (const ReconRawScan *scan,
                      const char         *folder)
{
  const ReconRawScanSettings *settings = recon_raw_scan_get_settings (scan);
  g_autofree char *config = g_build_filename (folder, "reco.conf", NULL);
  g_autofree char *shown = g_filename_display_name (folder);
  g_autofree char *config_shown = g_filename_display_name (config);
  double middle = (settings->width - 1.0) / 2.0;
  double reach = get_reach (settings);

  g_print (_ ("Wrote %s: %s, %u projections of %u × %u (width × height) %s, %u darks, %u flats, %u flats after.\n"),
           shown, settings->phantom->name, settings->n_angles, settings->width, settings->rows,
           recon_raw_scan_is_float (scan) ? "float32" : "uint16", settings->n_darks, settings->n_flats,
           settings->n_flats_after);
  g_print (_ ("The axis is at column %.7g (%+.7g from the middle); value 1 of the phantom is %.6g per pixel.\n"),
           settings->axis, settings->axis - middle, recon_raw_scan_get_scale (scan));

  if (settings->axis - reach < 0.0 || settings->axis + reach > settings->width - 1.0)
    g_print (_ ("The sample is wider than what the detector sees on both sides of the axis; a smaller --radius "
                "would fit.\n"));

  g_print (_ ("Reconstruct it here with 'reconstruct tomo -c %s'.\n"), config_shown);
}

int
recon_cmd_phantom (int    argc,
                   char **argv)
{
  g_auto (ReconPhantomRequest) request = { 0 };
  g_autoptr (ReconRawScan) scan = NULL;
  GError *error = NULL;
  int status;

  if (!recon_phantom_request_parse (&request, argc, argv, &error) ||
      (scan = recon_raw_scan_new (&request.settings, &error)) == NULL)
    return recon_cmd_fail (error);

  status = write_scan (&request, scan);

  if (status == 0)
    say_what_was_written (scan, request.folder);

  return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-private.h"

#include <glib/gi18n-lib.h>

#include "error.h"
#include "io/turned-reader.h"

/* All frames of a scan are turned and flipped alike, as they are read: whatever counts rows and columns comes after. */

static ReconFrames *
turn_frames (ReconFrames *frames,
             GHashTable  *turned,
             ReconRotate  rotate,
             ReconFlip    flip)
{
  ReconReader *reader = frames != NULL ? recon_frames_get_reader (frames) : NULL;
  ReconReader *other;
  ReconFrames *result;

  if (reader == NULL)
    return NULL;

  /* One dataset may hold frames of all kinds. */
  other = g_hash_table_lookup (turned, reader);
  if (other == NULL)
    {
      other = recon_turned_reader_new (reader, rotate, flip);
      g_hash_table_insert (turned, reader, other);
    }
  result = recon_frames_new (other, recon_frames_get_index (frames), recon_frames_get_n (frames));
  recon_frames_free (frames);

  return result;
}

/* Turns what a path holds by what @config says. */
void
_recon_scan_turn (ReconContents *contents,
                  ReconConfig   *config)
{
  ReconRotate rotate = (ReconRotate) recon_config_get_choice (config, RECON_PARAM_ROTATE);
  ReconFlip flip = (ReconFlip) recon_config_get_choice (config, RECON_PARAM_FLIP);
  g_autoptr (GHashTable) turned = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);

  if (rotate == RECON_ROTATE_0 && flip == RECON_FLIP_NONE)
    return;

  contents->projections = turn_frames (contents->projections, turned, rotate, flip);
  contents->darks = turn_frames (contents->darks, turned, rotate, flip);
  contents->flats = turn_frames (contents->flats, turned, rotate, flip);
  contents->flats_after = turn_frames (contents->flats_after, turned, rotate, flip);
}

/* A sinogram is not a frame of the detector: of these, only columns may run backwards. */
gboolean
_recon_scan_check_turn (ReconScan    *self,
                        ReconConfig  *config,
                        GError      **error)
{
  ReconRotate rotate = (ReconRotate) recon_config_get_choice (config, RECON_PARAM_ROTATE);
  ReconFlip flip = (ReconFlip) recon_config_get_choice (config, RECON_PARAM_FLIP);

  if (!self->sinograms || (rotate == RECON_ROTATE_0 && flip != RECON_FLIP_VERTICAL))
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("Sinograms cannot be turned by %s: that turns frames of the detector, and a sinogram has one row of "
                  "each. Give the projections instead of input.sinograms, or leave it out; --flip=horizontal works "
                  "with sinograms too."),
               rotate != RECON_ROTATE_0 ? "input.rotate" : "input.flip=vertical");

  return FALSE;
}

void
_recon_scan_report_turn (ReconConfig *config,
                         ReconLog    *log)
{
  g_autofree char *rotate = recon_config_format (config, RECON_PARAM_ROTATE);
  g_autofree char *flip = recon_config_format (config, RECON_PARAM_FLIP);

  if (!g_str_equal (rotate, "0"))
    recon_log_info (log, "Frames are turned by %s° counterclockwise (input.rotate)", rotate);
  if (!g_str_equal (flip, "none"))
    recon_log_info (log, "Frames are flipped: %s (input.flip)", flip);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "phantom-request.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "io/angles.h"

/* What nobody types. */
#define NOT_GIVEN        G_MININT64
#define NUMBER_NOT_GIVEN (-G_MAXDOUBLE)

#define DEMO_WIDTH 256
#define DEMO_AXIS  121.3

/* What the command line says. Numbers are as they were typed, so that ranges are checked in one place. */
typedef struct
{
  char    **folders;
  char     *phantom;
  gint64    width, rows, angles;
  double    axis, radius, range;
  char     *angle_list;
  gboolean  shuffle;
  double    absorption, photons, dark, dark_noise, uneven, drift, rings;
  gint64    darks, flats, flats_after, dead_columns, zingers, seed;
  char     *format;
  gboolean  no_truth;
  gboolean  force;
} Typed;

static void
typed_clear (Typed *self)
{
  g_strfreev (self->folders);
  g_free (self->phantom);
  g_free (self->angle_list);
  g_free (self->format);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static gboolean
parse (Typed   *self,
       int      argc,
       char   **argv,
       GError **error)
{
  const GOptionEntry sample[] = {
    { "phantom", 0, 0, G_OPTION_ARG_STRING, &self->phantom,
      N_ ("Sample: shepp-logan (default), asymmetric, disc or foam"), N_ ("NAME") },
    { "radius", 0, 0, G_OPTION_ARG_DOUBLE, &self->radius,
      N_ ("Pixels in the phantom's unit of length (width/2)"), N_ ("PX") },
    { "absorption", 0, 0, G_OPTION_ARG_DOUBLE, &self->absorption,
      N_ ("About the largest line integral of attenuation (2)"), N_ ("X") },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry geometry[] = {
    { "width", 0, 0, G_OPTION_ARG_INT64, &self->width, N_ ("Detector columns (256)"), N_ ("N") },
    { "rows", 0, 0, G_OPTION_ARG_INT64, &self->rows, N_ ("Detector rows, and slices (64)"), N_ ("N") },
    { "angles", 0, 0, G_OPTION_ARG_INT64, &self->angles, N_ ("Projections (1.5 · width)"), N_ ("N") },
    { "axis", 0, 0, G_OPTION_ARG_DOUBLE, &self->axis,
      N_ ("Column of the rotation axis, from 0 (the middle; 121.3 if neither it nor a width is given)"), N_ ("PX") },
    { "range", 0, 0, G_OPTION_ARG_DOUBLE, &self->range,
      N_ ("Degrees that the angles cover, the last one excluded; negative turns the other way (180)"), N_ ("DEG") },
    { "shuffle-angles", 0, 0, G_OPTION_ARG_NONE, &self->shuffle, N_ ("Take the angles in random order"), NULL },
    { "angle-list", 0, 0, G_OPTION_ARG_FILENAME, &self->angle_list,
      N_ ("Angles from a text file or HDF5 file:/dataset instead of --angles and --range"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry counts[] = {
    { "photons", 0, 0, G_OPTION_ARG_DOUBLE, &self->photons,
      N_ ("Counts where the open beam is brightest; 0 for no noise and float32 counts (30000)"), N_ ("N") },
    { "dark", 0, 0, G_OPTION_ARG_DOUBLE, &self->dark, N_ ("Counts without beam (100)"), N_ ("N") },
    { "dark-noise", 0, 0, G_OPTION_ARG_DOUBLE, &self->dark_noise,
      N_ ("Standard deviation of these (2)"), N_ ("N") },
    { "uneven", 0, 0, G_OPTION_ARG_DOUBLE, &self->uneven,
      N_ ("Unevenness of beam and dark counts, 0 to 0.9 (0.3)"), N_ ("X") },
    { "drift", 0, 0, G_OPTION_ARG_DOUBLE, &self->drift,
      N_ ("Change of the beam during the scan, 0 to 0.9 (0.1 with --flats-after, else 0)"), N_ ("X") },
    { "darks", 0, 0, G_OPTION_ARG_INT64, &self->darks, N_ ("Dark frames (10)"), N_ ("N") },
    { "flats", 0, 0, G_OPTION_ARG_INT64, &self->flats, N_ ("Flat frames before the projections (10)"), N_ ("N") },
    { "flats-after", 0, 0, G_OPTION_ARG_INT64, &self->flats_after,
      N_ ("Flat frames after the projections (0)"), N_ ("N") },
    { "dead-columns", 0, 0, G_OPTION_ARG_INT64, &self->dead_columns,
      N_ ("Columns that see nothing (0)"), N_ ("N") },
    { "rings", 0, 0, G_OPTION_ARG_DOUBLE, &self->rings,
      N_ ("Rms error of the pixels' gain that flats do not show (0)"), N_ ("X") },
    { "zingers", 0, 0, G_OPTION_ARG_INT64, &self->zingers, N_ ("Bright spots in each frame (0)"), N_ ("N") },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &self->seed, N_ ("Other noise and other defects (1)"), N_ ("N") },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry output[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &self->format,
      N_ ("tiff (default), hdf5 (Data Exchange) or nxtomo"), N_ ("NAME") },
    { "no-truth", 0, 0, G_OPTION_ARG_NONE, &self->no_truth, N_ ("Leave out the true slices"), NULL },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &self->force,
      N_ ("Use a folder that is not empty; replaces a synthetic scan and its reco.conf in it"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->folders, NULL, N_ ("DIR") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, _ ("Writes a synthetic raw scan into the folder DIR, the true slices, and a "
                                            "reco.conf that is ready\nto run. Without options it is a demonstration: "
                                            "256 columns, axis off the middle, some noise."));
  g_option_context_add_main_entries (context, sample, NULL);
  g_option_context_add_main_entries (context, geometry, NULL);
  g_option_context_add_main_entries (context, counts, NULL);
  g_option_context_add_main_entries (context, output, NULL);

  return g_option_context_parse (context, &argc, &argv, error);
}

static const ReconPhantom *
find_phantom (const char  *name,
              GError     **error)
{
  const ReconPhantom *phantom = recon_phantom_find (name);

  if (phantom == NULL)
    {
      g_autofree char *names = g_strjoinv (", ", (char **) recon_phantom_names ());

      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("There is no phantom '%s'. Choose one of: %s."),
                   name, names);
    }

  return phantom;
}

static gboolean
find_format (const char       *name,
             ReconScanFormat  *format,
             GError          **error)
{
  static const char *const names[] = {
    [RECON_SCAN_FORMAT_TIFF] = "tiff",
    [RECON_SCAN_FORMAT_DXCHANGE] = "hdf5",
    [RECON_SCAN_FORMAT_NXTOMO] = "nxtomo",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i]) == 0)
      {
        *format = i;
        return TRUE;
      }

  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("There is no format '%s'. Choose one of: tiff, hdf5, nxtomo."), name);

  return FALSE;
}

/* Whole numbers have to fit before their ranges are looked at. */
static gboolean
to_count (const char  *name,
          gint64       value,
          guint       *count,
          GError     **error)
{
  if (value < 0 || value > G_MAXUINT32)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("--%s=%" G_GINT64_FORMAT " is out of range; it must be a whole number from 0 to %u."),
                   name, value, G_MAXUINT32);
      return FALSE;
    }

  *count = (guint) value;

  return TRUE;
}

/* @angles owns what the settings point to. */
static gboolean
make_angles (const Typed           *typed,
             ReconRawScanSettings  *settings,
             double               **angles,
             GError               **error)
{
  gsize n;

  if (typed->angle_list != NULL)
    {
      if (typed->angles != NOT_GIVEN || typed->range != NUMBER_NOT_GIVEN || typed->shuffle)
        {
          g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                               _ ("--angle-list takes the place of --angles, --range and --shuffle-angles; "
                                  "leave these out."));
          return FALSE;
        }

      *angles = recon_angles_read (typed->angle_list, -1, NULL, NULL, NULL, NULL, &n, error);

      if (*angles == NULL || !to_count ("angles", (gint64) MIN (n, G_MAXINT64), &settings->n_angles, error))
        return FALSE;
    }
  else
    {
      double range = typed->range == NUMBER_NOT_GIVEN ? 180.0 : typed->range;

      if (!to_count ("angles", typed->angles == NOT_GIVEN ? (3 * (gint64) settings->width + 1) / 2 : typed->angles,
                     &settings->n_angles, error))
        return FALSE;

      if (!(fabs (range) > 0.0 && fabs (range) <= 36000.0) || settings->n_angles > 1000000)
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                       _ ("--range=%g or --angles=%u is out of range; the range must be from -36000 to 36000 degrees "
                          "and not 0, the angles from 1 to 1000000."), range, settings->n_angles);
          return FALSE;
        }

      *angles = recon_raw_scan_angles (settings->n_angles, range * (G_PI / 180.0), typed->shuffle,
                                       (guint64) typed->seed);
    }

  settings->angles = *angles;

  return TRUE;
}

static gboolean
make_settings (const Typed           *typed,
               ReconRawScanSettings  *settings,
               double               **angles,
               GError               **error)
{
  const ReconPhantom *phantom = find_phantom (typed->phantom != NULL ? typed->phantom : "shepp-logan", error);
  guint width, rows;

  if (phantom == NULL ||
      !to_count ("width", typed->width == NOT_GIVEN ? DEMO_WIDTH : typed->width, &width, error) ||
      !to_count ("rows", typed->rows, &rows, error))
    return FALSE;

  recon_raw_scan_settings_init (settings, phantom, width, rows);

  if (typed->axis != NUMBER_NOT_GIVEN)
    settings->axis = typed->axis;
  else if (typed->width == NOT_GIVEN)
    settings->axis = DEMO_AXIS;

  if (typed->radius != NUMBER_NOT_GIVEN)
    settings->radius = typed->radius;

  settings->absorption = typed->absorption;
  settings->photons = typed->photons;
  settings->dark = typed->dark;
  settings->dark_noise = typed->dark_noise;
  settings->uneven = typed->uneven;
  settings->drift = typed->drift != NUMBER_NOT_GIVEN ? typed->drift : typed->flats_after > 0 ? 0.1 : 0.0;
  settings->rings = typed->rings;
  settings->seed = (guint64) typed->seed;

  return to_count ("darks", typed->darks, &settings->n_darks, error) &&
         to_count ("flats", typed->flats, &settings->n_flats, error) &&
         to_count ("flats-after", typed->flats_after, &settings->n_flats_after, error) &&
         to_count ("dead-columns", typed->dead_columns, &settings->dead_columns, error) &&
         to_count ("zingers", typed->zingers, &settings->zingers, error) &&
         make_angles (typed, settings, angles, error);
}

/**
 * recon_phantom_request_parse:
 * @self: (out caller-allocates): the request
 * @argc: number of arguments, the command's name first
 * @argv: the arguments
 * @error: return location
 *
 * Reads the arguments of 'reconstruct phantom'; --help ends the program. The settings of the scan are not checked
 * yet, see recon_raw_scan_settings_check().
 *
 * Returns: %FALSE with #G_OPTION_ERROR, #RECON_ERROR_CONFIG or an error of recon_angles_read()
 */
gboolean
recon_phantom_request_parse (ReconPhantomRequest  *self,
                             int                   argc,
                             char                **argv,
                             GError              **error)
{
  g_auto (Typed) typed = {
    .width = NOT_GIVEN, .rows = 64, .angles = NOT_GIVEN,
    .axis = NUMBER_NOT_GIVEN, .radius = NUMBER_NOT_GIVEN, .range = NUMBER_NOT_GIVEN,
    .absorption = 2.0, .photons = 30000.0, .dark = 100.0, .dark_noise = 2.0, .uneven = 0.3,
    .drift = NUMBER_NOT_GIVEN,
    .darks = 10, .flats = 10, .seed = 1,
  };

  if (!parse (&typed, argc, argv, error))
    return FALSE;

  if (typed.folders == NULL || typed.folders[0][0] == '\0' || typed.folders[1] != NULL)
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                           _ ("Name one folder for the scan: reconstruct phantom DIR"));
      return FALSE;
    }

  if (!find_format (typed.format != NULL ? typed.format : "tiff", &self->format, error) ||
      !make_settings (&typed, &self->settings, &self->angles, error))
    return FALSE;

  self->folder = g_strdup (typed.folders[0]);
  self->force = typed.force;
  self->truth = !typed.no_truth;

  return TRUE;
}

void
recon_phantom_request_clear (ReconPhantomRequest *self)
{
  g_free (self->folder);
  g_free (self->angles);
}

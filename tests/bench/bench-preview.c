/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>

#include "bench-json.h"
#include "phantom/raw-scan-writer.h"
#include "preview/preview.h"

/* Times what a live preview does while a user looks at a scan, and prints what it finds as JSON. */

#define ROWS 64

typedef struct
{
  char *folder;
  int   columns;
  int   repeats;
} Options;

/* What is changed before every image, turn by turn, and the image. */
typedef struct
{
  const char     *name;
  const char     *words; /* in the report */
  ReconView       view;
  guint           reduction;
  gboolean        other_index;
  const char     *parameter;
  const char     *values[2];
} Change;

static const Change changes[] = {
  { "axis", "the axis moved", RECON_VIEW_SLICE, 1, FALSE, "reconstruction.axis", { "%.2f", "%.2f" } },
  { "axis_2", "the axis moved, reduced by 2", RECON_VIEW_SLICE, 2, FALSE, "reconstruction.axis", { "%.2f", "%.2f" } },
  { "axis_4", "the axis moved, reduced by 4", RECON_VIEW_SLICE, 4, FALSE, "reconstruction.axis", { "%.2f", "%.2f" } },
  { "filter", "another filter", RECON_VIEW_SLICE, 1, FALSE, "reconstruction.filter", { "hann", "ramp" } },
  { "correction", "another clip-minimum", RECON_VIEW_SLICE, 1, FALSE, "flat-field.clip-minimum", { "1e-5", "1e-6" } },
  { "slice", "another slice", RECON_VIEW_SLICE, 1, TRUE, "reconstruction.circle", { "no", "no" } },
  { "sinogram", "another sinogram", RECON_VIEW_SINOGRAM, 1, TRUE, "reconstruction.circle", { "no", "no" } },
  { "projection", "another corrected projection", RECON_VIEW_CORRECTED, 1, TRUE, "reconstruction.circle",
    { "no", "no" } },
};

static void
options_clear (Options *options)
{
  g_free (options->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
write_scan (const char  *folder,
            guint        columns,
            GError     **error)
{
  const guint n_angles = columns * 3 / 2;
  g_autofree double *angles = recon_raw_scan_angles (n_angles, G_PI, FALSE, 1);
  g_autoptr (ReconRawScan) scan = NULL;
  ReconRawScanSettings settings;

  recon_raw_scan_settings_init (&settings, recon_phantom_find ("shepp-logan"), columns, ROWS);
  settings.angles = angles;
  settings.n_angles = n_angles;
  settings.photons = 30000;
  settings.dark = 100;
  settings.n_darks = settings.n_flats = 10;
  scan = recon_raw_scan_new (&settings, error);

  return scan != NULL && recon_raw_scan_write (scan, folder, RECON_SCAN_FORMAT_TIFF, RECON_SCAN_WRITE_OVERWRITE, NULL,
                                               NULL, NULL, error);
}

static ReconConfig *
new_config (const char  *folder,
            GError     **error)
{
  static const struct
  {
    ReconParameter  parameter;
    const char     *name;
  } paths[] = {
    { RECON_PARAM_PROJECTIONS, "projections" },
    { RECON_PARAM_DARKS, "darks" },
    { RECON_PARAM_FLATS, "flats" },
    { RECON_PARAM_ANGLES, "angles.txt" },
  };
  g_autoptr (ReconConfig) config = recon_config_new ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = g_build_filename (folder, paths[i].name, NULL);

      if (!recon_config_parse (config, paths[i].parameter, path, error))
        return NULL;
    }

  return g_steal_pointer (&config);
}

static gboolean
time_image (ReconPreview               *preview,
            ReconConfig                *config,
            const ReconPreviewRequest  *request,
            double                     *milliseconds,
            GError                    **error)
{
  g_auto (ReconPreviewResult) result = { 0 };

  if (!recon_preview_make (preview, config, request, &result, NULL, error))
    return FALSE;
  *milliseconds = 1000 * result.seconds;

  return TRUE;
}

/* From nothing: the scan is opened, the device taken into use, kernels come from the cache. */
static gboolean
put_first (JsonBuilder   *json,
           ReconConfig   *config,
           guint          repeats,
           GError       **error)
{
  const ReconPreviewRequest request = { RECON_VIEW_SLICE, ROWS / 2, 1 };
  g_autofree double *values = g_new (double, repeats + 1);

  for (guint i = 0; i <= repeats; i++)
    {
      g_autoptr (ReconPreview) preview = recon_preview_new (NULL);

      if (!time_image (preview, config, &request, &values[i], error))
        return FALSE;
    }
  bench_put_statistics (json, "first", values + 1, repeats);

  return TRUE;
}

static gboolean
put_change (JsonBuilder   *json,
            ReconPreview  *preview,
            ReconConfig   *config,
            const Change  *change,
            guint          columns,
            guint          repeats,
            GError       **error)
{
  g_autofree double *values = g_new (double, repeats + 1);

  for (guint i = 0; i <= repeats; i++)
    {
      const ReconPreviewRequest request = { change->view, change->other_index ? i + 1 : ROWS / 2, change->reduction };
      char axis[G_ASCII_DTOSTR_BUF_SIZE];
      const char *value = change->values[i % 2];

      if (recon_parameter (change->parameter) == RECON_PARAM_AXIS)
        value = g_ascii_formatd (axis, sizeof axis, value, columns / 2.0 + 0.25 * i);
      if (!recon_config_parse (config, recon_parameter (change->parameter), value, error) ||
          !time_image (preview, config, &request, &values[i], error))
        return FALSE;
    }
  bench_put_statistics (json, change->name, values + 1, repeats);

  return TRUE;
}

static gboolean
measure (const Options  *options,
         GError        **error)
{
  const guint columns = (guint) options->columns;
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (ReconPreview) preview = recon_preview_new (NULL);
  g_autoptr (ReconConfig) config = NULL;
  g_autofree char *folder = NULL;

  if (options->folder == NULL || options->columns < 16 || options->columns > 32768 || options->repeats < 1 ||
      options->repeats >= ROWS)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--folder has to be given, --columns goes from 16 to 32768, --repeats from 1 to %d", ROWS - 1);
      return FALSE;
    }

  folder = g_build_filename (options->folder, "preview-scan", NULL);
  if (!write_scan (folder, columns, error))
    return FALSE;
  config = new_config (folder, error);
  if (config == NULL)
    return FALSE;

  json_builder_begin_object (json);
  bench_put_count (json, "columns", columns);
  bench_put_count (json, "angles", columns * 3 / 2);
  bench_put_count (json, "repeats", (guint) options->repeats);
  json_builder_set_member_name (json, "ms");
  json_builder_begin_object (json);
  if (!put_first (json, config, (guint) options->repeats, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    if (!put_change (json, preview, config, &changes[i], columns, (guint) options->repeats, error))
      return FALSE;
  json_builder_end_object (json);

  json_builder_set_member_name (json, "words");
  json_builder_begin_object (json);
  bench_put_text (json, "first", "the first slice");
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    bench_put_text (json, changes[i].name, changes[i].words);
  json_builder_end_object (json);
  json_builder_end_object (json);
  bench_print (json);

  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  g_auto (Options) options = { .columns = 1024, .repeats = 5 };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &options.folder, "Write the scan there", "FOLDER" },
    { "columns", 0, 0, G_OPTION_ARG_INT, &options.columns, "Columns of the detector (1024)", "N" },
    { "repeats", 0, 0, G_OPTION_ARG_INT, &options.repeats, "Timed repeats after one to warm up (5)", "N" },
    { NULL },
  };

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || !measure (&options, &error))
    {
      g_printerr ("bench-preview: %s\n", error->message);
      return EXIT_FAILURE;
    }

  return EXIT_SUCCESS;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "bench-json.h"
#include "bench-run.h"
#include "config/choices.h"

/* Times the tasks of a reconstruction without files, and prints what it finds as JSON. */

#define MAX_COLUMNS 32768
#define MAX_COUNT 65536

typedef struct
{
  char  *sizes;
  char  *kernel;
  char  *variant;
  char  *device;
  char  *save;
  int    slices;
  int    angles;
  int    repeats;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->sizes);
  g_free (options->kernel);
  g_free (options->variant);
  g_free (options->device);
  g_free (options->save);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
find_word (const char         *option,
           const char         *word,
           const char *const  *words,
           int                *value,
           GError            **error)
{
  if (word == NULL || g_str_equal (word, "auto"))
    {
      *value = RECON_CHOICE_AUTO;
      return TRUE;
    }

  for (int i = 0; words[i] != NULL; i++)
    if (g_str_equal (word, words[i]))
      {
        *value = i;
        return TRUE;
      }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s=%s is not a choice", option, word);
  return FALSE;
}

static gboolean
check_options (const Options  *options,
               BenchSettings  *settings,
               GArray         *sizes,
               GError        **error)
{
  static const char *const kernels[] = { "plain", "direct", "merged", NULL };
  static const char *const variants[] = { "cpu", "gpu", NULL };
  g_auto (GStrv) words = g_strsplit (options->sizes != NULL ? options->sizes : "512,1024,2048", ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint64 size;
      guint columns;

      if (!g_ascii_string_to_unsigned (words[i], 10, 16, MAX_COLUMNS, &size, error))
        {
          g_prefix_error (error, "--sizes: ");
          return FALSE;
        }
      columns = (guint) size;
      g_array_append_val (sizes, columns);
    }

  if (options->slices < 1 || options->slices > MAX_COUNT || options->repeats < 1 || options->repeats > MAX_COUNT ||
      options->angles < 0 || options->angles > MAX_COUNT)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--slices and --repeats go from 1 to %d, --angles from 0 (1.5 times the columns)", MAX_COUNT);
      return FALSE;
    }
  settings->n_slices = (guint) options->slices;
  settings->repeats = (guint) options->repeats;

  return find_word ("kernel", options->kernel, kernels, &settings->kernel, error) &&
         find_word ("variant", options->variant, variants, &settings->variant, error);
}

static void
put_times (JsonBuilder         *json,
           const BenchScan     *scan,
           const BenchSettings *settings,
           const BenchResult   *result)
{
  const guint n_names = g_strv_length (result->names), n = settings->repeats;
  const double per_slice = 1000.0 / settings->n_slices;
  const double updates = (double) scan->columns * scan->columns * scan->n_angles;
  g_autofree double *column = g_new (double, n);
  g_autofree double *both = g_new0 (double, n);
  double backproject = NAN, filter_backproject;

  json_builder_set_member_name (json, "ms_per_slice");
  json_builder_begin_object (json);
  for (guint k = 0; k < n_names; k++)
    {
      const gboolean is_backproject = g_str_equal (result->names[k], "backproject");
      double median;

      for (guint i = 0; i < n; i++)
        {
          column[i] = result->seconds[i * n_names + k] * per_slice;
          if (is_backproject || g_str_equal (result->names[k], "filter"))
            both[i] += column[i];
        }
      median = bench_put_statistics (json, result->names[k], column, n);
      if (is_backproject)
        backproject = median;
    }
  filter_backproject = bench_put_statistics (json, "filter+backproject", both, n);
  for (guint i = 0; i < n; i++)
    column[i] = result->wall_seconds[i] * per_slice;
  bench_put_statistics (json, "all", column, n);
  json_builder_end_object (json);

  json_builder_set_member_name (json, "gupdates_per_s");
  json_builder_begin_object (json);
  bench_put_number (json, "backproject", updates / backproject / 1e6);
  bench_put_number (json, "filter+backproject", updates / filter_backproject / 1e6);
  json_builder_end_object (json);
}

static gboolean
put_size (JsonBuilder            *json,
          guint                   columns,
          const Options          *options,
          const BenchSettings    *settings,
          const ReconDeviceInfo  *device,
          GError                **error)
{
  const guint n_angles = options->angles > 0 ? (guint) options->angles : columns * 3 / 2;
  g_autoptr (BenchScan) scan = bench_scan_new (columns, n_angles);
  g_auto (BenchResult) result = { 0 };

  if ((options->save != NULL && !bench_scan_save (scan, options->save, error)) ||
      !bench_run (scan, device, settings, &result, error))
    {
      g_prefix_error (error, "%u columns, %u angles: ", columns, n_angles);
      return FALSE;
    }

  json_builder_begin_object (json);
  bench_put_count (json, "columns", columns);
  bench_put_count (json, "angles", n_angles);
  bench_put_count (json, "slices", settings->n_slices);
  bench_put_text (json, "kernel", options->kernel != NULL ? options->kernel : "auto");
  bench_put_text (json, "variant", options->variant != NULL ? options->variant : "auto");
  bench_put_count (json, "lanes", result.lanes);
  bench_put_count (json, "block_slices", result.block_slices);
  bench_put_count (json, "repeats", settings->repeats);
  bench_put_number (json, "prepare_s", result.prepare_seconds);
  put_times (json, scan, settings, &result);
  bench_put_number (json, "psnr_db", result.psnr_first);
  bench_put_number (json, "psnr_worst_slice_db", result.psnr_worst);
  bench_put_number (json, "peak_mib", (double) result.peak_bytes / 1048576.0);
  json_builder_end_object (json);

  return TRUE;
}

static void
put_device (JsonBuilder           *json,
            const ReconDeviceInfo *device)
{
  const gboolean is_gpu = (device->type & CL_DEVICE_TYPE_GPU) != 0, is_cpu = (device->type & CL_DEVICE_TYPE_CPU) != 0;

  json_builder_set_member_name (json, "device");
  json_builder_begin_object (json);
  bench_put_text (json, "name", device->name);
  bench_put_text (json, "platform", device->platform);
  bench_put_text (json, "driver", device->driver);
  bench_put_text (json, "type", is_gpu ? "GPU" : is_cpu ? "CPU" : "other");
  bench_put_count (json, "compute_units", device->n_units);
  json_builder_end_object (json);
}

static gboolean
measure (const Options  *options,
         GError        **error)
{
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (JsonBuilder) json = json_builder_new ();
  BenchSettings settings;

  if (!check_options (options, &settings, sizes, error))
    return FALSE;
  all = recon_devices_list (error);
  if (all == NULL)
    return FALSE;
  devices = recon_devices_choose (all, options->device != NULL ? options->device : "auto", error);
  if (devices == NULL)
    return FALSE;

  json_builder_begin_object (json);
  put_device (json, g_ptr_array_index (devices, 0));
  json_builder_set_member_name (json, "runs");
  json_builder_begin_array (json);
  for (guint i = 0; i < sizes->len; i++)
    if (!put_size (json, g_array_index (sizes, guint, i), options, &settings, g_ptr_array_index (devices, 0), error))
      return FALSE;
  json_builder_end_array (json);
  json_builder_end_object (json);
  bench_print (json);

  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  g_auto (Options) options = { .slices = 16, .repeats = 5 };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "sizes", 0, 0, G_OPTION_ARG_STRING, &options.sizes, "Columns of the detector (512,1024,2048)", "N,…" },
    { "slices", 0, 0, G_OPTION_ARG_INT, &options.slices, "Slices (16)", "N" },
    { "angles", 0, 0, G_OPTION_ARG_INT, &options.angles, "Angles; 0 for 1.5 times the columns (0)", "N" },
    { "kernel", 0, 0, G_OPTION_ARG_STRING, &options.kernel, "auto, plain, direct or merged (auto)", "NAME" },
    { "variant", 0, 0, G_OPTION_ARG_STRING, &options.variant, "auto, cpu or gpu (auto)", "NAME" },
    { "device", 0, 0, G_OPTION_ARG_STRING, &options.device, "As of the program; the first one is taken (auto)", "D" },
    { "repeats", 0, 0, G_OPTION_ARG_INT, &options.repeats, "Timed repeats after one to warm up (5)", "N" },
    { "save", 0, 0, G_OPTION_ARG_FILENAME, &options.save, "Save the sinograms and true slices there", "FOLDER" },
    { NULL },
  };

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || !measure (&options, &error))
    {
      g_printerr ("bench-engine: %s\n", error->message);
      return EXIT_FAILURE;
    }

  return EXIT_SUCCESS;
}

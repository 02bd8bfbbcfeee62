/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <complex.h>
#include <fftw3.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "bench-json.h"
#include "tasks/filter.h"

/* The filter's work done by FFTW, for comparison: row by row, each copied into twice its length, transformed,
 * multiplied by the same response, transformed back and copied to where it was. Prints what it finds as JSON. */

typedef struct
{
  guint       columns;
  guint       padded;
  gsize       n_rows;
  float      *rows;
  float      *response; /* padded/2 + 1, normalised */
  fftwf_plan  forward;
  fftwf_plan  inverse;
} Work;

typedef struct
{
  const Work *work;
  gsize       first, end; /* rows */
} Part;

static gpointer
filter_rows (gpointer data)
{
  const Part *part = data;
  const Work *w = part->work;
  const guint n = w->padded / 2 + 1;
  float *row = fftwf_alloc_real (w->padded);
  fftwf_complex *spectrum = fftwf_alloc_complex (n);

  for (gsize i = part->first; i < part->end; i++)
    {
      memcpy (row, w->rows + i * w->columns, w->columns * sizeof (float));
      memset (row + w->columns, 0, (w->padded - w->columns) * sizeof (float));
      fftwf_execute_dft_r2c (w->forward, row, spectrum);
      for (guint k = 0; k < n; k++)
        spectrum[k] *= w->response[k];
      fftwf_execute_dft_c2r (w->inverse, spectrum, row);
      memcpy (w->rows + i * w->columns, row, w->columns * sizeof (float));
    }

  fftwf_free (spectrum);
  fftwf_free (row);

  return NULL;
}

/* Returns: seconds */
static double
filter_all (const Work *work,
            guint       n_threads)
{
  g_autofree Part *parts = g_new (Part, n_threads);
  g_autofree GThread **threads = g_new (GThread *, n_threads);
  gint64 started = g_get_monotonic_time ();

  for (guint i = 0; i < n_threads; i++)
    {
      parts[i] = (Part) { work, work->n_rows * i / n_threads, work->n_rows * (i + 1) / n_threads };
      threads[i] = g_thread_new ("filter", filter_rows, &parts[i]);
    }
  for (guint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);

  return (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC;
}

static void
fill_rows (Work *work)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (gsize i = 0; i < work->n_rows * work->columns; i++)
    work->rows[i] = (float) g_rand_double (rand);
}

static void
prepare (Work  *work,
         guint  columns,
         gsize  n_rows)
{
  const ReconFilterSettings settings = { .filter = RECON_FILTER_RAMP, .padding = RECON_PADDING_ZERO };
  guint n;
  float *row;
  fftwf_complex *spectrum;

  work->columns = columns;
  work->padded = 2 * columns;
  work->n_rows = n_rows;
  n = work->padded / 2 + 1;

  work->response = g_new (float, work->padded);
  recon_filter_response (&settings, work->padded, work->response);
  for (guint k = 0; k < n; k++)
    work->response[k] /= (float) work->padded;

  row = fftwf_alloc_real (work->padded);
  spectrum = fftwf_alloc_complex (n);
  work->forward = fftwf_plan_dft_r2c_1d ((int) work->padded, row, spectrum, FFTW_MEASURE);
  work->inverse = fftwf_plan_dft_c2r_1d ((int) work->padded, spectrum, row, FFTW_MEASURE | FFTW_DESTROY_INPUT);
  fftwf_free (spectrum);
  fftwf_free (row);

  work->rows = g_new (float, n_rows * columns);
  fill_rows (work);
}

static void
work_clear (Work *work)
{
  fftwf_destroy_plan (work->forward);
  fftwf_destroy_plan (work->inverse);
  g_free (work->response);
  g_free (work->rows);
}

static void
put_size (JsonBuilder *json,
          guint        columns,
          guint        slices,
          guint        n_threads,
          guint        repeats)
{
  g_autofree double *ms = g_new (double, repeats);
  Work work;

  prepare (&work, columns, (gsize) slices * (columns * 3 / 2));
  filter_all (&work, n_threads);
  for (guint i = 0; i < repeats; i++)
    {
      /* The ramp makes the values grow from repeat to repeat. */
      fill_rows (&work);
      ms[i] = filter_all (&work, n_threads) * 1000 / slices;
    }
  work_clear (&work);

  json_builder_begin_object (json);
  bench_put_count (json, "columns", columns);
  bench_put_count (json, "angles", columns * 3 / 2);
  bench_put_count (json, "slices", slices);
  bench_put_count (json, "threads", n_threads);
  bench_put_count (json, "repeats", repeats);
  bench_put_statistics (json, "ms_per_slice", ms, repeats);
  json_builder_end_object (json);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *sizes = NULL;
  int slices = 4, repeats = 5, threads = (int) g_get_num_processors ();
  const GOptionEntry entries[] = {
    { "sizes", 0, 0, G_OPTION_ARG_STRING, &sizes, "Columns of the detector (512,1024,2048)", "N,…" },
    { "slices", 0, 0, G_OPTION_ARG_INT, &slices, "Slices of 1.5 N rows each (4)", "N" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads (one per processor)", "N" },
    { "repeats", 0, 0, G_OPTION_ARG_INT, &repeats, "Timed repeats after one to warm up (5)", "N" },
    { NULL },
  };
  g_auto (GStrv) words = NULL;
  g_autoptr (JsonBuilder) json = json_builder_new ();

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("bench-fftw: %s\n", error->message);
      return EXIT_FAILURE;
    }

  words = g_strsplit (sizes != NULL ? sizes : "512,1024,2048", ",", -1);
  json_builder_begin_object (json);
  bench_put_text (json, "version", fftwf_version);
  json_builder_set_member_name (json, "runs");
  json_builder_begin_array (json);
  for (guint i = 0; words[i] != NULL; i++)
    {
      guint64 columns;

      if (!g_ascii_string_to_unsigned (words[i], 10, 16, 32768, &columns, &error))
        {
          g_printerr ("bench-fftw: --sizes: %s\n", error->message);
          return EXIT_FAILURE;
        }
      put_size (json, (guint) columns, (guint) MAX (slices, 1), (guint) MAX (threads, 1), (guint) MAX (repeats, 1));
    }
  json_builder_end_array (json);
  json_builder_end_object (json);

  bench_print (json);

  return EXIT_SUCCESS;
}

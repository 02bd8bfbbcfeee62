/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/write-slices.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/output-files.h"
#include "config/config-file.h"
#include "config/config.h"
#include "io/grey.h"
#include "tasks/sample-slices.h"

/* Writes slices into files, which have temporary names until all are there. Beside them a ledger says which stand, so
 * that a job that was interrupted can be gone on with. */

enum
{
  ROW_PATH,
  ROW_FORMAT,
  ROW_TYPE,
  ROW_MINIMUM,
  ROW_MAXIMUM,
  ROW_PERCENTILE_LOW,
  ROW_PERCENTILE_HIGH,
  ROW_COMPRESSION,
  ROW_OVERWRITE,
};

static const char *const parameters[] = {
  "output.path", "output.format", "output.type", "output.minimum", "output.maximum", "output.percentile-low",
  "output.percentile-high", "output.compression", "output.overwrite", NULL,
};

static const ReconPort inputs[] = {
  { "slices", RECON_PORT_NONE, N_ ("Images, one after the other along the slowest axis") },
  { NULL },
};

const ReconTaskInfo recon_write_slices_info = {
  .name = "write",
  .title = N_ ("Output"),
  .summary = N_ ("Write images to a TIFF series, a TIFF stack or an HDF5 file"),
  .flags = RECON_TASK_ON_HOST,
  .inputs = inputs,
  .aliases = RECON_WORDS ("filename=path"),
  .version = 1,
};

struct _ReconWriteSlices
{
  ReconSink    parent_instance;

  ReconWriter *writer;   /* (nullable): of the place that the parameters name */
  char        *key;      /* of the parameters that it was made with */
  ReconConfig *resolved; /* (nullable): kept with the result; the grey scale is put into it */
  JsonObject  *header;   /* (nullable): of the ledger */
  ReconLedger *earlier;  /* (nullable): of the job that is gone on with */
  ReconLedger *ledger;   /* (nullable): once it has begun */
  char        *description; /* (nullable): kept with the result where there is no configuration */
};

static void
recon_write_slices_clear (ReconTask *task)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (task);

  /* The ledger is locked until slices have their final name or are left alone. */
  g_clear_object (&self->writer);
  g_clear_object (&self->resolved);
  g_clear_pointer (&self->header, json_object_unref);
  g_clear_pointer (&self->earlier, recon_ledger_free);
  g_clear_pointer (&self->ledger, recon_ledger_free);
  g_free (self->key);
  g_free (self->description);
}

static ReconOutputFormat
get_format (ReconTask *task)
{
  ReconOutputFormat format;

  if (recon_task_get_value (task, ROW_FORMAT)->word == NULL)
    return recon_task_get_value (task, ROW_FORMAT)->choice;

  return recon_writer_guess_format (recon_task_get_value (task, ROW_PATH)->text, &format) ? format
                                                                                          : RECON_OUTPUT_FORMAT_TIFF;
}

/**
 * recon_write_slices_open_writer:
 * @task: a #ReconWriteSlices
 * @error: return location
 *
 * Decides where the slices go, as shapes are not needed for that.
 *
 * Returns: %FALSE with #RECON_ERROR_CONFIG if the path is none
 */
gboolean
recon_write_slices_open_writer (ReconTask  *task,
                                GError    **error)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (task);
  const char *path = recon_task_get_value (task, ROW_PATH)->text;
  g_autofree char *key = g_strdup_printf ("%d %s", get_format (task), path);

  if (*path == '\0')
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                           _ ("There is no output path. Name one with --output=PATH."));
      return FALSE;
    }

  if (self->writer == NULL || g_strcmp0 (key, self->key) != 0)
    {
      g_clear_object (&self->writer);
      self->writer = recon_writer_new (path, get_format (task), error);
      g_free (self->key);
      self->key = g_steal_pointer (&key);
    }
  if (self->writer == NULL)
    return FALSE;
  recon_writer_set_overwrite (self->writer, recon_task_get_value (task, ROW_OVERWRITE)->boolean);

  return TRUE;
}

static gboolean
check_window (ReconTask  *task,
              GError    **error)
{
  const double minimum = recon_task_get_value (task, ROW_MINIMUM)->number;
  const double maximum = recon_task_get_value (task, ROW_MAXIMUM)->number;
  const double low = recon_task_get_value (task, ROW_PERCENTILE_LOW)->number;
  const double high = recon_task_get_value (task, ROW_PERCENTILE_HIGH)->number;

  /* Comparisons with NaN, which stands for automatic, are false. */
  if (minimum >= maximum)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("output.minimum = %g is not below output.maximum = %g."), minimum, maximum);
      return FALSE;
    }
  if (low >= high)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("output.percentile-low = %g is not below output.percentile-high = %g."), low, high);
      return FALSE;
    }

  return TRUE;
}

static gboolean
recon_write_slices_shape (ReconTask              *task,
                          const ReconArrayInfo  **given,
                          ReconArrayInfo         *made,
                          ReconLog               *log,
                          GError                **error)
{
  const ReconArrayInfo *images = given[0];

  if (images->n_axes != 3 || images->type != RECON_ARRAY_FLOAT32)
    {
      g_autofree char *text = recon_array_info_describe (images);

      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("Images of float32 along three axes can be written, but this is %s. Connect another output."),
                   text);
      return FALSE;
    }

  return check_window (task, error);
}

static gboolean
measure_window (ReconTask             *task,
                const ReconSinkStart  *start,
                double                *minimum,
                double                *maximum,
                GCancellable          *cancellable,
                GError               **error)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (float));
  const double low = recon_task_get_value (task, ROW_PERCENTILE_LOW)->number;
  const double high = recon_task_get_value (task, ROW_PERCENTILE_HIGH)->number;
  const guint n_slices = recon_sample_slices (recon_task_get_input (task, 0), start, values, cancellable, error);
  double window[2] = { 0, 1 };

  if (n_slices == 0)
    return FALSE;

  /* Without a finite value there is nothing to show; any window will do. */
  recon_grey_percentiles ((float *) values->data, values->len, low, high, &window[0], &window[1]);
  if (isnan (*minimum))
    *minimum = window[0];
  if (isnan (*maximum))
    *maximum = window[1];
  /* Only one of them is measured: check_window() has compared those that are given. */
  if (*maximum < *minimum)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("output.minimum = %g is not below output.maximum = %g, of which one was measured: percentiles %g "
                      "and %g of the values are %g and %g. Give both, or one that lies on its side of the other."),
                   *minimum, *maximum, low, high, window[0], window[1]);
      return FALSE;
    }
  /* Slices of one value only: any width will do. */
  if (*maximum == *minimum)
    *maximum = *minimum + MAX (1e-6, fabs (*minimum) * 1e-6);

  recon_log_info (start->log, "%s output spans %g … %g (percentiles %g and %g of %u slices)",
                  recon_task_get_value (task, ROW_TYPE)->text, *minimum, *maximum, low, high,
                  n_slices);

  return TRUE;
}

/* The grey scale of integer slices: what the user says, else what an earlier run took, else percentiles. */
static gboolean
choose_window (ReconWriteSlices      *self,
               const ReconSinkStart  *start,
               double                *minimum,
               double                *maximum,
               GCancellable          *cancellable,
               GError               **error)
{
  ReconTask *task = RECON_TASK (self);

  *minimum = recon_task_get_value (task, ROW_MINIMUM)->number;
  *maximum = recon_task_get_value (task, ROW_MAXIMUM)->number;
  if (recon_task_get_value (task, ROW_TYPE)->choice == RECON_OUTPUT_TYPE_FLOAT32)
    return TRUE;

  if (self->earlier != NULL)
    {
      JsonObject *header = recon_ledger_get_header (self->earlier);

      *minimum = json_object_get_double_member_with_default (header, "minimum", 0);
      *maximum = json_object_get_double_member_with_default (header, "maximum", 1);
    }
  else if ((isnan (*minimum) || isnan (*maximum)) &&
           !measure_window (task, start, minimum, maximum, cancellable, error))
    return FALSE;

  if (self->resolved != NULL)
    {
      recon_config_set_number (self->resolved, RECON_PARAM_OUTPUT_MINIMUM, *minimum);
      recon_config_set_number (self->resolved, RECON_PARAM_OUTPUT_MAXIMUM, *maximum);
    }

  return TRUE;
}

/**
 * recon_write_slices_make_numbers:
 * @self: a task that knows its input
 * @n: (out): how many images there are
 *
 * Returns: (transfer full) (array length=n): the numbers of the images in the names of files: those of the detector's
 *   rows, where these are known
 */
guint *
recon_write_slices_make_numbers (ReconWriteSlices *self,
                                 guint            *n)
{
  const ReconArrayInfo *images = recon_task_get_input (RECON_TASK (self), 0);
  const ReconGeometry *geometry = images->geometry;
  const gboolean has_rows = geometry != NULL && geometry->n_rows == images->axes[0].size;
  guint *numbers;

  *n = (guint) images->axes[0].size;
  numbers = g_new (guint, *n);
  for (guint i = 0; i < *n; i++)
    numbers[i] = has_rows && geometry->row_numbers != NULL ? geometry->row_numbers[i] : i;

  return numbers;
}

static gboolean
open_writer (ReconWriteSlices  *self,
             double             minimum,
             double             maximum,
             const guint8      *finished,
             GError           **error)
{
  ReconTask *task = RECON_TASK (self);
  const ReconArrayInfo *images = recon_task_get_input (task, 0);
  const ReconGeometry *geometry = images->geometry;
  guint n_slices;
  g_autofree guint *numbers = recon_write_slices_make_numbers (self, &n_slices);
  g_autofree double *rows = g_new (double, n_slices);
  g_autofree char *configuration = self->resolved != NULL ? recon_config_to_data (self->resolved, FALSE) : NULL;
  const gboolean are_rows = geometry != NULL && geometry->detector_rows != NULL && geometry->n_rows == n_slices;
  const ReconVolume volume = {
    .n_slices = n_slices,
    .height = (guint) images->axes[1].size,
    .width = (guint) images->axes[2].size,
    .numbers = numbers,
    .detector_row = rows,
    .x0 = geometry != NULL ? geometry->x0 : 0,
    .y0 = geometry != NULL ? geometry->y0 : 0,
    .pixel_size = geometry != NULL ? geometry->pixel_size / 1000 : (double) NAN,
    .type = recon_task_get_value (task, ROW_TYPE)->choice,
    .minimum = minimum,
    .maximum = maximum,
    .compression = recon_task_get_value (task, ROW_COMPRESSION)->choice,
    .configuration = configuration != NULL ? configuration : self->description,
  };

  for (guint i = 0; i < n_slices; i++)
    rows[i] = are_rows ? geometry->detector_rows[i] : i;

  return recon_writer_open (self->writer, &volume, finished, error);
}

/* Two jobs that start at once in one place must not both find it free: the folder around the output is locked while
 * one of them looks and takes it. Where that can't be (a folder that isn't there yet), the ledger's own lock has to
 * do. Returns a descriptor to close, or -1. */
static int
lock_place (ReconWriter *writer)
{
  g_autofree char *folder = g_path_get_dirname (recon_writer_get_partial (writer));
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd >= 0)
    flock (fd, LOCK_EX);

  return fd;
}

/**
 * recon_write_slices_peek_interrupted:
 * @writer: a writer
 * @n_finished: (out): slices that stand
 * @n_slices: (out): slices that were to be made
 *
 * Returns: (transfer full) (nullable): what an interrupted job has left; %NULL if there is none
 */
ReconLedger *
recon_write_slices_peek_interrupted (ReconWriter *writer,
                                     guint       *n_finished,
                                     guint       *n_slices)
{
  g_autoptr (ReconLedger) ledger = recon_ledger_peek (recon_writer_get_partial_ledger (writer));
  g_autofree guint8 *finished = NULL;
  gint64 n;

  if (ledger == NULL)
    return NULL;

  n = json_object_get_int_member_with_default (recon_ledger_get_header (ledger), "slices", 0);
  if (n < 1 || n > G_MAXINT32)
    return NULL;

  finished = g_new0 (guint8, n);
  *n_slices = (guint) n;
  *n_finished = recon_ledger_get_finished (ledger, finished, *n_slices);

  return g_steal_pointer (&ledger);
}

/* Returns: FALSE if slices that are finished would be thrown away without a word of the user's */
static gboolean
check_interrupted (ReconWriter  *writer,
                   ReconResume   resume,
                   GError      **error)
{
  g_autoptr (ReconLedger) ledger = NULL;
  guint n_finished = 0, n_slices = 0;

  if (resume == RECON_RESUME_ANEW || recon_writer_get_overwrite (writer))
    return TRUE;

  ledger = recon_write_slices_peek_interrupted (writer, &n_finished, &n_slices);
  if (n_finished == 0)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_EXISTS,
               _ ("An interrupted run has finished %u of %u slices, in %s. Go on with --resume, or throw them away and "
                  "start anew with --overwrite."),
               n_finished, n_slices, recon_writer_get_partial (writer));
  return FALSE;
}

/**
 * recon_write_slices_check_free:
 * @self: a task that knows its input, and where it writes
 * @resume: what the user has said
 * @error: return location
 *
 * Checks what would be lost, and whether anything can be written, before any time is spent. The writer looks again when
 * it begins and when it ends; of what an interrupted run has left it knows what is an earlier result and what is not.
 *
 * Returns: %FALSE with #RECON_ERROR_EXISTS or #RECON_ERROR_WRITE
 */
gboolean
recon_write_slices_check_free (ReconWriteSlices  *self,
                               ReconResume        resume,
                               GError           **error)
{
  guint n;
  g_autofree guint *numbers = recon_write_slices_make_numbers (self, &n);

  if (!recon_resume_goes_on (resume) &&
      (!recon_writer_check_free (self->writer, numbers, n, error) ||
       !recon_ledger_check_free (recon_writer_get_partial_ledger (self->writer), error) ||
       !check_interrupted (self->writer, resume, error)))
    return FALSE;

  return recon_output_place_try (recon_writer_get_partial (self->writer), error);
}

/**
 * recon_write_slices_new_header:
 * @self: a task that knows its input
 *
 * Returns: (transfer full): what the header of any ledger has
 */
JsonObject *
recon_write_slices_new_header (ReconWriteSlices *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  JsonObject *header = json_object_new ();

  json_object_set_string_member (header, "program", "reconstruct " RECON_VERSION);
  json_object_set_string_member (header, "started", time);
  json_object_set_int_member (header, "slices", (gint64) recon_task_get_input (RECON_TASK (self), 0)->axes[0].size);

  return header;
}

/* Opens the output anew and begins its ledger. */
static gboolean
start_output (ReconWriteSlices      *self,
              const ReconSinkStart  *start,
              double                 minimum,
              double                 maximum,
              GError               **error)
{
  const char *path = recon_writer_get_partial_ledger (self->writer);
  g_autoptr (JsonNode) header = json_node_init_object (json_node_alloc (), self->header);
  const int place = lock_place (self->writer);

  if (isfinite (minimum) && isfinite (maximum))
    {
      json_object_set_double_member (self->header, "minimum", minimum);
      json_object_set_double_member (self->header, "maximum", maximum);
    }

  if (recon_ledger_check_free (path, error) &&
      check_interrupted (self->writer, start->resume, error) &&
      open_writer (self, minimum, maximum, NULL, error))
    self->ledger = recon_ledger_create (path, header, error);
  if (place >= 0)
    close (place);

  return self->ledger != NULL;
}

static gboolean
recon_write_slices_begin (ReconSink             *sink,
                          const ReconSinkStart  *start,
                          guint8                *finished,
                          GCancellable          *cancellable,
                          GError               **error)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (sink);
  const guint n_slices = (guint) recon_task_get_input (RECON_TASK (sink), 0)->axes[0].size;
  double minimum, maximum;

  if (!recon_write_slices_open_writer (RECON_TASK (sink), error))
    return FALSE;
  if (self->earlier != NULL)
    recon_log_info (start->log, "Resuming: %u of %u slices are finished",
                    recon_ledger_get_finished (self->earlier, finished, n_slices), n_slices);

  if (!choose_window (self, start, &minimum, &maximum, cancellable, error))
    return FALSE;

  if (self->earlier == NULL)
    return start_output (self, start, minimum, maximum, error);
  if (!open_writer (self, minimum, maximum, finished, error))
    return FALSE;
  self->ledger = g_steal_pointer (&self->earlier);

  return TRUE;
}

static gboolean
recon_write_slices_process (ReconTask     *task,
                            ReconArray   **given,
                            ReconArray   **made,
                            GCancellable  *cancellable,
                            GError       **error)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (task);
  const guint first = (guint) recon_array_get_region (given[0])->axes[0].first, n = recon_array_get_n (given[0], 0);
  const gsize size = (gsize) recon_array_get_pitch (given[0]) * recon_array_get_n (given[0], 2);
  const float *images = recon_array_read (given[0], error);

  for (guint i = 0; images != NULL && i < n; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !recon_writer_write (self->writer, first + i, images + i * size, error))
      return FALSE;

  return images != NULL && recon_writer_flush (self->writer, error) &&
         recon_ledger_record (self->ledger, first, n, error);
}

static gboolean
recon_write_slices_end (ReconSink  *sink,
                        GError    **error)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (sink);

  /* The ledger is locked until it has its final name: nobody else goes on with it. */
  return recon_writer_finish (self->writer, error) && recon_ledger_close (self->ledger, error);
}

static guint
recon_write_slices_count_kept (ReconSink *sink)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (sink);
  const guint n_slices = (guint) recon_task_get_input (RECON_TASK (sink), 0)->axes[0].size;
  g_autofree guint8 *finished = g_new0 (guint8, n_slices);

  if (self->ledger == NULL || !recon_ledger_is_kept (self->ledger) ||
      !g_file_test (recon_writer_get_partial (self->writer), G_FILE_TEST_EXISTS))
    return 0;

  return recon_ledger_get_finished (self->ledger, finished, n_slices);
}

static void
recon_write_slices_stop (ReconSink *sink)
{
  ReconWriteSlices *self = RECON_WRITE_SLICES (sink);

  /* The lock goes with the ledger. */
  g_clear_pointer (&self->earlier, recon_ledger_free);
  g_clear_pointer (&self->ledger, recon_ledger_free);
}

RECON_DEFINE_TASK (ReconWriteSlices, recon_write_slices, RECON_TYPE_SINK,
  klass->clear = recon_write_slices_clear;
  klass->shape = recon_write_slices_shape;
  klass->process = recon_write_slices_process;
  RECON_SINK_CLASS (klass)->begin = recon_write_slices_begin;
  RECON_SINK_CLASS (klass)->end = recon_write_slices_end;
  RECON_SINK_CLASS (klass)->count_kept = recon_write_slices_count_kept;
  RECON_SINK_CLASS (klass)->stop = recon_write_slices_stop;
  recon_task_class_set_parameters (klass, parameters);)

/* Returns: what the slices are written to, as configured or by their path */
ReconOutputFormat
recon_write_slices_get_format (ReconWriteSlices *self)
{
  return get_format (RECON_TASK (self));
}

/* Returns: (transfer none) (nullable): the writer, once its place is known */
ReconWriter *
recon_write_slices_get_writer (ReconWriteSlices *self)
{
  return self->writer;
}

/**
 * recon_write_slices_set_record:
 * @self: a task that has not begun
 * @resolved: (nullable): what is kept with the result; the grey scale is put into it. %NULL to keep the graph of the
 *   header instead
 * @header: (transfer full): what the ledger begins with; the grey scale is put into it
 * @earlier: (transfer full) (nullable): the ledger of the job that is gone on with, which did the same
 *
 * Says what the job is, which has to be done before it begins.
 */
void
recon_write_slices_set_record (ReconWriteSlices *self,
                               ReconConfig      *resolved,
                               JsonObject       *header,
                               ReconLedger      *earlier)
{
  g_set_object (&self->resolved, resolved);
  g_clear_pointer (&self->header, json_object_unref);
  self->header = header;
  g_clear_pointer (&self->earlier, recon_ledger_free);
  self->earlier = earlier;
  g_clear_pointer (&self->description, g_free);
  if (resolved == NULL)
    self->description = json_to_string (json_object_get_member (header, "graph"), TRUE);
}

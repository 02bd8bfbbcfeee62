/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/read.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "base/team.h"
#include "io/contents.h"
#include "io/lines.h"
#include "tasks/tasks.h"

/* Images of files, whatever they are of: a chain that knows what it is given begins so. Scans with darks, flats and
 * angles are read by read-scan. */

enum
{
  ROW_PATH,
  ROW_START,
  ROW_NUMBER,
  ROW_STEP,
  ROW_Y,
  ROW_HEIGHT,
  ROW_Y_STEP,
  ROW_X,
  ROW_WIDTH,
};

static const ReconParameterSpec rows[] = {
  { .key = "path", .type = RECON_PARAMETER_PATH, .initial = "", .files = RECON_FILES_FOLDER | RECON_FILES_OPEN,
    .help = N_ ("Folder, pattern or file of TIFF images, or an HDF5 file[:/dataset]") },
  { .key = "start", .type = RECON_PARAMETER_INTEGER, .initial = "0", .maximum = G_MAXINT32,
    .help = N_ ("First image, counted from 0") },
  { .key = "number", .type = RECON_PARAMETER_INTEGER, .initial = "all", .words = RECON_WORDS ("all"), .minimum = 1,
    .maximum = G_MAXINT32, .help = N_ ("Number of images") },
  { .key = "step", .type = RECON_PARAMETER_INTEGER, .initial = "1", .minimum = 1, .maximum = G_MAXINT32,
    .help = N_ ("Read every n-th image") },
  { .key = "y", .type = RECON_PARAMETER_INTEGER, .initial = "0", .maximum = G_MAXINT32, .unit = "px",
    .help = N_ ("First row, counted from 0") },
  { .key = "height", .type = RECON_PARAMETER_INTEGER, .initial = "all", .words = RECON_WORDS ("all"), .minimum = 1,
    .maximum = G_MAXINT32, .unit = "px", .help = N_ ("Number of rows") },
  { .key = "y-step", .type = RECON_PARAMETER_INTEGER, .initial = "1", .minimum = 1, .maximum = G_MAXINT32,
    .unit = "px", .help = N_ ("Read every n-th row") },
  { .key = "x", .type = RECON_PARAMETER_INTEGER, .initial = "0", .maximum = G_MAXINT32, .unit = "px",
    .help = N_ ("First column, counted from 0") },
  { .key = "width", .type = RECON_PARAMETER_INTEGER, .initial = "all", .words = RECON_WORDS ("all"), .minimum = 1,
    .maximum = G_MAXINT32, .unit = "px", .help = N_ ("Number of columns") },
};

static const ReconPort outputs[] = {
  { "images", RECON_PORT_NONE, N_ ("Images, frame × row × column") },
  { NULL },
};

const ReconTaskInfo recon_read_info = {
  .name = "read",
  .title = N_ ("Read images"),
  .summary = N_ ("Read images from TIFF or HDF5 files"),
  .flags = RECON_TASK_ON_HOST,
  .outputs = outputs,
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
  .version = 1,
};

struct _ReconRead
{
  ReconTask parent_instance;

  char        *path;    /* (nullable): what is open */
  ReconFrames *frames;  /* (nullable): all that it holds */
  ReconTeam   *team;    /* (nullable): once something is read */
};

G_DEFINE_FINAL_TYPE (ReconRead, recon_read, RECON_TYPE_TASK)

static void
recon_read_finalize (GObject *object)
{
  ReconRead *self = RECON_READ (object);

  g_free (self->path);
  g_clear_pointer (&self->frames, recon_frames_free);
  g_clear_pointer (&self->team, recon_team_free);

  G_OBJECT_CLASS (recon_read_parent_class)->finalize (object);
}

static gboolean
open_images (ReconRead  *self,
             ReconLog   *log,
             GError    **error)
{
  const char *path = recon_task_get_value (RECON_TASK (self), ROW_PATH)->text;
  g_autoptr (ReconContents) contents = NULL;
  ReconReader *reader;

  if (*path == '\0')
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_CONFIG,
                           _ ("There is no path. Name a folder, pattern or file of TIFF images, or an HDF5 "
                              "file[:/dataset]: read path=…"));
      return FALSE;
    }
  if (g_strcmp0 (path, self->path) == 0)
    return TRUE;

  contents = recon_contents_open (path, error);
  if (contents == NULL)
    return FALSE;

  for (guint i = 0; i < contents->notes->len; i++)
    if (i < contents->n_warnings)
      recon_log_warning (log, "%s", (const char *) contents->notes->pdata[i]);
    else
      recon_log_info (log, "%s", (const char *) contents->notes->pdata[i]);
  reader = recon_frames_get_reader (contents->projections);
  recon_log_info (log, "Images: %u of %u × %u %s (%s %s)", recon_frames_get_n (contents->projections),
                  recon_reader_get_width (reader), recon_reader_get_height (reader),
                  recon_sample_type_get_name (recon_reader_get_sample_type (reader)), contents->layout, path);

  g_clear_pointer (&self->frames, recon_frames_free);
  self->frames = g_steal_pointer (&contents->projections);
  g_free (self->path);
  self->path = g_strdup (path);

  return TRUE;
}

/* How many of @total remain from the value of @first on, every @step-th; no more than the value of @number says. */
static gboolean
count (ReconTask   *task,
       guint        first,
       guint        number,
       int          step,
       guint        total,
       const char  *noun,
       guint64     *n,
       GError     **error)
{
  const gint64 start = recon_task_get_value (task, first)->integer;
  const gint64 every = step >= 0 ? recon_task_get_value (task, (guint) step)->integer : 1;
  const ReconValue *wanted = recon_task_get_value (task, number);

  if (start < total)
    {
      *n = (guint64) ((total - 1 - start) / every + 1);
      if (wanted->word != NULL)
        return TRUE;
      if ((guint64) wanted->integer <= *n)
        {
          *n = (guint64) wanted->integer;
          return TRUE;
        }
    }
  else
    *n = 0;

  g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
               _ ("%s=%s with %s=%s reaches beyond the %u %s of %s: from there on there are %" G_GUINT64_FORMAT "."),
               rows[first].key, recon_task_get_value (task, first)->text, rows[number].key, wanted->text, total, noun,
               recon_task_get_value (task, ROW_PATH)->text, *n);
  return FALSE;
}

static gboolean
recon_read_shape (ReconTask              *task,
                  const ReconArrayInfo  **given,
                  ReconArrayInfo         *made,
                  ReconLog               *log,
                  GError                **error)
{
  ReconRead *self = RECON_READ (task);
  guint64 n_frames, height, width;
  ReconReader *reader;

  if (!open_images (self, log, error))
    return FALSE;

  reader = recon_frames_get_reader (self->frames);
  if (!count (task, ROW_START, ROW_NUMBER, ROW_STEP, recon_frames_get_n (self->frames), _ ("images"), &n_frames,
              error) ||
      !count (task, ROW_Y, ROW_HEIGHT, ROW_Y_STEP, recon_reader_get_height (reader), _ ("rows"), &height, error) ||
      !count (task, ROW_X, ROW_WIDTH, -1, recon_reader_get_width (reader), _ ("columns"), &width, error))
    return FALSE;
  recon_array_info_init (&made[0], RECON_ARRAY_FLOAT32, 3, "frame", n_frames, "row", height, "column", width);

  return TRUE;
}

static gboolean
recon_read_need (ReconTask              *task,
                 const ReconDeviceInfo  *device,
                 guint                   lanes,
                 ReconTaskNeed          *need,
                 GError                **error)
{
  ReconReader *reader = recon_frames_get_reader (RECON_READ (task)->frames);

  need->host_bytes = g_get_num_processors () * recon_reader_get_scratch_bytes (reader);

  return TRUE;
}

static guint
get (ReconTask *task,
     guint      row)
{
  return (guint) recon_task_get_value (task, row)->integer;
}

static gboolean
recon_read_process (ReconTask     *task,
                    ReconArray   **given,
                    ReconArray   **made,
                    GCancellable  *cancellable,
                    GError       **error)
{
  ReconRead *self = RECON_READ (task);
  const ReconRegion *region = recon_array_get_region (made[0]);
  const guint every = get (task, ROW_STEP), y_step = get (task, ROW_Y_STEP);
  const guint first = get (task, ROW_START) + (guint) region->axes[0].first * every;
  const guint stop = first + ((guint) region->axes[0].n - 1) * every + 1;
  g_autoptr (ReconFrames) frames = recon_frames_subset (self->frames, first, stop, every);
  const ReconLinesPart part = {
    .lines = { get (task, ROW_Y) + (guint) region->axes[1].first * y_step, 1, y_step, (guint) region->axes[1].n },
    .frames = frames,
    .column = get (task, ROW_X) + (guint) region->axes[2].first,
    .n_columns = (guint) region->axes[2].n,
  };
  float *pixels = recon_array_write (made[0], error);

  if (pixels == NULL)
    return FALSE;
  if (self->team == NULL)
    self->team = recon_team_new (g_get_num_processors ());

  return recon_lines_read (&part, self->team, recon_team_get_n_members (self->team), pixels,
                           (gsize) recon_array_get_pitch (made[0]) * part.n_columns, part.n_columns, cancellable,
                           error);
}

/* A copy reads from the same open files. */
static void
recon_read_copy (ReconTask *task,
                 ReconTask *source)
{
  ReconRead *self = RECON_READ (task), *other = RECON_READ (source);

  self->path = g_strdup (other->path);
  if (other->frames != NULL)
    self->frames = recon_frames_subset (other->frames, 0, recon_frames_get_n (other->frames), 1);
}

static void
recon_read_class_init (ReconReadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ReconTaskClass *task_class = RECON_TASK_CLASS (klass);

  object_class->finalize = recon_read_finalize;

  task_class->shape = recon_read_shape;
  task_class->need = recon_read_need;
  task_class->process = recon_read_process;
  task_class->copy = recon_read_copy;
  recon_task_class_set_info (task_class, &recon_read_info);
}

static void
recon_read_init (ReconRead *self)
{
}

/**
 * recon_read_list_files:
 * @self: a task that knows its output
 *
 * Returns: (transfer full) (element-type filename): the files that its images are read from
 */
GPtrArray *
recon_read_list_files (ReconRead *self)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);

  recon_reader_list_files (recon_frames_get_reader (self->frames), files);

  return files;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "graph/task.h"
#include "tasks/block.h"

/* Fewer projections and columns, for a quick look: every n-th projection from one on, and means of neighbouring
 * columns. Columns that don't fill a mean are left out. */

enum
{
  ROW_FIRST,
  ROW_NUMBER,
  ROW_EVERY,
  ROW_COLUMNS,
};

static const ReconParameterSpec rows[] = {
  { .key = "first-angle", .type = RECON_PARAMETER_INTEGER, .initial = "0", .maximum = G_MAXINT32,
    .help = N_ ("First projection to use, counted from 0") },
  { .key = "n-angles", .type = RECON_PARAMETER_INTEGER, .initial = "all", .words = RECON_WORDS ("all"),
    .minimum = 1, .maximum = G_MAXINT32, .help = N_ ("Number of projections, if there are as many") },
  { .key = "every-angle", .type = RECON_PARAMETER_INTEGER, .initial = "1", .minimum = 1, .maximum = G_MAXINT32,
    .help = N_ ("Use every n-th projection") },
  { .key = "columns", .type = RECON_PARAMETER_INTEGER, .initial = "1", .minimum = 1, .maximum = 1024, .unit = "px",
    .help = N_ ("Columns of which the mean is taken") },
};

static const ReconPort inputs[] = {
  { "projections", RECON_PORT_NONE, N_ ("Projections, angle × row × column") },
  { NULL },
};

static const ReconPort outputs[] = {
  { "projections", RECON_PORT_NONE, N_ ("Fewer of them, of fewer columns") },
  { NULL },
};

const ReconTaskInfo recon_downsample_info = {
  .name = "downsample",
  .title = N_ ("Fewer angles and columns"),
  .summary = N_ ("Take every n-th projection and means of columns"),
  .flags = RECON_TASK_ON_HOST,
  .inputs = inputs,
  .outputs = outputs,
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
  .version = 1,
};

#define RECON_TYPE_DOWNSAMPLE (recon_downsample_get_type ())
G_DECLARE_FINAL_TYPE (ReconDownsample, recon_downsample, RECON, DOWNSAMPLE, ReconTask)

struct _ReconDownsample
{
  ReconTask parent_instance;
};

static guint64
get (ReconTask *task,
     guint      row)
{
  return (guint64) recon_task_get_value (task, row)->integer;
}

static gboolean
recon_downsample_shape (ReconTask              *task,
                        const ReconArrayInfo  **given,
                        ReconArrayInfo         *made,
                        ReconLog               *log,
                        GError                **error)
{
  const guint64 first = get (task, ROW_FIRST), every = get (task, ROW_EVERY), columns = get (task, ROW_COLUMNS);
  guint64 n_angles;

  if (!recon_task_check_input (task, 0, RECON_ARRAY_FLOAT32, error, "angle", "row", "column", NULL))
    return FALSE;
  if (first >= given[0]->axes[0].size || columns > given[0]->axes[2].size)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG,
                   _ ("Projection %" G_GUINT64_FORMAT " and means of %" G_GUINT64_FORMAT " columns are beyond the %"
                      G_GUINT64_FORMAT " projections of %" G_GUINT64_FORMAT " columns."),
                   first, columns, given[0]->axes[0].size, given[0]->axes[2].size);
      return FALSE;
    }

  n_angles = (given[0]->axes[0].size - 1 - first) / every + 1;
  if (recon_task_get_value (task, ROW_NUMBER)->word == NULL)
    n_angles = MIN (n_angles, get (task, ROW_NUMBER));

  recon_array_info_copy (&made[0], given[0]);
  made[0].axes[0].size = n_angles;
  made[0].axes[2].size /= columns;
  if (made[0].geometry != NULL)
    {
      recon_geometry_unref (made[0].geometry);
      made[0].geometry = recon_geometry_copy (given[0]->geometry);
      recon_geometry_take_angles (made[0].geometry, (guint) first, (guint) n_angles, (guint) every);
      if (columns > 1)
        recon_geometry_reduce (made[0].geometry, (guint) columns);
    }

  return TRUE;
}

static void
recon_downsample_demand (ReconTask         *task,
                         guint              output,
                         const ReconRegion *wanted,
                         guint              input,
                         ReconRegion       *needed)
{
  const guint64 every = get (task, ROW_EVERY), columns = get (task, ROW_COLUMNS);

  *needed = *wanted;
  needed->axes[0].first = get (task, ROW_FIRST) + wanted->axes[0].first * every;
  needed->axes[0].n = (wanted->axes[0].n - 1) * every + 1;
  needed->axes[2].first = wanted->axes[2].first * columns;
  needed->axes[2].n = wanted->axes[2].n * columns;
}

static void
take_means (float       *to,
            const float *from,
            guint        n,
            guint        columns)
{
  for (guint c = 0; c < n; c++)
    {
      float sum = 0;

      for (guint i = 0; i < columns; i++)
        sum += from[(gsize) c * columns + i];
      to[c] = sum / (float) columns;
    }
}

static gboolean
recon_downsample_process (ReconTask     *task,
                          ReconArray   **given,
                          ReconArray   **made,
                          GCancellable  *cancellable,
                          GError       **error)
{
  const guint every = (guint) get (task, ROW_EVERY), columns = (guint) get (task, ROW_COLUMNS);
  const ReconBlock from = recon_block_of (given[0]), to = recon_block_of (made[0]);
  const float *values = recon_array_read (given[0], error);
  float *result = values != NULL ? recon_array_write (made[0], error) : NULL;

  if (result == NULL)
    return FALSE;

  for (guint angle = 0; angle < to.n_angles; angle++)
    for (guint row = 0; row < to.n; row++)
      {
        const float *line = values + ((gsize) angle * every * from.n_padded + row) * from.width;
        float *target = result + ((gsize) angle * to.n_padded + row) * to.width;

        if (columns == 1)
          memcpy (target, line, to.width * sizeof *target);
        else
          take_means (target, line, to.width, columns);
      }

  return TRUE;
}

RECON_DEFINE_TASK (ReconDownsample, recon_downsample, RECON_TYPE_TASK,
  klass->shape = recon_downsample_shape;
  klass->demand = recon_downsample_demand;
  klass->process = recon_downsample_process;)

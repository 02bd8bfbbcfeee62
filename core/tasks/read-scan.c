/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/read-scan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "tasks/blanks.h"
#include "tasks/block.h"
#include "tasks/lost-beam.h"

/* Reads a scan: its projections, and the darks and flats that correct them, each made one image. */

static const char *const parameters[] = {
  "input.projections", "input.sinograms", "input.darks", "input.flats", "input.flats-after", "input.angles",
  "input.angle-unit", "input.rotate", "input.flip", "input.y-start", "input.y-stop", "input.y-step",
  "input.projection-start", "input.projection-stop", "input.projection-step", "input.exclude", "input.crop-left",
  "input.crop-right", "input.bin", "input.strict", "flat-field.correct", "flat-field.method",
  "flat-field.absorptivity", "flat-field.interpolate", "flat-field.dark-scale", "reconstruction.axis",
  "reconstruction.angle-step", "reconstruction.angle-offset", "reconstruction.pixel-size", "reconstruction.force",
  "compute.threads", "compute.memory-limit", NULL,
};

enum
{
  OUTPUT_PROJECTIONS,
  OUTPUT_DARK,
  OUTPUT_FLAT,
  OUTPUT_FLAT_AFTER,
};

/* Rows are read whole. */
static const ReconPort outputs[] = {
  { "projections", RECON_PORT_NONE, N_ ("Counts, angle × row × column"), RECON_AXIS (2) },
  { "dark", RECON_PORT_NONE, N_ ("Counts without light, row × column; zeros without darks"), RECON_AXIS (1) },
  { "flat", RECON_PORT_NONE, N_ ("Counts without sample, row × column"), RECON_AXIS (1) },
  { "flat-after", RECON_PORT_NONE, N_ ("The same after the projections"), RECON_AXIS (1) },
  { NULL },
};

const ReconTaskInfo recon_read_scan_info = {
  .name = "read-scan",
  .title = N_ ("Scan"),
  .summary = N_ ("Read the projections of a scan with its darks, flats and angles"),
  .flags = RECON_TASK_ON_HOST,
  .outputs = outputs,
  .version = 1,
};

struct _ReconReadScan
{
  ReconTask    parent_instance;

  ReconScan   *scan;  /* (nullable): once it is open */
  char        *key;   /* of the parameters that it was opened with, see recon_task_describe() */
  char        *all;   /* (nullable): of all of them, as it was last updated */
  ReconBlanks *blanks; /* (nullable): what was empty in what was read */
  gboolean     checks_beam; /* whether the first block has to show light in every projection */
  char        *lost;   /* (nullable): projections without light */
};

static void
drop_scan (ReconReadScan *self)
{
  g_clear_object (&self->scan);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->all, g_free);
  g_clear_pointer (&self->blanks, recon_blanks_free);
  g_clear_pointer (&self->lost, g_free);
}

static void
recon_read_scan_clear (ReconTask *task)
{
  drop_scan (RECON_READ_SCAN (task));
}

/**
 * recon_read_scan_make_config:
 * @self: a task
 *
 * Returns: (transfer full): a configuration of its parameters, with the defaults of all others
 */
ReconConfig *
recon_read_scan_make_config (ReconReadScan *self)
{
  ReconConfig *config = recon_config_new ();

  for (guint i = 0; i < recon_task_get_n_rows (RECON_TASK (self)); i++)
    {
      ReconParameter parameter;

      if (recon_parameter_find_name (recon_task_get_row (RECON_TASK (self), i)->name, &parameter))
        recon_config_parse (config, parameter, recon_task_get_value (RECON_TASK (self), i)->text, NULL);
    }

  return config;
}

static char *
join_values (ReconTask *task)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < recon_task_get_n_rows (task); i++)
    g_string_append_printf (text, "%s\n", recon_task_get_value (task, i)->text);

  return g_string_free (text, FALSE);
}

/* Files are opened only if something has changed that is not of the geometry alone. */
static gboolean
open_scan (ReconReadScan  *self,
           ReconLog       *log,
           GError        **error)
{
  g_autofree char *key = recon_task_describe (RECON_TASK (self));
  g_autofree char *all = join_values (RECON_TASK (self));
  g_autoptr (ReconConfig) config = NULL;

  if (g_strcmp0 (self->all, all) == 0)
    return TRUE;

  config = recon_read_scan_make_config (self);
  if (self->scan == NULL || strcmp (self->key, key) != 0)
    {
      drop_scan (self);
      self->scan = recon_scan_open (config, log, error);
      self->key = g_steal_pointer (&key);
    }
  else if (!recon_scan_update (self->scan, config, NULL, error))
    return FALSE;

  if (self->scan != NULL)
    {
      g_free (self->all);
      self->all = g_steal_pointer (&all);
    }

  return self->scan != NULL;
}

/* Files are opened anew where anything has changed that decides how they are read, or whether they are refused. */
static gboolean
recon_read_scan_matters (ReconTask                *task,
                         const ReconParameterSpec *row)
{
  return (row->flags & RECON_PARAMETER_GEOMETRY) == 0 && strcmp (row->name, "flat-field.absorptivity") != 0 &&
         strcmp (row->name, "flat-field.dark-scale") != 0 && strcmp (row->name, "reconstruction.force") != 0;
}

static gboolean
recon_read_scan_shape (ReconTask              *task,
                       const ReconArrayInfo  **given,
                       ReconArrayInfo         *made,
                       ReconLog               *log,
                       GError                **error)
{
  ReconReadScan *self = RECON_READ_SCAN (task);
  const ReconGeometry *geometry;
  guint64 width;

  if (!open_scan (self, log, error))
    return FALSE;

  geometry = recon_scan_get_geometry (self->scan);
  width = recon_scan_get_width (self->scan);
  recon_array_info_init (&made[OUTPUT_PROJECTIONS], RECON_ARRAY_FLOAT32, 3, "angle", (guint64) geometry->n_angles,
                         "row", (guint64) geometry->n_rows, "column", width);
  made[OUTPUT_PROJECTIONS].geometry = recon_geometry_ref (recon_scan_get_geometry (self->scan));

  if (!recon_scan_get_correct (self->scan))
    return TRUE;
  for (guint i = OUTPUT_DARK; i <= OUTPUT_FLAT_AFTER; i++)
    if (i != OUTPUT_FLAT_AFTER || recon_scan_has_flats_after (self->scan))
      recon_array_info_init (&made[i], RECON_ARRAY_FLOAT32, 2, "row", (guint64) geometry->n_rows, "column", width);

  return TRUE;
}

static gboolean
recon_read_scan_need (ReconTask              *task,
                      const ReconDeviceInfo  *device,
                      guint                   lanes,
                      ReconTaskNeed          *need,
                      GError                **error)
{
  need->host_bytes = recon_scan_get_scratch_bytes (RECON_READ_SCAN (task)->scan);

  return TRUE;
}

/* One row of a block. */
static gboolean
find_lost (ReconReadScan *self,
           ReconArray   **arrays,
           guint          row,
           gboolean      *is_lost)
{
  ReconTask *task = RECON_TASK (self);
  const ReconBlock block = recon_block_of (arrays[OUTPUT_PROJECTIONS]);
  const gsize first = (gsize) row * block.width;
  const float *lines[OUTPUT_FLAT_AFTER + 1] = { NULL };
  const ReconLostBeamRow look = {
    .n_angles = block.n_angles,
    .width = block.width,
    .pitch = (gsize) block.n_padded * block.width,
    .positions = recon_scan_get_geometry (self->scan)->flat_positions,
    .dark_scale = recon_task_get_value (task, (guint) recon_task_find_row (task, "dark-scale"))->number,
    .is_integral = !recon_scan_get_correct (self->scan) && !recon_scan_get_absorptivity (self->scan),
  };
  ReconLostBeamRow line = look;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (arrays[i] != NULL)
      lines[i] = (const float *) recon_array_read (arrays[i], NULL) + first;
  line.values = lines[OUTPUT_PROJECTIONS];
  line.dark = lines[OUTPUT_DARK];
  line.flat = lines[OUTPUT_FLAT];
  line.flat_after = lines[OUTPUT_FLAT_AFTER];

  return recon_lost_beam_find (&line, is_lost);
}

/* Where nobody has looked before: in the first block, which is read before any slice is written. The rows in its middle
 * and at its ends have to agree. */
static gboolean
check_beam (ReconReadScan  *self,
            ReconArray    **arrays,
            GError        **error)
{
  const ReconBlock block = recon_block_of (arrays[OUTPUT_PROJECTIONS]);
  const guint rows[] = { block.n / 2, 0, block.n - 1 };
  const guint n = block.n_angles;
  g_autofree gboolean *is_lost = g_new (gboolean, n);
  g_autofree gboolean *is_lost_here = g_new (gboolean, n);
  const int force = recon_task_find_row (RECON_TASK (self), "force");
  guint n_lost;

  if (!self->checks_beam || n != recon_scan_get_geometry (self->scan)->n_angles)
    return TRUE;
  self->checks_beam = FALSE;

  if (!find_lost (self, arrays, rows[0], is_lost))
    return TRUE;
  n_lost = recon_lost_beam_agree (is_lost, is_lost, n);
  for (guint i = 1; n_lost > 0 && i < G_N_ELEMENTS (rows); i++)
    if (find_lost (self, arrays, rows[i], is_lost_here))
      n_lost = recon_lost_beam_agree (is_lost, is_lost_here, n);
  if (n_lost == 0)
    return TRUE;

  self->lost = recon_lost_beam_format (self->scan, is_lost);
  if (recon_task_get_value (RECON_TASK (self), (guint) force)->boolean)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               ngettext ("Of %u projections %u shows no light, or nothing at all: %s, counted from 0. Leave it out by "
                         "--exclude=%s, or add --force to use it all the same.",
                         "Of %u projections %u show no light, or nothing at all: %s, counted from 0. Leave them out by "
                         "--exclude=%s, or add --force to use them all the same.", n_lost),
               n, n_lost, self->lost, self->lost);
  return FALSE;
}

/* Darks and flats come together: what nobody wants is read all the same. */
static gboolean
read_references (ReconReadScan  *self,
                 ReconArray    **arrays,
                 GCancellable   *cancellable,
                 GError        **error)
{
  const ReconRegion *region = NULL;
  float *lines[OUTPUT_FLAT_AFTER + 1] = { NULL };
  g_autofree float *unused = NULL;
  gsize n;

  for (guint i = OUTPUT_DARK; i <= OUTPUT_FLAT_AFTER; i++)
    if (arrays[i] != NULL && (region == NULL || recon_array_get_region (arrays[i])->axes[0].n > region->axes[0].n))
      region = recon_array_get_region (arrays[i]);
  if (region == NULL)
    return TRUE;

  n = region->axes[0].n * region->axes[1].n;
  for (guint i = OUTPUT_DARK; i <= OUTPUT_FLAT_AFTER; i++)
    {
      if (recon_task_get_output (RECON_TASK (self), i) == NULL)
        continue;
      if (arrays[i] != NULL && (lines[i] = recon_array_write (arrays[i], error)) == NULL)
        return FALSE;
      if (lines[i] == NULL && unused == NULL && (unused = g_try_new (float, 3 * n)) == NULL)
        {
          g_set_error_literal (error, RECON_ERROR, RECON_ERROR_MEMORY, _ ("No memory to read darks and flats."));
          return FALSE;
        }
      if (lines[i] == NULL)
        lines[i] = unused + (i - OUTPUT_DARK) * n;
    }

  return recon_scan_read_references (self->scan, (guint) region->axes[0].first, (guint) region->axes[0].n,
                                     lines[OUTPUT_DARK], lines[OUTPUT_FLAT], lines[OUTPUT_FLAT_AFTER], cancellable,
                                     error);
}

static gboolean
read_projections (ReconReadScan  *self,
                  ReconArray    **arrays,
                  GCancellable   *cancellable,
                  GError        **error)
{
  ReconArray *array = arrays[OUTPUT_PROJECTIONS];
  const ReconRegion *region = recon_array_get_region (array);
  const ReconBlock block = recon_block_of (array);
  float *data = recon_array_write (array, error);

  if (data == NULL ||
      !recon_scan_read_part (self->scan, (guint) region->axes[0].first, block.n_angles, (guint) region->axes[1].first,
                             block.n, block.n_padded, data, cancellable, error) ||
      !check_beam (self, arrays, error))
    return FALSE;

  for (guint i = 0; self->blanks != NULL && i < block.n; i++)
    recon_blanks_add (self->blanks, data + (gsize) i * block.width, (gsize) block.n_padded * block.width);

  return TRUE;
}

static gboolean
recon_read_scan_process (ReconTask     *task,
                         ReconArray   **given,
                         ReconArray   **made,
                         GCancellable  *cancellable,
                         GError       **error)
{
  ReconReadScan *self = RECON_READ_SCAN (task);

  return read_references (self, made, cancellable, error) &&
         (made[OUTPUT_PROJECTIONS] == NULL || read_projections (self, made, cancellable, error));
}

static void
append_part (GString               *text,
             const ReconBlankParts *parts,
             guint                  first,
             const char            *noun,
             const char            *what)
{
  if (parts->n > 0)
    g_string_append_printf (text, "%s%u %s%s %s (the first is %u)", text->len > 0 ? ", " : "", parts->n, noun,
                            parts->n > 1 ? "s" : "", what, first);
}

/* One warning, whatever was found. */
static void
report_blanks (ReconReadScan *self,
               ReconLog      *log)
{
  g_autoptr (GString) text = g_string_new (NULL);
  ReconBlankSummary summary;

  recon_blanks_summarise (self->blanks, &summary);
  if (summary.everything)
    {
      recon_log_warning (log, "The projections are empty: in each row that was read all values are equal or none is a "
                              "number");
      return;
    }

  append_part (text, &summary.projections, recon_scan_get_projection_number (self->scan, summary.projections.first),
               "projection", "with rows in which all values are equal or none is a number");
  append_part (text, &summary.columns,
               recon_geometry_get_column (recon_scan_get_geometry (self->scan), summary.columns.first), "column",
               "with one value in all projections");
  if (text->len > 0)
    recon_log_warning (log, "Parts of the scan hold nothing, which may show as streaks or rings: %s, counted from 0",
                       text->str);
}

static gboolean
recon_read_scan_report (ReconTask  *task,
                        ReconLog   *log,
                        GError    **error)
{
  ReconReadScan *self = RECON_READ_SCAN (task);

  if (self->lost != NULL)
    recon_log_warning (log, "Projections that show no light, or nothing at all, were used all the same: %s, counted "
                            "from 0", self->lost);
  if (self->blanks != NULL)
    report_blanks (self, log);

  return TRUE;
}

/* A copy reads the same open scan, in the same thread; it looks for nothing. */
static void
recon_read_scan_copy (ReconTask *task,
                      ReconTask *source)
{
  ReconReadScan *self = RECON_READ_SCAN (task), *other = RECON_READ_SCAN (source);

  self->scan = g_object_ref (other->scan);
  self->key = g_strdup (other->key);
}

RECON_DEFINE_TASK (ReconReadScan, recon_read_scan, RECON_TYPE_TASK,
  klass->clear = recon_read_scan_clear;
  klass->shape = recon_read_scan_shape;
  klass->need = recon_read_scan_need;
  klass->process = recon_read_scan_process;
  klass->matters = recon_read_scan_matters;
  klass->copy = recon_read_scan_copy;
  klass->report = recon_read_scan_report;
  recon_task_class_set_parameters (klass, parameters);)

/* Returns: (transfer none) (nullable): the scan, once it is open */
ReconScan *
recon_read_scan_get_scan (ReconReadScan *self)
{
  return self->scan;
}

/**
 * recon_read_scan_set_scan:
 * @self: a task
 * @scan: an open scan, used by nobody else from now on
 * @config: what it was opened with
 *
 * Spares opening it again.
 */
void
recon_read_scan_set_scan (ReconReadScan *self,
                          ReconScan     *scan,
                          ReconConfig   *config)
{
  recon_task_set_from_config (RECON_TASK (self), config, NULL);
  drop_scan (self);
  self->scan = g_object_ref (scan);
  self->key = recon_task_describe (RECON_TASK (self));
  self->all = join_values (RECON_TASK (self));
}

/**
 * recon_read_scan_set_checks:
 * @self: a task whose scan is open
 * @beam: whether projections without light are an error, which are found in the first rows that are read; otherwise
 *   somebody has looked for them
 *
 * For a whole run: what is read is looked at for parts that hold nothing, which the report names.
 */
void
recon_read_scan_set_checks (ReconReadScan *self,
                            gboolean       beam)
{
  self->checks_beam = beam;
  g_clear_pointer (&self->blanks, recon_blanks_free);
  self->blanks = recon_blanks_new (recon_scan_get_geometry (self->scan)->n_angles, recon_scan_get_width (self->scan),
                                   recon_scan_get_correct (self->scan));
}

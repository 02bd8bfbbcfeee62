/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/flat-field-private.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "tasks/tasks.h"

/* Counts become transmission, (p - d) / (f - d), and that absorptivity, its negative logarithm. */

/* Correction is on: switched on, or by itself for projections and for sinograms that references are given for. */
#define WHERE_CORRECTED                                                                                               \
  "correct != no, correct = yes or input.projections or input.darks or input.flats or input.flats-after"

static const ReconParameterSpec rows[] = {
  { "correct", RECON_PARAMETER_BOOLEAN, "auto", .words = RECON_WORDS ("auto"), .flags = RECON_PARAMETER_SHORT,
    .after = "input.sinograms",
    .title = N_ ("Flat-Field Correction"), .terms = N_ ("Do flat-field correction"),
    .help = N_ ("Divide by the flat field after subtracting the dark; auto means yes, but for sinograms only if flats "
                "are given") },
  { "method", RECON_PARAMETER_CHOICE, "average", .applies = WHERE_CORRECTED,
    .choices = RECON_WORDS ("average", "median"),
    .titles = RECON_WORDS (N_ ("Average"), N_ ("Median")),
    .title = N_ ("Method"),
    .help = N_ ("How several dark or flat frames become one") },
  { "absorptivity", RECON_PARAMETER_BOOLEAN, "auto", .words = RECON_WORDS ("auto"), .flags = RECON_PARAMETER_SHORT,
    .title = N_ ("Absorptivity"), .terms = N_ ("Use absorptivity, minus logarithm, log"),
    .help = N_ ("Take the negative logarithm of the transmission; auto means when flat-field correction is on") },
  { "fix-nan-inf", RECON_PARAMETER_BOOLEAN, "yes", .flags = RECON_PARAMETER_SHORT,
    .title = N_ ("Remove NaN and Inf"), .terms = N_ ("Bridge dead pixels"),
    .help = N_ ("Bridge dead pixels from their neighbours in the row, and replace other values that are not finite by "
                "0") },
  { "interpolate", RECON_PARAMETER_BOOLEAN, "yes", .flags = RECON_PARAMETER_SHORT, .applies = WHERE_CORRECTED,
    .title = N_ ("Interpolate Flats"),
    .help = N_ ("Interpolate between the flats before and after by the projection's position; no pools them") },
  { "dark-scale", RECON_PARAMETER_NUMBER, "1", .maximum = 1e6,
    .flags = RECON_PARAMETER_OF_SCAN | RECON_PARAMETER_SHORT | RECON_PARAMETER_ADVANCED, .step = 0.1,
    .applies = WHERE_CORRECTED,
    .title = N_ ("Scale of the Darks"),
    .help = N_ ("Factor on the darks, for another exposure time than the projections'") },
  { "clip-minimum", RECON_PARAMETER_NUMBER, "1e-6", .minimum = 1e-30, .maximum = 1,
    .flags = RECON_PARAMETER_SHORT | RECON_PARAMETER_ADVANCED, .step = 1e-6,
    .title = N_ ("Lowest Transmission"),
    .help = N_ ("Lowest transmission before the logarithm") },
};

static const ReconParameterSection section = {
  .name = "flat-field",
  .title = N_ ("Flat-Field Correction"),
  .more = N_ ("More Correction Settings"),
  .task = "flat-field",
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
};

static const ReconPort inputs[] = {
  { "projections", RECON_PORT_NONE, N_ ("Counts, angle × row × column") },
  { "dark", RECON_PORT_OPTIONAL, N_ ("Counts without light, row × column") },
  { "flat", RECON_PORT_OPTIONAL, N_ ("Counts without sample, row × column") },
  { "flat-after", RECON_PORT_OPTIONAL, N_ ("The same after the projections") },
  { NULL },
};

/* A pixel is corrected by what was met in all of its projections, and bridged from its row. */
static const ReconPort outputs[] = {
  { "projections", RECON_PORT_NONE, N_ ("Transmission or absorptivity, angle × row × column"),
    RECON_AXIS (0) | RECON_AXIS (2) },
  { NULL },
};

const ReconTaskInfo recon_flat_field_info = {
  .name = "flat-field",
  .title = N_ ("Flat-field correction"),
  .summary = N_ ("Divide by the flat field after subtracting the dark, and take the negative logarithm"),
  .source = "-ln ((p - d) / (f - d)), Beer-Lambert law; Kak and Slaney 1988, section 4.1",
  .flags = RECON_TASK_IN_PLACE,
  .inputs = inputs,
  .outputs = outputs,
  .section = &section,
  .version = 1,
};

static void
recon_flat_field_clear (ReconTask *task)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task);

  _recon_flat_field_drop_prepared (self);
  g_clear_pointer (&self->transmissions, recon_transmissions_unref);
}

/* Darks and flats are images of the projections' size. */
static gboolean
check_reference (const ReconArrayInfo  *projections,
                 const ReconArrayInfo  *reference,
                 guint                  port,
                 GError               **error)
{
  g_autofree char *given = NULL;

  if (reference == NULL ||
      (recon_array_info_has_axes (reference, "row", "column", NULL) && reference->type == RECON_ARRAY_FLOAT32 &&
       reference->axes[0].size == projections->axes[1].size && reference->axes[1].size == projections->axes[2].size))
    return TRUE;

  given = recon_array_info_describe (reference);
  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("The %s is %s, but the projections need float32, row %" G_GUINT64_FORMAT " × column %"
                  G_GUINT64_FORMAT ". Connect one of their size, or none."),
               inputs[port].name, given, projections->axes[1].size, projections->axes[2].size);
  return FALSE;
}

static gboolean
check_positions (const ReconArrayInfo  *projections,
                 GError               **error)
{
  const ReconGeometry *geometry = projections->geometry;

  if (geometry == NULL || geometry->flat_positions == NULL || geometry->n_angles == projections->axes[0].size)
    return TRUE;

  g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
               _ ("There are %u positions, but %" G_GUINT64_FORMAT " projections."), geometry->n_angles,
               projections->axes[0].size);
  return FALSE;
}

/* A value that is left to the program. */
static gboolean
get_boolean (ReconTask *task,
             guint      row,
             gboolean   automatic)
{
  return recon_task_get_value (task, row)->word != NULL ? automatic : recon_task_get_value (task, row)->boolean;
}

static gboolean
recon_flat_field_shape (ReconTask              *task,
                        const ReconArrayInfo  **given,
                        ReconArrayInfo         *made,
                        ReconLog               *log,
                        GError                **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task);
  const ReconArrayInfo *projections = given[INPUT_PROJECTIONS];

  if (!recon_task_check_input (task, INPUT_PROJECTIONS, RECON_ARRAY_FLOAT32, error, "angle", "row", "column", NULL) ||
      !check_positions (projections, error))
    return FALSE;
  for (guint port = INPUT_DARK; port <= INPUT_FLAT_AFTER; port++)
    if (!check_reference (projections, given[port], port, error))
      return FALSE;

  self->correct = get_boolean (task, ROW_CORRECT, given[INPUT_FLAT] != NULL);
  self->absorptivity = get_boolean (task, ROW_ABSORPTIVITY, self->correct);
  if (self->correct && given[INPUT_FLAT] == NULL)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_INPUT,
                   _ ("Flat-field correction is on, but there are no flats. Give flats, or switch it off by "
                      "flat-field.correct = no."));
      return FALSE;
    }

  g_clear_pointer (&self->transmissions, recon_transmissions_unref);
  self->transmissions = recon_transmissions_new ((guint) projections->axes[2].size,
                                                 recon_task_get_value (task, ROW_CLIP_MINIMUM)->number,
                                                 recon_task_get_value (task, ROW_FIX_NAN_INF)->boolean);
  recon_array_info_copy (&made[0], projections);

  return TRUE;
}

static void
recon_flat_field_demand (ReconTask         *task,
                         guint              output,
                         const ReconRegion *wanted,
                         guint              input,
                         ReconRegion       *needed)
{
  if (input == INPUT_PROJECTIONS)
    *needed = *wanted;
  else
    *needed = (ReconRegion) { 2, { { wanted->axes[1].first, wanted->axes[1].n },
                                   { wanted->axes[2].first, wanted->axes[2].n } } };
}

static gboolean
recon_flat_field_need (ReconTask              *task,
                       const ReconDeviceInfo  *device,
                       guint                   lanes,
                       ReconTaskNeed          *need,
                       GError                **error)
{
  need->device_bytes = recon_task_get_input (task, INPUT_PROJECTIONS)->axes[0].size * sizeof (float);

  return TRUE;
}

static void
recon_flat_field_copy (ReconTask *task,
                       ReconTask *source)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task), *other = RECON_FLAT_FIELD (source);

  self->correct = other->correct;
  self->absorptivity = other->absorptivity;
  self->transmissions = recon_transmissions_ref (other->transmissions);
}

static gboolean
recon_flat_field_report (ReconTask  *task,
                         ReconLog   *log,
                         GError    **error)
{
  ReconFlatField *self = RECON_FLAT_FIELD (task);
  const ReconGeometry *geometry = recon_task_get_input (task, INPUT_PROJECTIONS)->geometry;
  g_autofree char *pixels = NULL;
  g_autofree char *values = NULL;

  if (geometry == NULL)
    return TRUE;

  pixels = recon_transmissions_describe_pixels (self->transmissions, geometry);
  values = recon_transmissions_describe_values (self->transmissions, geometry);
  if (pixels != NULL)
    recon_log_warning (log, "In the rows that were reconstructed, %s", pixels);
  if (values != NULL && recon_transmissions_get_share (self->transmissions) >= RECON_FEW_TRANSMISSIONS)
    recon_log_warning (log, "In the rows that were reconstructed, %s", values);
  else if (values != NULL)
    recon_log_info (log, "In the rows that were reconstructed, %s", values);

  return TRUE;
}

/**
 * ReconFlatField:
 *
 * Turns raw counts into transmission or absorptivity, in place:
 *
 *     t = (p - dark_scale · dark) / (flat - dark_scale · dark)
 *     value = -log (max (t, clip_minimum))
 *
 * The flat is interpolated between flat and flat-after by the projection's position where there are both positions and
 * a flat after. A missing dark counts as 0. With correct off p itself is the transmission, with absorptivity off the
 * value is t, unclipped.
 *
 * Pixels that can't be used for want of a flat (see recon_dead_pixels_mark_flats()), or because their transmissions are
 * impossible in nearly all projections (see recon_dead_pixels_mark_data()), get values on the line between those of the
 * nearest usable pixels in the row, if fix-nan-inf is on. With it the value is 0 where t is not finite otherwise, as in
 * a row without any usable pixel. Without it nothing is bridged, and what isn't finite stays so.
 *
 * Besides its table it uses device memory for the references and counters of a block, 5 lines per row at most.
 */
RECON_DEFINE_TASK (ReconFlatField, recon_flat_field, RECON_TYPE_TASK,
  klass->clear = recon_flat_field_clear;
  klass->shape = recon_flat_field_shape;
  klass->demand = recon_flat_field_demand;
  klass->need = recon_flat_field_need;
  klass->prepare = _recon_flat_field_prepare;
  klass->process = _recon_flat_field_process;
  klass->copy = recon_flat_field_copy;
  klass->report = recon_flat_field_report;)

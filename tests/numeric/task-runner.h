/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "config/choices.h"
#include "graph/task.h"
#include "tasks/filter.h"
#include "tasks/tasks.h"

G_BEGIN_DECLS

/* A task, and what is known of the projections that it gets. */
typedef struct
{
  ReconTask     *task;
  ReconGeometry *geometry;
} Subject;

/* Some rows at all angles, as tests have them: n × n_angles × width, and likewise what is made of them. */
typedef struct
{
  guint        n;     /* rows, of which slices are made */
  guint        n_angles;
  guint        width; /* columns */
  guint        lanes; /* rows of a group; 0 for the smallest */
  const float *dark;  /* (nullable): n × width, as the flats */
  const float *flat;  /* (nullable) */
  const float *flat_after; /* (nullable) */
} Block;

typedef struct
{
  gboolean     correct;
  gboolean     absorptivity;
  gboolean     fix_nan_inf;
  double       dark_scale;
  double       clip_minimum;
  const float *positions; /* (nullable): of each angle, the weight of the flat after */
  guint        n_angles;
} FlatFieldSettings;

typedef struct
{
  const double *angles;
  const double *weights;
  guint         n_angles;
  double        axis;
  guint         x0, y0;
  guint         width, height;
  double        scale;
  gboolean      circle;
  int           kernel; /* a #ReconKernel, or %RECON_CHOICE_AUTO */
} BackprojectSettings;

/* The first device of "auto". Without shared memory it is driven as a device with memory of its own, as GPUs are. */
G_GNUC_UNUSED static ReconDevice *
open_device_for (gboolean shared,
                 gboolean likes_small_items)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = recon_devices_list (&error);
  g_autoptr (GPtrArray) chosen = NULL;
  ReconDeviceInfo info;
  ReconDevice *device;

  g_assert_no_error (error);
  chosen = recon_devices_choose (all, "auto", &error);
  g_assert_no_error (error);

  info = *(const ReconDeviceInfo *) g_ptr_array_index (chosen, 0);
  info.shares_memory = info.shares_memory && shared;
  info.likes_small_items = likes_small_items;
  device = recon_device_open (&info, &error);
  g_assert_no_error (error);

  return device;
}

/* It gets the kernels of the processors' kind. */
G_GNUC_UNUSED static ReconDevice *
open_device (gboolean shared)
{
  return open_device_for (shared, FALSE);
}

static inline void
subject_free (Subject *self)
{
  g_object_unref (self->task);
  recon_geometry_unref (self->geometry);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Subject, subject_free)

static inline Subject *
subject_new (const char *name)
{
  g_autoptr (GError) error = NULL;
  Subject *self = g_new0 (Subject, 1);

  self->task = recon_task_new (name, &error);
  g_assert_no_error (error);
  self->geometry = recon_geometry_new ();

  return self;
}

static inline void
set_text (Subject    *subject,
          const char *key,
          const char *text)
{
  g_autoptr (GError) error = NULL;

  recon_task_set (subject->task, key, text, &error);
  g_assert_no_error (error);
}

static inline void
set_number (Subject    *subject,
            const char *key,
            double      number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  set_text (subject, key, g_ascii_dtostr (text, sizeof text, number));
}

static inline void
set_boolean (Subject    *subject,
             const char *key,
             gboolean    value)
{
  set_text (subject, key, value ? "yes" : "no");
}

static inline void
set_choice (Subject    *subject,
            const char *key,
            int         choice)
{
  const int row = recon_task_find_row (subject->task, key);

  g_assert_cmpint (row, >=, 0);
  set_text (subject, key,
            choice == RECON_CHOICE_AUTO ? "auto" : recon_task_get_row (subject->task, (guint) row)->choices[choice]);
}

G_GNUC_UNUSED static Subject *
flat_field_new (const FlatFieldSettings *settings)
{
  Subject *subject = subject_new ("flat-field");

  set_boolean (subject, "correct", settings->correct);
  set_boolean (subject, "absorptivity", settings->absorptivity);
  set_boolean (subject, "fix-nan-inf", settings->fix_nan_inf);
  set_number (subject, "dark-scale", settings->dark_scale);
  if (settings->clip_minimum > 0)
    set_number (subject, "clip-minimum", settings->clip_minimum);
  recon_geometry_set_angles (subject->geometry, NULL, NULL, settings->positions, settings->n_angles);

  return subject;
}

G_GNUC_UNUSED static Subject *
filter_new (const ReconFilterSettings *settings)
{
  Subject *subject = subject_new ("filter");

  set_choice (subject, "filter", (int) settings->filter);
  set_choice (subject, "padding", (int) settings->padding);
  set_number (subject, "filter-cutoff", settings->cutoff);
  set_number (subject, "filter-order", settings->order);

  return subject;
}

/* Returns: (transfer full): the task; %NULL if it does not take the part of the slice */
G_GNUC_UNUSED static Subject *
try_backproject_new (const BackprojectSettings  *settings,
                     GError                    **error)
{
  g_autoptr (Subject) subject = subject_new ("backproject");
  g_autofree char *roi = g_strdup_printf ("%u,%u,%u,%u", settings->x0, settings->y0, settings->width, settings->height);

  set_boolean (subject, "circle", settings->circle);
  set_choice (subject, "kernel", settings->kernel);
  recon_geometry_set_angles (subject->geometry, settings->angles, settings->weights, NULL, settings->n_angles);
  subject->geometry->axis = settings->axis;
  subject->geometry->pixel_size = settings->scale == 1 ? (double) NAN : 1000 / settings->scale;
  subject->geometry->is_filtered = TRUE;

  return recon_task_set (subject->task, "roi", roi, error) ? g_steal_pointer (&subject) : NULL;
}

G_GNUC_UNUSED static Subject *
backproject_new (const BackprojectSettings *settings)
{
  g_autoptr (GError) error = NULL;
  Subject *subject = try_backproject_new (settings, &error);

  g_assert_no_error (error);

  return subject;
}

/* The references of a block, by input. */
static inline const float *
get_reference (Subject     *subject,
               const Block *block,
               guint        input)
{
  const char *name = recon_task_get_info (subject->task)->inputs[input].name;

  return strcmp (name, "dark") == 0 ? block->dark : strcmp (name, "flat") == 0 ? block->flat
       : strcmp (name, "flat-after") == 0 ? block->flat_after : NULL;
}

/* Tells the task what comes: the block, and the references that it has. */
static inline gboolean
shape_block (Subject      *subject,
             const Block  *block,
             GError      **error)
{
  const ReconArrayInfo *given[RECON_MAX_PORTS] = { NULL };
  ReconArrayInfo projections, reference;
  gboolean success;

  recon_array_info_init (&projections, RECON_ARRAY_FLOAT32, 3, "angle", (guint64) block->n_angles, "row",
                         (guint64) block->n, "column", (guint64) block->width);
  recon_array_info_init (&reference, RECON_ARRAY_FLOAT32, 2, "row", (guint64) block->n, "column",
                         (guint64) block->width);
  projections.geometry = recon_geometry_ref (subject->geometry);

  given[0] = &projections;
  for (guint i = 1; i < recon_task_get_n_inputs (subject->task); i++)
    given[i] = get_reference (subject, block, i) != NULL ? &reference : NULL;
  success = recon_task_shape (subject->task, given, NULL, error);
  recon_array_info_clear (&projections);

  return success;
}

G_GNUC_UNUSED static void
assert_block_refused (Subject     *subject,
                      const Block *block,
                      ReconError   code,
                      const char  *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (shape_block (subject, block, &error));
  g_assert_error (error, RECON_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, text));
}

/* Whatever isn't float32 of angle, row and column is refused, with both. */
G_GNUC_UNUSED static void
assert_projections_only (Subject *subject)
{
  const guint64 size = 5;
  ReconArrayInfo others[4];

  recon_array_info_init (&others[0], RECON_ARRAY_FLOAT32, 3, "z", size, "y", size, "x", size);
  recon_array_info_init (&others[1], RECON_ARRAY_FLOAT32, 2, "angle", size, "row", size);
  recon_array_info_init (&others[2], RECON_ARRAY_COMPLEX64, 3, "angle", size, "row", size, "column", size);
  recon_array_info_init (&others[3], RECON_ARRAY_FLOAT32, 3, "row", size, "angle", size, "column", size);

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      const ReconArrayInfo *given[RECON_MAX_PORTS] = { &others[i] };
      g_autofree char *text = recon_array_info_describe (&others[i]);
      g_autofree char *message =
        g_strdup_printf ("The input 'projections' takes float32, angle × row × column, but gets %s. Connect another "
                         "output to it.", text);
      g_autoptr (GError) error = NULL;

      g_assert_false (recon_task_shape (subject->task, given, NULL, &error));
      g_assert_error (error, RECON_ERROR, RECON_ERROR_CONFIG);
      g_assert_cmpstr (error->message, ==, message);
    }
}

/* What the task asks for of a processor, for groups of the smallest size. */
G_GNUC_UNUSED static ReconTaskNeed
ask_task (Subject *subject)
{
  const ReconDeviceInfo info = { .type = CL_DEVICE_TYPE_CPU, .n_units = 2, .shares_memory = TRUE };
  g_autoptr (GError) error = NULL;
  ReconTaskNeed need;

  recon_task_need (subject->task, &info, RECON_MIN_LANES, &need, &error);
  g_assert_no_error (error);

  return need;
}

/* Where an array has the sample of a row; the rows of slices are those of the sinograms that they are made of. */
static inline gsize
locate (ReconArray *array,
        gboolean    is_slices,
        guint       row,
        guint       y,
        guint       x)
{
  const gsize width = recon_array_get_n (array, 2), pitch = recon_array_get_pitch (array);
  const ReconLayout layout = recon_array_get_layout (array);

  if (is_slices)
    return (row * pitch + y) * width + x;
  if (layout.is_interleaved)
    return ((y * (pitch / layout.lanes) + row / layout.lanes) * width + x) * layout.lanes + row % layout.lanes;

  return (y * pitch + row) * width + x;
}

/* Room for a region. Nobody may use what nobody has written. */
static inline ReconArray *
make_array (const ReconArrayInfo *info,
            const ReconRegion    *region,
            ReconLayout           layout)
{
  g_autoptr (GError) error = NULL;
  ReconArray *array = recon_array_new (info, region, layout);
  gpointer memory = recon_array_write (array, &error);

  g_assert_no_error (error);
  memset (memory, 0xff, recon_array_get_bytes (array));

  return array;
}

static inline ReconLayout
get_layout (const ReconPort *port,
            guint            lanes)
{
  return (ReconLayout) { lanes, (port->flags & RECON_PORT_INTERLEAVED) != 0 };
}

/* The part of the projections that a task needs. */
static inline ReconArray *
make_projections (Subject           *subject,
                  const Block       *block,
                  const ReconRegion *region,
                  guint              lanes,
                  const float       *data)
{
  ReconArray *array = make_array (recon_task_get_input (subject->task, 0), region,
                                  get_layout (&recon_task_get_info (subject->task)->inputs[0], lanes));
  float *values = recon_array_write (array, NULL);

  for (guint row = 0; row < region->axes[1].n; row++)
    for (guint y = 0; y < region->axes[0].n; y++)
      for (guint x = 0; x < region->axes[2].n; x++)
        {
          const gsize image = (region->axes[1].first + row) * block->n_angles + region->axes[0].first + y;

          values[locate (array, FALSE, row, y, x)] = data[image * block->width + region->axes[2].first + x];
        }

  return array;
}

static inline ReconArray *
make_reference_lines (const ReconArrayInfo *info,
                      const ReconRegion    *region,
                      const float          *lines)
{
  ReconArray *array = make_array (info, region, RECON_PLAIN);

  memcpy (recon_array_write (array, NULL), lines + region->axes[0].first * region->axes[1].n,
          region->axes[0].n * region->axes[1].n * sizeof *lines);

  return array;
}

/* In the order that tests have. */
static inline float *
unpack (ReconArray *array,
        gboolean    is_slices)
{
  g_autoptr (GError) error = NULL;
  const guint n = recon_array_get_n (array, is_slices ? 0 : 1), height = recon_array_get_n (array, is_slices ? 1 : 0);
  const guint width = recon_array_get_n (array, 2);
  const float *values = recon_array_read (array, &error);
  float *items, *item;

  g_assert_no_error (error);
  items = item = recon_host_memory_new ((gsize) n * height * width * sizeof *items, &error);
  g_assert_no_error (error);
  for (guint row = 0; row < n; row++)
    for (guint y = 0; y < height; y++)
      for (guint x = 0; x < width; x++)
        *item++ = values[locate (array, is_slices, row, y, x)];

  return items;
}

/* Takes rows [first, first + n) of a block through a task that knows it. Returns what comes out, to be freed with
 * recon_host_memory_free(); %NULL on error */
static inline float *
try_rows (Subject       *subject,
          ReconDevice   *device,
          const Block   *block,
          guint          first,
          guint          n,
          guint          lanes,
          const float   *data,
          GCancellable  *cancellable,
          GError       **error)
{
  ReconTask *task = subject->task;
  const ReconTaskInfo *info = recon_task_get_info (task);
  const ReconArrayInfo *made = recon_task_get_output (task, 0);
  const gboolean is_slices = recon_array_info_find (made, "z") == 0;
  const gboolean in_place = (info->flags & RECON_TASK_IN_PLACE) != 0;
  ReconArray *inputs[RECON_MAX_PORTS] = { NULL }, *outputs[RECON_MAX_PORTS] = { NULL };
  const guint groups = in_place || info->inputs[0].flags != RECON_PORT_NONE ? lanes : 1;
  ReconRegion wanted, needed;
  float *result = NULL;

  if (!recon_task_prepare (task, device, lanes, error))
    return NULL;

  recon_region_init_whole (&wanted, made);
  wanted.axes[is_slices ? 0 : 1].first = first;
  wanted.axes[is_slices ? 0 : 1].n = n;
  for (guint i = 0; i < recon_task_get_n_inputs (task); i++)
    if (recon_task_get_input (task, i) != NULL)
      {
        recon_task_demand (task, 0, &wanted, i, &needed);
        inputs[i] = i == 0 ? make_projections (subject, block, &needed, groups, data)
                           : make_reference_lines (recon_task_get_input (task, i), &needed,
                                                   get_reference (subject, block, i));
      }
  outputs[0] = in_place ? recon_array_ref (inputs[0])
                        : make_array (made, &wanted, get_layout (&info->outputs[0], is_slices ? 1 : groups));

  if (recon_task_process (task, inputs, outputs, cancellable, error))
    {
      if (in_place)
        recon_array_reshape (outputs[0], made, &wanted, get_layout (&info->outputs[0], groups));
      result = unpack (outputs[0], is_slices);
    }
  if (device != NULL)
    recon_device_wait (device, NULL);

  for (guint i = 0; i < RECON_MAX_PORTS; i++)
    {
      g_clear_pointer (&inputs[i], recon_array_unref);
      g_clear_pointer (&outputs[i], recon_array_unref);
    }

  return result;
}

G_GNUC_UNUSED static float *
try_task (Subject       *subject,
          ReconDevice   *device,
          const Block   *block,
          const float   *data,
          GCancellable  *cancellable,
          GError       **error)
{
  if (!shape_block (subject, block, error))
    return NULL;

  return try_rows (subject, device, block, 0, block->n, block->lanes > 0 ? block->lanes : RECON_MIN_LANES, data,
                   cancellable, error);
}

G_GNUC_UNUSED static float *
run_task (Subject     *subject,
          ReconDevice *device,
          const Block *block,
          const float *data)
{
  g_autoptr (GError) error = NULL;
  float *result = try_task (subject, device, block, data, NULL, &error);

  g_assert_no_error (error);

  return result;
}

/* Takes the rows of a block through a task in pieces, in groups of other sizes, and compares with the block's result
 * bit for bit. @largest: rows of the largest piece; smaller ones take turns with it */
static inline void
assert_pieces_equal (Subject     *subject,
                     ReconDevice *device,
                     const Block *block,
                     guint        largest,
                     const float *data,
                     const float *expected)
{
  g_autoptr (GError) error = NULL;
  const ReconArrayInfo *made;
  gsize values = 1;

  shape_block (subject, block, &error);
  g_assert_no_error (error);
  made = recon_task_get_output (subject->task, 0);
  for (guint i = 0; i < made->n_axes; i++)
    if (strcmp (made->axes[i].name, "z") != 0 && strcmp (made->axes[i].name, "row") != 0)
      values *= made->axes[i].size;

  for (guint first = 0, i = 0; first < block->n; i++)
    {
      const guint n = MIN (largest - i % largest, block->n - first);
      float *result = try_rows (subject, device, block, first, n, RECON_MIN_LANES << i % 3, data, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (result, n * values * sizeof *result, expected + first * values, n * values * sizeof *result);
      recon_host_memory_free (result);
      first += n;
    }
}

/* However the rows of a block are cut: one by one, and in pieces of three, two and one. */
G_GNUC_UNUSED static void
assert_any_rows_equal (Subject     *subject,
                       ReconDevice *device,
                       const Block *block,
                       const float *data,
                       const float *expected)
{
  assert_pieces_equal (subject, device, block, 1, data, expected);
  assert_pieces_equal (subject, device, block, 3, data, expected);
}

G_END_DECLS

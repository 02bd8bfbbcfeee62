/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "base/error.h"
#include "graph/job-setup.h"
#include "graph/sink.h"

G_BEGIN_DECLS

/* Tasks of tests: frames × rows × columns of float32, on the host. */

#define N_FRAMES 40
#define N_ROWS   7
#define N_COLUMNS 5

/* A class with a declaration and what it does; what a test changes lies in `options`. */
typedef struct
{
  guint    fail_at;    /* an image with which it fails */
  guint    n_calls;
  GCancellable *cancel_at_third; /* (nullable) */
  guint    largest;    /* images of a call */
  guint    next;       /* of a sink */
  gboolean ended;
  float   *values;     /* (nullable): of a sink: all it got */
  guint8   finished[N_FRAMES];
} TestOptions;

typedef struct
{
  ReconTask    parent_instance;
  TestOptions *options; /* (nullable) */
  double      *sums;    /* (nullable) */
} TestTask;

typedef struct
{
  ReconSink    parent_instance;
  TestOptions *options;
} TestSink;

#define DEFINE_TEST_TASK(Type, symbol, ...)                                                                           \
  typedef TestTask Type;                                                                                              \
  typedef ReconTaskClass Type##Class;                                                                                 \
  GType symbol##_get_type (void);                                                                                     \
  G_DEFINE_TYPE (Type, symbol, RECON_TYPE_TASK)                                                                       \
  static void symbol##_init (Type *self) { }                                                                          \
  static void symbol##_class_init (Type##Class *klass)                                                                \
  {                                                                                                                   \
    static const ReconTaskInfo info = { .name = #symbol, __VA_ARGS__ };                                               \
    klass->shape = symbol##_shape;                                                                                    \
    klass->process = symbol##_process;                                                                                \
    klass->copy = test_copy;                                                                                          \
    symbol##_more (klass);                                                                                            \
    recon_task_class_set_info (klass, &info);                                                                         \
  }

static inline void
test_copy (ReconTask *task,
           ReconTask *source)
{
  ((TestTask *) task)->options = ((TestTask *) source)->options;
}

static inline gboolean
test_fails (TestOptions  *options,
            ReconArray   *array,
            ReconError    code,
            const char   *message,
            GError      **error)
{
  const guint first = (guint) recon_array_get_region (array)->axes[0].first, n = recon_array_get_n (array, 0);

  if (options == NULL)
    return FALSE;

  if (options->cancel_at_third != NULL && ++options->n_calls == 3)
    g_cancellable_cancel (options->cancel_at_third);
  if (options->fail_at < first || options->fail_at >= first + n)
    return FALSE;
  g_set_error_literal (error, RECON_ERROR, code, message);
  return TRUE;
}

/* 1000·frame + 10·row + column */
static inline float
test_value (guint64 frame,
            guint64 row,
            guint64 column)
{
  return (float) (1000 * frame + 10 * row + column);
}

/* @axes: names, slowest first */
static inline void
test_init_info (ReconArrayInfo *info,
                guint64         n)
{
  recon_array_info_init (info, RECON_ARRAY_FLOAT32, 3, "frame", n, "row", (guint64) N_ROWS, "column",
                         (guint64) N_COLUMNS);
}

static const ReconPort test_input[] = { { "input", RECON_PORT_NONE, "images" }, { NULL } };
static const ReconPort test_output[] = { { "output", RECON_PORT_NONE, "images" }, { NULL } };

/* A source of numbers. */
static inline gboolean
ramp_shape (ReconTask              *task,
            const ReconArrayInfo  **inputs,
            ReconArrayInfo         *outputs,
            ReconLog               *log,
            GError                **error)
{
  test_init_info (&outputs[0], N_FRAMES);

  return TRUE;
}

static inline gboolean
ramp_process (ReconTask     *task,
              ReconArray   **inputs,
              ReconArray   **outputs,
              GCancellable  *cancellable,
              GError       **error)
{
  const ReconRegion *region = recon_array_get_region (outputs[0]);
  float *values = recon_array_write (outputs[0], error);

  if (values == NULL || test_fails (((TestTask *) task)->options, outputs[0], RECON_ERROR_READ, "source", error))
    return FALSE;
  for (guint64 f = 0; f < region->axes[0].n; f++)
    for (guint64 r = 0; r < region->axes[1].n; r++)
      for (guint64 c = 0; c < region->axes[2].n; c++)
        values[(f * recon_array_get_pitch (outputs[0]) + r) * region->axes[2].n + c] =
            test_value (region->axes[0].first + f, region->axes[1].first + r, region->axes[2].first + c);

  return TRUE;
}

static inline void
ramp_more (ReconTaskClass *klass)
{
}

DEFINE_TEST_TASK (TestRamp, ramp, .flags = RECON_TASK_ON_HOST, .outputs = test_output)

/* A sink that wants everything in order, and keeps it. */
GType test_sink_get_type (void);
typedef ReconSinkClass TestSinkClass;
G_DEFINE_TYPE (TestSink, test_sink, RECON_TYPE_SINK)

static inline gboolean
test_sink_shape (ReconTask              *task,
                 const ReconArrayInfo  **inputs,
                 ReconArrayInfo         *outputs,
                 ReconLog               *log,
                 GError                **error)
{
  return TRUE;
}

static inline gboolean
test_sink_process (ReconTask     *task,
                   ReconArray   **inputs,
                   ReconArray   **outputs,
                   GCancellable  *cancellable,
                   GError       **error)
{
  TestOptions *options = ((TestSink *) task)->options;
  const ReconRegion *region = recon_array_get_region (inputs[0]);
  const gsize size = (gsize) region->axes[1].n * region->axes[2].n;
  const float *values = recon_array_read (inputs[0], error);

  if (values == NULL || test_fails (options, inputs[0], RECON_ERROR_WRITE, "full", error))
    return FALSE;
  g_assert_cmpuint (region->axes[0].first, >=, options->next);
  options->next = (guint) (region->axes[0].first + region->axes[0].n);
  options->largest = MAX (options->largest, (guint) region->axes[0].n);
  memcpy (options->values + region->axes[0].first * size, values, region->axes[0].n * size * sizeof *values);

  return TRUE;
}

static inline gboolean
test_sink_begin (ReconSink             *sink,
                 const ReconSinkStart  *start,
                 guint8                *finished,
                 GCancellable          *cancellable,
                 GError               **error)
{
  const ReconArrayInfo *input = recon_task_get_input (RECON_TASK (sink), 0);
  TestOptions *options = ((TestSink *) sink)->options;
  gsize n = 1;

  for (guint i = 0; i < input->n_axes; i++)
    n *= input->axes[i].size;
  options->values = g_renew (float, options->values, n);
  memcpy (finished, options->finished, MIN (N_FRAMES, input->axes[0].size));

  return TRUE;
}

static inline gboolean
test_sink_end (ReconSink  *sink,
               GError    **error)
{
  ((TestSink *) sink)->options->ended = TRUE;

  return TRUE;
}

static void
test_sink_init (TestSink *self)
{
}

static void
test_sink_class_init (TestSinkClass *klass)
{
  static const ReconTaskInfo info = { .name = "collect", .flags = RECON_TASK_ON_HOST, .inputs = test_input };
  ReconTaskClass *task_class = RECON_TASK_CLASS (klass);

  task_class->shape = test_sink_shape;
  task_class->process = test_sink_process;
  klass->begin = test_sink_begin;
  klass->end = test_sink_end;
  recon_task_class_set_info (task_class, &info);
}

/* Returns: the node */
static inline guint
test_add (ReconGraph  *graph,
          GType        type,
          const char  *name,
          TestOptions *options)
{
  ReconTask *task = g_object_new (type, NULL);

  if (RECON_IS_SINK (task))
    ((TestSink *) task)->options = options;
  else if (options != NULL)
    ((TestTask *) task)->options = options;

  return recon_graph_add (graph, task, name);
}

static inline void
test_connect (ReconGraph *graph,
              guint       from,
              guint       to,
              const char *input)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (recon_graph_connect (graph, from, NULL, to, input, &error));
  g_assert_no_error (error);
}

static inline TestOptions *
test_options_new (void)
{
  TestOptions *options = g_new0 (TestOptions, 1);

  options->fail_at = G_MAXUINT;

  return options;
}

static inline void
test_options_free (TestOptions *options)
{
  g_free (options->values);
  g_free (options);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestOptions, test_options_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/worker.h"

#include <string.h>

#include "base/error.h"
#include "tasks/tasks.h"

#define LANES    16
#define N_ANGLES 2048
#define WIDTH    256

static const ReconPort no_ports[] = { { NULL } };
static const ReconPort ports[] = { { "projections", RECON_PORT_NONE, "Projections" }, { NULL } };

/* What the graph begins with: the array is given. */
#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, ReconTask)
struct _TestSource
{
  ReconTask parent_instance;
};
G_DEFINE_FINAL_TYPE (TestSource, test_source, RECON_TYPE_TASK)

static gboolean
test_source_shape (ReconTask              *task,
                   const ReconArrayInfo  **given,
                   ReconArrayInfo         *made,
                   ReconLog               *log,
                   GError                **error)
{
  recon_array_info_init (&made[0], RECON_ARRAY_FLOAT32, 3, "angle", (guint64) N_ANGLES, "row", (guint64) LANES,
                         "column", (guint64) WIDTH);

  return TRUE;
}

static void
test_source_class_init (TestSourceClass *klass)
{
  static const ReconTaskInfo info = { .name = "source", .inputs = no_ports, .outputs = ports };

  RECON_TASK_CLASS (klass)->shape = test_source_shape;
  recon_task_class_set_info (RECON_TASK_CLASS (klass), &info);
}

static void
test_source_init (TestSource *self)
{
}

/* A task that fails while the commands of the one before it are still under way. */
#define TEST_TYPE_FAIL (test_fail_get_type ())
G_DECLARE_FINAL_TYPE (TestFail, test_fail, TEST, FAIL, ReconTask)
struct _TestFail
{
  ReconTask parent_instance;
};
G_DEFINE_FINAL_TYPE (TestFail, test_fail, RECON_TYPE_TASK)

static gboolean
test_fail_shape (ReconTask              *task,
                 const ReconArrayInfo  **given,
                 ReconArrayInfo         *made,
                 ReconLog               *log,
                 GError                **error)
{
  recon_array_info_copy (&made[0], given[0]);

  return TRUE;
}

static gboolean
test_fail_process (ReconTask     *task,
                   ReconArray   **given,
                   ReconArray   **made,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_set_error_literal (error, RECON_ERROR, RECON_ERROR_DEVICE, "broken");

  return FALSE;
}

static void
test_fail_class_init (TestFailClass *klass)
{
  static const ReconTaskInfo info = {
    .name = "fail", .flags = RECON_TASK_IN_PLACE, .inputs = ports, .outputs = ports,
  };

  RECON_TASK_CLASS (klass)->shape = test_fail_shape;
  RECON_TASK_CLASS (klass)->process = test_fail_process;
  recon_task_class_set_info (RECON_TASK_CLASS (klass), &info);
}

static void
test_fail_init (TestFail *self)
{
}

static ReconGraph *
make_graph (void)
{
  ReconGraph *graph = recon_graph_new ();
  ReconTask *source = g_object_new (TEST_TYPE_SOURCE, NULL);
  ReconTask *filter = recon_task_new ("filter", NULL);
  ReconTask *fail = g_object_new (TEST_TYPE_FAIL, NULL);
  g_autoptr (GError) error = NULL;

  recon_graph_add (graph, source, "source");
  recon_graph_add (graph, filter, "filter");
  recon_graph_add (graph, fail, "fail");
  recon_graph_connect (graph, 0, "projections", 1, "projections", &error);
  g_assert_no_error (error);
  recon_graph_connect (graph, 1, "projections", 2, "projections", &error);
  g_assert_no_error (error);
  recon_graph_shape (graph, NULL, &error);
  g_assert_no_error (error);

  return graph;
}

/* The kernels for GPUs, which wait for nothing. */
static ReconWorker *
make_worker (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = recon_devices_list (&error);
  g_autoptr (GPtrArray) devices = recon_devices_choose (all, "auto", &error);
  ReconDeviceInfo info;
  ReconWorker *worker;

  g_assert_no_error (error);
  info = *(const ReconDeviceInfo *) g_ptr_array_index (devices, 0);
  info.likes_small_items = TRUE;
  worker = recon_worker_new (&info, &error);
  g_assert_no_error (error);
  recon_worker_set_lanes (worker, LANES);

  return worker;
}

static gboolean
is_source (ReconOutlet outlet,
           gpointer    user_data)
{
  return outlet.node == 0;
}

/* The owner of an array's memory may free it as soon as the worker is done, also when it has failed. */
static void
test_failure_waits (void)
{
  const gsize n = (gsize) N_ANGLES * LANES * WIDTH;
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconGraph) graph = make_graph ();
  g_autoptr (ReconWorker) worker = make_worker ();
  g_autofree float *left = g_new (float, n);
  float *data = recon_host_memory_new (n * sizeof (float), &error);
  ReconArray *arrays[3 * RECON_MAX_PORTS] = { NULL };
  guint8 kept[3 * RECON_MAX_PORTS] = { 0 }, given[3 * RECON_MAX_PORTS] = { 1 };
  const ReconArrayInfo *info = recon_task_get_output (recon_graph_get_task (graph, 0), 0);
  g_auto (ReconDemand) demand = { 0 };
  ReconRegion whole;

  recon_region_init_whole (&whole, info);
  recon_demand_init (&demand, graph);
  recon_demand_add (&demand, (ReconOutlet) { 2, 0 }, &whole);
  recon_demand_spread (&demand, is_source, NULL);

  arrays[0] = recon_array_new_for_host (info, &whole, (ReconLayout) { LANES, FALSE }, data);
  g_assert_true (recon_array_write (arrays[0], &error) == data);
  for (gsize i = 0; i < n; i++)
    data[i] = (float) (i % 17);

  recon_worker_prepare (worker, &demand, given, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (recon_worker_compute (worker, &demand, arrays, kept, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_cmpstr (error->message, ==, "fail: broken");

  memcpy (left, data, n * sizeof (float));
  g_usleep (G_USEC_PER_SEC / 2);
  g_assert_cmpmem (left, n * sizeof (float), data, n * sizeof (float));

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_clear_pointer (&arrays[i], recon_array_unref);
  recon_host_memory_free (data);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/worker/failure-waits", test_failure_waits);

  return g_test_run ();
}

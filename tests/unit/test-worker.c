/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/worker.h"

#include <string.h>

#include "error.h"
#include "steps/filter.h"

#define LANES    16
#define N_ANGLES 2048
#define WIDTH    256

/* A step that fails while the commands of the one before it are still under way. */
#define TEST_TYPE_STEP (test_step_get_type ())
G_DECLARE_FINAL_TYPE (TestStep, test_step, TEST, STEP, ReconStep)
struct _TestStep
{
  ReconStep parent_instance;
};
G_DEFINE_FINAL_TYPE (TestStep, test_step, RECON_TYPE_STEP)

static gboolean
test_step_requisition (ReconStep              *step,
                       const ReconDeviceInfo  *device,
                       const ReconShape       *input,
                       guint                   lanes,
                       ReconRequisition       *need,
                       GError                **error)
{
  *need = (ReconRequisition) { .output = *input, .in_place = TRUE };

  return TRUE;
}

static gboolean
test_step_prepare (ReconStep         *step,
                   ReconDevice       *device,
                   const ReconShape  *input,
                   guint              lanes,
                   GError           **error)
{
  return TRUE;
}

static gboolean
test_step_process (ReconStep         *step,
                   const ReconBlock  *block,
                   cl_mem             input,
                   cl_mem             output,
                   GCancellable      *cancellable,
                   GError           **error)
{
  g_set_error_literal (error, RECON_ERROR, RECON_ERROR_DEVICE, "broken");

  return FALSE;
}

static void
test_step_class_init (TestStepClass *klass)
{
  ReconStepClass *step_class = RECON_STEP_CLASS (klass);

  step_class->name = "fail";
  step_class->requisition = test_step_requisition;
  step_class->prepare = test_step_prepare;
  step_class->process = test_step_process;
}

static void
test_step_init (TestStep *self)
{
}

static ReconStep *
new_step (gconstpointer settings)
{
  return g_object_new (TEST_TYPE_STEP, NULL);
}

/* The shape for GPUs waits for nothing. */
static ReconStep *
new_filter (gconstpointer settings)
{
  const ReconFilterSettings filter = { .filter = RECON_FILTER_RAMP, .variant = RECON_VARIANT_GPU };

  return recon_filter_step_new (&filter);
}

/* The block's owner may free its memory as soon as the worker is done, also when it has failed. */
static void
test_failure_waits (void)
{
  const ReconShape shape = { RECON_DATA_SINOGRAMS, N_ANGLES, WIDTH };
  const gsize n = (gsize) N_ANGLES * LANES * WIDTH;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = recon_devices_list (&error);
  g_autoptr (GPtrArray) devices = recon_devices_choose (all, "auto", &error);
  g_autoptr (ReconGraph) graph = recon_graph_new ();
  g_autoptr (ReconWorker) worker = NULL;
  g_autofree float *left = g_new (float, n);
  float *data = recon_host_memory_new (n * sizeof (float), &error);
  ReconBlock block;

  g_assert_no_error (error);
  recon_graph_append (graph, new_filter, NULL, NULL);
  recon_graph_append (graph, new_step, NULL, NULL);
  worker = recon_worker_new (g_ptr_array_index (devices, 0), graph, &shape, LANES, &error);
  g_assert_no_error (error);

  for (gsize i = 0; i < n; i++)
    data[i] = (float) (i % 17);
  recon_block_init (&block, 0, LANES, LANES, &shape);
  g_assert_false (recon_worker_process (worker, &block, data, NULL, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_DEVICE);
  g_assert_cmpstr (error->message, ==, "fail: broken");

  memcpy (left, data, n * sizeof (float));
  g_usleep (G_USEC_PER_SEC / 2);
  g_assert_cmpmem (left, n * sizeof (float), data, n * sizeof (float));

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

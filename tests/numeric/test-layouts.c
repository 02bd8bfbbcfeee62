/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/evaluator.h"
#include "task-runner.h"
#include "support.h"

/* Rows lie interleaved between tasks that know it, and nobody else may notice: in whatever order tasks stand, the
 * result is what each of them makes of plain arrays. */

#define N_ANGLES 30
#define N_ROWS   7
#define WIDTH    41

static const ReconPort no_ports[] = { { NULL } };
static const ReconPort source_ports[] = { { "projections", RECON_PORT_NONE, "Projections" }, { NULL } };

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
  double angles[N_ANGLES];

  for (guint i = 0; i < N_ANGLES; i++)
    angles[i] = i * G_PI / N_ANGLES;
  recon_array_info_init (&made[0], RECON_ARRAY_FLOAT32, 3, "angle", (guint64) N_ANGLES, "row", (guint64) N_ROWS,
                         "column", (guint64) WIDTH);
  made[0].geometry = recon_geometry_new ();
  made[0].geometry->axis = 19.25;
  recon_geometry_set_angles (made[0].geometry, angles, NULL, NULL, N_ANGLES);

  return TRUE;
}

static gboolean
test_source_process (ReconTask     *task,
                     ReconArray   **given,
                     ReconArray   **made,
                     GCancellable  *cancellable,
                     GError       **error)
{
  const ReconRegion *region = recon_array_get_region (made[0]);
  const gsize pitch = recon_array_get_pitch (made[0]), width = region->axes[2].n;
  float *values = recon_array_write (made[0], error);

  g_assert_nonnull (values);
  for (gsize angle = 0; angle < region->axes[0].n; angle++)
    for (gsize row = 0; row < region->axes[1].n; row++)
      for (gsize c = 0; c < width; c++)
        values[(angle * pitch + row) * width + c] =
          (float) (((region->axes[0].first + angle) * 31 + (region->axes[1].first + row) * 17 +
                    (region->axes[2].first + c) * 7) % 101);

  return TRUE;
}

static void
test_source_class_init (TestSourceClass *klass)
{
  static const ReconTaskInfo info = {
    .name = "source", .flags = RECON_TASK_ON_HOST, .inputs = no_ports, .outputs = source_ports,
  };

  RECON_TASK_CLASS (klass)->shape = test_source_shape;
  RECON_TASK_CLASS (klass)->process = test_source_process;
  recon_task_class_set_info (RECON_TASK_CLASS (klass), &info);
}

static void
test_source_init (TestSource *self)
{
}

/* Makes rows [first, first + n), or slices of them, with the source's projections through tasks in a row. @names: with
 * a word after the filter's name for which filter. Returns: (transfer full): in C order */
static float *
run_chain (const char *const *names,
           guint              first,
           guint              n)
{
  g_autoptr (ReconGraph) graph = recon_graph_new ();
  g_autoptr (ReconDevice) device = open_device (TRUE);
  g_autoptr (ReconEvaluator) evaluator = recon_evaluator_new (device, 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconArray) made = NULL;
  g_autoptr (ReconArray) plain = NULL;
  const ReconArrayInfo *info;
  ReconRegion region;
  guint last = recon_graph_add (graph, g_object_new (TEST_TYPE_SOURCE, NULL), NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (names[i], " ", 2);
      ReconTask *task = recon_task_new (words[0], &error);
      guint node;

      g_assert_no_error (error);
      if (words[1] != NULL)
        recon_task_set (task, "filter", words[1], &error);
      g_assert_no_error (error);
      node = recon_graph_add (graph, task, NULL);
      recon_graph_connect (graph, last, "projections", node, "projections", &error);
      g_assert_no_error (error);
      last = node;
    }

  recon_graph_shape (graph, NULL, &error);
  g_assert_no_error (error);
  info = recon_task_get_output (recon_graph_get_task (graph, last), 0);
  recon_region_init_whole (&region, info);
  region.axes[recon_array_info_find (info, "z") == 0 ? 0 : 1].first = first;
  region.axes[recon_array_info_find (info, "z") == 0 ? 0 : 1].n = n;
  made = recon_evaluator_get (evaluator, graph, (ReconOutlet) { (int) last, 0 }, &region, NULL, &error);
  g_assert_no_error (error);
  plain = recon_array_new (info, &region, RECON_PLAIN);
  recon_array_copy (plain, made, &error);
  g_assert_no_error (error);

  return g_memdup2 (recon_array_read (plain, NULL), recon_array_get_bytes (plain));
}

typedef struct
{
  const char *name;
  const char *chain[5];
  const char *same[5]; /* that gives the same */
  gsize       image;   /* numbers of one row */
} Case;

static const Case cases[] = {
  { "filtered", { "filter", "downsample" }, { "filter" }, N_ANGLES *WIDTH },
  { "not-filtered", { "filter none" }, { "downsample" }, N_ANGLES *WIDTH },
  { "filtered-twice", { "filter none", "filter" }, { "filter" }, N_ANGLES *WIDTH },
  { "between", { "filter", "downsample", "backproject" }, { "filter", "backproject" }, WIDTH *WIDTH },
  { "not-filtered-slices", { "backproject" }, { "filter none", "backproject" }, WIDTH *WIDTH },
  { "reduced-slices", { "downsample", "backproject" }, { "filter none", "backproject" }, WIDTH *WIDTH },
  { "twice-slices", { "filter", "filter none", "backproject" }, { "filter", "backproject" }, WIDTH *WIDTH },
};

static void
test_chain (gconstpointer data)
{
  const Case *c = data;

  for (guint first = 0; first < N_ROWS; first += 3)
    {
      const guint n = MIN (5, N_ROWS - first);
      g_autofree float *one = run_chain (c->chain, first, n);
      g_autofree float *other = run_chain (c->same, first, n);

      g_assert_cmpmem (one, n * c->image * sizeof *one, other, n * c->image * sizeof *other);
    }
}

/* And not because everything is 0, or the filter does nothing. */
static void
test_differ (void)
{
  g_autofree float *plain = run_chain ((const char *const[]) { "downsample", NULL }, 0, N_ROWS);
  g_autofree float *filtered = run_chain ((const char *const[]) { "filter", NULL }, 0, N_ROWS);
  g_autofree float *slices = run_chain ((const char *const[]) { "backproject", NULL }, 0, N_ROWS);
  g_autofree float *others = run_chain ((const char *const[]) { "filter", "backproject", NULL }, 0, N_ROWS);

  for (guint row = 0; row < N_ROWS; row++)
    for (guint c = 0; c < WIDTH; c++)
      g_assert_cmpfloat (plain[row * WIDTH + c], ==, (float) ((row * 17 + c * 7) % 101));
  g_assert_cmpfloat (fabsf (filtered[WIDTH / 2] - plain[WIDTH / 2]), >, 1);
  g_assert_cmpfloat (fabsf (slices[WIDTH * WIDTH / 2] - others[WIDTH * WIDTH / 2]), >, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/layouts/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_chain);
    }
  g_test_add_func ("/layouts/differ", test_differ);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program that has nothing of ours but what is installed. It reconstructs a scan by a configuration, stops such a
 * job, and runs a graph that it has put together.
 *
 * usage: foreign job|cancel|graph CONFIGURATION OUTPUT */

#include <reconstruct.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  GMainLoop *loop;
  GError    *error;
} Run;

static void
finished_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Run *run = user_data;

  recon_job_run_finish (RECON_JOB (object), result, &run->error);
  g_main_loop_quit (run->loop);
}

static gboolean
run_in_loop (ReconJob      *job,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Run run = { loop, NULL };
  ReconJobProgress progress;

  recon_job_run_async (job, cancellable, finished_cb, &run);
  g_main_loop_run (loop);
  recon_job_get_progress (job, &progress);
  printf ("%u of %u slices\n", progress.n_done, progress.n_slices);
  if (run.error == NULL)
    return TRUE;

  g_propagate_error (error, run.error);
  return FALSE;
}

static ReconConfig *
load (const char  *path,
      const char  *output,
      GError     **error)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconLog) log = recon_log_new ();
  ReconParameter parameter;

  if (!recon_config_load (config, path, log, error))
    return NULL;
  if (!recon_parameter_find_name ("output.path", &parameter))
    g_error ("There is no parameter output.path");

  return recon_config_parse (config, parameter, output, error) ? g_steal_pointer (&config) : NULL;
}

static gboolean
run_job (const char  *path,
         const char  *output,
         gboolean     cancel,
         GError     **error)
{
  g_autoptr (ReconConfig) config = load (path, output, error);
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ReconJob) job = NULL;

  if (config == NULL)
    return FALSE;
  job = recon_tomography_new_job (config, RECON_RESUME_NO, log, error);
  if (job == NULL)
    return FALSE;
  if (cancel)
    g_cancellable_cancel (cancellable);

  return run_in_loop (job, cancellable, error);
}

typedef struct
{
  guint    n_images;
  guint    width;
  guint    height;
  gboolean has_values;
} Images;

static void
tap_cb (guint        first,
        guint        n,
        guint        height,
        guint        width,
        const float *images,
        gpointer     user_data)
{
  Images *seen = user_data;

  seen->n_images = MAX (seen->n_images, first + n);
  seen->width = width;
  seen->height = height;
  for (gsize i = 0; i < (gsize) n * height * width; i++)
    seen->has_values = seen->has_values || images[i] != 0.0f;
}

static guint
add (ReconGraph  *graph,
     const char  *name,
     GError     **error)
{
  ReconTask *task = recon_task_new (name, error);

  return task != NULL ? recon_graph_add (graph, task, NULL) : G_MAXUINT;
}

/* The tasks of the standard pipeline one by one, with the files that are beside the configuration. */
static ReconGraph *
put_together (const char  *folder,
              const char  *output,
              GError     **error)
{
  static const char *const names[] = { "read-scan", "flat-field", "filter", "backproject", "write" };
  static const char *const inputs[][2] = {
    { "projections", "projections" }, { "darks", "darks" }, { "flats", "flats" }, { "angles", "angles.txt" },
  };
  static const char *const references[] = { "projections", "dark", "flat" };
  g_autoptr (ReconGraph) graph = recon_graph_new ();
  guint nodes[G_N_ELEMENTS (names)];

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      nodes[i] = add (graph, names[i], error);
      if (nodes[i] == G_MAXUINT)
        return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      g_autofree char *path = g_build_filename (folder, inputs[i][1], NULL);

      if (!recon_task_set (recon_graph_get_task (graph, nodes[0]), inputs[i][0], path, error))
        return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    if (!recon_graph_connect (graph, nodes[0], references[i], nodes[1], references[i], error))
      return NULL;
  for (guint i = 1; i + 1 < G_N_ELEMENTS (names); i++)
    if (!recon_graph_connect (graph, nodes[i], NULL, nodes[i + 1], NULL, error))
      return NULL;
  if (!recon_task_set (recon_graph_get_task (graph, nodes[0]), "axis", "31.5", error) ||
      !recon_task_set (recon_graph_get_task (graph, nodes[4]), "path", output, error))
    return NULL;

  return g_steal_pointer (&graph);
}

static gboolean
run_graph (const char  *path,
           const char  *output,
           GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (ReconGraph) graph = put_together (folder, output, error);
  g_autoptr (ReconConfig) compute = recon_config_new ();
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (ReconGraph) again = NULL;
  g_autoptr (ReconJob) job = NULL;
  Images images = { 0 };

  if (graph == NULL)
    return FALSE;

  /* What runs is what came back from JSON. */
  json = recon_graph_to_json (graph);
  again = recon_graph_from_json (json, recon_task_new, error);
  if (again == NULL || !recon_graph_job_check (again, log, error))
    return FALSE;
  job = recon_graph_job_new (again, compute, RECON_RESUME_NO, log, error);
  if (job == NULL)
    return FALSE;
  recon_job_set_tap (job, tap_cb, &images, NULL);
  if (!recon_job_run (job, NULL, error))
    return FALSE;
  printf ("%u images of %u × %u%s\n", images.n_images, images.width, images.height,
          images.has_values ? "" : " of zeros only");

  return images.has_values;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (argc != 4)
    return 2;

  recon_tasks_register ();
  if (strcmp (argv[1], "graph") == 0)
    done = run_graph (argv[2], argv[3], &error);
  else
    done = run_job (argv[2], argv[3], strcmp (argv[1], "cancel") == 0, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      puts ("cancelled");
      return 0;
    }
  if (!done)
    puts (error != NULL ? error->message : "failed");

  return done ? 0 : 1;
}

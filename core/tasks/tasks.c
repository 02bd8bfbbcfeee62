/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tasks/tasks.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "config/text.h"
#include "graph/task.h"

/* Made by the build from the list of files: RECON_TASK (read_scan) and so on, in the order of the work. */
#define RECON_TASK(name)                     \
  GType recon_##name##_get_type (void);      \
  extern const ReconTaskInfo recon_##name##_info;
#include "task-list.h"
#undef RECON_TASK

/**
 * recon_tasks_register:
 *
 * Makes the parameters of all tasks known. Every program calls it before its first #ReconConfig; more calls, from any
 * thread, do nothing.
 */
void
recon_tasks_register (void)
{
  static const ReconTaskInfo *const infos[] = {
#define RECON_TASK(name) &recon_##name##_info,
#include "task-list.h"
#undef RECON_TASK
  };
  static gsize registered = 0;
  const ReconParameterSection *sections[G_N_ELEMENTS (infos) + 1];
  guint n = 0;

  if (!g_once_init_enter (&registered))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    if (infos[i]->section != NULL)
      sections[n++] = infos[i]->section;
  sections[n] = NULL;
  recon_parameters_register (sections);
  g_once_init_leave (&registered, 1);
}

/**
 * recon_tasks_list:
 * @n: (out): how many there are
 *
 * Returns: (transfer full) (array length=n): the types of all tasks
 */
GType *
recon_tasks_list (guint *n)
{
  const GType types[] = {
#define RECON_TASK(name) recon_##name##_get_type (),
#include "task-list.h"
#undef RECON_TASK
  };

  *n = G_N_ELEMENTS (types);

  return g_memdup2 (types, sizeof types);
}

/**
 * recon_task_new:
 * @name: name of a task, such as "flat-field"
 * @error: return location
 *
 * Returns: (transfer full): a task with its default parameters; %NULL with #RECON_ERROR_CONFIG and the nearest name if
 *   there is none of this one
 */
ReconTask *
recon_task_new (const char  *name,
                GError     **error)
{
  guint n;
  g_autofree GType *types = recon_tasks_list (&n);
  g_autofree const char **names = g_new0 (const char *, n + 1);
  const char *nearest;

  for (guint i = 0; i < n; i++)
    {
      ReconTaskClass *klass = g_type_class_ref (types[i]);

      names[i] = klass->info->name;
      g_type_class_unref (klass);
      if (strcmp (names[i], name) == 0)
        return g_object_new (types[i], NULL);
    }

  nearest = recon_nearest_word (name, names);
  if (nearest != NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("There is no task '%s'. Did you mean '%s'?"), name,
                 nearest);
  else
    {
      g_autofree char *all = g_strjoinv (", ", (char **) names);

      g_set_error (error, RECON_ERROR, RECON_ERROR_CONFIG, _ ("There is no task '%s', but these: %s."), name, all);
    }

  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/history.h"


/* One parameter of a step. */
typedef struct
{
  ReconParameter  parameter;
  char           *before;
  char           *after;
} Change;

typedef struct
{
  char   *label; /* (nullable): of a group; otherwise the parameter's title */
  GArray *changes;
} Step;

struct _ReconHistory
{
  GPtrArray *steps;
  guint      n_done;  /* steps before this one can be undone, the others done again */
  gboolean   open;    /* the last step before n_done takes further changes */
  guint      n_groups;
  char      *group_label;
};

static void
change_clear (Change *change)
{
  g_free (change->before);
  g_free (change->after);
}

static void
step_free (Step *step)
{
  g_free (step->label);
  g_array_unref (step->changes);
  g_free (step);
}

/**
 * recon_history_new: (skip)
 *
 * Returns: (transfer full): a history of nothing
 */
ReconHistory *
recon_history_new (void)
{
  ReconHistory *self = g_new0 (ReconHistory, 1);

  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);

  return self;
}

void
recon_history_free (ReconHistory *self)
{
  g_ptr_array_unref (self->steps);
  g_free (self->group_label);
  g_free (self);
}

/**
 * recon_history_clear:
 * @self: a history
 *
 * Forgets everything.
 */
void
recon_history_clear (ReconHistory *self)
{
  g_ptr_array_set_size (self->steps, 0);
  self->n_done = 0;
  self->open = FALSE;
}

static Step *
push_step (ReconHistory *self,
           const char   *label)
{
  Step *step = g_new0 (Step, 1);

  step->label = g_strdup (label);
  step->changes = g_array_new (FALSE, FALSE, sizeof (Change));
  g_array_set_clear_func (step->changes, (GDestroyNotify) change_clear);

  g_ptr_array_set_size (self->steps, self->n_done);
  g_ptr_array_add (self->steps, step);
  self->n_done++;
  self->open = TRUE;

  return step;
}

static Change *
step_find (Step           *step,
           ReconParameter  parameter)
{
  for (guint i = 0; i < step->changes->len; i++)
    {
      Change *change = &g_array_index (step->changes, Change, i);

      if (change->parameter == parameter)
        return change;
    }

  return NULL;
}

/**
 * recon_history_add:
 * @self: a history
 * @parameter: the parameter that was changed
 * @before: its text until now
 * @after: its text from now on
 *
 * Records a change: in the open step if that is of the same parameter or of a group, else in a new one.
 */
void
recon_history_add (ReconHistory   *self,
                   ReconParameter  parameter,
                   const char     *before,
                   const char     *after)
{
  Step *step = self->open ? g_ptr_array_index (self->steps, self->n_done - 1) : NULL;
  Change *change = step != NULL ? step_find (step, parameter) : NULL;

  if (change != NULL)
    {
      g_free (change->after);
      change->after = g_strdup (after);
      return;
    }

  if (self->n_groups == 0)
    {
      recon_history_close (self);
      step = push_step (self, NULL);
    }
  else if (step == NULL)
    step = push_step (self, self->group_label);

  g_array_append_val (step->changes, ((Change) { parameter, g_strdup (before), g_strdup (after) }));
}

/**
 * recon_history_close:
 * @self: a history
 *
 * Ends the open step; within a group nothing happens. A step that has come back to where it began is dropped.
 */
void
recon_history_close (ReconHistory *self)
{
  Step *step;

  if (!self->open || self->n_groups > 0)
    return;

  self->open = FALSE;
  step = g_ptr_array_index (self->steps, self->n_done - 1);
  for (guint i = step->changes->len; i-- > 0;)
    {
      const Change *change = &g_array_index (step->changes, Change, i);

      if (g_str_equal (change->before, change->after))
        g_array_remove_index (step->changes, i);
    }

  if (step->changes->len == 0)
    g_ptr_array_set_size (self->steps, --self->n_done);
}

/**
 * recon_history_begin_group:
 * @self: a history
 * @label: what the group is called
 *
 * What is added until the group ends is one step. Groups within a group belong to it.
 */
void
recon_history_begin_group (ReconHistory *self,
                           const char   *label)
{
  if (self->n_groups == 0)
    {
      recon_history_close (self);
      g_free (self->group_label);
      self->group_label = g_strdup (label);
    }
  self->n_groups++;
}

/**
 * recon_history_end_group:
 * @self: a history
 *
 * Returns: whether the outermost group ended, and has changed something
 */
gboolean
recon_history_end_group (ReconHistory *self)
{
  gboolean changed;

  g_return_val_if_fail (self->n_groups > 0, FALSE);

  if (--self->n_groups > 0)
    return FALSE;

  changed = self->open;
  recon_history_close (self);

  return changed;
}

gboolean
recon_history_is_grouping (ReconHistory *self)
{
  return self->n_groups > 0;
}

static void
apply (Step        *step,
       ReconConfig *config,
       gboolean     forward)
{
  for (guint i = 0; i < step->changes->len; i++)
    {
      const Change *change = &g_array_index (step->changes, Change, i);
      g_autoptr (GError) error = NULL;

      /* It was this value before, so it is one. */
      if (!recon_config_parse (config, change->parameter, forward ? change->after : change->before, &error))
        g_critical ("%s", error->message);
    }
}

/**
 * recon_history_undo:
 * @self: a history
 * @config: the configuration
 *
 * Returns: whether there was a step to undo
 */
gboolean
recon_history_undo (ReconHistory *self,
                    ReconConfig  *config)
{
  g_return_val_if_fail (self->n_groups == 0, FALSE);

  recon_history_close (self);
  if (self->n_done == 0)
    return FALSE;

  apply (g_ptr_array_index (self->steps, --self->n_done), config, FALSE);

  return TRUE;
}

/**
 * recon_history_redo:
 * @self: a history
 * @config: the configuration
 *
 * Returns: whether there was a step to do again
 */
gboolean
recon_history_redo (ReconHistory *self,
                    ReconConfig  *config)
{
  g_return_val_if_fail (self->n_groups == 0, FALSE);

  recon_history_close (self);
  if (self->n_done == self->steps->len)
    return FALSE;

  apply (g_ptr_array_index (self->steps, self->n_done++), config, TRUE);

  return TRUE;
}

static char *
step_describe (Step *step)
{
  if (step->label != NULL || step->changes->len == 0)
    return g_strdup (step->label);

  return g_strdup (recon_parameter_get_title (g_array_index (step->changes, Change, 0).parameter));
}

/**
 * recon_history_get_undo_label:
 * @self: a history
 *
 * Returns: (transfer full) (nullable): what undo would undo, translated; %NULL if nothing
 */
char *
recon_history_get_undo_label (ReconHistory *self)
{
  return self->n_done > 0 ? step_describe (g_ptr_array_index (self->steps, self->n_done - 1)) : NULL;
}

/**
 * recon_history_get_redo_label:
 * @self: a history
 *
 * Returns: (transfer full) (nullable): what redo would do again, translated; %NULL if nothing
 */
char *
recon_history_get_redo_label (ReconHistory *self)
{
  return self->n_done < self->steps->len ? step_describe (g_ptr_array_index (self->steps, self->n_done)) : NULL;
}

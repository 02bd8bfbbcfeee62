/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/dataset-choices.h"

#include <glib/gi18n.h>
#include <string.h>

#include "form/dataset-info.h"

/* Which datasets of an HDF5 file may serve as what a parameter wants, of those that the worker has found. */

static void
choice_free (gpointer data)
{
  ReconDatasetChoice *choice = data;

  g_free (choice->value);
  g_free (choice->name);
  g_free (choice->detail);
  g_free (choice);
}

void
recon_dataset_choices_free (ReconDatasetChoices *self)
{
  g_free (self->file);
  g_free (self->rest);
  g_ptr_array_unref (self->list);
  g_free (self);
}

/* What @value names in @file: "" for the file as a whole, %NULL if it is not in that file. */
static const char *
get_object (const char *file,
            const char *value)
{
  gsize length = strlen (file);

  if (strncmp (file, value, length) != 0)
    return NULL;
  if (value[length] == '\0')
    return "";

  return value[length] == ':' && value[length + 1] == '/' ? value + length + 1 : NULL;
}

static void
add_dataset (ReconDatasetChoices    *self,
             ReconParameter          parameter,
             const ReconDatasetInfo *dataset,
             const char             *object,
             GVariant               *projections)
{
  ReconDatasetChoice *choice;

  if (!recon_dataset_info_is_of_kind (dataset, parameter))
    return;

  choice = g_new0 (ReconDatasetChoice, 1);
  choice->name = g_strdup (dataset->path);
  choice->value = g_strconcat (self->file, ":", dataset->path, NULL);
  choice->current = g_str_equal (object, dataset->path);
  choice->usable = recon_dataset_info_describe (dataset, parameter, projections, &choice->detail);

  g_ptr_array_add (self->list, choice);
}

/* What a parameter takes of a scan that has several kinds of images: the first of these that is there. */
static const char *const *
get_uses (ReconParameter parameter)
{
  static const char *const projections[] = { "projections", NULL };
  static const char *const darks[] = { "darks", "projections", NULL };
  static const char *const flats[] = { "flats", "projections", NULL };
  static const char *const flats_after[] = { "flats-after", "flats", "projections", NULL };

  switch (parameter)
    {
    case RECON_PARAM_DARKS:
      return darks;
    case RECON_PARAM_FLATS:
      return flats;
    case RECON_PARAM_FLATS_AFTER:
      return flats_after;
    default:
      return projections;
    }
}

/* (nullable): the dataset that the file alone stands for. */
static const char *
find_used (GVariant       *datasets,
           ReconParameter  parameter)
{
  for (const char *const *use = get_uses (parameter); *use != NULL; use++)
    for (gsize i = 0; i < g_variant_n_children (datasets); i++)
      {
        g_autoptr (GVariant) told = g_variant_get_child_value (datasets, i);
        g_autofree const char **uses = NULL;
        const char *path;

        if (g_variant_lookup (told, "path", "&s", &path) && g_variant_lookup (told, "uses", "^a&s", &uses) &&
            g_strv_contains (uses, *use))
          return path;
      }

  return NULL;
}

/* The dataset that the parameter names otherwise: by another link to it, or by a group that has it. */
static void
mark_chosen (ReconDatasetChoices *self,
             GVariant            *datasets)
{
  for (guint i = 0; i < self->list->len; i++)
    if (((const ReconDatasetChoice *) g_ptr_array_index (self->list, i))->current)
      return;

  for (gsize i = 0; i < g_variant_n_children (datasets); i++)
    {
      g_autoptr (GVariant) told = g_variant_get_child_value (datasets, i);
      ReconDatasetInfo dataset;

      for (guint j = 0; recon_dataset_info_read (&dataset, told) && dataset.chosen && j < self->list->len; j++)
        {
          ReconDatasetChoice *choice = g_ptr_array_index (self->list, j);

          choice->current |= g_str_equal (choice->name, dataset.path);
        }
    }
}

/* The file alone, if it says which of its datasets are meant. */
static void
add_automatic (ReconDatasetChoices *self,
               ReconParameter       parameter,
               GVariant            *answer,
               GVariant            *datasets,
               const char          *object)
{
  ReconDatasetChoice *choice;
  const char *layout = NULL;
  const char *used;

  if (recon_dataset_info_is_list (parameter) || !g_variant_lookup (answer, "file-layout", "&s", &layout))
    return;

  used = find_used (datasets, parameter);
  choice = g_new0 (ReconDatasetChoice, 1);
  choice->name = g_strdup (_ ("Automatic"));
  choice->value = g_strdup (self->file);
  choice->usable = TRUE;
  choice->current = *object == '\0';
  if (g_str_equal (layout, "HDF5 dataset"))
    choice->detail = g_strdup (used != NULL ? used : "");
  else
    choice->detail = used != NULL ? g_strdup_printf (_ ("%s: %s"), layout, used) : g_strdup (layout);

  g_ptr_array_add (self->list, choice);
}

/* (nullable): how much of what may serve is not listed. */
static char *
describe_rest (ReconParameter  parameter,
               GVariant       *answer)
{
  g_autoptr (GVariant) left_out = g_variant_lookup_value (answer, "datasets-left-out", G_VARIANT_TYPE ("au"));
  gboolean is_list = recon_dataset_info_is_list (parameter);
  gboolean complete = TRUE;
  guint n = 0;

  if (left_out != NULL && g_variant_n_children (left_out) == RECON_DATASET_N_RANKS)
    for (gsize rank = is_list ? 1 : 2; rank <= (is_list ? 1 : RECON_DATASET_MAX_RANK); rank++)
      {
        guint32 count;

        g_variant_get_child (left_out, rank, "u", &count);
        n += count;
      }

  g_variant_lookup (answer, "datasets-complete", "b", &complete);
  if (!complete)
    return g_strdup (_ ("There may be more: the file has too much in it to list all. Type a colon and the path of "
                        "another one behind the file."));
  if (n == 0)
    return NULL;

  return g_strdup_printf (ngettext ("%u more is not listed. Type a colon and its path behind the file.",
                                    "%u more are not listed. Type a colon and the path behind the file.", n),
                          n);
}

/**
 * recon_dataset_choices_is_about:
 * @answer: what Worker1.Inspect says of a path
 * @value: a path
 *
 * Returns: whether @answer lists the datasets of the file that @value names, or names something in
 */
gboolean
recon_dataset_choices_is_about (GVariant   *answer,
                                const char *value)
{
  const char *file;

  return g_variant_lookup (answer, "file", "&s", &file) && get_object (file, value) != NULL;
}

/* With one dataset there is something to choose only as long as it isn't what the parameter has. */
static gboolean
is_choice (ReconDatasetChoices *self,
           guint                n_automatic,
           gboolean             has_problem)
{
  guint n = 0;
  guint n_other = 0;

  for (guint i = n_automatic; i < self->list->len; i++)
    {
      const ReconDatasetChoice *choice = g_ptr_array_index (self->list, i);

      n += choice->usable;
      n_other += choice->usable && !choice->current;
    }

  return n > 1 || (n_other > 0 && has_problem);
}

/**
 * recon_dataset_choices_new:
 * @parameter: a path of images or angles
 * @value: its value
 * @answer: what Worker1.Inspect says of it, or of another path in the same file
 * @projections: (nullable): what it says of the projections, which others must fit to
 *
 * Returns: (transfer full) (nullable): what the parameter can be set to; %NULL if there is nothing to choose: fewer
 *   than two datasets can serve, or fewer than one where @answer is a problem
 */
ReconDatasetChoices *
recon_dataset_choices_new (ReconParameter  parameter,
                           const char     *value,
                           GVariant       *answer,
                           GVariant       *projections)
{
  g_autoptr (GVariant) datasets = g_variant_lookup_value (answer, "datasets", G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GVariant) problem = g_variant_lookup_value (answer, "problem", G_VARIANT_TYPE_STRING);
  g_autoptr (ReconDatasetChoices) self = NULL;
  const char *file, *object;
  guint n_automatic;

  if (datasets == NULL || !recon_dataset_choices_is_about (answer, value))
    return NULL;

  g_variant_lookup (answer, "file", "&s", &file);
  object = get_object (file, value);
  self = g_new0 (ReconDatasetChoices, 1);
  self->file = g_strdup (file);
  self->list = g_ptr_array_new_with_free_func (choice_free);

  add_automatic (self, parameter, answer, datasets, object);
  n_automatic = self->list->len;
  for (gsize i = 0; i < g_variant_n_children (datasets); i++)
    {
      g_autoptr (GVariant) told = g_variant_get_child_value (datasets, i);
      ReconDatasetInfo dataset;

      if (recon_dataset_info_read (&dataset, told))
        add_dataset (self, parameter, &dataset, object, projections);
    }
  if (*object != '\0')
    mark_chosen (self, datasets);

  if (!is_choice (self, n_automatic, problem != NULL))
    return NULL;

  self->rest = describe_rest (parameter, answer);

  return g_steal_pointer (&self);
}

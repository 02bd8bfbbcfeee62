/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/dataset-info.h"

#include <glib/gi18n.h>

#include "form/contents-text.h"

/* What a dataset may serve as. */

/* (nullable): why images of that many dimensions and such a size are none. */
static char *
refuse_shape (const ReconDatasetInfo *self,
              ReconParameter          parameter)
{
  if (self->rank > 3)
    return g_strdup_printf (_ ("Images have 3 dimensions (frames, rows, columns), this has %u"), (guint) self->rank);

  for (gsize i = 0; i < self->rank; i++)
    if (self->dims[i] == 0)
      return g_strdup (_ ("It is empty"));
    else if (self->dims[i] > G_MAXINT32)
      return g_strdup (_ ("It is too large"));

  if (self->rank == 2 && parameter == RECON_PARAM_PROJECTIONS)
    return g_strdup (_ ("A single image, where several are needed"));

  return NULL;
}

static gboolean
is_reference (ReconParameter parameter)
{
  return parameter == RECON_PARAM_DARKS || parameter == RECON_PARAM_FLATS || parameter == RECON_PARAM_FLATS_AFTER;
}

static gboolean
describe_images (const ReconDatasetInfo  *self,
                 ReconParameter           parameter,
                 GVariant                *projections,
                 char                   **text)
{
  const guint64 *last = self->dims + self->rank - 2;
  g_autofree char *images = NULL;
  guint n, rows, columns;

  *text = refuse_shape (self, parameter);
  if (*text != NULL)
    return FALSE;

  images = recon_contents_text_images (self->rank == 3 ? (guint) self->dims[0] : 1, (guint) last[0], (guint) last[1],
                                       self->type);
  if (projections != NULL && is_reference (parameter) &&
      recon_contents_text_get_size (projections, &n, &rows, &columns) && (rows != last[0] || columns != last[1]))
    {
      *text = g_strdup_printf (_ ("%s, but projections are %u × %u"), images, columns, rows);
      return FALSE;
    }

  *text = g_steal_pointer (&images);

  return TRUE;
}

static gboolean
describe_list (const ReconDatasetInfo  *self,
               GVariant                *projections,
               char                   **text)
{
  g_autofree char *count = NULL;
  g_autofree char *numbers = NULL;
  guint64 n = 1;
  guint images, rows, columns;

  /* Only one of them is not 1, so that this is no product. */
  for (gsize i = 0; i < self->rank; i++)
    n = self->dims[i] != 1 ? self->dims[i] : n;

  if (n == 0 || n > G_MAXINT32)
    {
      *text = g_strdup (n == 0 ? _ ("It is empty") : _ ("It is too large"));
      return FALSE;
    }

  count = g_strdup_printf (ngettext ("%u number", "%u numbers", (guint) n), (guint) n);
  numbers = g_strdup_printf ("%s, %s", count, recon_contents_text_get_type (self->type));
  if (projections != NULL && recon_contents_text_get_size (projections, &images, &rows, &columns) && images != n)
    {
      *text = g_strdup_printf (ngettext ("%s, but there is %u projection", "%s, but there are %u projections", images),
                               numbers, images);
      return FALSE;
    }

  *text = g_steal_pointer (&numbers);

  return TRUE;
}

/**
 * recon_dataset_info_read:
 * @self: (out): a dataset
 * @info: one of the datasets of Worker1.Inspect
 *
 * Returns: whether @info has what is needed, of the right types
 */
gboolean
recon_dataset_info_read (ReconDatasetInfo *self,
                         GVariant         *info)
{
  g_autoptr (GVariant) dimensions = g_variant_lookup_value (info, "dimensions", G_VARIANT_TYPE ("at"));

  *self = (ReconDatasetInfo) { 0 };
  if (dimensions == NULL || !g_variant_lookup (info, "path", "&s", &self->path))
    return FALSE;

  self->rank = g_variant_n_children (dimensions);
  for (gsize i = 0; i < MIN (self->rank, RECON_DATASET_MAX_RANK); i++)
    g_variant_get_child (dimensions, i, "t", &self->dims[i]);
  g_variant_lookup (info, "type", "&s", &self->type);
  g_variant_lookup (info, "refusal", "&s", &self->refusal);
  g_variant_lookup (info, "chosen", "b", &self->chosen);

  return self->rank == 0 ? self->refusal != NULL : self->type != NULL;
}

/**
 * recon_dataset_info_is_list:
 * @parameter: a path of images or angles
 *
 * Returns: whether it wants a list of numbers; else images
 */
gboolean
recon_dataset_info_is_list (ReconParameter parameter)
{
  return parameter == RECON_PARAM_ANGLES;
}

/**
 * recon_dataset_info_is_of_kind:
 * @self: a dataset
 * @parameter: a path of images or angles
 *
 * Returns: whether @self is what @parameter wants, so far that it is worth saying what is wrong with it
 */
gboolean
recon_dataset_info_is_of_kind (const ReconDatasetInfo *self,
                               ReconParameter          parameter)
{
  gsize n_long = 0;

  /* Nobody knows what is missing at the end of a link. */
  if (self->rank == 0)
    return TRUE;

  for (gsize i = 0; i < MIN (self->rank, RECON_DATASET_MAX_RANK); i++)
    n_long += self->dims[i] != 1;

  /* A table with one column is a list; a stack of single pixels may be a scan that was cropped. */
  if (recon_dataset_info_is_list (parameter))
    return self->rank <= RECON_DATASET_MAX_RANK && n_long <= 1;

  return self->rank > 2 || n_long == 2;
}

/**
 * recon_dataset_info_describe:
 * @self: a dataset of the kind that @parameter wants
 * @parameter: a path of images or angles
 * @projections: (nullable): what Worker1.Inspect says of the projections, which others must fit to
 * @text: (out): what the dataset holds, or why it can't serve
 *
 * Returns: whether it can serve
 */
gboolean
recon_dataset_info_describe (const ReconDatasetInfo  *self,
                             ReconParameter           parameter,
                             GVariant                *projections,
                             char                   **text)
{
  if (self->refusal != NULL)
    {
      *text = g_strdup (self->refusal);
      return FALSE;
    }

  return recon_dataset_info_is_list (parameter) ? describe_list (self, projections, text)
                                                : describe_images (self, parameter, projections, text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "geometry/geometry.h"

#include <math.h>

#include "geometry/angles.h"

/**
 * recon_geometry_new:
 *
 * Returns: (transfer full): a geometry of which nothing is known
 */
ReconGeometry *
recon_geometry_new (void)
{
  ReconGeometry *self = g_new0 (ReconGeometry, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->axis = self->pixel_size = NAN;
  self->bin = self->reduction = 1;

  return self;
}

/**
 * recon_geometry_copy:
 * @self: a geometry
 *
 * Returns: (transfer full): another one with the same contents, which may be changed
 */
ReconGeometry *
recon_geometry_copy (const ReconGeometry *self)
{
  ReconGeometry *copy = g_memdup2 (self, sizeof *self);

  g_atomic_ref_count_init (&copy->ref_count);
  copy->angles = g_memdup2 (self->angles, self->n_angles * sizeof *self->angles);
  copy->weights = g_memdup2 (self->weights, self->n_angles * sizeof *self->weights);
  copy->flat_positions = g_memdup2 (self->flat_positions, self->n_angles * sizeof *self->flat_positions);
  copy->row_numbers = g_memdup2 (self->row_numbers, self->n_rows * sizeof *self->row_numbers);
  copy->detector_rows = g_memdup2 (self->detector_rows, self->n_rows * sizeof *self->detector_rows);
  copy->description = NULL;

  return copy;
}

ReconGeometry *
recon_geometry_ref (ReconGeometry *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
recon_geometry_unref (ReconGeometry *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->angles);
  g_free (self->weights);
  g_free (self->flat_positions);
  g_free (self->row_numbers);
  g_free (self->detector_rows);
  g_free (self->description);
  g_free (self);
}

/**
 * recon_geometry_set_angles:
 * @self: a geometry
 * @angles: (nullable): one per projection, radians; copied
 * @weights: (nullable): likewise; copied. %NULL for those of recon_angles_weights()
 * @flat_positions: (nullable): weight of the flat taken after, one per projection; copied
 * @n: number of projections
 */
void
recon_geometry_set_angles (ReconGeometry *self,
                           const double  *angles,
                           const double  *weights,
                           const float   *flat_positions,
                           guint          n)
{
  g_free (self->angles);
  g_free (self->weights);
  g_free (self->flat_positions);
  self->n_angles = n;
  self->angles = g_memdup2 (angles, n * sizeof *angles);
  self->weights = weights == NULL && angles != NULL ? recon_angles_weights (angles, n, NULL)
                                                    : g_memdup2 (weights, n * sizeof *weights);
  self->flat_positions = g_memdup2 (flat_positions, n * sizeof *flat_positions);
}

/**
 * recon_geometry_take_angles:
 * @self: a geometry
 * @first: the first projection that stays
 * @n: number of those that stay, all below the number that there are
 * @step: from one to the next
 *
 * They get the weights that they have among themselves.
 */
void
recon_geometry_take_angles (ReconGeometry *self,
                            guint          first,
                            guint          n,
                            guint          step)
{
  for (guint i = 0; i < n; i++)
    {
      const gsize from = first + (gsize) i * step;

      if (self->angles != NULL)
        self->angles[i] = self->angles[from];
      if (self->flat_positions != NULL)
        self->flat_positions[i] = self->flat_positions[from];
    }
  self->n_angles = n;
  g_clear_pointer (&self->weights, g_free);
  if (self->angles != NULL)
    self->weights = recon_angles_weights (self->angles, n, NULL);
}

/**
 * recon_geometry_reduce:
 * @self: a geometry
 * @columns: how many become one, from column 0 on
 */
void
recon_geometry_reduce (ReconGeometry *self,
                       guint          columns)
{
  self->axis = (self->axis + 0.5) / columns - 0.5;
  self->bin *= columns;
  self->reduction *= columns;
}

/**
 * recon_geometry_get_column:
 * @self: a geometry
 * @column: a column, from 0
 *
 * Returns: the first column of the detector that it was made from
 */
guint
recon_geometry_get_column (const ReconGeometry *self,
                           guint                column)
{
  return self->first_column + column * self->bin;
}

/**
 * recon_geometry_to_detector:
 * @self: a geometry
 * @column: a place between columns or on one, from 0 in the middle of the first one
 *
 * Returns: where that is on the detector, in its columns as read
 */
double
recon_geometry_to_detector (const ReconGeometry *self,
                            double               column)
{
  return self->first_column + (self->bin - 1) / 2.0 + column * self->bin;
}

/**
 * recon_geometry_from_detector:
 * @self: a geometry
 * @column: a place on the detector, in its columns as read
 *
 * Returns: where that is in columns of the array
 */
double
recon_geometry_from_detector (const ReconGeometry *self,
                              double               column)
{
  return (column - self->first_column - (self->bin - 1) / 2.0) / self->bin;
}

static char *
make_description (const ReconGeometry *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const double numbers[] = { self->axis,      self->pixel_size,  self->x0,   self->y0,       self->n_angles,
                             self->reduction, self->is_filtered, self->bin,  self->first_column, self->n_rows };

  g_checksum_update (checksum, (const guchar *) numbers, sizeof numbers);
  if (self->angles != NULL)
    g_checksum_update (checksum, (const guchar *) self->angles, (gssize) (self->n_angles * sizeof *self->angles));
  if (self->weights != NULL)
    g_checksum_update (checksum, (const guchar *) self->weights, (gssize) (self->n_angles * sizeof *self->weights));
  if (self->flat_positions != NULL)
    g_checksum_update (checksum, (const guchar *) self->flat_positions,
                       (gssize) (self->n_angles * sizeof *self->flat_positions));
  if (self->detector_rows != NULL)
    g_checksum_update (checksum, (const guchar *) self->detector_rows,
                       (gssize) (self->n_rows * sizeof *self->detector_rows));

  return g_strdup (g_checksum_get_string (checksum));
}

/**
 * recon_geometry_describe:
 * @self: a geometry that is not changed any more
 *
 * Returns: (transfer none): all of it as text: equal geometries have equal texts, for keys of what is kept
 */
const char *
recon_geometry_describe (ReconGeometry *self)
{
  g_autofree char *description = NULL;

  if (g_atomic_pointer_get (&self->description) != NULL)
    return self->description;

  description = make_description (self);
  if (g_atomic_pointer_compare_and_exchange (&self->description, NULL, description))
    description = NULL;

  return self->description;
}

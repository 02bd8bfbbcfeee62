/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angles.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Steps of a motor that go the other way are a fault where they are at most one in so many, and an order of its own,
 * such as that of the golden ratio, where there are more. The same for angles that don't change: several exposures. */
#define FEW 10

/* A turn back to where a full one ends, as encoders do that know no more, is so many turns but for this. */
#define WRAP 0.1

#define DEGREES(radians) ((radians) * 180.0 / G_PI)

/* Whether the step ends another turn: angles of 359°, 0° are in order. */
static gboolean
is_wrap (double step)
{
  double turns = fabs (step) / (2 * G_PI);

  return turns > 0.5 && fabs (turns - round (turns)) < WRAP;
}

/**
 * recon_angles_find_faults:
 * @angles: (array length=n_angles): angles in radians, as they were measured, in the order of time
 * @n_angles: their number
 * @numbers: (array length=n_angles): what the projections are called in messages
 *
 * Looks for angles that no motor has come by: some that repeat the one before, and some that go back where all others
 * go on.
 *
 * Returns: (transfer full) (element-type utf8): a sentence for each kind of fault
 */
GPtrArray *
recon_angles_find_faults (const double *angles,
                          guint         n_angles,
                          const guint  *numbers)
{
  GPtrArray *faults = g_ptr_array_new_with_free_func (g_free);
  guint n_equal = 0, first_equal = 0, n_back[2] = { 0, 0 }, first_back[2] = { 0, 0 };
  guint way;

  for (guint i = 1; i < n_angles; i++)
    {
      double step = angles[i] - angles[i - 1];

      if (step == 0.0)
        {
          first_equal = n_equal++ == 0 ? i : first_equal;
        }
      else if (!is_wrap (step))
        {
          way = step > 0 ? 1 : 0;
          first_back[way] = n_back[way]++ == 0 ? i : first_back[way];
        }
    }

  if (n_equal > 0 && n_equal * FEW <= n_angles)
    g_ptr_array_add (faults, g_strdup_printf (ngettext ("%u of %u angles is the same as the one before: that of "
                                                        "projection %u, %.6g°",
                                                        "%u of %u angles are the same as the one before, the first "
                                                        "that of projection %u, %.6g°",
                                                        n_equal),
                                              n_equal, n_angles, numbers[first_equal],
                                              DEGREES (angles[first_equal])));

  way = n_back[0] < n_back[1] ? 0 : 1;
  if (n_back[way] > 0 && n_back[way] * FEW <= n_angles)
    g_ptr_array_add (faults, g_strdup_printf (ngettext ("%u of %u angles goes back where the others go on: that of "
                                                        "projection %u, %.6g° after %.6g°",
                                                        "%u of %u angles go back where the others go on, the first "
                                                        "that of projection %u, %.6g° after %.6g°",
                                                        n_back[way]),
                                              n_back[way], n_angles, numbers[first_back[way]],
                                              DEGREES (angles[first_back[way]]),
                                              DEGREES (angles[first_back[way] - 1])));

  return faults;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/angles.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"

/* What angles that name no unit are is judged by the arc that they span and by their step. A scan covers half a turn, a
 * full one or several, or misses some of half a turn; it never has an arc of a few degrees only, nor steps of a large
 * part of a turn, unless these divide it. */

/* An arc is half a turn or a full one if it differs by less than this part of it: motors overrun. */
#define NEAR 0.1
/* The same for arcs that would be taken for something else. */
#define VERY_NEAR 0.02
/* What is computed rather than measured. */
#define EXACT 1e-3

/* The smallest arc of a scan, and the largest step, in radians. */
#define LEAST_ARC 1.0
#define MOST_STEP 0.35

/* Arcs beyond this are of many turns in radians, and of enough to see something in degrees. */
#define DEGREES_FROM 20.0

/* What no scan in degrees has: so many of them in steps that are so wide, but less than the golden angle. */
#define MANY_TURNS  1080.0
#define WIDE_STEP   5.0
#define GOLDEN_STEP 60.0

/* The name of gons that has another meaning elsewhere. */
#define GRAD "grad"

/* What is said to be of one unit, and looks like the other, has at least so many values. */
#define ENOUGH 16

typedef struct
{
  double minimum;
  double maximum;
  double arc;
  double step;
  gsize  n;
} Span;

/* Values that are not finite belong to no projection. */
static Span
measure (const double *angles,
         gsize         n_angles)
{
  Span span = { INFINITY, -INFINITY, 0, 0, 0 };

  for (gsize i = 0; i < n_angles; i++)
    if (isfinite (angles[i]))
      {
        span.minimum = MIN (span.minimum, angles[i]);
        span.maximum = MAX (span.maximum, angles[i]);
        span.n++;
      }

  if (span.n > 1)
    {
      span.arc = span.maximum - span.minimum;
      span.step = span.arc / (double) (span.n - 1);
    }

  return span;
}

/* Whether the arc, with its last step or without, is @turns half turns of @half within that part. */
static gboolean
is_arc (const Span *span,
        double      half,
        int         turns,
        double      part)
{
  double wanted = half * turns;

  return fabs (span->arc - wanted) < part * wanted || fabs (span->arc + span->step - wanted) < part * wanted;
}

static gboolean
are_radians (const Span *span)
{
  gboolean fine = span->step < MOST_STEP;

  for (int turns = 1; turns <= 2; turns++)
    if (is_arc (span, G_PI, turns, EXACT) || (fine && is_arc (span, G_PI, turns, NEAR)))
      return TRUE;

  /* Several full turns; and parts of one. */
  for (int turns = 4; turns <= 6; turns += 2)
    if (fine && is_arc (span, G_PI, turns, VERY_NEAR))
      return TRUE;

  return fine && span->arc >= LEAST_ARC && span->arc < 2 * G_PI * (1 + NEAR);
}

/* Steps beyond a full turn, or many turns in large steps that are no half turns: perhaps thousandths of a degree. Steps
 * of the golden angle are larger, and those that follow a process through many turns are fine. */
static gboolean
is_nonsense (const Span *span)
{
  double left = fabs (remainder (span->arc, 180.0)), left_with = fabs (remainder (span->arc + span->step, 180.0));

  return span->step > 360.0 || (span->arc > MANY_TURNS && span->step > WIDE_STEP && span->step < GOLDEN_STEP &&
                                MIN (left, left_with) > VERY_NEAR * 180.0);
}

/**
 * recon_angle_unit_get_name:
 * @unit: a unit
 *
 * Returns: its name in the plural, for users
 */
const char *
recon_angle_unit_get_name (ReconAngleUnit unit)
{
  return unit == RECON_ANGLE_UNIT_DEGREE ? _ ("degrees") : _ ("radians");
}

/**
 * recon_angle_unit_parse:
 * @text: what a file calls the unit of its angles
 * @scale: (out) (optional): what makes angles of that unit such of the returned one
 *
 * Returns: the #ReconAngleUnit, or −1 where @text names none
 */
int
recon_angle_unit_parse (const char *text,
                        double     *scale)
{
  static const struct
  {
    const char     *name;
    ReconAngleUnit  unit;
    double          scale;
  } units[] = {
    { "deg", RECON_ANGLE_UNIT_DEGREE, 1 },
    { "degree", RECON_ANGLE_UNIT_DEGREE, 1 },
    { "°", RECON_ANGLE_UNIT_DEGREE, 1 },
    { "rad", RECON_ANGLE_UNIT_RADIAN, 1 },
    { "radian", RECON_ANGLE_UNIT_RADIAN, 1 },
    { "mdeg", RECON_ANGLE_UNIT_DEGREE, 1e-3 },
    { "millidegree", RECON_ANGLE_UNIT_DEGREE, 1e-3 },
    { "udeg", RECON_ANGLE_UNIT_DEGREE, 1e-6 },
    { "microdegree", RECON_ANGLE_UNIT_DEGREE, 1e-6 },
    { "mrad", RECON_ANGLE_UNIT_RADIAN, 1e-3 },
    { "milliradian", RECON_ANGLE_UNIT_RADIAN, 1e-3 },
    { "urad", RECON_ANGLE_UNIT_RADIAN, 1e-6 },
    { "microradian", RECON_ANGLE_UNIT_RADIAN, 1e-6 },
    { "arcmin", RECON_ANGLE_UNIT_DEGREE, 1.0 / 60 },
    { "arcminute", RECON_ANGLE_UNIT_DEGREE, 1.0 / 60 },
    { "arcsec", RECON_ANGLE_UNIT_DEGREE, 1.0 / 3600 },
    { "arcsecond", RECON_ANGLE_UNIT_DEGREE, 1.0 / 3600 },
    { "gon", RECON_ANGLE_UNIT_DEGREE, 0.9 },
    { GRAD, RECON_ANGLE_UNIT_DEGREE, 0.9 },
    { "gradian", RECON_ANGLE_UNIT_DEGREE, 0.9 },
    { "turn", RECON_ANGLE_UNIT_DEGREE, 360 },
    { "rev", RECON_ANGLE_UNIT_DEGREE, 360 },
    { "revolution", RECON_ANGLE_UNIT_DEGREE, 360 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gsize length = strlen (units[i].name);

      /* And the plural. */
      if (g_ascii_strncasecmp (text, units[i].name, length) != 0 ||
          (text[length] != '\0' && g_ascii_strcasecmp (text + length, "s") != 0))
        continue;
      if (scale != NULL)
        *scale = units[i].scale;

      return (int) units[i].unit;
    }

  return -1;
}

/**
 * recon_angle_unit_apply:
 * @text: (nullable): what a file calls the unit of its angles
 * @angles: (array length=n_angles) (inout): angles as they stand there, afterwards of the returned unit
 * @n_angles: number of angles
 * @scale: (out) (optional): what they were multiplied by
 *
 * As recon_angle_unit_parse(). A "grad" is a gon, but also the German word for degree, which angles of half a turn or a
 * full one of such are.
 *
 * Returns: the #ReconAngleUnit, or −1 where @text names none; then the angles stay as they are
 */
int
recon_angle_unit_apply (const char *text,
                        double     *angles,
                        gsize       n_angles,
                        double     *scale)
{
  double by = 1;
  int unit = text != NULL ? recon_angle_unit_parse (text, &by) : -1;

  if (unit >= 0 && g_ascii_strncasecmp (text, GRAD, strlen (GRAD)) == 0 && strlen (text) <= strlen (GRAD) + 1 &&
      recon_angle_unit_is_turn (RECON_ANGLE_UNIT_DEGREE, angles, n_angles))
    by = 1;
  for (gsize i = 0; by != 1 && i < n_angles; i++)
    angles[i] *= by;
  if (scale != NULL)
    *scale = by;

  return unit;
}

/**
 * recon_angle_unit_judge:
 * @angles: (array length=n_angles): angles of one scan; those that are not finite do not count
 * @n_angles: number of angles
 *
 * Judges by the arc that the angles span, and by their step, what they are. Of a single angle, or equal ones, it makes
 * no difference.
 *
 * Returns: the #ReconAngleUnit, or −1 where that is not clear
 */
int
recon_angle_unit_judge (const double *angles,
                        gsize         n_angles)
{
  Span span;

  g_return_val_if_fail (angles != NULL || n_angles == 0, -1);

  span = measure (angles, n_angles);
  if (span.n == 0 || span.arc <= 0.0)
    return span.n > 0 && fabs (span.minimum) > 2 * G_PI * (1 + NEAR) ? RECON_ANGLE_UNIT_DEGREE
                                                                     : RECON_ANGLE_UNIT_RADIAN;
  if (are_radians (&span))
    return RECON_ANGLE_UNIT_RADIAN;

  return span.arc > DEGREES_FROM && !is_nonsense (&span) ? RECON_ANGLE_UNIT_DEGREE : -1;
}

/**
 * recon_angle_unit_is_turn:
 * @unit: a unit
 * @angles: (array length=n_angles): angles
 * @n_angles: number of angles
 *
 * Returns: whether they span half a turn or a full one in that unit
 */
gboolean
recon_angle_unit_is_turn (ReconAngleUnit  unit,
                          const double   *angles,
                          gsize           n_angles)
{
  Span span = measure (angles, n_angles);
  double half = unit == RECON_ANGLE_UNIT_DEGREE ? 180.0 : G_PI;

  return span.n > 1 && (is_arc (&span, half, 1, VERY_NEAR) || is_arc (&span, half, 2, VERY_NEAR));
}

/**
 * recon_angle_unit_contradicts:
 * @unit: what somebody says that the angles are
 * @angles: (array length=n_angles): the angles as they were given
 * @n_angles: number of angles
 *
 * Returns: whether they look very much like the other unit: "degrees" from 0 to π, or "radians" from 0 to 180
 */
gboolean
recon_angle_unit_contradicts (ReconAngleUnit  unit,
                              const double   *angles,
                              gsize           n_angles)
{
  ReconAngleUnit other = unit == RECON_ANGLE_UNIT_DEGREE ? RECON_ANGLE_UNIT_RADIAN : RECON_ANGLE_UNIT_DEGREE;

  return n_angles >= ENOUGH && recon_angle_unit_is_turn (other, angles, n_angles);
}

/**
 * recon_angle_unit_describe:
 * @angles: (array length=n_angles): angles
 * @n_angles: number of angles
 *
 * Returns: (transfer full): "150 values from 0 to 3.1206 in steps of 0.0209", for messages
 */
char *
recon_angle_unit_describe (const double *angles,
                           gsize         n_angles)
{
  Span span = measure (angles, n_angles);

  return g_strdup_printf (_ ("%" G_GSIZE_FORMAT " values from %.6g to %.6g in steps of about %.4g"), span.n,
                          span.n > 0 ? span.minimum : 0.0, span.n > 0 ? span.maximum : 0.0, span.step);
}

/**
 * recon_angle_unit_set_unclear:
 * @path: where the angles are from
 * @angles: (array length=n_angles): angles of which the unit is neither given nor clear
 * @n_angles: number of angles
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT
 */
gboolean
recon_angle_unit_set_unclear (const char    *path,
                              const double  *angles,
                              gsize          n_angles,
                              GError       **error)
{
  g_autofree char *values = recon_angle_unit_describe (angles, n_angles);
  Span span = measure (angles, n_angles);

  if (is_nonsense (&span))
    return recon_fail (error, RECON_ERROR_INPUT,
                       _ ("%s names no unit, and %s look like neither degrees nor radians of a scan. Convert them to "
                          "one of these, or say which they are with --angle-unit=degree or --angle-unit=radian."),
                       path, values);

  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("%s names no unit, and %s may be degrees or radians. Say which with --angle-unit=degree or "
                        "--angle-unit=radian."),
                     path, values);
}

/**
 * recon_angle_unit_set_contradiction:
 * @path: where the angles are from
 * @text: the unit that is named there
 * @angles: (array length=n_angles): angles that are not of that unit
 * @n_angles: number of angles
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT
 */
gboolean
recon_angle_unit_set_contradiction (const char    *path,
                                    const char    *text,
                                    const double  *angles,
                                    gsize          n_angles,
                                    GError       **error)
{
  g_autofree char *values = recon_angle_unit_describe (angles, n_angles);

  return recon_fail (error, RECON_ERROR_INPUT,
                     _ ("The unit of %s is “%s”, but the angles are %s. Say what they are with --angle-unit=degree or "
                        "--angle-unit=radian."),
                     path, text, values);
}

/**
 * recon_angle_unit_convert:
 * @unit: the unit of @angles
 * @angles: (array length=n_angles) (inout): angles, in radians afterwards
 * @n_angles: number of angles
 */
void
recon_angle_unit_convert (ReconAngleUnit  unit,
                          double         *angles,
                          gsize           n_angles)
{
  for (gsize i = 0; unit == RECON_ANGLE_UNIT_DEGREE && i < n_angles; i++)
    angles[i] *= G_PI / 180;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "form/form-private.h"
#include "form/numbers.h"
#include "form/spin-row.h"

/* What rows say of values that are left to the program, and of angles in degrees. */

/* With so many digits as people read. */
static char *
format_number (double value,
               guint  n_decimals)
{
  g_autofree char *text = recon_numbers_round (value, n_decimals);

  return recon_numbers_to_user (text, recon_numbers_get_point ());
}

static char *
format_degrees (double radians)
{
  return format_number (radians / G_PI * 180, 4);
}

static gboolean
look_up_angles (GVariant *resolved,
                guint    *n,
                double   *first,
                double   *last)
{
  return resolved != NULL && g_variant_lookup (resolved, "n-angles", "u", n) &&
         g_variant_lookup (resolved, "first-angle", "d", first) && g_variant_lookup (resolved, "last-angle", "d", last);
}

/* (nullable) */
static char *
describe_angle_step (double    given,
                     GVariant *resolved)
{
  g_autofree char *step = NULL;
  g_autofree char *total = NULL;
  double first, last;
  guint n;

  if (!look_up_angles (resolved, &n, &first, &last) || n < 2)
    {
      if (given == 0)
        return NULL;
      step = format_degrees (given);
      return g_strdup_printf (_ ("%s°"), step);
    }

  step = format_degrees ((last - first) / (n - 1));
  total = format_degrees (last - first);

  return g_strdup_printf (_ ("%s° each, %s° in all"), step, total);
}

static void
update_angles (ReconForm *self,
               GVariant  *resolved)
{
  ReconConfig *config = recon_document_get_config (self->document);
  double step = recon_config_get_number (config, RECON_PARAM_ANGLE_STEP);
  double offset = recon_config_get_number (config, RECON_PARAM_ANGLE_OFFSET);
  g_autofree char *step_text = describe_angle_step (step, resolved);
  g_autofree char *offset_number = format_degrees (offset);
  g_autofree char *offset_text = offset != 0 ? g_strdup_printf (_ ("%s°"), offset_number) : NULL;
  double automatic = NAN;
  double first, last;
  guint n;

  recon_field_set_hint (self->rows[RECON_PARAM_ANGLE_STEP], step_text);
  recon_field_set_hint (self->rows[RECON_PARAM_ANGLE_OFFSET], offset_text);
  if (look_up_angles (resolved, &n, &first, &last) && n > 1)
    automatic = (last - first) / (n - 1);
  recon_spin_row_set_automatic (RECON_SPIN_ROW (self->rows[RECON_PARAM_ANGLE_STEP]), automatic);
}

/* Says what a number comes to that the program chooses, if that is known. */
static void
hint_automatic (ReconForm      *self,
                ReconParameter  parameter,
                double          value,
                const char     *format)
{
  ReconConfig *config = recon_document_get_config (self->document);
  g_autoptr (GString) sentence = g_string_new (format);
  g_autofree char *number = isnan (value) ? NULL : format_number (value, 4);

  recon_spin_row_set_automatic (RECON_SPIN_ROW (self->rows[parameter]), value);
  if (number != NULL)
    g_string_replace (sentence, "%s", number, 1);

  recon_field_set_hint (self->rows[parameter],
                        number != NULL && recon_config_is_automatic (config, parameter) ? sentence->str : NULL);
}

/* The middle is known at once; where the data have the axis is found only when slices are made. */
static void
hint_axis (ReconForm *self,
           double     middle)
{
  hint_automatic (self, RECON_PARAM_AXIS, middle, _ ("%s, the middle"));
  if (recon_config_has_word (recon_document_get_config (self->document), RECON_PARAM_AXIS, "auto"))
    recon_field_set_hint (self->rows[RECON_PARAM_AXIS], _ ("Found in the data when slices are made"));
}

/* Switches that are left to the program: what they come to for this scan. */
static void
hint_switches (ReconForm *self,
               GVariant  *resolved)
{
  ReconConfig *config = recon_document_get_config (self->document);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (i);
      const char *text = NULL;
      gboolean on;

      if (spec->type != RECON_PARAMETER_BOOLEAN || spec->words == NULL)
        continue;
      if (recon_config_is_automatic (config, i) && resolved != NULL && g_variant_lookup (resolved, spec->key, "b", &on))
        text = on ? _ ("On for this scan") : _ ("Off for this scan");
      recon_field_set_hint (self->rows[i], text);
    }
}

static double
look_up_number (GVariant   *resolved,
                const char *key)
{
  double number = NAN;

  if (resolved != NULL)
    g_variant_lookup (resolved, key, "d", &number);

  return number;
}

static void
update_region (ReconForm *self,
               GVariant  *resolved)
{
  ReconConfig *config = recon_document_get_config (self->document);
  const ReconParameter region = recon_parameter ("reconstruction.roi");
  g_autofree char *text = NULL;
  guint width, height;

  if (resolved != NULL && recon_config_is_automatic (config, region) &&
      g_variant_lookup (resolved, "slice-width", "u", &width) &&
      g_variant_lookup (resolved, "slice-height", "u", &height))
    text = g_strdup_printf (_ ("All of it: %u × %u"), width, height);

  recon_field_set_hint (self->rows[region], text);
}

/* The number of rows or projections of what is put in; NaN while it is not known. */
static double
look_up_input (ReconForm  *self,
               gboolean    rows)
{
  GVariant *contents =
      recon_checks_get_contents (self->checks, self->sinograms ? RECON_PARAM_SINOGRAMS : RECON_PARAM_PROJECTIONS);
  guint n_images, n_rows, n_columns;
  const char *type;

  if (contents == NULL ||
      !g_variant_lookup (contents, "projections", "(uuu&s)", &n_images, &n_rows, &n_columns, &type))
    return NAN;

  /* A sinogram is a row, and its lines are projections. */
  return rows != self->sinograms ? n_rows : n_images;
}

/* Brings everything up to date that follows from the configuration and the worker's answers. */
void
_recon_form_update_hints (ReconForm *self)
{
  GVariant *resolved = recon_checks_get_resolved (self->checks);
  double width = NAN;
  guint n;

  if (resolved != NULL && g_variant_lookup (resolved, "width-as-read", "u", &n))
    width = n;

  update_angles (self, resolved);
  hint_axis (self, look_up_number (resolved, "axis"));
  recon_spin_row_set_maximum (RECON_SPIN_ROW (self->rows[RECON_PARAM_AXIS]), isnan (width) ? G_MAXDOUBLE : width - 1);
  hint_automatic (self, RECON_PARAM_Y_STOP, look_up_input (self, TRUE), _ ("All %s rows"));
  hint_automatic (self, RECON_PARAM_PROJECTION_STOP, look_up_input (self, FALSE), _ ("All %s projections"));
  hint_automatic (self, RECON_PARAM_PIXEL_SIZE, look_up_number (resolved, "pixel-size"), _ ("%s µm, from the file"));
  hint_switches (self, resolved);
  update_region (self, resolved);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "compute/device.h"
#include "config/config-file.h"
#include "io/angles.h"
#include "io/contents.h"
#include "service/service-private.h"
#include "service/slices.h"
#include "tomography/describe.h"

/* Questions about files and devices. Each is answered by a thread, because disks and drivers may be slow. */

/* Names in files can be any bytes. */
void
_recon_service_insert_text (GVariantDict *dict,
                            const char   *key,
                            const char   *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_variant_dict_insert (dict, key, "s", valid);
}

void
_recon_service_insert_texts (GVariantDict *dict,
                             const char   *key,
                             GPtrArray    *texts)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));

  for (guint i = 0; i < texts->len; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (texts->pdata[i], -1);

      g_variant_builder_add (&builder, "s", valid);
    }
  g_variant_dict_insert_value (dict, key, g_variant_builder_end (&builder));
}

/* Returns: (transfer full): a tuple of a dictionary */
GVariant *
_recon_service_new_answer (GVariantDict *dict)
{
  return g_variant_ref_sink (g_variant_new ("(@a{sv})", g_variant_dict_end (dict)));
}

/* The first argument of a call. */
const char *
_recon_service_get_text (GVariant *arguments)
{
  const char *text;

  g_variant_get_child (arguments, 0, "&s", &text);

  return text;
}

/* What a configuration comes to. */

/* Two projections more than this off half a turn are no mirror images of each other. */
#define OPPOSITE_TOLERANCE (5 * G_PI / 180)

/* Collects warnings; they come from the thread that resolves, or while it waits. */
static void
warning_cb (ReconLog   *log,
            int         level,
            const char *text,
            GPtrArray  *warnings)
{
  if (level == RECON_LOG_WARNING)
    g_ptr_array_add (warnings, g_strdup (text));
}

static void
insert_info (GVariantDict              *dict,
             const ReconTomographyInfo *info)
{
  guint first, second;

  g_variant_dict_insert (dict, "width", "u", info->width);
  g_variant_dict_insert (dict, "n-slices", "u", info->n_slices);
  g_variant_dict_insert (dict, "n-angles", "u", info->n_angles);
  g_variant_dict_insert (dict, "first-angle", "d", info->angles[0]);
  g_variant_dict_insert (dict, "last-angle", "d", info->angles[info->n_angles - 1]);
  if (isfinite (info->axis))
    g_variant_dict_insert (dict, "axis", "d", info->axis);
  g_variant_dict_insert (dict, "width-as-read", "u", info->width_as_read);
  g_variant_dict_insert (dict, "correct", "b", info->correct);
  g_variant_dict_insert (dict, "has-darks", "b", info->has_darks);
  g_variant_dict_insert (dict, "has-flats-after", "b", info->has_flats_after);
  g_variant_dict_insert (dict, "absorptivity", "b", info->absorptivity);
  if (isfinite (info->pixel_size))
    g_variant_dict_insert (dict, "pixel-size", "d", info->pixel_size);
  g_variant_dict_insert (dict, "slice-width", "u", info->slice_width);
  g_variant_dict_insert (dict, "slice-height", "u", info->slice_height);
  g_variant_dict_insert (dict, "output-bytes", "t", info->output_bytes);
  if (info->earlier != NULL)
    _recon_service_insert_text (dict, "output-exists", info->earlier);
  if (info->output_error != NULL)
    _recon_service_insert_text (dict, "output-problem", info->output_error->message);
  if (info->interrupted)
    {
      g_variant_dict_insert (dict, "interrupted", "(uu)", info->n_finished, info->n_interrupted);
      _recon_service_insert_text (dict, "interrupted-path", info->partial);
    }
  if (info->resume_error != NULL)
    _recon_service_insert_text (dict, "resume-problem", info->resume_error->message);
  if (info->input_changed)
    g_variant_dict_insert (dict, "input-changed", "b", TRUE);
  if (recon_angles_find_opposite (info->angles, info->n_angles, OPPOSITE_TOLERANCE, &first, &second))
    g_variant_dict_insert (dict, "opposite", "(uu)", first, second);
}

gpointer
_recon_service_resolve (GVariant  *arguments,
                        GError   **error)
{
  const char *configuration = _recon_service_get_text (arguments);
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ReconTomographyInfo) info = NULL;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_signal_connect (log, "record", G_CALLBACK (warning_cb), warnings);
  if (!recon_config_load_data (config, configuration, strlen (configuration), _ ("configuration"), log, error))
    return NULL;
  info = recon_tomography_describe (config, FALSE, log, error);
  if (info == NULL)
    return NULL;

  insert_info (&dict, info);
  _recon_service_insert_texts (&dict, "warnings", warnings);

  return _recon_service_new_answer (&dict);
}

/* OpenCL devices. */

static const char *
get_device_type (cl_device_type type)
{
  if (type & CL_DEVICE_TYPE_GPU)
    return "gpu";
  if (type & CL_DEVICE_TYPE_CPU)
    return "cpu";
  if (type & CL_DEVICE_TYPE_ACCELERATOR)
    return "accelerator";

  return "other";
}

gpointer
_recon_service_list_devices (GVariant  *arguments,
                             GError   **error)
{
  g_autoptr (GPtrArray) devices = recon_devices_list (error);
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  if (devices == NULL)
    {
      g_variant_builder_clear (&list);
      return NULL;
    }

  for (guint i = 0; i < devices->len; i++)
    {
      const ReconDeviceInfo *info = g_ptr_array_index (devices, i);
      g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

      _recon_service_insert_text (&dict, "name", info->name);
      _recon_service_insert_text (&dict, "platform", info->platform);
      g_variant_dict_insert (&dict, "type", "s", get_device_type (info->type));
      g_variant_dict_insert (&dict, "memory", "t", info->memory);
      if (info->refusal != NULL)
        _recon_service_insert_text (&dict, "refusal", info->refusal);
      g_variant_builder_add_value (&list, g_variant_dict_end (&dict));
    }

  return g_variant_ref_sink (g_variant_new ("(aa{sv})", &list));
}

/* Images of files. */

gpointer
_recon_service_read_image (GVariant  *arguments,
                           GError   **error)
{
  g_autoptr (ReconContents) contents = recon_contents_open (_recon_service_get_text (arguments), error);
  g_autoptr (ReconImage) image = NULL;
  ReconWorkerImage *result;
  guint index;

  if (contents == NULL)
    return NULL;
  /* Who asks knows how many there are only when an image has come. */
  g_variant_get_child (arguments, 1, "u", &index);
  index = MIN (index, recon_frames_get_n (contents->projections) - 1);
  image = recon_frames_read_image (contents->projections, index, error);
  if (image == NULL)
    return NULL;

  result = g_new (ReconWorkerImage, 1);
  *result = (ReconWorkerImage) {
    .view = RECON_VIEW_PROJECTION,
    .index = index,
    .n_images = recon_frames_get_n (contents->projections),
    .number = recon_frames_get_index (contents->projections)[index],
    .reduction = 1,
    .full_width = recon_image_get_width (image),
    .full_height = recon_image_get_height (image),
  };
  result->image = g_steal_pointer (&image);

  return result;
}

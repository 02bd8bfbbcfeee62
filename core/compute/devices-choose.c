/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compute/device.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"

/* Two drivers may offer the same hardware. Processors are the same one whatever the driver; of the other devices
 * those of one vendor are taken from one driver. */
static gboolean
is_offered_already (GPtrArray             *chosen,
                    const ReconDeviceInfo *info)
{
  for (guint i = 0; i < chosen->len; i++)
    {
      const ReconDeviceInfo *other = g_ptr_array_index (chosen, i);

      if (other->platform_id != info->platform_id && other->type == info->type &&
          (info->type == CL_DEVICE_TYPE_CPU || other->vendor_id == info->vendor_id))
        return TRUE;
    }

  return FALSE;
}

/* Adds the usable devices of any of the types in the mask. */
static void
add_type (GPtrArray      *chosen,
          GPtrArray      *devices,
          cl_device_type  mask)
{
  for (guint i = 0; i < devices->len; i++)
    {
      ReconDeviceInfo *info = g_ptr_array_index (devices, i);

      if (info->refusal == NULL && (info->type & mask) != 0 && !is_offered_already (chosen, info))
        g_ptr_array_add (chosen, info);
    }
}

static void
add_all (GPtrArray *chosen,
         GPtrArray *devices)
{
  for (guint i = 0; i < devices->len; i++)
    {
      ReconDeviceInfo *info = g_ptr_array_index (devices, i);

      if (info->refusal == NULL)
        g_ptr_array_add (chosen, info);
    }
}

/* A list of numbers, each that of a device. Returns: %FALSE if it is no such list */
static gboolean
add_numbers (GPtrArray  *chosen,
             GPtrArray  *devices,
             const char *choice)
{
  g_auto (GStrv) parts = g_strsplit (choice, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint64 number;

      if (!g_ascii_string_to_unsigned (g_strstrip (parts[i]), 10, 0, G_MAXUINT, &number, NULL) ||
          number >= devices->len)
        {
          g_ptr_array_set_size (chosen, 0);
          return FALSE;
        }
      if (!g_ptr_array_find (chosen, g_ptr_array_index (devices, number), NULL))
        g_ptr_array_add (chosen, g_ptr_array_index (devices, number));
    }

  return TRUE;
}

static gboolean
contains (const char *text,
          const char *part)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, part) != NULL;
}

/* A number that no device has: the model in a name ("3060") has three digits at least; fewer are a mistaken number,
 * though names are full of them. */
static gboolean
is_mistaken_number (const char *choice)
{
  return strspn (choice, "0123456789") == strlen (choice) && strlen (choice) < 3;
}

/* Adds the usable devices whose name or platform contains the text; if all of these are refused, the first. */
static void
add_named (GPtrArray  *chosen,
           GPtrArray  *devices,
           const char *choice)
{
  g_autofree char *valid = g_utf8_make_valid (choice, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);
  ReconDeviceInfo *refused = NULL;

  for (guint i = 0; i < devices->len; i++)
    {
      ReconDeviceInfo *info = g_ptr_array_index (devices, i);

      if (!contains (info->name, folded) && !contains (info->platform, folded))
        continue;
      if (info->refusal == NULL)
        g_ptr_array_add (chosen, info);
      else if (refused == NULL)
        refused = info;
    }

  if (chosen->len == 0 && refused != NULL)
    g_ptr_array_add (chosen, refused);
}

static char *
describe_devices (GPtrArray *devices)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < devices->len; i++)
    {
      const ReconDeviceInfo *info = g_ptr_array_index (devices, i);

      g_string_append_printf (text, "%s%u: %s (%s)", i > 0 ? "; " : "", i, info->name, info->platform);
      if (info->refusal != NULL)
        g_string_append_printf (text, _ (", refused: %s"), info->refusal);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gpointer
set_nothing_error (GPtrArray   *devices,
                   const char  *choice,
                   gboolean     is_general,
                   GError     **error)
{
  g_autofree char *all = describe_devices (devices);

  if (is_general)
    return recon_fail_null (error, RECON_ERROR_DEVICE,
                            _ ("No OpenCL device can be used. There are: %s. Install or update a driver, such as "
                               "pocl-opencl-icd for the processor."),
                            all);

  return recon_fail_null (error, RECON_ERROR_CONFIG,
                          _ ("No usable OpenCL device fits device = \"%s\". There are: %s. Give auto, all, gpu, cpu, "
                             "numbers such as 0,1, or part of a name."),
                          choice, all);
}

/**
 * recon_devices_choose:
 * @devices: (element-type ReconDeviceInfo): what recon_devices_list() returned
 * @choice: "auto" or "" (all usable GPUs and accelerators, else the usable CPUs), "all", "gpu", "cpu", numbers in the
 *   list counted from 0 and separated by commas, or a part of a device's or platform's name in either case (digits
 *   alone only if they are three or more)
 * @error: return location
 *
 * Finds the devices that the user means. Hardware that several drivers offer is taken once by "auto", "gpu" and
 * "cpu"; refused devices are left out unless they were named or numbered.
 *
 * Returns: (transfer container) (element-type ReconDeviceInfo): at least one device; the elements belong to
 *   @devices, which must outlive the result. %NULL with #RECON_ERROR_CONFIG if nothing fits @choice, or with
 *   #RECON_ERROR_DEVICE and the reason if a device that was named is refused or none at all can be used
 */
GPtrArray *
recon_devices_choose (GPtrArray   *devices,
                      const char  *choice,
                      GError     **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  g_autofree char *text = NULL;
  gboolean is_general;

  g_return_val_if_fail (devices != NULL, NULL);
  g_return_val_if_fail (choice != NULL, NULL);

  text = g_strstrip (g_strdup (choice));
  is_general = *text == '\0' || g_ascii_strcasecmp (text, "auto") == 0 || g_ascii_strcasecmp (text, "all") == 0;

  if (g_ascii_strcasecmp (text, "all") == 0)
    add_all (chosen, devices);
  else if (is_general)
    {
      add_type (chosen, devices, CL_DEVICE_TYPE_GPU | CL_DEVICE_TYPE_ACCELERATOR);
      if (chosen->len == 0)
        add_type (chosen, devices, CL_DEVICE_TYPE_ALL);
    }
  else if (g_ascii_strcasecmp (text, "gpu") == 0)
    add_type (chosen, devices, CL_DEVICE_TYPE_GPU);
  else if (g_ascii_strcasecmp (text, "cpu") == 0)
    add_type (chosen, devices, CL_DEVICE_TYPE_CPU);
  else if (!add_numbers (chosen, devices, text) && !is_mistaken_number (text))
    add_named (chosen, devices, text);

  if (chosen->len == 0)
    return set_nothing_error (devices, text, is_general, error);

  for (guint i = 0; i < chosen->len; i++)
    {
      const ReconDeviceInfo *info = g_ptr_array_index (chosen, i);

      if (info->refusal == NULL)
        continue;

      return recon_fail_null (error, RECON_ERROR_DEVICE,
                              _ ("The OpenCL device %s (%s), chosen by device = \"%s\", can't be used: %s. Choose "
                                 "another one with --device; `reconstruct devices` lists them."),
                              info->name, info->platform, text, info->refusal);
    }

  return g_steal_pointer (&chosen);
}

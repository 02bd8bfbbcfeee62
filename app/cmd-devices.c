/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "commands.h"

#include <glib/gi18n.h>

#include "compute/device.h"

static const char *
get_type_name (cl_device_type type)
{
  if (type & CL_DEVICE_TYPE_GPU)
    return _ ("GPU");
  if (type & CL_DEVICE_TYPE_CPU)
    return _ ("processor (CPU)");
  if (type & CL_DEVICE_TYPE_ACCELERATOR)
    return _ ("accelerator");

  return _ ("other");
}

static void
print_device (guint                  number,
              const ReconDeviceInfo *info)
{
  g_autofree char *memory = g_format_size_full (info->memory, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *allocation = g_format_size_full (info->max_allocation, G_FORMAT_SIZE_IEC_UNITS);

  g_print ("%u: %s\n", number, info->name);
  g_print (_ ("   platform: %s, driver %s\n"), info->platform, info->driver);
  g_print (_ ("   type: %s, %u compute units\n"), get_type_name (info->type), info->n_units);
  g_print (_ ("   memory: %s, largest buffer %s%s\n"), memory, allocation,
           info->shares_memory ? _ (", shared with the host") : "");
  if (info->refusal != NULL)
    g_print (_ ("   refused: %s\n"), info->refusal);
  else
    g_print (_ ("   usable\n"));
}

int
recon_cmd_devices (int    argc,
                   char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GPtrArray) usable = NULL;
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context,
                                _ ("Lists the OpenCL devices. Their numbers, or parts of their names, choose them "
                                   "with --device."));
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return recon_cmd_fail (g_steal_pointer (&error));
  if (argc > 1)
    return recon_cmd_fail (g_error_new (G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                                        _ ("devices takes no arguments, but was given \"%s\"."), argv[1]));

  devices = recon_devices_list (&error);
  if (devices == NULL)
    return recon_cmd_fail (g_steal_pointer (&error));

  for (guint i = 0; i < devices->len; i++)
    print_device (i, g_ptr_array_index (devices, i));

  usable = recon_devices_choose (devices, "all", &error);

  return usable != NULL ? 0 : recon_cmd_fail (g_steal_pointer (&error));
}

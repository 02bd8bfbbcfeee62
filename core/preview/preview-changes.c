/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "preview/preview-private.h"

/* Those that change something else than the others of their section or task. */
static const struct
{
  const char *name;
  guint       changes;
} others[] = {
  /* Which references are opened, and how they are read. */
  { "flat-field.correct", RECON_CHANGE_SCAN },
  { "flat-field.method", RECON_CHANGE_SCAN },
  { "flat-field.interpolate", RECON_CHANGE_SCAN },
  { "flat-field.absorptivity", RECON_CHANGE_GEOMETRY | RECON_CHANGE_CORRECTION },
  /* Without a filter a reduced slice is scaled otherwise. */
  { "reconstruction.filter", RECON_CHANGE_FILTER | RECON_CHANGE_BACKPROJECTION },
  { "reconstruction.angle-step", RECON_CHANGE_GEOMETRY | RECON_CHANGE_BACKPROJECTION | RECON_CHANGE_SEARCH },
  { "reconstruction.force", RECON_CHANGE_CORRECTION },
  { "compute.device", RECON_CHANGE_DEVICE },
  { "compute.variant", RECON_CHANGE_CORRECTION | RECON_CHANGE_FILTER | RECON_CHANGE_BACKPROJECTION },
};

static const struct
{
  const char *task;
  guint       changes;
} tasks[] = {
  { "flat-field", RECON_CHANGE_CORRECTION },
  { "filter", RECON_CHANGE_FILTER },
  { "backproject", RECON_CHANGE_BACKPROJECTION },
};

/* Names of files are only looked at when they change: that a file has changed on the disk is not noticed. */
static guint
find_changes (const ReconParameterSpec *spec)
{
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_equal (others[i].name, spec->name))
      return others[i].changes;
  for (gsize i = 0; i < G_N_ELEMENTS (tasks); i++)
    if (g_strcmp0 (tasks[i].task, spec->task) == 0)
      return tasks[i].changes;

  if (spec->flags & RECON_PARAMETER_GEOMETRY)
    return RECON_CHANGE_GEOMETRY | RECON_CHANGE_BACKPROJECTION;
  if (g_str_equal (spec->section, "output"))
    return RECON_CHANGE_NOTHING;
  if (g_str_equal (spec->section, "reconstruction"))
    return RECON_CHANGE_BACKPROJECTION;

  /* The scan's readers and their threads keep to the memory and the threads, and all else is made of the scan. */
  return RECON_CHANGE_SCAN;
}

/* Returns: what is another in @after than in @before, 0 if they are the same */
ReconPreviewChanges
_recon_preview_compare (ReconConfig *before,
                        ReconConfig *after)
{
  guint all = 0;

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autofree char *old_text = recon_config_format (before, i);
      g_autofree char *new_text = recon_config_format (after, i);

      if (g_strcmp0 (old_text, new_text) != 0)
        all |= find_changes (recon_parameter_get_spec (i));
    }

  return all;
}

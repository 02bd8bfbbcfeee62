/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-section.h"

#include "tasks/infos.h"

static const ReconParameterSpec rows[] = {
  { "method", RECON_PARAMETER_CHOICE, "none",
    .choices = RECON_WORDS ("none", "sorting"), .titles = RECON_WORDS ("No Removal", "By Sorting"),
    .title = "Method", .help = "How rings are removed" },
  { "window", RECON_PARAMETER_INTEGER, "21", .minimum = 1, .maximum = 999, .unit = "px", .step = 2,
    .aliases = RECON_WORDS ("rings.size", "ring-size"), .applies = "method = sorting",
    .title = "Window", .terms = "Kernel width", .help = "Columns of the median" },
  { "strength", RECON_PARAMETER_NUMBER, "auto", .words = RECON_WORDS ("auto"), .maximum = 1, .step = 0.1,
    .applies = "method != none, mask or smooth = yes",
    .title = "Strength", .help = "How much of a ring is removed" },
  { "smooth", RECON_PARAMETER_BOOLEAN, "no", .flags = RECON_PARAMETER_SHORT,
    .title = "Smooth Rings", .help = "Whether rings are smoothed" },
  { "safe", RECON_PARAMETER_BOOLEAN, "auto", .words = RECON_WORDS ("auto"),
    .title = "Play Safe", .help = "Whether to leave doubtful rings" },
  { "mask", RECON_PARAMETER_PATH, "", .files = RECON_FILES_OPEN, .flags = RECON_PARAMETER_ADVANCED,
    .title = "Mask", .placeholder = "No mask", .help = "Image of what is no ring" },
  { "note", RECON_PARAMETER_TEXT, "", .flags = RECON_PARAMETER_ADVANCED,
    .title = "Note on Rings", .help = "Text that says why" },
  { "buffer", RECON_PARAMETER_SIZE, "16M", .minimum = 1024, .maximum = 1e12, .flags = RECON_PARAMETER_ADVANCED,
    .title = "Buffer", .help = "Memory for sorting" },
  { "region", RECON_PARAMETER_BOX, "all", .words = RECON_WORDS ("all"), .maximum = G_MAXINT32, .unit = "px",
    .flags = RECON_PARAMETER_ADVANCED, .title = "Region of Rings", .help = "Where rings are looked for" },
  { "sort-threads", RECON_PARAMETER_INTEGER, "1", .section = "compute", .minimum = 1, .maximum = 8, .step = 1,
    .flags = RECON_PARAMETER_ADVANCED, .title = "Sorting Threads", .help = "Threads that sort" },
};

static const ReconParameterSection section = {
  .name = "rings",
  .title = "Ring Removal",
  .task = "remove-rings",
  .rows = rows,
  .n_rows = G_N_ELEMENTS (rows),
};

void
test_section_register (void)
{
  test_section_register_with (&section);
}

/**
 * test_section_register_with:
 * @other: a section of a task of its own
 *
 * Registers it between those of the tasks that there are.
 */
void
test_section_register_with (const ReconParameterSection *other)
{
  const ReconParameterSection *const sections[] = {
    recon_flat_field_info.section, other, recon_filter_info.section, recon_backproject_info.section, NULL,
  };

  recon_parameters_register (sections);
}

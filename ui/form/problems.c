/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/problems.h"

#include <string.h>

#include "base/error.h"

/* Those whose files messages speak of by their path. The input itself is last: messages about other files name it as
 * what they should be like. */
static const ReconParameter paths[] = {
  RECON_PARAM_FLATS_AFTER, RECON_PARAM_FLATS,       RECON_PARAM_DARKS,     RECON_PARAM_ANGLES,
  RECON_PARAM_OUTPUT_PATH, RECON_PARAM_PROJECTIONS, RECON_PARAM_SINOGRAMS,
};

static gboolean
is_part_of_name (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_';
}

/* Where a name stands by itself in a text, such as "input.flats" but not in "input.flats-after". */
static const char *
find_name (const char *text,
           const char *name)
{
  gsize length = strlen (name);

  for (const char *found = strstr (text, name); found != NULL; found = strstr (found + 1, name))
    if (!is_part_of_name (found[length]) && (found == text || !is_part_of_name (found[-1])))
      return found;

  return NULL;
}

/* The option that messages name where they say how to give a parameter. */
static char *
get_option (ReconParameter parameter)
{
  const ReconParameterSpec *spec = recon_parameter_get_spec (parameter);

  if (parameter == RECON_PARAM_OUTPUT_PATH)
    return g_strdup ("--output");

  return g_strconcat ("--", spec->option, NULL);
}

static gboolean
find_by_name (const char     *message,
              ReconParameter *parameter)
{
  const char *first = NULL;

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      g_autofree char *option = get_option (i);
      const char *names[] = { recon_parameter_get_spec (i)->name, option };

      for (gsize n = 0; n < G_N_ELEMENTS (names); n++)
        {
          const char *found = find_name (message, names[n]);

          if (found != NULL && (first == NULL || found < first))
            {
              first = found;
              *parameter = i;
            }
        }
    }

  return first != NULL;
}

/* Whether a text speaks of a path, or of what is in it. */
static gboolean
has_path (const char *text,
          const char *path)
{
  gsize length = strlen (path);

  for (const char *found = length > 0 ? strstr (text, path) : NULL; found != NULL; found = strstr (found + 1, path))
    if (!is_part_of_name (found[length]) && (found == text || (!is_part_of_name (found[-1]) && found[-1] != '/')))
      return TRUE;

  return FALSE;
}

static gboolean
find_by_path (ReconConfig    *config,
              const char     *message,
              ReconParameter *parameter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (has_path (message, recon_config_get_text (config, paths[i])))
      {
        *parameter = paths[i];
        return TRUE;
      }

  return FALSE;
}

static ReconParameter
get_input (ReconConfig *config)
{
  return *recon_config_get_text (config, RECON_PARAM_SINOGRAMS) != '\0' &&
                 *recon_config_get_text (config, RECON_PARAM_PROJECTIONS) == '\0'
             ? RECON_PARAM_SINOGRAMS
             : RECON_PARAM_PROJECTIONS;
}

/**
 * recon_problems_find_text:
 * @config: the configuration that is spoken of
 * @message: an error or a warning
 * @parameter: (out): the parameter that it is about
 *
 * Returns: whether the message names one, or the path of one
 */
gboolean
recon_problems_find_text (ReconConfig    *config,
                          const char     *message,
                          ReconParameter *parameter)
{
  return find_by_name (message, parameter) || find_by_path (config, message, parameter);
}

/**
 * recon_problems_find:
 * @config: the configuration that failed
 * @error: why
 * @parameter: (out): the parameter that can mend it
 *
 * Returns: whether it is about the configuration at all, and not about what was to look at it
 */
gboolean
recon_problems_find (ReconConfig    *config,
                     const GError   *error,
                     ReconParameter *parameter)
{
  if (recon_problems_find_text (config, error->message, parameter))
    return TRUE;

  if (error->domain != RECON_ERROR)
    return FALSE;

  switch (error->code)
    {
    case RECON_ERROR_DEVICE:
      *parameter = RECON_PARAM_DEVICE;
      return TRUE;
    case RECON_ERROR_MEMORY:
      *parameter = RECON_PARAM_MEMORY_LIMIT;
      return TRUE;
    case RECON_ERROR_EXISTS:
    case RECON_ERROR_WRITE:
    case RECON_ERROR_RESUME:
      *parameter = RECON_PARAM_OUTPUT_PATH;
      return TRUE;
    default:
      *parameter = get_input (config);
      return TRUE;
    }
}

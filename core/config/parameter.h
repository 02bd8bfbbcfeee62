/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every parameter of the program is one record of parameters.def. The record makes the keyfile's
 * key, the command line's option, the property of #ReconConfig, the JSON member and their
 * documentation. A new parameter is a new record there. */

typedef enum
{
  RECON_PARAMETER_BOOLEAN,
  RECON_PARAMETER_INTEGER,
  RECON_PARAMETER_NUMBER,
  RECON_PARAMETER_CHOICE, /* one of the words in `choices`; its value is the word's index */
  RECON_PARAMETER_TEXT,
  RECON_PARAMETER_PATH,
  RECON_PARAMETER_SIZE, /* bytes, written with a suffix K, M, G, T (powers of 1024) */
  RECON_PARAMETER_BOX,  /* x0,y0,width,height: whole numbers, width and height at least 1 */
} ReconParameterType;

typedef enum
{
  RECON_PARAMETER_NONE = 0,
  /* Decides how the work is done, not what comes out: a job may resume with another value. */
  RECON_PARAMETER_NO_RESULT = 1 << 0,
  /* Is true of one scan: another scan has its own. */
  RECON_PARAMETER_OF_SCAN = 1 << 1,
} ReconParameterFlags;

typedef enum
{
#define RECON_GROUP(ID, name, title) RECON_GROUP_##ID,
#define RECON_PARAMETER(ID, GROUP, key, type, initial, words, minimum, maximum, unit, choices, flags, help)
#include "config/parameters.def"
#undef RECON_GROUP
#undef RECON_PARAMETER
  RECON_N_GROUPS
} ReconGroup;

typedef enum
{
#define RECON_GROUP(ID, name, title)
#define RECON_PARAMETER(ID, GROUP, key, type, initial, words, minimum, maximum, unit, choices, flags, help) \
  RECON_PARAM_##ID,
#include "config/parameters.def"
#undef RECON_GROUP
#undef RECON_PARAMETER
  RECON_N_PARAMETERS
} ReconParameter;

typedef struct
{
  ReconGroup           group;
  const char          *group_name; /* "flat-field" */
  const char          *key;        /* "dark-scale" */
  const char          *name;       /* "flat-field.dark-scale", interned; %NULL where no configuration has it */
  const char          *property;   /* "flat-field-dark-scale", interned */
  ReconParameterType   type;
  const char          *initial;   /* the default, as it is written in a file; "" for no text */
  const char *const   *words;     /* (nullable): %NULL-terminated: those that leave the value to the program */
  const char          *automatic; /* (nullable): the first of them */
  double               minimum;
  double               maximum;
  const char          *unit; /* "px", "rad", "µm", "1" for a pure number, "-" where there is none */
  const char *const   *choices; /* (nullable): %NULL-terminated */
  ReconParameterFlags  flags;
  const char          *help; /* one line without a full stop */
} ReconParameterSpec;

const char               **recon_parameter_spec_get_words      (const ReconParameterSpec *spec);
char                      *recon_parameter_spec_describe_range (const ReconParameterSpec *spec);
char                      *recon_parameter_spec_describe       (const ReconParameterSpec *spec);

const ReconParameterSpec  *recon_parameter_get_spec            (ReconParameter            parameter);
const char                *recon_group_get_name                (ReconGroup                group);
const char                *recon_group_get_title               (ReconGroup                group);
gboolean                   recon_parameter_find                (const char               *group,
                                                                const char               *key,
                                                                ReconParameter           *parameter);
gboolean                   recon_parameter_find_name           (const char               *name,
                                                                ReconParameter           *parameter);
gboolean                   recon_parameter_is_unique           (ReconParameter            parameter);
const char                *recon_parameter_nearest             (const char               *group,
                                                                const char               *key);
const char               **recon_parameter_get_words           (ReconParameter            parameter);
char                      *recon_parameter_describe_range      (ReconParameter            parameter);
char                      *recon_parameter_describe            (ReconParameter            parameter);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "config/configuration.h"

G_BEGIN_DECLS

/* A parameter is declared once, as a row of a table: in parameters.def if it belongs to no single task, else in the
 * file of its task. The row makes the keyfile's key, the command line's option, the property of #ReconConfig, the JSON
 * member, the row of the form, and their documentation. */

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
  /* Changes what is known about the data (angles, axis, sizes), not the data. */
  RECON_PARAMETER_GEOMETRY = 1 << 2,
  /* Its key alone is an option as well: --axis. No other parameter may ever have that word. */
  RECON_PARAMETER_SHORT = 1 << 3,
  /* Forms fold it away at first. */
  RECON_PARAMETER_ADVANCED = 1 << 4,
  /* Users see it after the rows that tasks add to its section. */
  RECON_PARAMETER_LAST = 1 << 5,
} ReconParameterFlags;

/* What the dialog of a path offers. */
typedef enum
{
  RECON_FILES_FOLDER = 1 << 0, /* a folder may be chosen */
  RECON_FILES_OPEN   = 1 << 1, /* a file may be chosen */
  RECON_FILES_SAVE   = 1 << 2, /* a file that need not be there */
} ReconParameterFiles;

#define RECON_WORDS(...) ((const char *const[]) { __VA_ARGS__, NULL })

typedef struct _ReconCondition ReconCondition;

/* Texts in N_() are translated where they are shown. */
typedef struct
{
  const char          *key; /* "dark-scale" */
  ReconParameterType   type;
  const char          *initial;   /* the default, as it is written in a file; "" for no text */
  const char          *section;   /* (nullable): where the row stands if not with the others of its table */
  const char *const   *words;     /* (nullable): %NULL-terminated: those that leave the value to the program */
  const char          *automatic; /* (nullable): the text that forms call automatic; %NULL: the first of words */
  double               minimum;
  double               maximum;
  const char          *unit;    /* (nullable): "px", "rad", "µm" */
  const char *const   *choices; /* (nullable): %NULL-terminated */
  ReconParameterFlags  flags;
  const char          *help;    /* one line without a full stop */
  const char *const   *aliases; /* (nullable): %NULL-terminated: other names: "input.angle-step", or of an option */
  const char          *applies; /* (nullable): when it has an effect, see recon_parameter_applies() */

  /* For forms. */
  const char          *title;
  const char *const   *titles;      /* (nullable): %NULL-terminated: of the choices, then of the words */
  const char          *placeholder; /* (nullable): what an empty entry says */
  const char          *terms;       /* (nullable): other words to find it by */
  const char          *after;       /* (nullable): the parameter below which it stands, if not the one before it */
  double               step;        /* of a number's buttons, in its unit */
  ReconParameterFiles  files;

  /* Known once the row is registered. */
  const char           *task;       /* (nullable): the task that it belongs to */
  const char           *name;       /* "flat-field.dark-scale" */
  const char           *property;   /* "flat-field-dark-scale" */
  const char           *option;     /* the shortest name on the command line */
  const ReconCondition *conditions; /* (nullable): what `applies` says */
} ReconParameterSpec;

/* Rows that belong together: a section of the keyfile, or what a task adds to one. */
typedef struct
{
  const char               *name;   /* "flat-field" */
  const char               *title;  /* (nullable): for users; %NULL adds the rows to a section that another one makes */
  const char               *more;   /* (nullable): title of what a form folds away */
  const char               *within; /* (nullable): the section in whose group of a form it is shown */
  const char               *task;   /* (nullable): whose parameters they are */
  const ReconParameterSpec *rows;
  guint                     n_rows;
} ReconParameterSection;

/* Parameters of parameters.def have names at compile time, RECON_PARAM_PROJECTIONS; those of tasks are looked up by
 * recon_parameter(). */
enum
{
#define RECON_SECTION(...)
#define RECON_PARAMETER(SECTION, ID, ...) RECON_PARAM_##ID,
#include "config/parameters.def"
#undef RECON_SECTION
#undef RECON_PARAMETER
  RECON_N_FIXED_PARAMETERS
};

void                          recon_parameters_register           (const ReconParameterSection *const *sections);

ReconParameter                recon_parameter                     (const char                *name);
guint                         recon_parameter_count               (void);
ReconParameter                recon_parameter_nth                 (guint                      n);
const ReconParameterSpec     *recon_parameter_get_spec            (ReconParameter             parameter);
gboolean                      recon_parameter_find                (const char                *section,
                                                                   const char                *key,
                                                                   ReconParameter            *parameter);
gboolean                      recon_parameter_find_option         (const char                *name,
                                                                   ReconParameter            *parameter);
const char                   *recon_parameter_nearest             (const char                *section,
                                                                   const char                *key);
guint                         recon_section_count                 (void);
const ReconParameterSection  *recon_section_get                   (guint                      n);
const ReconParameterSection  *recon_section_find                  (const char                *name);
const char                  **recon_section_get_names             (void);

const char                  **recon_parameter_spec_get_words      (const ReconParameterSpec  *spec);
char                         *recon_parameter_spec_describe_range (const ReconParameterSpec  *spec);
char                         *recon_parameter_spec_describe       (const ReconParameterSpec  *spec);
const char                  **recon_parameter_get_words           (ReconParameter             parameter);

const char                   *recon_parameter_get_title           (ReconParameter             parameter);
const char                   *recon_parameter_get_word_title      (ReconParameter             parameter,
                                                                   const char                *word);
gboolean                      recon_parameter_means_automatic     (ReconParameter             parameter,
                                                                   const char                *text);

G_END_DECLS

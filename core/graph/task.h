/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/log.h"
#include "config/config.h"
#include "config/value.h"
#include "graph/array.h"
#include "graph/outlet.h"
#include "graph/task-type.h"

G_BEGIN_DECLS

/* Everything that anybody has to know of a task is declared in its own file, by a #ReconTaskInfo. */

typedef enum
{
  RECON_PORT_NONE = 0,
  RECON_PORT_OPTIONAL = 1 << 0,    /* may stay unconnected */
  RECON_PORT_GROUPS = 1 << 1,      /* an input whose rows lie in whole groups of lanes, see #ReconLayout */
  RECON_PORT_INTERLEAVED = 1 << 2, /* groups in which the row's index runs fastest */
} ReconPortFlags;

#define RECON_AXIS(n) (1u << (n))

typedef struct
{
  const char     *name;  /* "flat" */
  ReconPortFlags  flags;
  const char     *help;  /* what comes here: one line without a full stop */
  guint           whole; /* of an output: the axes (#RECON_AXIS) along which it is made in one go */
} ReconPort;

typedef enum
{
  RECON_TASK_NONE = 0,
  RECON_TASK_ON_HOST = 1 << 0,       /* works on the host's memory, and needs no device */
  RECON_TASK_REDUCES = 1 << 1,       /* gets its input region by region, and gives its output at the end */
  RECON_TASK_USES_GEOMETRY = 1 << 2, /* its numbers depend on the geometry of its inputs */
  RECON_TASK_IN_PLACE = 1 << 3,      /* the first output takes the place of the first input, of the same size */
  RECON_TASK_HIDDEN = 1 << 4,        /* part of the program's own graphs only */
} ReconTaskFlags;

/* Where a task stands in the standard pipeline: behind the flat field, in the order of the list of tasks. */
typedef enum
{
  RECON_PLACE_NONE,      /* nowhere by itself */
  RECON_PLACE_SINOGRAMS, /* between flat field and reconstruction */
} ReconTaskPlace;

typedef struct
{
  const char                *name;    /* "flat-field" */
  const char                *title;   /* "Flat-field correction" */
  const char                *summary; /* one line without a full stop */
  const char                *source;  /* (nullable): paper and equation */
  ReconTaskFlags             flags;
  const ReconPort           *inputs;  /* until one without name; the first one is the main one */
  const ReconPort           *outputs;
  const ReconParameterSection *section; /* (nullable): its parameters, which are the configuration's too */
  const ReconParameterSpec  *rows;    /* (nullable): its parameters, if they are its own only */
  guint                      n_rows;
  const char *const         *aliases; /* (nullable): %NULL-terminated: other names of parameters, "filename=path" */
  ReconTaskPlace             place;   /* in the standard pipeline */
  const char                *enabled; /* (nullable): the key of the choice that puts it there, unless that is "none" */
  guint                      version; /* grows when the same input gives other numbers */
} ReconTaskInfo;

/* What a task takes on a device, besides its inputs and outputs. */
typedef struct
{
  gsize device_bytes; /* for tables and scratch, whatever the size of the region */
  gsize host_bytes;   /* likewise */
} ReconTaskNeed;

struct _ReconTaskClass
{
  GObjectClass               parent_class;

  const ReconTaskInfo       *info;
  const ReconParameterSpec **rows;   /* of the parameters; see recon_task_class_set_info() */
  guint                      n_rows;

  /* (nullable): frees what the task has made. */
  void     (*clear)   (ReconTask              *self);
  /* What comes out of what goes in (%NULL where nothing is connected); an error says what to change. */
  gboolean (*shape)   (ReconTask              *self,
                       const ReconArrayInfo  **inputs,
                       ReconArrayInfo         *outputs,
                       ReconLog               *log,
                       GError                **error);
  /* The part of an input that a part of an output is made of; the same one, if the class says nothing. */
  void     (*demand)  (ReconTask              *self,
                       guint                   output,
                       const ReconRegion      *wanted,
                       guint                   input,
                       ReconRegion            *needed);
  /* Once the shapes are known; nothing if the class says nothing. */
  gboolean (*need)    (ReconTask              *self,
                       const ReconDeviceInfo  *device,
                       guint                   lanes,
                       ReconTaskNeed          *need,
                       GError                **error);
  /* Tables and programs, anew. */
  gboolean (*prepare) (ReconTask              *self,
                       ReconDevice            *device,
                       guint                   lanes,
                       GError                **error);
  /* One region. Ports that are not connected, or not wanted, are %NULL. */
  gboolean (*process) (ReconTask              *self,
                       ReconArray            **inputs,
                       ReconArray            **outputs,
                       GCancellable           *cancellable,
                       GError                **error);
  /* Of those that reduce: what has come of all regions. */
  gboolean (*finish)  (ReconTask              *self,
                       ReconArray            **outputs,
                       GCancellable           *cancellable,
                       GError                **error);
  /* (nullable): which parameters its numbers depend on, see recon_task_describe(); all of them, if the class says
   * nothing, but those of the geometry. */
  gboolean (*matters) (ReconTask                *self,
                       const ReconParameterSpec *row);
  /* (nullable): takes over what is no parameter from a task of the same class. */
  void     (*copy)    (ReconTask              *self,
                       ReconTask              *source);
  /* (nullable): what was odd about all that was processed. */
  gboolean (*report)  (ReconTask              *self,
                       ReconLog               *log,
                       GError                **error);
};

/* Defines the type of a task, by a structure that begins with that of @PARENT and the declaration type_name_info;
 * @functions sets those of the class, `klass`. */
#define RECON_DEFINE_TASK(TypeName, type_name, PARENT, functions)                                                     \
  G_DEFINE_FINAL_TYPE (TypeName, type_name, PARENT)                                                                   \
                                                                                                                      \
  static void                                                                                                         \
  type_name##_init (TypeName *self)                                                                                   \
  {                                                                                                                   \
  }                                                                                                                   \
                                                                                                                      \
  static void                                                                                                         \
  type_name##_class_init (TypeName##Class *own_class)                                                                 \
  {                                                                                                                   \
    ReconTaskClass *klass = RECON_TASK_CLASS (own_class);                                                             \
                                                                                                                      \
    functions                                                                                                         \
    recon_task_class_set_info (klass, &type_name##_info);                                                             \
  }

void                  recon_task_class_set_info   (ReconTaskClass         *klass,
                                                   const ReconTaskInfo    *info);

void                  recon_task_class_set_parameters (ReconTaskClass     *klass,
                                                       const char *const  *names);

const ReconTaskInfo  *recon_task_get_info         (ReconTask              *self);
guint                 recon_task_get_n_inputs     (ReconTask              *self);
guint                 recon_task_get_n_outputs    (ReconTask              *self);
int                   recon_task_find_port        (const ReconPort        *ports,
                                                   const char             *name);

/* Parameters, by their place among the task's rows. */
guint                 recon_task_get_n_rows       (ReconTask              *self);
const ReconParameterSpec *recon_task_get_row      (ReconTask              *self,
                                                   guint                   row);
int                   recon_task_find_row         (ReconTask              *self,
                                                   const char             *key);
const ReconValue     *recon_task_get_value        (ReconTask              *self,
                                                   guint                   row);
gboolean              recon_task_set_from_config  (ReconTask              *self,
                                                   ReconConfig            *config,
                                                   GError                **error);

/* For plans and executors. */
ReconTask            *recon_task_copy             (ReconTask              *self);
gboolean              recon_task_shape            (ReconTask              *self,
                                                   const ReconArrayInfo  **inputs,
                                                   ReconLog               *log,
                                                   GError                **error);
const ReconArrayInfo *recon_task_get_input        (ReconTask              *self,
                                                   guint                   input);
const ReconArrayInfo *recon_task_get_output       (ReconTask              *self,
                                                   guint                   output);
gboolean              recon_task_check_input      (ReconTask              *self,
                                                   guint                   input,
                                                   ReconArrayType             type,
                                                   GError                **error,
                                                   ...) G_GNUC_NULL_TERMINATED;
void                  recon_task_round            (ReconTask              *self,
                                                   guint                   output,
                                                   ReconRegion            *region);
void                  recon_task_demand           (ReconTask              *self,
                                                   guint                   output,
                                                   const ReconRegion      *wanted,
                                                   guint                   input,
                                                   ReconRegion            *needed);
gboolean              recon_task_need             (ReconTask              *self,
                                                   const ReconDeviceInfo  *device,
                                                   guint                   lanes,
                                                   ReconTaskNeed          *need,
                                                   GError                **error);
gboolean              recon_task_prepare          (ReconTask              *self,
                                                   ReconDevice            *device,
                                                   guint                   lanes,
                                                   GError                **error);
gboolean              recon_task_has_flag         (ReconTask              *self,
                                                   ReconTaskFlags          flag);
ReconDevice          *recon_task_get_device       (ReconTask              *self);
guint                 recon_task_get_lanes        (ReconTask              *self);
gboolean              recon_task_process          (ReconTask              *self,
                                                   ReconArray            **inputs,
                                                   ReconArray            **outputs,
                                                   GCancellable           *cancellable,
                                                   GError                **error);
gboolean              recon_task_finish           (ReconTask              *self,
                                                   ReconArray            **outputs,
                                                   GCancellable           *cancellable,
                                                   GError                **error);
gboolean              recon_task_report           (ReconTask              *self,
                                                   ReconLog               *log,
                                                   GError                **error);
char                 *recon_task_describe         (ReconTask              *self);

G_END_DECLS

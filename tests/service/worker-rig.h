/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/client.h"

G_BEGIN_DECLS

/* How a worker is spoken to. */
typedef enum
{
  RIG_SOCKET,
  RIG_PIPES, /* as through ssh: no file descriptors pass */
  RIG_N_WAYS
} RigWay;

/* Waits, in the main context, for an expression to become true. There is no limit: a test that hangs is ended from
 * outside, and says where it was. */
#define rig_wait(expression)                \
  G_STMT_START                              \
  {                                         \
    while (!(expression))                   \
      g_main_context_iteration (NULL, TRUE); \
  }                                         \
  G_STMT_END

const char        *rig_way_name       (RigWay               way);
char             **rig_argv           (RigWay               way);

/* A client whose worker is ready. */
ReconClient       *rig_client_new     (RigWay               way);
void               rig_client_free    (ReconClient         *client);

ReconConfig       *rig_config_new     (const char          *path,
                                       ...) G_GNUC_NULL_TERMINATED;
char              *rig_config_read    (const char          *path);

void               rig_wait_for       (ReconClientJob      *job,
                                       const char          *state);

/* Calls of the client, waited for. */
GVariant          *rig_inspect        (ReconClient         *client,
                                       const char          *path,
                                       GError             **error);
GVariant          *rig_find_scan      (ReconClient         *client,
                                       const char          *path,
                                       GError             **error);
GVariant          *rig_resolve        (ReconClient         *client,
                                       ReconConfig         *config,
                                       GError             **error);
GVariant          *rig_list_devices   (ReconClient         *client,
                                       GError             **error);
ReconWorkerImage  *rig_read_image     (ReconClient         *client,
                                       const char          *path,
                                       guint                index,
                                       GError             **error);
ReconWorkerImage  *rig_get_image      (ReconClientJob      *job,
                                       guint                index,
                                       GError             **error);

/* A worker without our client: plain D-Bus. Calls are waited for. */
typedef struct
{
  GSubprocess     *process;
  GDBusConnection *connection;
} RigRaw;

RigRaw            *rig_raw_new        (RigWay               way);
void               rig_raw_free       (RigRaw              *raw);
GVariant          *rig_raw_call       (RigRaw              *raw,
                                       const char          *method,
                                       GVariant            *parameters,
                                       GError             **error);

/* Descriptors that this process, or the one of that number, has open. */
guint              rig_count_fds      (GPid                 pid);

G_END_DECLS

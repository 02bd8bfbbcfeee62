/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/client.h"

G_BEGIN_DECLS

/* A client whose answers a test gives, instead of one with a worker. Questions wait until they are answered. */

ReconClient *fake_client_new          (void);
void         fake_client_set_state    (ReconClient      *self,
                                       ReconClientState  state);
guint        fake_client_count        (ReconClient      *self);
const char  *fake_client_get_question (ReconClient      *self,
                                       guint             index);
gboolean     fake_client_is_cancelled (ReconClient      *self,
                                       guint             index);
void         fake_client_answer       (ReconClient      *self,
                                       const char       *question,
                                       const char       *answer);
void         fake_client_fail         (ReconClient      *self,
                                       const char       *question,
                                       GQuark            domain,
                                       int               code,
                                       const char       *message);

G_END_DECLS

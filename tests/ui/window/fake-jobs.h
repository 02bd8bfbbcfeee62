/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/client.h"

G_BEGIN_DECLS

/* A client whose images a test sends, instead of one with a worker. */

ReconClient               *fake_client_new            (void);
void                       fake_client_set_state      (ReconClient      *self,
                                                       ReconClientState  state);
ReconClientJob            *fake_client_get_preview    (ReconClient      *self);
guint                      fake_client_get_n_readings (ReconClient      *self);
void                       fake_client_end_reading    (ReconClient      *self,
                                                       const char       *message);

ReconClientJob            *fake_job_new               (void);
guint                      fake_job_get_n_requests    (ReconClientJob   *self);
const ReconPreviewRequest *fake_job_get_request       (ReconClientJob   *self);
gboolean                   fake_job_is_cancelled      (ReconClientJob   *self);
void                       fake_job_send              (ReconClientJob   *self,
                                                       ReconView         view,
                                                       guint             index);
void                       fake_job_rest              (ReconClientJob   *self,
                                                       const char       *message);
void                       fake_job_end               (ReconClientJob   *self);
guint                      fake_job_get_n_readings    (ReconClientJob   *self);
void                       fake_job_end_reading       (ReconClientJob   *self);

G_END_DECLS

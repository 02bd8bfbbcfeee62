/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-client.h"
#include "form/form.h"

G_BEGIN_DECLS

/* A form in a window, with a worker that says what the test wants. */
typedef struct
{
  ReconDocument *document;
  ReconClient   *client;
  GtkWidget     *window;
  ReconForm     *form;
} FormRig;

FormRig form_rig_set_up             (void);
void    form_rig_tear_down          (FormRig        *rig);
void    form_rig_settle             (void);
void    form_rig_wait_for_questions (FormRig        *rig,
                                     guint           n);
void    form_rig_set                (FormRig        *rig,
                                     ReconParameter  parameter,
                                     const char     *text);
void    form_rig_assert_text        (FormRig        *rig,
                                     ReconParameter  parameter,
                                     const char     *expected);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FormRig, form_rig_tear_down)

G_END_DECLS

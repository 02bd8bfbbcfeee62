/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A first-in-first-out queue between threads that can come to an end. */
typedef struct _ReconQueue ReconQueue;

ReconQueue *recon_queue_new   (void);
void        recon_queue_free  (ReconQueue *self);

void        recon_queue_push  (ReconQueue *self,
                               gpointer    item);
gpointer    recon_queue_pop   (ReconQueue *self);
void        recon_queue_close (ReconQueue *self);
void        recon_queue_abort (ReconQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconQueue, recon_queue_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Threads that share the items of a piece of work. They are made when they are first needed, wait between two pieces
 * of work, and end with the team. The thread that calls works along: a team of one has no thread of its own. */
typedef struct _ReconTeam ReconTeam;

/* Works on one item; called by several threads at once, each with another @member. Sets no error when it gives up only
 * because an earlier item failed. */
typedef gboolean (*ReconTeamFunc) (guint      item,
                                   guint      member,
                                   gpointer   user_data,
                                   GError   **error);

ReconTeam *recon_team_new           (guint           n_members);
void       recon_team_free          (ReconTeam      *self);

guint      recon_team_get_n_members (ReconTeam      *self);
gboolean   recon_team_run           (ReconTeam      *self,
                                     guint           n_members,
                                     guint           n_items,
                                     ReconTeamFunc   func,
                                     gpointer        user_data,
                                     GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReconTeam, recon_team_free)

G_END_DECLS

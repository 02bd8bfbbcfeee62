/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#define CL_TARGET_OPENCL_VERSION 120
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS

#include <CL/cl.h>
#include <glib.h>

G_BEGIN_DECLS

/* Handles that release themselves at the end of a scope: g_auto (ReconClMem) buffer = NULL; */
typedef cl_mem     ReconClMem;
typedef cl_kernel  ReconClKernel;
typedef cl_program ReconClProgram;

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ReconClMem, clReleaseMemObject, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ReconClKernel, clReleaseKernel, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ReconClProgram, clReleaseProgram, NULL)

/* A kernel's argument: RECON_CL_ARGUMENT (variable). */
typedef struct
{
  gsize         size;
  gconstpointer value;
} ReconClArgument;

#define RECON_CL_ARGUMENT(variable) { sizeof (variable), &(variable) }

const char *recon_cl_error_name    (cl_int                  code);
gboolean    recon_cl_check         (cl_int                  code,
                                    const char             *what,
                                    GError                **error);
gboolean    recon_cl_set_arguments (cl_kernel               kernel,
                                    guint                   first,
                                    guint                   n,
                                    const ReconClArgument  *arguments,
                                    GError                **error);

G_END_DECLS

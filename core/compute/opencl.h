/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#define CL_TARGET_OPENCL_VERSION 120
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS

#include <CL/cl.h>
#include <glib.h>

G_BEGIN_DECLS

/* Handles that release themselves at the end of a scope: g_auto (ClMem) buffer = NULL; */
typedef cl_mem     ReconClMem;
typedef cl_kernel  ReconClKernel;
typedef cl_program ReconClProgram;

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ReconClMem, clReleaseMemObject, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ReconClKernel, clReleaseKernel, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (ReconClProgram, clReleaseProgram, NULL)

const char *recon_cl_error_name (cl_int       code);
gboolean    recon_cl_check      (cl_int       code,
                                 const char  *what,
                                 GError     **error);

G_END_DECLS

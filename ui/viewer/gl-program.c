/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/gl-program.h"

#include <epoxy/gl.h>
#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"

#define SHADERS "/org/reconstruct/Reconstruct/viewer/shaders/"

/* The shaders are written in what both languages have in common. */
static const char desktop_header[] = "#version 330 core\n";
static const char es_header[] =
  "#version 300 es\n"
  "precision highp float;\n"
  "precision highp int;\n"
  "precision highp sampler2D;\n"
  "precision highp sampler2DArray;\n";

static void
set_error (GError     **error,
           const char  *what,
           const char  *text)
{
  g_set_error (error, RECON_ERROR, RECON_ERROR_DEVICE,
               _ ("The graphics driver does not take the program that draws images (%s): %s. Update the driver."),
               what, text);
}

static guint
compile (GLenum       type,
         const char  *name,
         gboolean     use_es,
         GError     **error)
{
  g_autofree char *path = g_strconcat (SHADERS, name, NULL);
  g_autoptr (GBytes) body = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  const char *sources[2] = { use_es ? es_header : desktop_header };
  char text[1024] = "";
  GLint lengths[2] = { -1 };
  GLint compiled = 0;
  guint shader;

  if (body == NULL)
    return 0;

  sources[1] = g_bytes_get_data (body, NULL);
  lengths[1] = (GLint) g_bytes_get_size (body);
  shader = glCreateShader (type);
  glShaderSource (shader, 2, sources, lengths);
  glCompileShader (shader);
  glGetShaderiv (shader, GL_COMPILE_STATUS, &compiled);
  if (compiled)
    return shader;

  glGetShaderInfoLog (shader, sizeof text, NULL, text);
  set_error (error, name, g_strstrip (text));
  glDeleteShader (shader);

  return 0;
}

/**
 * recon_gl_program_build:
 * @use_es: whether the context is one of OpenGL ES
 * @error: return location
 *
 * Returns: a program, or 0 with #RECON_ERROR_DEVICE
 */
guint
recon_gl_program_build (gboolean   use_es,
                        GError   **error)
{
  guint vertex = compile (GL_VERTEX_SHADER, "picture.vert", use_es, error);
  guint fragment = vertex != 0 ? compile (GL_FRAGMENT_SHADER, "picture.frag", use_es, error) : 0;
  guint program = 0;
  char text[1024] = "";
  GLint linked = 0;

  if (fragment != 0)
    {
      program = glCreateProgram ();
      glAttachShader (program, vertex);
      glAttachShader (program, fragment);
      glLinkProgram (program);
      glGetProgramiv (program, GL_LINK_STATUS, &linked);
    }
  if (program != 0 && !linked)
    {
      glGetProgramInfoLog (program, sizeof text, NULL, text);
      set_error (error, "link", g_strstrip (text));
      glDeleteProgram (program);
      program = 0;
    }

  /* The program keeps what it needs of them; 0 is ignored. */
  glDeleteShader (vertex);
  glDeleteShader (fragment);

  return program;
}

/**
 * recon_gl_is_software:
 *
 * Returns: whether the processor does the work of a graphics card, as far as one knows such drivers. A context must be
 *   current
 */
gboolean
recon_gl_is_software (void)
{
  static const char *const names[] = { "llvmpipe", "softpipe", "swrast", "SwiftShader", "Software Rasterizer" };
  const char *renderer = (const char *) glGetString (GL_RENDERER);

  for (gsize i = 0; renderer != NULL && i < G_N_ELEMENTS (names); i++)
    if (strstr (renderer, names[i]) != NULL)
      return TRUE;

  return FALSE;
}

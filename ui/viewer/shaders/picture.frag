/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What ui/viewer/layer.c and cairo-renderer.c do, step by step, so that both give the same colours: see there for the
 * meaning of names. Textures are arrays of equal tiles, which stand row by row. NaN is found by its bits, because
 * compilers of shaders may take it for impossible. */

const int VALUE = 0;
const int NOT_A_NUMBER = 1;
const int EMPTY = 2;

const int OVERLAY_NONE = 0;
const int OVERLAY_DIFFERENCE = 1;
const int OVERLAY_SUM = 2;
const int OVERLAY_SECOND = 3;

const int NEAREST = 0;
const int BILINEAR = 1;

const float TOLERANCE = 1e-4;

uniform sampler2DArray first_tiles;
uniform sampler2DArray second_tiles;
uniform sampler2D colours;

uniform ivec2 size;
uniform ivec2 second_size;
uniform ivec3 tiling; /* width and height of a tile, tiles in a row */
uniform ivec3 second_tiling;

uniform int overlay;
uniform int mirror;
uniform float mirror_part;

uniform int filter_kind;
uniform ivec2 base;
uniform vec2 part;
uniform vec2 step_size;
uniform float view_height;

uniform float low;
uniform float scale;
uniform vec3 nan_colour;
uniform vec3 ground_colour;

out vec4 colour;

bool
is_nan (float value)
{
  return (floatBitsToUint (value) & 0x7fffffffu) > 0x7f800000u;
}

float
fetch (sampler2DArray tiles,
       ivec3          layout_of_tiles,
       ivec2          at)
{
  /* The middle of a pixel is far enough from every seam for a float, and whole numbers divide slowly. */
  ivec2 tile = ivec2 ((vec2 (at) + 0.5) / vec2 (layout_of_tiles.xy));

  return texelFetch (tiles, ivec3 (at - tile * layout_of_tiles.xy, tile.y * layout_of_tiles.z + tile.x), 0).r;
}

int
get_second (ivec2     at,
            out float value)
{
  int column = mirror - at.x;
  float next;

  value = 0.0;
  if (column < 0 || column + (mirror_part > 0.0 ? 1 : 0) >= second_size.x || at.y >= second_size.y)
    return EMPTY;

  value = fetch (second_tiles, second_tiling, ivec2 (column, at.y));
  if (is_nan (value))
    return NOT_A_NUMBER;
  if (mirror_part > 0.0)
    {
      next = fetch (second_tiles, second_tiling, ivec2 (column + 1, at.y));
      if (is_nan (next))
        return NOT_A_NUMBER;
      value += (next - value) * mirror_part;
    }

  return VALUE;
}

int
get (ivec2     at,
     out float value)
{
  float first = fetch (first_tiles, tiling, at);
  float second;
  int texel;

  value = first;
  if (overlay == OVERLAY_NONE)
    return is_nan (first) ? NOT_A_NUMBER : VALUE;

  texel = get_second (at, second);
  value = overlay == OVERLAY_DIFFERENCE ? first - second : overlay == OVERLAY_SUM ? first + second : second;
  if (texel == VALUE && overlay != OVERLAY_SECOND && is_nan (first))
    return NOT_A_NUMBER;

  return texel;
}

int
interpolate (vec2      at,
             out float value)
{
  vec2 corner = floor (at - 0.5);
  vec2 fraction = at - 0.5 - corner;
  int texel = VALUE;

  value = 0.0;
  for (int j = 0; j < 2; j++)
    for (int i = 0; i < 2; i++)
      {
        float weight = (i == 1 ? fraction.x : 1.0 - fraction.x) * (j == 1 ? fraction.y : 1.0 - fraction.y);
        float one;

        if (weight > 0.0)
          {
            texel = max (texel, get (clamp (base + ivec2 (corner) + ivec2 (i, j), ivec2 (0), size - 1), one));
            value += one * weight;
          }
      }

  return texel;
}

int
average (vec2      at,
         out float value)
{
  vec2 from = max (at - step_size / 2.0, -vec2 (base));
  vec2 to = min (at + step_size / 2.0, vec2 (size - base));
  int texel = VALUE;
  float sum = 0.0;
  float weights = 0.0;

  value = 0.0;
  for (int y = int (floor (from.y)); float (y) < to.y; y++)
    {
      float height = min (to.y, float (y) + 1.0) - max (from.y, float (y));

      for (int x = int (floor (from.x)); float (x) < to.x; x++)
        {
          float weight = height * (min (to.x, float (x) + 1.0) - max (from.x, float (x)));
          float one;

          if (weight > TOLERANCE)
            {
              texel = max (texel, get (base + ivec2 (x, y), one));
              sum += one * weight;
              weights += weight;
            }
        }
    }

  if (weights <= 0.0)
    return EMPTY;

  value = sum / weights;

  return texel;
}

void
main ()
{
  vec2 at = part + vec2 (gl_FragCoord.x, view_height - gl_FragCoord.y) * step_size;
  ivec2 pixel = base + ivec2 (floor (at));
  float value = 0.0;
  int texel = EMPTY;

  if (all (greaterThanEqual (pixel, ivec2 (0))) && all (lessThan (pixel, size)))
    texel = filter_kind == NEAREST ? get (pixel, value) :
            filter_kind == BILINEAR ? interpolate (at, value) : average (at, value);

  if (texel == EMPTY)
    colour = vec4 (ground_colour, 1.0);
  else if (texel == NOT_A_NUMBER || is_nan (value))
    colour = vec4 (nan_colour, 1.0);
  else
    colour = texelFetch (colours, ivec2 (int (clamp ((value - low) * scale, 0.0, 1.0) * 255.0 + 0.5), 0), 0);
}

// The shaders. A rectangle is drawn without buffers, by the number of the vertex.

export const RECTANGLE = `#version 300 es
uniform vec4 place;   // left, top, right, bottom, from -1 to 1
uniform vec4 texels;  // left, top, right, bottom in the texture
out vec2 texel;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  texel = mix(texels.xy, texels.zw, corner);
  gl_Position = vec4(mix(place.xy, place.zw, corner), 0.0, 1.0);
}`;

const SAMPLES = `
in vec2 texel;
out vec4 result;
uniform vec2 extent;     // of the texture
uniform vec2 footprint;  // texels for each pixel of the screen
uniform vec3 color;
uniform vec3 curve;      // low, 1 / (high - low), gamma
float shade(vec2 place) {
  ivec2 at = ivec2(clamp(place, vec2(0.0), extent - 1.0));
  return pow(clamp((sampled(at) - curve.x) * curve.y, 0.0, 1.0), curve.z);
}
void main() {
  float value;
  if (footprint.x > 0.7) {
    vec2 quarter = footprint * 0.25;
    value = 0.25 * (shade(texel + quarter) + shade(texel - quarter)
      + shade(texel + vec2(quarter.x, -quarter.y)) + shade(texel + vec2(-quarter.x, quarter.y)));
  } else {
    value = shade(texel);
  }
  result = vec4(color * value, 1.0);
}`;

export const WHOLE_NUMBERS = `#version 300 es
precision highp float;
precision highp usampler2D;
uniform usampler2D pixels;
float sampled(ivec2 at) { return float(texelFetch(pixels, at, 0).r); }
${SAMPLES}`;

export const FLOATS = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D pixels;
float sampled(ivec2 at) { return texelFetch(pixels, at, 0).r; }
${SAMPLES}`;

/** Labels to a buffer of numbers; of those with a table only what the table marks. */
export const LABELS = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform usampler2D labels;
uniform usampler2D table;
uniform bool marked;   // only labels with the bit "gone" in the table
uniform uint top;      // a bit that is added
uniform uint value;    // what is written for each label that is not 0; 0: the label
uniform vec2 extent;
in vec2 texel;
out uint result;
void main() {
  uint label = texelFetch(labels, ivec2(clamp(texel, vec2(0.0), extent - 1.0)), 0).r;
  if (label == 0u) discard;
  if (marked) {
    uint index = label & 0xfffffu;
    if ((texelFetch(table, ivec2(index & 1023u, index >> 10), 0).r & 32u) == 0u) discard;
  }
  result = (value == 0u ? label : value) | top;
}`;

export const SCREEN = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = vec4(corner * 4.0 - 1.0, 0.0, 1.0);
}`;

/** Colours from the buffers of numbers: committed objects, automatic ones, and the masks in work. */
export const COLORS = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
precision highp sampler2D;
uniform usampler2D committed;
uniform usampler2D automatic;
uniform usampler2D masks;
uniform usampler2D committedTable;
uniform usampler2D automaticTable;
uniform sampler2D palette;
uniform int colors;         // how many the palette has
uniform int paletteRow;
uniform float fill;
uniform bool contour;
uniform bool byClass;
uniform bool showsCommitted;
uniform bool showsAutomatic;
uniform bool showsMasks;
uniform uint hovered;       // a committed label
uniform uint hoveredFound;  // an automatic one
uniform int width;          // of contours, in pixels of the screen
uniform vec3 accent;
uniform vec3 preview;
out vec4 result;

uint indexOf(uint label) { return label & 0xfffffu; }

uvec2 lookup(usampler2D table, uint label) {
  uint index = indexOf(label);
  return texelFetch(table, ivec2(index & 1023u, index >> 10), 0).rg;
}

vec3 colorOf(uint label, uint kind) {
  if (byClass) return kind == 0u ? vec3(0.62) : texelFetch(palette, ivec2((int(kind) - 1) % colors, paletteRow), 0).rgb;
  uint low = label >= 0xff000000u ? label & 0xffffffu : label;
  uint hash = (low * 0x9e3779b1u) >> 16;
  return texelFetch(palette, ivec2(int(hash % uint(colors)), paletteRow), 0).rgb;
}

uint at(usampler2D buffer, ivec2 place) {
  ivec2 last = textureSize(buffer, 0) - 1;
  return texelFetch(buffer, clamp(place, ivec2(0), last), 0).r;
}

bool isEdge(usampler2D buffer, ivec2 place, uint own, int far) {
  return at(buffer, place + ivec2(far, 0)) != own || at(buffer, place - ivec2(far, 0)) != own
    || at(buffer, place + ivec2(0, far)) != own || at(buffer, place - ivec2(0, far)) != own;
}

// Lays a colour over what is there; both with multiplied alpha.
vec4 over(vec4 below, vec3 color, float alpha) {
  return vec4(color * alpha, alpha) + below * (1.0 - alpha);
}

vec4 withCommitted(vec4 below, ivec2 place) {
  uint label = at(committed, place);
  if (label == 0u) return below;
  uvec2 row = lookup(committedTable, label);
  if ((row.r & 4u) != 0u) return below;
  bool isSelected = (row.r & 1u) != 0u, isHovered = label == hovered;
  vec3 color = colorOf(label, row.g);
  int far = isSelected ? width + 1 : width;
  bool edge = isEdge(committed, place, label, far);
  float strength = fill + (isSelected ? 0.15 : 0.0) + (isHovered ? 0.15 : 0.0);
  if (edge && isSelected) return over(below, vec3(1.0), 1.0);
  if (edge && isHovered) return over(below, mix(color, vec3(1.0), 0.5), 1.0);
  if (edge && contour) {
    bool isLocked = (row.r & 2u) != 0u;
    bool isDoubtful = (row.r & 8u) != 0u;
    if (isDoubtful && ((place.x + place.y) / (3 * width)) % 2 == 0) return over(below, vec3(0.0), 0.5);
    return over(below, isLocked ? mix(color, vec3(0.0), 0.35) : color, 1.0);
  }
  bool hatched = (row.r & 2u) != 0u && (place.x + place.y) % (6 * width) < width;
  return over(below, hatched ? mix(color, vec3(0.0), 0.4) : color, min(strength, 1.0));
}

vec4 withAutomatic(vec4 below, ivec2 place) {
  uint label = at(automatic, place);
  if (label == 0u) return below;
  bool edge = isEdge(automatic, place, label, width);
  if (label >= 0x80000000u && label < 0xff000000u) {
    bool hatched = (place.x - place.y + 65536) % (8 * width) < 2 * width;
    return over(below, vec3(1.0, 0.25, 0.25), edge ? 0.9 : hatched ? 0.5 : 0.0);
  }
  uvec2 row = lookup(automaticTable, label);
  if ((row.r & 4u) != 0u) return below;
  bool isAdded = (row.r & 16u) != 0u;
  vec3 color = colorOf(label, 0u);
  if (byClass) color = vec3(0.62);
  if (edge) {
    bool dash = ((place.x + place.y) / (4 * width)) % 2 == 0;
    vec3 line = label == hoveredFound ? vec3(1.0) : isAdded ? vec3(0.25, 1.0, 0.45) : color;
    return over(below, line, dash || isAdded || label == hoveredFound ? 1.0 : 0.25);
  }
  return over(below, isAdded ? mix(color, vec3(0.25, 1.0, 0.45), 0.5) : color,
    fill * 0.6 + (label == hoveredFound ? 0.2 : 0.0));
}

vec4 withMasks(vec4 below, ivec2 place) {
  uint mask = at(masks, place);
  if (mask == 0u) return below;
  bool edge = isEdge(masks, place, mask, width);
  if (mask == 1u) return over(below, accent, edge ? 1.0 : 0.38);
  if (mask == 2u) return over(below, preview, edge ? 0.95 : 0.28);
  if (mask == 3u) return over(below, accent, edge ? 0.9 : 0.45);
  if (mask == 5u) {
    bool dash = ((place.x + place.y) / (4 * width)) % 2 == 0;
    return over(below, accent, edge ? (dash ? 1.0 : 0.35) : 0.28);
  }
  return over(below, vec3(1.0, 0.3, 0.3), edge ? 0.9 : 0.4);
}

void main() {
  ivec2 place = ivec2(gl_FragCoord.xy);
  vec4 color = vec4(0.0);
  if (showsCommitted) color = withCommitted(color, place);
  if (showsAutomatic) color = withAutomatic(color, place);
  if (showsMasks) color = withMasks(color, place);
  result = color;
}`;

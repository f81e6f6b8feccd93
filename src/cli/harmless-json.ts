// Writes JSON for a terminal: the same value, with what could steer it or turn its lines round as escapes.

export function harmlessJson(value: unknown, indent?: number): string {
  // Of control characters only the line ends of the indentation are raw.
  return JSON.stringify(value, null, indent).replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, (found) =>
    [...Array(found.length).keys()].map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  )
}

// Numbers and times as people read them.

/** Four significant digits, no exponent for everyday sizes: 0.7333, 1.2, 12340. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return 'not a number'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e15 || size < 1e-6) return value.toExponential(3)
  if (size >= 1000) return String(Math.round(value * 100) / 100)
  return String(Number(value.toPrecision(4)))
}

/** "2026-11-23 10:04 UTC". */
export function time(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

/** The first characters of a digest or commit, enough to tell it from others. */
export function short(digest: string): string {
  return digest.replace(/^(sha256|git):/, '').slice(0, 10)
}

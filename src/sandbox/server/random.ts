// Repeatable chance: the same seed gives the same faults, so that a failed run can be run again.

export type Random = () => number

/** Numbers in [0, 1) by the generator "mulberry32". */
export function startRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

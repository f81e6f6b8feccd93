// Choices that are the same for the same seed.
import { createHash } from 'node:crypto'

export type Chance = {
  /** In [0, 1). */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number
  of<T>(list: readonly T[]): T | undefined
  /** One of the names, each as likely as its weight says. */
  weighed<Name extends string>(weights: Record<Name, number>): Name
}

/** mulberry32: small, and good enough for choosing. */
export function startChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    of: (list) => list[Math.floor(next() * list.length)],
    weighed(weights) {
      const names = Object.keys(weights) as (keyof typeof weights)[]
      let left = next() * names.reduce((sum, name) => sum + weights[name], 0)
      for (const name of names) {
        left -= weights[name]
        if (left < 0) return name
      }
      return names.at(-1) as keyof typeof weights
    },
  }
}

/** A number in [0, 1) that belongs to this text: what is chosen by it does not depend on when it is asked. */
export function fixedChance(seed: number, text: string): number {
  return createHash('sha256').update(`${seed}/${text}`).digest().readUInt32BE(0) / 4_294_967_296
}

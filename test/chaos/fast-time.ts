// Loaded before the app in a process of the chaos run: its clock and its timers run faster, all processes' alike.
import { enableCompileCache, flushCompileCache } from 'node:module'

const origin = Number(process.env.CHAOS_ORIGIN)
const speed = Number(process.env.CHAOS_SPEED)

if (origin > 0 && speed > 1) {
  const RealDate = Date
  const realNow = RealDate.now.bind(RealDate)
  const now = () => Math.floor(origin + (realNow() - origin) * speed)
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  })
  // Starting is most of what these processes do: what one compiled serves those after it, though it is killed.
  enableCompileCache(process.env.CHAOS_CACHE)
  setTimeout(flushCompileCache, 2_000).unref()
  const { setTimeout: realTimeout, setInterval: realInterval } = globalThis
  const sooner = (ms: unknown) => Number(ms ?? 0) / speed
  globalThis.setTimeout = Object.assign(
    (run: () => void, ms?: number, ...args: unknown[]) => realTimeout(run as never, sooner(ms), ...(args as [])),
    realTimeout,
  ) as never
  globalThis.setInterval = Object.assign(
    (run: () => void, ms?: number, ...args: unknown[]) => realInterval(run as never, sooner(ms), ...(args as [])),
    realInterval,
  ) as never
}

// Prints every number the project promises, each measured here and now; ratios side by side in one run.
import { benchGrowth } from './growth.ts'
import { benchIntake } from './intake.ts'
import { benchLedger } from './ledger.ts'
import { benchMemory } from './memory.ts'
import { benchMoves } from './moves.ts'
import { benchPolicy } from './policy.ts'
import { benchReplay } from './replay.ts'
import { benchRetention } from './retention.ts'
import { benchSimulate } from './simulate.ts'
import { benchSweep } from './sweep.ts'

const BENCHES = {
  moves: benchMoves,
  sweep: benchSweep,
  simulate: benchSimulate,
  intake: benchIntake,
  growth: benchGrowth,
  memory: benchMemory,
  ledger: benchLedger,
  replay: benchReplay,
  policy: benchPolicy,
  retention: benchRetention,
}

const wanted = process.argv.slice(2)
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stdout.write(`\n${name}\n`)
  await bench((line) => process.stdout.write(`  ${line}\n`))
}

// The bundle that a release puts onto its tag: built once, and run without any package beside it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { actions, bundle } from '../../action/bundle.ts'
import { startArtifactService } from './support/artifact-service.ts'
import { fixture } from './support/read.ts'
import { runStep } from './support/step.ts'

test('every action has a bundle that needs nothing but Node and hands evidence in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'andon-bundle-'))
  // As on the tag: the nearest package.json says that this is ESM, and there is no node_modules.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const service = await startArtifactService()
  expect(actions()).toContain('evaluate')
  const main = await bundle('evaluate', folder)
  const step = await runStep({
    main,
    files: { 'results.json': fixture('promptfoo-production.json') },
    env: service.env,
  })
  await service.close()
  rmSync(folder, { recursive: true })
  expect(step.code, step.log).toBe(0)
  expect(
    JSON.parse(service.artifacts.get('andon-evidence')?.['evidence.json'] ?? '').metrics.accuracy.value,
  ).toBeCloseTo(56 / 60, 12)
})

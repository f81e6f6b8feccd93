// What the presets hold is what GitHub can read and what their own policy speaks of.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { findManifest, parseManifest } from '../src/core/facts/manifest.ts'
import { sentence } from '../src/core/facts/problem.ts'
import { combine } from '../src/core/policy/inherit.ts'
import { parsePolicy } from '../src/core/policy/parse.ts'
import type { Policy } from '../src/core/policy/policy.ts'
import { LABELS_PATH, POLICY_PATH, presetNames, readPreset, readPresets } from '../src/presets.ts'
import { readWorkflow } from '../src/sandbox/runner/workflow-file.ts'

const own = ['ci', 'release'].map((name) => readFileSync(`.github/workflows/${name}.yml`, 'utf8')).join('\n')
const pins = (text: string) => [...text.matchAll(/uses: (actions\/[\w-]+@[0-9a-f]{40} # \S+)/g)].map(([, pin]) => pin)

it('there are a first one, one for the whole way, and one for who must show it', () =>
  expect(presetNames()).toEqual(['llm-delivery', 'regulated', 'starter']))

describe.each(presetNames())('the preset %s', (name) => {
  const files = readPreset(name)
  const text = (path: string) => files.find((file) => file.path === path)?.text ?? ''
  const parsed = parsePolicy(text(POLICY_PATH), POLICY_PATH, { presets: readPresets(), organization: [] })
  const policy = (parsed.ok ? parsed.value : null) as Policy
  const workflows = files.filter(({ path }) => path.startsWith('.github/workflows/'))

  it('has a policy without a problem or a doubt', () =>
    expect([...(parsed.ok ? [] : parsed.problems), ...(parsed.warnings ?? [])].map(sentence)).toEqual([]))

  it('holds every workflow that its policy names, each with the one input', () => {
    const settings = Object.values(policy.gates).map((gate) => gate.settings as { workflow?: string })
    const named = [
      ...settings.flatMap(({ workflow }) => (workflow ? [workflow] : [])),
      ...Object.values(policy.workflows).map(({ file }) => file),
    ]
    for (const file of named) {
      const read = readWorkflow(file, text(`.github/workflows/${file}`))
      expect(read).toMatchObject({ ok: true, value: { inputs: [{ name: 'andon', type: 'string' }] } })
      expect(text(`.github/workflows/${file}`)).toContain(`run-name: andon \${{ fromJSON(inputs.andon).request }}`)
    }
  })

  it.each(workflows.map(({ path }) => path))('%s can be read, may read only, ends, and pins its actions', (path) => {
    expect(readWorkflow(path, text(path))).toMatchObject({ ok: true })
    const workflow = parse(text(path))
    expect(workflow.permissions).toEqual({ contents: 'read' })
    for (const job of Object.values<{ 'timeout-minutes'?: number; steps: { run?: string }[] }>(workflow.jobs)) {
      expect(job['timeout-minutes']).toBeLessThanOrEqual(120)
      // What others wrote comes in through the environment, never into the script.
      for (const step of job.steps) expect(step.run ?? '').not.toContain('${{')
    }
    const uses = text(path).match(/uses: actions\/.*/g) ?? []
    expect(pins(text(path))).toHaveLength(uses.length)
    for (const pin of pins(text(path))) expect(own).toContain(pin)
  })

  it('names in its labels file what the policy speaks of', () => {
    const labels: { name: string; color: string }[] = parse(text(LABELS_PATH))
    const queries = Object.values(policy.gates).flatMap(({ settings }) => {
      const { query = '' } = settings as { query?: string }
      return [...query.matchAll(/label:(\S+)/g)].map(([, label]) => label)
    })
    const named = [
      ...policy.changes.flatMap(({ label }) => label ?? []),
      ...policy.risk.flatMap((risk) => risk.labels),
      ...Object.values(policy.gates).flatMap(({ when }) => when?.labels ?? []),
      policy.labels.hold,
      ...(policy.emergency ? [policy.emergency.label, ...policy.emergency.issue.labels] : []),
      ...Object.keys(policy.labels.move),
      ...queries,
    ]
    expect(labels.map((label) => label.name).sort()).toEqual([...new Set(named)].sort())
    for (const { color } of labels) expect(color).toMatch(/^[0-9a-f]{6}$/)
  })

  it('has a form whose answer is a manifest that the policy takes', () => {
    const form = parse(text('.github/ISSUE_TEMPLATE/change.yml'))
    const field = form.body.find(({ attributes }: { attributes: { label: string } }) => attributes.label === 'Change')
    expect(field).toMatchObject({ type: 'textarea', attributes: { render: 'yaml' }, validations: { required: true } })
    // As GitHub writes the answer into the issue.
    const body = `### Why\n\nBecause.\n\n### Change\n\n\`\`\`yaml\n${field.attributes.value}\`\`\`\n`
    const found = findManifest({ pull: null, issue: body, file: null })
    const manifest = found && parseManifest(found)
    expect(manifest).toMatchObject({ ok: true })
    if (!manifest?.ok || policy.changes.length === 0) return
    const kind = policy.changes.find((change) => change.name === manifest.value.kind)
    expect(Object.keys(manifest.value)).toEqual(expect.arrayContaining(kind?.requires ?? ['a kind of the policy']))
  })
})

describe('an organization that extends `andon/regulated@1`', () => {
  const together = (repository: string) => {
    const organization = 'version: 1\nextends: andon/regulated@1\nboard: { project: 12 }\n'
    const at = (path: string, text: string) => ({ repository: 'acme/x', path, text })
    const bases = { presets: readPresets(), organization: [] }
    return combine(at('base.yml', organization), at('bot.yml', `version: 1\n${repository}`), bases)
  }

  it.each([
    [
      'fewer approvals',
      'gates: { release-approval: { kind: approval, count: 1, teams: [ai-safety], independent: true } }',
    ],
    ['approvals of those who made it', 'gates: { release-approval: { kind: approval, count: 2, teams: [ai-safety] } }'],
    ['privacy by another team', 'gates: { privacy-review: { kind: approval, teams: [bot], independent: true } }'],
    [
      'security that is only shown',
      'gates: { security-review: { kind: approval, teams: [security], enforce: false } }',
    ],
    ['no threat model', 'gates: { threat-model: { kind: files, paths: [README.md] } }'],
    [
      'fewer attacks that must fail',
      'gates: { red-team: { kind: evaluation, workflow: andon-red-team.yml, metrics: { pass_rate: { min: 0.5 } } } }',
    ],
    ['more money', 'gates: { cost-budget: { kind: budget, of: cost, metric: cost_usd, limit: 5000, window: 30d } }'],
    ['columns of its own', 'columns: [{ name: Backlog }, { name: Production }]'],
    ['longer waivers', 'waivers: { longest-days: 300 }'],
    ['columns skipped', 'moves: { forward: any }'],
  ])('lets no repository have %s', (_what, repository) => {
    const combined = together(repository)
    expect(combined?.ok).toBe(false)
    expect(combined?.ok ? '' : combined?.problems.map(sentence).join()).toContain('locked in andon/regulated@1')
  })

  it('lets a repository ask for more', () => {
    const more = `gates:
  release-approval: { kind: approval, count: 3, teams: [ai-safety], independent: true }
  offline-eval:
    kind: evaluation
    workflow: andon-evaluate.yml
    timeout-minutes: 45
    metrics: { pass_rate: { min: 0.95 }, error_rate: { max: 0 } }
    with: { config: evals/promptfooconfig.yaml }
waivers: { longest-days: 3, most-open: 1 }
`
    expect(together(more)).toMatchObject({ ok: true, value: { board: { project: 12 }, waivers: { mostOpen: 1 } } })
  })
})

// Examples for the reference page: one for each section and each kind of gate. Together they are one whole policy.
import type { GATES } from '../gates/index.ts'

/** By section of the file, in the order of the page. */
export const SECTION_EXAMPLES: Record<string, string> = {
  board: `board:
  project: 12
  also: [14, 15]
  field: Status
  repositories: [support-bot, "eval-*"]
`,
  changes: `changes:
  model-version: { label: "change: model", requires: [model, datasets, guardrails, rollback] }
  prompt-template: { label: "change: prompt", requires: [prompts, datasets, rollback] }
`,
  risk: `risk:
  high:
    labels: ["risk: high"]
    changes: [model-version]
    paths: ["guardrails/**", prompts/system.md]
    fields: { Risk: [High, Critical] }
`,
  agents: `agents:
  coding-agent: { login: "acme-coder[bot]", may-enter: [In Evaluation, Staging] }
`,
  moves: `moves: { forward: next, backward: any }
`,
  waivers: `waivers: { longest-days: 14, most-open: 3 }
`,
  emergency: `emergency:
  label: "andon: emergency"
  teams: [incident-response]
  skips: [offline-eval, no-freeze]
  review-hours: 48
  issue: { labels: ["andon: review"] }
`,
  workflows: `workflows:
  promote: { file: andon-promote.yml, with: { alias: production } }
`,
  labels: `labels:
  hold: "andon: hold"
  move: { "promote: staging": Staging }
`,
  columns: `columns:
  - name: Backlog
  - name: In Evaluation
    limit: { total: 3, per-owner: 1, per-risk: { high: 1 } }
    enter: [definition-of-ready]
    start: [offline-eval] # Staging asks for what it found
  - name: Staging
    limit: 2
    pull: true # takes a card by itself while there is room
    enter: [offline-eval, tests, cost]
    leave: [staging-soak]
    movers: { teams: [ml], agents: [coding-agent] }
  - name: Production
    enter: [no-freeze, no-incident, runbook, risk-taken, errors, release-approval, human-review]
    while-waiting: return
    then: [promote]
    movers: { teams: [release], users: [ann], bots: ["deploy-bot[bot]"] }
`,
}

/** By kind: what stands under `gates`. */
export const GATE_EXAMPLES: Record<keyof typeof GATES, string> = {
  manifest: `gates:
  definition-of-ready: { kind: manifest, requires: [rollback] }
`,
  approval: `gates:
  release-approval:
    kind: approval
    count: { default: 1, high: 2 } # or a number
    teams: [ai-safety]
    users: [ann]
    independent: true
  human-review:
    kind: approval
    teams: [ml]
    when: { agents: true, changes: [prompt-template], risk: [default], labels: [customer-facing] }
    enforce: false # shown, and decides nothing yet
`,
  checks: `gates:
  tests: { kind: checks, names: [unit, dependency-review], app: github-actions }
`,
  freeze: `gates:
  no-freeze:
    kind: freeze
    windows:
      - { from: "2026-12-20T00:00", to: "2027-01-04T00:00", zone: Europe/Berlin, except: { changes: [prompt-template] } }
      - { weekly: { from: "Fri 16:00", to: "Mon 08:00" }, zone: UTC }
      - { cron: "0 18 28-31 * *", minutes: 720, zone: Europe/Berlin }
`,
  soak: `gates:
  staging-soak: { kind: soak, minutes: 1440 }
`,
  issues: `gates:
  no-incident: { kind: issues, query: "label:incident label:support-bot" }
`,
  files: `gates:
  runbook: { kind: files, paths: [docs/runbook.md] }
`,
  budget: `gates:
  risk-taken: { kind: budget, of: risk, weights: { default: 1, high: 5 }, limit: 20, window: 7d }
  errors:
    kind: budget
    of: errors
    metric: service_errors
    limit: 0.001
    window: 30d
    burn: [{ rate: 14.4, long: 1h, short: 5m }, { rate: 6, long: 6h, short: 30m }]
  cost:
    kind: budget
    of: cost
    metric: cost_usd
    from: [offline-eval]
    limit: 500
    window: 30d
    by: [environment, region]
    when-spent: { approvals: 2, teams: [sre], users: [ann] }
`,
  evaluation: `gates:
  offline-eval:
    kind: evaluation
    workflow: andon-evaluate.yml
    timeout-minutes: 45
    metrics: { accuracy: { min: 0.9 }, toxicity: { max: 0.005 } }
    with: { config: evals/promptfooconfig.yaml }
    reuse: true
    waive: { teams: [ai-safety], longest-days: 7, compensate: "Two people read 50 answers of each day." }
`,
}

// Policies that several stories go by. The columns after those named ask nothing.

/** Staging asks for a manifest with a rollback. */
export const ASKS_MANIFEST = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [definition-of-ready]
gates:
  definition-of-ready: { kind: manifest, requires: [prompts, rollback] }
`

/** Staging and Production ask for a manifest. */
export const ASKS_TWICE = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [ready]
  - name: Production
    enter: [ready]
gates:
  ready: { kind: manifest, requires: [prompts] }
`

/** Staging asks for an evaluation. */
export const ASKS_EVALUATION = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [eval]
gates:
  eval: { kind: evaluation, workflow: evaluate.yml, metrics: { accuracy: { min: 0.9 } } }
`

// Expressions, inputs, matrices and the run's title: what a workflow file says before anything runs.
import { describe, expect, it } from 'vitest'
import { evaluate, GOING_WELL } from '../../../src/sandbox/runner/expressions.ts'
import { combinations } from '../../../src/sandbox/runner/matrix.ts'
import { readWorkflow, runTitle, typedInputs, type WorkflowFile } from '../../../src/sandbox/runner/workflow-file.ts'

function read(text: string): WorkflowFile {
  const found = readWorkflow('.github/workflows/a.yml', text)
  if (!found.ok) throw new Error(JSON.stringify(found.problems))
  return found.value
}

const JOBS = 'jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }'
const andon = JSON.stringify({ andon: 1, request: '01JABC', sha: 'c'.repeat(40), with: { suite: 'golden' } })

describe('an expression', () => {
  const scope = {
    contexts: {
      github: { sha: 'abc', ref_name: 'main', event: { inputs: { andon } } },
      inputs: { andon },
      env: { COUNT: '3' },
      steps: { eval: { outputs: { score: '0.93' }, outcome: 'success' } },
      needs: { build: { result: 'success', outputs: { tag: 'v1' } } },
      matrix: { model: { name: 'small' } },
    },
    standing: { ...GOING_WELL, succeeded: false, failed: true },
  }
  it.each([
    ['fromJSON(inputs.andon).sha', 'c'.repeat(40)],
    ["fromJSON(github.event.inputs.andon)['with'].suite", 'golden'],
    ["steps.eval.outputs.score > 0.9 && 'good' || 'bad'", 'good'],
    ["format('{0}-{1}', needs.build.outputs.tag, matrix.model.name)", 'v1-small'],
    ['contains(fromJSON(\'["a", "B"]\'), \'b\')', true],
    ["startsWith(github.ref_name, 'ma') && endsWith(github.ref_name, 'IN')", true],
    ["join(needs.*.result, ',')", 'success'],
    ['toJSON(matrix.model)', '{\n  "name": "small"\n}'],
    ['github.nothing.below.it', null],
    ['env.COUNT == 3', true],
    ['failure() && !success() && always() && !cancelled()', true],
  ])('%s', (expression, value) => {
    expect(evaluate(expression, scope)).toEqual(value)
  })

  it('does not reach into the machine by a name of JavaScript', () => {
    expect(evaluate("inputs.constructor || github['__proto__'] || 'nothing'", scope)).toBe('nothing')
    expect(() => evaluate('process.env', scope)).toThrow(/Unrecognized named-value/)
  })
})

describe('a workflow file', () => {
  it('names its runs after the request that is in its one input', () => {
    const file = read(
      `name: Evaluate\nrun-name: andon \${{ fromJSON(inputs.andon).request }}\non: { workflow_dispatch: { inputs: { andon: { required: true, type: string } } } }\n${JOBS}`,
    )
    expect(runTitle(file, { github: {}, inputs: { andon } })).toBe('andon 01JABC')
    expect(runTitle(read(`name: Evaluate\non: push\n${JOBS}`), { github: {}, inputs: {} })).toBe('Evaluate')
    expect(() => runTitle(file, { github: {}, inputs: { andon: '{' } })).toThrow()
  })

  it('is refused with place and reason for what GitHub refuses', () => {
    const found = readWorkflow(
      'a.yml',
      `on: push\njobs:\n  a:\n    runs-on: x\n    needs: b\n    steps:\n      - run: echo \${{ nope.x }}\n      - rum: 1\n`,
    )
    expect(found.ok ? [] : found.problems).toEqual([
      { message: "Unrecognized named-value: 'nope'", line: 7, column: 19 },
      { message: "Unexpected value 'rum'", line: 8, column: 9 },
      expect.objectContaining({ message: expect.stringContaining('not enough info'), line: 8 }),
    ])
    const circle = readWorkflow(
      'a.yml',
      'on: push\njobs:\n  z: { runs-on: x, steps: [{ run: a }] }\n  a: { runs-on: x, needs: b, steps: [{ run: a }] }\n  b: { runs-on: x, needs: a, steps: [{ run: a }] }\n',
    )
    expect(JSON.stringify(circle)).toContain('cycle in the dependency graph')
    expect(readWorkflow('a.yml', 'on: [push\n').ok).toBe(false)
  })
})

describe('inputs of a dispatch', () => {
  it('are texts in the event and typed in the inputs context', () => {
    const file = read(`on:
  workflow_dispatch:
    inputs:
      andon: { required: true, type: string }
      deep: { type: boolean, default: true }
      count: { type: number, default: 5 }
      where: { type: choice, options: [eu, us], default: eu }
      plain: { description: x }
${JOBS}`)
    const given = { andon: '{}', deep: 'false', count: '5', where: 'eu' }
    expect(typedInputs(file, given)).toEqual({ andon: '{}', deep: false, count: 5, where: 'eu', plain: '' })
    expect(typedInputs(read(`on: [push, workflow_dispatch]\n${JOBS}`), given)).toEqual({})
  })
})

describe('a matrix', () => {
  it('multiplies, excludes and includes as the documentation of GitHub shows', () => {
    const found = combinations({
      fruit: ['apple', 'pear'],
      animal: ['cat', 'dog'],
      include: [
        { color: 'green' },
        { color: 'pink', animal: 'cat' },
        { fruit: 'apple', shape: 'circle' },
        { fruit: 'banana' },
        { fruit: 'banana', animal: 'cat' },
      ],
    })
    expect(found).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ])
    expect(combinations({ a: [1, 2], b: [1, 2], exclude: [{ a: 1 }] })).toEqual([
      { a: 2, b: 1 },
      { a: 2, b: 2 },
    ])
  })

  it('without any combination, or with more than 256, is an error', () => {
    expect(() => combinations({ a: [] })).toThrow('does not contain any values')
    expect(() => combinations({ a: 'x' })).toThrow('must be an array')
    expect(() => combinations({ a: Array(20).fill(1), b: Array(20).fill(1) })).toThrow('256')
  })
})

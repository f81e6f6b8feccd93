// `uses:` steps: built-ins, JavaScript and composite actions, this project's own repository, and artifacts.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, OTHER_SHA, startBench, steps } from './bench.ts'

const project = join(import.meta.dirname, '../../..')
let actions: string
let bench: Bench

beforeAll(async () => {
  actions = mkdtempSync(join(tmpdir(), 'andon-actions-'))
  write(
    'action/measure/action.yml',
    `name: Measure\ndescription: x\ninputs:\n  results-file: { default: results.json }\n  Two Words: { default: "\${{ github.sha }}" }\noutputs: { score: { description: x } }\nruns: { using: node24, main: dist/index.js }`,
  )
  write(
    'action/measure/main.ts',
    `import { appendFileSync } from 'node:fs'
const score: number = 0.93
console.log('inputs', process.env['INPUT_RESULTS-FILE'], process.env['INPUT_TWO_WORDS'], process.env['INPUT_GIVEN'])
console.log('runtime', Boolean(process.env.ACTIONS_RUNTIME_TOKEN), process.cwd() === process.env.GITHUB_WORKSPACE)
appendFileSync(process.env.GITHUB_OUTPUT ?? '', \`score=\${score}\\n\`)
`,
  )
  write('action/unbuilt/action.yml', 'name: Unbuilt\ndescription: x\nruns: { using: node24, main: dist/index.js }')
  bench = await startBench({
    nodeModules: join(project, 'node_modules'),
    actionRepositories: { 'andon-dev/andon': actions },
    actionSources: { 'action/measure/dist/index.js': 'action/measure/main.ts' },
    others: { 'acme/other@v2': { 'README.md': 'other' }, [`acme/bot@${OTHER_SHA}`]: { 'old.txt': 'as it was' } },
  })
})
afterAll(async () => {
  await bench.runner.stop()
  rmSync(actions, { recursive: true })
})

function write(path: string, text: string): void {
  mkdirSync(dirname(join(actions, path)), { recursive: true })
  writeFileSync(join(actions, path), text)
}

const upload = `import { DefaultArtifactClient } from '@actions/artifact'
import * as core from '@actions/core'
import { writeFileSync } from 'node:fs'
writeFileSync('evidence.json', JSON.stringify({ andon: 1, request: '01JABC' }))
const client = new DefaultArtifactClient()
const zipped = await client.uploadArtifact('andon-evidence', ['evidence.json'], '.')
const bare = await client.uploadArtifact('ignored', ['evidence.json'], '.', { skipArchive: true })
core.setOutput('digests', zipped.digest + ' ' + bare.digest)
const { artifacts } = await client.listArtifacts()
console.log('listed', artifacts.map((one) => one.name + ':' + one.digest).join(' '))
await client.uploadArtifact('andon-evidence', ['evidence.json'], '.').catch((error) => console.log('again:', error.message))
`

describe('checkout', () => {
  it('brings the commit of the run, another ref, another repository, into a folder of the workspace', async () => {
    const seen = await bench.run(
      steps(`- uses: actions/checkout@v7
- run: ls; ./hello.sh
- { uses: actions/checkout@v7, with: { ref: "${OTHER_SHA}", path: before } }
- { uses: actions/checkout@v7, with: { repository: acme/other, ref: v2, path: other } }
- run: cat before/old.txt other/README.md`),
      { files: { 'hello.sh': '#!/bin/sh\necho hello from the checkout', 'deep/a.txt': 'a' } },
    )
    expect(seen.conclusion).toBe('success')
    expect(seen.log).toContain('hello from the checkout')
    expect(seen.log).toContain('as it was')
  })

  it('can be hashed by pattern, as caches and suites are named', async () => {
    const of = (text: string) => createHash('sha256').update(text).digest()
    const seen = await bench.run(
      steps(`- uses: actions/checkout@v7
- run: echo "key=\${{ hashFiles('evals/*.jsonl', '!evals/b.jsonl') }} none=[\${{ hashFiles('*.lock') }}]"`),
      { files: { 'evals/a.jsonl': 'a', 'evals/b.jsonl': 'b', 'evals/c.jsonl': 'c' } },
    )
    const key = createHash('sha256').update(of('a')).update(of('c')).digest('hex')
    expect(seen.log).toContain(`key=${key} none=[]`)
  })

  it('refuses an unknown ref and a folder outside of the workspace', async () => {
    const ref = await bench.run(steps('- { uses: actions/checkout@v7, with: { ref: nowhere } }'))
    expect(ref.conclusion).toBe('failure')
    expect(ref.log).toContain("A branch or tag with the name 'nowhere' could not be found in acme/bot")
    const path = await bench.run(steps('- { uses: actions/checkout@v7, with: { path: ../../out } }'))
    expect(path.log).toContain('is not under')
    const file = await bench.run(steps('- uses: actions/checkout@v7'), { files: { '../../../escaped.txt': 'x' } })
    expect(file.log).toContain('leads out of the workspace')
    const hook = await bench.run(steps('- uses: actions/checkout@v7'), {
      files: { '.git/hooks/post-checkout': '#!/bin/sh' },
    })
    expect(hook.conclusion).toBe('failure')
  })

  it('lends the packages of this machine, which a clean install in the workspace cannot remove', async () => {
    const seen = await bench.run(
      steps(`- uses: actions/checkout@v7
- run: |
    node -e 'import("yaml").then((yaml) => console.log("parsed", yaml.parse("a: 1").a))'
- run: rm -rf node_modules/* node_modules/.bin`),
    )
    expect(seen.log).toContain('parsed 1')
    expect(await import('yaml')).toHaveProperty('parse')
  })
})

describe('an action', () => {
  it('of this project runs from its source where its bundle is not built, with inputs as GitHub names them', async () => {
    const seen = await bench.run(
      steps(`- { id: m, uses: Andon-Dev/andon/action/measure@v1, with: { given: by-hand } }
- run: echo "score \${{ steps.m.outputs.score }}"`),
    )
    expect(seen.log).toMatch(/^inputs results.json a+\d+ by-hand$/m)
    expect(seen.log).toContain('runtime true true')
    expect(seen.log).toContain('score 0.93')
    expect(seen.job('test').end?.annotations[0]?.message).toContain("Unexpected input(s) 'given'")
  })

  it('that nobody built, or that is nowhere, fails with a sentence that says so', async () => {
    const unbuilt = await bench.run(steps('- uses: andon-dev/andon/action/unbuilt@v1'))
    expect(unbuilt.log).toContain('It has to be built first.')
    const local = await bench.run(steps('- uses: ./.github/actions/mine'))
    expect(local.log).toContain("Can't find 'action.yml' or 'action.yaml' for ./.github/actions/mine")
    const outside = await bench.run(steps('- uses: andon-dev/andon/../../etc@v1'))
    expect(outside.conclusion).toBe('failure')
    const foreign = await bench.run(steps('- run: echo not-even-begun\n- uses: evil/action@v1'))
    expect(foreign.conclusion).toBe('failure')
    expect(foreign.log).toContain("The sandbox cannot run 'evil/action@v1'.")
    expect(foreign.log).not.toContain('not-even-begun')
  })

  it('may be composite: inputs, outputs, own steps, and a failure that reaches the job', async () => {
    const composite = `name: Greet
description: x
inputs: { who: { default: world }, fail: { default: "false" } }
outputs: { said: { description: x, value: "\${{ steps.say.outputs.said }}" } }
runs:
  using: composite
  steps:
    - { id: say, shell: bash, run: 'echo "said=hello \${{ inputs.who }} from $CALLER" >> "$GITHUB_OUTPUT"; ls "\${{ github.action_path }}"' }
    - { if: "inputs.fail == 'true'", shell: bash, run: exit 1 }
    - { shell: bash, run: echo inner-end }
`
    const files = { '.github/actions/greet/action.yml': composite }
    const seen = await bench.run(
      steps(`- uses: actions/checkout@v7
- { id: g, uses: ./.github/actions/greet, with: { who: ada }, env: { CALLER: the job } }
- run: echo "it said \${{ steps.g.outputs.said }}"
- { name: fails, uses: ./.github/actions/greet, with: { fail: "true" } }`),
      { files },
    )
    expect(seen.log).toContain('it said hello ada from the job')
    expect(seen.log.match(/^inner-end$/gm)).toHaveLength(1)
    expect(seen.step('test', 'fails')).toBe('failure')
    expect(seen.conclusion).toBe('failure')
  })
})

describe('an artifact', () => {
  it('of the built-in holds the files by name, with its digest, once a run', async () => {
    const seen = await bench.run(
      steps(`- run: mkdir -p out/deep; echo '{"andon":1}' > out/evidence.json; echo x > out/deep/log.txt; echo s > out/.secret
- { id: up, uses: actions/upload-artifact@v7, with: { name: andon-evidence, path: out } }
- run: echo "digest \${{ steps.up.outputs.artifact-digest }} id \${{ steps.up.outputs.artifact-id }}"
- { uses: actions/upload-artifact@v7, with: { name: globbed, path: "out/**/*.txt" } }
- { uses: actions/upload-artifact@v7, with: { path: out/evidence.json, archive: false } }
- { name: twice, uses: actions/upload-artifact@v7, with: { name: globbed, path: out }, continue-on-error: true }
- { uses: actions/upload-artifact@v7, with: { name: none, path: nothing/*.json } }
- { name: strict, uses: actions/upload-artifact@v7, with: { name: none, path: nothing, if-no-files-found: error } }`),
    )
    const [evidence, globbed, bare] = seen.artifacts
    expect(seen.artifacts.map((one) => [one.name, one.zipped])).toEqual([
      ['andon-evidence', true],
      ['globbed', true],
      ['evidence.json', false],
    ])
    expect(Object.keys(unzipSync(evidence?.bytes ?? new Uint8Array())).sort()).toEqual([
      'deep/log.txt',
      'evidence.json',
    ])
    expect(Object.keys(unzipSync(globbed?.bytes ?? new Uint8Array()))).toEqual(['deep/log.txt'])
    expect(strFromU8(bare?.bytes ?? new Uint8Array())).toBe('{"andon":1}\n')
    expect(evidence?.digest).toBe(sha256(evidence?.bytes))
    expect(seen.log).toContain(`digest ${evidence?.digest.slice(7)} id ${evidence?.id}`)
    expect(seen.log).toContain('an artifact with this name already exists')
    expect(seen.step('test', 'strict')).toBe('failure')
  })

  it('of the real client arrives zipped and bare, with the digest that the client computed', async () => {
    const seen = await bench.run(
      steps(
        `- uses: actions/checkout@v7\n- { id: up, uses: ./upload }\n- run: echo "digests \${{ steps.up.outputs.digests }}"`,
      ),
      {
        files: {
          'upload/action.yml': 'name: Up\ndescription: x\nruns: { using: node24, main: main.mjs }',
          'upload/main.mjs': upload,
        },
      },
    )
    expect(seen.log).not.toContain('exit code')
    expect(seen.conclusion).toBe('success')
    const [zipped, bare] = seen.artifacts
    expect(seen.artifacts.map((one) => [one.name, one.zipped, one.contentType])).toEqual([
      ['andon-evidence', true, 'application/zip'],
      ['evidence.json', false, 'application/json'],
    ])
    expect(
      JSON.parse(strFromU8(unzipSync(zipped?.bytes ?? new Uint8Array())['evidence.json'] ?? new Uint8Array())),
    ).toEqual({ andon: 1, request: '01JABC' })
    expect(JSON.parse(strFromU8(bare?.bytes ?? new Uint8Array()))).toEqual({ andon: 1, request: '01JABC' })
    for (const one of [zipped, bare]) expect(one?.digest).toBe(sha256(one?.bytes))
    expect(seen.log).toContain(`digests ${zipped?.digest.slice(7)} ${bare?.digest.slice(7)}`)
    expect(seen.log).toContain(`listed andon-evidence:${zipped?.digest} evidence.json:${bare?.digest}`)
    expect(seen.log).toMatch(/again: .*already exists/)
  })
})

function sha256(bytes: Uint8Array | undefined): string {
  return `sha256:${createHash('sha256')
    .update(bytes ?? '')
    .digest('hex')}`
}

// A dispatch over HTTP that is carried out for real, its artifact fetched with the installation's token.

import { unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { pushCommit } from '../../../src/sandbox/world/repositories.ts'
import { startAcme } from '../rest/acme.ts'

const workflow = `name: Greet
run-name: greet \${{ inputs.who }}
on: { workflow_dispatch: { inputs: { who: { required: true, type: string } } } }
permissions: { contents: read }
jobs:
  greet:
    runs-on: ubuntu-latest
    env: { TOKEN: "\${{ github.token }}", WHO: "\${{ inputs.who }}" }
    steps:
      - run: |
          test -n "$TOKEN"
          echo "hello $WHO" > greeting.txt
      - uses: actions/upload-artifact@v4
        with: { name: greeting, path: greeting.txt }
`

it('runs what was dispatched, names it, and hands out what it left', async () => {
  const acme = await startAcme({ runner: {} })
  const { octokit, at, world, olga, repository, sandbox } = acme
  pushCommit(world, olga, repository, 'main', { files: { '.github/workflows/greet.yml': workflow } })
  const made = await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
    ...at,
    workflow_id: 'greet.yml',
    ref: 'main',
    inputs: { who: 'world' },
    return_run_details: true,
  })
  const run_id = Number(made.data.workflow_run_id)
  await sandbox.runner?.idle()
  const run = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', { ...at, run_id })
  expect(run.data).toMatchObject({ display_title: 'greet world', status: 'completed', conclusion: 'success' })
  const listed = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', { ...at, run_id })
  const artifact_id = listed.data.artifacts[0]?.id ?? 0
  const route = 'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}'
  const zip = await octokit.request(route, { ...at, artifact_id, archive_format: 'zip' })
  const files = unzipSync(new Uint8Array(zip.data as ArrayBuffer))
  expect(Buffer.from(files['greeting.txt'] ?? []).toString()).toBe('hello world\n')
  await sandbox.stop()
})

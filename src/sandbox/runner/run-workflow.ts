// Reads a run's workflow at its commit and runs the jobs, in its turn of the `concurrency` group.
import { sentence } from '../../core/facts/problem.ts'
import { githubContext } from './environment.ts'
import type { Scope } from './expressions.ts'
import type { Conclusion } from './host.ts'
import { enterGroup, type Run } from './run.ts'
import { Jobs } from './run-jobs.ts'
import { readWorkflow, typedInputs } from './workflow-file.ts'

/** A file that is missing or wrong ends the run as a failure that says so. */
export async function runWorkflow(run: Run): Promise<Conclusion> {
  const { order, host } = run
  const bytes = host.commit(order, order.repository, order.sha)?.files.get(order.path)?.bytes
  const read = bytes ? readWorkflow(order.path, Buffer.from(bytes).toString('utf8')) : null
  if (!read?.ok) {
    return failAtOnce(
      run,
      read ? read.problems.map(sentence).join('\n') : `${order.path} is not in ${order.repository} at ${order.sha}.`,
    )
  }
  const file = read.value
  const inputs = typedInputs(file, order.inputs)
  const vars = host.variables(order.repository)
  const github = githubContext({ order, host, workflow: file.name, job: '', folders: null, token: '' })
  const scope: Scope = { contexts: { github, inputs, vars } }
  const leave = await enterGroup(run, file.token.find('concurrency'), scope, run.cancel)
  const jobs = new Jobs(run, file, scope)
  try {
    return await jobs.all()
  } finally {
    leave()
  }
}

function failAtOnce(run: Run, message: string): Conclusion {
  const { host, order } = run
  host.runStarted(order)
  const handle = host.jobQueued(order, { name: 'Invalid workflow file', labels: [] })
  host.jobEnded(order, handle, {
    conclusion: 'failure',
    log: `##[error]${message}\n`,
    summary: '',
    annotations: [{ level: 'failure', message, title: 'Invalid workflow file', file: order.path, line: null }],
  })
  return 'failure'
}

// A host for the runner's tests: repositories as plain objects, everything that is reported kept to be looked at.
import type {
  Conclusion,
  JobEnd,
  KeptArtifact,
  RunnerHost,
  RunnerOptions,
  RunOrder,
  StepReport,
} from '../../../src/sandbox/runner/host.ts'
import { Runner } from '../../../src/sandbox/runner/runner.ts'

type Files = Record<string, string>
type SeenJob = { name: string; labels: string[]; steps: StepReport[]; end: JobEnd | null; started: boolean }

type Seen = {
  started: boolean
  conclusion: Conclusion | null
  jobs: SeenJob[]
  artifacts: (KeptArtifact & { id: number })[]
  log: string
  job(name: string): SeenJob
  step(job: string, step: string): Conclusion | null
}

export const OTHER_SHA = 'b'.repeat(40)
const PATH = '.github/workflows/test.yml'

export type Bench = {
  runner: Runner
  seen: Map<number, Seen>
  take(workflow: string, more?: Partial<RunOrder> & { files?: Files }): number
  run(workflow: string, more?: Partial<RunOrder> & { files?: Files }): Promise<Seen>
}

export type BenchOptions = RunnerOptions & {
  secrets?: Record<string, string>
  variables?: Record<string, string>
  others?: Record<string, Files>
}

export async function startBench(options: BenchOptions = {}): Promise<Bench> {
  const seen = new Map<number, Seen>()
  const repositories = new Map<string, Files>(Object.entries(options.others ?? {}))
  const steps = new Map<number, SeenJob>()
  let next = 100
  const of = (order: RunOrder) => seen.get(order.id) as Seen
  const host: RunnerHost = {
    urls: {
      server: 'http://github.localhost:4321',
      api: 'http://127.0.0.1:4321/api/v3',
      graphql: 'http://127.0.0.1:4321/api/graphql',
    },
    commit(_, repository, ref) {
      const files = repositories.get(`${repository}@${ref}`)
      if (!files) return null
      const content = Object.entries(files).map(
        ([path, text]) => [path, { bytes: Buffer.from(text), executable: text.startsWith('#!') }] as const,
      )
      return { sha: ref.length === 40 ? ref : OTHER_SHA, files: new Map(content), objects: [] }
    },
    variables: () => options.variables ?? {},
    secrets: () => options.secrets ?? {},
    token: () => 'ghs_thetokenofthisjob',
    runStarted: (order) => void Object.assign(of(order), { started: true }),
    runEnded: (order, conclusion) => void Object.assign(of(order), { conclusion }),
    jobQueued(order, job) {
      next += 1
      const one: SeenJob = { ...job, steps: [], end: null, started: false }
      of(order).jobs.push(one)
      steps.set(next, one)
      return next
    },
    jobStarted: (_, job, list) => Object.assign(steps.get(job) ?? {}, { started: true, steps: list }),
    stepChanged: (_, job, list) => Object.assign(steps.get(job) ?? {}, { steps: structuredClone(list) }),
    jobEnded(order, job, end) {
      Object.assign(steps.get(job) ?? {}, { end })
      of(order).log += end.log
    },
    keepArtifact(order, artifact) {
      next += 1
      of(order).artifacts.push({ ...artifact, id: next })
      return next
    },
    removeArtifact(order, id) {
      of(order).artifacts = of(order).artifacts.filter((one) => one.id !== id)
    },
    artifactLink: (id) => `http://127.0.0.1:4321/artifacts/${id}`,
  }
  const runner = await Runner.start(host, { patience: { interrupt: 300, terminate: 300 }, ...options })

  function take(workflow: string, more: Partial<RunOrder> & { files?: Files } = {}): number {
    next += 1
    const id = next
    const { files, ...rest } = more
    const sha = rest.sha ?? String(id).padStart(40, 'a')
    const repository = rest.repository ?? 'acme/bot'
    repositories.set(`${repository}@${sha}`, { ...files, [PATH]: workflow })
    const inputs = rest.inputs ?? {}
    seen.set(id, {
      started: false,
      conclusion: null,
      jobs: [],
      artifacts: [],
      log: '',
      job(name) {
        const found = this.jobs.find((job) => job.name === name)
        if (!found) throw new Error(`no job ${name} among ${this.jobs.map((job) => job.name).join(', ')}`)
        return found
      },
      step(job, step) {
        return this.job(job).steps.find((one) => one.name === step)?.conclusion ?? null
      },
    })
    runner.take({
      id,
      number: 1,
      attempt: 1,
      repository,
      ref: 'refs/heads/main',
      sha,
      path: PATH,
      event: 'workflow_dispatch',
      actor: 'ada',
      triggeringActor: 'ada',
      inputs,
      payload: { inputs, ref: 'refs/heads/main', repository: { full_name: repository }, sender: { login: 'ada' } },
      ...rest,
    })
    return id
  }

  return {
    runner,
    seen,
    take,
    async run(workflow, more) {
      const id = take(workflow, more)
      await runner.idle()
      return seen.get(id) as Seen
    },
  }
}

/** A workflow of one job with these steps, written as YAML lines that begin with `- `. */
export function steps(lines: string, head = ''): string {
  const indented = lines.replaceAll(/^/gm, '      ')
  return `on: workflow_dispatch\n${head}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n${indented}\n`
}

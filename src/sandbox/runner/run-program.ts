// Runs a step's program with its command files, and takes over what it handed on.

import { patienceOf } from './environment.ts'
import { commandFiles, isProtectedVariable } from './file-commands.ts'
import { programEnvironment, type StepCall, type StepOutcome } from './job-state.ts'
import { isGroupAlive, runProcess } from './process.ts'

export type Program = { file: string; arguments: string[]; folder: string; variables: Record<string, string> }

export async function runProgram(call: StepCall, program: Program): Promise<StepOutcome> {
  const { job } = call
  const files = commandFiles(job.folders.temporary)
  const started: number[] = []
  const end = await runProcess({
    file: program.file,
    arguments: program.arguments,
    folder: program.folder,
    environment: programEnvironment(call, { ...program.variables, ...files.variables }),
    timeout: call.minutes * 60_000,
    // A step that runs although the job was cancelled can only be ended by the runner's own stop.
    cancel: job.cancel.aborted ? job.stop : AbortSignal.any([job.cancel, job.stop]),
    patience: patienceOf(job.options),
    onLine: (line) => job.log.output(line),
    onStart: (group) => started.push(group),
  })
  // A group that is empty is forgotten at once: its number may soon be that of a stranger.
  for (const group of started) if (isGroupAlive(group)) job.groups.add(group)
  const outputs = takeOver(call, files.read)
  switch (end.how) {
    case 'exited':
      if (end.code === 0 && outputs) return { result: 'success', outputs }
      if (end.code !== 0) job.log.error(`Process completed with exit code ${end.code}.`)
      return { result: 'failure', outputs: outputs ?? {} }
    case 'timed-out':
      job.log.error(`The action '${call.name}' has timed out after ${call.minutes} minutes.`)
      return { result: 'failure', outputs: outputs ?? {} }
    case 'cancelled':
      job.log.error('The operation was canceled.')
      return { result: 'cancelled', outputs: outputs ?? {} }
    case 'not-started':
      job.log.error(`The program ${program.file} could not be started: ${end.message}.`)
      return { result: 'failure', outputs: outputs ?? {} }
    default:
      return end satisfies never
  }
}

// null where a file has no valid form, which fails the step.
function takeOver({ job }: StepCall, read: ReturnType<typeof commandFiles>['read']): Record<string, string> | null {
  try {
    const handed = read()
    for (const [name, value] of Object.entries(handed.env)) {
      if (isProtectedVariable(name))
        job.log.warning(`Can't store ${name} output parameter using '$GITHUB_ENV' command.`)
      else job.env[name] = value
    }
    job.path.push(...handed.path)
    job.log.addSummary(handed.summary)
    return handed.outputs
  } catch (error) {
    job.log.error((error as Error).message)
    return null
  }
}

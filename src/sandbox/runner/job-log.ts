// One job's log: masked lines, annotations and the step summaries, each within GitHub's limits.
import { type Annotation, annotationOf, type LogCommand, readLogCommand } from './log-commands.ts'
import type { Masks } from './masks.ts'

const LINE_CHARACTERS = 64 * 1024
const LOG_CHARACTERS = 16 * 1024 * 1024
const SUMMARY_BYTES = 1024 * 1024
const ANNOTATIONS_A_STEP = 10

export class JobLog {
  readonly annotations: Annotation[] = []
  readonly masks: Masks
  summary = ''
  #lines: string[] = []
  #size = 0
  #stepAnnotations = { failure: 0, warning: 0, notice: 0 }
  #stopToken: string | null = null

  constructor(masks: Masks) {
    this.masks = masks
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join('')
  }

  beginStep(name: string): void {
    this.#stepAnnotations = { failure: 0, warning: 0, notice: 0 }
    this.#stopToken = null
    this.line(`##[group]${name}`)
    this.line('##[endgroup]')
  }

  /** A line that the runner itself writes. */
  line(text: string): void {
    if (this.#size > LOG_CHARACTERS) return
    for (const one of this.masks.hide(text).split('\n')) {
      const kept = one.length > LINE_CHARACTERS ? `${one.slice(0, LINE_CHARACTERS)}…` : one
      this.#lines.push(kept)
      this.#size += kept.length + 1
    }
    if (this.#size > LOG_CHARACTERS) this.#lines.push('The log is too long: the rest is left out.')
  }

  error(message: string): void {
    this.#annotate({ level: 'failure', message, title: null, file: null, line: null })
    this.line(`##[error]${message}`)
  }

  warning(message: string): void {
    this.#annotate({ level: 'warning', message, title: null, file: null, line: null })
    this.line(`##[warning]${message}`)
  }

  /** A line that a step wrote: printed, or obeyed where it is a workflow command. */
  output(text: string): void {
    const command = readLogCommand(text)
    if (command && this.#stopToken === command.name) this.#stopToken = null
    else if (command && this.#stopToken === null) this.#obey(command, text)
    else this.line(text)
  }

  #obey(command: LogCommand, text: string): void {
    const annotation = annotationOf(command)
    if (annotation) {
      this.#annotate(annotation)
      this.line(`##[${command.name}]${annotation.message}`)
    } else if (command.name === 'add-mask') this.masks.add(command.value)
    else if (command.name === 'stop-commands') this.#stopToken = command.value.toLowerCase()
    else if (command.name === 'group' || command.name === 'endgroup') this.line(`##[${command.name}]${command.value}`)
    else if (['set-output', 'save-state', 'set-env', 'add-path'].includes(command.name)) {
      this.warning(`The \`${command.name}\` command is disabled. Please upgrade to using Environment Files.`)
    } else if (command.name !== 'debug' && command.name !== 'echo') this.line(text)
  }

  addSummary(text: string): void {
    if (text === '') return
    if (Buffer.byteLength(text) > SUMMARY_BYTES) {
      this.error('$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k.')
    } else this.summary += this.masks.hide(text)
  }

  #annotate(annotation: Annotation): void {
    this.#stepAnnotations[annotation.level] += 1
    if (this.#stepAnnotations[annotation.level] > ANNOTATIONS_A_STEP) return
    this.annotations.push({ ...annotation, message: this.masks.hide(annotation.message) })
  }
}

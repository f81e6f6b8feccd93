// The `::command key=value::text` lines by which a step speaks to the runner through its output.

export type Annotation = {
  level: 'failure' | 'warning' | 'notice'
  message: string
  title: string | null
  file: string | null
  line: number | null
}

export type LogCommand = { name: string; properties: Record<string, string>; value: string }

/** The command on a line; null for an ordinary line. */
export function readLogCommand(line: string): LogCommand | null {
  const found = /^\s*::([A-Za-z][\w-]*)(?: ([^\n]*?))?::(.*)$/s.exec(line)
  if (!found) return null
  const [, name = '', properties = '', value = ''] = found
  return { name: name.toLowerCase(), properties: readProperties(properties), value: unescapeData(value) }
}

const LEVELS: Record<string, Annotation['level']> = { error: 'failure', warning: 'warning', notice: 'notice' }

/** The annotation that an `error`, `warning` or `notice` asks for; null for other commands. */
export function annotationOf(command: LogCommand): Annotation | null {
  const level = Object.hasOwn(LEVELS, command.name) ? LEVELS[command.name] : undefined
  if (!level) return null
  const { file, line, title } = command.properties
  const number = Number(line)
  return {
    level,
    message: command.value,
    title: title ?? null,
    file: file ?? null,
    line: line && Number.isInteger(number) ? number : null,
  }
}

function readProperties(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const equals = pair.indexOf('=')
    return equals > 0 ? [[pair.slice(0, equals).trim().toLowerCase(), unescapeProperty(pair.slice(equals + 1))]] : []
  })
  return Object.fromEntries(pairs)
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
}

// Reads Prometheus' text format as strictly as it is written down, and throws at the first line that breaks it.

export type Sample = { name: string; labels: Record<string, string>; value: number }
export type MetricsText = {
  samples: Sample[]
  /** Name to help text. */
  help: Map<string, string>
  /** The one sample of these labels; undefined where there is none. */
  value(name: string, labels?: Record<string, string>): number | undefined
  /** Over all samples that bear at least these labels. */
  sum(name: string, labels?: Record<string, string>): number
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/

export function readMetrics(text: string): MetricsText {
  if (!text.endsWith('\n')) throw new Error('The last line must end too.')
  const help = new Map<string, string>()
  const types = new Map<string, string>()
  const samples: Sample[] = []
  const seen = new Set<string>()
  for (const line of text.split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line)
    if (comment) {
      const [, what, name = '', rest = ''] = comment
      const told = what === 'HELP' ? help : types
      if (told.has(name)) throw new Error(`${what} of ${name} comes twice.`)
      told.set(name, rest)
    } else if (line !== '') {
      const sample = sampleOf(line)
      const family = types.has(sample.name) ? sample.name : sample.name.replace(/_(bucket|sum|count)$/, '')
      const type = types.get(family)
      if (type === undefined || !help.has(family)) throw new Error(`${sample.name} has no HELP or TYPE before it.`)
      if (type === 'counter' && !family.endsWith('_total')) throw new Error(`The counter ${family} must end in _total.`)
      if (type !== 'counter' && family.endsWith('_total')) throw new Error(`${family} is no counter.`)
      const id = JSON.stringify([sample.name, Object.entries(sample.labels).sort()])
      if (seen.has(id)) throw new Error(`${line} comes twice.`)
      seen.add(id)
      samples.push(sample)
    }
  }
  for (const [name, type] of types) if (type === 'histogram') checkHistogram(name, samples)
  const bears = (sample: Sample, name: string, labels: Record<string, string>) =>
    sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
  return {
    samples,
    help,
    value: (name, labels = {}) =>
      samples.find((one) => bears(one, name, labels) && Object.keys(one.labels).length === Object.keys(labels).length)
        ?.value,
    sum: (name, labels = {}) =>
      samples.filter((one) => bears(one, name, labels)).reduce((sum, { value }) => sum + value, 0),
  }
}

function sampleOf(line: string): Sample {
  const [, name, inside = '', value = ''] = LINE.exec(line) ?? []
  if (name === undefined) throw new Error(`This is no sample: ${line}`)
  const labels: Record<string, string> = {}
  for (let rest = inside; rest !== ''; ) {
    const label = LABEL.exec(rest)
    if (!label?.[1]) throw new Error(`These are no labels: ${line}`)
    labels[label[1]] = label[2] ?? ''
    rest = rest.slice(label[0].length)
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) }
}

/** The buckets of one set of labels rise, and the last one, of +Inf, is the count. */
function checkHistogram(name: string, samples: Sample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`)
  const rising = buckets.every((bucket, index) => index === 0 || bucket.value >= (buckets[index - 1]?.value ?? 0))
  const last = buckets.at(-1)
  const count = samples.find((sample) => sample.name === `${name}_count`)?.value
  if (!rising || last?.labels.le !== '+Inf' || last.value !== count) throw new Error(`${name} is no histogram.`)
}

// Reads a command's arguments, and says in whole sentences what does not fit: on the terminal, or as JSON.
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { oneLine } from '../core/decision/explain/escape.ts'
import { nearest } from '../core/facts/nearest.ts'
import { harmlessJson } from './harmless-json.ts'
import type { ExitCode, Terminal } from './main.ts'

type Parsed<Config extends ParseArgsConfig> = ReturnType<typeof parseArgs<Config>>

/** As Node's own, whose messages speak of programs; throws an error with a sentence for people. */
export function parseArguments<Config extends ParseArgsConfig>(config: Config): Parsed<Config> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new Error(wrongIn(config) ?? 'These arguments cannot be read.', { cause: error })
  }
}

function wrongIn({ args = [], options = {}, allowPositionals }: ParseArgsConfig): string | null {
  const { tokens } = parseArgs({ args, options, allowPositionals: true, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional' && allowPositionals !== true)
      return `${JSON.stringify(token.value)} is one argument too many.`
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    if (!Object.hasOwn(options, name)) return unknown(rawName, name, Object.keys(options))
    const taken = value !== undefined && !(inlineValue === false && value.startsWith('-'))
    if (options[name]?.type === 'string' && !taken) return `${rawName} needs a value.`
    if (options[name]?.type === 'boolean' && value !== undefined) return `${rawName} takes no value.`
  }
  return null
}

function unknown(typed: string, name: string, options: string[]): string {
  const meant = nearest(name, options)
  const hint =
    meant === null ? `There are: ${options.map((one) => `--${one}`).join(', ')}.` : `Did you mean --${meant}?`
  return `There is no option ${typed}. ${hint}`
}

/** Where JSON is asked for, whoever reads it gets JSON. */
export function refuseArguments(terminal: Terminal, command: string, args: string[], problems: string[]): ExitCode {
  const help = `andon ${command} --help tells what can be asked.`
  if (args.includes('--json')) terminal.out(`${harmlessJson({ problems, help }, 2)}\n`)
  else terminal.err(`${problems.map((one) => `andon ${command}: ${oneLine(one, 500)}`).join('\n')} ${help}\n`)
  return 2
}

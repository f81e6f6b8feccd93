// Arguments that no command can do anything with: each command says so in its own words, and in JSON where that was asked for.
import { describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { hear } from '../support/terminal.ts'

const andon = (...args: string[]) => hear('/', (terminal) => main(args, terminal))

describe('an argument that does not fit', () => {
  it.each([
    [['simulate', '--board', 'acme/1', '--to'], '--to needs a value.'],
    [['search', '--to', '--limit', '3'], '--to needs a value.'],
    [['simulate', '--bord', 'acme/1'], 'There is no option --bord. Did you mean --board?'],
    [['verify', '--zzzzzzzz'], 'There is no option --zzzzzzzz. There are: --head, --json, --help.'],
    [['audit', 'gaps', '-x'], 'There is no option -x. There are: --owner, --json, --help.'],
    [['check', '--json=yes'], '--json takes no value.'],
    [['replay', 'ledger.jsonl'], '"ledger.jsonl" is one argument too many.'],
    [['init', '--dry-rnu'], 'There is no option --dry-rnu. Did you mean --dry-run?'],
    [['release', '--toString'], 'There is no option --toString. There are: --list, --json, --help.'],
    [['demo', '--stroy'], 'There is no option --stroy. Did you mean --story?'],
  ])('is named: andon %j', async (args, words) => {
    expect(await andon(...args)).toEqual({
      code: 2,
      out: '',
      err: `andon ${args[0]}: ${words} andon ${args[0]} --help tells what can be asked.\n`,
    })
  })

  it.each([
    [['check', 'a', 'b'], 'One file at a time, please.'],
    [['simulate', '--to'], '--to needs a value.'],
    [['init', '--prest', 'x'], 'There is no option --prest. Did you mean --preset?'],
    [['demo'], '--json belongs to --story.'],
  ])('is named in JSON where that is asked for: andon %j', async (args, words) => {
    const { code, out, err } = await andon(...args, '--json')
    expect({ code, err }).toEqual({ code: 2, err: '' })
    expect(JSON.parse(out)).toEqual({ problems: [words], help: `andon ${args[0]} --help tells what can be asked.` })
  })

  it('cannot steer the terminal', async () => {
    const { err } = await andon('replay', '\u001b[31mred')
    expect(err).not.toContain('\u001b')
  })
})

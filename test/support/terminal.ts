// Runs a command of the command line, and tells what it said on its terminal.
import type { Terminal } from '../../src/cli/main.ts'

export type Said<Code extends number = number> = { code: Code; out: string; err: string }

/** `command` is given the terminal, of the working directory `cwd`. */
export async function hear<Code extends number>(
  cwd: string,
  command: (terminal: Terminal) => Promise<Code>,
  color = false,
): Promise<Said<Code>> {
  let [out, err] = ['', '']
  const code = await command({
    cwd,
    color,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { code, out, err }
}

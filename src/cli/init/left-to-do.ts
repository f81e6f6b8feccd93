// What no file can switch on: told to whoever administers the organization, in the order in which it is done.
import { parse } from 'yaml'
import type { Policy } from '../../core/policy/policy.ts'
import { LABELS_PATH, POLICY_PATH, type PresetFile } from '../../presets.ts'

type Label = { name: string; color: string; description: string }

type Asked = { project: number | null; team: string | null }

export function leftToDo(policy: Policy, files: PresetFile[], asked: Asked): string[] {
  const labels = files.find((file) => file.path === LABELS_PATH)?.text ?? ''
  const steps = [...yours(policy, asked), ...administrators(policy)]
  return [
    'What is left to do:',
    '',
    ...steps.map((step, at) => `${`${at + 1}.`.padEnd(3)} ${step.replaceAll('\n', '\n    ')}`),
    '',
    'The labels, by the command line of GitHub:',
    '',
    ...(parse(labels) as Label[]).map(createLabel),
  ]
}

/** What the team settles in the policy and on the board. */
function yours(policy: Policy, asked: Asked): string[] {
  const columns = policy.columns.map(({ name }) => name).join(', ')
  const teams = [...new Set(teamsIn(policy))].filter((team) => team !== asked.team)
  return [
    ...(asked.project === null
      ? [`In ${POLICY_PATH}, set board.project to the number of your organization's project.`]
      : []),
    ...(teams.length === 1 ? [`In ${POLICY_PATH}, name a team that exists instead of ${teams[0]}, or create it.`] : []),
    ...(teams.length > 1
      ? [`In ${POLICY_PATH}, name teams that exist instead of ${teams.join(', ')}, or create them.`]
      : []),
    `Give the board's field ${policy.board.field} these options, in this order: ${columns}.`,
    'Commit these files to the default branch: a policy counts nowhere else. Name owners for .github in CODEOWNERS.',
  ]
}

/** Every team that is named, wherever a policy may name one. */
function teamsIn(policy: unknown): string[] {
  if (typeof policy !== 'object' || policy === null) return []
  return Object.entries(policy).flatMap(([key, value]) =>
    key === 'teams' && Array.isArray(value) ? value.map(String) : teamsIn(value),
  )
}

/** What needs the rights of an administrator of the organization or the repository. */
function administrators(policy: Policy): string[] {
  const runs =
    Object.keys(policy.workflows).length > 0 || Object.values(policy.gates).some((gate) => gate.kind === 'evaluation')
  return [
    'Register the app from app.yml and install it on the organization, for this repository too. Boards of a person send no webhooks.',
    `Require the check \`andon\`, bound to the app: a ruleset for the default branch, "Require status checks to pass", \`andon\`
with the app as its source. Unbound, anybody's check of that name would do.`,
    'On the board, turn off the workflows "Item closed", "Pull request merged" and "Auto-close issue": they move cards by themselves.',
    ...(runs
      ? [
          `Let the app start workflows: Settings > Actions > General must allow Actions, and where workflow execution protections
are on, put the app's bot on their allow-list.`,
        ]
      : []),
    ...(Object.keys(policy.workflows).length > 0
      ? [
          'Make the environment `production` with your own rules and secrets, and turn off "Allow administrators to bypass".',
        ]
      : []),
    `Set how long Actions keeps runs, checks and artifacts as your auditors ask (Settings > Actions > General; 90 days at most
for a public repository). Andon's own record is kept apart from it, and is never cut.`,
    'Then: andon check, and andon simulate to see what would happen to each card, before anybody is held to it.',
  ]
}

/** As a shell takes it, whatever is in it. */
function createLabel({ name, color, description }: Label): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  return `  gh label create ${quote(name)} --color ${color} --description ${quote(description)} --force`
}

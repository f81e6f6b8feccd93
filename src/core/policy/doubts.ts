// Warns of what a policy may say and hardly means: gates that nobody asks for, columns that can be entered unasked.
import { SECTIONS } from '../facts/manifest.ts'
import type { Problem } from '../facts/problem.ts'
import { unknownName } from '../facts/shape.ts'
import { budgetDoubts } from './budget-doubts.ts'
import type { Merged } from './merged.ts'
import { moverDoubts } from './mover-doubts.ts'
import type { GateRule, Policy } from './policy.ts'
import { vainRules } from './vain.ts'
import { WAIVER_DAYS } from './waiver-schema.ts'

export function doubtsOf(policy: Policy, merged: Merged, now: number | null): Problem[] {
  return [
    ...unused(policy, merged),
    ...unguarded(policy, merged),
    ...shadowed(policy, merged),
    ...moverDoubts(policy, merged),
    ...strangeSections(policy, merged),
    ...vainRules(policy, merged, now),
    ...budgetDoubts(policy, merged),
    ...idleWaivers(policy, merged),
    ...idleLane(policy, merged),
    ...boundlessLane(policy, merged),
  ]
}

/** Columns that any card may enter, because no gate is named for the way into them. */
export function openColumns(policy: Policy): string[] {
  return policy.columns.filter((_, at) => gatesInto(policy, at).length === 0).map((column) => column.name)
}

function gatesInto(policy: Policy, at: number): GateRule[] {
  const names = [...(policy.columns[at - 1]?.leave ?? []), ...(policy.columns[at]?.enter ?? [])]
  return names.flatMap((name) => policy.gates[name] ?? [])
}

function unused(policy: Policy, merged: Merged): Problem[] {
  const asked = new Set(policy.columns.flatMap((column) => [...column.leave, ...column.enter]))
  const run = new Set(policy.columns.flatMap((column) => column.then))
  const gates = Object.keys(policy.gates).filter((name) => !asked.has(name))
  const workflows = Object.keys(policy.workflows).filter((name) => !run.has(name))
  return [
    ...gates.map((name) =>
      merged.problem(['gates', name], {
        message: `No column asks for the gate \`${name}\`.`,
        remedy: 'Name it in `enter` or `leave` of a column.',
      }),
    ),
    ...workflows.map((name) =>
      merged.problem(['workflows', name], {
        message: `No column runs the workflow \`${name}\`.`,
        remedy: 'Name it in `then` of a column.',
      }),
    ),
  ]
}

/** A way into a column that has gates, for a card to which none of them applies. */
function unguarded(policy: Policy, merged: Merged): Problem[] {
  return policy.columns.flatMap((column, at) => {
    const gates = gatesInto(policy, at)
    if (gates.length === 0) return []
    const deciding = gates.filter((gate) => gate.enforce)
    const card = deciding.length === 0 ? 'none of its gates is enforced' : cardThatSlips(deciding, policy)
    if (card === null) return []
    const message = `A card could enter \`${column.name}\` with no gate that decides: ${card}.`
    const path = column.enter.length > 0 ? ['columns', at, 'enter'] : ['columns', at]
    return [merged.problem(path, { message, remedy: 'Add a gate without `when`, if that is not meant.' })]
  })
}

/** Tries every kind and risk that the gates' conditions name, and one that they do not, on a card without labels. */
function cardThatSlips(gates: GateRule[], policy: Policy): string | null {
  const kinds = [...new Set(gates.flatMap((gate) => gate.when?.changes ?? []))]
  const risks = ['default', ...policy.risk.map((risk) => risk.name)]
  for (const risk of risks) {
    for (const kind of [null, ...kinds]) {
      const applies = ({ when }: GateRule) =>
        when === null ||
        ((when.changes === undefined || (kind !== null && when.changes.includes(kind))) &&
          (when.risk?.includes(risk) ?? true) &&
          when.labels === undefined &&
          when.agents === undefined)
      if (!gates.some(applies))
        return `one of ${kind === null ? 'another kind' : `kind \`${kind}\``} at risk \`${risk}\`, without labels`
    }
  }
  return null
}

/** The first kind whose label is on a card is the card's: a second one of the same label is never reached. */
function shadowed(policy: Policy, merged: Merged): Problem[] {
  return policy.changes.flatMap((rule, at) => {
    const first = rule.label === null ? at : policy.changes.findIndex((other) => other.label === rule.label)
    if (first === at) return []
    const message = `No label makes a change \`${rule.name}\`: \`${rule.label}\` makes it \`${policy.changes[first]?.name}\`.`
    return [merged.problem(['changes', rule.name, 'label'], { message, remedy: 'Give it a label of its own.' })]
  })
}

function strangeSections(policy: Policy, merged: Merged): Problem[] {
  return policy.changes.flatMap((rule) =>
    rule.requires.flatMap((section, at) =>
      SECTIONS.includes(section)
        ? []
        : [
            merged.problem(
              ['changes', rule.name, 'requires', at],
              unknownName(section, SECTIONS, 'is no section that Andon knows'),
            ),
          ],
    ),
  )
}

/** What a policy says of waivers and can never come to use. */
function idleWaivers(policy: Policy, merged: Merged): Problem[] {
  const most = policy.waivers?.longestDays ?? WAIVER_DAYS
  const waivable = Object.values(policy.gates).filter((gate) => gate.waive)
  const found = waivable.flatMap(({ name, enforce, waive }) => [
    ...(enforce
      ? []
      : [
          merged.problem(['gates', name, 'waive'], {
            message: `\`${name}\` is only shown: there is nothing to waive.`,
            remedy: 'Leave out `waive`, or `enforce: false`.',
          }),
        ]),
    ...((waive?.longestDays ?? 0) > most
      ? [
          merged.problem(['gates', name, 'waive', 'longest-days'], {
            message: `\`${name}\` may be waived for ${waive?.longestDays} days, and no gate for more than ${most}.`,
            remedy: 'The smaller number counts.',
          }),
        ]
      : []),
  ])
  if (policy.waivers && waivable.length === 0)
    found.push(
      merged.problem(['waivers'], {
        message: 'No gate may be waived.',
        remedy: 'Give a gate `waive` with the teams that may, or leave out `waivers`.',
      }),
    )
  return found
}

/** An emergency lane that never opens, because a card with its label is held. */
function idleLane(policy: Policy, merged: Merged): Problem[] {
  if (policy.emergency?.label !== policy.labels.hold) return []
  const message = `\`${policy.labels.hold}\` is the label that holds a card, too: the lane never opens.`
  return [merged.problem(['emergency', 'label'], { message, remedy: 'Give it a label of its own.' })]
}

/** An emergency lane that skips every gate that decides. */
function boundlessLane(policy: Policy, merged: Merged): Problem[] {
  const { emergency } = policy
  const names = new Set(policy.columns.flatMap((column) => [...column.leave, ...column.enter]))
  const deciding = [...names].filter((name) => policy.gates[name]?.enforce)
  if (!emergency || deciding.length === 0 || deciding.some((name) => !emergency.skips.includes(name))) return []
  const message = 'An emergency skips every gate that decides: nothing is asked of its cards.'
  return [merged.problem(['emergency', 'skips'], { message, remedy: 'Leave one out of `skips`, as an approval.' })]
}

// GitHub's built-in board workflows, which move cards as `github-project-automation[bot]`.
import type { BoardWorkflow, Item } from './board.ts'
import { moveCard } from './card-fields.ts'
import { boardAutomation } from './install.ts'
import { statusField } from './payloads/card.ts'
import type { Thread } from './thread.ts'
import type { World } from './world.ts'

/** Moves every card of that issue or pull request where the board's workflow for the occasion is on. */
export function automate(world: World, thread: Thread, occasion: BoardWorkflow['name']): void {
  for (const item of thread.items) automateItem(world, item, occasion)
}

export function automateItem(world: World, item: Item, occasion: BoardWorkflow['name']): void {
  if (item.archivedAt || item.project.closed) return
  const workflow = item.project.workflows.find((candidate) => candidate.name === occasion)
  const target = workflow?.target.toLowerCase()
  if (!workflow?.enabled) return
  if (!statusField(item.project).options.some((option) => option.name.toLowerCase() === target)) return
  moveCard(world, boardAutomation(world), item, workflow.target, { as: 'edited', automated: true })
}

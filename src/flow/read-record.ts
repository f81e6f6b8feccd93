// Answers what a gate asks of Andon's own record: what was done with the other cards of the board.
import type { CardAddress } from '../core/facts/card.ts'
import type { RecordAnswer, RecordQuestion } from '../core/facts/record-question.ts'
import type { World } from './world.ts'

export async function readRecord(
  _world: World,
  _address: CardAddress,
  question: RecordQuestion,
): Promise<RecordAnswer> {
  switch (question.of) {
    case 'waivers':
      return []
    default:
      return question.of satisfies never
  }
}

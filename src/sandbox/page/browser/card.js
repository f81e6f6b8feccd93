// Draws one card of the board.
import { drawLabel, drawState, make } from './element.js'

/** `hands`: open(id), menu(id, button) and the drag's start and end. */
export function drawCard(card, hands) {
  const name = card.number === null ? 'draft' : `#${card.number}`
  const title = make(
    'a',
    {
      class: 'title',
      href: `?card=${card.id}`,
      draggable: 'false',
      'aria-describedby': 'how',
      onclick: (event) => {
        event.preventDefault()
        event.stopPropagation()
        hands.open(card.id)
      },
    },
    card.title,
  )
  const menu = make(
    'button',
    {
      class: 'more',
      type: 'button',
      'aria-haspopup': 'menu',
      'aria-label': `Move ${name} to…`,
      title: 'Move to…',
      onclick: (event) => {
        event.stopPropagation()
        hands.menu(card.id, event.currentTarget)
      },
    },
    '⋯',
  )
  return make(
    'li',
    {
      class: card.closed ? 'card closed' : 'card',
      draggable: 'true',
      data: { card: card.id },
      onclick: () => hands.open(card.id),
      ondragstart: (event) => hands.lift(card.id, event),
      ondragend: () => hands.drop(),
    },
    make(
      'p',
      { class: 'kind quiet' },
      make('span', {}, `${card.kind} ${card.number === null ? '' : name}`.trim()),
      menu,
    ),
    title,
    card.labels.length > 0 && make('p', { class: 'labels' }, card.labels.map(drawLabel)),
    make(
      'p',
      { class: 'foot quiet' },
      card.checks ? drawState(card.checks) : make('span', {}, 'no checks'),
      make('span', {}, `by ${card.author}`),
    ),
    card.moved && make('p', { class: card.moved.back ? 'moved back' : 'moved quiet' }, wordsOf(card.moved)),
  )
}

function wordsOf({ by, back, from }) {
  if (!from) return `put here by ${by}`
  return back ? `↩ returned by ${by} from ${from}` : `moved by ${by} from ${from}`
}

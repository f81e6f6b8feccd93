// The board page: draws what the server tells, and tells the server what people do.
import { drawCard } from './card.js'
import { startCarrying } from './carry.js'
import { make } from './element.js'
import { openMenu } from './menu.js'
import { startPanel } from './panel.js'

const byId = (id) => document.getElementById(id)
const base = location.pathname.replace(/\/$/, '')
const stage = byId('board')
const actor = byId('actor')
/** How long a card that was sent back stays marked. */
const MARKED_MS = 8_000
const SLIDE_MS = 450

let board = null
let opened = null
let waiting = null
/** Card id to its element and what it was drawn from. */
const drawn = new Map()

const panel = startPanel({ actor: () => actor.value, act, close: closeCard })
const carry = startCarrying(stage, {
  columns: () => board.columns,
  columnOf: (id) => cardOf(id)?.column ?? null,
  move,
  open: openCard,
  menu: openMoveMenu,
  settle: () => waiting && draw(waiting),
})
const hands = { open: openCard, menu: openMoveMenu, lift: carry.lift, drop: carry.drop }

const events = new EventSource(`${base}/events`)
events.onopen = () => say(byId('line'), '')
events.onerror = () => say(byId('line'), 'The board is not connected; trying again…')
events.onmessage = ({ data }) => {
  const next = JSON.parse(data)
  // A card in hand would fall out of it if the board were drawn anew.
  if (carry.lifted()) waiting = next
  else draw(next)
}
actor.addEventListener('change', () => {
  localStorage.setItem('actor', actor.value)
  refreshPanel()
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && opened !== null && !byId('menu').matches(':popover-open')) closeCard()
})

function draw(next) {
  const before = board
  board = next
  waiting = null
  if (before === null) drawFrame()
  const focused = focusedControl()
  const places = new Map([...drawn].map(([id, { element }]) => [id, element.getBoundingClientRect()]))
  for (const column of stage.querySelectorAll('.column')) drawColumn(column)
  for (const [id, { element }] of drawn) if (!cardOf(id)) element.remove() || drawn.delete(id)
  if (focused) stage.querySelector(`[data-card="${focused.card}"] .${focused.control}`)?.focus()
  for (const card of board.cards) {
    const was = before?.cards.find((other) => other.id === card.id)
    if (was && was.column !== card.column) tellMove(card, places.get(card.id))
  }
  if (before === null) openFromAddress()
  else refreshPanel()
}

function drawFrame() {
  document.title = `${board.title} · ${board.organization}`
  byId('title').textContent = board.title
  byId('place').textContent = `${board.organization}, project ${board.number}`
  actor.replaceChildren(
    ...board.people.map(({ login, teams }) =>
      make('option', { value: login }, teams.length > 0 ? `${login} (${teams.join(', ')})` : login),
    ),
  )
  const last = localStorage.getItem('actor')
  const first = board.people.find(({ teams }) => teams.length > 0) ?? board.people[0]
  actor.value = board.people.some(({ login }) => login === last) ? last : (first?.login ?? '')
  const columns = board.cards.some((card) => card.column === null) ? [null, ...board.columns] : board.columns
  stage.replaceChildren(
    ...columns.map((column) => {
      const name = column ?? 'No column'
      return make(
        'section',
        { class: 'column', 'aria-label': name, data: { column: column ?? '' } },
        make('h2', {}, name, ' ', make('span', { class: 'count' })),
        make('ul', { class: 'cards', 'aria-label': `Cards in ${name}` }),
      )
    }),
  )
}

function drawColumn(section) {
  const cards = board.cards.filter((card) => (card.column ?? '') === section.dataset.column)
  const count = section.querySelector('.count')
  count.textContent = String(cards.length)
  count.setAttribute('aria-label', `${cards.length} ${cards.length === 1 ? 'card' : 'cards'}`)
  const list = section.querySelector('.cards')
  cards.forEach((card, index) => {
    const text = JSON.stringify(card)
    const old = drawn.get(card.id)
    if (old?.text !== text) {
      const element = drawCard(card, hands)
      if (old?.element.classList.contains('returned')) element.classList.add('returned')
      if (card.id === opened) element.classList.add('open')
      old?.element.replaceWith(element)
      drawn.set(card.id, { element, text })
    }
    const { element } = drawn.get(card.id)
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null)
  })
}

/** Says where a card went, lets it slide there, and marks one that was sent back. */
function tellMove(card, from) {
  const { element } = drawn.get(card.id)
  const by = card.moved ? ` by ${card.moved.by}` : ''
  const returned = card.moved?.back === true
  say(byId('said'), `${card.title}: ${returned ? 'returned' : 'moved'} to ${card.column ?? 'no column'}${by}.`)
  const to = element.getBoundingClientRect()
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  if (from && !calm) {
    const start = `translate(${from.left - to.left}px, ${from.top - to.top}px)`
    element.animate(
      [
        { transform: start, zIndex: 1 },
        { transform: 'none', zIndex: 1 },
      ],
      { duration: SLIDE_MS, easing: 'ease-in-out' },
    )
  }
  if (!returned) return
  element.classList.add('returned')
  setTimeout(() => drawn.get(card.id)?.element.classList.remove('returned'), MARKED_MS)
}

function focusedControl() {
  const element = document.activeElement
  const card = element?.closest?.('.card')?.dataset.card
  const control = ['title', 'more'].find((name) => element?.classList.contains(name))
  return card && control ? { card, control } : null
}

function cardOf(id) {
  return board.cards.find((card) => card.id === id)
}

function openMoveMenu(id, button) {
  openMenu(button, board.columns, cardOf(id)?.column, (column) => move(id, column))
}

async function move(id, column, after) {
  if (column === '') return
  const why = await act({ act: 'move', card: id, column, ...(after !== undefined && { after }) })
  byId('refused').hidden = why === null
  say(byId('refused'), why ?? '')
}

/** Null, or the sentence that says why it was not done. */
async function act(what) {
  try {
    const answer = await fetch(`${base}/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as: actor.value, ...what }),
    })
    return (await answer.json()).refused
  } catch {
    return 'The board could not be reached; nothing was changed.'
  }
}

async function openCard(id) {
  opened = id
  history.replaceState(null, '', `${base}?card=${id}`)
  markOpen()
  await refreshPanel()
  panel.focus()
}

function closeCard() {
  const id = opened
  opened = null
  panel.close()
  history.replaceState(null, '', base)
  markOpen()
  drawn.get(id)?.element.querySelector('.title').focus()
}

function openFromAddress() {
  const id = Number(new URLSearchParams(location.search).get('card'))
  if (cardOf(id)) openCard(id)
}

async function refreshPanel() {
  const id = opened
  if (id === null) return
  const answer = await fetch(`${base}/cards/${id}`).catch(() => null)
  if (opened !== id || answer === null) return
  if (answer.ok) panel.draw(await answer.json())
  else closeCard()
}

function markOpen() {
  for (const [id, { element }] of drawn) element.classList.toggle('open', id === opened)
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text
}

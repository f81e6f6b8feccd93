// The menu "Move to…" of a card, for the keyboard, for touch, and for whoever would rather not drag.
import { make } from './element.js'

const element = document.getElementById('menu')

/** Opens below `button`; `choose(column)` is called with the column that was picked. */
export function openMenu(button, columns, current, choose) {
  const pick = (column) => {
    element.hidePopover()
    choose(column)
  }
  const entries = columns.map((column) =>
    make(
      'button',
      {
        type: 'button',
        role: 'menuitemradio',
        tabindex: '-1',
        'aria-checked': String(column === current),
        onclick: () => pick(column),
      },
      column,
    ),
  )
  element.replaceChildren(...entries)
  element.setAttribute('aria-label', 'Move to')
  element.onkeydown = (event) => {
    const at = entries.indexOf(document.activeElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key]
    if (event.key === 'Tab') return element.hidePopover()
    if (to === undefined) return
    event.preventDefault()
    entries.at(to % entries.length)?.focus()
  }
  element.ontoggle = (event) => {
    if (
      event.newState === 'closed' &&
      (element.contains(document.activeElement) || document.activeElement === document.body)
    )
      button.focus()
  }
  element.showPopover()
  const place = button.getBoundingClientRect()
  const left = Math.min(place.left, innerWidth - element.offsetWidth - 8)
  const top =
    place.bottom + element.offsetHeight + 8 > innerHeight ? place.top - element.offsetHeight - 4 : place.bottom + 4
  element.style.left = `${Math.max(8, left)}px`
  element.style.top = `${Math.max(8, top)}px`
  ;(entries[columns.indexOf(current)] ?? entries[0])?.focus()
}

// Tables, by the keyboard.

/** Makes a table one stop of the Tab key. In it, up and down lead from row to row, left and right from button to button. */
export function walkable(table) {
  const body = table.tBodies[0];
  const rowsOf = () => [...body.rows].filter((tr) => !tr.hidden && tr.querySelector('button'));
  let stop;
  const setStop = (button) => {
    if (stop) { stop.tabIndex = -1; }
    stop = button;
    if (stop) { stop.tabIndex = 0; }
  };
  body.addEventListener('focusin', ({ target }) => {
    if (target.tagName === 'BUTTON') { setStop(target); }
  });
  body.addEventListener('keydown', (event) => {
    const tr = event.target.closest('tr');
    const all = rowsOf();
    const at = all.indexOf(tr);
    const buttons = [...tr.querySelectorAll('button')];
    const column = buttons.indexOf(event.target);
    const beside = { ArrowLeft: buttons[column - 1], ArrowRight: buttons[column + 1] }[event.key];
    const row = { ArrowUp: all[at - 1], ArrowDown: all[at + 1], Home: all[0], End: all.at(-1) }[event.key];
    const next = beside ?? row?.querySelectorAll('button')[column] ?? row?.querySelector('button');
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
  /** After rows came or went: the latest is the stop, unless a person is in the table. */
  return () => {
    if (!stop?.isConnected || stop.closest('tr').hidden || !body.contains(document.activeElement)) {
      setStop([...body.rows].findLast((tr) => !tr.hidden && tr.querySelector('button'))?.querySelector('button'));
    }
  };
}

'use strict';
{
  const rowHeight = 34;
  const spareRows = 10;
  const mostPrinted = 1000;
  const hiddenMarks = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

  const find = id => document.getElementById(id);
  const report = JSON.parse(find('report').textContent);
  const isComparison = report.baseline !== undefined;
  const lines = find('rows').textContent.split('\n').filter(line => line.length > 0);
  const rows = lines.map(summarize);
  let shown = rows;
  let order = { key: 'index', falls: false };
  let opened = -1;
  let printAll = false;

  // A row as the table needs it; the rest is read from its line again when it is opened or searched.
  function summarize(line, index) {
    const row = JSON.parse(line);
    const values = report.columns.map(column => compare(column, row.evaluations[column.label], row.baseline?.evaluations[column.label]));
    return {
      index,
      id: row.record_id || row.span_id || `row ${index + 1}`,
      iteration: row.run_iteration,
      isError: row.status === 'error',
      failed: row.status === 'error' || Object.values(row.evaluations).some(one => one.assessment === 'fail' || one.error),
      isNew: isComparison && row.baseline === undefined,
      differs: row.baseline !== undefined && JSON.stringify(row.output) !== JSON.stringify(row.baseline.output),
      input: preview(row.input),
      output: row.status === 'error' ? row.error?.message ?? 'failed' : preview(row.output),
      seconds: row.duration === undefined ? undefined : row.duration / 1e9,
      values,
      text: undefined,
    };
  }

  function compare(column, evaluation, before) {
    const number = numberOf(evaluation);
    const was = numberOf(before);
    const value = {
      number,
      text: textOf(evaluation),
      before: before && textOf(before),
      failed: evaluation?.assessment === 'fail' || evaluation?.error !== undefined,
      delta: undefined,
      gain: 0,
    };
    if (number !== undefined && was !== undefined) {
      value.delta = number - was;
      value.gain = Math.sign(value.delta) * (column.lowerIsBetter ? -1 : 1);
    }

    return value;
  }

  function numberOf(evaluation) {
    if (typeof evaluation?.value === 'number') {
      return evaluation.value;
    }

    if (typeof evaluation?.value === 'boolean') {
      return evaluation.value ? 1 : 0;
    }

    return evaluation?.value === undefined && evaluation?.assessment ? (evaluation.assessment === 'pass' ? 1 : 0) : undefined;
  }

  function textOf(evaluation) {
    if (evaluation === undefined) {
      return '';
    }

    if (evaluation.error) {
      return 'error';
    }

    const value = evaluation.value ?? evaluation.assessment ?? '';
    return typeof value === 'number' ? String(Math.round(value * 1e4) / 1e4) : typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  function preview(value) {
    const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    return text.length > 300 ? `${text.slice(0, 300)}…` : text;
  }

  // Numbers as they were written: JavaScript's have 53 bits.
  function exact(line) {
    return JSON.parse(line, (key, value, context) => (typeof value === 'number' && context?.source && String(value) !== context.source
      ? JSON.rawJSON?.(context.source) ?? value
      : value));
  }

  const asText = value => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2));

  function searched(row) {
    if (row.text === undefined) {
      const parts = [];
      collect(JSON.parse(lines[row.index]), parts);
      row.text = parts.join('\n').toLowerCase();
    }

    return row.text;
  }

  // A reviver would be asked for each member, and takes three times as long.
  function collect(value, parts) {
    if (typeof value === 'string' || typeof value === 'number') {
      parts.push(value);
    } else if (value !== null && typeof value === 'object') {
      for (const one of Object.values(value)) {
        collect(one, parts);
      }
    }
  }

  // Ready before somebody types, without holding up the page.
  function readAhead(from) {
    requestIdleCallback(deadline => {
      let next = from;
      while (next < rows.length && deadline.timeRemaining() > 1) {
        searched(rows[next]);
        next += 1;
      }

      if (next < rows.length) {
        readAhead(next);
      }
    });
  }

  function element(name, content, attributes = {}) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value);
    }

    if (typeof content === 'string') {
      put(made, content);
    } else if (content) {
      made.append(...[content].flat());
    }

    return made;
  }

  // Text of others: never markup, and marks that can't be seen are named.
  function put(parent, text) {
    if (!hiddenMarks.test(text)) {
      parent.append(text);
      return;
    }

    for (const part of text.split(new RegExp(`(${hiddenMarks.source})`, 'u'))) {
      parent.append(hiddenMarks.test(part)
        ? element('span', `[U+${part.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`, { class: 'mark' })
        : part);
    }
  }

  const columns = [
    { key: 'index', name: '#', width: '4.5rem', of: row => row.index, cell: row => String(row.index + 1) },
    { key: 'id', name: 'Record', width: '10rem', of: row => row.id, cell: row => row.id },
    { key: 'status', name: 'Status', width: '6.5rem', of: row => statusOf(row), cell: row => statusOf(row), look: row => (row.failed ? 'bad' : '') },
    { key: 'input', name: 'Input', width: '', of: row => row.input, cell: row => row.input },
    { key: 'output', name: 'Output', width: '', of: row => row.output, cell: row => row.output, look: row => (row.isError ? 'bad' : '') },
    ...report.columns.map((column, at) => ({
      key: `metric ${at}`,
      name: column.label,
      width: isComparison ? '12rem' : '9rem',
      of: row => (isComparison && row.values[at].delta !== undefined ? row.values[at].delta : row.values[at].number ?? row.values[at].text),
      cell: row => cellOf(row.values[at]),
      look: row => `number ${lookOf(row.values[at])}`,
    })),
    { key: 'seconds', name: 'Seconds', width: '7rem', of: row => row.seconds, cell: row => row.seconds?.toFixed(3) ?? '', look: () => 'number' },
  ];

  function statusOf(row) {
    return row.isError ? 'error' : row.failed ? 'failed' : row.isNew ? 'new' : 'ok';
  }

  function cellOf(value) {
    if (value.before === undefined || value.before === value.text) {
      return value.text;
    }

    return `${value.before || '–'} → ${value.text || '–'}${value.gain > 0 ? ' better' : value.gain < 0 ? ' worse' : ''}`;
  }

  function lookOf(value) {
    return isComparison && value.delta !== undefined ? (value.gain > 0 ? 'good' : value.gain < 0 ? 'bad' : '') : value.failed ? 'bad' : '';
  }

  const tests = {
    all: () => true,
    failed: (row, at) => (at < 0 ? row.failed : row.values[at].failed),
    regressed: (row, at) => some(row, at, value => value.gain < 0),
    improved: (row, at) => some(row, at, value => value.gain > 0),
    differs: row => row.differs,
    new: row => row.isNew,
  };

  function some(row, at, test) {
    return at < 0 ? row.values.some(test) : test(row.values[at]);
  }

  function apply() {
    const words = find('search').value.trim().toLowerCase();
    const test = tests[find('show').value];
    const at = Number(find('metric').value);
    const below = find('below').value === '' ? undefined : Number(find('below').value);
    shown = rows.filter(row => test(row, at)
      && (below === undefined || some(row, at, value => value.number < below))
      && (words === '' || searched(row).includes(words)));
    if (order.key !== 'index' || order.falls) {
      const { of } = columns.find(column => column.key === order.key);
      shown.sort((left, right) => compareValues(of(left), of(right), order.falls ? -1 : 1) || left.index - right.index);
    }

    find('count').textContent = shown.length === rows.length ? `${rows.length.toLocaleString('en')} rows` : `${shown.length.toLocaleString('en')} of ${rows.length.toLocaleString('en')} rows`;
    find('table').setAttribute('aria-rowcount', shown.length + 1);
    find('scroll').scrollTop = 0;
    draw();
  }

  // Numbers before texts, and nothing at the end, whichever way the others go.
  function compareValues(left, right, way) {
    const rank = value => (value === undefined || value === '' ? 2 : typeof value === 'number' ? 0 : 1);
    return rank(left) - rank(right) || (left < right ? -way : left > right ? way : 0);
  }

  function draw() {
    const scroll = find('scroll');
    const first = printAll ? 0 : Math.max(0, Math.floor(scroll.scrollTop / rowHeight) - spareRows);
    const last = printAll ? Math.min(shown.length, mostPrinted) : Math.min(shown.length, first + Math.ceil(scroll.clientHeight / rowHeight) + (2 * spareRows));
    const focused = document.activeElement?.dataset?.at;
    const drawn = [space(first)];
    for (let at = first; at < last; at += 1) {
      drawn.push(drawRow(shown[at], at));
    }

    drawn.push(space(printAll ? 0 : shown.length - last));
    find('body').replaceChildren(...drawn);
    if (focused !== undefined) {
      find('body').querySelector(`button[data-at="${focused}"]`)?.focus({ preventScroll: true });
    }
  }

  function space(count) {
    const cell = element('td', '', { colspan: columns.length });
    cell.style.height = `${count * rowHeight}px`;
    const row = element('tr', cell, { class: 'space', 'aria-hidden': 'true' });
    row.hidden = count === 0;
    return row;
  }

  function drawRow(row, at) {
    const drawn = element('tr', columns.map(column => {
      const text = column.cell(row);
      if (column.key === 'id') {
        const button = element('button', text, { type: 'button', 'data-at': at });
        return element('th', button, { scope: 'row' });
      }

      return element('td', text, { class: column.look?.(row) ?? '', dir: 'auto' });
    }), { 'aria-rowindex': at + 2 });
    drawn.addEventListener('click', () => open(at));
    return drawn;
  }

  function drawHead() {
    const cells = columns.map(column => {
      const button = element('button', column.name, { type: 'button', title: `Sort by ${column.name}` });
      const cell = element('th', button, { scope: 'col', 'aria-sort': 'none', 'data-key': column.key });
      cell.style.width = column.width;
      button.addEventListener('click', () => {
        order = { key: column.key, falls: order.key === column.key && !order.falls };
        for (const other of cells) {
          other.setAttribute('aria-sort', other === cell ? (order.falls ? 'descending' : 'ascending') : 'none');
        }

        apply();
      });
      return cell;
    });
    cells[0].setAttribute('aria-sort', 'ascending');
    find('head').append(element('tr', cells, { 'aria-rowindex': 1 }));
    const fixed = columns.reduce((sum, column) => sum + (column.width === '' ? 14 : Number.parseFloat(column.width)), 0);
    find('table').style.minWidth = `${fixed}rem`;
  }

  function open(at) {
    opened = at;
    const line = lines[shown[at].index];
    const row = exact(line);
    const dialog = find('row');
    const button = (name, to) => {
      const made = element('button', name, { type: 'button' });
      made.disabled = to < 0 || to >= shown.length;
      made.addEventListener('click', () => open(to));
      return made;
    };
    const close = element('button', 'Close', { type: 'button' });
    close.addEventListener('click', () => dialog.close());
    const heading = element('h2', shown[at].id, { id: 'row-heading', tabindex: '-1' });
    dialog.replaceChildren(
      element('header', [heading, button('Previous', at - 1), button('Next', at + 1), close]),
      element('div', detail(row), { class: 'inside' }));
    if (!dialog.open) {
      dialog.showModal();
    }

    heading.focus();
    dialog.scrollTop = 0;
  }

  function detail(row) {
    const parts = [];
    const facts = [
      row.run_iteration > 1 || row.baseline?.run_iteration > 1 ? `iteration ${row.run_iteration}` : '',
      row.duration === undefined ? '' : `${(row.duration / 1e9).toFixed(3)} s`,
      row.from_cache ? 'from the cache' : '',
      row.input_tokens === undefined ? '' : `${row.input_tokens} tokens in`,
      row.output_tokens === undefined ? '' : `${row.output_tokens} tokens out`,
      row.cost_usd === undefined ? '' : `$${asText(row.cost_usd)}`,
      row.span_id ? `span ${row.span_id}` : '',
      row.trace_id ? `trace ${row.trace_id}` : '',
    ];
    parts.push(element('p', facts.filter(Boolean).join(' · '), { class: 'details' }));
    if (row.error) {
      parts.push(...failure('Error', row.error));
    }

    parts.push(...block('Input', row.input));
    if (row.baseline === undefined) {
      parts.push(...both('Expected', row.expected_output, 'Output', row.output));
    } else {
      parts.push(...block('Expected', row.expected_output));
      parts.push(...both(`Output of ${report.baseline}`, row.baseline.output, `Output of ${report.name}`, row.output));
      if (row.baseline.error) {
        parts.push(...failure(`Error of ${report.baseline}`, row.baseline.error));
      }
    }

    parts.push(...scores(row), ...block('Metadata', row.metadata));
    if (row.tags?.length) {
      parts.push(element('h3', 'Tags'), element('p', row.tags.join(', ')));
    }

    return parts;
  }

  function failure(name, error) {
    return [element('h3', name), element('p', `${error.type ? `${error.type}: ` : ''}${error.message}`, { class: 'bad' }), ...(error.stack ? [pre(error.stack)] : [])];
  }

  function block(name, value) {
    return value === undefined ? [] : [element('h3', name), pre(asText(value))];
  }

  function pre(text) {
    return element('pre', text, { tabindex: '0', dir: 'auto' });
  }

  function both(leftName, left, rightName, right) {
    if (left === undefined || right === undefined) {
      return [...block(leftName, left), ...block(rightName, right)];
    }

    const [before, after] = [asText(left), asText(right)];
    const [leftBox, rightBox] = [pre(''), pre('')];
    if (before === after) {
      put(leftBox, before);
      put(rightBox, after);
    } else {
      for (const [kind, text] of difference(before, after)) {
        if (kind <= 0) {
          leftBox.append(kind === 0 ? fragment(text) : element('del', text));
        }

        if (kind >= 0) {
          rightBox.append(kind === 0 ? fragment(text) : element('ins', text));
        }
      }
    }

    return [
      element('div', [element('div', [element('h3', leftName), leftBox]), element('div', [element('h3', rightName), rightBox])], { class: 'pair' }),
      element('p', before === after ? 'Both are the same.' : 'Struck through: only in the first. Underlined: only in the second.', { class: 'details' }),
    ];
  }

  function fragment(text) {
    const made = document.createDocumentFragment();
    put(made, text);
    return made;
  }

  function scores(row) {
    const labels = report.columns.map(column => column.label).filter(label => row.evaluations[label] || row.baseline?.evaluations[label]);
    if (labels.length === 0) {
      return [];
    }

    const head = ['Metric', ...(isComparison ? ['Before'] : []), 'Value', 'Verdict', 'Reasoning'];
    const body = labels.map(label => {
      const one = row.evaluations[label];
      const before = row.baseline?.evaluations[label];
      const why = [one?.reasoning, one?.error && `${one.error.type ?? 'Error'}: ${one.error.message}`, one?.error?.stack].filter(Boolean).join('\n');
      return element('tr', [
        element('th', label, { scope: 'row' }),
        ...(isComparison ? [element('td', textOf(before))] : []),
        element('td', asText(one?.value)),
        element('td', one?.error ? 'error' : one?.assessment ?? '', { class: one?.assessment === 'pass' ? 'good' : one?.error || one?.assessment === 'fail' ? 'bad' : '' }),
        element('td', why + (before?.reasoning && before.reasoning !== one?.reasoning ? `\n${report.baseline}: ${before.reasoning}` : ''), { class: 'value', dir: 'auto' }),
      ]);
    });
    return [
      element('h3', 'Scores'),
      element('table', [element('thead', element('tr', head.map(name => element('th', name, { scope: 'col' })))), element('tbody', body)]),
    ];
  }

  // Pairs of -1 (left only), 0 (both) or 1 (right only) and text. Words are compared; of very long texts, lines.
  function difference(left, right) {
    const words = text => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
    const byLine = text => text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
    return align(words(left), words(right), 1500) ?? align(byLine(left), byLine(right), 2500) ?? [[-1, left], [1, right]];
  }

  // Myers' algorithm; undefined if the texts differ in more than `most` places.
  function align(left, right, most) {
    let begin = 0;
    while (begin < left.length && begin < right.length && left[begin] === right[begin]) {
      begin += 1;
    }

    let [leftEnd, rightEnd] = [left.length, right.length];
    while (leftEnd > begin && rightEnd > begin && left[leftEnd - 1] === right[rightEnd - 1]) {
      leftEnd -= 1;
      rightEnd -= 1;
    }

    const middle = path(left.slice(begin, leftEnd), right.slice(begin, rightEnd), most);
    return middle && joined([...left.slice(0, begin).map(word => [0, word]), ...middle, ...left.slice(leftEnd).map(word => [0, word])]);
  }

  function path(left, right, most) {
    const reach = Math.min(left.length + right.length, most);
    const best = new Map([[1, 0]]);
    const history = [];
    for (let edits = 0; edits <= reach; edits += 1) {
      history.push(new Map(best));
      for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
        const down = diagonal === -edits || (diagonal !== edits && best.get(diagonal - 1) < best.get(diagonal + 1));
        let x = down ? best.get(diagonal + 1) : best.get(diagonal - 1) + 1;
        while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) {
          x += 1;
        }

        best.set(diagonal, x);
        if (x >= left.length && x - diagonal >= right.length) {
          return walkBack(history, left, right);
        }
      }
    }

    return undefined;
  }

  function walkBack(history, left, right) {
    const found = [];
    let [x, y] = [left.length, right.length];
    for (let edits = history.length - 1; edits >= 0; edits -= 1) {
      const best = history[edits];
      const diagonal = x - y;
      const down = diagonal === -edits || (diagonal !== edits && best.get(diagonal - 1) < best.get(diagonal + 1));
      const from = down ? diagonal + 1 : diagonal - 1;
      const fromX = edits === 0 ? 0 : best.get(from);
      const fromY = edits === 0 ? 0 : fromX - from;
      while (x > fromX && y > fromY) {
        found.push([0, left[x - 1]]);
        x -= 1;
        y -= 1;
      }

      if (edits > 0) {
        found.push(down ? [1, right[y - 1]] : [-1, left[x - 1]]);
        [x, y] = [fromX, fromY];
      }
    }

    return found.reverse();
  }

  // Neighbours of one kind as one piece; between two equal ones, what was taken before what came.
  function joined(pieces) {
    const result = [];
    let [gone, come] = ['', ''];
    const flush = () => {
      if (gone) {
        result.push([-1, gone]);
      }

      if (come) {
        result.push([1, come]);
      }

      [gone, come] = ['', ''];
    };
    for (const [kind, text] of pieces) {
      if (kind < 0) {
        gone += text;
      } else if (kind > 0) {
        come += text;
      } else {
        flush();
        if (result.length > 0 && result[result.length - 1][0] === 0) {
          result[result.length - 1][1] += text;
        } else {
          result.push([0, text]);
        }
      }
    }

    flush();
    return result;
  }

  function option(value, name) {
    return element('option', name, { value });
  }

  find('show').append(
    option('all', 'all rows'),
    option('failed', 'failed'),
    ...(isComparison ? [option('regressed', 'worse'), option('improved', 'better'), option('differs', 'with another output'), option('new', 'without a baseline')] : []));
  find('metric').append(option('-1', 'any'), ...report.columns.map((column, at) => option(String(at), column.label)));
  find('filter').hidden = false;
  find('scroll').hidden = false;
  drawHead();
  apply();
  readAhead(0);

  find('filter').addEventListener('submit', event => event.preventDefault());
  find('filter').addEventListener('input', apply);
  find('filter').addEventListener('reset', () => setTimeout(apply));
  find('scroll').addEventListener('scroll', draw, { passive: true });
  addEventListener('resize', draw);
  find('body').addEventListener('keydown', event => {
    const at = Number(event.target.dataset?.at);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || Number.isNaN(at) || at + step < 0 || at + step >= shown.length) {
      return;
    }

    event.preventDefault();
    const scroll = find('scroll');
    const top = (at + step) * rowHeight;
    if (top < scroll.scrollTop || top + (3 * rowHeight) > scroll.scrollTop + scroll.clientHeight) {
      scroll.scrollTop = Math.max(0, top - (scroll.clientHeight / 2));
      draw();
    }

    find('body').querySelector(`button[data-at="${at + step}"]`)?.focus({ preventScroll: true });
  });
  find('row').addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined && opened + step >= 0 && opened + step < shown.length && event.target.tagName !== 'PRE') {
      open(opened + step);
    }
  });
  find('row').addEventListener('close', () => find('body').querySelector(`button[data-at="${opened}"]`)?.focus());
  addEventListener('beforeprint', () => {
    printAll = true;
    find('printed').textContent = `The first ${mostPrinted.toLocaleString('en')} of ${shown.length.toLocaleString('en')} rows are printed; filter or sort to choose others.`;
    find('printed').hidden = shown.length <= mostPrinted;
    draw();
  });
  addEventListener('afterprint', () => {
    printAll = false;
    find('printed').hidden = true;
    draw();
  });
}

// Loaded into a server's process (`--import`): how long, at most, did one turn of its event loop take of the main thread's
// own time? Neither what else the machine does nor the other threads count.
import { openSync, readSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';

const path = process.env['LOOP_PROBE'];
const clock = openSync('/proc/thread-self/schedstat', 'r');
const text = Buffer.alloc(100);
let running = false;
let longest = 0;
let before = 0;

/** The time that this thread has computed so far, in milliseconds (Linux' Documentation/scheduler/sched-stats.rst). */
function computed() {
  const length = readSync(clock, text, 0, text.length, 0);
  return Number.parseInt(text.toString('latin1', 0, length), 10) / 1e6;
}

function turn() {
  if (!running) return;
  longest = Math.max(longest, computed() - before);
  before = computed();
  setImmediate(turn);
}

function start() {
  running = true;
  longest = 0;
  before = computed();
  setImmediate(turn);
}

rmSync(path, { force: true });
createServer((socket) => {
  socket.on('data', (data) => {
    if (String(data) === 'start') start();
    else running = false;
    socket.write(`${longest}\n`);
  });
})
  .listen(path)
  .unref();

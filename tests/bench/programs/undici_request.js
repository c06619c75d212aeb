// Node's undici: one agent, a worker per host in flight.
//
//     undici_request.js http|https CONCURRENCY <names
'use strict';

const fs = require('fs');
const { Agent, request } = require('undici');

const [scheme, concurrency] = [process.argv[2], Number(process.argv[3])];
const names = fs.readFileSync(0, 'latin1').split('\n').filter(Boolean).values();
// Each host is asked once: no connection is worth keeping.
const dispatcher = new Agent({
  pipelining: 0, connections: 1, connect: { family: 4 },
});
let out = [];

function flush() {
  fs.writeSync(1, out.join(''));
  out = [];
}

async function get(host) {
  const { statusCode, headers, body } =
    await request(`${scheme}://${host}/`, { dispatcher });
  out.push(`${host} header > HTTP/1.1 ${statusCode}\n`);
  for (const [name, value] of Object.entries(headers))
    out.push(`${host} header > ${name}: ${value}\n`);
  if (out.length > 1000)
    flush();
  await body.dump();
}

async function worker() {
  for (const host of names)
    await get(host).catch((error) => console.error(`${host}: ${error}`));
}

Promise.all(Array.from({ length: concurrency }, worker)).then(() => {
  flush();
  process.exit(0);
});

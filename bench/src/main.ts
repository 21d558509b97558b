import { parseArgs } from 'node:util';
import { describeMachine, moveToLoadCore } from './harness/cores.js';
import { seed } from './harness/seed.js';
import { watchSteal } from './harness/steal.js';
import { measureCluster } from './measurements/cluster.js';
import { measureConsole } from './measurements/console.js';
import { measureDesktop } from './measurements/desktop.js';
import { measureEndings } from './measurements/endings.js';
import { measureEndpoints } from './measurements/endpoints.js';
import { measureFanOut } from './measurements/fan-out.js';
import { measureGrowth } from './measurements/growth.js';
import { measurePlans } from './measurements/plans.js';
import { FULL, QUICK, SMALL_TOKENS } from './measurements/scale.js';
import { measureVerify } from './measurements/verify.js';
import { measureViewer } from './measurements/viewer.js';
import { render } from './report.js';

const MEASUREMENTS = {
  verify: measureVerify,
  viewer: measureViewer,
  endpoints: measureEndpoints,
  'fan-out': measureFanOut,
  growth: measureGrowth,
  cluster: measureCluster,
  plans: measurePlans,
  endings: measureEndings,
  console: measureConsole,
  desktop: measureDesktop,
};
type Name = keyof typeof MEASUREMENTS;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const all = Object.keys(MEASUREMENTS) as Name[];
const unknown = positionals.filter((name) => !(all as string[]).includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no measurement ${unknown.join(', ')}: ${all.join(', ')}.\n`);
  process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
moveToLoadCore();
process.stdout.write(`${describeMachine()}\n\n`);
const scale = values.quick ? QUICK : FULL;
await using original = await seed(SMALL_TOKENS);
let missed = 0;
for (const name of positionals.length > 0 ? (positionals as Name[]) : all) {
  await using copy = await original.copy();
  const stolenPercent = watchSteal();
  const section = await MEASUREMENTS[name](copy, scale);
  process.stdout.write(`${render(section)}\n`);
  process.stdout.write(`The host gave ${stolenPercent().toFixed(1)}% of this time to others.\n\n`);
  missed += section.targets.filter(({ met }) => !met).length;
}
process.stdout.write(missed === 0 ? 'Every target is met.\n' : `Targets missed: ${missed}.\n`);

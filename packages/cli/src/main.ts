import { becomeLean } from './lean-process.ts';

const load = () => import('./program.ts');

await becomeLean(load);
const { runProgram } = await load();
await runProgram();

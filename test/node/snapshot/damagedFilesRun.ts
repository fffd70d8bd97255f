import { DamagedFiles } from './damagedFiles.js';

// A process of its own, so that its memory can be measured: `damagedFilesRun COUNT SEED`.
const [count = 0, seed = 0] = process.argv.slice(2).map(Number);
const files = new DamagedFiles();
files.refuse(Math.ceil(count * 0.6), seed);
files.survive(Math.floor(count * 0.4), seed + count);
console.log(JSON.stringify({ verdicts: Object.fromEntries(files.verdicts), maxRss: process.resourceUsage().maxRSS * 1024 }));

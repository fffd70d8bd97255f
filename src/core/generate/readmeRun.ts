import type { Layout, Way } from './layout.js';
import { here } from './places.js';
import type { Runner } from './readmeText.js';

/** How to run, resume and take back. */
export const howToRun = (layout: Layout, runner: Runner): readonly string[] => [...runner === 'shell' ? shell(layout) : ansible(layout), ...byHand];

const shell = ({ forward }: Layout): readonly string[] => [
  '## Run it', '',
  '    sh restore.sh', '',
  'from a Linux machine that reaches the hosts by `ssh` without being asked for anything (`ssh HOST sudo -n true` works). Set `SSH="ssh -F FILE"` for a configuration of your own, `SUDO="sudo -n"` or, where you log in as root, `SUDO=`.',
  ...snapshotPlace(forward.plan.subject.snapshot.path), ...localHost(forward, 'the machine on which you run this'), '',
  'It first reaches every host and looks for other runs, then copies and restores beside the running data, and asks for the name of the cluster before anything stops. What each host said is in the folder `log`.', '',
  '**Resume:** run it again, on this machine or on another that has this folder. It goes on where it stopped: what is in place is found and left alone. The journal `restore-RUN.journal` lies here and in every data directory; the editor reads it too, and can go on or take back from it.', '',
  '**Take back:** `sh take-back.sh`, from whatever point the restore got to, also when it is finished. It looks what is in place, asks for the name of the cluster, puts the data from before back and checks that everybody is who they were. Run it again if it stops.', '',
  'Exit codes: 0 done; 64 refused, and nothing was stopped by that attempt; 70 stopped on the way, as its words say; 75 done, but a check could not be made.', '',
];

const ansible = ({ forward }: Layout): readonly string[] => [
  '## Run it', '',
  '    ansible-playbook -i inventory.ini restore.yml', '',
  'Look at `inventory.ini` first: it has the hosts as far as the plan knows them; add users, keys and ports. No collections beyond ansible-core are needed.',
  `The snapshot is read on the machine that runs Ansible; where it lies elsewhere there, add \`-e snapshot=/path/to/file\`. Its sha256 is compared on every host.`, '',
  'It asks for the name of the cluster before anything stops (or takes it from `-e typed_cluster=NAME`), and stops everywhere when one host fails or is unreachable.', '',
  '**Resume:** run it again. What is in place is found and left alone.', '',
  '**Take back:** `ansible-playbook -i inventory.ini take-back.yml`, from whatever point the restore got to, also when it is finished.', '',
  'The playbooks keep no journal: the editor does not know of a run that was made by them.',
  ...localHost(forward, 'the machine that runs Ansible'), '',
];

const localHost = ({ plan }: Way, machine: string): readonly string[] =>
  plan.subject.members.some(({ host }) => host === here) ? [`The host \`local\` is ${machine}; its scripts run as the user who starts it, who must be allowed what the steps do.`] : [];

const snapshotPlace = (path: string): readonly string[] =>
  [`The snapshot is read where it lay when this was planned (\`${path.replaceAll('`', '\'')}\`); set \`SNAPSHOT=/path/to/file\` where it lies elsewhere now. Its sha256 is compared, on this machine and on every host.`];

const byHand: readonly string[] = [
  '### By hand', '',
  'Every file in `hosts/HOST` is complete in itself: copy it to that host and run it there as root with `sh`. Keep the order of the numbers, `00-prepare.sh` first, and finish a number on every host before you begin the next. Each step looks whether its effect is in place, acts, and looks again; it stops at the first failure with a sentence and exit code 70.',
  'A step that has begun comes to its end by itself when the connection is lost: wait for it, then run the file again. To take back, the files that begin with `back-`, in the order of their numbers.', '',
];

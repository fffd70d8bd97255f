import { hostContract } from '../node/host/hostContract.js';
import { hostEntry, hostsWith, never, openPlace, startSshd, type Place, type RealSshd } from './realSshd.js';
import type { SshHosts } from '../../src/node/ssh/sshHosts.lazy.js';

describe('a host behind SSH', function () {
  this.timeout(60_000);
  let place: Place;
  let sshd: RealSshd;
  let hosts: SshHosts;

  before(async () => {
    place = await openPlace();
    const key = await place.key('key');
    sshd = await startSshd(place, { authorized: await place.read('key.pub') });
    await place.write('known', sshd.known);
    hosts = await hostsWith(place, hostEntry('cp-1', sshd.port, { IdentityFile: key, UserKnownHostsFile: place.at('known') }));
  });

  after(async () => {
    await hosts.close();
    await sshd[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  hostContract(() => hosts.host('cp-1', { sudo: 'auto' }, never));
});

import assert from 'node:assert/strict';
import { predictIds } from '../../../src/core/cluster/ids.js';
import { prelude } from '../../../src/core/host/prelude.js';
import { etcdText } from '../../../src/core/generate/etcdText.js';
import { etcdVersions } from '../../../scripts/etcdVersions.js';
import { onlyTools, saidBy } from '../../node/generate/toolsOf.js';
import { startRealCluster, type RealCluster } from '../realCluster.js';

const versions = ['3.4', '3.5', '3.7'].flatMap(line => etcdVersions().filter(({ version }) => version.startsWith(line)).slice(-1));

for (const version of versions) {
  describe(`what a generated script asks of etcd ${version.version}`, function () {
    this.timeout(90_000);
    let cluster: RealCluster;
    let nothing: string;
    let curl: string;
    before(async () => {
      cluster = await startRealCluster({ version, tls: true });
      [nothing, curl] = await Promise.all([onlyTools(cluster.dir), onlyTools(cluster.dir, 'curl')]);
      await cluster.etcdctl('put', 'a', 'b');
    });
    after(async () => { await cluster[Symbol.asyncDispose](); });

    const pki = (serverName = ''): readonly string[] => {
      const { caFile, client } = cluster.certificates ?? assert.fail();
      return [caFile, client.certFile, client.keyFile, serverName];
    };
    const ask = async (what: string, rest: readonly string[], { way, serverName = '', endpoint = cluster.members[0]?.clientUrl ?? '' }: { readonly way: 'etcdctl' | 'words' | 'curl' | 'nothing'; readonly serverName?: string; readonly endpoint?: string }) => {
      const [one = '', two = '', silence = ''] = rest;
      // The words of a container, which here is none: env runs what follows.
      const words = way === 'words' ? ['env', `PATH=${version.etcdctl.replace(/\/[^/]*$/, '')}:${nothing}`] : [];
      return saidBy(prelude + etcdText, [what, 'm1', endpoint, ...pki(serverName), one, two, silence, way === 'etcdctl' ? version.etcdctl : '', ...words], way === 'curl' ? curl : nothing);
    };
    /** As the server counts them: decimal numbers beyond what a shell can calculate with. */
    const ids = () => {
      const { clusterId, memberIds: [memberId = 0n] } = predictIds(cluster.members.map(({ peerUrl }) => [peerUrl]), cluster.token);
      return [String(clusterId), String(memberId)] as const;
    };

    for (const way of ['etcdctl', 'words', 'curl'] as const) {
      it(`is who it is, that it is healthy and what it holds, with ${way === 'words' ? 'etcdctl in a container' : way}`, async () => {
        const [clusterId, memberId] = ids();
        assert.equal((await ask('identity', [clusterId, memberId], { way }))?.code, 'HOLDS');
        for (const other of [`${clusterId}0`, clusterId.slice(0, -1), String(BigInt(clusterId) ^ 1n)]) assert.equal((await ask('identity', [other, memberId], { way }))?.code, 'IDENTITY_DIFFERS', other);
        const differs = await ask('identity', ['18446744073709551615', memberId, 'orSilent'], { way });
        assert.deepEqual([differs?.code, differs?.args['expectedCluster'], differs?.args['clusterId']], ['IDENTITY_DIFFERS', 'ffffffffffffffff', BigInt(clusterId).toString(16)]);
        assert.equal((await ask('healthy', [], { way }))?.code, 'HOLDS');
        const hash = /"hash":(\d+)/.exec(await cluster.etcdctl('endpoint', 'hashkv', '--rev', '2', '-w', 'json'))?.[1] ?? '';
        const held = await ask('hashKv', ['2', hash], { way });
        const gatewayHasNone = way === 'curl' && version.version.startsWith('3.4');
        assert.equal(held?.code, gatewayHasNone ? 'NOT_ASKED' : 'HOLDS');
        if (!gatewayHasNone) assert.deepEqual(await ask('hashKv', ['2', '1'], { way }), { code: 'HASHKV_DIFFERS', args: { member: 'm1', revision: '2', hash, expected: '1' } });
      });

      if (way !== 'words') it(`tells a member that is silent from one that answers with an error, with ${way}`, async () => {
        const [clusterId, memberId] = ids();
        const endpoint = 'https://127.0.0.1:1';
        assert.equal((await ask('identity', [clusterId, memberId], { way, endpoint }))?.code, 'ETCD_UNREACHABLE');
        assert.equal((await ask('identity', [clusterId, memberId, 'orSilent'], { way, endpoint }))?.code, 'HOLDS');
        assert.equal((await ask('healthy', [], { way, endpoint }))?.code, 'ETCD_UNREACHABLE');
        assert.equal((await ask('identity', [clusterId, memberId, 'orSilent'], { way, serverName: way === 'curl' ? 'other.example' : '' }))?.code, way === 'curl' ? 'ETCD_UNREACHABLE' : 'HOLDS');
      });
    }

    it('checks the certificate for another name where the plan has one, which only curl can', async () => {
      const [clusterId, memberId] = ids();
      assert.equal((await ask('identity', [clusterId, memberId], { way: 'curl', serverName: 'localhost' }))?.code, 'HOLDS');
      assert.equal((await ask('identity', [clusterId, memberId], { way: 'etcdctl', serverName: 'localhost' }))?.code, 'NOT_ASKED');
    });

    it('says that it was not asked where nothing can ask', async () => {
      assert.equal((await ask('identity', [...ids(), 'orSilent'], { way: 'nothing' }))?.code, 'NOT_ASKED');
    });
  });
}

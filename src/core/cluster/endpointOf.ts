import type { EndpointOf } from '../probe.js';
import type { ClusterDefinition, MemberDefinition } from './definition.js';

/** How a member of a cluster is reached: its first client URL, through its host where the certificates lie there. */
export const endpointOf = ({ tls }: Pick<ClusterDefinition, 'tls'>, { name, host, clientUrls }: Pick<MemberDefinition, 'name' | 'host' | 'clientUrls'>): EndpointOf =>
  ({ name, endpoint: clientUrls[0] ?? '', ...(tls === undefined ? {} : { tls }), ...(tls?.at === 'host' ? { through: host } : {}) });

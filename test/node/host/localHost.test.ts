import { localHost } from '../../../src/node/host/localHost.js';
import { hostContract } from './hostContract.js';

describe('this machine as a host', () => {
  hostContract(() => Promise.resolve(localHost()));
});

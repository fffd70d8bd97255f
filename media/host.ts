import { parseMessage, type Protocol } from '../src/panel/protocol.js';

/** The page's end of the line to the host. */
export interface Host<ToHost> {
  post(message: ToHost): void;
  /** What the page wants back after it was hidden: sorting and the like, never data and never a secret. */
  state(): unknown;
  keep(state: unknown): void;
}

/** Listens, then says `ready`; whatever is not of the protocol is dropped. */
export function connectHost<ToView, ToHost>(
  protocol: Protocol<ToView, ToHost | { readonly type: 'ready' }>, receive: (message: ToView) => void,
): Host<ToHost> {
  const api = acquireVsCodeApi();
  window.addEventListener('message', event => {
    const message = parseMessage(protocol.toView, event.data);
    if (message !== undefined) receive(message);
  });
  api.postMessage({ type: 'ready' });
  return {
    post: message => api.postMessage(message),
    state: () => api.getState(),
    keep: state => { api.setState(state); },
  };
}

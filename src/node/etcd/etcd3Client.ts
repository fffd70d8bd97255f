// The one file where foreign types are cast: etcd3 types neither its protos' methods nor these calls, which have bugs in it.
import type { Client, ClientUnaryCall, Metadata } from '@grpc/grpc-js';
import { Etcd3, GRPCUnavailableError } from 'etcd3';
import type { WireCalls } from './wire.js';

/** What every call carries. */
export interface CallContext {
  /** Of etcd's own users; absent without one. */
  readonly token: string | undefined;
  readonly signal: AbortSignal;
}

type Callable = Readonly<Record<string, (request: object, metadata: Metadata, options: object, done: (error: Error | null, answer: any) => void) => ClientUnaryCall>>;

const UNAVAILABLE = 14;

/** etcd3, called by the names and with the arguments its protos have. */
export class Etcd3Client extends Etcd3 {
  /** One call and its answer. `timeoutMs` is milliseconds. Rejects with the error of gRPC as it is. */
  async call<M extends keyof WireCalls>(
    service: WireCalls[M]['service'], method: M, request: WireCalls[M]['request'], timeoutMs: number, { token, signal }: CallContext,
  ): Promise<WireCalls[M]['answer']> {
    signal.throwIfAborted();
    const failure: { error?: unknown } = {};
    const answer = await this.pool.withConnection(service, ({ client, metadata }) => new Promise<WireCalls[M]['answer'] | undefined>((resolve, reject) => {
      if (token !== undefined) metadata.set('token', token);
      const ended = (error: any, value: any): void => {
        signal.removeEventListener('abort', cancel);
        if (error) failure.error = error;
        // Its own class makes etcd3 dial afresh the next time; a server that answers does not need that.
        if (error?.code === UNAVAILABLE && !String(error.details).startsWith('etcdserver:')) reject(new GRPCUnavailableError(error.message)); else resolve(value);
      };
      const running = asCallable(client)[method]!(request, metadata, { deadline: Date.now() + timeoutMs }, ended);
      const cancel = (): void => running.cancel();
      signal.addEventListener('abort', cancel, { once: true });
    })).catch((error: unknown) => { throw failure.error ?? error; });
    signal.throwIfAborted();
    if (failure.error !== undefined) throw failure.error;
    return answer!;
  }
}

const asCallable = (client: Client): Callable => client as any;

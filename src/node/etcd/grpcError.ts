/** What gRPC calls an error: a status code and the words of whoever ended the call. */
export class GrpcError extends Error {
  readonly code: number;
  readonly details: string;

  constructor(code: number, details: string, cause?: unknown) {
    super(details, { cause });
    this.code = code;
    this.details = details;
  }
}

/** Nobody answered in time; in the words of grpc-js. */
export const noAnswer = (): GrpcError => new GrpcError(4, 'Waiting for LB pick');

/** Who answered speaks HTTP, but is no etcd. */
export const notGrpc = (httpStatus: unknown): GrpcError => new GrpcError(14, `Received HTTP status code ${String(httpStatus)}`);

/** No connection came about. */
export const notConnected = (reason: string, cause: unknown): GrpcError =>
  new GrpcError(14, `No connection established. Last error: ${reason}`, cause);

/** The connection was there and is gone. */
export const connectionLost = (cause?: unknown): GrpcError => new GrpcError(14, 'Connection dropped', cause);

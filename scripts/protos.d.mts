/** rpc.proto with the fields of etcd 3.6 and later. Throws when its text is not the one this was made for. */
export function extendRpcProto(proto: string): string;

/** Fills the folder `to` with etcd3's protos, extended. */
export function copyProtos(to: string): Promise<void>;

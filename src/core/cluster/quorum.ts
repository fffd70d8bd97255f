/** Votes needed to agree among `voters` voting members; learners do not count. etcd's source: raft/quorum/majority.go. */
export const quorum = (voters: number): number => Math.floor(voters / 2) + 1;

/** An even number of voters tolerates no more failures than one fewer, and has one more that can fail. */
export const isWasteful = (voters: number): boolean => voters > 0 && voters % 2 === 0;

/** The ZooKeeper return codes that the model uses (`zookeeper.h`). */
export const CONNECTION_LOSS = -4;
export const BAD_ARGUMENTS = -8;
export const INVALID_STATE = -9;
/** The codes from here on come from the ensemble. */
export const NO_NODE = -101;
export const NO_AUTH = -102;
export const BAD_VERSION = -103;
export const NO_CHILDREN_FOR_EPHEMERALS = -108;
export const NODE_EXISTS = -110;
export const NOT_EMPTY = -111;
export const SESSION_EXPIRED = -112;
export const CLOSED = -116;
export const SESSION_MOVED = -118;
export const THROTTLED = -127;

package io.agentledger.store;

/** Learns that this node has its home, before anything else of the start, the database included. */
@FunctionalInterface
public interface HomeOpenedListener {
  /** Must not block for long, nor need room on the disk. */
  void onHomeOpened(NodeHome home);
}

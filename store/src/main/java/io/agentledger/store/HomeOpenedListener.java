package io.agentledger.store;

/**
 * Listener that is called when this node has opened its home, before every other step of the start,
 * including the database.
 */
@FunctionalInterface
public interface HomeOpenedListener {
  /** Called once. Must neither block for long nor need space on the disk. */
  void onHomeOpened(NodeHome home);
}

package io.agentledger.api.hook;

/**
 * Hook that the owner of a session attaches to that session only. It cannot be changed, only
 * detached, and ends with the session.
 *
 * @param name at most 255 characters
 */
public record SessionHook(HookId hookId, String name, HookDefinition definition) {
  /** Maximum number of hooks that are attached to one session. */
  public static final int COUNT_MAX = 10;

  /** Returns the same hook with another id. */
  public SessionHook withId(HookId id) {
    return new SessionHook(id, name, definition);
  }
}

package io.agentledger.api.hook;

import io.agentledger.api.shared.WireNamed;

/**
 * Points of an agent's work at which hooks are called, with the names of the pinned CLI. Some
 * points are never reached when the CLI is controlled by a program; hooks for them are rejected.
 */
public enum HookPoint implements WireNamed {
  /** Before a tool runs. The service calls these hooks itself; a failing hook denies the call. */
  PRE_TOOL_USE("PreToolUse", true),
  POST_TOOL_USE("PostToolUse", true),
  POST_TOOL_USE_FAILURE("PostToolUseFailure", true),
  POST_TOOL_BATCH("PostToolBatch", true),
  NOTIFICATION("Notification", false),
  USER_PROMPT_SUBMIT("UserPromptSubmit", true),
  USER_PROMPT_EXPANSION("UserPromptExpansion", true),
  SESSION_START("SessionStart", true),
  SESSION_END("SessionEnd", false),
  STOP("Stop", true),
  STOP_FAILURE("StopFailure", false),
  SUBAGENT_START("SubagentStart", true),
  SUBAGENT_STOP("SubagentStop", true),
  PRE_COMPACT("PreCompact", false),
  POST_COMPACT("PostCompact", false),
  PERMISSION_REQUEST("PermissionRequest", false),
  PERMISSION_DENIED("PermissionDenied", false),
  SETUP("Setup", false),
  TEAMMATE_IDLE("TeammateIdle", false),
  TASK_CREATED("TaskCreated", false),
  TASK_COMPLETED("TaskCompleted", false),
  ELICITATION("Elicitation", false),
  ELICITATION_RESULT("ElicitationResult", false),
  CONFIG_CHANGE("ConfigChange", false),
  WORKTREE_CREATE("WorktreeCreate", false),
  WORKTREE_REMOVE("WorktreeRemove", false),
  INSTRUCTIONS_LOADED("InstructionsLoaded", false),
  CWD_CHANGED("CwdChanged", false),
  FILE_CHANGED("FileChanged", false),
  MESSAGE_DISPLAY("MessageDisplay", false);

  private final String wireName;
  private final boolean takesContext;

  HookPoint(String wireName, boolean takesContext) {
    this.wireName = wireName;
    this.takesContext = takesContext;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /** Returns whether the point is ever reached when the service controls the CLI. */
  @Override
  public boolean isSupported() {
    return switch (this) {
      case PERMISSION_DENIED, SETUP, CWD_CHANGED -> false;
      case TEAMMATE_IDLE, CONFIG_CHANGE, WORKTREE_CREATE, WORKTREE_REMOVE, FILE_CHANGED -> false;
      default -> true;
    };
  }

  /**
   * Returns whether the service itself observes the point of a session, in the session's events,
   * because no process can report it reliably.
   */
  public boolean isOfSession() {
    return this == NOTIFICATION || this == SESSION_END;
  }

  /** Returns whether context that a hook adds at this point reaches the model. */
  public boolean acceptsContext() {
    return takesContext;
  }
}

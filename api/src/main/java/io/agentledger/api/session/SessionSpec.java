package io.agentledger.api.session;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.api.shared.OrderedCopy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Specification of a session to open.
 *
 * @param title at most {@value #TITLE_LENGTH_MAX} characters
 * @param metadata at most 16 pairs, keys of 64, values of 512 characters
 * @param runOverrides applied to the tenant's defaults when the command is handled
 * @param agentOverrides applied to the tenant's default agent
 * @param environmentId null: the tenant's default
 * @param hooks at most {@value SessionHook#COUNT_MAX}; a branch begins without
 */
public record SessionSpec(
    @Nullable String title,
    Map<String, String> metadata,
    RunOverrides runOverrides,
    AgentOverrides agentOverrides,
    Budget budget,
    SessionTools tools,
    @Nullable EnvironmentId environmentId,
    List<SessionHook> hooks) {
  /** Maximum number of characters of a title. */
  public static final int TITLE_LENGTH_MAX = 200;

  public static final SessionSpec NONE =
      new SessionSpec(
          null,
          Map.of(),
          RunOverrides.NONE,
          AgentOverrides.NONE,
          new Budget.Unlimited(),
          SessionTools.NONE,
          null);

  public SessionSpec {
    metadata = OrderedCopy.of(metadata);
    hooks = List.copyOf(hooks);
  }

  /** Creates a specification without hooks. */
  public SessionSpec(
      @Nullable String title,
      Map<String, String> metadata,
      RunOverrides runOverrides,
      AgentOverrides agentOverrides,
      Budget budget,
      SessionTools tools,
      @Nullable EnvironmentId environmentId) {
    this(title, metadata, runOverrides, agentOverrides, budget, tools, environmentId, List.of());
  }

  /** Returns the same specification with another title. */
  public SessionSpec withTitle(@Nullable String other) {
    return new SessionSpec(
        other, metadata, runOverrides, agentOverrides, budget, tools, environmentId, hooks);
  }

  /** Returns the same specification with other run options. */
  public SessionSpec with(RunOverrides other) {
    return new SessionSpec(
        title, metadata, other, agentOverrides, budget, tools, environmentId, hooks);
  }

  /** Returns the same specification with another agent. */
  public SessionSpec with(AgentOverrides other) {
    return new SessionSpec(
        title, metadata, runOverrides, other, budget, tools, environmentId, hooks);
  }

  /** Returns the same specification with another budget. */
  public SessionSpec with(Budget other) {
    return new SessionSpec(
        title, metadata, runOverrides, agentOverrides, other, tools, environmentId, hooks);
  }

  /** Returns the same specification with other tools. */
  public SessionSpec with(SessionTools other) {
    return new SessionSpec(
        title, metadata, runOverrides, agentOverrides, budget, other, environmentId, hooks);
  }

  /** Returns the same specification with other hooks. */
  public SessionSpec withHooks(List<SessionHook> other) {
    return new SessionSpec(
        title, metadata, runOverrides, agentOverrides, budget, tools, environmentId, other);
  }

  /** Returns the same specification in another environment. */
  public SessionSpec withEnvironmentId(@Nullable EnvironmentId other) {
    return new SessionSpec(
        title, metadata, runOverrides, agentOverrides, budget, tools, other, hooks);
  }
}

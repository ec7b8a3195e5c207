package io.agentledger.api.session;

import io.agentledger.api.environment.EnvironmentId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wished of a session that is to be opened.
 *
 * @param title at most 200 characters
 * @param metadata at most 16 pairs, keys of 64, values of 512 characters
 * @param runs over the tenant's defaults, read where the command is handled
 * @param agent over the tenant's
 * @param environment null: the tenant's standard
 */
public record SessionWishes(
    @Nullable String title,
    Map<String, String> metadata,
    RunWishes runs,
    AgentWishes agent,
    Budget budget,
    SessionTools tools,
    @Nullable EnvironmentId environment) {
  public static final SessionWishes NONE =
      new SessionWishes(
          null,
          Map.of(),
          RunWishes.NONE,
          AgentWishes.NONE,
          new Budget.Unlimited(),
          SessionTools.NONE,
          null);

  public SessionWishes {
    metadata = Map.copyOf(metadata);
  }

  /** The same under another title. */
  public SessionWishes titled(@Nullable String other) {
    return new SessionWishes(other, metadata, runs, agent, budget, tools, environment);
  }

  /** The same with other runs. */
  public SessionWishes with(RunWishes other) {
    return new SessionWishes(title, metadata, other, agent, budget, tools, environment);
  }

  /** The same with another agent. */
  public SessionWishes with(AgentWishes other) {
    return new SessionWishes(title, metadata, runs, other, budget, tools, environment);
  }

  /** The same for another budget. */
  public SessionWishes with(Budget other) {
    return new SessionWishes(title, metadata, runs, agent, other, tools, environment);
  }

  /** The same with other tools. */
  public SessionWishes with(SessionTools other) {
    return new SessionWishes(title, metadata, runs, agent, budget, other, environment);
  }

  /** The same in another environment. */
  public SessionWishes in(@Nullable EnvironmentId other) {
    return new SessionWishes(title, metadata, runs, agent, budget, tools, other);
  }
}

package io.agentledger.api.session.query;

import io.agentledger.api.session.SessionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Capabilities of a session's process as reported last.
 *
 * @param available whether a process has reported them; all lists are empty until then
 * @param commands commands of the CLI, with whether a client can invoke them
 * @param agents subagents that the agent may call
 * @param models models that Claude Code offers; the service's upstream determines which are
 *     available
 * @param outputStyle current output style
 * @param outputStyles output styles that may be requested for a new session
 * @param sequence sequence of the event that reported them; null until then
 */
public record CapabilitiesView(
    SessionId sessionId,
    boolean available,
    List<Command> commands,
    List<Agent> agents,
    List<Model> models,
    @Nullable String outputStyle,
    List<String> outputStyles,
    @Nullable Long sequence,
    @Nullable Instant updatedAt) {
  public CapabilitiesView {
    commands = List.copyOf(commands);
    agents = List.copyOf(agents);
    models = List.copyOf(models);
    outputStyles = List.copyOf(outputStyles);
  }

  /**
   * A slash command.
   *
   * @param argumentHint hint for its arguments; empty: none
   * @param aliases other names that are accepted
   * @param invocable whether an input of type command with its name is accepted
   * @param reason why it is not invocable; else null
   */
  public record Command(
      String name,
      String description,
      String argumentHint,
      List<String> aliases,
      boolean invocable,
      @Nullable String reason) {
    public Command {
      aliases = List.copyOf(aliases);
    }
  }

  /**
   * A subagent.
   *
   * @param model null: the agent's model
   */
  public record Agent(String name, String description, @Nullable String model) {}

  /**
   * A model by the name under which Claude Code knows it.
   *
   * @param resolvedModel the model API's name
   * @param effortLevels supported levels; empty: none
   */
  public record Model(
      String value,
      @Nullable String resolvedModel,
      String displayName,
      String description,
      List<String> effortLevels,
      boolean adaptiveThinking) {
    public Model {
      effortLevels = List.copyOf(effortLevels);
    }
  }
}

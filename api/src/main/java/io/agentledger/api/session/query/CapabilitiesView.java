package io.agentledger.api.session.query;

import io.agentledger.api.session.SessionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Capabilities of a session's process as reported last.
 *
 * @param available whether a process has said so yet; all lists are empty until then
 * @param commands that the CLI knows, each with whether a client can invoke it
 * @param agents that the agent may call
 * @param models that Claude Code offers by name; which ones are had the house's upstream decides
 * @param outputStyle the one in force
 * @param outputStyles that may be wished for when a session is opened
 * @param sequence of the fact that says so; null until then
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
   * @param argumentHint what may stand behind it; empty: nothing
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
   * @param model null: the agent's own
   */
  public record Agent(String name, String description, @Nullable String model) {}

  /**
   * A model by the name under which Claude Code knows it.
   *
   * @param resolvedModel the model API's own name of it
   * @param effortLevels that it takes; empty: none
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

package io.agentledger.client.cli;

import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.command.Input;
import io.agentledger.client.session.SessionInput;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prompt as a user types it in a terminal: {@code @path} mentions a file, and a first word that
 * starts with a slash and contains no other one is a command. The service itself interprets neither
 * in a text.
 */
record TypedPrompt(String text, @Nullable SlashCommand command, List<String> mentions) {
  private static final Pattern COMMAND =
      Pattern.compile("/(" + SlashCommand.NAME + ")(?:\\s+(.*))?", Pattern.DOTALL);

  private static final Pattern MENTION =
      Pattern.compile("(?<!\\S)@(?:\"([^\"]+)\"|([^\\s\"]*[^\\s\".,;:!?)\\]}>']))");

  /**
   * Parses a prompt.
   *
   * @param typed false: all of it is plain text
   */
  static TypedPrompt parse(String text, boolean typed) {
    if (!typed) return new TypedPrompt(text, null, List.of());
    var mentions =
        MENTION
            .matcher(text)
            .results()
            .map(found -> found.group(1) != null ? found.group(1) : found.group(2))
            .distinct()
            .limit(Input.MENTIONS_MAX)
            .toList();
    var command = COMMAND.matcher(text.stripTrailing());
    if (!command.matches()) return new TypedPrompt(text, null, mentions);
    var arguments = command.group(3) == null ? "" : command.group(3);
    return new TypedPrompt(text, new SlashCommand(command.group(1), arguments), mentions);
  }

  SessionInput toInput(RunOverrides overrides) {
    return command == null
        ? new SessionInput.Prompt(text, overrides, List.of(), mentions)
        : new SessionInput.Command(command, overrides, mentions);
  }
}

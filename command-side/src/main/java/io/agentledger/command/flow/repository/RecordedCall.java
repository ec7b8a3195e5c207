package io.agentledger.command.flow.repository;

import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.store.support.UntrustedJson;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tool call as the events of a session state it, without its texts.
 *
 * @param command of the shell; empty for other tools
 * @param isStartedInBackground whether the model asked for that
 * @param isMovedToBackground whether the CLI went on without the command, which then returned
 *     without an error
 * @param status null while it is in progress
 * @param exitStatus of a shell command; {@link TestResult#NO_STATUS} if it is unknown
 */
record RecordedCall(
    String tool,
    String command,
    boolean isStartedInBackground,
    boolean isMovedToBackground,
    @Nullable CallStatus status,
    int exitStatus,
    Instant calledAt,
    @Nullable Instant returnedAt) {
  static final String SHELL = "Bash";

  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  /** Result of the CLI for a command that runs on. A test that prints it has not passed either. */
  private static final Pattern MOVED_TO_BACKGROUND =
      Pattern.compile("(?i)background(ed)?\\b.{0,60}\\bwith ID: ");

  /** Begin of the CLI's result for a command that failed, as a string or in a text block. */
  private static final Pattern EXIT_STATUS =
      Pattern.compile("^[^a-zA-Z]*(?:type\":\"text\",\"text\":\")?Exit code (\\d{1,3})\\b");

  static RecordedCall of(String tool, Instant calledAt) {
    return new RecordedCall(tool, "", false, false, null, TestResult.NO_STATUS, calledAt, null);
  }

  /**
   * @param input of the tool, as JSON
   */
  static RecordedCall ofShell(String input, Instant calledAt) {
    var fields = JSON.readTree(input);
    return new RecordedCall(
        SHELL,
        fields.path("command").asString("").strip(),
        fields.path("run_in_background").asBoolean(false),
        false,
        null,
        TestResult.NO_STATUS,
        calledAt,
        null);
  }

  boolean isShell() {
    return tool.equals(SHELL);
  }

  boolean isForegroundCommand(String expected) {
    return isShell() && !isStartedInBackground && command.equals(expected);
  }

  boolean isInBackground() {
    return isStartedInBackground || isMovedToBackground;
  }

  /**
   * Returns the call with its result.
   *
   * @param output of a shell command, as JSON; empty for other tools
   */
  RecordedCall returned(CallStatus result, String output, Instant at) {
    return new RecordedCall(
        tool,
        command,
        isStartedInBackground,
        MOVED_TO_BACKGROUND.matcher(output).find(),
        result,
        result == CallStatus.RETURNED ? 0 : exitStatusIn(output),
        calledAt,
        at);
  }

  private static int exitStatusIn(String output) {
    var matcher = EXIT_STATUS.matcher(output);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : TestResult.NO_STATUS;
  }
}

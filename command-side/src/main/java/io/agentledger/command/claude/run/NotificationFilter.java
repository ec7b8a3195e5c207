package io.agentledger.command.claude.run;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Looks at the notifications that tasks in the background leave: the CLI makes each an input line
 * of its own, and attaches the files that it mentions. What a subagent is about to answer is
 * decided and recorded as if a client had mentioned it, and a subagent that mentions other files is
 * to answer again. Of all else that stands there, such as what a command that seems to wait for
 * input has printed, nobody decides: what mentions something is not told to the model, nor is what
 * was attached to it.
 */
final class NotificationFilter {
  /** How the CLI marks them; no prompt of ours has it without {@link ClaudeInput#END_OF_PROMPT}. */
  private static final String MARK = "<task-notification>";

  private static final String BLANK = "(?:^|[\\s\uFEFF\u3002\u3001\uFF1F\uFF01])";

  /** As the CLI finds them. */
  private static final Pattern MENTION =
      Pattern.compile(BLANK + "@(?:\"([^\"]+)\"|([^\\s\"]\\S*))", Pattern.UNICODE_CHARACTER_CLASS);

  private static final int ANSWERED_MAX = 10_000;

  private final ProcessContext processContext;
  private final MentionReader mentionReader;

  /** Mentions in answers of subagents whose notifications are still to come. */
  private final Set<String> answered = new HashSet<>();

  NotificationFilter(ProcessContext processContext, MentionReader mentionReader) {
    this.processContext = processContext;
    this.mentionReader = mentionReader;
  }

  /**
   * @param callback of any point
   * @param run that is in progress
   * @return what the CLI is told if the subagent must not end like this, or the notification must
   *     not be told
   */
  Optional<Map<String, Object>> findRefusal(HookCallback callback, Optional<RunId> run) {
    if (callback.callback().equals(HookPoint.SUBAGENT_STOP.wireName()) && isTask(callback)) {
      Set<String> mentions = mentions(text(callback, "last_assistant_message"));
      Optional<String> refusal = findRefusal(callback, run, mentions);
      if (refusal.isEmpty() && answered.size() < ANSWERED_MAX) {
        answered.addAll(mentions);
      }
      return refusal.map(why -> block("Answer again without @ in front of " + why));
    }
    if (callback.callback().equals(HookPoint.USER_PROMPT_SUBMIT.wireName())
        && isNotification(text(callback, "prompt"))) {
      Set<String> mentions = mentions(text(callback, "prompt"));
      mentions.removeIf(answered::remove);
      return mentions.stream()
          .findFirst()
          .map(mention -> block("a task in the background mentions @" + mention));
    }
    return Optional.empty();
  }

  private Optional<String> findRefusal(
      HookCallback callback, Optional<RunId> run, Set<String> mentions) {
    int count = 0;
    for (String mention : mentions) {
      Optional<String> refusal =
          isResource(mention)
              ? Optional.of("resources of servers are not mentioned")
              : mentionReader.admit(run, mention, callback.requestId() + "_" + count++);
      if (refusal.isPresent()) {
        return Optional.of(mention + ": " + refusal.get());
      }
    }
    return Optional.empty();
  }

  private static Map<String, Object> block(String reason) {
    return Map.of("decision", "block", "reason", reason);
  }

  private static String text(HookCallback callback, String field) {
    return callback.input().path(field).asString("");
  }

  private static boolean isNotification(String prompt) {
    return prompt.contains(MARK) && !prompt.endsWith(ClaudeInput.END_OF_PROMPT);
  }

  private static boolean isTask(HookCallback callback) {
    String agent = callback.input().path("agent_id").asString("");
    return StreamSupport.stream(callback.input().path("background_tasks").spliterator(), false)
        .anyMatch(task -> task.path("id").asString("").equals(agent));
  }

  private boolean isResource(String mention) {
    return processContext.spec().toolServers().stream()
        .anyMatch(server -> mention.startsWith(server + ":"));
  }

  private static Set<String> mentions(String text) {
    Set<String> mentions = new LinkedHashSet<>();
    MENTION
        .matcher(text)
        .results()
        .map(
            found ->
                found.group(1) != null
                    ? found.group(1)
                    : found.group(2).replaceFirst("[^A-Za-z0-9_]+$", ""))
        .map(mention -> mention.replaceFirst("#.*", "")) // Lines of the file.
        .filter(mention -> !mention.isEmpty())
        .forEach(mentions::add);
    return mentions;
  }
}

package io.agentledger.command.claude.run;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
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
  /** Mark of notifications; a prompt of ours has it only with {@link ClaudeInput#END_OF_PROMPT}. */
  private static final String MARK = "<task-notification>";

  /** Tag that follows an answer in its notification, and so a mention at its end. */
  private static final String END_OF_ANSWER = "</result>";

  /** What {@code \s} is to the CLI, inside of a class of characters. */
  private static final String BLANKS =
      "\\t-\\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";

  private static final String START = "(?:^|[" + BLANKS + "\u3002\u3001\uFF1F\uFF01])@";

  /**
   * As the CLI finds them: each pattern for itself, as a mention may stand in the quotes of another
   * one. A name without quotes ends behind its last letter, digit or underscore.
   */
  private static final List<Pattern> MENTIONS =
      List.of(
          Pattern.compile(START + "\"([^\"]+)\""),
          Pattern.compile(START + "(?!\")([^" + BLANKS + "]*[A-Za-z0-9_])"));

  /** The lines of a file that are meant. Where this does not match, all of it is the name. */
  private static final Pattern LINES = Pattern.compile("([^#]+)(?:#L\\d+(?:-\\d+)?)?(?:#[^#]*)?");

  private static final int ANSWERED_MAX = 10_000;

  private final ProcessContext processContext;
  private final MentionReader mentionReader;

  /** Mentions in answers of subagents, and how many notifications with them are still to come. */
  private final Map<String, Integer> answered = new HashMap<>();

  /** Those of them that were no file, so that nobody decided about them. */
  private final Set<String> absent = new HashSet<>();

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
      String answer = text(callback, "last_assistant_message");
      Set<String> mentions = mentions(answer);
      mentions.addAll(mentions(answer + END_OF_ANSWER));
      boolean room = answered.size() + absent.size() < ANSWERED_MAX; // Else nothing is let pass.
      if (room) {
        mentions.stream().filter(each -> !mentionReader.exists(each)).forEach(absent::add);
      }
      Optional<String> refusal = findRefusal(callback, run, mentions);
      if (refusal.isEmpty() && room) {
        mentions.forEach(mention -> answered.merge(mention, 1, Integer::sum));
      }
      return refusal.map(why -> block("Answer again without @ in front of " + why));
    }
    if (callback.callback().equals(HookPoint.USER_PROMPT_SUBMIT.wireName())
        && isNotification(text(callback, "prompt"))) {
      Set<String> mentions = mentions(text(callback, "prompt"));
      mentions.removeIf(this::wasDecided);
      return mentions.stream()
          .findFirst()
          .map(mention -> block("a task in the background mentions @" + mention));
    }
    return Optional.empty();
  }

  /** A file that was not there when its subagent mentioned it may be there now. */
  private boolean wasDecided(String mention) {
    boolean expected = answered.containsKey(mention);
    answered.computeIfPresent(mention, (any, count) -> count == 1 ? null : count - 1);
    return expected && !(absent.contains(mention) && mentionReader.exists(mention));
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
    MENTIONS.stream()
        .flatMap(pattern -> pattern.matcher(text).results())
        .map(found -> withoutLines(found.group(1)))
        .forEach(mentions::add);
    return mentions;
  }

  private static String withoutLines(String mention) {
    Matcher lines = LINES.matcher(mention);
    return lines.matches() ? lines.group(1) : mention;
  }
}

package io.agentledger.command.claude.run;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import io.agentledger.command.claude.protocol.ClaudeMessage.Unverified;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Authorizes the files that the CLI attaches by itself: it searches each prompt for mentions, and
 * creates prompts of its own, such as the notification of a background task. The CLI reports each
 * prompt before the model gets it. A prompt that the service did not send is passed on only if all
 * files that it mentions may be read; they are recorded as read. A subagent is told which mentions
 * it must remove before it ends.
 */
final class NotificationFilter {
  /** Tag that follows an answer in its notification, and so a mention at its end. */
  private static final String END_OF_ANSWER = "</result>";

  /** Characters that {@code \s} matches in the CLI, for use inside a character class. */
  private static final String BLANKS =
      "\\t-\\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";

  private static final String START = "(?:^|[" + BLANKS + "\u3002\u3001\uFF1F\uFF01])@";

  /**
   * Patterns of mentions in the CLI. Each is applied separately, because a mention may be inside
   * the quotes of another one. A name without quotes ends after its last letter, digit or
   * underscore.
   */
  private static final Pattern QUOTED = Pattern.compile(START + "\"([^\"]+)\"");

  private static final Pattern UNQUOTED = Pattern.compile(START + "(?!\")([^" + BLANKS + "]++)");

  /** Line range after a file name. If it does not match, the whole text is the name. */
  private static final Pattern LINES = Pattern.compile("([^#]+)(?:#L\\d+(?:-\\d+)?)?(?:#[^#]*)?");

  /** Beginning of each prompt that the CLI creates by itself. */
  private static final Pattern NOTIFICATION =
      Pattern.compile("<task-notification>\\n<task-id>([^<]+)</task-id>");

  private static final int MENTIONS_MAX = 100;
  private static final String NO_RESOURCES = "resources of MCP servers cannot be mentioned";

  private final ProcessContext processContext;
  private final MentionReader mentionReader;
  private final OwnPrompt ownPrompt;

  NotificationFilter(
      ProcessContext processContext, MentionReader mentionReader, OwnPrompt ownPrompt) {
    this.processContext = processContext;
    this.mentionReader = mentionReader;
    this.ownPrompt = ownPrompt;
  }

  /** Returns whether the callback is about a prompt, and not about a subagent. */
  static boolean isPrompt(HookCallback callback) {
    return callback.callback().equals(HookPoint.USER_PROMPT_SUBMIT.wireName());
  }

  /**
   * Returns the mentions in a prompt that the service did not send, or in the answer of a subagent
   * that is about to end.
   *
   * @param callback callback of any hook point
   */
  Set<String> findMentions(HookCallback callback) {
    if (isPrompt(callback)) {
      String prompt = text(callback, "prompt");
      return ownPrompt.take(prompt) ? Set.of() : mentions(prompt);
    }
    if (callback.callback().equals(HookPoint.SUBAGENT_STOP.wireName()) && isTask(callback)) {
      String answer = text(callback, "last_assistant_message");
      Set<String> mentions = mentions(answer);
      mentions.addAll(mentions(answer + END_OF_ANSWER));
      return mentions;
    }
    return Set.of();
  }

  /**
   * Returns an incident if the CLI cannot have created this prompt with mentions: it only notifies
   * its model of tasks that its process has started.
   */
  Optional<Unverified> findForgery(HookCallback callback, Set<String> mentions) {
    if (mentions.isEmpty() || !isPrompt(callback)) {
      return Optional.empty();
    }
    Matcher notification = NOTIFICATION.matcher(text(callback, "prompt"));
    return notification.lookingAt() && processContext.hasStartedTask(notification.group(1))
        ? Optional.empty()
        : Unverified.of(
            "unverified_prompt", "a prompt that neither the service nor a task has sent");
  }

  /**
   * Authorizes the mentioned files, and records those of a prompt.
   *
   * @param run run in progress; without one there are no options to authorize by
   * @return the reason if the subagent must not end with this answer, or the prompt must not be
   *     passed on
   */
  Optional<String> findRefusal(HookCallback callback, Set<String> mentions, Optional<RunId> run) {
    if (mentions.isEmpty()) {
      return Optional.empty();
    }
    if (run.isEmpty()) {
      return Optional.of("no run is in progress");
    }
    String start =
        isPrompt(callback) ? "a background task mentions " : "Answer again without @ in front of ";
    if (mentions.size() > MENTIONS_MAX) {
      return Optional.of(start + "more than " + MENTIONS_MAX + " names");
    }
    Map<String, MentionReader.Attached> decided = new LinkedHashMap<>();
    for (String mention : mentions) {
      String id = callback.requestId() + "_" + decided.size();
      decided.put(mention, mentionReader.decideAttached(mention, id));
    }
    List<String> refusals = new ArrayList<>();
    decided.forEach(
        (mention, attached) ->
            (isResource(mention) ? Optional.of(NO_RESOURCES) : attached.refusal())
                .ifPresent(why -> refusals.add(mention + ": " + why)));
    if (refusals.isEmpty() && isPrompt(callback)) {
      decided.values().forEach(attached -> mentionReader.recordAttached(run.get(), attached));
    }
    return refusals.isEmpty() ? Optional.empty() : Optional.of(start + String.join("; ", refusals));
  }

  private static String text(HookCallback callback, String field) {
    return callback.input().path(field).asString("");
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

  /** Returns the names of all mentions in a text, in linear time. */
  static Set<String> mentions(String text) {
    Set<String> mentions = new LinkedHashSet<>();
    quoted(text).map(NotificationFilter::withoutLines).forEach(mentions::add);
    UNQUOTED
        .matcher(text)
        .results()
        .map(found -> untilLastWordCharacter(found.group(1)))
        .filter(name -> !name.isEmpty())
        .map(NotificationFilter::withoutLines)
        .forEach(mentions::add);
    return mentions;
  }

  /** Returns the names in quotes. After the last quote there is none, so it is not searched. */
  private static Stream<String> quoted(String text) {
    String searched = text.substring(0, text.lastIndexOf('"') + 1);
    return QUOTED.matcher(searched).results().map(found -> found.group(1));
  }

  private static String untilLastWordCharacter(String name) {
    int end = name.length();
    while (end > 0 && !isWordCharacter(name.charAt(end - 1))) end--;
    return name.substring(0, end);
  }

  private static boolean isWordCharacter(char character) {
    return character >= 'a' && character <= 'z'
        || character >= 'A' && character <= 'Z'
        || character >= '0' && character <= '9'
        || character == '_';
  }

  private static String withoutLines(String mention) {
    Matcher lines = LINES.matcher(mention);
    return lines.matches() ? lines.group(1) : mention;
  }
}

package io.agentledger.command.claude.run;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Looks at what a subagent in the background answers, before it does: the CLI puts it into an input
 * line of its own, and attaches the files that it mentions. They are decided and recorded as if a
 * client had mentioned them; a subagent that mentions others is to answer again.
 */
final class SubagentAnswerFilter {
  private static final String BLANK = "(?:^|[\\s\uFEFF\u3002\u3001\uFF1F\uFF01])";

  /** As the CLI finds them. */
  private static final Pattern MENTION =
      Pattern.compile(BLANK + "@(?:\"([^\"]+)\"|([^\\s\"]\\S*))", Pattern.UNICODE_CHARACTER_CLASS);

  private final ProcessContext processContext;
  private final MentionReader mentionReader;

  SubagentAnswerFilter(ProcessContext processContext, MentionReader mentionReader) {
    this.processContext = processContext;
    this.mentionReader = mentionReader;
  }

  /**
   * @param callback of any point
   * @return what the CLI is told if the subagent must not end like this
   */
  Optional<Map<String, Object>> findRefusal(HookCallback callback, RunId run) {
    if (!callback.callback().equals(HookPoint.SUBAGENT_STOP.wireName()) || !isTask(callback)) {
      return Optional.empty();
    }
    int count = 0;
    for (String mention : mentions(callback.input().path("last_assistant_message").asString(""))) {
      Optional<String> refusal =
          isResource(mention)
              ? Optional.of("resources of servers are not mentioned")
              : mentionReader.admit(run, mention, callback.requestId() + "_" + count++);
      if (refusal.isPresent()) {
        String reason =
            "Answer again without @ in front of %s: %s".formatted(mention, refusal.get());
        return Optional.of(Map.of("decision", "block", "reason", reason));
      }
    }
    return Optional.empty();
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

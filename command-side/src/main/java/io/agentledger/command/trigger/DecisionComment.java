package io.agentledger.command.trigger;

import io.agentledger.api.flow.FlowCommand;
import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.trigger.TriggerDefinition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Comment whose first line is a command that decides about a plan. In other lines, where people
 * quote, the command has no effect.
 *
 * @param flow flow that the comment names; null for none
 * @param reason rest of the comment; null for none
 * @param author empty unless the payload shows that one account wrote this text, and sent it
 */
record DecisionComment(
    Decision decision, @Nullable FlowId flow, @Nullable String reason, Optional<Author> author) {
  private static final Pattern FLOW = Pattern.compile(FlowId.PREFIX + "_[A-Za-z0-9]+");

  /** Follows the {@code @} where a comment of the service quotes a command. */
  private static final String INVISIBLE = "\u200b";

  private static final DateTimeFormatter OFFSET_WITHOUT_COLON =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss[.SSS]Z", Locale.ROOT);

  /**
   * Account that wrote a comment. Only ids of accounts count: a login can be released and taken by
   * somebody else.
   */
  record Author(String accountId, Instant writtenAt) {}

  /** Returns whether comments of a provider can decide. */
  static boolean isSupported(String provider) {
    return provider.equals(ProviderEvent.GITHUB) || provider.equals(ProviderEvent.JIRA);
  }

  /** Returns the text of the comment that an event is about; empty for other events. */
  static String textOf(String provider, Map<String, Object> payload) {
    return ProviderEvent.text(
        payload, provider.equals(ProviderEvent.SENTRY) ? "data.comment" : "comment.body");
  }

  /** Returns the decision of an event's comment. */
  static Optional<DecisionComment> find(
      String provider, String type, Map<String, Object> payload, String prefix) {
    var text = textOf(provider, payload).replace(INVISIBLE, "").strip();
    if (!text.toLowerCase(Locale.ROOT).startsWith(prefix.toLowerCase(Locale.ROOT)))
      return Optional.empty();
    var rest = text.substring(prefix.length());
    if (rest.isEmpty() || !isBlank(rest.charAt(0))) return Optional.empty();
    var words = rest.strip().split("\\s+", 2);
    if (!rest.lines().findFirst().orElse("").contains(words[0])) return Optional.empty();
    var decision = toDecision(words[0].toLowerCase(Locale.ROOT));
    if (decision == null) return Optional.empty();
    var arguments = words.length > 1 ? words[1].strip() : "";
    var first = arguments.split("\\s+", 2);
    var flow = FLOW.matcher(first[0]).matches() ? toFlow(first[0]) : null;
    var reason = flow == null ? arguments : first.length > 1 ? first[1].strip() : "";
    return Optional.of(
        new DecisionComment(
            decision,
            flow,
            reason.isEmpty() ? null : limited(reason),
            author(provider, type, payload)));
  }

  private static boolean isBlank(char character) {
    return character == ' ' || character == '\t';
  }

  private static @Nullable Decision toDecision(String word) {
    return switch (word) {
      case TriggerDefinition.APPROVE -> Decision.APPROVE;
      case TriggerDefinition.REJECT -> Decision.REJECT;
      default -> null;
    };
  }

  private static @Nullable FlowId toFlow(String text) {
    try {
      return new FlowId(text);
    } catch (IllegalArgumentException exception) {
      return null;
    }
  }

  private static String limited(String reason) {
    int max = FlowCommand.REASON_LENGTH_MAX;
    if (reason.length() <= max) return reason;
    return reason.substring(0, Character.isHighSurrogate(reason.charAt(max - 1)) ? max - 1 : max);
  }

  /**
   * Returns the author of a comment that was created just now. Edits never count, because somebody
   * else can edit; nor does what an app wrote, as itself or on behalf of a user.
   */
  private static Optional<Author> author(
      String provider, String type, Map<String, Object> payload) {
    return switch (provider) {
      case ProviderEvent.GITHUB ->
          type.equals("issue_comment.created")
                  && ProviderEvent.text(payload, "comment.performed_via_github_app.id").isEmpty()
                  && !ProviderEvent.text(payload, "comment.user.type").equals("Bot")
              ? author(payload, "comment.user.id", "sender.id", "comment.created_at")
              : Optional.empty();
      case ProviderEvent.JIRA ->
          type.equals("comment_created")
              ? author(
                  payload,
                  "comment.author.accountId",
                  "comment.updateAuthor.accountId",
                  "comment.created")
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<Author> author(
      Map<String, Object> payload, String author, String sender, String time) {
    var accountId = ProviderEvent.text(payload, author);
    var writtenAt = toInstant(ProviderEvent.text(payload, time));
    return accountId.isEmpty()
            || writtenAt == null
            || !accountId.equals(ProviderEvent.text(payload, sender))
        ? Optional.empty()
        : Optional.of(new Author(accountId, writtenAt));
  }

  private static @Nullable Instant toInstant(String text) {
    for (var format :
        new DateTimeFormatter[] {DateTimeFormatter.ISO_OFFSET_DATE_TIME, OFFSET_WITHOUT_COLON})
      try {
        return OffsetDateTime.parse(text, format).toInstant();
      } catch (DateTimeException exception) {
        continue; // The next format may match.
      }
    return null;
  }
}

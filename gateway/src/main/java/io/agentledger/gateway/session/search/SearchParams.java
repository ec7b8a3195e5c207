package io.agentledger.gateway.session.search;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.query.SearchFilter;
import io.agentledger.api.session.query.SearchFilter.DocumentKind;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.web.QueryFilter;
import io.agentledger.gateway.support.web.QueryParameters;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** Query parameters of a search; missing ones do not restrict. */
record SearchParams(
    @Parameter(
            required = true,
            description =
                "Words that a result contains all, up to 10; text in quotation marks is a phrase."
                    + " 1 to 200 characters")
        @Nullable String q,
    @Parameter(
            name = "session_id",
            description = "Only this session, and what it inherited from the one it branched off")
        @BindParam("session_id")
        @Nullable String sessionId,
    @Parameter(name = "agent_id", description = "Only sessions of this agent")
        @BindParam("agent_id")
        @Nullable String agentId,
    @Parameter(name = "user_id", description = "Only sessions of this user") @BindParam("user_id")
        @Nullable String userId,
    @Parameter(description = "Earliest time of the result, inclusive, ISO 8601")
        @Nullable String from,
    @Parameter(description = "Latest time of the result, exclusive, ISO 8601") @Nullable String to,
    @Parameter(
            description = "Part of the transcript: only results of this kind",
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"user", "assistant", "tool_input", "tool_output"}))
        @Nullable String kind,
    @Parameter(description = "Name of a tool: only inputs and outputs of its calls")
        @Nullable String tool,
    @Parameter(
            description = "Outcome of a tool call: only inputs and outputs of such calls",
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"returned", "failed", "denied", "expired", "unknown"}))
        @Nullable String outcome)
    implements QueryFilter {
  @Override
  public List<Violation> findViolations() {
    return InvalidRequestException.collect(
        this::toText,
        this::toSession,
        this::toAgent,
        this::toUser,
        () -> QueryParameters.parseInstant("from", from),
        () ->
            QueryParameters.requireOrder(
                QueryParameters.parseInstant("from", from), QueryParameters.parseInstant("to", to)),
        () -> QueryParameters.parseInstant("to", to),
        this::toKind,
        () -> QueryParameters.requireText("tool", tool),
        this::toOutcome);
  }

  private static final String CHARACTERS = "\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}";

  private static final Pattern WORD =
      Pattern.compile("[" + CHARACTERS + "]|[\\p{L}\\p{N}\\p{M}&&[^" + CHARACTERS + "]]+");

  SearchFilter toFilter() {
    var agent = toAgent();
    return new SearchFilter(
        toText(),
        toSession(),
        agent == null ? null : agent.value(),
        toUser(),
        QueryParameters.parseInstant("from", from),
        QueryParameters.parseInstant("to", to),
        toKind(),
        QueryParameters.requireText("tool", tool),
        toOutcome());
  }

  private String toText() {
    var text = QueryParameters.requireText("q", q, SearchFilter.TEXT_MAX);
    if (text == null)
      throw InvalidRequestException.parameter("q", "is required: send the words to search for");
    if (text.codePoints().noneMatch(SearchParams::isSearchable))
      throw InvalidRequestException.parameter(
          "q", "must contain a letter, digit or emoji, because punctuation is not searchable");
    if (text.strip().split("\\s+").length > SearchFilter.TERMS_MAX)
      throw InvalidRequestException.parameter(
          "q", "must have at most " + SearchFilter.TERMS_MAX + " words; leave some out");
    if (countWords(text) > SearchFilter.WORDS_MAX)
      throw InvalidRequestException.parameter(
          "q",
          "must have at most "
              + SearchFilter.WORDS_MAX
              + " different words, counting those within names and each Chinese, Japanese or Korean"
              + " character; leave some out");
    return text;
  }

  private static long countWords(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .distinct()
        .count();
  }

  private static boolean isSearchable(int character) {
    return Character.isLetterOrDigit(character) || Character.isEmojiPresentation(character);
  }

  private @Nullable SessionId toSession() {
    return QueryParameters.parse("session_id", sessionId, SessionId::new);
  }

  private @Nullable AgentId toAgent() {
    return QueryParameters.parse("agent_id", agentId, AgentId::new);
  }

  private @Nullable UserId toUser() {
    return QueryParameters.parse("user_id", userId, UserId::new);
  }

  private @Nullable DocumentKind toKind() {
    return QueryParameters.parse(
        "kind", kind, name -> WireNames.findConstant(DocumentKind.values(), name));
  }

  private @Nullable CallStatus toOutcome() {
    return QueryParameters.parse(
        "outcome", outcome, name -> WireNames.findConstant(CallStatus.values(), name));
  }
}

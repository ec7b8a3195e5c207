package io.agentledger.api.session.query;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of a search of transcripts: documents contain all words and meet all conditions; null
 * does not restrict.
 *
 * @param text words, and phrases in quotation marks
 * @param sessionId the only session; rejected as not found if the caller may not see it
 * @param agent name or id of the agent
 * @param ownerId owner of the session
 * @param from earliest time of the document, inclusive
 * @param to latest time of the document, exclusive
 * @param tool name of the tool; only inputs and outputs of its calls
 * @param outcome outcome of the tool call; only inputs and outputs of such calls
 */
public record SearchFilter(
    String text,
    @Nullable SessionId sessionId,
    @Nullable String agent,
    @Nullable UserId ownerId,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable DocumentKind kind,
    @Nullable String tool,
    @Nullable CallStatus outcome) {
  /** Maximum length of the text in characters. */
  public static final int TEXT_MAX = 200;

  /** Maximum number of words and phrases. */
  public static final int TERMS_MAX = 10;

  /** Maximum number of different words, those of phrases and names included. */
  public static final int WORDS_MAX = 20;

  /** Part of a transcript that is found. */
  public enum DocumentKind {
    /** A prompt, or another message in the role of the user. */
    USER,
    ASSISTANT,
    TOOL_INPUT,
    TOOL_OUTPUT
  }
}

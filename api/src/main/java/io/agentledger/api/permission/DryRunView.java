package io.agentledger.api.permission;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Page of results of rules evaluated against recorded tool calls. The counts refer to this page:
 * denied, asked, allowed, unmatched and unreadable calls add up to those evaluated.
 *
 * @param noMatch to which the rules say nothing
 * @param unreadable whose input was erased or lost: nobody can say
 * @param differences where what they say is not what was decided then, newest first
 * @param nextCursor the cursor of the calls before these; null when these were the first
 */
public record DryRunView(
    int evaluated,
    int denied,
    int asked,
    int allowed,
    int noMatch,
    int unreadable,
    List<Difference> differences,
    @Nullable String nextCursor) {

  /**
   * A call that would have been decided otherwise, by these rules alone.
   *
   * @param previousVerdict what was decided, and by what
   * @param newEffect what the rule says
   */
  public record Difference(
      SessionId sessionId,
      ToolCallId toolCallId,
      String tool,
      Instant calledAt,
      Verdict previousVerdict,
      String previousRule,
      Effect newEffect,
      String rule,
      String reason) {}
}
